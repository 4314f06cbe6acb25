"""Acts that put something on a right without moving it: leases, mortgages, what is owed."""

from collections.abc import Collection
from datetime import date

from sqlalchemy.orm import Session

from databases import periods
from databases.changes import ledger, versions
from databases.changes.ledger import Act, Recorded
from land import errors, tables, values
from land.repository import rows, saving, states
from land.rules import disposals, parcels, shares
from land.service import acts
from land.service import parcels as parcel_acts
from land.values.parties import Party


def register_mortgage(
    session: Session,
    *,
    act: Act,
    mortgage: values.Mortgage,
    mortgagors: Collection[str],
    on: date,
) -> Recorded:
    """Record a mortgage of a right by those who hold it; its rank follows the ones that stand.

    Raises:
        RightNotFound: there is no such right on the day.
        LaterActRecorded: the right ended on a later day.
        CertificateMissing, DisposalBlocked: the law stands in the way.
        NotTheHolder: others than the holders mortgage it, or not all of them.
        WrongParcel, MalformedParty, WrongAmount: a name, a reference or an amount has no form.
        AlreadyRegistered: the name was given before.
    """
    parcels.require_id(mortgage.mortgage_id, field="mortgage_id")
    Party.parse(mortgage.mortgagee.ref, name="mortgagee")
    if mortgage.secured_amount is not None:
        disposals.require_amount(mortgage.secured_amount, mortgage.currency)
    change = ledger.open_act(session, tables.ledger, act, "mortgage.registered")
    standing = states.get_standing(session, mortgage.right_id, on=on)
    acts.require_rights_go_on(session, [mortgage.right_id])
    warnings = disposals.require_disposable(standing, on=on)
    disposals.require_mortgagor(standing.right, mortgagors)
    saving.require_new(session, tables.mortgage, mortgage.mortgage_id)
    row = {
        **rows.mortgage_columns(mortgage),
        "rank": disposals.next_rank(standing.mortgages),
    }
    valid = periods.period(on)
    saving.add(session, tables.mortgage, [row], valid=valid, change=change)
    return Recorded(change, mortgage.mortgage_id, warnings)


def close_mortgage(session: Session, *, act: Act, mortgage_id: str, on: date) -> Recorded:
    """Record that a mortgage was released.

    Raises:
        MortgageNotFound: none of this name stands on the day.
    """
    change = ledger.open_act(session, tables.ledger, act, "mortgage.closed")
    if not states.list_rows(session, tables.mortgage, "mortgage_id", [mortgage_id], on=on):
        raise errors.MortgageNotFound("No mortgage of this name is registered on this day.")
    key = {"mortgage_id": mortgage_id}
    saving.close(session, tables.mortgage, key, on=on, change=change)
    return Recorded(change, mortgage_id)


def register_lease(session: Session, *, act: Act, lease: values.Lease, on: date) -> Recorded:
    """Record a lease (or, out of a lease, a sub-lease) granted by those who hold a right.

    Raises:
        RightNotFound: there is no right to grant it out of on the day.
        LaterActRecorded: the right ended on a later day.
        CertificateMissing, DisposalBlocked: the law stands in the way.
        NotTheHolder: others than the holders grant it, or not all of them.
        TermTooLong: it has no end, or outlasts the right.
        WrongParcel, WrongHolders, SharesNotWhole: the lease does not fit.
        AlreadyRegistered: the name was given before.
    """
    right = lease.right
    change = ledger.open_act(session, tables.ledger, act, "lease.registered")
    standing = states.get_standing(session, right.derived_from or "", on=on)
    acts.require_rights_go_on(session, [standing.right.right_id])
    disposals.require_lease_form(right, standing.right)
    shares.require_holders(right.legal_form, right.holders)
    warnings = disposals.require_disposable(standing, on=on)
    disposals.require_lease(right, standing.right, lease.lessors, starts_on=on)
    saving.add_right(session, right, valid=periods.period(on, right.ends_on), change=change)
    return Recorded(change, right.right_id, warnings)


def close_lease(session: Session, *, act: Act, right_id: str, on: date) -> Recorded:
    """Record that a lease ended before its term, with what is owed for it and its certificates.

    Raises:
        RightNotFound: no lease of this name is registered on the day.
        RightsStand: something was granted out of it, or by it, that still stands.
        LaterActRecorded: something was on a later day.
    """
    change = ledger.open_act(session, tables.ledger, act, "lease.closed")
    right = states.get_right(session, right_id, on=on)
    if right.kind is not values.RightKind.LEASE:
        raise errors.RightNotFound("No lease of this name is registered on this day.")
    if states.list_rights(session, "derived_from", [right_id], on=on):
        raise errors.RightsStand("A sub-lease stands; close that first.")
    if states.list_mortgages(session, [right_id], on=on):
        raise errors.RightsStand("A mortgage of the lease stands; close that first.")
    acts.require_latest(session, [right_id], on=on, ends=True)
    revoked = values.CertificateStatus.REVOKED
    parcel_acts.end_rights(session, [right_id], certificates=revoked, on=on, change=change)
    return Recorded(change, right_id)


def register_responsibility(
    session: Session, *, act: Act, responsibility: values.Responsibility, on: date
) -> Recorded:
    """Record something owed for a right, such as a land-use fee.

    Raises:
        RightNotFound: there is no such right on the day.
        LaterActRecorded: the right ended on a later day.
        WrongAmount: the amount is not above zero.
        WrongParcel: the name has no form.
        AlreadyRegistered: the name was given before.
    """
    disposals.require_amount(responsibility.amount, responsibility.currency)
    name = parcels.require_id(responsibility.responsibility_id, field="responsibility_id")
    change = ledger.open_act(session, tables.ledger, act, "responsibility.registered")
    states.get_right(session, responsibility.right_id, on=on)
    acts.require_rights_go_on(session, [responsibility.right_id])
    saving.require_new(session, tables.responsibility, name)
    row = rows.columns_of(responsibility)
    valid = periods.period(on)
    saving.add(session, tables.responsibility, [row], valid=valid, change=change)
    return Recorded(change, name)


def close_responsibility(
    session: Session, *, act: Act, responsibility_id: str, on: date
) -> Recorded:
    """Record that what was owed is paid or remitted.

    Raises:
        ResponsibilityNotFound: none of this name stands on the day.
    """
    change = ledger.open_act(session, tables.ledger, act, "responsibility.closed")
    key = {"responsibility_id": responsibility_id}
    if not versions.find_on(session, tables.responsibility, key, on):
        message = "No responsibility of this name is registered on this day."
        raise errors.ResponsibilityNotFound(message)
    saving.close(session, tables.responsibility, key, on=on, change=change)
    return Recorded(change, responsibility_id)

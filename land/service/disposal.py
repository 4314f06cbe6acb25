"""Acts by which shares of a right pass to others: transfer, gift, inheritance."""

from datetime import date

from sqlalchemy.orm import Session

from databases.changes import ledger
from databases.changes.ledger import Act, Recorded
from land import tables, values
from land.repository import saving, states
from land.rules import disposals, shares
from land.service import acts


def register_transfer(
    session: Session, *, act: Act, disposal: values.Disposal, on: date
) -> Recorded:
    """Record that shares of a right were transferred (sold, exchanged, contributed as capital).

    Raises:
        RightNotFound: there is no such right on the day.
        CertificateMissing, DisposalBlocked, MortgageeConsentMissing: the law stands in the way.
        NotTheHolder, SharesNotWhole, WrongHolders: the shares do not fit.
        LaterActRecorded: the holders changed on a later day.
    """
    return _dispose(session, act, "right.transferred", disposal, on=on)


def register_gift(session: Session, *, act: Act, disposal: values.Disposal, on: date) -> Recorded:
    """Record that shares of a right were given; raises as `register_transfer`."""
    return _dispose(session, act, "right.given", disposal, on=on)


def register_inheritance(
    session: Session, *, act: Act, disposal: values.Disposal, on: date
) -> Recorded:
    """Record that shares of somebody who died passed to the heirs.

    A share of spouses or of a household passes alone; a mortgage stays on the right and does not
    stand in the way.

    Raises:
        RightNotFound: there is no such right on the day.
        DisposalBlocked: the estate is in dispute or attached.
        NotTheHolder, SharesNotWhole, WrongHolders: the shares do not fit.
        LaterActRecorded: the holders changed on a later day.
    """
    return _dispose(session, act, "right.inherited", disposal, on=on, is_inherited=True)


def _dispose(
    session: Session,
    act: Act,
    name: str,
    disposal: values.Disposal,
    *,
    on: date,
    is_inherited: bool = False,
) -> Recorded:
    change = ledger.open_act(session, tables.ledger, act, name)
    standing = states.get_standing(session, disposal.right_id, on=on)
    right = standing.right
    warnings = disposals.require_disposable(standing, on=on, is_inherited=is_inherited)
    if not is_inherited:
        disposals.require_consents(standing.mortgages, disposal.consents)
        shares.require_undivided_whole(right.legal_form, right.holders, disposal.given)
    acts.require_latest(session, [right.right_id], on=on)
    after = shares.list_after_disposal(right.holders, disposal.given, disposal.received)
    form = shares.form_of(after, wanted=disposal.legal_form)
    shares.require_holders(form, after)
    saving.replace_holders(session, right, after, on=on, change=change)
    if form is not right.legal_form:
        key = {"right_id": right.right_id}
        changed = {"legal_form": form.value}
        saving.amend(session, tables.land_right, key, changed, on=on, change=change)
    warnings += disposals.recipient_warnings(right.kind, disposal.received)
    return Recorded(change, right.right_id, warnings)

"""Restrictions on parcels: disputes, attachments, and others; set by a decision, lifted by one."""

from datetime import date

from sqlalchemy.orm import Session

from databases import periods
from databases.changes import ledger
from databases.changes.ledger import Act, Recorded
from land import errors, tables, values
from land.repository import rows, saving, states
from land.rules import parcels
from land.service import acts
from land.values import RestrictionKind


def register_dispute(
    session: Session, *, act: Act, restriction: values.Restriction, on: date
) -> Recorded:
    """Flag a parcel as disputed; raises as `register_restriction`."""
    return _register(session, act, restriction, RestrictionKind.DISPUTE, on=on)


def close_dispute(session: Session, *, act: Act, restriction_id: str, on: date) -> Recorded:
    """Record that a dispute is settled; raises as `close_restriction`."""
    return _close(session, act, restriction_id, RestrictionKind.DISPUTE, on=on)


def register_attachment(
    session: Session, *, act: Act, restriction: values.Restriction, on: date
) -> Recorded:
    """Record an attachment by a court or enforcement agency; raises as `register_restriction`."""
    return _register(session, act, restriction, RestrictionKind.ATTACHMENT, on=on)


def close_attachment(session: Session, *, act: Act, restriction_id: str, on: date) -> Recorded:
    """Record that an attachment is lifted; raises as `close_restriction`."""
    return _close(session, act, restriction_id, RestrictionKind.ATTACHMENT, on=on)


def register_restriction(
    session: Session, *, act: Act, restriction: values.Restriction, on: date
) -> Recorded:
    """Record any other restriction: planning, a safety corridor, a notice of recovery.

    Raises:
        ParcelNotFound: there is no such parcel on the day.
        WrongParcel: the name has no form, or the kind is not the one of the act.
        RestrictionAlreadyHeld: the same decision is registered.
        LaterActRecorded: the parcel ended on a later day.
        AlreadyRegistered: the name was given before.
    """
    return _register(session, act, restriction, restriction.kind, on=on)


def close_restriction(session: Session, *, act: Act, restriction_id: str, on: date) -> Recorded:
    """Record that a restriction is lifted.

    Raises:
        RestrictionNotFound: none of this name and kind stands on the day.
    """
    return _close(session, act, restriction_id, None, on=on)


def _register(
    session: Session,
    act: Act,
    restriction: values.Restriction,
    kind: RestrictionKind,
    *,
    on: date,
) -> Recorded:
    name = parcels.require_id(restriction.restriction_id, field="restriction_id")
    if restriction.kind is not kind:
        message = "Another act records a restriction of this kind."
        raise errors.WrongParcel.of_field("kind", "restriction.kind", message)
    change = ledger.open_act(session, tables.ledger, act, f"{kind.value}.registered")
    states.get_parcel(session, restriction.parcel_id, on=on)
    acts.require_parcel_goes_on(session, restriction.parcel_id)
    for row in states.list_rows(
        session, tables.restriction, "parcel_id", [restriction.parcel_id], on=on
    ):
        if (row["kind"], row["decision_no"]) == (kind.value, restriction.decision_no):
            raise errors.RestrictionAlreadyHeld("This decision is registered already.")
    saving.require_new(session, tables.restriction, name)
    entry = rows.columns_of(restriction)
    valid = periods.period(on)
    saving.add(session, tables.restriction, [entry], valid=valid, change=change)
    return Recorded(change, name)


def _close(
    session: Session, act: Act, restriction_id: str, kind: RestrictionKind | None, *, on: date
) -> Recorded:
    noun = kind.value if kind else "restriction"
    change = ledger.open_act(session, tables.ledger, act, f"{noun}.closed")
    held = states.list_rows(session, tables.restriction, "restriction_id", [restriction_id], on=on)
    if not held or (kind is not None and held[0]["kind"] != kind.value):
        raise errors.RestrictionNotFound("No such restriction is registered on this day.")
    key = {"restriction_id": restriction_id}
    saving.close(session, tables.restriction, key, on=on, change=change)
    return Recorded(change, restriction_id)

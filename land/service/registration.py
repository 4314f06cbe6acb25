"""First registration of a parcel with all that is on it."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from databases import periods
from databases.changes import ledger
from databases.changes.ledger import Act, Recorded
from land import tables, values
from land.repository import rows, saving, states
from land.rules import disposals, registrations, shares
from land.service import acts, first_registration


def register_parcel(
    session: Session, *, act: Act, registration: values.FirstRegistration, on: date
) -> Recorded:
    """Register a parcel for the first time, with rights, certificates, spaces and papers.

    Args:
        on: first day of all that is registered.

    Raises:
        WrongParcel, WrongLandUse: the parcel contradicts itself.
        UnknownZone, InvalidShape, MisplacedShape: its shape is no land of Viet Nam.
        OverlappingParcels: it takes land of others on the day or later.
        WrongHolders, SharesNotWhole, WrongContinuation, WrongCertificate: a right or a certificate
            does not fit.
        AlreadyRegistered: a name was given before.
    """
    given = [first_registration.Given(registration, on)]
    change, (outcome,) = first_registration.register(
        session, act=act, name="parcel.registered", given=given
    )
    if outcome.refusal is not None:
        raise outcome.refusal
    assert change is not None  # noqa: S101 - what is not refused is recorded
    return Recorded(change, registration.parcel.parcel_id, outcome.warnings)


def register_legal_space(
    session: Session,
    *,
    act: Act,
    space: values.LegalSpace,
    rights: Sequence[values.Right],
    on: date,
) -> Recorded:
    """Register a house, flat or other works on a parcel, with the rights of its owners.

    Raises:
        ParcelNotFound: there is no such parcel on the day.
        LaterActRecorded: the parcel ended on a later day.
        WrongParcel, WrongHolders, SharesNotWhole, MalformedParty: the rights do not fit.
        AlreadyRegistered: a name was given before.
    """
    registrations.require_space(space, rights)
    for right in rights:
        shares.require_holders(right.legal_form, right.holders)
    change = ledger.open_act(session, tables.ledger, act, "legal_space.registered")
    states.get_parcel(session, space.parcel_id, on=on)
    acts.require_parcel_goes_on(session, space.parcel_id)
    valid = periods.period(on)
    _add_space(session, space, valid=valid, change=change)
    warnings: acts.Warnings = ()
    for right in rights:
        saving.add_right(session, right, valid=valid, change=change)
        warnings += disposals.recipient_warnings(right.kind, right.holders)
    return Recorded(change, space.legal_space_id, warnings)


def _add_space(
    session: Session, space: values.LegalSpace, *, valid: Range[date], change: int
) -> None:
    saving.require_new(session, tables.legal_space, space.legal_space_id)
    row = rows.columns_of(space)
    saving.add(session, tables.legal_space, [row], valid=valid, change=change)


def add_certificates(
    session: Session,
    issued: Sequence[values.Certificate],
    *,
    on: date,
    change: int,
    replaces: str | None = None,
) -> acts.Warnings:
    """Add certificates in a change that was opened before; warns of numbers that stay in doubt."""
    warnings: acts.Warnings = ()
    for certificate in issued:
        valid = periods.period(on)
        saving.add_certificate(session, certificate, replaces=replaces, valid=valid, change=change)
        warnings += registrations.number_warnings(certificate)
    return warnings

"""Writes what is held of parcels: whole records, and the lists that belong to them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from databases import periods
from databases.changes import versions
from land import errors, tables, values
from land.repository import rows, states


def add(
    session: Session,
    table: Table,
    entries: Iterable[Mapping[str, Any]],
    *,
    valid: Range[date],
    change: int,
) -> None:
    """Add records for the days of a period.

    Raises:
        OverlappingValidity: the register holds one of them on some of these days.
    """
    prepared = [{**entry, "valid": valid} for entry in entries]
    versions.add(session, table, prepared, change=change)


def require_new(session: Session, table: Table, name: str) -> None:
    """Refuse a name that was given before.

    Raises:
        AlreadyRegistered: it was, even if the record was annulled.
    """
    if states.is_name_known(session, table, name):
        raise name_given(table)


def name_given(table: Table) -> errors.AlreadyRegistered:
    """Make the refusal of a name that was given before."""
    message = "This name was given before and is not given again."
    return errors.AlreadyRegistered.of_field(versions.key_of(table)[0], "name.given", message)


def add_parcel(session: Session, parcel: values.Parcel, *, valid: Range[date], change: int) -> None:
    """Add a parcel and its lines of use under a name never given before."""
    require_new(session, tables.parcel, parcel.parcel_id)
    add(session, tables.parcel, [rows.parcel_columns(parcel)], valid=valid, change=change)
    add_uses(session, parcel.parcel_id, parcel.uses, valid=valid, change=change)


def add_uses(
    session: Session,
    parcel_id: str,
    uses: Sequence[values.LandUse],
    *,
    valid: Range[date],
    change: int,
) -> None:
    """Add the lines of use of a parcel, counted from 1."""
    entries = [rows.use_columns(parcel_id, line, use) for line, use in enumerate(uses, start=1)]
    add(session, tables.land_use, entries, valid=valid, change=change)


def add_right(session: Session, right: values.Right, *, valid: Range[date], change: int) -> None:
    """Add a right and its holders under a name never given before."""
    require_new(session, tables.land_right, right.right_id)
    add(session, tables.land_right, [rows.right_columns(right)], valid=valid, change=change)
    entries = [rows.holder_columns(right.right_id, holder) for holder in right.holders]
    add(session, tables.right_holder, entries, valid=valid, change=change)


def add_certificate(
    session: Session,
    certificate: values.Certificate,
    *,
    replaces: str | None,
    valid: Range[date],
    change: int,
) -> None:
    """Add a certificate in force and the rights that it certifies.

    Raises:
        WrongCertificate: its number is on another certificate in force.
    """
    require_new(session, tables.certificate, certificate.certificate_id)
    row = rows.certificate_columns(certificate, replaces=replaces)
    number = row["issue_number"]
    if number is not None and _is_number_held(session, number, valid):
        message = "Another certificate bears this number."
        raise errors.WrongCertificate.of_field("issue_number", "issue_number.given", message)
    add(session, tables.certificate, [row], valid=valid, change=change)
    entries = [rows.certified_columns(certificate, name) for name in certificate.right_ids]
    add(session, tables.certificate_right, entries, valid=valid, change=change)


def _is_number_held(session: Session, number: str, valid: Range[date]) -> bool:
    return bool(versions.list_current(session, tables.certificate, {"issue_number": number}, valid))


def replace_holders(
    session: Session,
    right: values.Right,
    holders: Sequence[values.Holder],
    *,
    on: date,
    change: int,
) -> None:
    """Make the holders of a right from a day on be those given; equal ones stay untouched."""
    valid = periods.period(on)
    kept = set(right.holders) & set(holders)
    for holder in right.holders:
        if holder not in kept:
            key = {"right_id": right.right_id, "party_ref": holder.party.ref}
            versions.close(session, tables.right_holder, key, valid=valid, change=change)
    added = [rows.holder_columns(right.right_id, one) for one in holders if one not in kept]
    add(session, tables.right_holder, added, valid=valid, change=change)


def amend(
    session: Session,
    table: Table,
    key: Mapping[str, Any],
    changed: Mapping[str, Any],
    *,
    on: date,
    change: int,
) -> None:
    """Set columns of a record from a day on."""
    versions.amend(session, table, key, changed, valid=periods.period(on), change=change)


def close(session: Session, table: Table, key: Mapping[str, Any], *, on: date, change: int) -> int:
    """End records from a day on; gives the number of versions that were ended."""
    return versions.close(session, table, key, valid=periods.period(on), change=change)

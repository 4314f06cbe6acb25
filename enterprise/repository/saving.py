"""Writes what is held of one enterprise: its details, and the entries of its other tables."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from databases import periods
from databases.changes import stretches, versions
from enterprise import tables, values
from enterprise.repository import rows

# Tables with the column that names an enterprise.
NAMING = (
    *(
        (table, "enterprise_code")
        for table in versions.list_tables(tables.metadata)
        if table is not tables.enterprise
    ),
    (tables.succession, "successor_code"),
)


def add_enterprise(
    session: Session, enterprise_code: str, details: values.Details, *, change: int
) -> None:
    """Add an enterprise from the day of its registration on."""
    valid = periods.period(details.registered_on)
    row = {"enterprise_code": enterprise_code, **rows.details_columns(details), "valid": valid}
    versions.add(session, tables.enterprise, [row], change=change)


def amend_details(
    session: Session,
    enterprise_code: str,
    changed: Mapping[str, Any],
    *,
    valid: Range[date],
    change: int,
) -> None:
    """Set columns of an enterprise for the days of a period."""
    key = {"enterprise_code": enterprise_code}
    versions.amend(session, tables.enterprise, key, changed, valid=valid, change=change)


def add_entries(
    session: Session,
    table: Table,
    enterprise_code: str,
    entries: Sequence[Mapping[str, Any]],
    *,
    valid: Range[date],
    change: int,
) -> None:
    """Add entries of an enterprise for the days of a period.

    Raises:
        OverlappingValidity: the register holds such an entry on some of these days.
    """
    prepared = [{"enterprise_code": enterprise_code, **entry, "valid": valid} for entry in entries]
    versions.add(session, table, prepared, change=change)


def replace_entries(
    session: Session,
    table: Table,
    enterprise_code: str,
    entries: Sequence[Mapping[str, Any]],
    *,
    on: date,
    change: int,
) -> None:
    """Make the entries from a day on be those given; equal ones stay untouched."""
    names = _entry_key(table)
    valid = periods.period(on)
    held = versions.list_current(session, table, {"enterprise_code": enterprise_code}, valid)
    wanted = {tuple(row[n] for n in names): row for row in entries}
    kept = set()
    for row in held:
        key = tuple(row[n] for n in names)
        new = wanted.get(key)
        if new is not None and all(row[name] == value for name, value in new.items()):
            kept.add(key)
            continue
        close_entry(session, table, enterprise_code, key, valid=valid, change=change)
    added = [row for key, row in wanted.items() if key not in kept]
    add_entries(session, table, enterprise_code, added, valid=valid, change=change)


def close_entry(
    session: Session,
    table: Table,
    enterprise_code: str,
    key: Sequence[Any],
    *,
    valid: Range[date],
    change: int,
) -> int:
    """End one entry on the days of a period; gives the number of versions that were ended."""
    names = _entry_key(table)
    full_key = {"enterprise_code": enterprise_code, **dict(zip(names, key, strict=True))}
    return versions.close(session, table, full_key, valid=valid, change=change)


def end_entry(
    session: Session,
    table: Table,
    enterprise_code: str,
    key: Sequence[Any],
    *,
    on: date,
    change: int,
) -> bool:
    """End one entry from a day on which it holds; it may hold again after a later gap.

    Returns:
        False, and nothing is written, if it does not hold on the day.
    """
    names = _entry_key(table)
    full_key = {"enterprise_code": enterprise_code, **dict(zip(names, key, strict=True))}
    return stretches.close_stretch(session, table, full_key, on=on, change=change)


def annul_everything(session: Session, enterprise_code: str, *, change: int) -> int:
    """End all that is held of an enterprise, for all days; gives the number of ended versions."""
    key = {"enterprise_code": enterprise_code}
    ended = 0
    for table in versions.list_tables(tables.metadata):
        ended += versions.close(session, table, key, valid=periods.period(None), change=change)
    return ended


def _entry_key(table: Table) -> tuple[str, ...]:
    """Give the columns that tell the entries of one enterprise apart."""
    return versions.key_of(table)[1:]

"""Stretches: the days on which a record holds without a gap, whatever it says on them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from databases.changes import versions


def find_stretch(
    session: Session, table: Table, key: Mapping[str, Any], on: date
) -> Range[date] | None:
    """Find the days around a day on which a record holds without a gap; None if not on the day."""
    found: Range[date] | None = None
    for row in versions.list_current(session, table, key):
        days: Range[date] = row["valid"]
        if found is not None and found.upper == days.lower:
            found = Range(found.lower, days.upper, bounds="[)")
        elif found is None or not found.contains(on):
            found = days
    return found if found is not None and found.contains(on) else None


def begins_within(
    session: Session, table: Table, key: Mapping[str, Any], valid: Range[date]
) -> bool:
    """Tell whether a version of a record starts inside of a period, after its first day.

    An act for the days of the period would undo it in silence.
    """
    first = valid.lower or date.min
    held = versions.list_current(session, table, key, valid)
    return any((row["valid"].lower or date.min) > first for row in held)


def close_stretch(
    session: Session, table: Table, key: Mapping[str, Any], *, on: date, change: int
) -> bool:
    """End a record from a day to the end of its stretch; it may hold again after a later gap.

    Returns:
        False, and nothing is written, if it does not hold on the day.
    """
    stretch = find_stretch(session, table, key, on)
    if stretch is None:
        return False
    days = Range(on, stretch.upper, bounds="[)")
    versions.close(session, table, key, valid=days, change=change)
    return True

"""Writes versions that concern several rows or tables at once."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from databases import periods
from databases.changes import versions
from population import errors, tables

_ONE_HEAD = "ex_household_member_one_head"
# Tables with the column that names a person.
BEARING = (
    (tables.residence, "pin"),
    (tables.household_member, "pin"),
    (tables.kinship, "pin"),
    (tables.kinship, "relative_pin"),
    (tables.identity_card, "pin"),
    (tables.pin_alias, "new_pin"),
)


def add_members(session: Session, rows: Sequence[Mapping[str, Any]], *, change: int) -> None:
    """Add memberships of households.

    Raises:
        OneHeadNeeded: a household would have two heads on some day.
        OverlappingValidity: a person is a member elsewhere on some of the days.
    """
    try:
        versions.add(session, tables.household_member, rows, change=change)
    except IntegrityError as error:
        if _ONE_HEAD in str(error.orig):
            raise errors.OneHeadNeeded("A household has one head on any day.") from error
        raise


def reissue_person(
    session: Session, pin: str, columns: Mapping[str, Any], *, first_day: date, change: int
) -> None:
    """Write all current versions of a person anew with other values, from another first day on.

    Serves corrections that concern every day: of the number and of the date of birth.

    Args:
        session: of the writing transaction.
        pin: number that the versions stand under.
        columns: values to set in every version.
        first_day: day on which the first version starts; what ended before it falls away.
        change: number of the act's change.
    """
    everything = periods.period(None)
    held = versions.list_current(session, tables.person, {"pin": pin})
    versions.close(session, tables.person, {"pin": pin}, valid=everything, change=change)
    anew = []
    for position, row in enumerate(held):
        start, end = row["valid"].lower, row["valid"].upper
        start = first_day if position == 0 or start is None else max(start, first_day)
        if end is None or start < end:
            kept = versions.record_of(row)
            anew.append({**kept, **columns, "valid": periods.period(start, end)})
    versions.add(session, tables.person, anew, change=change)


def move_number(session: Session, old_pin: str, new_pin: str, *, change: int) -> None:
    """Let all current rows beside `person` that bear a number go on under another one.

    The rows under the old number are ended, not altered: as of an earlier change they are read as
    they stood. Rows of others that name the person are carried over too, and so are aliases, so
    that a chain of cancelled numbers leads to the present one in one step.
    """
    for table, column in BEARING:
        bears = table.c[column] == old_pin
        versions.end_where(session, table, bears, change=change)
        versions.renew(
            session,
            table,
            ended_by=change,
            change=change,
            condition=bears,
            values={column: new_pin},
        )

"""Writes versions that concern several rows or tables at once."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Table, Text, bindparam, func, insert, literal, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from databases import periods
from databases.changes import versions
from population import errors, tables
from population.repository import copying

_ONE_HEAD = "ex_household_member_one_head"
_BEARING = (
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
            kept = {name: row[name] for name in copying.PERSON if name != "from_change"}
            anew.append({**kept, **columns, "valid": periods.period(start, end)})
    versions.add(session, tables.person, anew, change=change)


def move_number(session: Session, old_pin: str, new_pin: str, *, change: int) -> None:
    """Let all current rows beside `person` that bear a number go on under another one.

    The rows under the old number are ended, not altered: as of an earlier change they are read as
    they stood. Rows of others that name the person are carried over too, and so are aliases, so
    that a chain of cancelled numbers leads to the present one in one step.
    """
    for table, column in _BEARING:
        names = copying.COLUMNS[table.name]
        kept = [table.c[name] for name in names]
        replaced = [
            literal(new_pin, Text).label(name)
            if name == column
            else literal(change, BigInteger).label(name)
            if name == "from_change"
            else table.c[name]
            for name in names
        ]
        session.execute(
            update(table)
            .where(table.c[column] == old_pin, table.c.to_change.is_(None))
            .values(to_change=change)
        )
        source = select(*replaced).where(table.c[column] == old_pin, table.c.to_change == change)
        session.execute(insert(table).from_select(kept, source))


def count_overtaken(session: Session, annulled: int) -> int:
    """Count the versions that a change recorded and that later changes have ended."""
    return sum(
        session.execute(
            select(func.count())
            .select_from(table)
            .where(table.c.from_change == annulled, table.c.to_change.is_not(None))
        ).scalar_one()
        for table in tables.VERSIONED
    )


def undo(session: Session, annulled: int, *, change: int) -> int:
    """End the versions that a change recorded and let those it ended stand again.

    Returns:
        number of versions that were ended or stand again.

    Raises:
        ChangeNotAnnullable: what would stand again shares days with what later acts recorded.
    """
    touched = 0
    for table in tables.VERSIONED:
        touched += _end_all(session, table, annulled, change)
    try:
        with session.begin_nested():
            for table in tables.VERSIONED:
                touched += _restore_all(session, table, annulled, change)
    except IntegrityError as error:
        raise errors.ChangeNotAnnullable(
            "Later acts concern the same days; annul them first."
        ) from error
    return touched


def _end_all(session: Session, table: Table, annulled: int, change: int) -> int:
    ended = session.execute(
        update(table)
        .where(table.c.from_change == bindparam("annulled"), table.c.to_change.is_(None))
        .values(to_change=change),
        {"annulled": annulled},
    )
    return int(getattr(ended, "rowcount", 0))


def _restore_all(session: Session, table: Table, annulled: int, change: int) -> int:
    names = copying.COLUMNS[table.name]
    source = select(
        *(
            literal(change, BigInteger).label(name) if name == "from_change" else table.c[name]
            for name in names
        )
    ).where(table.c.to_change == annulled)
    restored = session.execute(insert(table).from_select([table.c[name] for name in names], source))
    return int(getattr(restored, "rowcount", 0))

"""Writes versions that concern several rows or tables at once."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Table
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from databases import periods
from databases.changes import versions
from databases.errors import RegisterError
from insurance import tables

_BEARING = (
    (tables.book_alias, "new_no"),
    (tables.spell, "participant_no"),
    (tables.contribution, "participant_no"),
    (tables.household_cover, "participant_no"),
    (tables.health_card, "participant_no"),
    (tables.benefit, "participant_no"),
)
_ENDING_WITH_DEATH = (tables.spell, tables.household_cover, tables.health_card)


def add(
    session: Session,
    table: Table,
    rows: Sequence[Mapping[str, Any]],
    *,
    change: int,
    refusal: RegisterError,
) -> None:
    """Add versions; `refusal` is raised where they share days with others that stand.

    Both the key of the table and the further rules of the migration are meant.
    """
    try:
        versions.add(session, table, rows, change=change)
    except versions.OverlappingValidity as error:
        raise refusal from error
    except IntegrityError as error:
        if f"ex_{table.name}_" in str(error.orig):
            raise refusal from error
        raise


def rename_participant(
    session: Session, participant_no: str, columns: Mapping[str, Any], *, change: int
) -> None:
    """Write all current versions of a participant anew with other numbers."""
    table = tables.participant
    bears = table.c.participant_no == participant_no
    versions.end_where(session, table, bears, change=change)
    versions.renew(session, table, ended_by=change, change=change, condition=bears, values=columns)


def move_number(
    session: Session, old_no: str, new_no: str, *, change: int, refusal: RegisterError
) -> None:
    """Let all current rows beside `participant` that name a number go on under another one.

    The rows under the old number are ended, not altered: as of an earlier change they are read as
    they stood. `refusal` is raised where both numbers have rows for the same days.
    """
    try:
        with session.begin_nested():
            for table, column in _BEARING:
                bears = table.c[column] == old_no
                versions.end_where(session, table, bears, change=change)
                versions.renew(
                    session,
                    table,
                    ended_by=change,
                    change=change,
                    condition=bears,
                    values={column: new_no},
                )
    except IntegrityError as error:
        raise refusal from error


def close_everything(session: Session, participant_no: str, *, start: date, change: int) -> None:
    """End from a day on what ends with a participant's death."""
    days = periods.period(start)
    for table in _ENDING_WITH_DEATH:
        key = {"participant_no": participant_no}
        versions.close(session, table, key, valid=days, change=change)

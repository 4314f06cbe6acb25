"""Writes versions that concern several rows or tables at once."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Table
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from databases import periods
from databases.changes import versions
from databases.errors import RegisterError
from insurance import tables
from insurance.values import TO_SURVIVORS, BenefitKind

# Tables with the column that names a participant.
BEARING = (
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
            for table, column in BEARING:
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


def amend_always(
    session: Session, participant_no: str, columns: Mapping[str, Any], *, change: int
) -> None:
    """Write what is true of a participant on all days, whenever it came to be known."""
    key, always = {"participant_no": participant_no}, periods.period(None)
    versions.amend(session, tables.participant, key, columns, valid=always, change=change)


def record_death(session: Session, participant_no: str, died_on: date, *, change: int) -> None:
    """Write a death and end what ends with it; the day itself is lived."""
    amend_always(session, participant_no, {"died_on": died_on}, change=change)
    days = periods.period(died_on + timedelta(days=1))
    for table in _ENDING_WITH_DEATH:
        key = {"participant_no": participant_no}
        versions.close(session, table, key, valid=days, change=change)
    for kind in sorted(set(BenefitKind) - TO_SURVIVORS):
        key = {"participant_no": participant_no, "kind": kind.value}
        versions.close(session, tables.benefit, key, valid=days, change=change)

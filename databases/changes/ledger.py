"""The ledger: every write to a register is one change with a number that grows by one."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Index,
    MetaData,
    Table,
    Text,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Session

from databases import errors
from databases.errors import FieldProblem


class ChangeNotFound(errors.NotFound):
    """No change was recorded at or before the moment, or the number is not yet given."""

    code = "changes.change_not_found"


@dataclass(frozen=True, slots=True)
class Act:
    """Who writes what to the register, and why.

    Args:
        name: register, noun and verb, e.g. ``population.birth.registered``; the services of a
            register put their own in its place (`open_act`).
        recorded_at: moment with zone at which the register took note.
        recorded_by: officer or system, as the access rules know them.
        reason: why, in words.
        legal_basis: article that allows or orders the act.
        source_document: the paper or message the facts come from.
    """

    name: str
    recorded_at: datetime
    recorded_by: str
    reason: str
    legal_basis: str
    source_document: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """What an act left in the register.

    Args:
        change: number of the change.
        key: what names the record that the act was about, as it stands after the act; where an act
            is about several, the one named first.
        warnings: doubts that the law does not let us refuse for.
    """

    change: int
    key: str
    warnings: tuple[FieldProblem, ...] = ()


@dataclass(frozen=True)
class Ledger:
    """The two tables of one register's ledger."""

    change: Table
    head: Table


def define_ledger(metadata: MetaData) -> Ledger:
    """Define the ledger's tables in the schema of a register."""
    return Ledger(_define_change(metadata), _define_head(metadata))


def _define_change(metadata: MetaData) -> Table:
    return Table(
        "change",
        metadata,
        Column(
            "change_id",
            BigInteger,
            primary_key=True,
            autoincrement=False,
            comment="number of the change; grows by one in commit order, without gaps",
        ),
        Column(
            "recorded_at",
            DateTime(timezone=True),
            nullable=False,
            comment="moment at which the register took note",
        ),
        Column("recorded_by", Text, nullable=False, comment="officer or system that recorded it"),
        Column("act", Text, nullable=False, comment="register, noun and verb of the act"),
        Column("reason", Text, nullable=False, comment="why, in words"),
        Column(
            "legal_basis", Text, nullable=False, comment="article that allows or orders the act"
        ),
        Column(
            "source_document",
            Text,
            nullable=False,
            comment="paper or message that the facts come from",
        ),
        Index("ix_change_recorded_at", "recorded_at"),
        comment="the ledger: one row per change of the register",
    )


def _define_head(metadata: MetaData) -> Table:
    return Table(
        "change_head",
        metadata,
        Column(
            "singleton",
            BigInteger,
            primary_key=True,
            autoincrement=False,
            comment="always 1: the table has one row",
        ),
        Column(
            "last_change",
            BigInteger,
            nullable=False,
            comment="number of the last change; its row lock puts writers in order",
        ),
        Column(
            "transaction_id",
            Text,
            nullable=False,
            server_default="0",
            comment="transaction that took the number: versions are checked against it",
        ),
        CheckConstraint("singleton = 1", name="one_row"),
        comment="where the ledger stands",
    )


def open_change(session: Session, ledger: Ledger, act: Act) -> int:
    """Take the next number and record the act; other writers wait until this transaction ends.

    Called before the state is read on which the act's rules decide, so that what they saw still
    holds when the act is written.

    Returns:
        the number; it becomes visible to readers with the commit, a rollback gives it back.
    """
    number: int = session.execute(
        update(ledger.head)
        .values(
            last_change=ledger.head.c.last_change + 1,
            transaction_id=func.pg_current_xact_id().cast(Text),
        )
        .returning(ledger.head.c.last_change)
    ).scalar_one()
    session.execute(
        insert(ledger.change).values(
            change_id=number,
            recorded_at=act.recorded_at,
            recorded_by=act.recorded_by,
            act=act.name,
            reason=act.reason,
            legal_basis=act.legal_basis,
            source_document=act.source_document,
        )
    )
    return number


def open_act(session: Session, ledger: Ledger, act: Act, name: str) -> int:
    """Open the change of an act under the act's own name, whatever name was handed in.

    Args:
        session: of a writing transaction.
        ledger: of the register.
        act: who writes, when and why.
        name: noun and verb; the register's name is put before them.

    Returns:
        the number, see `open_change`.
    """
    own_name = f"{ledger.change.schema}.{name}"
    return open_change(session, ledger, dataclasses.replace(act, name=own_name))


def last_change(session: Session, ledger: Ledger) -> int:
    """Give the number of the last committed change; 0 for an empty register."""
    return int(session.execute(select(ledger.head.c.last_change)).scalar_one())


def change_at(session: Session, ledger: Ledger, moment: datetime) -> int:
    """Give the last change recorded at or before a moment.

    Raises:
        ChangeNotFound: the register was still empty then.
    """
    number = session.execute(
        select(func.max(ledger.change.c.change_id)).where(ledger.change.c.recorded_at <= moment)
    ).scalar_one()
    if number is None:
        raise ChangeNotFound("The register had recorded nothing at that moment.")
    return int(number)


def list_changes(
    session: Session, ledger: Ledger, *, after: int, limit: int, verbs: Sequence[str] = ()
) -> list[tuple[int, datetime, str]]:
    """List the next changes: number, moment, and name of the act.

    Args:
        verbs: the last word of the acts that are wanted; none: all.
    """
    change = ledger.change
    statement = select(change.c.change_id, change.c.recorded_at, change.c.act)
    statement = statement.where(change.c.change_id > after)
    if verbs:
        statement = statement.where(func.split_part(change.c.act, ".", 3).in_(verbs))
    rows = session.execute(statement.order_by(change.c.change_id).limit(limit))
    return [(int(row.change_id), row.recorded_at, row.act) for row in rows]


def require_change(session: Session, ledger: Ledger, number: int) -> int:
    """Refuse a number that the ledger has not given yet.

    Raises:
        ChangeNotFound: the number is below 0 or above the last change.
    """
    if not 0 <= number <= last_change(session, ledger):
        raise ChangeNotFound("The register has no change of that number yet.")
    return number

"""States of a register written down: the same state gives the same bytes, whenever it was reached.

What a record says and on which days belongs to a state; the numbers of the changes that recorded it
do not. So a state that was left and restored is equal to itself, byte for byte.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, FromClause, MetaData, Table, Text, and_, cast, func, select
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.orm import Session

from databases.changes import versions

_CHANGES = frozenset({"from_change", "to_change"})
_ROWS = 10_000


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What tells one state of a table from all others.

    Args:
        rows: versions that stood.
        sha256: hash of their canonical text, hex.
    """

    table: str
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A version that stands in one of two states and not in the other.

    Args:
        change: that recorded it, or that ended it.
        is_new: it stands in the later state.
        row: the columns of the table.
    """

    table: Table
    change: int
    is_new: bool
    row: Mapping[str, Any]


def text_of(table: FromClause) -> ColumnElement[str]:
    """Write a version as one line of JSON: column → PostgreSQL's own text of its value.

    PostgreSQL writes each type in one way only, so equal versions give equal texts; days, moments
    and bytes are written as its settings say, which `Databases` sets alike for all.
    """
    columns = [column for column in table.c if column.name not in _CHANGES]
    names = array([column.name for column in columns])
    return cast(func.json_object(names, array([cast(column, Text) for column in columns])), Text)


def dump(session: Session, table: Table, change: int | None = None) -> Iterator[bytes]:
    """Write all versions of a table that stood after a change, a line each, in a fixed order.

    Reads the whole table: the cost grows with all versions, the sorting a little faster.

    Args:
        session: in a transaction: rows are fetched some thousands at a time.
        table: a versioned table.
        change: last change that is taken into account; None for all that is committed.
    """
    line = text_of(table).collate("C").label("line")
    statement = select(line).where(versions.is_known(table, change)).order_by(line)
    for text in session.execute(
        statement, execution_options={"stream_results": True, "yield_per": _ROWS}
    ).scalars():
        yield text.encode() + b"\n"


def fingerprint(session: Session, table: Table, change: int | None = None) -> Fingerprint:
    """Hash what `dump` writes."""
    digest, rows = hashlib.sha256(), 0
    for line in dump(session, table, change):
        digest.update(line)
        rows += 1
    return Fingerprint(table.name, rows, digest.hexdigest())


def list_fingerprints(
    session: Session, metadata: MetaData, change: int | None = None
) -> list[Fingerprint]:
    """Hash all versioned tables of a register as they stood after a change."""
    return [fingerprint(session, table, change) for table in versions.list_tables(metadata)]


def list_differences(
    session: Session, table: Table, condition: ColumnElement[bool], *, since: int
) -> list[Difference]:
    """List in what the present state of some records differs from that after a change.

    What was recorded and annulled, or ended and recorded again, in between is no difference.

    Args:
        session: reading or writing.
        table: a versioned table.
        condition: on its columns: the records; an index should serve it.
        since: the change.
    """
    new = select(table.c.from_change.label("at"), table).where(
        condition,
        table.c.to_change.is_(None),
        table.c.from_change > since,
        ~_has_equal(table, since),
    )
    other = table.alias("equal")
    ended = (
        select(func.max(other.c.to_change)).where(is_equal(table, other)).scalar_subquery()
    ).label("at")
    gone = select(ended, table).where(
        condition,
        versions.is_known(table, since),
        table.c.to_change.is_not(None),
        ~_has_equal(table, None),
    )
    return [
        Difference(table, row["at"], is_new, {column.name: row[column] for column in table.c})
        for is_new, statement in ((False, gone), (True, new))
        for row in session.execute(statement).mappings()
    ]


def is_equal(table: Table, other: FromClause) -> ColumnElement[bool]:
    """Select the versions of one that say the same of the same record on the same days.

    Args:
        other: an alias of the table.
    """
    same = [table.c[name] == other.c[name] for name in versions.key_of(table)]
    return and_(*same, text_of(table) == text_of(other))


def _has_equal(table: Table, change: int | None) -> ColumnElement[bool]:
    other = table.alias("other")
    return (
        select(other.c.from_change)
        .where(is_equal(table, other), versions.is_known(other, change))
        .exists()
    )

"""Versioned tables: what held when (`valid`) and what the register knew when (the change numbers).

A row is one version of one record: it holds on the days of `valid` and stands in the register from
the change `from_change` until the change `to_change`. Rows are never altered: a later act ends
versions and adds others, so every earlier state of knowledge can be read again.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ColumnElement,
    Date,
    FromClause,
    Index,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    and_,
    func,
    insert,
    literal,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import DATERANGE, Range
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from databases import errors, periods

VERSION_COLUMNS = ("valid", "from_change", "to_change")
KEY = "version_key"  # entry of `Table.info`: the columns that name a record
_FOREVER = "coalesce(upper(valid), 'infinity'::date)"
_LAST_DAY: ColumnElement[date] = literal_column("'infinity'::date", Date)
_FIRST_DAY: ColumnElement[date] = literal_column("'-infinity'::date", Date)


class OverlappingValidity(errors.Conflict):
    """The record already has a version for some of these days."""

    code = "versions.overlapping_validity"


class NothingToAmend(errors.Conflict):
    """The record has no version on the days that the act wants to change."""

    code = "versions.nothing_to_amend"


def versioned_table(
    name: str, metadata: MetaData, *columns: Any, key: Sequence[str], comment: str
) -> Table:
    """Define a table whose rows are versions.

    Args:
        name: singular noun.
        metadata: of one register.
        columns: the columns of the record and further constraints, without the version columns.
        key: columns that name the record; the first one is what look-ups ask by.
        comment: one sentence on what a row is.

    That no two versions overlap in one state of knowledge is checked in the database by a trigger
    over each statement (assets/versioned_table_0001.sql): writers of a register come one after the
    other, so it sees all that an exclusion constraint would, at a ninth of the cost (ADR 0004).

    Look-ups of current rows are served by a partial index on the key and the last day, so that a
    record with a hundred former versions costs what a record with one costs.
    """
    table = Table(
        name,
        metadata,
        *columns,
        Column("valid", DATERANGE, nullable=False, comment="days on which it holds, half-open"),
        Column(
            "from_change",
            BigInteger,
            nullable=False,
            comment="change that recorded this version",
        ),
        Column("to_change", BigInteger, comment="change that ended it; null while it stands"),
        # Also the index of history. That the change exists is checked once per statement by a
        # trigger (assets/ledger_0001.sql): a foreign key would check it once per row of a load.
        PrimaryKeyConstraint(*key, "from_change", "valid"),
        CheckConstraint("NOT isempty(valid)", name="valid_not_empty"),
        CheckConstraint("to_change > from_change", name="change_order"),
        comment=comment,
    )
    table.info[KEY] = tuple(key)
    Index(
        f"ix_{name}_current",
        *(table.c[column] for column in key),
        literal_column(f"({_FOREVER})"),
        postgresql_where=table.c.to_change.is_(None),
    )
    _index_changes(table)
    return table


def _index_changes(table: Table) -> None:
    """Let what a change recorded or ended be found without reading the table.

    Versions lie in the order in which they were recorded: of that an index of page ranges is enough
    and costs a load nothing. Those that were ended are few beside those that were not.
    """
    Index(
        f"ix_{table.name}_from_change",
        table.c.from_change,
        postgresql_using="brin",
        postgresql_with={"autosummarize": "on"},
    )
    Index(
        f"ix_{table.name}_to_change",
        table.c.to_change,
        postgresql_where=table.c.to_change.is_not(None),
    )


def key_of(table: Table) -> tuple[str, ...]:
    """Give the columns that name a record of a versioned table."""
    key: tuple[str, ...] = table.info[KEY]
    return key


def list_tables(metadata: MetaData) -> list[Table]:
    """List the versioned tables of a register, in the order of their definition."""
    return [table for table in metadata.tables.values() if KEY in table.info]


def current_index(name: str, *columns: Any, where: ColumnElement[bool] | None = None) -> Index:
    """Define an index of the versions that stand; former ones are found by the primary key.

    Args:
        name: of the index.
        columns: of one versioned table.
        where: further condition on the versions.
    """
    current: ColumnElement[bool] = columns[0].table.c.to_change.is_(None)
    return Index(name, *columns, postgresql_where=current if where is None else current & where)


def current_trigrams(name: str, column: Any) -> Index:
    """Define an index of the versions that stand by groups of three letters of a text."""
    return Index(
        name,
        column,
        postgresql_using="gin",
        postgresql_ops={column.name: "gin_trgm_ops"},
        postgresql_where=column.table.c.to_change.is_(None),
    )


@dataclass(frozen=True, slots=True)
class AsOf:
    """Which state is read.

    Args:
        valid_on: day in the world.
        change: last change that is taken into account; None for all that is committed.
    """

    valid_on: date
    change: int | None = None


def is_known(table: FromClause, change: int | ColumnElement[int] | None) -> ColumnElement[bool]:
    """Select the versions that stood in the register after a change (None: that stand now)."""
    if change is None:
        return table.c.to_change.is_(None)
    return and_(
        table.c.from_change <= change,
        or_(table.c.to_change.is_(None), table.c.to_change > change),
    )


def is_valid_on(table: FromClause, day: date | ColumnElement[date]) -> ColumnElement[bool]:
    """Select the versions that hold on a day."""
    # The same expression as in the index of current versions, or it would not be used.
    ends = func.coalesce(func.upper(table.c.valid, type_=Date), _LAST_DAY)
    starts = func.coalesce(func.lower(table.c.valid, type_=Date), _FIRST_DAY)
    return and_(ends > day, starts <= day)


def is_as_of(table: Table, as_of: AsOf) -> ColumnElement[bool]:
    """Select the versions known after a change that hold on a day."""
    return and_(is_known(table, as_of.change), is_valid_on(table, as_of.valid_on))


def add(session: Session, table: Table, rows: Iterable[Mapping[str, Any]], *, change: int) -> None:
    """Add versions; each row names its `valid` period.

    Raises:
        OverlappingValidity: a current version of the same record shares a day with a new one.
    """
    prepared = [{**row, "from_change": change} for row in rows]
    if not prepared:
        return
    try:
        with session.begin_nested():
            session.execute(insert(table), prepared)
    except IntegrityError as error:
        if f"ex_{table.name}_no_overlap" in str(error.orig):
            raise OverlappingValidity(
                f"The register already holds a {table.name} for some of these days."
            ) from error
        raise


def find_on(
    session: Session, table: Table, key: Mapping[str, Any], on: date
) -> dict[str, Any] | None:
    """Find the current version of a record that holds on a day; None when there is none."""
    found = session.execute(select(table).where(*_key_is(table, key), is_as_of(table, AsOf(on))))
    row = found.mappings().one_or_none()
    return None if row is None else dict(row)


def list_current(
    session: Session, table: Table, key: Mapping[str, Any], valid: Range[date] | None = None
) -> list[dict[str, Any]]:
    """List the current versions of a record, those that share days with `valid`, oldest first."""
    statement = select(table).where(table.c.to_change.is_(None), *_key_is(table, key))
    if valid is not None:
        statement = statement.where(table.c.valid.overlaps(valid))
    statement = statement.order_by(func.lower(table.c.valid).nulls_first())
    return [dict(row) for row in session.execute(statement).mappings()]


def amend(
    session: Session,
    table: Table,
    key: Mapping[str, Any],
    values: Mapping[str, Any],
    *,
    valid: Range[date],
    change: int,
) -> int:
    """Set values for the days of `valid`; what held on other days goes on holding.

    Serves changes in the world (`valid` starts when it happened) as well as corrections of what
    was recorded wrongly (`valid` covers the days for which it was wrong).

    Returns:
        number of versions that were ended.

    Raises:
        NothingToAmend: no current version shares a day with `valid`.
    """
    ended = _end(session, table, key, valid, change)
    if not ended:
        raise NothingToAmend(f"No {table.name} is registered on the days to be changed.")
    rows = _left_over(ended, valid)
    for row in ended:
        common = periods.intersection(row["valid"], valid)
        rows.append({**record_of(row), **values, "valid": common})
    add(session, table, rows, change=change)
    return len(ended)


def close(
    session: Session, table: Table, key: Mapping[str, Any], *, valid: Range[date], change: int
) -> int:
    """End a record on the days of `valid` (a fact that stopped, or that never was).

    Returns:
        number of versions that were ended; 0 when there was none.
    """
    ended = _end(session, table, key, valid, change)
    add(session, table, _left_over(ended, valid), change=change)
    return len(ended)


def end_where(
    session: Session, table: Table, condition: ColumnElement[bool], *, change: int
) -> int:
    """End the current versions that satisfy a condition, whatever record they are of.

    Returns:
        number of versions that were ended.
    """
    ended = session.execute(
        update(table).where(condition, table.c.to_change.is_(None)).values(to_change=change)
    )
    return int(getattr(ended, "rowcount", 0))


def renew(
    session: Session,
    table: Table,
    *,
    ended_by: int,
    change: int,
    condition: ColumnElement[bool] | None = None,
    values: Mapping[str, Any] | None = None,
) -> int:
    """Record again the versions that a change ended.

    Args:
        session: of a writing transaction.
        table: a versioned table.
        ended_by: number of the change that ended them.
        change: number of the change that records them again.
        condition: which of them; all if it is not given.
        values: what they say otherwise than before.

    Returns:
        number of versions that were recorded.

    Raises:
        IntegrityError: one of them shares days with a version that stands.
    """
    given = {"from_change": change, **(values or {})}
    columns = [column for column in table.c if column.name != "to_change"]
    source = select(
        *(
            literal(given[column.name], column.type).label(column.name)
            if column.name in given
            else column
            for column in columns
        )
    ).where(table.c.to_change == ended_by)
    if condition is not None:
        source = source.where(condition)
    renewed = session.execute(insert(table).from_select(columns, source))
    return int(getattr(renewed, "rowcount", 0))


def _end(
    session: Session, table: Table, key: Mapping[str, Any], valid: Range[date], change: int
) -> list[dict[str, Any]]:
    statement = (
        update(table)
        .where(table.c.to_change.is_(None), table.c.valid.overlaps(valid), *_key_is(table, key))
        .values(to_change=change)
        .returning(*table.c)
    )
    return [dict(row) for row in session.execute(statement).mappings()]


def _left_over(ended: Iterable[Mapping[str, Any]], valid: Range[date]) -> list[dict[str, Any]]:
    return [
        {**record_of(row), "valid": part}
        for row in ended
        for part in periods.remainders(row["valid"], valid)
    ]


def record_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """Give the columns of a record out of those of one of its versions."""
    return {name: value for name, value in row.items() if name not in VERSION_COLUMNS}


def _key_is(table: Table, key: Mapping[str, Any]) -> list[ColumnElement[bool]]:
    return [table.c[name] == value for name, value in key.items()]

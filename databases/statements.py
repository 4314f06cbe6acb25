"""Reads versions for what a register publishes: a statement is built and rendered once, run often.

Conditions bind `change` and `valid_on`; `fetch_rows` gives both from the state that is asked for.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    Dialect,
    FromClause,
    Integer,
    Select,
    Table,
    Text,
    and_,
    bindparam,
    cast,
    func,
    literal,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY, psycopg2
from sqlalchemy.orm import Session

from databases.changes import versions
from databases.changes.versions import AsOf

_DIALECT: Dialect = psycopg2.dialect()  # type: ignore[no-untyped-call]  # untyped upstream

# What a name stands for in a statement; whether it reads a former state of knowledge is given.
ColumnMaker = Callable[[bool], ColumnElement[Any]]
ConditionMaker = Callable[[bool], ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Statement:
    """A rendered statement; its constants come along as parameters."""

    sql: str
    constants: Mapping[str, Any]


def is_known(source: FromClause, at_change: bool) -> ColumnElement[bool]:
    """Select the versions that stand now, or stood after the change bound as `change`."""
    change = bindparam("change", type_=BigInteger) if at_change else None
    return versions.is_known(source, change)


def is_held(source: FromClause, at_change: bool) -> ColumnElement[bool]:
    """Select the known versions that hold on the day bound as `valid_on`."""
    day = bindparam("valid_on", type_=Date)
    return and_(is_known(source, at_change), versions.is_valid_on(source, day))


def asked_keys(name: str = "keys") -> ColumnElement[Any]:
    """Give the keys bound under a name, as an array of texts."""
    return cast(bindparam(name, type_=ARRAY(Text)), ARRAY(Text))


def is_one_of(column: ColumnElement[str], names: Iterable[str]) -> ColumnElement[bool]:
    """Select rows whose column holds one of some texts, of which there may be very many."""
    # One array and not a parameter each: those would be written into the statement one by one.
    given = literal(sorted(names), ARRAY(Text))
    return column == func.any(cast(given, ARRAY(Text)))


def day_text(column: ColumnElement[date]) -> ColumnElement[str]:
    """Write a day as messages do: YYYY-MM-DD."""
    return func.to_char(column, "YYYY-MM-DD")


def list_columns(
    source: FromClause,
    derived: Mapping[str, ColumnMaker],
    names: Sequence[str],
    at_change: bool,
) -> list[ColumnElement[Any]]:
    """Give the columns of a table, or what is read in their place, under the names asked for."""
    return [
        (derived[name](at_change) if name in derived else source.c[name]).label(name)
        for name in names
    ]


def found_keys(
    source: FromClause, key: str, conditions: Sequence[ColumnElement[bool]], at_change: bool
) -> Select[Any]:
    """Select the keys that satisfy all conditions, in order, at most as many as bound as `limit`.

    Returns:
        a select of one column, named as the key.
    """
    # Found first and ordered afterwards, or the planner walks the whole table in order of keys.
    found = (
        select(source.c[key])
        .where(is_held(source, at_change), *conditions)
        .cte("found")
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )
    limit = bindparam("limit", type_=Integer)
    return select(found.c[key]).order_by(found.c[key]).limit(limit)


def render(found: Select[Any], *, head: Table) -> Statement:
    """Render what reads some records, together with the change that they are read at.

    Args:
        found: selects the key first, then the columns.
        head: of the register's ledger.

    Returns:
        a statement that gives rows of last change, key, columns; a single row whose key is None
        when nothing was found.
    """
    inner = found.subquery("found_record")
    statement = select(head.c.last_change, inner).select_from(head.outerjoin(inner, true()))
    compiled = statement.compile(dialect=_DIALECT)
    return Statement(str(compiled), compiled.params)


def fetch_rows(
    session: Session, statement: Statement, as_of: AsOf, given: Mapping[str, Any]
) -> Sequence[Sequence[Any]]:
    """Run a rendered statement for one state and the parameters of one question."""
    state = {"valid_on": as_of.valid_on, "change": as_of.change}
    parameters = {**statement.constants, **given, **state}
    return session.connection().exec_driver_sql(statement.sql, parameters).fetchall()

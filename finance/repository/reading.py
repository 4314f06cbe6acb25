"""Makes the two readers of a published table: by keys, and by the conditions of a search."""

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Table, Text, bindparam, cast, func, select
from sqlalchemy.orm import Session

from databases import statements
from databases.changes.versions import AsOf
from databases.statements import ColumnMaker, ConditionMaker, Statement
from finance import tables

Rows = Sequence[Sequence[Any]]


@dataclass(frozen=True, eq=False)
class Source:
    """A table as it is published.

    Args:
        records: the table, under the alias that `derived` speaks of.
        key: column that look-ups ask by.
        derived: columns that are made, by name.
        found: the table again, under the alias that `conditions` speak of.
        conditions: of a search, by predicate.
        named: for look-ups by other names of a record: makes a select of `key`, the name that was
            asked, and `record_key`.
    """

    records: FromClause
    key: str
    derived: Mapping[str, ColumnMaker]
    found: FromClause
    conditions: Mapping[str, ConditionMaker] = field(default_factory=dict)
    named: Callable[[bool], FromClause] | None = None

    def read(
        self, session: Session, keys: Sequence[str], columns: tuple[str, ...], as_of: AsOf
    ) -> Rows:
        """Read records by key as of a day and a change; rows of last change, key, columns."""
        statement = self._by_keys(columns, as_of.change is not None)
        return statements.fetch_rows(session, statement, as_of, {"keys": list(keys)})

    def search(
        self,
        session: Session,
        predicates: frozenset[str],
        parameters: Mapping[str, Any],
        columns: tuple[str, ...],
        as_of: AsOf,
        limit: int,
    ) -> Rows:
        """Read the records that satisfy all predicates, in order of keys, at most `limit`."""
        statement = self._by_predicates(columns, predicates, as_of.change is not None)
        return statements.fetch_rows(session, statement, as_of, {**parameters, "limit": limit})

    @functools.lru_cache(maxsize=512)  # noqa: B019  sources live as long as the process
    def _by_keys(self, columns: tuple[str, ...], at_change: bool) -> Statement:
        read = statements.list_columns(self.records, self.derived, columns, at_change)
        own = self.records.c[self.key]
        held = statements.is_held(self.records, at_change)
        if self.named is None:
            wanted = select(own.label("key"), *read).where(own == func.any(statements.asked_keys()))
        else:
            names = self.named(at_change)
            wanted = select(names.c.key, *read).where(own == names.c.record_key)
        return statements.render(wanted.where(held), head=tables.ledger.head)

    @functools.lru_cache(maxsize=512)  # noqa: B019  as above
    def _by_predicates(
        self, columns: tuple[str, ...], predicates: frozenset[str], at_change: bool
    ) -> Statement:
        wanted = [self.conditions[name](at_change) for name in sorted(predicates)]
        found = statements.found_keys(self.found, self.key, wanted, at_change)
        own = self.records.c[self.key]
        read = statements.list_columns(self.records, self.derived, columns, at_change)
        statement = (
            select(own.label("key"), *read)
            .where(
                own == func.any(func.array(found.scalar_subquery())),
                statements.is_held(self.records, at_change),
            )
            .order_by(own)
        )
        return statements.render(statement, head=tables.ledger.head)


def money(column: ColumnElement[Any]) -> ColumnElement[str]:
    """Write an amount as text: JSON readers would round it."""
    return cast(func.trim_scale(column), Text)


def place(source: FromClause) -> ColumnElement[Any]:
    """Give the columns of a place as one value."""
    return func.json_build_array(
        source.c.province_code, source.c.commune_code, source.c.commune_version
    )


def dated(source: FromClause, *names: str) -> dict[str, ColumnMaker]:
    """Make days of a table be written as in messages."""
    return {name: _day(source.c[name]) for name in names}


def amounts(source: FromClause, *names: str) -> dict[str, ColumnMaker]:
    """Make amounts of a table be written as text."""
    return {name: _amount(source.c[name]) for name in names}


def _day(column: ColumnElement[Any]) -> ColumnMaker:
    return lambda _: statements.day_text(column)


def _amount(column: ColumnElement[Any]) -> ColumnMaker:
    return lambda _: money(column)


def equal(found: FromClause, column: str, name: str) -> ConditionMaker:
    """Compare a column with what is bound under a name."""
    return lambda _: found.c[column] == bindparam(name, type_=Text)


def coded(found: FromClause, column: str, version: str, name: str) -> ConditionMaker:
    """Compare a code and its version with what is bound under a name."""
    return lambda _: (
        (found.c[column] == bindparam(name, type_=Text))
        & (found.c[version] == bindparam(f"{name}_version", type_=Text))
    )


def aliases(table: Table) -> tuple[FromClause, FromClause]:
    """Give the two aliases that a source needs: for records and for what is found."""
    return table.alias("r"), table.alias("f")

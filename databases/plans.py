"""Fills the records of a dataset: a set of fields is planned once, rows then become values.

`make_fetch` and `make_search` join a register's description of its fields with its statements; a
register writes neither itself.
"""

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from databases import datasets, predicate_values
from databases.changes.versions import AsOf
from databases.datasets import FetchFunction, FetchResult, SearchFunction

Json = Any
Rows = Sequence[Sequence[Any]]
# Reads rows of last change, key, columns: by keys, or by predicates and their parameters.
ReadByKeys = Callable[[Session, Sequence[str], tuple[str, ...], AsOf], Rows]
ReadByPredicates = Callable[
    [Session, frozenset[str], Mapping[str, Any], tuple[str, ...], AsOf, int], Rows
]
_FIRST_COLUMN = 2  # a row starts with the last change and the key


@dataclass(frozen=True, slots=True)
class Reading:
    """How a field is read.

    Args:
        columns: names that the register's statements know.
        shape: takes the columns' values (None: the single value as it comes); where `dated` is
            set, first the state's `AsOf`.
        dated: whether the value depends on the day asked for.
    """

    columns: tuple[str, ...]
    shape: Callable[..., Json] | None = None
    dated: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """The columns that a set of fields needs and how each field is made of a row."""

    columns: tuple[str, ...]
    steps: tuple[tuple[str, tuple[int, ...], Callable[..., Json] | None, bool], ...]


def plan_fields(
    fields: frozenset[str],
    published: Mapping[str, datasets.Field],
    readings: Mapping[str, Reading],
) -> Plan:
    """Plan how a set of fields is read; a column that several need is read once.

    Args:
        fields: names asked for.
        published: the dataset's fields by name.
        readings: how each of them is read.

    Raises:
        FieldUnknown: a name is no field of the dataset.
    """
    datasets.require_fields(published, fields)
    wanted = {name: readings[name] for name in sorted(fields)}
    columns = tuple(dict.fromkeys(c for reading in wanted.values() for c in reading.columns))
    place = {column: position for position, column in enumerate(columns, start=_FIRST_COLUMN)}
    steps = tuple(
        (name, tuple(place[c] for c in reading.columns), reading.shape, reading.dated)
        for name, reading in wanted.items()
    )
    return Plan(columns, steps)


def make_fetch(
    published: Mapping[str, datasets.Field], readings: Mapping[str, Reading], read: ReadByKeys
) -> FetchFunction:
    """Make the `fetch` of a dataset; it raises `FieldUnknown` for a name that is no field.

    Args:
        published: the dataset's fields by name.
        readings: how each of them is read.
        read: the register's statement by keys.
    """
    plan_of = _planner(published, readings)

    def fetch(
        session: Session, keys: Sequence[str], fields: frozenset[str], as_of: AsOf
    ) -> FetchResult:
        plan = plan_of(fields)
        return fill(plan, read(session, keys, plan.columns, as_of), as_of)

    return fetch


def make_search(
    published: Mapping[str, datasets.Field],
    readings: Mapping[str, Reading],
    predicates: Mapping[str, datasets.Predicate],
    read: ReadByPredicates,
) -> SearchFunction:
    """Make the `search` of a dataset; without predicates it refuses every search.

    It raises FieldUnknown, PredicateUnknown, PredicatesTooWide and PredicateMalformed.

    Args:
        published: the dataset's fields by name.
        readings: how each of them is read.
        predicates: the dataset's predicates by name.
        read: the register's statement by predicates.
    """
    plan_of = _planner(published, readings)

    def search(
        session: Session,
        asked: Mapping[str, Any],
        fields: frozenset[str],
        as_of: AsOf,
        limit: int,
    ) -> FetchResult:
        datasets.require_predicates(predicates, asked)
        plan = plan_of(fields)
        parameters = predicate_values.read(predicates, asked)
        rows = read(session, frozenset(asked), parameters, plan.columns, as_of, limit)
        return fill(plan, rows, as_of)

    return search


def _planner(
    published: Mapping[str, datasets.Field], readings: Mapping[str, Reading]
) -> Callable[[frozenset[str]], Plan]:
    @functools.lru_cache(maxsize=1024)
    def plan(fields: frozenset[str]) -> Plan:
        return plan_fields(fields, published, readings)

    return plan


def fill(plan: Plan, rows: Rows, as_of: AsOf) -> FetchResult:
    """Make records of rows.

    Args:
        plan: whose columns the rows hold, after the last change and the key.
        rows: at least one; rows without a key stand for nothing found.
        as_of: the state that was read.
    """
    records = {row[1]: _record(plan, row, as_of) for row in rows if row[1] is not None}
    return FetchResult(int(rows[0][0]), records)


def coded(list_code: str, version: str | None, code: str | None) -> Json:
    """Write a code with its list and version; no code is no value."""
    return None if code is None else {"code": code, "list": list_code, "version": version}


def _record(plan: Plan, row: Sequence[Any], as_of: AsOf) -> dict[str, Json]:
    record: dict[str, Json] = {}
    for name, places, shape, dated in plan.steps:
        if shape is None:
            record[name] = row[places[0]]
        elif dated:
            record[name] = shape(as_of, *(row[place] for place in places))
        else:
            record[name] = shape(*(row[place] for place in places))
    return record

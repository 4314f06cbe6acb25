"""Reads the records of the dataset `citizen`: plans a set of fields once, then fills records."""

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from databases import datasets
from databases.changes.versions import AsOf
from databases.datasets import FetchResult
from population.datasets import fields as fields_module
from population.datasets import predicates as predicates_module
from population.datasets import shapes
from population.repository import reading


@dataclass(frozen=True, slots=True)
class _Plan:
    """The columns that a set of fields needs and how each field is made of a row."""

    columns: tuple[str, ...]
    steps: tuple[tuple[str, tuple[int, ...], Callable[..., Any] | None, bool], ...]


@functools.lru_cache(maxsize=1024)
def _plan(fields: frozenset[str]) -> _Plan:
    datasets.require_fields(fields_module.FIELDS, fields)
    readings = {name: shapes.READINGS[name] for name in sorted(fields)}
    columns = tuple(dict.fromkeys(c for r in readings.values() for c in r.columns))
    # A row starts with the last change and the key.
    place = {column: position for position, column in enumerate(columns, start=2)}
    steps = tuple(
        (name, tuple(place[c] for c in r.columns), r.shape, r.dated) for name, r in readings.items()
    )
    return _Plan(columns, steps)


def _record(plan: _Plan, row: Sequence[Any], as_of: AsOf) -> dict[str, Any]:
    record: dict[str, Any] = {}
    for name, places, shape, dated in plan.steps:
        if shape is None:
            record[name] = row[places[0]]
        elif dated:
            record[name] = shape(as_of, *(row[place] for place in places))
        else:
            record[name] = shape(*(row[place] for place in places))
    return record


def _result(plan: _Plan, rows: Sequence[Sequence[Any]], as_of: AsOf) -> FetchResult:
    change, *_ = rows[0]
    records = {key: _record(plan, row, as_of) for row in rows if (key := row[1]) is not None}
    return FetchResult(int(change), records)


def fetch(
    session: Session, keys: Sequence[str], fields: frozenset[str], as_of: AsOf
) -> FetchResult:
    """Read persons by number; a cancelled number finds the person who bore it.

    Args:
        session: reading session.
        keys: canonical numbers, at most a thousand.
        fields: names of fields; at least one.
        as_of: which state.

    Returns:
        records by the number as asked; `pin` in a record is the number that the person bears.

    Raises:
        FieldUnknown: a name is no field.
    """
    plan = _plan(fields)
    return _result(plan, reading.read_persons(session, keys, plan.columns, as_of), as_of)


def search(
    session: Session,
    predicates: Mapping[str, Any],
    fields: frozenset[str],
    as_of: AsOf,
    limit: int,
) -> FetchResult:
    """Read the persons that satisfy all predicates, in order of their numbers.

    Returns:
        at most `limit` records by number.

    Raises:
        FieldUnknown: a name is no field.
        PredicateUnknown: a name is no predicate.
        PredicatesTooWide: the predicates together do not narrow enough.
        PredicateMalformed: a value does not have the shape of its predicate.
    """
    plan = _plan(fields)
    datasets.require_predicates(predicates_module.PREDICATES, predicates)
    parameters: dict[str, Any] = {}
    for name, value in predicates.items():
        parameters.update(predicates_module.parameters(name, value))
    rows = reading.search_persons(
        session, frozenset(predicates), parameters, plan.columns, as_of, limit
    )
    return _result(plan, rows, as_of)

"""Reads records: plans a set of fields once, then fills them from rows."""

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from databases import datasets
from databases.changes.versions import AsOf
from databases.datasets import FetchResult
from enterprise.datasets import fields as fields_module
from enterprise.datasets import predicates as predicates_module
from enterprise.datasets import shapes
from enterprise.repository import answers


@dataclass(frozen=True, slots=True)
class _Plan:
    """The columns that a set of fields needs and how each field is made of a row."""

    columns: tuple[str, ...]
    steps: tuple[tuple[str, tuple[int, ...], Callable[..., Any] | None, bool], ...]


@functools.lru_cache(maxsize=1024)
def _plan(fields: frozenset[str], *, of_unit: bool = False) -> _Plan:
    published = fields_module.UNIT_FIELDS if of_unit else fields_module.ENTERPRISE_FIELDS
    known = shapes.UNIT if of_unit else shapes.ENTERPRISE
    datasets.require_fields(published, fields)
    readings = {name: known[name] for name in sorted(fields)}
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
    records = {row[1]: _record(plan, row, as_of) for row in rows if row[1] is not None}
    return FetchResult(int(rows[0][0]), records)


def fetch(
    session: Session, keys: Sequence[str], fields: frozenset[str], as_of: AsOf
) -> FetchResult:
    """Read enterprises by code.

    Args:
        session: reading session.
        keys: canonical codes of ten digits, at most a thousand.
        fields: names of fields; at least one.
        as_of: which state.

    Returns:
        records by code.

    Raises:
        FieldUnknown: a name is no field of the dataset.
    """
    plan = _plan(fields)
    return _result(plan, answers.read_enterprises(session, keys, plan.columns, as_of), as_of)


def fetch_units(
    session: Session, keys: Sequence[str], fields: frozenset[str], as_of: AsOf
) -> FetchResult:
    """Read branches and representative offices by 13-digit code.

    Raises:
        FieldUnknown: a name is no field of the dataset.
    """
    plan = _plan(fields, of_unit=True)
    return _result(plan, answers.read_dependent_units(session, keys, plan.columns, as_of), as_of)


def search(
    session: Session,
    predicates: Mapping[str, Any],
    fields: frozenset[str],
    as_of: AsOf,
    limit: int,
) -> FetchResult:
    """Read the enterprises that satisfy all predicates, in order of their codes.

    Returns:
        at most `limit` records by code.

    Raises:
        FieldUnknown: a name is no field of the dataset.
        PredicateUnknown: the dataset cannot be searched so.
        PredicatesTooWide: nothing narrow enough is given.
        PredicateMalformed: a value has the wrong shape.
    """
    datasets.require_predicates(predicates_module.PREDICATES, predicates)
    plan = _plan(fields)
    asked = predicates_module.parameters(predicates)
    rows = answers.search_enterprises(
        session, frozenset(predicates), asked, plan.columns, as_of, limit
    )
    return _result(plan, rows, as_of)


def search_units(
    session: Session,
    predicates: Mapping[str, Any],
    fields: frozenset[str],
    as_of: AsOf,
    limit: int,
) -> FetchResult:
    """Refuse: dependent units are found by their enterprise's field `dependent_units`.

    Raises:
        PredicateUnknown: always.
    """
    raise datasets.PredicateUnknown("Dependent units are found through their enterprise.")

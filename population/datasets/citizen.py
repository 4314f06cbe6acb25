"""Reads the records of the dataset `citizen`: plans a set of fields once, then fills records."""

import functools
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from databases import datasets, plans
from databases.changes.versions import AsOf
from databases.datasets import FetchResult
from databases.plans import Plan
from population.datasets import fields as fields_module
from population.datasets import predicates as predicates_module
from population.datasets import shapes
from population.repository import reading


@functools.lru_cache(maxsize=1024)
def _plan(fields: frozenset[str]) -> Plan:
    return plans.plan_fields(fields, fields_module.FIELDS, shapes.READINGS)


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
    return plans.fill(plan, reading.read_persons(session, keys, plan.columns, as_of), as_of)


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
    asked = predicates_module.parameters(predicates)
    rows = reading.search_persons(session, frozenset(predicates), asked, plan.columns, as_of, limit)
    return plans.fill(plan, rows, as_of)

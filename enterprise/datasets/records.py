"""Reads records: plans a set of fields once, then fills them from rows."""

import functools
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from databases import datasets, plans
from databases.changes.versions import AsOf
from databases.datasets import FetchResult
from databases.plans import Plan
from enterprise.datasets import fields as fields_module
from enterprise.datasets import predicates as predicates_module
from enterprise.datasets import shapes
from enterprise.repository import answers


@functools.lru_cache(maxsize=1024)
def _plan(fields: frozenset[str]) -> Plan:
    return plans.plan_fields(fields, fields_module.ENTERPRISE_FIELDS, shapes.ENTERPRISE)


@functools.lru_cache(maxsize=256)
def _unit_plan(fields: frozenset[str]) -> Plan:
    return plans.plan_fields(fields, fields_module.UNIT_FIELDS, shapes.UNIT)


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
    return plans.fill(plan, answers.read_enterprises(session, keys, plan.columns, as_of), as_of)


def fetch_units(
    session: Session, keys: Sequence[str], fields: frozenset[str], as_of: AsOf
) -> FetchResult:
    """Read branches and representative offices by 13-digit code.

    Raises:
        FieldUnknown: a name is no field of the dataset.
    """
    plan = _unit_plan(fields)
    return plans.fill(plan, answers.read_dependent_units(session, keys, plan.columns, as_of), as_of)


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
    return plans.fill(plan, rows, as_of)


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

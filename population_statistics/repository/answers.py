"""Reads what the register publishes: observations by key and by the dimensions of their series."""

import functools
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, Text, bindparam, cast, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from databases import statements
from databases.changes.versions import AsOf
from databases.statements import ColumnMaker, Statement
from population_statistics import tables

_o = tables.observation.alias("o")
HISTORY = "has_history"
_DERIVED: Mapping[str, ColumnMaker] = {
    "reference_day": lambda _: statements.day_text(_o.c.reference_day),
}


def _condition(name: str) -> ColumnElement[bool]:
    if name == "period_from":
        return _o.c.reference_day >= bindparam(name, type_=Date)
    if name == "period_to":
        return _o.c.reference_day <= bindparam(name, type_=Date)
    return _o.c[name] == cast(bindparam(name, type_=ARRAY(Text)), ARRAY(Text)).any_()


def _is_wanted(at_change: bool, has_history: bool) -> ColumnElement[bool]:
    if not has_history:
        return statements.is_held(_o, at_change)
    # Every vintage that was known at the change, those that have ended among them.
    last = bindparam("change", type_=Integer)
    return _o.c.from_change <= last if at_change else _o.c.from_change > 0


@functools.lru_cache(maxsize=1024)
def _statement(
    columns: tuple[str, ...], predicates: frozenset[str] | None, at_change: bool
) -> Statement:
    has_history = predicates is not None and HISTORY in predicates
    key: ColumnElement[str] = _o.c.observation_key
    if has_history:
        key = key + "/" + cast(_o.c.vintage, Text)
    found = select(
        key.label("key"), *statements.list_columns(_o, _DERIVED, columns, at_change)
    ).where(_is_wanted(at_change, has_history))
    if predicates is None:
        found = found.where(_o.c.observation_key == statements.asked_keys().any_())
    else:
        wanted = [_condition(name) for name in sorted(predicates - {HISTORY})]
        found = found.where(*wanted).order_by(key).limit(bindparam("limit", type_=Integer))
    return statements.render(found, head=tables.ledger.head)


_p = tables.publication.alias("p")
_OF_PUBLICATION: Mapping[str, ColumnMaker] = {
    "reference_day": lambda _: statements.day_text(_p.c.reference_day),
}


@functools.lru_cache(maxsize=64)
def _publication_statement(columns: tuple[str, ...], at_change: bool) -> Statement:
    key = statements.day_text(_p.c.reference_day)
    found = select(
        key.label("key"), *statements.list_columns(_p, _OF_PUBLICATION, columns, at_change)
    ).where(statements.is_held(_p, at_change), key == statements.asked_keys().any_())
    return statements.render(found, head=tables.ledger.head)


def read_publications(
    session: Session, keys: Sequence[str], columns: tuple[str, ...], as_of: AsOf
) -> Sequence[Sequence[Any]]:
    """Read publications by their days of counting, written YYYY-MM-DD.

    Returns:
        rows as of `read_observations`.
    """
    statement = _publication_statement(columns, as_of.change is not None)
    return statements.fetch_rows(session, statement, as_of, {"keys": list(keys)})


def read_observations(
    session: Session, keys: Sequence[str], columns: tuple[str, ...], as_of: AsOf
) -> Sequence[Sequence[Any]]:
    """Read observations by key as of a change.

    Returns:
        rows of last change, key, the columns; a single row without key when nothing was found.
    """
    statement = _statement(columns, None, as_of.change is not None)
    return statements.fetch_rows(session, statement, as_of, {"keys": list(keys)})


def search_observations(
    session: Session,
    predicates: frozenset[str],
    parameters: Mapping[str, Any],
    columns: tuple[str, ...],
    as_of: AsOf,
    limit: int,
) -> Sequence[Sequence[Any]]:
    """Read the observations that satisfy all predicates, in order of their keys.

    Returns:
        rows as of `read_observations`.
    """
    statement = _statement(columns, predicates, as_of.change is not None)
    return statements.fetch_rows(session, statement, as_of, {**parameters, "limit": limit})

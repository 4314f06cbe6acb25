"""Reads what the register publishes: one statement per question, only the columns it needs.

A statement is built and rendered once for each set of columns. Lists come as correlated subqueries
in a fixed order, so that the same state always gives the same bytes.
"""

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Dialect,
    FromClause,
    Integer,
    Select,
    Text,
    bindparam,
    cast,
    func,
    select,
    true,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import ARRAY, psycopg2
from sqlalchemy.orm import Session

from databases.changes.versions import AsOf
from enterprise import tables
from enterprise.repository import conditions

_DIALECT: Dialect = psycopg2.dialect()  # type: ignore[no-untyped-call]  # untyped upstream
_e = tables.enterprise.alias("e")
_u = tables.dependent_unit.alias("u")
_ADDRESS = (
    "street",
    "commune_code",
    "commune_version",
    "province_code",
    "address_as_written",
    "address_status",
)


def _day(column: ColumnElement[Any]) -> ColumnElement[str]:
    return func.to_char(column, "YYYY-MM-DD")


def _decimal(column: ColumnElement[Any]) -> ColumnElement[str]:
    """Write a number as text: JSON readers would round it."""
    return cast(func.trim_scale(column), Text)


def _address(source: FromClause) -> ColumnElement[Any]:
    # Candidates last: they are JSON already.
    parts = [*(source.c[part] for part in _ADDRESS), source.c.address_candidates]
    return func.json_build_array(*parts)


def _person(source: FromClause) -> list[ColumnElement[Any]]:
    return [
        source.c.party_ref,
        source.c.party_name,
        _day(source.c.birth_date),
        source.c.nationality_code,
        source.c.contact_address,
    ]


def _listed(
    source: FromClause,
    at_change: bool,
    entry: Sequence[ColumnElement[Any]],
    order: Sequence[ColumnElement[Any]],
    *,
    key: str = "enterprise_code",
    is_history: bool = False,
) -> ColumnElement[Any]:
    aggregated = postgresql.aggregate_order_by(func.json_build_array(*entry), *order)
    holds = (
        conditions.known(source, at_change) if is_history else conditions.holds(source, at_change)
    )
    return (
        select(func.json_agg(aggregated))
        .where(source.c[key] == _e.c.enterprise_code, holds)
        .scalar_subquery()
    )


def _industry_lines(at_change: bool) -> ColumnElement[Any]:
    line = tables.industry_line.alias("line")
    entry = [line.c.vsic_version, line.c.vsic_code, line.c.is_principal, line.c.detail]
    order = [line.c.is_principal.desc(), line.c.vsic_version, line.c.vsic_code]
    return _listed(line, at_change, entry, order)


def _representatives(at_change: bool) -> ColumnElement[Any]:
    source = tables.legal_representative.alias("representative")
    entry = [*_person(source), source.c.sex, source.c.title]
    return _listed(source, at_change, entry, [source.c.party_ref])


def _stake(source: FromClause) -> list[ColumnElement[Any]]:
    return [
        *_person(source),
        source.c.kind,
        _decimal(source.c.capital_share),
        _decimal(source.c.voting_share),
    ]


def _owners(at_change: bool) -> ColumnElement[Any]:
    source = tables.ownership.alias("own")
    entry = [
        *_stake(source),
        _decimal(source.c.contributed_amount),
        source.c.asset_kind,
        _day(source.c.contribution_due_on),
    ]
    return _listed(source, at_change, entry, [source.c.party_ref])


def _controllers(at_change: bool) -> ColumnElement[Any]:
    source = tables.control.alias("controller")
    entry = [*_person(source), source.c.means]
    return _listed(source, at_change, entry, [source.c.party_ref, source.c.means])


def _statuses(at_change: bool) -> ColumnElement[Any]:
    source = tables.status_period.alias("status")
    return _listed(source, at_change, [source.c.status_code], [source.c.status_code])


def _status_history(at_change: bool) -> ColumnElement[Any]:
    source = tables.status_period.alias("past_status")
    starts = func.lower(source.c.valid)
    entry = [
        source.c.status_code,
        _day(starts),
        _day(func.upper(source.c.valid)),
        source.c.reason,
        source.c.decided_by,
        source.c.decision_no,
    ]
    order = [starts, source.c.status_code]
    return _listed(source, at_change, entry, order, is_history=True)


def _dependent_units(at_change: bool) -> ColumnElement[Any]:
    source = tables.dependent_unit.alias("unit")
    entry = [
        source.c.unit_code,
        source.c.kind,
        source.c.name_vi,
        _day(source.c.registered_on),
        _address(source),
    ]
    return _listed(source, at_change, entry, [source.c.unit_code])


def _related(key: str, other: str, at_change: bool) -> ColumnElement[Any]:
    source = tables.succession.alias(f"succession_{key}")
    entry = [source.c[other], source.c.kind, _day(func.lower(source.c.valid))]
    return _listed(source, at_change, entry, [source.c[other]], key=key)


def _stakes_above(at_change: bool) -> ColumnElement[Any]:
    """Collect the stakes in the enterprise and in all above it; repeated ones end the walk."""
    first = tables.ownership.alias("stake")
    own = select(first).where(
        first.c.enterprise_code == _e.c.enterprise_code, conditions.holds(first, at_change)
    )
    above = own.correlate(_e).cte("above", recursive=True, nesting=True)
    upper = tables.ownership.alias("upper_stake")
    joined = above.join(upper, upper.c.enterprise_code == func.substr(above.c.party_ref, 12))
    further = (
        select(upper)
        .select_from(joined)
        .where(above.c.party_ref.like("enterprise:%"), conditions.holds(upper, at_change))
    )
    above = above.union(further)
    entry = func.json_build_array(above.c.enterprise_code, *_stake(above))
    order = (above.c.enterprise_code, above.c.party_ref)
    return select(func.json_agg(postgresql.aggregate_order_by(entry, *order))).scalar_subquery()


_DERIVED: Mapping[str, Callable[[bool], ColumnElement[Any]]] = {
    "head_office": lambda _: _address(_e),
    "charter_capital_amount": lambda _: _decimal(_e.c.charter_capital_amount),
    "share_par_value_amount": lambda _: _decimal(_e.c.share_par_value_amount),
    "state_share": lambda _: _decimal(_e.c.state_share),
    "foreign_share": lambda _: _decimal(_e.c.foreign_share),
    "registered_on": lambda _: _day(_e.c.registered_on),
    "industry_lines": _industry_lines,
    "representatives": _representatives,
    "owners": _owners,
    "controllers": _controllers,
    "statuses": _statuses,
    "status_history": _status_history,
    "dependent_units": _dependent_units,
    "predecessors": lambda at: _related("successor_code", "enterprise_code", at),
    "successors": lambda at: _related("enterprise_code", "successor_code", at),
    "stakes_above": _stakes_above,
}
_UNIT_DERIVED: Mapping[str, Callable[[bool], ColumnElement[Any]]] = {
    "address": lambda _: _address(_u),
    "registered_on": lambda _: _day(_u.c.registered_on),
}


def _found_codes(predicates: frozenset[str], at_change: bool) -> ColumnElement[Any]:
    wanted = [conditions.SEARCH[name](at_change) for name in sorted(predicates)]
    # Found first and ordered afterwards, or the planner walks all enterprises in order of codes.
    found = (
        select(conditions.FOUND.c.enterprise_code)
        .where(conditions.holds(conditions.FOUND, at_change), *wanted)
        .cte("found")
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )
    first = (
        select(found.c.enterprise_code)
        .order_by(found.c.enterprise_code)
        .limit(bindparam("limit", type_=Integer))
    )
    return func.array(first.scalar_subquery())


def _asked_keys() -> ColumnElement[Any]:
    return cast(bindparam("keys", type_=ARRAY(Text)), ARRAY(Text))


def _rendered(found: Select[Any]) -> tuple[str, Mapping[str, Any]]:
    inner = found.subquery("found_record")
    head = tables.ledger.head
    statement = select(head.c.last_change, inner).select_from(head.outerjoin(inner, true()))
    compiled = statement.compile(dialect=_DIALECT)
    return str(compiled), compiled.params


@functools.lru_cache(maxsize=1024)
def _enterprise_statement(
    columns: tuple[str, ...], predicates: frozenset[str] | None, at_change: bool
) -> tuple[str, Mapping[str, Any]]:
    """Render a statement once; its constants come along as parameters."""
    keys = _asked_keys() if predicates is None else _found_codes(predicates, at_change)
    read = [
        (_DERIVED[name](at_change) if name in _DERIVED else _e.c[name]).label(name)
        for name in columns
    ]
    return _rendered(
        select(_e.c.enterprise_code.label("key"), *read)
        .where(_e.c.enterprise_code == func.any(keys), conditions.holds(_e, at_change))
        .order_by(_e.c.enterprise_code)
    )


@functools.lru_cache(maxsize=256)
def _unit_statement(columns: tuple[str, ...], at_change: bool) -> tuple[str, Mapping[str, Any]]:
    read = [
        (_UNIT_DERIVED[name](at_change) if name in _UNIT_DERIVED else _u.c[name]).label(name)
        for name in columns
    ]
    codes = cast(bindparam("enterprise_codes", type_=ARRAY(Text)), ARRAY(Text))
    return _rendered(
        select(_u.c.unit_code.label("key"), *read).where(
            _u.c.enterprise_code == func.any(codes),
            _u.c.unit_code == func.any(_asked_keys()),
            conditions.holds(_u, at_change),
        )
    )


def _run(
    session: Session, statement: tuple[str, Mapping[str, Any]], given: Mapping[str, Any]
) -> Sequence[Sequence[Any]]:
    sql, constants = statement
    return session.connection().exec_driver_sql(sql, {**constants, **given}).fetchall()


def read_enterprises(
    session: Session, codes: Sequence[str], columns: tuple[str, ...], as_of: AsOf
) -> Sequence[Sequence[Any]]:
    """Read enterprises by code as of a day and a change.

    Args:
        session: reading session; one statement runs in it.
        codes: ten-digit codes.
        columns: columns of `enterprise`, or names of what is read beside them, see `_DERIVED`.
        as_of: which state.

    Returns:
        rows of last change, code, the columns; a single row whose code is None when none was found.
    """
    statement = _enterprise_statement(columns, None, as_of.change is not None)
    given = {"keys": list(codes), "valid_on": as_of.valid_on, "change": as_of.change}
    return _run(session, statement, given)


def read_dependent_units(
    session: Session, unit_codes: Sequence[str], columns: tuple[str, ...], as_of: AsOf
) -> Sequence[Sequence[Any]]:
    """Read branches and representative offices by their 13-digit codes; rows as for enterprises."""
    given = {
        "keys": list(unit_codes),
        "enterprise_codes": sorted({code[:10] for code in unit_codes}),
        "valid_on": as_of.valid_on,
        "change": as_of.change,
    }
    return _run(session, _unit_statement(columns, as_of.change is not None), given)


def search_enterprises(
    session: Session,
    predicates: frozenset[str],
    parameters: Mapping[str, Any],
    columns: tuple[str, ...],
    as_of: AsOf,
    limit: int,
) -> Sequence[Sequence[Any]]:
    """Read the enterprises that satisfy all predicates, in order of codes, at most `limit`."""
    statement = _enterprise_statement(columns, predicates, as_of.change is not None)
    given = {"valid_on": as_of.valid_on, "change": as_of.change, "limit": limit, **parameters}
    return _run(session, statement, given)

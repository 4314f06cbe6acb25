"""Reads what the register publishes: one statement per question, only the columns it needs.

A statement is built and rendered once for each set of columns. Lists come as correlated subqueries
in a fixed order, so that the same state always gives the same bytes.
"""

import functools
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Text,
    cast,
    func,
    select,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from databases import statements
from databases.changes.versions import AsOf
from databases.statements import ColumnMaker, Statement
from enterprise import tables
from enterprise.repository import conditions

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
        statements.day_text(source.c.birth_date),
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
    is_wanted = statements.is_known if is_history else statements.is_held
    return (
        select(func.json_agg(aggregated))
        .where(source.c[key] == _e.c.enterprise_code, is_wanted(source, at_change))
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
        statements.day_text(source.c.contribution_due_on),
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
        statements.day_text(starts),
        statements.day_text(func.upper(source.c.valid)),
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
        statements.day_text(source.c.registered_on),
        _address(source),
    ]
    return _listed(source, at_change, entry, [source.c.unit_code])


def _related(key: str, other: str, at_change: bool) -> ColumnElement[Any]:
    source = tables.succession.alias(f"succession_{key}")
    entry = [source.c[other], source.c.kind, statements.day_text(func.lower(source.c.valid))]
    return _listed(source, at_change, entry, [source.c[other]], key=key)


def _stakes_above(at_change: bool) -> ColumnElement[Any]:
    """Collect the stakes in the enterprise and in all above it; repeated ones end the walk."""
    first = tables.ownership.alias("stake")
    own = select(first).where(
        first.c.enterprise_code == _e.c.enterprise_code, statements.is_held(first, at_change)
    )
    above = own.correlate(_e).cte("above", recursive=True, nesting=True)
    upper = tables.ownership.alias("upper_stake")
    joined = above.join(upper, upper.c.enterprise_code == func.substr(above.c.party_ref, 12))
    further = (
        select(upper)
        .select_from(joined)
        .where(above.c.party_ref.like("enterprise:%"), statements.is_held(upper, at_change))
    )
    above = above.union(further)
    entry = func.json_build_array(above.c.enterprise_code, *_stake(above))
    order = (above.c.enterprise_code, above.c.party_ref)
    return select(func.json_agg(postgresql.aggregate_order_by(entry, *order))).scalar_subquery()


_DERIVED: Mapping[str, ColumnMaker] = {
    "head_office": lambda _: _address(_e),
    "charter_capital_amount": lambda _: _decimal(_e.c.charter_capital_amount),
    "share_par_value_amount": lambda _: _decimal(_e.c.share_par_value_amount),
    "state_share": lambda _: _decimal(_e.c.state_share),
    "foreign_share": lambda _: _decimal(_e.c.foreign_share),
    "registered_on": lambda _: statements.day_text(_e.c.registered_on),
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
_UNIT_DERIVED: Mapping[str, ColumnMaker] = {
    "address": lambda _: _address(_u),
    "registered_on": lambda _: statements.day_text(_u.c.registered_on),
}


def _found_codes(predicates: frozenset[str], at_change: bool) -> ColumnElement[Any]:
    wanted = [conditions.SEARCH[name](at_change) for name in sorted(predicates)]
    found = statements.found_keys(conditions.FOUND, "enterprise_code", wanted, at_change)
    return func.array(found.scalar_subquery())


@functools.lru_cache(maxsize=1024)
def _enterprise_statement(
    columns: tuple[str, ...], predicates: frozenset[str] | None, at_change: bool
) -> Statement:
    keys = statements.asked_keys() if predicates is None else _found_codes(predicates, at_change)
    read = statements.list_columns(_e, _DERIVED, columns, at_change)
    found = (
        select(_e.c.enterprise_code.label("key"), *read)
        .where(_e.c.enterprise_code == func.any(keys), statements.is_held(_e, at_change))
        .order_by(_e.c.enterprise_code)
    )
    return statements.render(found, head=tables.ledger.head)


@functools.lru_cache(maxsize=256)
def _unit_statement(columns: tuple[str, ...], at_change: bool) -> Statement:
    read = statements.list_columns(_u, _UNIT_DERIVED, columns, at_change)
    found = select(_u.c.unit_code.label("key"), *read).where(
        _u.c.enterprise_code == func.any(statements.asked_keys("enterprise_codes")),
        _u.c.unit_code == func.any(statements.asked_keys()),
        statements.is_held(_u, at_change),
    )
    return statements.render(found, head=tables.ledger.head)


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
    return statements.fetch_rows(session, statement, as_of, {"keys": list(codes)})


def read_dependent_units(
    session: Session, unit_codes: Sequence[str], columns: tuple[str, ...], as_of: AsOf
) -> Sequence[Sequence[Any]]:
    """Read branches and representative offices by their 13-digit codes; rows as for enterprises."""
    given = {
        "keys": list(unit_codes),
        "enterprise_codes": sorted({code[:10] for code in unit_codes}),
    }
    statement = _unit_statement(columns, as_of.change is not None)
    return statements.fetch_rows(session, statement, as_of, given)


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
    return statements.fetch_rows(session, statement, as_of, {**parameters, "limit": limit})

"""Reads parcels for what the register publishes: one statement per question."""

import functools
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Numeric, Text, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session

from databases import statements
from databases.changes.versions import AsOf
from databases.statements import ColumnMaker, ConditionMaker, Statement
from land import tables
from land.repository import geometry, listing

_p = tables.parcel.alias("p")
FOUND = tables.parcel.alias("f")


def _place(_: bool) -> ColumnElement[Any]:
    return func.json_build_array(
        _p.c.address_text, _p.c.commune_code, _p.c.commune_version, _p.c.province_code
    )


def _land_uses(at_change: bool) -> ColumnElement[Any]:
    use = tables.land_use.alias("use")
    entry = [
        use.c.regime,
        use.c.code,
        use.c.text_as_written,
        listing.decimal(use.c.area_m2),
        use.c.origin,
        use.c.is_common,
        statements.day_text(use.c.term_until),
    ]
    of_parcel = use.c.parcel_id == _p.c.parcel_id
    return listing.listed(use, at_change, entry, [use.c.line_no], of_parcel)


def _legal_spaces(at_change: bool) -> ColumnElement[Any]:
    space = tables.legal_space.alias("space")
    entry = [
        space.c.legal_space_id,
        space.c.kind,
        space.c.name,
        space.c.flat_no,
        space.c.storeys,
        listing.decimal(space.c.built_area_m2),
        listing.decimal(space.c.floor_area_m2),
        space.c.grade,
    ]
    of_parcel = space.c.parcel_id == _p.c.parcel_id
    return listing.listed(space, at_change, entry, [space.c.legal_space_id], of_parcel)


def _restrictions(at_change: bool) -> ColumnElement[Any]:
    limit = tables.restriction.alias("restriction")
    starts = statements.day_text(func.lower(limit.c.valid))
    entry = [limit.c.kind, limit.c.decided_by, limit.c.decision_no, limit.c.note, starts]
    of_parcel = limit.c.parcel_id == _p.c.parcel_id
    return listing.listed(limit, at_change, entry, [limit.c.restriction_id], of_parcel)


def _related(key: str, other: str, at_change: bool) -> ColumnElement[Any]:
    line = tables.lineage.alias(f"lineage_{key}")
    entry = [line.c[other], line.c.kind, statements.day_text(func.lower(line.c.valid))]
    of_parcel = line.c[key] == _p.c.parcel_id
    return listing.listed(line, at_change, entry, [line.c[other]], of_parcel)


_DERIVED: Mapping[str, ColumnMaker] = {
    "place": _place,
    "legal_area_m2": lambda _: listing.decimal(_p.c.legal_area_m2),
    "measured_area_m2": lambda _: listing.decimal(_p.c.measured_area_m2),
    "survey_accuracy_m": lambda _: listing.decimal(_p.c.survey_accuracy_m),
    "surveyed_on": lambda _: statements.day_text(_p.c.surveyed_on),
    "survey_shape": lambda _: geometry.survey_shape(_p),
    "land_uses": _land_uses,
    "legal_spaces": _legal_spaces,
    "restrictions": _restrictions,
    "ancestors": lambda at: _related("parcel_id", "ancestor_id", at),
    "descendants": lambda at: _related("ancestor_id", "parcel_id", at),
}


def _one_of(name: str) -> ConditionMaker:
    return lambda _: FOUND.c[name] == func.any(statements.asked_keys(name))


def _legal_area(_: bool) -> ColumnElement[bool]:
    least = bindparam("legal_area_least", type_=Numeric)
    most = bindparam("legal_area_most", type_=Numeric)
    return FOUND.c.legal_area_m2.between(least, most)


def _commune(_: bool) -> ColumnElement[bool]:
    """Select by the commune of today or, so that old papers find their parcel, the old one."""
    code, version = bindparam("commune", type_=Text), bindparam("commune_version", type_=Text)
    return or_(
        and_(FOUND.c.commune_code == code, FOUND.c.commune_version == version),
        and_(FOUND.c.old_commune_code == code, FOUND.c.old_commune_version == version),
    )


def _after(_: bool) -> ColumnElement[bool]:
    return FOUND.c.parcel_id > bindparam("after", type_=Text)


_SEARCH: Mapping[str, ConditionMaker] = {
    "after": _after,
    "bbox": lambda _: geometry.in_box(FOUND),
    "commune": _commune,
    "map_sheet_no": _one_of("map_sheet_no"),
    "parcel_no": _one_of("parcel_no"),
    "parcel_identifier": _one_of("parcel_identifier"),
    "legal_area": _legal_area,
}
# By these the parcels are few; without them they are walked in the order of their keys.
_NARROW = frozenset({"bbox", "commune", "parcel_identifier"})


def _found_ids(predicates: frozenset[str], at_change: bool) -> ColumnElement[Any]:
    wanted = [_SEARCH[name](at_change) for name in sorted(predicates)]
    if predicates & _NARROW:
        found = statements.found_keys(FOUND, "parcel_id", wanted, at_change)
    else:
        found = listing.walked_keys(FOUND, "parcel_id", wanted, at_change)
    return func.array(found.scalar_subquery())


@functools.lru_cache(maxsize=1024)
def _statement(
    columns: tuple[str, ...], predicates: frozenset[str] | None, at_change: bool
) -> Statement:
    keys = statements.asked_keys() if predicates is None else _found_ids(predicates, at_change)
    read = statements.list_columns(_p, _DERIVED, columns, at_change)
    found = (
        select(_p.c.parcel_id.label("key"), *read)
        .where(_p.c.parcel_id == func.any(keys), statements.is_held(_p, at_change))
        .order_by(_p.c.parcel_id)
    )
    return statements.render(found, head=tables.ledger.head)


def read_parcels(
    session: Session, parcel_ids: Sequence[str], columns: tuple[str, ...], as_of: AsOf
) -> Sequence[Sequence[Any]]:
    """Read parcels by name as of a day and a change.

    Args:
        session: reading session; one statement runs in it.
        parcel_ids: the register's own names.
        columns: columns of `parcel`, or names of what is read beside them, see `_DERIVED`.
        as_of: which state.

    Returns:
        rows of last change, name, the columns; a single row whose name is None when none was found.
    """
    statement = _statement(columns, None, as_of.change is not None)
    return statements.fetch_rows(session, statement, as_of, {"keys": list(parcel_ids)})


def search_parcels(
    session: Session,
    predicates: frozenset[str],
    parameters: Mapping[str, Any],
    columns: tuple[str, ...],
    as_of: AsOf,
    limit: int,
) -> Sequence[Sequence[Any]]:
    """Read the parcels that satisfy all predicates, in order of names, at most `limit`."""
    statement = _statement(columns, predicates, as_of.change is not None)
    return statements.fetch_rows(session, statement, as_of, {**parameters, "limit": limit})

"""Conditions of a search: which enterprises it wants."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Table,
    Text,
    and_,
    bindparam,
    func,
    literal_column,
    select,
)

from databases import statements
from databases.statements import ConditionMaker
from enterprise import tables

FOUND = tables.enterprise.alias("f")


def _exists(table: Table, at_change: bool, condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return (
        select(literal_column("1"))
        .where(
            table.c.enterprise_code == FOUND.c.enterprise_code,
            statements.is_held(table, at_change),
            condition,
        )
        .exists()
    )


def _equal(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    return column == bindparam(name, type_=Text)


def _contains(_: bool) -> ColumnElement[bool]:
    asked = bindparam("name_contains", type_=Text)
    return FOUND.c.name_key.contains(asked, autoescape=False)


def _in_place(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    version = _equal(FOUND.c.commune_version, f"{name}_version")
    return and_(_equal(column, name), version)


def _represented_by(at_change: bool) -> ColumnElement[bool]:
    table = tables.legal_representative
    wanted = table.c.party_ref == func.concat(
        "pin:", bindparam("legal_representative_pin", type_=Text)
    )
    return _exists(table, at_change, wanted)


def _in_industry(at_change: bool) -> ColumnElement[bool]:
    table = tables.industry_line
    wanted = and_(_equal(table.c.vsic_code, "vsic"), _equal(table.c.vsic_version, "vsic_version"))
    return _exists(table, at_change, wanted)


SEARCH: Mapping[str, ConditionMaker] = {
    "name": lambda _: _equal(FOUND.c.name_key, "name"),
    "name_contains": _contains,
    "province": lambda _: _in_place(FOUND.c.province_code, "province"),
    "commune": lambda _: _in_place(FOUND.c.commune_code, "commune"),
    "legal_type": lambda _: _equal(FOUND.c.legal_type, "legal_type"),
    "legal_representative_pin": _represented_by,
    "vsic": _in_industry,
}

"""Turns values into rows of the tables and back."""

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any

from databases import vietnamese
from finance import values

Columns = dict[str, Any]
_UNIT_SAME_NAME = (
    "unit_code", "name_vi", "chapter_code", "opened_on", "parent_unit_code", "agency_code",
    "tax_code", "closed_on",
)  # fmt: skip
# Columns that a value stands in, where they are not one of its own name.
_COLUMNS_OF: Mapping[str, tuple[str, ...]] = {
    "name": ("name", "name_key"),
    "name_vi": ("name_vi", "name_key"),
    "level": ("level_code",),
    "place": ("province_code", "commune_code", "commune_version"),
}


def named_columns(columns: Columns, names: Iterable[str]) -> Columns:
    """Give of a record's columns those in which some of its values stand."""
    wanted = {column for name in names for column in _COLUMNS_OF.get(name, (name,))}
    return {column: value for column, value in columns.items() if column in wanted}


def budget_id(unit_code: str, budget_year: int) -> str:
    """Name the budget of a unit and year."""
    return f"{unit_code}-{budget_year:04d}"


def unit_columns(unit: values.BudgetUnit) -> Columns:
    """Make the columns of a budget unit; the name's comparison key is made here."""
    return {
        **{name: getattr(unit, name) for name in _UNIT_SAME_NAME},
        **dataclasses.asdict(unit.place),
        "name_key": vietnamese.name_key(unit.name_vi),
        "kind": unit.kind.value,
        "level_code": unit.level.value,
    }


def unit_of(row: Mapping[str, Any]) -> values.BudgetUnit:
    """Read a budget unit of a row."""
    return values.BudgetUnit(
        **{name: row[name] for name in _UNIT_SAME_NAME},
        kind=values.UnitKind(row["kind"]),
        level=values.Level(row["level_code"]),
        place=_place_of(row),
    )


def _place_of(row: Mapping[str, Any]) -> values.Place:
    return values.Place(row["province_code"], row["commune_code"], row["commune_version"])


def line_columns(line: values.BudgetLine) -> Columns:
    """Make the columns of a budget line."""
    return dataclasses.asdict(line)


def line_of(row: Mapping[str, Any]) -> values.BudgetLine:
    """Read the budget line of a row."""
    return values.BudgetLine(
        row["category_code"], row["item_code"], row["programme_code"], row["source_code"]
    )


def entry_columns(entry: values.Entry, period_code: str) -> Columns:
    """Make the columns of a journal entry."""
    names = ("entry_no", "budget_year", "posted_on", "description", "ground_decision")
    return {
        **{name: getattr(entry, name) for name in names},
        "period_code": period_code,
        "ground": None if entry.ground is None else entry.ground.value,
    }


def entry_line_columns(entry: values.Entry, number: int, period_code: str) -> Columns:
    """Make the columns of a line of a journal entry; lines are counted from 1."""
    line = entry.lines[number - 1]
    return {
        "budget_id": budget_id(line.key.unit_code, entry.budget_year),
        "line_id": f"{entry.entry_no}/{number}",
        "entry_no": entry.entry_no,
        "period_code": period_code,
        "budget_key": str(line.key),
        "side": line.side.value,
        "effect": line.effect.value,
        "amount": line.amount,
        **line_columns(line.budget_line),
        "ground": None if entry.ground is None else entry.ground.value,
    }


def taxpayer_columns(taxpayer: values.Taxpayer) -> Columns:
    """Make the columns of a taxpayer; former codes have rows of their own."""
    names = ("taxpayer_code", "name", "tax_office_code", "registered_on")
    return {
        **{name: getattr(taxpayer, name) for name in names},
        "name_key": vietnamese.name_key(taxpayer.name),
        "kind": taxpayer.kind.value,
    }


def taxpayer_of(row: Mapping[str, Any]) -> values.Taxpayer:
    """Read a taxpayer of a row, without former codes."""
    names = ("taxpayer_code", "name", "tax_office_code", "registered_on")
    return values.Taxpayer(
        kind=values.TaxpayerKind(row["kind"]), **{name: row[name] for name in names}
    )


def declaration_columns(declaration: values.Declaration) -> Columns:
    """Make the columns of a customs declaration."""
    return {**dataclasses.asdict(declaration), "kind": declaration.kind.value}


def declaration_of(row: Mapping[str, Any]) -> values.Declaration:
    """Read a customs declaration of a row."""
    read = {field.name: row[field.name] for field in dataclasses.fields(values.Declaration)}
    return values.Declaration(**{**read, "kind": values.DeclarationKind(row["kind"])})


def asset_columns(asset: values.Asset) -> Columns:
    """Make the columns of a public asset."""
    columns = dataclasses.asdict(asset)
    place = columns.pop("place")
    return {**columns, **place, "kind": asset.kind.value}


def asset_of(row: Mapping[str, Any]) -> values.Asset:
    """Read a public asset of a row."""
    names = {field.name for field in dataclasses.fields(values.Asset)} - {"place", "kind"}
    return values.Asset(
        kind=values.AssetKind(row["kind"]),
        place=_place_of(row),
        **{name: row[name] for name in names},
    )

"""Writes answers about budgets as a Fiscal Data Package: tables with a descriptor."""

import csv
import hashlib
import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from command_line.exporter import crosswalk

_BUDGET, _CROSSWALK = "budget.csv", "crosswalk.csv"
_DECIDED: Final = {
    "estimates": "estimate",
    "allocations": "allocation",
    "settlements": "settlement",
}
_PROPOSAL = "A proposal, see crosswalk.csv; empty where none is made."
# name, type, column type of the Fiscal Data Package, description
_COLUMNS: Final = (
    ("budget_year", "integer", "date:fiscal-year", "Budget year."),
    ("unit_code", "string", "administrative-classification:generic:level2:code", "Spending unit."),
    ("chapter_code", "string", "administrative-classification:generic:level1:code", "Chapter."),
    ("level_code", "string", "budget-line-id", "Budget level, 1 to 4."),
    ("category_code", "string", "functional-classification:generic:level1:code", "Category."),
    ("cofog_code", "string", "functional-classification:cofog:division:code", _PROPOSAL),
    ("item_code", "string", "economic-classification:generic:level1:code",
     "Item or sub-item; 0000 stands for all items."),
    ("gfsm_code", "string", "economic-classification:gfsm:level1:code", _PROPOSAL),
    ("programme_code", "string", "activity:generic:program:code", "Target programme or project."),
    ("source_code", "string", "fin-source:generic:level1:code", "Nature of the source."),
    ("nomenclature", "string", "", "Version of the budget nomenclature that the codes are of."),
    ("phase", "string", "phase:id", "estimate, allocation, execution or settlement."),
    ("direction", "string", "direction", "revenue or expenditure."),
    ("amount", "number", "value", "Dong."),
)  # fmt: skip
_OPTIONAL = ("cofog_code", "gfsm_code")
_KEY = ("budget_year", "unit_code", "phase", "direction", "category_code", "item_code",
        "programme_code", "source_code")  # fmt: skip
_MEASURES: Final = {"amount": {"source": "amount", "resource": "budget", "currency": "VND"}}
# name, kinds of dimension and classification, columns with the key first
_DIMENSIONS: Final = (
    ("year", ("datetime",), ("budget_year",)),
    ("administration", ("classification", "administrative"),
     ("unit_code", "chapter_code", "level_code")),
    ("function", ("classification", "functional"), ("category_code", "cofog_code")),
    ("economy", ("classification", "economic"), ("item_code", "gfsm_code")),
    ("programme", ("activity",), ("programme_code",)),
    ("source", ("other",), ("source_code",)),
    ("phase", ("other",), ("phase",)),
    ("direction", ("other",), ("direction",)),
)  # fmt: skip
_CROSSWALK_COLUMNS = ("scheme", "list_code", "first", "last", "target", "title", "proposed_on",
                      "status", "confidence", "note")  # fmt: skip


@dataclass(frozen=True)
class State:
    """Which state of the register a package shows.

    Args:
        change: number of the last change that it knows of.
        valid_on: day for which it holds, YYYY-MM-DD.
    """

    budget_year: int
    change: int
    valid_on: str


def write(folder: Path, records: Iterable[Mapping[str, Any]], state: State) -> int:
    """Write the package into a folder; gives the number of rows of its main table.

    Args:
        records: of the dataset finance/budget_execution, with the fields that the table needs.
    """
    folder.mkdir(parents=True, exist_ok=True)
    names = [column[0] for column in _COLUMNS]
    count = 0
    with (folder / _BUDGET).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, names, lineterminator="\n")
        writer.writeheader()
        for record in records:
            for row in _rows(record):
                writer.writerow(row)
                count += 1
    shutil.copyfile(crosswalk.PATH, folder / _CROSSWALK)
    descriptor = json.dumps(_describe(folder, state), ensure_ascii=False, indent=2)
    (folder / "datapackage.json").write_text(descriptor + "\n", encoding="utf-8")
    return count


def _rows(record: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    shared = {
        "budget_year": record["budget_year"],
        "unit_code": record["unit_code"],
        "chapter_code": record["chapter"]["code"],
        "level_code": record["level"]["code"],
        "nomenclature": record["chapter"]["version"],
    }
    for field, phase in _DECIDED.items():
        for line in record[field]:
            yield {**shared, **_line(line), "phase": phase, "direction": "expenditure"}
    for line in record["execution"]:
        yield {**shared, **_line(line), "phase": "execution", "direction": line["effect"]}


def _line(line: Mapping[str, Any]) -> dict[str, Any]:
    category, item = line["category"]["code"], line["item"]["code"]
    return {
        "category_code": category,
        "cofog_code": crosswalk.find_target(crosswalk.COFOG, category),
        "item_code": item,
        "gfsm_code": crosswalk.find_target(crosswalk.GFSM, item),
        "programme_code": line["programme"],
        "source_code": line["source"]["code"],
        "amount": line["amount"],
    }


def _describe(folder: Path, state: State) -> dict[str, Any]:
    year = state.budget_year
    return {
        # What the published schema of Fiscal Data Packages asks for; no network is needed to check.
        "profile": "tabular-data-package",
        "name": f"budget-{year}",
        "title": f"State budget {year} by unit",
        "description": f"National database on finance at change {state.change}, for the day "
        f"{state.valid_on}. Columns of COFOG and GFSM 2014 are a proposal.",
        "version": f"{year}.0.{state.change}",
        "countryCode": "VN",
        "currencyCode": "VND",
        "granularity": "aggregated",
        "fiscalPeriod": {"start": f"{year}-01-01", "end": f"{year}-12-31"},
        "resources": [
            _resource(folder, _BUDGET, _schema()),
            _resource(folder, _CROSSWALK, _crosswalk_schema()),
        ],
        "model": {"measures": _MEASURES, "dimensions": _dimensions()},
    }


def _dimensions() -> dict[str, Any]:
    """Group the columns for readers of the Fiscal Data Package 0.3; later ones use column types."""
    return {
        name: {
            **dict(zip(("dimensionType", "classificationType"), kinds, strict=False)),
            "attributes": {column: {"source": column, "resource": "budget"} for column in columns},
            "primaryKey": columns[0],
        }
        for name, kinds, columns in _DIMENSIONS
    }


def _resource(folder: Path, file_name: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    content = (folder / file_name).read_bytes()
    return {
        "name": file_name.removesuffix(".csv"),
        "path": file_name,
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "schema": schema,
    }


def _schema() -> dict[str, Any]:
    fields = []
    for name, kind, column_type, description in _COLUMNS:
        described: dict[str, Any] = {"name": name, "type": kind, "description": description}
        if column_type:
            described["columnType"] = column_type
        if name not in _OPTIONAL:
            described["constraints"] = {"required": True}
        fields.append(described)
    return {"fields": fields, "primaryKey": list(_KEY), "missingValues": [""]}


def _crosswalk_schema() -> dict[str, Any]:
    fields = [
        {"name": name, "type": "date" if name == "proposed_on" else "string"}
        for name in _CROSSWALK_COLUMNS
    ]
    return {
        "fields": fields,
        "primaryKey": ["scheme", "list_code", "first"],
        "missingValues": [""],
    }

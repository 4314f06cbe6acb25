"""The dataset `person_count`: counts by cells, computed here so that no person leaves the register.

A record is one table of counts of the whole country; its key is the name of the table. Small cells
are still confidential: an agreement about it is for the statistics office, which protects them.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from databases import datasets, errors
from databases.changes.versions import AsOf
from databases.datasets import Dataset, FetchResult, Field
from population.repository import person_counts

_LAW = (
    "Law on Statistics 89/2015/QH13 as amended in 2021: use of administrative data for statistics"
)


class UnknownCountTable(errors.Invalid):
    """There is no table of counts of that name."""

    code = "population.unknown_count_table"


FIELDS: Mapping[str, Field] = {
    field.name: field
    for field in (
        Field(
            "table",
            "text",
            "basic",
            (),
            ("full",),
            None,
            _LAW,
            "Bảng",
            "Name of the table of counts.",
        ),
        Field(
            "columns",
            "list",
            "basic",
            (),
            ("full",),
            None,
            _LAW,
            "Các chiều",
            "Dimensions of a cell, in order; the count comes after them.",
        ),
        Field(
            "cells",
            "list",
            "sensitive",
            (),
            ("full",),
            None,
            _LAW,
            "Các ô",
            "Cells that are not empty: code in each dimension, then the count.",
        ),
    )
}


def _require_table(text: str) -> str:
    if text not in person_counts.TABLES:
        listed = ", ".join(person_counts.TABLES)
        raise UnknownCountTable.of_field("key", "count_table.unknown", f"Name one of: {listed}.")
    return text


def _fetch(
    session: Session, keys: Sequence[str], fields: frozenset[str], as_of: AsOf
) -> FetchResult:
    datasets.require_fields(FIELDS, fields)
    last_change = person_counts.read_last_change(session)
    change = last_change if as_of.change is None else as_of.change
    cells: Mapping[str, object] = {}
    if "cells" in fields:
        cells = person_counts.count_cells(session, keys, as_of, change)
    records = {}
    for key in keys:
        table = person_counts.TABLES[key]
        record = {"table": key, "columns": list(table.columns), "cells": cells.get(key)}
        records[key] = {name: record[name] for name in sorted(fields)}
    return FetchResult(last_change, records)


PERSON_COUNT = Dataset(
    name="person_count",
    register="population",
    key="table",
    key_rule=_require_table,
    fields=FIELDS,
    predicates={},
    standard="person_count",
    standard_version="1.0",
    fetch=_fetch,
    search=datasets.refuse_searches("Look a table of counts up by its name."),
    territory_of=(),
    is_personal=False,
)

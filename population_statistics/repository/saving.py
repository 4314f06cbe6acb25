"""Writes publications: the figures of a vintage take the place of those of the one before."""

import csv
import dataclasses
import io
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from databases import periods
from databases.changes import versions
from population_statistics import tables
from population_statistics.values import (
    RULE_VERSION,
    Figure,
    Kept,
    Publication,
    Source,
    Witness,
)

_FREQUENCY = "A"
_ALWAYS = "(,)"


def save_publication(
    session: Session, publication: Publication, source: Source, *, vintage: int, change: int
) -> None:
    """Write a publication; that of the former vintage ends."""
    day = publication.reference_day
    ends = tables.publication.c.reference_day == day
    versions.end_where(session, tables.publication, ends, change=change)
    ends = tables.observation.c.reference_day == day
    versions.end_where(session, tables.observation, ends, change=change)
    common = {
        "time_period": publication.period,
        "reference_day": day,
        "vintage": vintage,
        "population_change": source.population_change,
        "rule_version": RULE_VERSION,
        "source_receipt": source.receipt,
        "valid": periods.period(None),
    }
    row = {
        **common,
        "witnesses": {name: _witnesses(kept) for name, kept in publication.kept.items()},
        "basis": {name: _basis(kept) for name, kept in publication.kept.items()},
        "budgets": [dataclasses.asdict(budget) for budget in publication.budgets],
    }
    versions.add(session, tables.publication, [row], change=change)
    common |= {"valid": _ALWAYS, "from_change": change}
    _copy(session, [{**_columns(figure, day), **common} for figure in publication.figures])


def _copy(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write observations in one statement: inserted, ten thousands of them take seconds more."""
    if not rows:
        return
    names = list(rows[0])
    written = io.StringIO()
    csv.writer(written).writerows([row[name] for name in names] for row in rows)
    written.seek(0)
    statement = f"COPY {tables.observation.fullname} ({', '.join(names)}) FROM STDIN (FORMAT csv)"
    connection: Any = session.connection().connection
    with connection.cursor() as cursor:
        cursor.copy_expert(statement, written)


def read(witnesses: Mapping[str, list[Any]], basis: Mapping[str, Any]) -> dict[str, Kept]:
    """Read what `save_publication` kept of each table."""
    return {
        name: Kept(
            {tuple(cell): count for *cell, count in one["counts"]},
            tuple(_read_witness(some) for some in witnesses[name]),
            frozenset(one["provinces"]),
            frozenset(one["country"]),
        )
        for name, one in basis.items()
    }


def _read_witness(written: list[Any]) -> Witness:
    return {tuple(cell): shift for cell, shift in written}


def _witnesses(kept: Kept) -> list[list[Any]]:
    """Write witnesses as lists: the order of cells matters, objects would lose it."""
    return [[[list(cell), shift] for cell, shift in witness.items()] for witness in kept.witnesses]


def _basis(kept: Kept) -> dict[str, Any]:
    return {
        "counts": [[*cell, count] for cell, count in kept.counts.items()],
        "provinces": sorted(kept.provinces),
        "country": sorted(kept.country),
    }


def series(figure: Figure) -> str:
    """Give the flow and the series key of a figure."""
    key = (
        _FREQUENCY,
        figure.ref_area,
        figure.indicator,
        figure.sex,
        figure.age,
        figure.urbanisation,
        figure.marital_status,
        figure.ethnicity,
    )
    return f"{figure.flow}/{'.'.join(key)}"


def _columns(figure: Figure, day: date) -> dict[str, Any]:
    return {
        "observation_key": f"{series(figure)}/{day.isoformat()}",
        "flow": figure.flow,
        "freq": _FREQUENCY,
        "ref_area": figure.ref_area,
        "indicator": figure.indicator,
        "sex": figure.sex,
        "age": figure.age,
        "urbanisation": figure.urbanisation,
        "marital_status": figure.marital_status,
        "ethnicity": figure.ethnicity,
        "obs_value": figure.value,
        "unit_measure": figure.unit,
        "decimals": figure.decimals,
        "obs_status": figure.status,
        "area_version": figure.area_version,
    }

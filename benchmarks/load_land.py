"""What the benchmark of loads can load into the land register: shapes, and the 49-column form."""

import json
import math
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import Engine

from benchmarks.load_subjects import ON, RECORDED_AT, ROOT, Progress, Subject, committed
from command_line import land_layout, land_load, land_shapes
from command_line.progress import count_workers
from databases.changes.ledger import Act
from databases.code_lists import catalogue as catalogues
from databases.code_lists import reading, repository
from databases.loading import mapping as mappings
from land import tables
from sample_country import country, land_form

_ACT = Act("land.loaded", RECORDED_AT, "benchmark", "a benchmark", "none", "invented")
_GROUND = land_layout.Ground(5897, (646_000, 2_201_000), "00008", 0.05)
_FORM = ROOT / "land" / "mappings" / "clean_up_form.toml"
_PERSONS_TO_A_ROW = 2  # enough of them own land for so many rows
_LEAST_COUNTRY, _SEED = 10_000, 1945


def write_parcels(path: Path, rows: int, catalogue: catalogues.Catalogue) -> None:
    """Invent a grid of parcels whose corners are pushed to and fro; neighbours share them."""
    columns = math.ceil(rows**0.5)

    def corner(i: int, j: int) -> list[float]:
        east = 0.0003 * i + 0.00005 * math.sin(i * 12.9 + j * 78.2)
        return [20 + east, 47 + 0.0002 * j + 0.00004 * math.cos(i * 39.3 + j * 11.1)]

    with path.open("w", encoding="utf-8") as file:
        for row in range(rows):
            i, j = row % columns, row // columns
            around = ((i, j), (i + 1, j), (i + 1, j + 1), (i, j + 1), (i, j))
            ring = [corner(*place) for place in around]
            geometry = {"type": "Polygon", "coordinates": [ring]}
            file.write(json.dumps({"id": str(row), "geometry": geometry}) + "\n")


def load_parcels(
    engine: Engine, source: Path, catalogue: catalogues.Catalogue, progress: Progress
) -> Mapping[str, int]:
    """Load shapes as `./natdb load parcels` does."""
    laid = land_layout.lay_out_file(source, _GROUND, count_workers())
    progress("laying out", len(laid), len(laid))
    with committed(engine) as session:
        outcomes = land_shapes.register(session, _ACT, laid, _GROUND, on=ON)
    return Counter(
        "refused" if one.problems else "inserted" if one.is_new else "unchanged" for one in outcomes
    )


def write_form(path: Path, rows: int, catalogue: catalogues.Catalogue) -> None:
    """Fill in the form from a sample country, dirty rows among them."""
    size = max(_LEAST_COUNTRY, rows * _PERSONS_TO_A_ROW)
    drawn = country.generate(catalogue, size=size, seed=_SEED)
    land_form.write(land_form.fill_in(drawn, rows=rows), path)


def load_form(
    engine: Engine, source: Path, catalogue: catalogues.Catalogue, progress: Progress
) -> Mapping[str, int]:
    """Load the form as `./natdb load land` does; outcomes are of parcels."""
    found = land_load.read_form(source, mappings.read_mapping(_FORM), catalogue, ON)
    progress("reading", found.total, found.total)
    with committed(engine) as session:
        outcomes = land_load.record(session, _ACT, found, catalogue, ON)
    return Counter(one.outcome for one in outcomes)


def install_lists(engine: Engine, rows: int) -> None:
    """Install the code lists: uses of land are looked up in them."""
    with committed(engine) as session:
        repository.install(session, reading.load_catalogue(), code_tables=tables.code_lists)


LAND = {
    "parcels": Subject("land", ("parcel",), load_parcels, write_parcels, install_lists),
    "land_form": Subject(
        "land",
        (
            "parcel",
            "land_use",
            "land_right",
            "right_holder",
            "source",
            "certificate",
            "certificate_right",
        ),
        load_form,
        write_form,
        install_lists,
    ),
}

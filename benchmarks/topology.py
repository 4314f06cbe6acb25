"""The topology check of a parcel against a whole register, and of all parcels of a commune.

python -m benchmarks.topology --sizes 100000 1000000
"""

import argparse
import json
import random
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

from benchmarks import land_site, site
from databases import periods
from databases.sessions import Databases
from land.repository import geometry
from land.rules.topology import overlaps, shapes
from land.rules.topology.measured import Measured

_CHECKS = 1_000
_SHEETS = (2_000, 4_000, 8_000, 16_000)
_ON = date(2026, 1, 1)

Figures = dict[str, Any]


def check_parcels(session: Session, size: int) -> Figures:
    """Check parcels as a registration does: the shape, then its neighbours in the database."""
    draw = random.Random(site.SEED)
    names = [f"B{draw.randrange(round(size**0.5) ** 2):09}" for _ in range(_CHECKS)]
    taken = []
    for parcel in geometry.list_measured(session, names, on=_ON):
        start = time.perf_counter()
        shapes.require_shape(parcel.shape, srid=parcel.srid)
        around = geometry.list_neighbours(session, parcel.shape, valid=periods.period(_ON))
        found = overlaps.find_overlaps(parcel, around)
        taken.append(1000 * (time.perf_counter() - start))
        if found or len(around) < 3:
            raise AssertionError(parcel.parcel_id)
    p50, p95, p99 = np.percentile(taken, (50, 95, 99)).tolist()
    return {"what": "a parcel against the register", "size": size, "p50": p50, "p95": p95,
            "p99": p99}  # fmt: skip


def check_sheets(session: Session) -> list[Figures]:
    """Check all parcels of sheets that double in size with each other."""
    names = [f"B{number:09}" for number in range(max(_SHEETS))]
    parcels = geometry.list_measured(session, names, on=_ON)
    rows = []
    for count in _SHEETS:
        seconds = _time(overlaps.find_overlaps_among, parcels[:count])
        rows.append({"what": "a commune", "size": count, "seconds": seconds,
                     "microseconds_each": 1e6 * seconds / count})  # fmt: skip
    return rows


def _time(work: Callable[[Sequence[Measured]], object], parcels: Sequence[Measured]) -> float:
    start = time.perf_counter()
    if work(parcels):
        raise AssertionError("the tessellation overlaps")
    return time.perf_counter() - start


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[100_000])
    parser.add_argument("--out", type=Path, help="write the rows as JSON")
    arguments = parser.parse_args()
    print(site.machine())
    rows: list[Figures] = []
    for size in arguments.sizes:
        databases = Databases(land_site.prepare(size), "benchmark")
        with databases.reading("land") as session:
            rows += [check_parcels(session, size), *check_sheets(session)]
        databases.dispose()
    for row in rows:
        print(row)
    if arguments.out:
        arguments.out.write_text(json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()

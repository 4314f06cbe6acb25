"""How long the statistics take: counting, protecting and publishing, and reading from the store.

The full national table is province by marital status by sex by group of five years.

    python -m benchmarks.statistics --size 100000
"""

import argparse
import json
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from benchmarks import site
from databases.changes.ledger import Act
from databases.changes.versions import AsOf
from databases.sessions import Databases
from population.datasets.person_count import PERSON_COUNT
from population_statistics import datasets, service
from population_statistics.values import CountTable, Source

ROUNDS = 20
_TABLE_FIELDS = frozenset({"ref_area", "sex", "age", "marital_status", "obs_value", "obs_status"})


def _timed(call: Callable[[], Any]) -> tuple[Any, float]:
    start = time.perf_counter()
    result = call()
    return result, time.perf_counter() - start


def _count(databases: Databases, names: list[str], on: date) -> tuple[dict[str, CountTable], int]:
    wanted = frozenset({"table", "columns", "cells"})
    with databases.reading("population") as session:
        found = PERSON_COUNT.fetch(session, names, wanted, AsOf(on))
    tables = {
        name: CountTable(
            tuple(record["columns"]),
            {
                tuple("" if c is None else str(c) for c in cell[:-1]): cell[-1]
                for cell in record["cells"]
            },
        )
        for name, record in found.records.items()
    }
    return tables, found.change


def _publish(databases: Databases, on: date) -> None:
    counts, change = _count(databases, list(service.COUNT_TABLES), on)
    before, _ = _count(databases, ["persons_by_age"], service.year_before(on))
    counts[service.BEFORE] = before["persons_by_age"]
    act = Act("", datetime.now(UTC), "benchmark", "a measurement", "none", "none")  # noqa: TID251  now
    with databases.writing("population_statistics") as session:
        service.register_publication(
            session, act=act, reference_day=on, counts=counts, source=Source(change, "none")
        )


def _read(databases: Databases, on: date) -> int:
    areas = [f"2025-{code:02d}" for code in range(1, 97)]
    groups = [*(f"Y{low}T{low + 4}" for low in range(0, 85, 5)), "Y_GE85"]
    asked = {
        "flow": "POPULATION",
        "indicator": "POP",
        "ref_area": areas,
        "sex": ["M", "F"],
        "age": groups,
        "marital_status": ["S", "M", "W", "D", "_U"],
        "period_from": on.isoformat(),
        "period_to": on.isoformat(),
    }
    with databases.reading("population_statistics") as session:
        found = datasets.OBSERVATION.search(
            session, asked, _TABLE_FIELDS, AsOf(on + timedelta(days=1)), 100_000
        )
    return len(found.records)


def measure(databases: Databases, on: date) -> dict[str, float | int]:
    """Measure one round of each, in seconds; reading is the median of several."""
    _, table = _timed(lambda: _count(databases, ["persons_by_age"], on))
    _, published = _timed(lambda: _publish(databases, on))
    reads = sorted(_timed(lambda: _read(databases, on))[1] for _ in range(ROUNDS))
    return {
        "count_national_table_s": round(table, 2),
        "count_protect_publish_everything_s": round(published, 2),
        "read_national_table_s": round(reads[ROUNDS // 2], 4),
        "cells_read": _read(databases, on),
    }


def main() -> None:
    """Prepare the site, measure, print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=100_000)
    parser.add_argument("--day", type=date.fromisoformat, default=date(2026, 7, 1))
    options = parser.parse_args()
    databases = Databases(site.prepare(options.size), "natdb-benchmark")
    print(
        json.dumps(
            {"machine": site.machine(), "size": options.size, **measure(databases, options.day)}
        )
    )
    databases.dispose()


if __name__ == "__main__":
    main()

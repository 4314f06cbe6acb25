"""How fast whole datasets are read through the corridor, against a bare cursor; and a comparison.

The peer reads the same columns of the same persons with a server-side cursor and makes a dict of
each row: no decision, no key of resumption, nothing minimised, nothing logged.

    python -m benchmarks.walks --size 100000
"""

import argparse
import dataclasses
import gc
import multiprocessing
import resource
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime
from typing import Any

from benchmarks import site
from databases.changes.versions import AsOf
from databases.settings import Settings
from sharing_api import app, bootstrap
from sharing_api.consistency import sources
from sharing_api.consistency.repository import working_set
from sharing_api.consistency.worklist import Worklist
from sharing_api.disclosure.corridor import Corridor
from sharing_api.disclosure.in_house import Desk, Errand, Scope

_CLIENT = "consistency"
_COLUMNS = (
    "p.pin, p.full_name, p.birth_date, p.birth_precision, p.sex, p.loss_kind, p.loss_date,"
    " p.old_id_9, r.street, r.commune_code, r.commune_version, r.province_code"
)
_PEER = (
    f"SELECT {_COLUMNS} FROM population.person p LEFT JOIN population.residence r"  # noqa: S608  constants
    " ON r.pin = p.pin AND r.kind = 'permanent' AND r.to_change IS NULL AND r.valid @> %(on)s"
    " WHERE p.to_change IS NULL AND p.valid @> %(on)s ORDER BY p.pin"
)
_CITIZEN = "population/citizen"


def _errand() -> Errand:
    basis = bootstrap.usual_legal_basis(_CLIENT)
    return Errand(_CLIENT, "benchmark", "registers.consistency", basis, "benchmark")


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251  a benchmark happens now


def _scope(dataset: str, on: date) -> Scope:
    source = sources.BY_DATASET[dataset]
    fields = source.fields
    if dataset == _CITIZEN:
        fields = (*fields, "birth_full_name")  # eight fields
    return Scope(dataset, fields, source.joined_with, on)


def _walk(desk: Desk, scope: Scope) -> tuple[int, float]:
    start = time.perf_counter()
    count = sum(len(page.records) for page in desk.read_all(_errand(), scope))
    return count, time.perf_counter() - start


def _peer(corridor: Corridor, on: date) -> tuple[int, float]:
    start = time.perf_counter()
    connection = corridor.databases.engine("population", "service").raw_connection()
    driver: Any = connection.dbapi_connection
    with driver.cursor(name="peer") as cursor:
        cursor.itersize = 2_000
        cursor.execute(_PEER, {"on": on})
        count, names = 0, None
        for row in cursor:
            names = names or [column.name for column in cursor.description]
            count += bool(dict(zip(names, row, strict=True)))
    connection.close()
    return count, time.perf_counter() - start


def _print(what: str, count: int, seconds: float, note: str = "") -> None:
    print(f"{what:44} {count:10,} {seconds:8.1f} s {count / seconds:10,.0f}/s  {note}")


def _print_memory(what: str) -> None:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{what:44} {peak:10,.0f} MiB")


def measure(settings: Settings) -> None:
    """Measure walks of all datasets, the peer, and a comparison of all registers."""
    gc.set_threshold(100_000)
    on = _now().date()
    with app.open_corridor(settings) as corridor:
        desk = Desk(corridor, _now)
        _walk(desk, dataclasses.replace(_scope(_CITIZEN, on), as_of=1))  # statements, connections
        _print_memory("memory before the walks")
        bare, bare_seconds = _peer(corridor, on)
        _print("bare cursor, citizens", bare, bare_seconds)
        for source in sources.SOURCES:
            count, seconds = _walk(desk, _scope(source.dataset, on))
            note = ""
            if source.dataset == _CITIZEN:
                note = f"ratio {(count / seconds) / (bare / bare_seconds):.2f}"
            _print(source.dataset, count, seconds, note)
        last = next(desk.read_all(_errand(), _scope(_CITIZEN, on))).change
        count, seconds = _walk(
            desk, dataclasses.replace(_scope(_CITIZEN, on), since=AsOf(on, last))
        )
        print(f"{'citizens since the last change':44} {count:10,} {seconds:8.1f} s")
        _print_memory("highest memory of the walks")
        with corridor.databases.writing("exchange") as session:
            working_set.forget(session, version=0)  # the first run reads everything
        worklist = Worklist(corridor, _errand(), _now)
        for what in ("first run of the comparison", "next run"):
            start = time.perf_counter()
            done = worklist.run()
            seconds = time.perf_counter() - start
            _print(what, done.records, seconds, f"{done.subjects:,} subjects judged")
        _print_memory("highest memory of the comparison")


def main() -> None:
    """Measure one size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=100_000)
    print(site.machine())
    # Drawn in a process of its own: its memory is none of the walks'.
    size = parser.parse_args().size
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as other:
        settings = other.submit(site.prepare, size).result()
    measure(settings)


if __name__ == "__main__":
    main()

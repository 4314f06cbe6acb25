"""Measures a load (file → validated → history → committed) against a plain COPY of the same rows.

Both run in one session on the same server. The rows are invented here. COPY writes the very rows
that the load recorded, in the same order, into tables with the same constraints and indexes; it
neither reads the source file, nor checks a cell, nor compares with what is there.

    python -m benchmarks.load --rows 100000 --rows 1000000
    python -m benchmarks.load --of spells --rows 100000
    python -m benchmarks.load --of parcels --rows 10000

The server is named by NATDB_TEST_CLUSTER_URL (a superuser's URL); the scratch database is dropped.
"""

import argparse
import contextlib
import os
import platform
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import URL, Engine, NullPool, create_engine, make_url, text

from benchmarks.load_land import LAND
from benchmarks.load_subjects import STAGED, Subject
from databases import settings as settings_module
from databases.code_lists import catalogue as catalogues
from databases.code_lists import reading
from databases.local_cluster import sites

ROOT = Path(__file__).resolve().parent.parent
SUBJECTS = {**STAGED, **LAND}
SCRATCH = "natdb_benchmark_load"
GOAL = 0.5
# Validity that must not overlap is a constraint written as a trigger: LIKE does not take it along.
_CONSTRAINTS = """
SELECT pg_get_triggerdef(t.oid) FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
WHERE t.tgrelid = (:register || '.' || :table)::regclass AND p.proname = 'check_no_overlap'
"""


@dataclass(frozen=True)
class Figure:
    """What was measured at one size."""

    rows: int
    recorded: int
    load_s: float
    again_s: float
    copy_s: float

    @property
    def ratio(self) -> float:
        """Speed of the load in parts of COPY's."""
        return self.copy_s / self.load_s


@contextlib.contextmanager
def scratch_database(cluster: URL, register: str) -> Iterator[Engine]:
    """Make a database at the newest migration and drop it afterwards."""
    admin = create_engine(cluster, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        for role in ("owner", "service", "reader"):
            name = f"{register}_{role}"
            known = connection.execute(
                text("SELECT 1 FROM pg_roles WHERE rolname = :name"), {"name": name}
            )
            if known.scalar() is None:
                connection.execute(text(f"CREATE ROLE {name}"))
        connection.execute(text(f"DROP DATABASE IF EXISTS {SCRATCH} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {SCRATCH} OWNER {register}_owner"))
    engine = create_engine(cluster.set(database=SCRATCH), poolclass=NullPool)
    try:
        with engine.begin() as connection:
            for extension in sites.needed_extensions(register):
                connection.execute(text(f"CREATE EXTENSION {extension}"))
            if register in settings_module.NEEDS_POSTGIS:
                connection.execute(text(f"GRANT INSERT ON spatial_ref_sys TO {register}_owner"))
        config = Config(ROOT / "alembic.ini", ini_section=register)
        config.attributes["url"] = engine.url.render_as_string(hide_password=False)
        command.upgrade(config, "head")
        yield engine
    finally:
        engine.dispose()
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {SCRATCH} WITH (FORCE)"))


def measure_load(
    engine: Engine, subject: Subject, source: Path, catalogue: catalogues.Catalogue
) -> float:
    """Load the file as the command line does, from opening it to the commit; seconds."""
    steps: dict[str, float] = {}
    start = time.perf_counter()

    def note(step: str, done: int, expected: int) -> None:
        steps[step] = time.perf_counter() - start

    outcomes = subject.load(engine, source, catalogue, note)
    took = time.perf_counter() - start
    reached = ", ".join(f"{step} {at:.1f}" for step, at in steps.items())
    print(f"    {dict(outcomes)}; seconds at the last sign of each step: {reached or 'none'}")
    return took


def measure_copy(engine: Engine, subject: Subject, folder: Path) -> tuple[float, int]:
    """COPY the recorded rows into tables made alike; seconds and number of rows of all tables."""
    register = subject.register
    with engine.begin() as connection:
        cursor = _cursor(connection)
        connection.execute(text("CREATE SCHEMA plain"))
        for table in subject.tables:
            connection.execute(
                text(f"CREATE TABLE plain.{table} (LIKE {register}.{table} INCLUDING ALL)")
            )
            given = {"register": register, "table": table}
            for trigger in connection.execute(text(_CONSTRAINTS), given).scalars().all():
                plain = trigger.replace(f" ON {register}.{table} ", f" ON plain.{table} ")
                connection.execute(text(plain))
            with (folder / table).open("wb") as file:
                cursor.copy_expert(f"COPY {register}.{table} TO STDOUT", file)
    checkpoint(engine)
    recorded = 0
    start = time.perf_counter()
    with engine.begin() as connection:
        # The checks of a freshly filled table need the same help as in a load.
        connection.execute(text("SET LOCAL work_mem = '128MB'"))
        connection.execute(text("SET LOCAL enable_mergejoin = off"))
        cursor = _cursor(connection)
        for table in subject.tables:
            with (folder / table).open("rb") as file:
                cursor.copy_expert(f"COPY plain.{table} FROM STDIN", file, 1 << 16)
            recorded += cursor.rowcount
    return time.perf_counter() - start, recorded


def _cursor(connection: Any) -> Any:
    return connection.connection.driver_connection.cursor()


def checkpoint(engine: Engine) -> None:
    """Give both sides the same start."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CHECKPOINT"))


def measure(cluster: URL, subject: Subject, rows: int, catalogue: catalogues.Catalogue) -> Figure:
    """Measure both sides at one size, in a database of its own."""
    with (
        tempfile.TemporaryDirectory(prefix="natdb-benchmark-") as name,
        scratch_database(cluster, subject.register) as engine,
    ):
        folder = Path(name)
        source = folder / "rows.csv"
        subject.write_file(source, rows, catalogue)
        subject.prepare(engine, rows)
        checkpoint(engine)
        load_s = measure_load(engine, subject, source, catalogue)
        copy_s, recorded = measure_copy(engine, subject, folder)
        again_s = measure_load(engine, subject, source, catalogue)
    return Figure(rows, recorded, load_s, again_s, copy_s)


def describe_machine(cluster: URL) -> str:
    """Name what the figures were measured on."""
    with create_engine(cluster, poolclass=NullPool).connect() as connection:
        server = connection.execute(text("SHOW server_version")).scalar_one()
        fsync = connection.execute(text("SHOW fsync")).scalar_one()
        commit = connection.execute(text("SHOW synchronous_commit")).scalar_one()
    return (
        f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}, PostgreSQL {server} on the same machine, "
        f"fsync {fsync}, synchronous_commit {commit}"
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure every size asked for and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rows", type=int, action="append", help="rows in the file")
    parser.add_argument("--of", choices=SUBJECTS, default="enterprises", help="what is loaded")
    chosen = parser.parse_args(arguments)
    sizes = chosen.rows or [100_000, 1_000_000]
    cluster = make_url(os.environ["NATDB_TEST_CLUSTER_URL"])
    catalogue = reading.load_catalogue()
    print(describe_machine(cluster))
    figures = []
    for rows in sizes:
        print(f"{rows} {chosen.of}:")
        figures.append(measure(cluster, SUBJECTS[chosen.of], rows, catalogue))
    print(
        f"\n{'rows':>9} {'recorded':>9} {'load s':>8} {'rows/s':>8} {'COPY s':>8} {'rows/s':>8}"
        f" {'ratio':>6} {'again s':>8}"
    )
    for f in figures:
        print(
            f"{f.rows:>9} {f.recorded:>9} {f.load_s:>8.1f} {f.rows / f.load_s:>8.0f}"
            f" {f.copy_s:>8.1f} {f.rows / f.copy_s:>8.0f} {f.ratio:>6.2f} {f.again_s:>8.1f}"
        )
    met = all(f.ratio >= GOAL for f in figures)
    print(
        f"goal: at least {GOAL} of COPY into the same indexed tables: {'met' if met else 'NOT met'}"
    )


if __name__ == "__main__":
    main()

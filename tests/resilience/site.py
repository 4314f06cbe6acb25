"""A whole site that may be broken: a private PostgreSQL, invented people, API and integrator."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import psycopg2
from alembic import command
from psycopg2 import extensions
from sqlalchemy import insert, text
from sqlalchemy.dialects.postgresql import Range

from databases import local_cluster, settings, vietnamese
from databases.changes import ledger
from databases.local_cluster import (
    binaries,
    clusters,
    homes,
    programs,
    reports,
    settings_file,
    sources,
)
from databases.local_cluster import repository as cluster_repository
from databases.sessions import Databases
from population import tables as population
from sharing_api import bootstrap
from tests import conftest

PERSONS = 300
READY_SECONDS = 60.0


@dataclass
class Site:
    """One site on this machine; every process of it was started here and is ended by its number.

    Args:
        workers: worker processes of the API.
        address: of the API.
    """

    home: homes.Home
    cluster: clusters.Cluster
    workers: int
    port: int
    databases: Databases
    api: subprocess.Popen[bytes] | None = None
    integrator: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Where the API answers."""
        return f"http://127.0.0.1:{self.port}"

    def start_api(self) -> None:
        """Start the API and wait until it says that it is ready."""
        words = ["--port", str(self.port), "--workers", str(self.workers)]
        self.api = self._start("sharing_api.main", *words)
        self.wait_until_ready()

    def start_integrator(self) -> None:
        """Start the process that signs checkpoints."""
        self.integrator = self._start("sharing_api.access_log.integrator")

    def start_postgres(self) -> None:
        """Start PostgreSQL again with the data as they were left, where it was before.

        It listens on its socket only: a port of the machine may have been taken in the meantime.
        """
        folder = f"-c unix_socket_directories={self.cluster.socket} -c listen_addresses="
        options = f"-p {self.cluster.state.port} {folder}"
        words = ("-l", str(self.home.server_log), "-w", "-t", "60", "-o", options)
        until = time.monotonic() + READY_SECONDS
        # Processes of a server that was killed hold its shared memory for a moment longer.
        while (outcome := self._pg_ctl("start", *words)).code != 0:
            if time.monotonic() > until:
                raise TimeoutError(outcome.last_lines)
            time.sleep(0.1)

    def wait_until_ready(self) -> None:
        """Wait for the API's own word that it can answer."""
        until = time.monotonic() + READY_SECONDS
        while not is_ready(self.address):
            if time.monotonic() > until:
                raise TimeoutError(f"the API is not ready: {self.last_words('sharing_api.main')}")
            time.sleep(0.05)

    def workers_alive(self) -> list[int]:
        """List the processes that answer."""
        if self.api is None or self.api.poll() is not None:
            return []
        if self.workers == 1:
            return [self.api.pid]
        return [pid for pid in children(self.api.pid) if "spawn_main" in command_line(pid)]

    def postmaster(self) -> int:
        """Read the number of PostgreSQL's first process."""
        return int((self.home.data / "postmaster.pid").read_text(encoding="ascii").split()[0])

    def stop_postgres_immediately(self) -> None:
        """Let PostgreSQL fall without a checkpoint: it must recover from its journal."""
        self._pg_ctl("stop", "-m", "immediate")

    def wait_for_crash(self, crash: Callable[[], None]) -> None:
        """Crash PostgreSQL and wait until it has thrown everybody out and let them in again."""
        url = self.cluster.superuser_url()
        with cluster_repository.connect(url) as cursor:
            crash()
            until = time.monotonic() + READY_SECONDS
            while _answers(cursor):
                if time.monotonic() > until:
                    raise TimeoutError("PostgreSQL did not fall")
                time.sleep(0.02)
        while True:
            try:
                with cluster_repository.connect(url):
                    return
            except psycopg2.OperationalError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.05)

    def kill_api(self) -> None:
        """Kill the API with all its workers, as the end of a machine would."""
        if self.api is not None:
            kill_group(self.api)
            self.api = None

    def kill_integrator(self) -> None:
        """Kill the integrator."""
        if self.integrator is not None:
            kill_group(self.integrator)
            self.integrator = None

    def run_as_superuser(self, database: str, *statements: str) -> None:
        """Run statements that no role of the suite may run."""
        url = self.cluster.superuser_url(database).render_as_string(hide_password=False)
        conftest._execute(url, *statements)

    def last_words(self, module: str) -> str:
        """Give the end of a process's log."""
        return self._log(module).read_text(encoding="utf-8", errors="replace")[-1500:]

    def _pg_ctl(self, *words: str) -> programs.Outcome:
        folder = Path(self.cluster.state.folder)
        return programs.run(
            [folder / "pg_ctl", "-D", self.home.data, *words],
            account=self.home.account,
            environment=binaries.environment_of(folder),
        )

    def _log(self, module: str) -> Path:
        return self.home.log / f"{module}.log"

    def _start(self, module: str, *words: str) -> subprocess.Popen[bytes]:
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("NATDB_", "PG"))}
        environment |= {"NATDB_HOME": str(self.home.path), "PYTHONPATH": str(conftest.ROOT)}
        with self._log(module).open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", module, *words],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.home.path,
                env=environment,
                start_new_session=True,
            )


@contextmanager
def open_site(*, workers: int = 1, persons: int = PERSONS) -> Iterator[Site]:
    """Make a site in a folder of its own and remove all of it in the end."""
    folder = Path(tempfile.mkdtemp(prefix="natdb-"))
    home = homes.open_home(folder)
    site = None
    try:
        site = _make(home, workers, persons)
        site.start_integrator()
        site.start_api()
        yield site
    finally:
        if site is not None:
            site.kill_api()
            site.kill_integrator()
            site.databases.dispose()
            # The data go anyway; a gentle stop would wait for a recovery that may be under way.
            site.stop_postgres_immediately()
        local_cluster.remove_data(folder)
        if home.place != home.path:
            shutil.rmtree(home.place)
        shutil.rmtree(folder)


def _make(home: homes.Home, workers: int, persons: int) -> Site:
    running = clusters.ensure_running(
        home, lambda: sources.find_for_tests(home), reports.Silent(), shared_mb=64
    )
    prepared = settings_file.prepare_databases(running)
    values = settings.load(home.path, environ={})
    for database in settings.DATABASES:
        url = values.url(database, "owner").render_as_string(hide_password=False)
        command.upgrade(conftest.alembic_config(database, url), "head")
    databases = Databases(values, "natdb-resilience")
    register_people(databases, persons)
    bootstrap.prepare_demo_exchange(values)
    return Site(home, prepared, workers, _free_port(), databases)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def pin(number: int) -> str:
    """Give the number of an invented person."""
    return f"0010840{number:05d}"


def register_people(databases: Databases, count: int) -> None:
    """Write invented people as one change of the ledger."""
    act = ledger.Act(
        "population.person.registered",
        datetime.fromisoformat("2026-01-02T08:00:00+07:00"),
        "tester",
        "people of a test",
        "none",
        "invented",
    )
    with databases.writing("population") as session:
        change = ledger.open_change(session, population.ledger, act)
        session.execute(
            insert(population.person), [_person(number, change) for number in range(count)]
        )
        session.execute(
            insert(population.residence), [_residence(number, change) for number in range(count)]
        )


def _person(number: int, change: int) -> dict[str, object]:
    name = f"Nguyễn Văn An {number}"
    return {
        "pin": pin(number),
        "full_name": name,
        "family_name": "Nguyễn",
        "middle_name": "Văn",
        "given_name": "An",
        "name_key": vietnamese.name_key(name),
        "birth_date": date(1984, 1, 1 + number % 28),
        "birth_precision": "day",
        "sex": "male",
        "nationality_codes": ["VN"],
        "blood_group": "unknown",
        "marital_status": "single",
        "temporary_absence": "none",
        "other": {},
        "valid": Range(date(1984, 1, 1), None),
        "from_change": change,
    }


def _residence(number: int, change: int) -> dict[str, object]:
    return {
        "pin": pin(number),
        "kind": "permanent",
        "street": f"Số {number} phố Huế",
        "commune_code": "00004",
        "commune_version": "19/2025",
        "province_code": "01",
        "country_code": "VN",
        "valid": Range(date(2025, 7, 1), None),
        "from_change": change,
    }


def is_ready(address: str) -> bool:
    """Ask the API whether it can answer."""
    try:
        with urllib.request.urlopen(f"{address}/health", timeout=5) as answer:  # noqa: S310  our own
            return bool(answer.status == 200)
    except urllib.error.HTTPError as refusal:
        refusal.close()
        return False
    except OSError:
        return False


def children(pid: int) -> list[int]:
    """List the processes that a process started itself."""
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    return [int(one) for one in listed.split()]


def command_line(pid: int) -> str:
    """Read how a process was started; empty when it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def kill(pid: int) -> None:
    """Kill one process; one that has just gone by itself is no error."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill a process that was started here and all that it started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _answers(cursor: extensions.cursor) -> bool:
    try:
        cursor.execute("SELECT 1")
    except psycopg2.Error:
        return False
    return True


def count_rows(site: Site, table: str) -> int:
    """Count the rows of a table of the exchange."""
    with site.databases.reading("exchange") as session:
        return int(session.execute(text(f"SELECT count(*) FROM exchange.{table}")).scalar_one())

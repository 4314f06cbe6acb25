import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from command_line import services
from databases import local_cluster
from databases.local_cluster import clusters, errors, homes, programs, sources
from databases.local_cluster.reports import Silent

ROOT = Path(__file__).resolve().parents[2]
CLEAN = {k: v for k, v in os.environ.items() if not k.startswith(("NATDB_", "PYTHON"))}


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short folder that the server's user can reach; pytest's own is closed to it."""
    path = Path(tempfile.mkdtemp(prefix="natdb-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


def natdb(
    root: Path, *words: str, cwd: Path | None = None, **variables: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(root / "natdb"), *words],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd or root,
        env={**CLEAN, **variables},
        timeout=120,
    )


@pytest.fixture
def checkout(folder: Path) -> Path:
    """The launcher with empty lock files and a command line that prints what it was given."""
    shutil.copy(ROOT / "natdb", folder / "natdb")
    for name in ("requirements.lock", "requirements-dev.lock"):
        (folder / name).write_text("# nothing\n")
    (folder / "command_line").mkdir()
    (folder / "command_line" / "__init__.py").touch()
    (folder / "command_line" / "main.py").write_text(
        "import os, sys\nprint('GIVEN', os.environ['NATDB_HOME'], os.getcwd(), *sys.argv[1:])\n"
    )
    return folder


class TestLauncher:
    def test_makes_its_environment_once_and_hands_over(self, checkout: Path) -> None:
        elsewhere = checkout / "elsewhere"
        (elsewhere / "command_line").mkdir(parents=True)
        (elsewhere / "command_line" / "main.py").write_text("print('the wrong one')\n")

        first = natdb(checkout, "load", "a file", cwd=elsewhere, NATDB_PYTHON=sys.executable)
        second = natdb(checkout, "status")

        assert first.returncode == 0, first.stderr
        assert f"GIVEN {checkout}/.natdb {elsewhere} load a file\n" in first.stdout
        assert second.stdout == f"GIVEN {checkout}/.natdb {checkout} status\n"

    def test_heals_an_environment_whose_making_was_killed(self, checkout: Path) -> None:
        (checkout / ".venv" / "bin").mkdir(parents=True)
        (checkout / ".venv" / "bin" / "python").symlink_to("/nowhere")

        outcome = natdb(checkout, "status", NATDB_PYTHON=sys.executable)

        assert outcome.returncode == 0, outcome.stderr
        assert "GIVEN" in outcome.stdout

    def test_installs_again_when_a_lock_changes_and_says_why_it_cannot(
        self, checkout: Path
    ) -> None:
        natdb(checkout, "status", NATDB_PYTHON=sys.executable)
        (checkout / "requirements.lock").write_text("./nothing-here --hash=sha256:00\n")

        outcome = natdb(checkout, "status")

        assert outcome.returncode == 1
        assert "GIVEN" not in outcome.stdout
        assert "could not be installed" in outcome.stderr

    def test_refuses_an_old_python(self, checkout: Path) -> None:
        old = checkout / "python-old"
        old.write_text("#!/bin/sh\nexit 1\n")
        old.chmod(0o755)

        outcome = natdb(checkout, "status", NATDB_PYTHON=str(old))

        assert outcome.returncode == 1
        assert "Python 3.11 or newer was not found" in outcome.stderr

    def test_says_when_python_lacks_its_venv_module(self, checkout: Path) -> None:
        bare = checkout / "python-bare"
        bare.write_text('#!/bin/sh\ncase $2 in *venv*) exit 1;; esac\nexec "$REAL" "$@"\n')
        bare.chmod(0o755)

        outcome = natdb(checkout, "status", NATDB_PYTHON=str(bare), REAL=sys.executable)

        assert outcome.returncode == 1
        assert "no venv module" in outcome.stderr


def command(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in this environment, without the launcher's own work."""
    return subprocess.run(
        [sys.executable, "-m", "command_line.main", *words],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**CLEAN, "NATDB_HOME": str(home)},
        timeout=120,
    )


class TestCommands:
    def test_refuse_a_foreign_home_and_leave_it_alone(self, folder: Path) -> None:
        (folder / "notes.txt").write_text("mine")

        outcome = command(folder, "demo", "--reset", "--detach")

        assert outcome.returncode == 1
        assert "was not made by this suite" in outcome.stderr
        assert [path.name for path in folder.iterdir()] == ["notes.txt"]

    def test_say_who_holds_the_port(self, folder: Path) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]

            outcome = command(folder / "home", "up", "--port", str(port))

        assert outcome.returncode == 1
        assert f"Port {port} is held by" in outcome.stderr
        assert "--port" in outcome.stderr

    def test_stop_nothing_where_nothing_runs(self, folder: Path) -> None:
        outcome = command(folder / "home", "down")

        assert (outcome.returncode, outcome.stdout) == (0, "Nothing was running.\n")

    def test_name_the_databases_when_asked_for_another(self, folder: Path) -> None:
        outcome = command(folder / "home", "migrate", "nowhere")

        assert outcome.returncode == 1
        assert "population" in outcome.stderr


class TestProcesses:
    def test_never_touch_a_process_that_only_has_the_number(self, folder: Path) -> None:
        (folder / "run").mkdir()
        with subprocess.Popen(["sleep", "60"]) as other:
            record = {"pid": other.pid, "started": "another boot/1", "port": 8714}
            (folder / "run" / "api.json").write_text(json.dumps(record))

            stopped = services.stop(folder, services.API)

            assert not stopped
            assert other.poll() is None
            other.kill()

    def test_find_what_they_started_and_stop_it(self, folder: Path) -> None:
        for name in ("run", "log"):
            (folder / name).mkdir()
        service = services.Service("sleeper", "http.server")

        running = services.start(folder, service, port=0)

        assert services.find(folder, service) == running
        assert services.stop(folder, service)
        assert services.find(folder, service) is None
        assert not services.stop(folder, service)


def _listen(port: int) -> socket.socket:
    """Take a port as soon as the children of a killed server have let go of it."""
    for _ in range(200):
        taken = socket.socket()
        try:
            taken.bind(("127.0.0.1", port))
        except OSError:
            taken.close()
            time.sleep(0.05)
        else:
            taken.listen()
            return taken
    raise TimeoutError(f"port {port} stays taken")


class TestStartTestCluster:
    def test_gives_the_same_running_server_again(self, folder: Path) -> None:
        first = local_cluster.start_test_cluster(folder / "home")
        try:
            second = local_cluster.start_test_cluster(folder / "home")

            assert first == second
            assert _ask(folder / "home" / "test", "SHOW data_checksums") == "on"
            assert _ask(folder / "home" / "test", "SHOW fsync") == "on"
        finally:
            local_cluster.stop_test_cluster(folder / "home")
        assert not (folder / "home" / "test").exists()

    def test_keeps_data_and_address_over_a_crash_and_a_taken_port(self, folder: Path) -> None:
        home = folder / "home"
        local_cluster.start_test_cluster(home)
        try:
            _ask(home / "test", "CREATE TABLE kept AS SELECT 7 AS n")
            opened = homes.open_home(home / "test")
            state = clusters.read_state(opened)
            assert state is not None
            _kill_server(opened)
            with _listen(state.port):
                local_cluster.start_test_cluster(home)

                assert _ask(home / "test", "SELECT n FROM kept") == "7"
                assert clusters.read_state(opened) == state
        finally:
            local_cluster.stop_test_cluster(home)

    def test_begins_again_after_a_first_run_that_was_killed(self, folder: Path) -> None:
        inner = homes.open_home(folder / "home" / "test")
        half = inner.place / "pgdata.making-0000"
        half.mkdir()
        (half / "PG_VERSION").write_text("15\n")
        unfinished = inner.data
        unfinished.mkdir()
        (unfinished / "PG_VERSION").write_text("15\n")

        # A home of its own around it is needed before the inner one is opened as a test folder.
        homes.write_private(folder / "home" / homes.MARKER, homes.LAYOUT + "\n")
        local_cluster.start_test_cluster(folder / "home")

        try:
            assert not half.exists()
            assert (inner.place / "pgdata.half-1" / "PG_VERSION").exists()
            assert _ask(folder / "home" / "test", "SELECT 1") == "1"
        finally:
            local_cluster.stop_test_cluster(folder / "home")

    @pytest.mark.skipif(os.getuid() != 0, reason="only root has to change to another user")
    def test_never_runs_the_server_as_root(self, folder: Path) -> None:
        local_cluster.start_test_cluster(folder / "home")
        try:
            opened = homes.open_home(folder / "home" / "test")

            owner = Path(f"/proc/{_server_pid(opened)}").stat().st_uid

            assert owner == programs.server_account().uid != 0
        finally:
            local_cluster.stop_test_cluster(folder / "home")


class TestPrepareDatabases:
    def test_gives_roles_that_reach_their_own_database_only(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sources, "bring", lambda home, *_rest: sources.find_for_tests(home))
        home = folder / "home"
        local_cluster.start_cluster(home, Silent())
        try:
            before = (home / "settings.env").read_text()
            local_cluster.start_cluster(home, Silent())
            assert (home / "settings.env").read_text() == before

            url = local_cluster.load_settings(home, {}).url("population", "reader")
            assert _connects(url.render_as_string(hide_password=False))
            foreign = url.set(database="exchange")
            assert not _connects(foreign.render_as_string(hide_password=False))
            wrong = url.set(password="guess")
            assert not _connects(wrong.render_as_string(hide_password=False))
        finally:
            local_cluster.remove_data(home)
        assert not (home / "pgdata").exists()

    def test_refuses_data_of_a_version_that_is_gone(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        home = homes.open_home(folder / "home")
        home.data.mkdir()
        (home.data / "PG_VERSION").write_text("99\n")
        state = clusters.State("/nowhere/bin", 99, 54999, "x", str(home.data))
        clusters.write_state(home, state)
        monkeypatch.setattr(sources, "bring", lambda home, *_rest: sources.find_for_tests(home))

        with pytest.raises(errors.PostgresNotFound, match="made by PostgreSQL 99"):
            local_cluster.start_cluster(folder / "home", Silent())


def _connects(url: str) -> bool:
    try:
        psycopg2.connect(url.replace("+psycopg2", ""), connect_timeout=5).close()
    except psycopg2.OperationalError:
        return False
    return True


def _ask(home: Path, statement: str) -> str:
    opened = homes.open_home(home)
    state = clusters.read_state(opened)
    assert state is not None
    url = clusters.Cluster(opened, state, homes.socket_folder(opened)).superuser_url()
    dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
    connection = psycopg2.connect(dsn)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(statement)
            row = cursor.fetchone() if cursor.description else None
            return str(row[0]) if row else ""
    finally:
        connection.close()


def _server_pid(home: homes.Home) -> int:
    return int((home.data / "postmaster.pid").read_text().splitlines()[0])


def _kill_server(home: homes.Home) -> None:
    pid = _server_pid(home)
    os.kill(pid, signal.SIGKILL)
    while Path(f"/proc/{pid}/cmdline").exists() and Path(f"/proc/{pid}/cmdline").read_bytes():
        time.sleep(0.02)

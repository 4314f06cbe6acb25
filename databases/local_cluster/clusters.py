"""One private PostgreSQL: made, started, stopped; what is known about it between calls."""

import fcntl
import json
import os
import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from sqlalchemy.engine import URL

from databases import settings
from databases.local_cluster import binaries, errors, homes, ports, programs, reports

SUPERUSER = "postgres"
_MEGABYTE = 1024**2
_ATTEMPTS = 8
_COLLECT_SECONDS = 10.0
_SHARED_MEMORY = "pre-existing shared memory block"
_MAKING = "pgdata.making-"
_PASSWORD_FILE = "password."  # noqa: S105  the beginning of a file name
_SERVER_SETTINGS = """
# What follows was added when the cluster was made.
listen_addresses = '127.0.0.1'
timezone = 'UTC'
log_timezone = 'UTC'
max_connections = 200
shared_buffers = {shared_buffers}MB
work_mem = 32MB
maintenance_work_mem = 256MB
max_wal_size = 4GB
wal_compression = on
synchronous_commit = on
jit = off
"""


@dataclass(frozen=True, slots=True)
class State:
    """What is known about a cluster, kept beside it.

    Args:
        folder: the programs that made it.
        major: their major version; data of one version cannot be read by another.
        port: chosen once. It names the socket, and is listened on while nobody else has it.
        password: of the superuser.
        data: the data folder.
        prepared: databases that were made in it.
    """

    folder: str
    major: int
    port: int
    password: str
    data: str
    prepared: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster that runs."""

    home: homes.Home
    state: State
    socket: Path

    def url(self, database: str, user: str, password: str) -> URL:
        """Give a URL over the socket; it is faster than TCP and nobody else can reach it."""
        query = {"host": str(self.socket), "port": str(self.state.port)}
        return URL.create(settings.DRIVER, user, password, database=database, query=query)

    def superuser_url(self, database: str = "postgres") -> URL:
        """Give the URL of the superuser."""
        return self.url(database, SUPERUSER, self.state.password)


Bring = Callable[[], binaries.Installation]


def ensure_running(
    home: homes.Home, bring: Bring, report: reports.Reporter, *, shared_mb: int = 512
) -> Cluster:
    """Make the cluster if there is none, start it if it does not run.

    Args:
        home: an open home.
        bring: finds or brings the programs; called only when they are needed.
        report: is told what is done.
        shared_mb: shared memory in megabytes; a quarter of the machine's memory at most.

    Raises:
        ClusterFailed: initdb or the server ended with an error.
        PostgresNotFound: the programs of the cluster's version are gone.
    """
    with _locked(home):
        state = read_state(home)
        if state is not None and not _has_data(home):
            report.say(f"The data folder {home.data} is gone; making a new cluster.")
            state = None
        if state is not None and is_running(home, state):
            return Cluster(home, state, homes.socket_folder(home))
        if state is None:
            state = _create(home, bring(), report, shared_mb)
        return _start(home, _with_programs(state, bring), report)


def read_state(home: homes.Home) -> State | None:
    """Read what is known about the cluster; None when none was made to its end."""
    try:
        values = json.loads(home.state.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    values["prepared"] = tuple(values["prepared"])
    return State(**values)


def write_state(home: homes.Home, state: State) -> None:
    """Keep what is known about the cluster."""
    homes.write_private(home.state, json.dumps(asdict(state), indent=1) + "\n")


def is_running(home: homes.Home, state: State) -> bool:
    """Test whether the server of this data folder runs."""
    _wait_for_killed(home)
    return _pg_ctl(home, state, "status").code == 0


def stop(home: homes.Home) -> bool:
    """Stop the server, waiting until its data are safe on disk.

    Returns:
        False when it did not run.

    Raises:
        ClusterFailed: it did not stop within a minute.
    """
    state = read_state(home)
    if state is None or not _has_data(home) or not is_running(home, state):
        return False
    outcome = _pg_ctl(home, state, "stop", "-m", "fast", "-w", "-t", "60")
    if outcome.code != 0:
        raise errors.ClusterFailed(f"PostgreSQL did not stop: {outcome.last_lines}")
    return True


def _create(
    home: homes.Home, found: binaries.Installation, report: reports.Reporter, shared_mb: int
) -> State:
    homes.require_space(home.place)
    if home.place != home.path:
        report.say(
            f"{home.path} cannot be reached by the user {home.account.name}, who runs the server; "
            f"the data are kept in {home.place}"
        )
    _clear_half_made(home, report)
    # An initdb whose caller was killed may still be writing: each has a folder of its own name.
    making = homes.own_folder(home.place / f"{_MAKING}{secrets.token_hex(4)}", home.account)
    password = secrets.token_urlsafe(24)
    with report.step("Making a private PostgreSQL cluster"), _password_file(home, password) as file:
        options: list[str | Path] = [
            *("-D", making, "-U", SUPERUSER, f"--pwfile={file}"),
            *("-A", "scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8"),
            *("--data-checksums", "--no-instructions"),
        ]
        outcome = programs.run(
            [found.folder / "initdb", *options],
            account=home.account,
            environment=found.environment,
        )
    if outcome.code != 0:
        raise errors.ClusterFailed(
            f"initdb failed: {outcome.last_lines}\nCheck the disk ({home.data}) and try again."
        )
    memory_mb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // _MEGABYTE
    with (making / "postgresql.conf").open("a", encoding="utf-8") as file_:
        file_.write(_SERVER_SETTINGS.format(shared_buffers=min(shared_mb, memory_mb // 4)))
    making.rename(home.data)
    state = State(str(found.folder), found.major, ports.find_free(), password, str(home.data))
    # Written last: without it the next call knows that this one was killed on the way.
    write_state(home, state)
    return state


def _start(home: homes.Home, state: State, report: reports.Reporter) -> Cluster:
    socket = homes.socket_folder(home)
    home.server_log.touch()
    if home.account.switches:
        os.chown(home.server_log, home.account.uid, home.account.gid)
    outcome = programs.Outcome(1, "")
    for _attempt in range(_ATTEMPTS):
        # The folder is moved with the checkout and the port may be taken: neither is in the
        # configuration file. own_folder() admits plain paths only, so no quoting is needed.
        options = f"-p {state.port} -c unix_socket_directories={socket}"
        if not ports.is_free(state.port):
            # Whoever knows the cluster's URLs goes through its socket and must find it there again.
            report.say(f"Port {state.port} is held by another program; the socket will do.")
            options += " -c listen_addresses="
        with report.step("Starting PostgreSQL"):
            outcome = _pg_ctl(
                *(home, state, "start", "-l", str(home.server_log)),
                *("-w", "-t", "120", "-o", options),
            )
        if outcome.code == 0:
            write_state(home, state)
            return Cluster(home, state, socket)
        if _SHARED_MEMORY in _last_log(home):
            # Processes of a server that was killed end by themselves within seconds.
            time.sleep(1)
        elif ports.is_free(state.port):
            break
    raise errors.ClusterFailed(
        f"PostgreSQL did not start: {outcome.last_lines}\n"
        + _last_log(home)
        + f"\nThe whole log is {home.server_log}. Is the disk full? "
        "To start over without the data: ./natdb demo --reset"
    )


def _last_log(home: homes.Home) -> str:
    said = home.server_log.read_text(encoding="utf-8", errors="replace").splitlines()
    return "\n".join(said[-4:])


def _wait_for_killed(home: homes.Home) -> None:
    """Wait until a server that was killed is collected; until then it looks as if it ran."""
    try:
        pid = int((home.data / "postmaster.pid").read_text(encoding="ascii").splitlines()[0])
        until = time.monotonic() + _COLLECT_SECONDS
        while time.monotonic() < until:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z":
                return
            time.sleep(0.05)
    except (FileNotFoundError, ProcessLookupError, ValueError, IndexError):
        return  # not running, or a system without /proc


def _with_programs(state: State, bring: Bring) -> State:
    if Path(state.folder, "postgres").exists():
        return state
    found = bring()
    if found.major != state.major:
        raise errors.PostgresNotFound(
            f"The data were made by PostgreSQL {state.major}, but only {found.major} is here. "
            f"Install PostgreSQL {state.major} again, or start over: ./natdb demo --reset"
        )
    return replace(state, folder=str(found.folder))


def _pg_ctl(home: homes.Home, state: State, *words: str) -> programs.Outcome:
    folder = Path(state.folder)
    return programs.run(
        [folder / "pg_ctl", "-D", home.data, *words],
        account=home.account,
        environment=binaries.environment_of(folder),
    )


def _clear_half_made(home: homes.Home, report: reports.Reporter) -> None:
    leftovers = [*home.place.glob(f"{_MAKING}*"), *home.place.glob(f"{_PASSWORD_FILE}*")]
    for leftover in leftovers:
        if leftover.is_dir():
            shutil.rmtree(leftover, ignore_errors=True)
        else:
            leftover.unlink(missing_ok=True)
    if leftovers:
        report.say("An earlier first run was stopped half-way; it is cleared and begun again.")
    if not home.data.exists():
        return
    if not any(home.data.iterdir()):
        home.data.rmdir()
        return
    number = 1
    while (aside := home.data.with_name(f"{home.data.name}.half-{number}")).exists():
        number += 1
    home.data.rename(aside)
    report.say(
        f"An earlier first run was stopped half-way. Its unfinished data were moved to {aside} "
        "(you may delete that folder); starting again."
    )


def _has_data(home: homes.Home) -> bool:
    return home.data.is_dir() and any(home.data.iterdir())


@contextmanager
def _password_file(home: homes.Home, password: str) -> Iterator[Path]:
    path = home.place / f"{_PASSWORD_FILE}{secrets.token_hex(4)}"
    homes.write_private(path, password + "\n")
    if home.account.switches:
        os.chown(path, home.account.uid, home.account.gid)
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


@contextmanager
def _locked(home: homes.Home) -> Iterator[None]:
    """Let one process at a time make or start the cluster; the lock dies with its holder."""
    with (home.path / "run" / "cluster.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield

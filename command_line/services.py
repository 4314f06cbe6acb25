"""The processes of the suite: started in the background, found again, stopped; none by a guess.

A process file holds the number of the process and the moment it started: numbers are used again,
and a process that merely has the number is never touched.
"""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from databases import errors
from databases.local_cluster import homes, ports

ROOT = Path(__file__).resolve().parent.parent
_STOP_SECONDS = 15.0
_children: dict[int, subprocess.Popen[bytes]] = {}


class ServiceFailed(errors.Unavailable):
    """A process of the suite ended by itself or did not become ready."""

    code = "operator.service_failed"


@dataclass(frozen=True, slots=True)
class Service:
    """One process of the suite.

    Args:
        name: as the operator reads it; also the name of its files.
        module: run with Python's -m.
        takes_port: whether it is told host and port.
    """

    name: str
    module: str
    takes_port: bool = False


USUAL_PORT = 8714
API = Service("api", "sharing_api.main", takes_port=True)
INTEGRATOR = Service("integrator", "sharing_api.access_log.integrator")
INDEXER = Service("indexer", "sharing_api.indexer")
COMMITTER = Service("committer", "sharing_api.access_log.subjects.committer")
SERVICES = (INTEGRATOR, COMMITTER, INDEXER, API)


@dataclass(frozen=True, slots=True)
class Running:
    """A process that was started from this home.

    Args:
        pid: its number.
        started: its start as the system tells it; together they name one process only.
        port: the port it was given; 0 for none.
    """

    pid: int
    started: str
    port: int


def start(home: Path, service: Service, *, port: int) -> Running:
    """Start a process in the background; its output goes to the log folder."""
    command = [sys.executable, "-P", "-m", service.module]
    if service.takes_port:
        command += ["--host", ports.HOST, "--port", str(port)]
    paths = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
    environment = {**os.environ, "NATDB_HOME": str(home), "PYTHONPATH": paths}
    with log_path(home, service).open("ab") as log:
        process = subprocess.Popen(  # noqa: S603  our own argument list, no shell
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=home,
            env=environment,
            start_new_session=True,  # Ctrl-C goes to the operator's command, which stops it
        )
    _children[process.pid] = process
    given = port if service.takes_port else 0
    running = Running(process.pid, start_moment(process.pid) or "", given)
    record = {"pid": running.pid, "started": running.started, "port": running.port}
    homes.write_private(_file(home, service), json.dumps(record) + "\n")
    return running


def find(home: Path, service: Service) -> Running | None:
    """Find the process of a service, if it still is the one that was started."""
    try:
        record = json.loads(_file(home, service).read_text(encoding="utf-8"))
        running = Running(int(record["pid"]), str(record["started"]), int(record["port"]))
    except (FileNotFoundError, ValueError, KeyError):
        return None
    return running if is_alive(running) else None


def is_alive(running: Running) -> bool:
    """Test whether the process runs and is the same one, not another with its number."""
    _reap(running.pid)
    return bool(running.started) and start_moment(running.pid) == running.started


def stop(home: Path, service: Service) -> bool:
    """Stop a service: ask it to end, wait, then end it with all it started.

    Returns:
        False when it did not run.
    """
    running = find(home, service)
    if running is None:
        _file(home, service).unlink(missing_ok=True)
        return False
    os.kill(running.pid, signal.SIGTERM)
    until = time.monotonic() + _STOP_SECONDS
    while is_alive(running) and time.monotonic() < until:
        time.sleep(0.05)
    if is_alive(running):
        os.killpg(running.pid, signal.SIGKILL)
        while is_alive(running):
            time.sleep(0.05)
    _file(home, service).unlink(missing_ok=True)
    return True


def start_moment(pid: int) -> str | None:
    """Read when a process started, in a form that no other process with its number has.

    Returns:
        None when there is no such process, or it ended and only waits to be collected.
    """
    stat = Path(f"/proc/{pid}/stat")
    if Path("/proc/self/stat").exists():
        try:
            # The name of the program stands in brackets and may hold spaces and brackets.
            fields = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            return None
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return None if fields[0] == "Z" else f"{boot}/{fields[19]}"
    told = subprocess.run(  # noqa: S603  a fixed program and a number
        ["/bin/ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return told.stdout.strip() or None


def log_path(home: Path, service: Service) -> Path:
    """Name the log of a service."""
    return home / "log" / f"{service.name}.log"


def last_words(home: Path, service: Service, lines: int = 8) -> str:
    """Give the end of a service's log, for a message."""
    path = log_path(home, service)
    if not path.exists():
        return ""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 8192))
        return "\n".join(file.read().decode("utf-8", "replace").splitlines()[-lines:])


def _file(home: Path, service: Service) -> Path:
    return home / "run" / f"{service.name}.json"


def _reap(pid: int) -> None:
    # Our own ended children stay in the process table until they are waited for.
    if pid in _children and _children[pid].poll() is not None:
        del _children[pid]

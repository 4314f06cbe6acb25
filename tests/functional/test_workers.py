"""Several processes of the API on one port, and what becomes of them without the first."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from command_line.operator import up_down_status
from tests import conftest
from tests.functional.conftest import Exchange


@pytest.fixture
def supervisor(exchange: Exchange) -> Iterator[subprocess.Popen[bytes]]:
    """The API of the site with two worker processes, ready to answer."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("NATDB_", "PYTHON"))}
    environment |= exchange.site.values
    environment |= {"NATDB_HOME": str(exchange.site.home), "PYTHONPATH": str(conftest.ROOT)}
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "sharing_api.main", "--port", str(port), "--workers", "2"],
        env=environment,
        start_new_session=True,
    )
    try:
        exchange.until(
            lambda: up_down_status.is_ready(port) and len(workers_of(process.pid)) == 2, seconds=60
        )
        yield process
    finally:
        process.kill()
        process.wait()
        for pid in workers_of(process.pid):
            os.kill(pid, signal.SIGKILL)


def workers_of(supervisor: int) -> list[int]:
    """Find the processes of the supervisor's group that answer; ended ones are none."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            state, _, group = (process / "stat").read_text().rpartition(")")[2].split()[:3]
            words = (process / "cmdline").read_bytes()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(group) == supervisor and state != "Z" and b"spawn_main" in words:
            found.append(int(process.name))
    return found


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads /proc")
class TestSupervisor:
    def test_takes_its_workers_with_it_even_when_it_is_killed(
        self, exchange: Exchange, supervisor: subprocess.Popen[bytes]
    ) -> None:
        workers = workers_of(supervisor.pid)

        supervisor.kill()
        supervisor.wait()

        assert len(workers) == 2
        exchange.until(lambda: workers_of(supervisor.pid) == [], seconds=15)

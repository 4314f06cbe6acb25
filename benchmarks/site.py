"""A site to measure: a private cluster, a sample country of a size, the exchange and its peers."""

import os
import platform
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from command_line.operator import migrate
from databases import local_cluster
from databases.sessions import Databases
from databases.settings import Settings
from sample_country.load import load_sample_country
from sharing_api import bootstrap

ROOT = Path(__file__).resolve().parent.parent
SEED = 1945
API_PORT = 18714
BARE_PORT = 18715


def machine() -> str:
    """Describe the machine that the figures are from."""
    model = "unknown processor"
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text().splitlines():
            if line.startswith("model name"):
                model = line.partition(":")[2].strip()
                break
    return f"{os.cpu_count()} cores, {model}, Python {platform.python_version()}"


def prepare(size: int) -> Settings:
    """Make or reuse the site of a size: data, agreements, keys."""
    home = ROOT / ".natdb" / f"benchmark-{size}"
    local_cluster.start_cluster(home)
    settings = local_cluster.load_settings(home, {})
    migrate.migrate(settings)
    load_sample_country(settings, size, SEED, lambda *_: None)
    bootstrap.prepare_demo_exchange(settings)
    return settings


@contextmanager
def running(settings: Settings, *command: str, port: int | None = None) -> Iterator[int]:
    """Run a program of the site until the block ends; waits for its port to answer."""
    environment = {
        **os.environ,
        "NATDB_HOME": str(settings.home),
        "BARE_DATABASE_URL": settings.url("population", "reader").render_as_string(False),
    }
    process = subprocess.Popen([sys.executable, "-m", *command], cwd=ROOT, env=environment)  # noqa: S603  our own programs
    try:
        if port is not None:
            _wait_for(port)
        yield process.pid
    finally:
        process.terminate()
        process.wait(timeout=15)


def _wait_for(port: int) -> None:
    for _ in range(100):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/openapi.json", timeout=1)
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError(f"nothing answers on port {port}")


def count(settings: Settings, database: str, statement: str, **parameters: Any) -> Any:
    """Run a counting statement as the reading role."""
    from sqlalchemy import text

    databases = Databases(settings, "benchmark")
    with databases.reading(database) as session:
        value = session.execute(text(statement), parameters).scalars().all()
    databases.dispose()
    return value

"""Runs the tests on a throw-away PostgreSQL of their own."""

import os
import subprocess
import sys
from collections.abc import Sequence

from command_line import services
from command_line.operator import machine, terminal
from databases import local_cluster

_WORKERS = 2


def run(arguments: Sequence[str]) -> int:
    """Start the cluster, run pytest with the arguments given, remove the cluster.

    Returns:
        pytest's exit code: 0 when all passed, 5 when there was nothing to run.
    """
    home = machine.home_path()
    report = terminal.Terminal(yes=True)
    url = local_cluster.start_test_cluster(home, report)
    # Only what is given here reaches the tests: no URL or home of a demo or of a site.
    environment = {k: v for k, v in os.environ.items() if not k.startswith("NATDB_")}
    environment["NATDB_TEST_CLUSTER_URL"] = url
    try:
        return subprocess.run(  # noqa: S603  our own program; the arguments are the operator's
            [sys.executable, "-m", "pytest", *_parallel(arguments), *arguments],
            cwd=services.ROOT,
            env=environment,
            check=False,
        ).returncode
    finally:
        local_cluster.stop_test_cluster(home)


def _parallel(arguments: Sequence[str]) -> list[str]:
    """Add workers unless the operator said how many, or wants to sit at a debugger."""
    own = ("-n", "--numprocesses", "--pdb", "no:xdist")
    return [] if any(word.startswith(own) for word in arguments) else ["-n", str(_WORKERS)]

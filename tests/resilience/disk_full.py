"""Lets the disk of the access log run full under load: `python -m tests.resilience.disk_full`."""

import argparse
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.resilience import checks, load
from tests.resilience import site as sites

_QUESTIONS = 200
_CLIENTS = 8
_SECONDS = 15.0
_REFUSALS = 30
_SMALL = "small_disk"
_SMALL_BYTES = 8 * 1024**2
_LEFT_BYTES = 512 * 1024
_SAY_FULL = """
    CREATE FUNCTION exchange.say_disk_full() RETURNS trigger LANGUAGE plpgsql AS $body$
    BEGIN
        RAISE EXCEPTION 'no space left on device' USING ERRCODE = 'disk_full';
    END
    $body$
"""
_TRIGGER = """
    CREATE TRIGGER say_disk_full BEFORE INSERT ON exchange.access_entry
    FOR EACH ROW EXECUTE FUNCTION exchange.say_disk_full()
"""


@dataclass(frozen=True)
class Outcome:
    """What became of a full disk.

    Args:
        given_while_full: answers with data while nothing could be logged.
        recovery: seconds from the moment when there was space again to the next data.
    """

    heard: load.Heard
    given_while_full: int
    recovery: float | None
    state: checks.State


@contextmanager
def refused_by_trigger(site: sites.Site) -> Iterator[None]:
    """Let every write of the log fail as it does on a full disk (SQLSTATE 53100)."""
    site.run_as_superuser("exchange", _SAY_FULL, _TRIGGER)
    try:
        yield
    finally:
        site.run_as_superuser("exchange", "DROP FUNCTION exchange.say_disk_full() CASCADE")


def may_mount() -> bool:
    """Test whether this process may make a small disk: only root outside a closed container."""
    return os.geteuid() == 0 and sys.platform == "linux"


@contextmanager
def small_disk(site: sites.Site) -> Iterator[Path]:
    """Put the access log on a disk of a few megabytes; give its folder."""
    folder = site.home.place / _SMALL
    folder.mkdir()
    size = f"size={_SMALL_BYTES}"
    subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(folder)], check=True)
    try:
        os.chown(folder, site.home.account.uid, site.home.account.gid)
        site.run_as_superuser(
            "exchange",
            f"CREATE TABLESPACE {_SMALL} LOCATION '{folder}'",
            f"ALTER TABLE exchange.access_entry SET TABLESPACE {_SMALL}",
        )
        yield folder
        site.run_as_superuser(
            "exchange",
            "ALTER TABLE exchange.access_entry SET TABLESPACE pg_default",
            "CHECKPOINT",
            f"DROP TABLESPACE {_SMALL}",
        )
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
        folder.rmdir()


@contextmanager
def refused_by_disk(folder: Path) -> Iterator[None]:
    """Fill a disk but for a little; the log takes the rest itself."""
    disk = os.statvfs(folder)
    filler = folder / "filler"
    filler.write_bytes(b"\0" * (disk.f_bavail * disk.f_frsize - _LEFT_BYTES))
    try:
        yield
    finally:
        filler.unlink()


def endure(site: sites.Site, full: Callable[[], AbstractContextManager[None]]) -> Outcome:
    """Ask on while the log cannot be written, and after it can be again."""
    token = load.get_token(site)
    asked = load.questions(random.Random(53100), _QUESTIONS)
    running = load.Load(site.port, [(one, one.request(token)) for one in asked], _CLIENTS)
    running.start()
    try:
        time.sleep(0.3)
        with full():
            _wait_for_refusals(running)
            begun = time.monotonic()
            time.sleep(0.5)
            ended = time.monotonic()
        back = time.monotonic()
        answered = running.wait_for_answer(after=back, seconds=_SECONDS)
    finally:
        heard = running.stop()
    return Outcome(
        heard,
        sum(begun < one < ended for one in heard.answered),
        None if answered is None else answered - back,
        checks.judge(site, heard.receipts, None),
    )


def _wait_for_refusals(running: load.Load) -> None:
    until = time.monotonic() + _SECONDS
    while running.heard.statuses[503] < _REFUSALS and time.monotonic() < until:
        time.sleep(0.02)


def show(name: str, outcome: Outcome) -> str:
    """Write an outcome as a line."""
    heard = outcome.heard
    return (
        f"{name}: {heard.statuses[200]} answers with data, {heard.statuses[503]} times 503, "
        f"{outcome.given_while_full} with data while full, {len(outcome.state.lost)} lost, "
        f"log {outcome.state.problem or 'verifies'}, next data after {outcome.recovery} s, "
        f"slowest {heard.slowest:.2f} s {heard.faults[:3]}"
    )


def main() -> None:
    """Run both kinds and print what became of them."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    with sites.open_site(workers=2) as site:
        first = endure(site, lambda: refused_by_trigger(site))
        print(show("trigger", first))  # noqa: T201  the terminal is its output
        if may_mount():
            with small_disk(site) as folder:
                second = endure(site, lambda: refused_by_disk(folder))
            print(show("small disk", second))  # noqa: T201  the same


if __name__ == "__main__":
    main()

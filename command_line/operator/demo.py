"""Brings a fresh machine to a running demo, and a machine that had one back to it."""

import signal
import time
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import typer

from command_line import clients, counts, services, statistics
from command_line.operator import machine, migrate, next_steps, terminal, up_down_status
from databases import errors, local_cluster, sessions
from databases.settings import Settings
from population_statistics import service
from population_statistics.errors import NothingPublished
from sample_country import load
from sharing_api import bootstrap

_SEED = 1945
_COUNTED_ON = load.RECORDED_AT.date()
_OFFICE = "statistics-office"
_INTERRUPTED = 130


class ResetRefused(errors.Refused):
    """The data are not the demo's to erase."""

    code = "operator.reset_refused"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the operator asked for.

    Args:
        detach: return when ready, instead of staying until Ctrl-C.
        yes: ask nothing.
        reset: erase the demo's data first.
        size: persons in the sample country.
        port: port of the API.
    """

    detach: bool
    yes: bool
    reset: bool
    size: int
    port: int


def run(wishes: Wishes) -> None:
    """Bring the demo up; without `detach` stay until Ctrl-C, then stop everything."""
    home = machine.home_path()
    report = terminal.Terminal(yes=wishes.yes)
    if wishes.reset:
        _reset(home, report)
    was_running = services.find(home, services.API) is not None
    signal.signal(signal.SIGTERM, _as_interrupt)
    try:
        up_down_status.require_port(home, wishes.port)
        _prepare(home, wishes, report)
        print_next_steps(wishes.port, wishes.size)
        if wishes.detach or was_running:
            return
        print("\nCtrl-C stops everything; the data stay.", flush=True)
        while True:
            time.sleep(1)
            up_down_status.require_services(home)
    except KeyboardInterrupt:
        print("\nStopping …", flush=True)
        up_down_status.stop_everything(home)
        raise typer.Exit(_INTERRUPTED) from None
    except services.ServiceFailed:
        up_down_status.stop_everything(home)
        raise


def print_next_steps(port: int, size: int) -> None:
    """Print what to try, each line ready to paste."""
    print("\nReady. Try next:")
    for what, line in next_steps.list_next_steps(port, size, _COUNTED_ON):
        print(f"\n  # {what}\n  {line}")


def _prepare(home: Path, wishes: Wishes, report: terminal.Terminal) -> None:
    settings = machine.open_databases(report)
    migrate.migrate(settings, report=report)
    _load_sample(settings, wishes.size, report)
    bootstrap.prepare_demo_exchange(settings)
    up_down_status.start_services(home, wishes.port, report)
    _publish_statistics(settings, report)


def _load_sample(settings: Settings, size: int, report: terminal.Terminal) -> None:
    with report.steps() as progress:
        load.load_sample_country(settings, size, _SEED, progress)


def _publish_statistics(settings: Settings, report: terminal.Terminal) -> None:
    """Let the statistics office ask for counts and publish its first figures, if it has none."""
    databases = sessions.Databases(settings, "natdb demo")
    try:
        with databases.reading("population_statistics") as session:
            service.list_budgets(session, reference_day=_COUNTED_ON)
    except NothingPublished:
        office = clients.open_client(_OFFICE, "")
        with report.step("Computing the statistics"):
            statistics.publish(office, counts.use_of(_OFFICE), _COUNTED_ON, None)
    finally:
        databases.dispose()


def _reset(home: Path, report: terminal.Terminal) -> None:
    if machine.is_site():
        raise ResetRefused(
            "--reset erases the private cluster only; the databases here are your own servers'. "
            "Unset NATDB_…_URL to use a private cluster."
        )
    if not home.exists():
        return
    if not report.confirm(f"Erase all data of the demo in {home}?"):
        raise ResetRefused("Nothing was erased.")
    up_down_status.stop_everything(home)
    local_cluster.remove_data(home)
    report.say(f"The data of the demo in {home} were erased.")


def _as_interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt

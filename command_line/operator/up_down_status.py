"""Starts, stops and shows the processes of the suite."""

import time
import urllib.error
import urllib.request
from pathlib import Path

from command_line import services
from command_line.operator import machine, migrate, terminal
from databases import errors, local_cluster
from databases import settings as settings_module
from databases.local_cluster import clusters, homes, ports

HOST = ports.HOST
_READY_SECONDS = 60.0
_PORT_FILE = "api-port"


class PortTaken(errors.Unavailable):
    """Something else listens on the API's port."""

    code = "operator.port_taken"


def up(*, port: int, yes: bool) -> None:
    """Start the databases, the API and its workers, and return when they are ready."""
    report = terminal.Terminal(yes=yes)
    home = machine.home_path()
    require_port(home, port)
    settings = machine.open_databases(report)
    waiting = [
        name for name in settings_module.DATABASES if migrate.read_state(settings, name).pending
    ]
    if waiting:
        report.say(f"Not migrated yet: {', '.join(waiting)}. Run ./natdb migrate")
    start_services(home, port, report)
    report.say(f"Ready: http://{HOST}:{port}")


def down() -> None:
    """Stop everything that was started from this home."""
    home = machine.home_path()
    stopped = stop_everything(home)
    print(f"Stopped: {', '.join(stopped)}" if stopped else "Nothing was running.")


def stop_everything(home: Path) -> list[str]:
    """Stop services and cluster, in the order in which they need each other.

    Returns:
        What was stopped; empty when nothing ran.
    """
    if not homes.is_ours(home):
        return []
    order = reversed(services.SERVICES)
    stopped = [service.name for service in order if services.stop(home, service)]
    if local_cluster.stop_cluster(home):
        stopped.append("PostgreSQL")
    return stopped


def choose_port(wished: int | None) -> int:
    """Choose the API's port: the one wished for, else the one it last had here, else the usual."""
    if wished is not None:
        return wished
    try:
        return int((machine.home_path() / _PORT_FILE).read_text(encoding="ascii"))
    except (FileNotFoundError, ValueError):
        return services.USUAL_PORT


def require_port(home: Path, port: int) -> None:
    """Refuse to begin when the API cannot get its port.

    Raises:
        PortTaken: our own API runs on another port, or something else listens on this one.
    """
    own = services.find(home, services.API)
    if own is not None:
        if own.port != port:
            raise PortTaken(f"The API already runs on port {own.port}. Stop it first: ./natdb down")
        return
    if ports.is_free(port):
        return
    holder = ports.find_holder(port)
    if holder is not None and services.API.module in holder.program:
        raise PortTaken(
            f"Port {port} is held by an API of this suite (process {holder.pid}) that this home "
            "did not start, or whose start was killed. Run ./natdb down in its checkout (or: kill "
            f"{holder.pid}), or use another port: --port {port + 1}"
        )
    whose = f"process {holder.pid} ({holder.program})" if holder else "another program"
    raise PortTaken(
        f"Port {port} is held by {whose}. Stop it, or use another port: --port {port + 1}"
    )


def start_services(home: Path, port: int, report: terminal.Terminal) -> None:
    """Start the processes that do not run yet and wait until the API is ready.

    Raises:
        ServiceFailed: one ended by itself or the API was not ready within a minute.
    """
    with report.step("Starting the API and its workers"):
        for service in services.SERVICES:
            if services.find(home, service) is None:
                services.start(home, service, port=port)
        until = time.monotonic() + _READY_SECONDS
        while not is_ready(port):
            require_services(home)
            if time.monotonic() > until:
                raise services.ServiceFailed(
                    f"The API was not ready within {_READY_SECONDS:.0f} seconds. "
                    f"Its log: {services.log_path(home, services.API)}"
                )
            time.sleep(0.05)
        require_services(home)
    homes.write_private(home / _PORT_FILE, f"{port}\n")


def require_services(home: Path) -> None:
    """Check that every process still runs.

    Raises:
        ServiceFailed: one ended by itself; the message has the end of its log.
    """
    for service in services.SERVICES:
        if services.find(home, service) is None:
            raise services.ServiceFailed(
                f"{service.name} ended by itself. The end of {services.log_path(home, service)}:\n"
                f"{services.last_words(home, service)}"
            )


def is_ready(port: int) -> bool:
    """Test whether the API answers that it is ready."""
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}/health", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def status() -> None:
    """Print what runs and where the databases are."""
    home = machine.home_path()
    rows = [("PostgreSQL", *_cluster_status(home))]
    for service in services.SERVICES:
        running = services.find(home, service)
        where = f"process {running.pid}" if running else ""
        if running and running.port:
            where += f", http://{HOST}:{running.port}"
        rows.append((service.name, "runs" if running else "stopped", where))
    terminal.print_table(("part", "state", "where"), rows)
    print()
    migrate.show(local_cluster.load_settings(home))


def _cluster_status(home: Path) -> tuple[str, str]:
    if machine.is_site():
        return "yours", "as the environment says"
    if not homes.is_ours(home):
        return "none", "./natdb demo makes one"
    opened = homes.open_home(home)
    state = clusters.read_state(opened)
    if state is None:
        return "none", "./natdb demo makes one"
    running = clusters.is_running(opened, state)
    socket = f"port {state.port} of {homes.socket_folder(opened)}"
    where = f"version {state.major} from {state.folder}, {socket}, {state.data}"
    return "runs" if running else "stopped", where

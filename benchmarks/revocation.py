"""How long a revoked agreement still gives data, in every process of the API, under load.

Several processes answer on one port while clients ask without a pause, each on connections of its
own, so that every process is asked all the time. In each round the agreement is suspended by the
same act that an agency uses; the delay is from the return of that act's commit to the last answer
under the agreement that any client got for a question sent after it. Then it is resumed, and the
next round begins.

    python -m benchmarks.revocation --rounds 20 --workers 2 --clients 8
"""

import argparse
import http.client
import json
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from joserfc.jwk import OKPKey

from benchmarks import site
from command_line.operator import up_down_status
from databases.local_cluster import ports
from databases.sessions import Databases
from databases.settings import Settings
from sharing_api import bootstrap
from sharing_api import settings as exchange_settings
from sharing_api.agreements.life import service
from sharing_api.agreements.life.repository import versions
from sharing_api.agreements.life.values import Act, Actor, Deed, Grounds, State
from sharing_api.client import ExchangeClient

PORT = 18717
CLIENT = "hanoi-one-stop"
AGENCY = "H26"
PATH = "/v1/population/citizen/look-up"
SETTLE_SECONDS = 1.5
START_SECONDS = 90
ACTING = (200, 404)  # found, and nobody in that province: neither is a refusal
GROUNDS = Grounds("measuring", "none: invented")


@dataclass
class Load:
    """What the clients got: (sent at, got at, status) of every answer."""

    answers: list[tuple[float, float, int]] = field(default_factory=list)
    is_over: threading.Event = field(default_factory=threading.Event)


def ask_on(load: Load, asking: ExchangeClient, pins: Sequence[str]) -> None:
    """Ask without a pause, on a new connection every hundred questions, until it is over."""
    number = 0
    while not load.is_over.is_set():
        connection = http.client.HTTPConnection(ports.HOST, PORT, timeout=30)
        connection.connect()
        connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for _ in range(100):
            if load.is_over.is_set():
                break
            number += 1
            body = json.dumps(
                {
                    "key": pins[number % len(pins)],
                    "fields": ["pin", "sex"],
                    "purpose": "public_service.residence",
                    "legal_basis": bootstrap.usual_legal_basis(CLIENT),
                }
            )
            sent = time.monotonic()
            headers = {
                "Authorization": f"Bearer {asking.token()}",
                "Content-Type": "application/json",
            }
            connection.request("POST", PATH, body.encode(), headers)
            response = connection.getresponse()
            response.read()
            load.answers.append((sent, time.monotonic(), response.status))
        connection.close()


def run_rounds(databases: Databases, load: Load, rounds: int) -> Iterator[tuple[float, int]]:
    """Suspend and resume; give for each round the delay and the late answers."""
    with databases.writing("exchange") as session:
        (version,) = [
            one
            for one in versions.list_versions(session, parties=[AGENCY], states=[State.IN_FORCE])
            if "population/citizen" in one.content["datasets"] and one.consumer == AGENCY
        ]

    def act(kind: Act) -> float:
        now = datetime.now(UTC)  # noqa: TID251  a benchmark acts now
        actor = Actor(AGENCY, "benchmark")
        with databases.writing("exchange") as session:
            service.perform(
                session, Deed(kind, actor, version.agreement_hash, now, grounds=GROUNDS)
            )
        return time.monotonic()

    for _ in range(rounds):
        suspended = act(Act.SUSPEND)
        time.sleep(SETTLE_SECONDS)
        resumed_from = time.monotonic()
        late = [
            got - suspended
            for sent, got, status in list(load.answers)
            if status in ACTING and suspended < sent < resumed_from
        ]
        act(Act.RESUME)
        time.sleep(SETTLE_SECONDS)
        yield max(late, default=0.0), len(late)


def wait_until_ready() -> None:
    """Wait for the processes; each needs seconds to start, more on a busy machine."""
    until = time.monotonic() + START_SECONDS
    while not up_down_status.is_ready(PORT):
        if time.monotonic() > until:
            raise TimeoutError(f"nothing answers on port {PORT}")
        time.sleep(0.2)
    time.sleep(SETTLE_SECONDS)


def measure(settings: Settings, rounds: int, clients: int) -> tuple[list[tuple[float, int]], Load]:
    """Load the API and revoke under it."""
    key = OKPKey.import_key((settings.keys / f"client_{CLIENT}.key").read_bytes())
    issuer = exchange_settings.load(settings).issuer
    pins = [
        str(pin)
        for pin in site.count(settings, "population", "SELECT pin FROM population.person LIMIT 500")
    ]
    databases = Databases(settings, "benchmark")
    load = Load()
    threads = [
        threading.Thread(
            target=ask_on,
            args=(load, ExchangeClient(f"http://{ports.HOST}:{PORT}", CLIENT, key, issuer), pins),
        )
        for _ in range(clients)
    ]
    for thread in threads:
        thread.start()
    time.sleep(SETTLE_SECONDS)
    measured = list(run_rounds(databases, load, rounds))
    load.is_over.set()
    for thread in threads:
        thread.join()
    databases.dispose()
    return measured, load


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=10_000, help="persons in the register")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--workers", type=int, default=2, help="processes of the API")
    parser.add_argument("--clients", type=int, default=8)
    arguments: Any = parser.parse_args()
    settings = site.prepare(arguments.size)
    workers = str(arguments.workers)
    command = ("sharing_api.main", "--port", str(PORT), "--workers", workers)
    with (
        site.running(settings, "sharing_api.access_log.integrator"),
        site.running(settings, *command),
    ):
        wait_until_ready()
        measured, load = measure(settings, arguments.rounds, arguments.clients)
    delays = sorted(delay for delay, _ in measured)
    seconds = load.answers[-1][1] - load.answers[0][0]
    statuses = Counter(status for _, _, status in load.answers)
    print(site.machine())
    print(
        f"{workers} processes, {arguments.clients} clients, {len(load.answers)} answers, "
        f"{len(load.answers) / seconds:.0f} a second; by status: {dict(statuses)}"
    )
    print(
        f"{len(delays)} suspensions; the last answer under it to a question sent afterwards came "
        f"{delays[len(delays) // 2] * 1000:.0f} ms (median), {delays[-1] * 1000:.0f} ms (most) "
        f"after its commit; {sum(late for _, late in measured)} such answers in all"
    )


if __name__ == "__main__":
    main()

"""Kills processes of a busy site at random moments: `python -m tests.resilience.kill_nine`.

After each the log must keep every promise that a client holds, and the site must go on by itself.
"""

import argparse
import os
import random
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from databases.journal import notes
from tests.resilience import checks, load
from tests.resilience import site as sites

RECOVERY_SECONDS = 30.0
CLIENTS = 12
_QUESTIONS = 400


@dataclass(frozen=True)
class Point:
    """One disaster and what became of it.

    Args:
        kind: what was killed.
        outage: seconds from the kill to the next data; None when there were none.
        recovery: seconds from the moment when what was killed ran again to the next data.
        faults: what must never happen; empty when all is well.
    """

    kind: str
    heard: load.Heard
    entries: int
    lost: Sequence[str]
    problem: str
    outage: float | None
    recovery: float | None
    faults: Sequence[str]

    @property
    def is_good(self) -> bool:
        """Whether nothing was lost, all verifies and the site went on."""
        return not (self.lost or self.problem or self.faults) and self.recovery is not None


@dataclass
class Ordeal:
    """Carries one site through disasters, one after the other.

    Args:
        hold: seconds for which PostgreSQL stays down at most.
    """

    site: sites.Site
    chance: random.Random
    clients: int = CLIENTS
    hold: float = 1.5
    checkpoint: notes.Checkpoint | None = None
    receipts: list[load.Receipt] = field(default_factory=list)

    def pass_through(self, kind: str) -> Point:
        """Let one disaster happen under load and judge what is left."""
        token = load.get_token(self.site)
        asked = load.questions(self.chance, _QUESTIONS)
        requests = [(question, question.request(token)) for question in asked]
        running = load.Load(self.site.port, requests, self.clients)
        running.start()
        try:
            time.sleep(self.chance.uniform(0.2, 1.2))
            killed = time.monotonic()
            back = KINDS[kind](self)
            answered = running.wait_for_answer(after=back, seconds=RECOVERY_SECONDS)
            time.sleep(0.3)
        finally:
            heard = running.stop()
        faults = [*heard.faults, *self._left_behind()]
        if heard.slowest > load.HANG_SECONDS:
            faults.append(f"a question hung for {heard.slowest:.1f} s")
        self.receipts += heard.receipts
        state = checks.judge(self.site, heard.receipts, self.checkpoint)
        self.checkpoint = state.checkpoint
        revocation = checks.hears_revocations(self.site, token)
        return Point(
            kind,
            heard,
            state.entries,
            state.lost,
            state.problem,
            None if answered is None else answered - killed,
            None if answered is None else answered - back,
            [*faults, *filter(None, [revocation])],
        )

    def _left_behind(self) -> Iterator[str]:
        """Bring back what should not have gone, and tell that it went."""
        site = self.site
        if site.integrator is None or site.integrator.poll() is not None:
            yield "the integrator ended"
            site.kill_integrator()
            site.start_integrator()
        if site.api is None or site.api.poll() is not None:
            yield "the API ended"
            site.kill_api()
            site.start_api()
        until = time.monotonic() + RECOVERY_SECONDS
        while len(site.workers_alive()) < site.workers:
            if time.monotonic() > until:
                yield "a worker was not replaced"
                return
            time.sleep(0.1)


def _kill_api(ordeal: Ordeal) -> float:
    ordeal.site.kill_api()
    back = time.monotonic()
    ordeal.site.start_api()
    return back


def _kill_worker(ordeal: Ordeal) -> float:
    sites.kill(ordeal.chance.choice(ordeal.site.workers_alive()))
    return time.monotonic()


def _kill_integrator(ordeal: Ordeal) -> float:
    ordeal.site.kill_integrator()
    back = time.monotonic()
    ordeal.site.start_integrator()
    return back


def _kill_postmaster(ordeal: Ordeal) -> float:
    """Kill the first process; the others notice and end by themselves."""
    sites.kill(ordeal.site.postmaster())
    return _bring_postgres_back(ordeal)


def _kill_all_of_postgres(ordeal: Ordeal) -> float:
    """Kill every process at once, as a machine without power does."""
    first = ordeal.site.postmaster()
    for pid in [first, *sites.children(first)]:
        sites.kill(pid)
    return _bring_postgres_back(ordeal)


def _stop_immediately(ordeal: Ordeal) -> float:
    ordeal.site.stop_postgres_immediately()
    return _bring_postgres_back(ordeal)


def _kill_backend(ordeal: Ordeal) -> float:
    """Kill one serving process: PostgreSQL throws all connections out and recovers by itself."""
    first = ordeal.site.postmaster()
    serving = [
        pid for pid in sites.children(first) if "exchange_service" in sites.command_line(pid)
    ]
    victim = ordeal.chance.choice(serving)
    ordeal.site.wait_for_crash(lambda: sites.kill(victim))
    return time.monotonic()


def _freeze(ordeal: Ordeal) -> float:
    """Let PostgreSQL stand still with its connections open, as a disk that hangs does."""
    first = ordeal.site.postmaster()
    processes = [first, *sites.children(first)]
    for pid in processes:
        os.kill(pid, signal.SIGSTOP)
    time.sleep(load.HANG_SECONDS + 1.0)
    for pid in processes:
        os.kill(pid, signal.SIGCONT)
    return time.monotonic()


def _bring_postgres_back(ordeal: Ordeal) -> float:
    time.sleep(ordeal.chance.uniform(0.0, ordeal.hold))
    ordeal.site.start_postgres()
    return time.monotonic()


KINDS: dict[str, Callable[[Ordeal], float]] = {
    "api": _kill_api,
    "worker": _kill_worker,
    "integrator": _kill_integrator,
    "postmaster": _kill_postmaster,
    "all of postgres": _kill_all_of_postgres,
    "immediate stop": _stop_immediately,
    "backend": _kill_backend,
    "frozen": _freeze,
}
TARGETS = {
    "api": ("api", "worker", "integrator"),
    "postgres": ("postmaster", "all of postgres", "immediate stop", "backend", "frozen"),
}
TARGETS["both"] = (*TARGETS["api"], *TARGETS["postgres"])


def run(ordeal: Ordeal, kinds: Sequence[str], points: int) -> Iterator[Point]:
    """Let disasters happen, each kind as often as any other, in a random order."""
    waiting: list[str] = []
    for _ in range(points):
        waiting = waiting or ordeal.chance.sample(kinds, len(kinds))
        yield ordeal.pass_through(waiting.pop())


def show(number: int, point: Point) -> str:
    """Write a point as a line of the table."""
    heard = point.heard
    outage = "never" if point.outage is None else f"{point.outage:.2f}"
    recovery = "never" if point.recovery is None else f"{point.recovery:.2f}"
    others = f"{heard.statuses[503]:>5} {heard.cut:>4}"
    figures = f"{heard.statuses[200]:>6} {len(heard.receipts):>8} {others} {point.entries:>8}"
    verdict = point.problem or "verifies"
    more = "; ".join(dict.fromkeys([*point.lost[:3], *point.faults[:4]]))
    times = f"{outage:>7} {recovery:>8} {heard.slowest:>7.2f}"
    return f"{number:>3} {point.kind:<16} {figures} {len(point.lost):>4} {times}  {verdict}  {more}"


HEADING = (
    f"{'':>3} {'killed':<16} {'data':>6} {'receipts':>8} {'503':>5} {'cut':>4} {'entries':>8} "
    f"{'lost':>4} {'outage':>7} {'recovery':>8} {'slowest':>7}  log"
)


def main() -> None:
    """Run the ordeal and print its table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=50)
    parser.add_argument("--target", choices=sorted(TARGETS), default="both")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--clients", type=int, default=CLIENTS)
    parser.add_argument("--seed", type=int, default=714)
    arguments = parser.parse_args()
    kinds = [one for one in TARGETS[arguments.target] if one != "worker" or arguments.workers > 1]
    with sites.open_site(workers=arguments.workers) as site:
        ordeal = Ordeal(site, random.Random(arguments.seed), arguments.clients)
        points = []
        print(HEADING)  # noqa: T201  the terminal is its output
        for point in run(ordeal, kinds, arguments.points):
            points.append(point)
            print(show(len(points), point), flush=True)  # noqa: T201  the same
        state = checks.judge(site, ordeal.receipts, ordeal.checkpoint)
    bad = [one for one in points if not one.is_good]
    summary = (
        f"{len(points)} points, {len(ordeal.receipts)} answers with a receipt, "
        f"{state.entries} entries, {len(state.lost)} lost, "
        f"log {state.problem or 'verifies'}, {len(bad)} points not as they should be"
    )
    sys.exit(summary) if bad or state.lost or state.problem else print(summary)  # noqa: T201  the same


if __name__ == "__main__":
    main()

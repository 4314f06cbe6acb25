"""How fast the log is written, integrated, committed, proved, verified and told to a person.

Entries are invented and written as the corridor's station of the log writes them; what follows is
what the processes of a site do. Ten million are behind --sizes: a million needs a gigabyte of disk.

    python -m benchmarks.evidence --sizes 100000 1000000
"""

import argparse
import dataclasses
import functools
import random
import statistics
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

from benchmarks import site
from command_line.operator import migrate
from databases import local_cluster
from databases.journal import store
from databases.sessions import Databases
from databases.settings import Settings
from log_checker import run
from sharing_api import keys as exchange_keys
from sharing_api import settings as exchange_settings
from sharing_api import tables
from sharing_api.access_log import entries, integrator, proofs, repository
from sharing_api.access_log.subjects import committer, report
from sharing_api.protocols import log as log_protocol

_CLIENTS = 32
_SECONDS = 10.0
_MUCH = 10_000  # entries of the person whose report is timed
_ONE_AT_A_TIME = threading.Lock()
_LAW = "Luật Căn cước 26/2023/QH15"


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251  a benchmark happens now


class Writer:
    """Makes entries as look-ups leave them: one of ten about the same few persons."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self._much = entries.subject_tag(b"benchmark", "population", "much")

    def entry(self, *, much: bool = False) -> entries.Entry:
        """Make one entry."""
        now = _now()
        with _ONE_AT_A_TIME:  # ids come from one source, as in the API's loop
            answer_id = entries.new_answer_id(now)
        tag = self._much if much else self._chance.randbytes(2) * 16
        return entries.Entry(
            entry_id=answer_id,
            answer_id=answer_id,
            logged_at=now,
            agency="H26",
            client="hanoi-one-stop",
            officer=f"cb-{self._chance.randrange(500)}",
            subject_tag=tag,
            dataset="population/citizen",
            operation="look-up",
            purpose="public_service.residence",
            legal_basis=_LAW,
            procedure="1.004222",
            case_reference=f"H26-{self._chance.randrange(10**6)}",
            agreement_hash="ab" * 32,
            decision=entries.PERMITTED,
            rule="found",
            fields=("birth_full_name", "date_of_birth", "permanent_residence", "pin", "sex"),
            request_hash=self._chance.randbytes(32),
            answer_hash=self._chance.randbytes(32),
            register_change=7,
            valid_on=date(2026, 3, 2),
            transport={},
        )

    @property
    def much(self) -> bytes:
        """Tag of the person of many entries."""
        return self._much


def _append(databases: Databases, written: list[entries.Entry]) -> None:
    hashes = [entries.leaf_hash(one) for one in written]
    with databases.committing("exchange") as connection:
        repository.append(connection, written, hashes)


def _print(what: str, value: float, unit: str, note: str = "") -> None:
    print(f"{what:52} {value:12,.2f} {unit:10} {note}", flush=True)


def fill(databases: Databases, size: int) -> None:
    """Write entries up to a size; a quarter of a second of them is integrated at once."""
    writer = Writer(size)
    with databases.reading("exchange") as session:
        have = store.count_leaves(session, journal=tables.journal)
    signer = _signer(databases.settings)
    if have == 0:
        _append(databases, [writer.entry(much=True) for _ in range(_MUCH)])
        have = _MUCH
    start, first = time.perf_counter(), have
    while have < size:
        count = min(2_000, size - have)
        _append(databases, [writer.entry() for _ in range(count)])
        have += count
        if have % 20_000 == 0:
            integrator.integrate_all(databases, signer)
    integrator.integrate_all(databases, signer)
    if have > first:
        rate = (have - first) / (time.perf_counter() - start)
        _print("fill: written and integrated by one process", rate, "entries/s")


def _signer(settings: Settings) -> Any:
    known = exchange_settings.load(settings)
    return exchange_keys.load(known).log_signer(known.log_name)


@contextmanager
def _integrating(databases: Databases) -> Iterator[None]:
    """Integrate beside the block as the site's process does."""
    stop = threading.Event()
    thread = threading.Thread(
        target=integrator.run, args=(databases, _signer(databases.settings), stop)
    )
    thread.start()
    yield
    stop.set()
    thread.join()


def measure_append(databases: Databases) -> None:
    """Write with 32 clients, a round of the corridor each time, integrate beside, watch the lag.

    All in one process, whose threads wait for each other: a site's integrator is one of its own.
    """
    done = threading.Event()
    counts = [0]
    lags: list[float] = []

    def write() -> None:
        writer = Writer(1)
        while not done.is_set():
            _append(databases, [writer.entry() for _ in range(_CLIENTS)])
            counts[0] += _CLIENTS

    def watch() -> None:
        writer = Writer(99)
        while not done.is_set():
            probe = writer.entry()
            start = time.perf_counter()
            _append(databases, [probe])
            while not _covered(databases, probe.entry_id):
                time.sleep(0.02)
            lags.append(time.perf_counter() - start)

    with _integrating(databases):
        threads = [threading.Thread(target=write), threading.Thread(target=watch)]
        start = time.perf_counter()
        for thread in threads:
            thread.start()
        time.sleep(_SECONDS)
        done.set()
        for thread in threads:
            thread.join()
        seconds = time.perf_counter() - start
    _print("append, 32 questions a round, integrator beside", counts[0] / seconds, "entries/s")
    _print("from commit to signed checkpoint, median", statistics.median(lags), "s")
    _print("from commit to signed checkpoint, worst", max(lags), "s")


def _covered(databases: Databases, entry_id: uuid.UUID) -> bool:
    with databases.reading("exchange") as session:
        index = store.find_leaf_index(session, journal=tables.journal, entry_id=entry_id)
        newest = store.find_latest_checkpoint(session, journal=tables.journal)
    return index is not None and newest is not None and index < newest.tree_size


def measure_commitment(databases: Databases) -> None:
    """Bring the chains of all subjects up to date."""
    known = exchange_settings.load(databases.settings)
    log_keys = exchange_keys.load(known).log_keys(known.log_name)
    signer = _signer(databases.settings)
    total, start = 0, time.perf_counter()
    while count := committer.extend_once(databases, log_keys):
        total += count
        integrator.integrate_all(databases, signer)
    if total:
        _print("commitment over the subjects", total / (time.perf_counter() - start), "entries/s")


def measure_proofs(databases: Databases) -> None:
    """Prove single entries at random places, in one session, as the API does."""
    chance = random.Random(7)
    with databases.reading("exchange") as session:
        size = store.count_leaves(session, journal=tables.journal)
        ids = [
            store.list_leaves(session, journal=tables.journal, first=one, limit=1)[0][1]
            for one in (chance.randrange(size) for _ in range(300))
        ]
        newest = store.find_latest_checkpoint(session, journal=tables.journal)
        assert newest is not None  # noqa: S101  the log was filled
        _time("inclusion proof alone", [_prove_one(session, size, chance) for _ in range(300)])
        _time(
            "inclusion proof as a document, with checkpoint",
            [functools.partial(proofs.entry_document, session, one) for one in ids],
        )


def _prove_one(session: Any, size: int, chance: random.Random) -> Callable[[], Any]:
    index = chance.randrange(size)
    return lambda: store.get_inclusion_proof(
        session, journal=tables.journal, leaf_index=index, tree_size=size
    )


def _time(what: str, calls: list[Callable[[], Any]]) -> None:
    times = []
    for call in calls:
        start = time.perf_counter()
        call()
        times.append((time.perf_counter() - start) * 1000)
    _print(f"{what}, median", statistics.median(times), "ms")
    _print(f"{what}, 99th percentile", sorted(times)[int(len(times) * 0.99)], "ms")


def measure_verification(databases: Databases) -> None:
    """Verify everything, by one process and by one for each core."""
    known = exchange_settings.load(databases.settings)
    published = log_protocol.published_keys(exchange_keys.load(known), known)
    url = databases.settings.url("exchange", "reader").set(drivername="postgresql")
    wishes = run.Wishes(url.render_as_string(hide_password=False), published)
    for what, workers, with_subjects in (
        ("verify, one process", 1, False),
        ("verify, one process, with the chains of subjects", 1, True),
        ("verify, a process for each core, with chains", 0, True),
    ):
        start = time.perf_counter()
        verdict = run.verify(
            dataclasses.replace(wishes, workers=workers, with_subjects=with_subjects)
        )
        seconds = time.perf_counter() - start
        if verdict.problem:
            raise SystemExit(f"not verified: {verdict}")
        _print(what, verdict.entries / seconds, "entries/s", f"{seconds:.1f} s")
        print(f"{'':52} {10**7 / (verdict.entries / seconds):12.0f} s for 10,000,000")


def measure_report(databases: Databases) -> None:
    """Tell a person of ten thousand entries."""
    subject = report.Subject("population", Writer(0).much)
    times = []
    for _ in range(3):
        start = time.perf_counter()
        with databases.reading("exchange") as session:
            repository.read_one_snapshot(session)
            document = report.build(session, "benchmark", [subject], _now().date())
        times.append(time.perf_counter() - start)
    note = f"{len(document) / 1e6:.1f} MB"
    _print("report of 10,000 entries", min(times), "s", note)


def main() -> None:
    """Measure each size, one site for all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[100_000, 1_000_000])
    print(site.machine())
    home = site.ROOT / ".natdb" / "benchmark-evidence"
    local_cluster.start_cluster(home)
    settings = local_cluster.load_settings(home, {})
    migrate.migrate(settings)
    exchange_keys.make_missing(exchange_settings.load(settings))
    databases = Databases(settings, "benchmark", pool_size=8)
    for size in sorted(parser.parse_args().sizes):
        print(f"\n{size:,} entries")
        fill(databases, size)
        measure_commitment(databases)
        measure_proofs(databases)
        measure_verification(databases)
        measure_report(databases)
    print("\nUnder load")
    measure_append(databases)
    databases.dispose()
    local_cluster.stop_cluster(home)


if __name__ == "__main__":
    main()

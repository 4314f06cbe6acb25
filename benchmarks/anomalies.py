"""How well the auditor's rules do on planted cases, and what judging an entry costs.

python -m benchmarks.anomalies --entries 100000 --seeds 1 2 3
"""

import argparse
import os
import time
import uuid
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from benchmarks import audit_traffic, site
from benchmarks.audit_traffic import Traffic
from command_line.auditing.anomalies import list_forms
from command_line.operator import migrate
from databases import local_cluster
from databases.settings import Settings
from sharing_api import app, bootstrap
from sharing_api.auditing import rules
from sharing_api.auditing.repository import findings
from sharing_api.auditing.values import WantedFindings
from sharing_api.auditing.watch import Watch
from sharing_api.disclosure.corridor import Corridor

_NOW = audit_traffic.FIRST + timedelta(weeks=audit_traffic.WEEKS, days=1)
_LIMIT = 10**6


def _prepare(name: str) -> Settings:
    """Make a site of its own: a log cannot be emptied."""
    home = Path(os.environ.get("NATDB_BENCHMARK_HOME", site.ROOT / ".natdb")) / f"audit-{name}"
    local_cluster.start_cluster(home)
    settings = local_cluster.load_settings(home, {})
    migrate.migrate(settings)
    bootstrap.prepare_demo_exchange(settings)
    return settings


def _judge(
    found: list[tuple[str, str, str, bool]], planted: Mapping[str, set[tuple[str, str]]]
) -> None:
    """Print precision and recall of each rule.

    Args:
        found: rule, agency, officer, and whether any of its evidence was planted.
    """
    print(f"{'rule':28}{'planted':>8}{'found':>7}{'right':>7}{'beside':>8}{'wrong':>7}"
          f"{'precision':>11}{'recall':>8}")  # fmt: skip
    for rule in rules.RULES:
        wanted = planted.get(rule.name, set())
        mine = [one for one in found if one[0] == rule.name]
        keys = {(agency, officer) for _, agency, officer, _ in mine}
        right = keys & wanted
        # Another rule's case seen by this one: many questions at once are many in every respect.
        beside = {(a, o) for _, a, o, is_planted in mine if is_planted} - right
        wrong = keys - right - beside
        precision = len(right) / (len(right) + len(wrong)) if right or wrong else 1.0
        recall = f"{len(right) / len(wanted):8.2f}" if wanted else f"{'-':>8}"
        print(f"{rule.name:28}{len(wanted):8}{len(keys):7}{len(right):7}{len(beside):8}"
              f"{len(wrong):7}{precision:11.2f}{recall}")  # fmt: skip


def _measure(entries: int, seed: int) -> None:
    settings = _prepare(f"{entries}-{seed}")
    traffic = Traffic(entries, seed)
    with app.open_corridor(settings) as corridor:
        start = time.perf_counter()
        count, planted = audit_traffic.write(corridor.databases, traffic)
        print(f"\nseed {seed}: {count:,} entries written in {time.perf_counter() - start:.1f} s, "
              f"{len(planted):,} of them planted")  # fmt: skip
        watch = Watch(corridor, None, lambda: _NOW, list_forms())
        start = time.perf_counter()
        done = watch.run()
        seconds = time.perf_counter() - start
        print(f"judged in {seconds:.1f} s: {seconds / max(1, done.entries) * 1e6:.1f} µs an entry, "
              f"{done.added} findings")  # fmt: skip
        start = time.perf_counter()
        watch.run()
        print(f"a run that finds nothing new: {time.perf_counter() - start:.3f} s")
        _judge(_list_found(corridor, planted), traffic.planted)


def _list_found(corridor: Corridor, planted: set[uuid.UUID]) -> list[tuple[str, str, str, bool]]:
    with corridor.databases.reading("exchange") as session:
        return [
            (
                one.rule,
                one.agency,
                one.officer,
                any(e in planted for e in findings.list_evidence(session, one.finding_id)),
            )
            for one in findings.list_wanted(session, WantedFindings(), limit=_LIMIT)
        ]


def main() -> None:
    """Measure some seeds of one size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    arguments = parser.parse_args()
    print(site.machine())
    for seed in arguments.seeds:
        _measure(arguments.entries, seed)


if __name__ == "__main__":
    main()

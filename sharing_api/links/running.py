"""A linkage of the registers as its users have it: run it, count what stands."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from databases import periods
from sharing_api.disclosure.corridor import Corridor
from sharing_api.disclosure.in_house import PAGE, Desk, Errand
from sharing_api.following.cursors import Follower
from sharing_api.links import sources
from sharing_api.links.collecting import Collector
from sharing_api.links.judging import Judge
from sharing_api.links.repository import links, working_set
from sharing_api.links.sealing import Sealer
from sharing_api.links.values import Comparison, State
from sharing_api.matching.linkage import Progress
from sharing_api.matching.model import Model


@dataclass(frozen=True, slots=True)
class Run:
    """What a run did.

    Args:
        records: that registers gave.
        links: that were found or looked at again.
    """

    run_id: int
    records: int
    links: int


@dataclass(frozen=True)
class Linkage:
    """Links registers.

    Args:
        corridor: that everything read of a register passes.
        errand: who works, and why.
        clock: gives the moment.
        model: of the likeness.
        home: folder for what a first comparison puts aside.
        workers: processes that compare all with all.
        page: most records that are read at a time.
    """

    corridor: Corridor
    errand: Errand
    clock: Callable[[], datetime]
    model: Model
    home: Path
    workers: int = 0
    page: int = PAGE

    def run(self, comparisons: Sequence[Comparison], progress: Progress) -> Run:
        """Read what changed in the registers, and link it; killed, the next run goes on.

        Args:
            comparisons: that are made, in this order.
            progress: is told step, what is done, and what there is to do (0: unknown).

        Raises:
            AgreementRefuses: an agreement does not allow it.
            LogUnavailable: a page could not be logged.
        """
        now = self.clock()
        on = periods.day_in_vietnam(now)
        databases, sealer = self.corridor.databases, Sealer(self.corridor.subject_key)
        with databases.writing("exchange") as session:
            run_id = working_set.open_run(session, at=now, valid_on=on)
        wanted = {name for one in comparisons for name in (*one.left, one.right)}
        progress("reading", 0, 0)
        follower = Follower(Desk(self.corridor, self.clock), self.errand, sealer, self.page)
        Collector(follower, databases, sealer).collect(
            run_id, on, [one.dataset for one in sources.SOURCES if one.dataset in wanted]
        )
        judge = Judge(databases, sealer, self.model, self.home, self.clock, self.workers)
        for comparison in comparisons:
            judge.judge(run_id, comparison, progress)
        with databases.writing("exchange") as session:
            return Run(run_id, *working_set.close_run(session, run_id, at=self.clock()))

    def count(self) -> list[tuple[str, State, int]]:
        """Count links by comparison and state: that tells of nobody."""
        with self.corridor.databases.reading("exchange") as session:
            return links.count(session)

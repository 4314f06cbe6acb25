"""The worklist as its users have it: run, list, settle."""

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from databases import periods
from sharing_api.consistency import sources
from sharing_api.consistency.collecting import Collector
from sharing_api.consistency.judging import Judge
from sharing_api.consistency.repository import findings, working_set
from sharing_api.consistency.repository.findings import Standing, Wanted
from sharing_api.consistency.sealing import Sealer
from sharing_api.consistency.values import Finding, Record
from sharing_api.disclosure.corridor import Corridor
from sharing_api.disclosure.in_house import PAGE, Desk, Errand
from sharing_api.following.cursors import Follower
from sharing_api.worklists import errors, repository
from sharing_api.worklists import values as worklist_values
from sharing_api.worklists.values import State, Step

MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Run:
    """What a run did.

    Args:
        records: that registers gave.
        subjects: that were judged.
    """

    run_id: int
    records: int
    subjects: int


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding with what its records say now.

    Args:
        values: of each record of the finding, in its order; None: no such record any more.
    """

    finding: Finding
    values: tuple[Mapping[str, Any] | None, ...]


class Worklist:
    """Compares registers, and gives what was found to those who are to settle it.

    Args:
        corridor: that everything read of a register passes.
        errand: who works, and why.
        clock: gives the moment.
    """

    def __init__(
        self, corridor: Corridor, errand: Errand, clock: Callable[[], datetime], page: int = PAGE
    ) -> None:
        self._databases = corridor.databases
        self._desk = Desk(corridor, clock)
        self._errand = errand
        self._clock = clock
        self._sealer = Sealer(corridor.subject_key)
        self._page = page

    def run(self) -> Run:
        """Read what changed in all registers and judge whom it concerns.

        Raises:
            AgreementRefuses: an agreement does not allow it.
            LogUnavailable: a page could not be logged. The next run goes on behind the last page.
        """
        now = self._clock()
        on = periods.day_in_vietnam(now)
        with self._databases.writing("exchange") as session:
            run_id = working_set.open_run(session, at=now, valid_on=on)
        follower = Follower(self._desk, self._errand, self._sealer, self._page)
        stewards = Collector(follower, self._databases, self._sealer).collect(run_id, on)
        Judge(self._databases, self._sealer, stewards, self._clock).judge_touched(run_id, on)
        with self._databases.writing("exchange") as session:
            records, subjects = working_set.close_run(session, run_id, at=self._clock())
        return Run(run_id, records, subjects)

    def count(self) -> list[tuple[str, State, int]]:
        """Count findings by rule and state: that tells of nobody."""
        with self._databases.reading("exchange") as session:
            return repository.count(session, findings.BOOK)

    def show(self, wanted: Wanted, *, limit: int = MOST_SHOWN) -> list[Shown]:
        """Give findings with what their records say now.

        Every record is asked for under the agreement of who looks, and leaves an entry; without it
        nothing is shown, not even which records they are.

        Raises:
            AgreementRefuses: the agreement does not allow it.
            LogUnavailable: it could not be logged.
        """
        with self._databases.writing("exchange") as session:
            standing = findings.list_wanted(session, wanted, limit=limit)
        return self._show(standing)

    def settle(self, finding_id: int, state: State, reason: str) -> Shown:
        """Accept or dismiss a finding, or open it again, and give it.

        Raises:
            FindingNotFound: there is none of that number.
            ReasonMissing: no reason is given.
            NotToSettle: it does not stand any more, or is in that state.
            AgreementRefuses, LogUnavailable: it may not be shown, and stays as it was.
        """
        worklist_values.require_reason(reason)
        with self._databases.writing("exchange") as session:
            standing = findings.find(session, finding_id)
            if standing is None:
                raise errors.FindingNotFound("There is no finding of that number.")
            worklist_values.require_settleable(standing.state, state)
            (shown,) = self._show([standing])
            step = Step(self._errand.officer, self._clock(), state, reason)
            findings.move(session, [standing], step)
        settled = dataclasses.replace(shown.finding, state=state, reason=reason)
        return Shown(settled, shown.values)

    def _show(self, standing: Sequence[Standing]) -> list[Shown]:
        with self._databases.writing("exchange") as session:
            sealed = findings.list_records(session, [one.finding_id for one in standing])
        records = {
            finding_id: tuple(
                Record(one.dataset, self._sealer.open(one.sealed_key), one.change) for one in some
            )
            for finding_id, some in sealed.items()
        }
        values = self._ask(one for some in records.values() for one in some)
        return [
            Shown(
                _finding(one, records[one.finding_id]),
                tuple(values[each.dataset].get(each.key) for each in records[one.finding_id]),
            )
            for one in standing
        ]

    def _ask(self, records: Iterable[Record]) -> dict[str, Mapping[str, Mapping[str, Any]]]:
        keys: dict[str, dict[str, None]] = {}
        for one in records:
            keys.setdefault(one.dataset, {})[one.key] = None
        return {
            dataset: self._desk.ask(
                self._errand, dataset, list(some), sources.BY_DATASET[dataset].shown
            )
            for dataset, some in keys.items()
        }


def _finding(standing: Standing, records: tuple[Record, ...]) -> Finding:
    return Finding(
        finding_id=standing.finding_id,
        rule=standing.rule,
        confidence=standing.confidence,
        steward=standing.steward,
        state=standing.state,
        reason=standing.reason,
        run_id=standing.run_id,
        records=records,
    )

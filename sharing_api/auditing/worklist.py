"""The worklist of auditors: list, look at one with its evidence, settle."""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from databases.sessions import Databases
from sharing_api.auditing.repository import findings, searches
from sharing_api.auditing.values import Finding, Step, WantedFindings
from sharing_api.worklists import errors, repository
from sharing_api.worklists import values as worklist_values
from sharing_api.worklists.values import State


@dataclass(frozen=True)
class Shown:
    """A finding with what it rests on and what became of it.

    Args:
        entries: rows of the access log, in order of time.
        steps: oldest first.
    """

    finding: Finding
    entries: Sequence[Mapping[str, Any]]
    steps: Sequence[Step]


class Worklist:
    """Gives findings to those who are to settle them. Nothing here names a data subject.

    Args:
        databases: of the site.
        officer: who looks and settles.
        clock: gives the moment.
    """

    def __init__(self, databases: Databases, officer: str, clock: Callable[[], datetime]) -> None:
        self._databases = databases
        self._officer = officer
        self._clock = clock

    def count(self) -> list[tuple[str, State, int]]:
        """Count findings by rule and state."""
        with self._databases.reading("exchange") as session:
            return repository.count(session, findings.BOOK)

    def list(self, wanted: WantedFindings, *, limit: int) -> list[Finding]:
        """List findings, the gravest first, then those with the newest evidence."""
        with self._databases.reading("exchange") as session:
            return findings.list_wanted(session, wanted, limit=limit)

    def show(self, finding_id: int) -> Shown:
        """Give a finding with its evidence.

        Raises:
            FindingNotFound: there is none of that number.
        """
        with self._databases.writing("exchange") as session:
            finding = _get(repository.find(session, findings.BOOK, finding_id))
            ids = findings.list_evidence(session, finding_id)
            steps = findings.list_steps(session, finding_id)
            return Shown(finding, searches.list_entries(session, ids), steps)

    def settle(self, finding_id: int, state: State, outcome: str) -> Finding:
        """Accept a finding as irregular or dismiss it, with what came of it; or open it again.

        Raises:
            FindingNotFound: there is none of that number.
            ReasonMissing: no outcome is given.
            NotToSettle: it is in that state already.
        """
        worklist_values.require_reason(outcome)
        with self._databases.writing("exchange") as session:
            finding = _get(repository.find(session, findings.BOOK, finding_id))
            worklist_values.require_settleable(finding.state, state)
            step = worklist_values.Step(self._officer, self._clock(), state, outcome)
            repository.move(session, findings.BOOK, [(finding_id, finding.state)], step)
        return dataclasses.replace(finding, state=state, reason=outcome)


def _get(row: Mapping[str, Any] | None) -> Finding:
    if row is None:
        raise errors.FindingNotFound("There is no finding of that number.")
    return findings.to_finding(row)

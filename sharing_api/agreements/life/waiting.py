"""Proposals that wait for their answer, with the clock that runs on them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from databases import periods
from sharing_api.agreements.life import working_days
from sharing_api.agreements.life.repository import versions
from sharing_api.agreements.life.values import Act, State, Version


@dataclass(frozen=True, slots=True)
class Waiting:
    """A proposal that waits for its answer.

    Args:
        is_overdue: the last day for an answer has passed.
    """

    version: Version
    proposed_at: datetime
    proposed_by: str
    deadline: working_days.Deadline
    is_overdue: bool


def list_waiting(
    session: Session, at: datetime, parties: Iterable[str] | None = None
) -> list[Waiting]:
    """List the proposals that wait for an answer, the one that is due first first."""
    proposed = versions.list_versions(session, parties=parties, states=[State.PROPOSED])
    steps = {
        step.agreement_hash: step
        for step in versions.list_steps(session, [one.agreement_hash for one in proposed])
        if step.act is Act.PROPOSE
    }
    today = periods.day_in_vietnam(at)
    waiting = []
    for version in proposed:
        step = steps.get(version.agreement_hash)  # none: of before lives were recorded
        at_first, party = (step.at, step.party) if step else (version.recorded_at, "")
        deadline = working_days.find_deadline(at_first)
        waiting.append(Waiting(version, at_first, party, deadline, today > deadline.day))
    return sorted(waiting, key=lambda one: (one.deadline.day, one.version.agreement_hash))

"""What days bring by themselves: versions come into force, end, and end the ones before them."""

import dataclasses
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from databases import periods
from sharing_api.agreements.life.repository import versions
from sharing_api.agreements.life.values import Act, Grounds, State, Step, Version

_STANDING = (State.IN_FORCE, State.SUSPENDED)


def settle(session: Session, locked: Sequence[Version], at: datetime) -> dict[str, Version]:
    """Bring recorded states to those of the day.

    Args:
        locked: all versions of one agreement.

    Returns:
        the versions as they stand now, by hash.
    """
    today = periods.day_in_vietnam(at)
    settled = {one.agreement_hash: one for one in locked}
    for version in locked:
        state = version.state_on(today)
        if state is version.state:
            continue
        if version.state is State.ACCEPTED:
            for other in list(settled.values()):
                if other.state in _STANDING:
                    reason = f"replaced by version {version.number}, {version.agreement_hash}"
                    _record(session, settled, other, State.EXPIRED, at, reason)
            _record(session, settled, version, State.IN_FORCE, at, "its first day has come")
        if state is State.EXPIRED:
            known = settled[version.agreement_hash]
            _record(session, settled, known, State.EXPIRED, at, "its last day has passed")
    return settled


def _record(
    session: Session,
    settled: dict[str, Version],
    version: Version,
    state: State,
    at: datetime,
    reason: str,
) -> None:
    act = Act.EXPIRE if state is State.EXPIRED else Act.ENTER_INTO_FORCE
    step = Step(version.agreement_hash, at, act, version.state, state, grounds=Grounds(reason))
    versions.record(session, step)
    settled[version.agreement_hash] = dataclasses.replace(version, state=state)

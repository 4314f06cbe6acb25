"""States of findings and the steps between them. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sharing_api.worklists import errors


class State(StrEnum):
    """Where a finding stands."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DISMISSED = "dismissed"
    RESOLVED = "resolved"


# What somebody may settle, and settle to; only a run resolves.
SETTLED_BY_HAND = frozenset({State.OPEN, State.ACCEPTED, State.DISMISSED})


@dataclass(frozen=True, slots=True)
class Step:
    """A step in the life of findings: who, when, to which state, why."""

    officer: str
    at: datetime
    to_state: State
    reason: str


def require_reason(reason: str) -> None:
    """Refuse to settle without saying why.

    Raises:
        ReasonMissing: nothing but blanks is given.
    """
    if not reason.strip():
        raise errors.ReasonMissing.of_field(
            "reason", "reason.missing", "Say why: the reason stays with the finding."
        )


def require_settleable(standing: State, wanted: State) -> None:
    """Refuse a step that nobody may take by hand.

    Raises:
        NotToSettle: the finding does not stand any more, or is in that state.
    """
    if standing not in SETTLED_BY_HAND or wanted not in SETTLED_BY_HAND - {standing}:
        raise errors.NotToSettle(
            f"The finding is {standing.value}: it cannot become {wanted.value}."
        )

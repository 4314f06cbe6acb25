"""An emergency and the clock of its review. Pure."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from databases import periods
from databases.law import LegalNumber

# Agency that is told of every emergency beside the owner of the data: Law 91/2025/QH15 art. 23
# names the authority for the protection of personal data, which the Ministry of Public Security is.
DATA_AUTHORITY = "G01"
REVIEW_WITHIN = (
    LegalNumber(
        value=72,
        unit="hours",
        valid_from=date(2026, 1, 1),
        valid_to=None,
        source="Law 91/2025/QH15 art. 23: the authority is told of a breach within 72 hours; that "
        "access outside an agreement is reviewed in the same time is our reading",
        confidence="medium",
    ),
)


class State(StrEnum):
    """Where the review of an emergency stands."""

    OPEN = "open"
    JUSTIFIED = "justified"
    UNJUSTIFIED = "unjustified"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Emergency:
    """An answer that was given in an emergency.

    Args:
        answer_id: as in the access log.
        review_by: end of the clock.
        outcome: of the review.
    """

    answer_id: uuid.UUID
    asked_at: datetime
    agreement_hash: str
    provider: str
    consumer: str
    client: str
    officer: str
    dataset: str
    reason: str
    legal_basis: str
    review_by: datetime
    state: State = State.OPEN
    reviewed_at: datetime | None = None
    reviewer: str = ""
    outcome: str = ""

    def may_be_reviewed_by(self, agency: str) -> bool:
        """Tell whether an agency may review it: the owner or the authority, never who asked."""
        return agency in (self.provider, DATA_AUTHORITY) and agency != self.consumer


@dataclass(frozen=True, slots=True)
class Count:
    """How many emergencies there were in a month, and what became of them.

    Args:
        month: first day, in Viet Nam.
    """

    month: date
    provider: str
    consumer: str
    dataset: str
    state: State
    answers: int


def review_by(asked_at: datetime) -> datetime:
    """Give the end of the clock of an emergency, by the number in force on its day."""
    day = periods.day_in_vietnam(asked_at)
    number = next((one for one in REVIEW_WITHIN if one.holds_on(day)), REVIEW_WITHIN[0])
    return asked_at + timedelta(hours=number.value)

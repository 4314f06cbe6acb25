"""A notice as its recipient reads it. Pure."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from databases import periods
from databases.law import LegalNumber


class Kind(StrEnum):
    """What a notice tells."""

    CORRECTION = "correction"  # a value that was disclosed to the recipient was wrong
    EMERGENCY = "emergency"  # somebody was given data outside of an agreement


ACKNOWLEDGE_WITHIN = (
    LegalNumber(
        value=10,
        unit="days",
        valid_from=date(2026, 1, 1),
        valid_to=None,
        source="Decree 356/2025/NĐ-CP art. 5: personal data are corrected within ten days; that "
        "who received them acknowledges the correction in the same time is our reading",
        confidence="medium",
    ),
)


@dataclass(frozen=True, slots=True)
class Notice:
    """What an agency is told; it names no data subject, but the agency's own entries and cases.

    Args:
        recipient: agency that is told.
        dataset: `register/dataset`.
        register_change: change that corrected it; of an emergency the state that was read.
        fields: delivered before and wrong, or delivered in an emergency.
        entries: of the access log; the recipient of a correction has their receipts.
        cases: references that the questions named.
        due_on: last day for acknowledging it.
        acknowledged_by: system and officer; empty: nobody yet.
    """

    notice_id: int
    kind: Kind
    recipient: str
    dataset: str
    register_change: int
    fields: tuple[str, ...]
    created_at: datetime
    due_on: date
    acknowledged_at: datetime | None = None
    acknowledged_by: str = ""
    remark: str = ""
    entries: tuple[uuid.UUID, ...] = ()
    cases: tuple[str, ...] = ()

    def is_overdue(self, on: date) -> bool:
        """Tell whether nobody has acknowledged it although its last day has passed."""
        return self.acknowledged_at is None and on > self.due_on


def due_on(created_at: datetime) -> date:
    """Give the last day for acknowledging a notice, by the number in force on its day."""
    day = periods.day_in_vietnam(created_at)
    number = next((one for one in ACKNOWLEDGE_WITHIN if one.holds_on(day)), ACKNOWLEDGE_WITHIN[0])
    return day + timedelta(days=number.value)

"""What goes in and out of auditing: signals of rules, findings, conditions of searches. Pure."""

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from sharing_api.worklists.values import State

# Which entries a signal rests on, of those that fit its selection.
Part = Literal["all", "missed", "refused", "outside"]
Figures = Mapping[str, int | float | str]


class Severity(StrEnum):
    """How much harm a finding would tell of, if it is what it looks like."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Selection:
    """Entries that a signal rests on; None: whatever it is.

    Args:
        hour_at: beginning of the hour.
    """

    agency: str
    client: str | None = None
    officer: str | None = None
    hour_at: datetime | None = None
    purpose: str | None = None
    procedure: str | None = None
    dataset: str | None = None
    part: Part = "all"


@dataclass(frozen=True, slots=True)
class Signal:
    """What a rule saw in a stretch of the log.

    Args:
        client, officer: empty where it is not about one alone.
        about: what else tells the finding from others of its rule, such as purpose and procedure.
        entries: number of entries that it rests on.
        figures: what was measured, and against what.
        selection: where to find the entries, if `entry_ids` does not name them yet.
    """

    rule: str
    agency: str
    client: str
    officer: str
    first_at: datetime
    last_at: datetime
    entries: int
    figures: Figures
    subject_tag: bytes | None = None
    about: str = ""
    entry_ids: tuple[uuid.UUID, ...] = ()
    selection: Selection | None = None

    @property
    def tag(self) -> bytes:
        """Name the finding that this belongs to."""
        parts = (self.rule, self.agency, self.client, self.officer, self.about)
        subject = (self.subject_tag or b"").hex()
        return hashlib.sha256("\x1f".join((*parts, subject)).encode()).digest()[:16]


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding as it stands in the worklist.

    Args:
        settled_by: officer of the last step that was not the run's; empty: nobody yet.
        entries: number of entries that it rests on; the first hundred of each hour are kept.
    """

    finding_id: int
    rule: str
    severity: Severity
    agency: str
    client: str
    officer: str
    subject_tag: bytes | None
    state: State
    reason: str
    first_at: datetime
    last_at: datetime
    entries: int
    figures: Figures


@dataclass(frozen=True, slots=True)
class Step:
    """One step in the life of a finding, as it was kept."""

    happened_at: datetime
    officer: str
    from_state: str
    to_state: str
    reason: str


@dataclass(frozen=True, slots=True)
class WantedFindings:
    """Which findings; None: any."""

    rule: str | None = None
    state: State | None = None
    agency: str | None = None
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class WantedEntries:
    """Which entries of the log; None: any. A subject is named by its tag only.

    Args:
        since, until: moments, half-open.
        rule: why it was refused, or what came of the question.
    """

    agency: str | None = None
    client: str | None = None
    officer: str | None = None
    dataset: str | None = None
    operation: str | None = None
    purpose: str | None = None
    procedure: str | None = None
    case_reference: str | None = None
    agreement_hash: str | None = None
    decision: str | None = None
    rule: str | None = None
    subject_tag: bytes | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Hour:
    """What an officer or system did in an hour: a row of `audit_activity`."""

    agency: str
    client: str
    officer: str
    hour_at: datetime
    entries: int
    answers: int
    refused: int
    missed: int
    subjects: int
    outside: int
    gaps: int
    gap_sum: float
    gap_squares: float

    @property
    def account(self) -> tuple[str, str, str]:
        """Who it was."""
        return self.agency, self.client, self.officer


@dataclass(frozen=True)
class Past:
    """What an hour is judged against.

    Args:
        hours: active hours of the officer before it; of colleagues, if the officer has too few.
        median_subjects: different subjects in such an hour.
        outside_share: part of the system's entries in eight weeks that were out of office hours.
    """

    hours: int = 0
    median_subjects: float = 0.0
    outside_share: float = 0.0


@dataclass(frozen=True)
class Volume:
    """The entries of an agency in an hour, and in the same hour of the weeks before.

    Args:
        before: the weeks in which the agency asked already, newest first.
    """

    agency: str
    hour_at: datetime
    entries: int
    before: tuple[int, ...] = field(default_factory=tuple)


def plain(value: Any) -> Any:
    """Write a value as JSON can hold it."""
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if isinstance(value, datetime):
        return value.isoformat()
    return value if value is None or isinstance(value, str | int | float) else str(value)

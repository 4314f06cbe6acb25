"""One question on its way through the corridor; each station fills in its part."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from databases.datasets import Dataset
from databases.errors import RegisterError
from sharing_api.access_log.entries import Entry
from sharing_api.agreements.values import Decision, Question

VIETNAM = timezone(timedelta(hours=7))
JSON = "application/json"
XML = "application/xml"


@dataclass(slots=True)
class Inquiry:
    """A question and what has become of it so far.

    Args:
        question: canonical form that the decision reads.
        keys: subjects asked for, in the order of asking; empty for a search.
        predicates: search predicates with their values.
        claims: attribute → claimed value, when the operation is to verify.
        as_of: change number or moment; None for the newest state.
        client, officer, case_reference, transport: who asks and why, for the log.
        media_type: form of the answer.
        decision, change, records, body, …: filled in by the stations.
    """

    answer_id: uuid.UUID
    received_at: datetime
    question: Question
    client: str
    officer: str
    case_reference: str
    request_hash: bytes
    media_type: str
    transport: dict[str, str]
    keys: tuple[str, ...] = ()
    predicates: Mapping[str, Any] = field(default_factory=dict)
    claims: Mapping[str, Any] = field(default_factory=dict)
    limit: int = 0
    valid_on: date = date.min
    as_of: int | datetime | None = None
    dataset: Dataset | None = None

    decision: Decision | None = None
    change: int = 0
    records: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    subjects: dict[str, str] = field(default_factory=dict)
    outcomes: dict[str, str] = field(default_factory=dict)
    problem: RegisterError | None = None

    status: int = 200
    content_type: str = ""
    body: bytes = b""
    entries: list[Entry] = field(default_factory=list)
    leaf_hashes: list[bytes] = field(default_factory=list)
    is_logged: bool = False
    receipt: str = ""

    @property
    def is_open(self) -> bool:
        """Whether the question is still on its way to an answer with data."""
        return self.problem is None

    @property
    def granted(self) -> Decision:
        """The decision; asked for by the stations after it."""
        if self.decision is None:
            raise RuntimeError("the decision station was passed over")
        return self.decision


def today(moment: datetime) -> date:
    """Give the day in Viet Nam at a moment: agreements and validity count in its days."""
    return moment.astimezone(VIETNAM).date()


def utc(moment: datetime) -> datetime:
    """Give the same moment in UTC."""
    return moment.astimezone(UTC)

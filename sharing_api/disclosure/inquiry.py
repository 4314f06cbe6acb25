"""One question on its way through the corridor; each station fills in its part."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from databases.datasets import Dataset, Walk
from databases.errors import RegisterError
from sharing_api import errors
from sharing_api.access_log.entries import Entry
from sharing_api.access_log.questions import Message
from sharing_api.agreements.values import Decision, Question
from sharing_api.disclosure.candidates import Evidence, fields_compared
from sharing_api.notices.values import Notice


class RefusalForm(Protocol):
    """How a refusal is written."""

    def write_problem(self, error: RegisterError, *, instance: str) -> tuple[int, str, bytes]:
        """Write a refusal as status, content type and body.

        Args:
            instance: URN of this refusal, for those who ask about it.
        """


class Form(RefusalForm, Protocol):
    """How an answer is written: a message of the exchange's own, or of a dialect of the field."""

    def write(self, inquiry: "Inquiry") -> tuple[str, bytes]:
        """Write the records of a question as content type and body.

        Raises:
            RegisterError: what was written does not conform to its own standard; nothing leaves.
        """


@dataclass(frozen=True, slots=True)
class FeedPage:
    """Which page of a feed of changes is wanted.

    Args:
        after: number of the last change that is known.
        after_key: record of the change after it that is known too; empty: none.
        limit: most records.
        verbs: last words of the acts that are wanted; none: all.
    """

    after: int
    after_key: str
    limit: int
    verbs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Event:
    """A record that became another by a change.

    Args:
        recorded_at: moment of the change.
        states: what was said of it before and after, on each day on which that may differ; None:
            nothing. As read; the station that minimises cuts it down to `fields`.
        fields: those that differ, as far as the agreement shows them.
        is_correction: the change corrects or takes back what was recorded wrongly.
    """

    change: int
    recorded_at: datetime
    key: str
    is_correction: bool
    states: tuple[tuple[Mapping[str, Any] | None, Mapping[str, Any] | None], ...] = ()
    fields: tuple[str, ...] = ()


@dataclass(slots=True)
class Inquiry:
    """A question and what has become of it so far.

    Args:
        question: canonical form that the decision reads.
        keys: subjects asked for, in the order of asking; empty for a search.
        predicates: search predicates with their values.
        claims: attribute → claimed value, when the operation is to verify.
        given: what is known of whoever candidates are searched for: match field → text.
        page: which page of a walk, when the operation is linkage.
        feed: which page of changes, when the operation is feed.
        as_of: change number or moment; None for the newest state.
        client, officer, case_reference, transport: who asks and why, for the log.
        form: how the answer is written.
        message: as it came in, so that it can be answered again; None where nobody keeps it.
        decision, change, records, body, …: filled in by the stations.
    """

    answer_id: uuid.UUID
    received_at: datetime
    question: Question
    client: str
    officer: str
    case_reference: str
    request_hash: bytes
    form: Form
    transport: dict[str, str]
    keys: tuple[str, ...] = ()
    predicates: Mapping[str, Any] = field(default_factory=dict)
    claims: Mapping[str, Any] = field(default_factory=dict)
    given: Mapping[str, str] = field(default_factory=dict)
    page: Walk | None = None
    feed: FeedPage | None = None
    emergency_reason: str = ""
    limit: int = 0
    valid_on: date = date.min
    as_of: int | datetime | None = None
    dataset: Dataset | None = None
    message: Message | None = None

    decision: Decision | None = None
    change: int = 0
    walked: tuple[str, ...] = ()
    events: tuple[Event, ...] = ()
    notices: tuple[Notice, ...] = ()
    feed_ends: tuple[int, str] = (0, "")
    records: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    subjects: dict[str, str] = field(default_factory=dict)
    outcomes: dict[str, str] = field(default_factory=dict)
    evidence: Mapping[str, Evidence] = field(default_factory=dict)
    index_change: int = 0
    model: str = ""
    problem: RegisterError | None = None

    status: int = 200
    content_type: str = ""
    body: bytes = b""
    entries: list[Entry] = field(default_factory=list)
    leaf_hashes: list[bytes] = field(default_factory=list)
    sealed_question: bytes = b""
    is_logged: bool = False
    link: str = ""
    receipt: str = ""

    @property
    def is_open(self) -> bool:
        """Whether the question is still on its way to an answer with data."""
        return self.problem is None

    @property
    def names_subjects(self) -> bool:
        """Whether the log keeps an entry for each record, and not one for the answer.

        A page of a walk is about everybody in it alike (docs/adr/0030).
        """
        if self.question.operation == "linkage":
            return False
        is_personal = self.dataset is None or self.dataset.is_personal
        return bool(self.keys) and (is_personal or self.question.operation != "search")

    @property
    def delivered(self) -> tuple[str, ...]:
        """Fields that an answer with data tells; a feed tells who, and of no field its value.

        How alike a candidate is tells of every field that was compared.
        """
        if self.question.operation == "feed":
            return (self.published.key,)
        compared: tuple[str, ...] = ()
        if self.given and self.dataset is not None:
            compared = fields_compared(self.dataset, self.given)
        return tuple(sorted({*self.question.fields, *self.question.claims, *compared}))

    @property
    def is_about_nobody_alike(self) -> bool:
        """Whether candidates were searched for and none is told."""
        return self.question.operation == "candidates" and self.is_open and not self.records

    @property
    def extent(self) -> dict[str, str]:
        """How much a page of a walk told, for its entry; empty for other questions."""
        if self.page is None:
            return {}
        told = {"records": str(len(self.records)), "keys": str(len(self.walked))}
        since = self.page.since
        return told if since is None else {**told, "since": str(since.change)}

    @property
    def urn(self) -> str:
        """Name of this answer."""
        return f"urn:uuid:{self.answer_id}"

    @property
    def published(self) -> Dataset:
        """What is asked about; asked for by the stations that need it to exist."""
        if self.dataset is None:
            raise errors.RegisterUnavailable("Nobody publishes this dataset.")
        return self.dataset

    @property
    def granted(self) -> Decision:
        """The decision; asked for by the stations after it."""
        if self.decision is None:
            raise RuntimeError("the decision station was passed over")
        return self.decision

"""What is linked, and what comes of it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

Texts = tuple[str, ...]
# Field → what it said when it was compared, and what it says now.
Changes = Mapping[str, tuple[Texts, Texts]]


class State(StrEnum):
    """Where a link stands."""

    AUTOMATIC = "automatic"  # so likely that nobody needs to look at it
    REVIEW = "review"  # somebody has to look at it
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    UNDONE = "undone"  # held, and was taken back by a person
    SUPERSEDED = "superseded"  # the records are no longer alike, or are gone


HOLDING = frozenset({State.AUTOMATIC, State.ACCEPTED})


class Verdict(StrEnum):
    """What a reviewer decides."""

    ACCEPT = "accept"
    REJECT = "reject"
    UNDO = "undo"


@dataclass(frozen=True, slots=True)
class Mention:
    """What a record says of one person or enterprise.

    Args:
        dataset: `register/dataset`.
        key: of the record.
        part: which of several that the record speaks of; empty for the one it is about.
        subject: ``person`` or ``enterprise``.
        fields: field of the likeness → values, the most telling first; none is empty.
        change: state of the register in which it was read.
    """

    dataset: str
    key: str
    part: str
    subject: str
    fields: Mapping[str, tuple[str, ...]]
    change: int = 0

    @property
    def side(self) -> str:
        """Name of all mentions of this kind."""
        return f"{self.dataset} {self.subject}"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Which records are linked with which.

    Args:
        name: as it is asked for.
        subject: ``person`` or ``enterprise``.
        left: datasets; empty: duplicates are looked for within the right one.
        right: dataset of the register that holds each of its subjects once.
    """

    name: str
    subject: str
    left: tuple[str, ...]
    right: str

    @property
    def sides(self) -> tuple[tuple[str, ...], str]:
        """Names of the mentions that are compared: left ones and right ones."""
        return tuple(f"{one} {self.subject}" for one in self.left), f"{self.right} {self.subject}"

    @property
    def finds_duplicates(self) -> bool:
        """Whether records of one register are compared with each other."""
        return not self.left


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one field says of a pair: how alike the values are, and what that adds, in bits."""

    field: str
    level: str
    bits: float


@dataclass(frozen=True, slots=True)
class Event:
    """A step in the life of a link."""

    at: datetime
    officer: str
    from_state: str
    to_state: str
    reason: str
    weight: float
    left_change: int
    right_change: int
    entity_id: int | None
    former_entity_id: int | None


@dataclass(frozen=True, slots=True)
class Side:
    """A record of a link: where it is, and in which state it was compared."""

    dataset: str
    tag: bytes
    sealed_key: bytes
    content_tag: bytes
    change: int


@dataclass(frozen=True, slots=True)
class Link:
    """A link as it stands.

    Args:
        link_id: permanent: it stays with its two records for ever.
        weight: bits; `probability` is what it means.
        is_decided: whether the state is a person's decision.
        first_reviewer: of a merge that waits for a second one; else empty.
        reason: of the last step.
    """

    link_id: int
    tag: bytes
    comparison: str
    subject: str
    left: Side
    right: Side
    model_version: str
    weight: float
    probability: float
    evidence: Sequence[Evidence]
    state: State
    is_decided: bool
    first_reviewer: str
    reason: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A link with what its records say now.

    Args:
        keys: of the left and of the right record.
        parts: of which of several within the record; empty for the one it is about.
        fields: what is compared: field → values, left and right.
        kin: relatives as the right register names them, where the agreement grants it.
        changed: fields that say something else than when they were compared; None: the record says
            something else, and what it said is no longer kept.
        gone: sides of which there is no such record now.
    """

    link: Link
    keys: tuple[str, str]
    parts: tuple[str, str]
    fields: tuple[Mapping[str, Texts], Mapping[str, Texts]]
    kin: Sequence[Mapping[str, Any]]
    changed: tuple[Changes | None, Changes | None]
    gone: tuple[str, ...]
    history: Sequence[Event]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A merge of two records of one register, as two officers accepted it.

    Args:
        decision: what the register may call it.
        evidence: how alike the records are, without values.
    """

    absorbed: str
    decision: str
    evidence: str
    reviewers: tuple[str, str]

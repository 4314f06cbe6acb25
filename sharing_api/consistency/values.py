"""What is compared, and what comes of it: subjects, what records say of them, findings. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sharing_api.worklists.values import State


class Kind(StrEnum):
    """What registers speak of."""

    PERSON = "person"
    ENTERPRISE = "enterprise"
    IDENTITY = "identity"  # a name and a day of birth
    OLD_CARD = "old_card"
    PARCEL = "parcel"
    UNIT = "unit"  # an employer, by the code of the insurance office

    @property
    def rank(self) -> int:
        """Place in the order of judging: what is judged by what others say comes last."""
        return 1 if self in LOOKING else 0


# What is said of these is judged together with what is said of the subjects that it leads to.
LOOKING = frozenset({Kind.PARCEL, Kind.UNIT})


class Confidence(StrEnum):
    """How sure a rule is that something is wrong; what is doubtful only warns."""

    CERTAIN = "certain"
    LIKELY = "likely"
    DOUBTFUL = "doubtful"


@dataclass(frozen=True, slots=True)
class Subject:
    """A person, firm, parcel and so on, by the number under which records name it."""

    kind: Kind
    key: str


@dataclass(frozen=True, slots=True)
class Record:
    """A record of a register.

    Args:
        dataset: `register/dataset`.
        change: state of the register in which it was read.
    """

    dataset: str
    key: str
    change: int = 0

    @property
    def register(self) -> str:
        """Register that the record is in."""
        return self.dataset.partition("/")[0]


@dataclass(frozen=True, slots=True)
class Mention:
    """What one record says of one subject.

    Args:
        says: facts that rules read, JSON-ready; no more than they read.
        leads_to: subjects that the record ties this one to.
    """

    subject: Subject
    record: Record
    says: Mapping[str, Any]
    leads_to: tuple[Subject, ...] = ()


@dataclass(frozen=True)
class Bundle:
    """All that the registers say of one subject.

    Args:
        mentions: in a fixed order.
        others: what they say of the subjects that it leads to; for the kinds in `LOOKING`.
    """

    subject: Subject
    mentions: Sequence[Mention]
    others: Mapping[Subject, Sequence[Mention]] = field(default_factory=dict)

    def of(self, *datasets: str) -> list[Mention]:
        """List what records of some datasets say."""
        return [one for one in self.mentions if one.record.dataset in datasets]

    def first(self, dataset: str) -> Mention | None:
        """Give what the record of a dataset says, if there is one."""
        return next(iter(self.of(dataset)), None)

    def led_to(self, mention: Mention, dataset: str) -> list[tuple[Subject, Mention | None]]:
        """Give what a dataset says of the subjects that a mention leads to; None: nothing."""
        return [
            (subject, _first(self.others.get(subject, ()), dataset)) for subject in mention.leads_to
        ]


def _first(mentions: Iterable[Mention], dataset: str) -> Mention | None:
    return next((one for one in mentions if one.record.dataset == dataset), None)


@dataclass(frozen=True, slots=True)
class Found:
    """What a rule found.

    Args:
        records: the record that is most likely wrong first; its owner is the steward. Two findings
            of a rule about the same records are one.
        confidence: other than the rule's usual one.
    """

    records: tuple[Record, ...]
    confidence: Confidence | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding as it stands in the worklist.

    Args:
        finding_id: permanent.
        steward: agency that owns the first record.
        reason: of the last one who settled it; empty before.
        run_id: run that found it first.
    """

    finding_id: int
    rule: str
    confidence: Confidence
    steward: str
    state: State
    reason: str
    run_id: int
    records: tuple[Record, ...]

"""What goes in and out of the decision: the terms of an agreement, a question, a decision. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

Operation = Literal["look-up", "verify", "batch", "search", "feed", "linkage", "candidates"]
# The purpose of agreements for emergencies, and of nothing else.
EMERGENCY = "emergency"
Combinations = tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True)
class MatchingTerms:
    """How an agreement lets candidates be searched for.

    Args:
        combinations: sets of match fields; all of at least one set must be given.
        most_hits: most candidates that one question may give.
        least_probability: below it a candidate is not told, from 0 to 1.
    """

    combinations: Combinations
    most_hits: int
    least_probability: float


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition that a record must meet to be in the agreement's part of the population.

    Args:
        operator: eq, ne, in, lt, le, gt, ge or is_known; see `conditions.holds`.
        value: to compare with; for is_known whether it must be known, True if left out.
    """

    field: str
    operator: str
    value: Any = None


@dataclass(frozen=True, slots=True)
class Delegate:
    """An agency whose systems may ask in the consumer's name.

    Args:
        clients: its systems; empty: any of them.
        valid_to: the day after the last one; None: as long as the agreement.
    """

    agency: str
    clients: frozenset[str] = frozenset()
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Fit:
    """Which purposes a procedure has, in a half-open period."""

    purposes: frozenset[str]
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class DatasetTerms:
    """What an agreement allows of one dataset.

    Args:
        fields: field → format in which it may be seen.
        predicates: search predicates that may be used.
        operations: operations that may be asked.
        required_claims: attributes that a look-up must state and that must agree with the register.
        search_limit: most records that one search may give; None: as many as the exchange allows.
        linkage_with: other registers that the records may be joined with.
        search_combinations: sets of predicates, of which a search must use one whole; None: any
            that are granted.
        matching: how candidates may be searched for; None: not at all.
    """

    fields: Mapping[str, str]
    predicates: frozenset[str]
    operations: frozenset[str]
    required_claims: frozenset[str] = frozenset()
    search_limit: int | None = None
    linkage_with: frozenset[str] = frozenset()
    search_combinations: Combinations | None = None
    matching: MatchingTerms | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """An agreement, read for deciding.

    Args:
        agreement_hash: SHA-256 of the canonical content, hex.
        datasets: `register/dataset` → what is allowed of it.
        procedures: public-service codes; empty: any.
        territory: (version, province code) pairs, every vintage; empty: the whole country.
        in_force: both signatures hold and nobody has suspended or revoked it.
        valid_from, valid_to: half-open.
        daily_quota: records a day; None: without limit.
        minute_quota: questions a minute; None: without limit.
        name: of the agreement, the same in all its versions.
        population: conditions that all must hold; empty: everybody.
        delegates: who may ask in the consumer's name.
        sees_protected: whether protected persons may be asked about.
        refuses_unfit: whether a purpose that does not fit its procedure is refused, not only noted.
        fits: procedure → its purposes by period; what is not listed fits.
    """

    agreement_hash: str
    provider: str
    consumer: str
    purposes: frozenset[str]
    legal_bases: frozenset[str]
    procedures: frozenset[str]
    datasets: Mapping[str, DatasetTerms]
    territory: frozenset[tuple[str, str]]
    in_force: bool
    valid_from: date
    valid_to: date | None
    daily_quota: int | None
    minute_quota: int | None = None
    name: str = ""
    population: tuple[Condition, ...] = ()
    delegates: tuple[Delegate, ...] = ()
    sees_protected: bool = False
    refuses_unfit: bool = False
    fits: Mapping[str, tuple[Fit, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Window:
    """A time for which an agreement has a quota.

    Args:
        start: the day in Viet Nam, or the moment at which a minute begins.
    """

    agreement_hash: str
    start: date | datetime
    quota: int

    def is_before(self, other: "Window") -> bool:
        """Test whether it is an earlier time of the same quota."""
        return (
            self.agreement_hash == other.agreement_hash
            and type(self.start) is type(other.start)
            and self.start < other.start
        )


@dataclass(frozen=True, slots=True)
class FieldFacts:
    """What the decision must know of a published field."""

    sources: tuple[str, ...] = ()
    formats: frozenset[str] = frozenset({"full"})


@dataclass(frozen=True, slots=True)
class DatasetFacts:
    """What the decision must know of a published dataset.

    Args:
        predicates: search predicate → fields whose values it reveals.
        matched: match field → published field that it is compared with.
    """

    name: str
    fields: Mapping[str, FieldFacts]
    predicates: Mapping[str, tuple[str, ...]]
    matched: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Question:
    """One question in canonical form, with the caller that the exchange has recognised.

    Args:
        dataset: `register/dataset`.
        fields: named by the caller, as asked.
        claims: attributes that the caller states, to be compared with the register.
        predicates: search predicates used.
        provinces: (version, code) of provinces that a search names.
        agreement_hash: agreement that the caller wants to be judged by, or None.
        joined_with: other registers that a linkage will join the records with.
        is_emergency: asked as an emergency, with a reason, under an agreement for such.
        given: match fields that are known of whoever candidates are searched for.
        client: system that asks.
    """

    consumer: str
    dataset: str
    operation: str
    fields: tuple[str, ...]
    purpose: str
    legal_basis: str
    procedure: str
    claims: tuple[str, ...] = ()
    predicates: tuple[str, ...] = ()
    provinces: tuple[tuple[str, str], ...] = ()
    agreement_hash: str | None = None
    joined_with: tuple[str, ...] = ()
    is_emergency: bool = False
    given: tuple[str, ...] = ()
    client: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """Yes with formats, or no with the rule and the field that it concerns.

    Args:
        rule: stable code of the refusing rule; empty when permitted.
        member: what of the question the rule is about; empty when permitted.
        formats: field → format; empty when refused.
        matching: limits of a search for candidates; None for other operations.
        agreement_name: of the agreement, the same in all its versions.
        territory, population: whose records may be told; empty: everybody's.
        warning: code of what is noted in the log beside a permission; or empty.
    """

    permitted: bool
    agreement_hash: str = ""
    rule: str = ""
    member: str = ""
    formats: Mapping[str, str] = field(default_factory=dict)
    territory: frozenset[tuple[str, str]] = frozenset()
    daily_quota: int | None = None
    search_limit: int | None = None
    matching: MatchingTerms | None = None
    minute_quota: int | None = None
    agreement_name: str = ""
    population: tuple[Condition, ...] = ()
    sees_protected: bool = False
    warning: str = ""

    @property
    def is_scoped(self) -> bool:
        """Whether some records are outside of what the agreement reaches."""
        return bool(self.territory or self.population)

"""What goes in and out of the decision: the terms of an agreement, a question, a decision. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

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


@dataclass(frozen=True, slots=True)
class Decision:
    """Yes with formats, or no with the rule and the field that it concerns.

    Args:
        rule: stable code of the refusing rule; empty when permitted.
        member: what of the question the rule is about; empty when permitted.
        formats: field → format; empty when refused.
        matching: limits of a search for candidates; None for other operations.
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

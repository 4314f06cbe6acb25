"""Decides logged questions again under a version that is not in force, and sums up. Pure.

What the log does not keep cannot be replayed: the values of predicates (hence whether a search
names a province outside of a new territory) and where somebody lives or who they are (hence who
would lie outside of a new territory or part of the population).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from sharing_api.agreements import decide
from sharing_api.agreements.values import EMERGENCY, DatasetFacts, Decision, Question, Terms
from sharing_api.simulation.repository import Alike

_MOST_EXAMPLES = 3
_PARTS = 5


@dataclass
class Change:
    """Questions that a version would treat otherwise than they were treated, for one reason.

    Args:
        dataset, operation: that they asked.
        reason: rule that would refuse, rule that refused, or field with its two formats.
        persons: hashes of whom they were about.
        examples: tags, hex.
    """

    dataset: str
    operation: str
    reason: str
    questions: int = 0
    persons: set[int] = field(default_factory=set)
    examples: list[str] = field(default_factory=list)

    def add(self, alike: Alike) -> None:
        """Count questions that are alike."""
        self.questions += alike.questions
        self.persons.update(alike.persons)
        self.examples += alike.examples
        del self.examples[_MOST_EXAMPLES:]


Changes = dict[tuple[str, str, str], Change]


@dataclass
class Outcome:
    """What would become of the questions of the log.

    Args:
        stopped: answered then, refused under the new version; by rule.
        started: refused then, answered under the new version; by the rule that refused.
        altered: answered then and answered now, a field in another format.
        untold: of which the log does not keep what was asked.
    """

    questions: int = 0
    entries: int = 0
    groups: int = 0
    same: int = 0
    untold: int = 0
    stopped: Changes = field(default_factory=dict)
    started: Changes = field(default_factory=dict)
    altered: Changes = field(default_factory=dict)
    before: set[int] = field(default_factory=set)
    after: set[int] = field(default_factory=set)

    @property
    def persons_lost(self) -> int:
        """About whom something was answered and nothing would be."""
        return len(self.before - self.after)

    @property
    def persons_gained(self) -> int:
        """About whom nothing was answered and something would be."""
        return len(self.after - self.before)


def replay(
    several: Iterable[Alike],
    new: Terms,
    old: Mapping[str, Terms],
    facts: Callable[[str], DatasetFacts | None],
    on: date,
) -> Outcome:
    """Decide logged questions again.

    Args:
        new: terms of the version to be signed, as if in force.
        old: terms of the versions that questions were decided under, by hash.
        on: day on which it would be in force.
    """
    outcome = Outcome()
    for alike in several:
        outcome.questions += alike.questions
        outcome.entries += alike.entries
        outcome.groups += 1
        if alike.is_permitted:
            outcome.before.update(alike.persons)
        question = to_question(alike)
        if question is None:
            outcome.untold += alike.questions
            if alike.is_permitted:
                outcome.after.update(alike.persons)
            continue
        decision = decide.decide(new, question, facts(alike.dataset), on)
        if decision.permitted:
            outcome.after.update(alike.persons)
        if not _compare(outcome, alike, decision, old.get(alike.agreement_hash)):
            outcome.same += alike.questions
    return outcome


def _compare(outcome: Outcome, alike: Alike, decision: Decision, old: Terms | None) -> bool:
    """Note what a decision changes; tell whether it changes anything."""
    if decision.permitted and not alike.is_permitted:
        _note(outcome.started, alike, alike.rule)
        return True
    if alike.is_permitted and not decision.permitted:
        _note(outcome.stopped, alike, f"{decision.rule} ({decision.member})")
        return True
    granted = old.datasets[alike.dataset].fields if decision.permitted and old else {}
    altered = {
        name: f"{granted[name]} → {form}"
        for name, form in decision.formats.items()
        if granted.get(name, form) != form
    }
    for name, formats in altered.items():
        _note(outcome.altered, alike, f"{name}: {formats}")
    return bool(altered)


def to_question(alike: Alike) -> Question | None:
    """Make the question again; None where the log does not keep what was asked."""
    fields, claims, predicates, joined_with, given = _asked(alike)
    if not (fields or claims):
        return None
    return Question(
        consumer=alike.agency,
        dataset=alike.dataset,
        operation=alike.operation,
        fields=fields,
        purpose=alike.purpose,
        legal_basis=alike.legal_basis,
        procedure=alike.procedure,
        claims=claims,
        predicates=predicates,
        joined_with=joined_with,
        given=given,
        client=alike.client,
        is_emergency=alike.purpose == EMERGENCY,
    )


def _asked(alike: Alike) -> list[tuple[str, ...]]:
    """Give the names of fields, claims, predicates, registers joined with, and match fields."""
    if alike.asked:
        parts = [tuple(filter(None, part.split(","))) for part in alike.asked.split(";")]
    else:
        parts = [(), alike.fields] if alike.operation == "verify" else [alike.fields]
    return [*parts, *([()] * _PARTS)][:_PARTS]


def _note(changes: Changes, alike: Alike, reason: str) -> None:
    key = (alike.dataset, alike.operation, reason)
    if key not in changes:
        changes[key] = Change(*key)
    changes[key].add(alike)

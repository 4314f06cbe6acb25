"""Replaying logged questions: what starts, what stops, what changes its form, what is not known."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sharing_api.agreements import documents
from sharing_api.agreements.values import Terms
from sharing_api.simulation import replay
from sharing_api.simulation.repository import Alike
from tests.factories.exchange import DATASET, FACTS, LAW, PURPOSE, make_agreement
from tests.factories.exchange import make_terms_content as make_terms

DAY = date(2026, 3, 2)
OLD = "ab" * 32


def make_new(**of_dataset: Any) -> Terms:
    content = make_agreement(datasets={DATASET: make_terms(**of_dataset)})
    canonical = documents.canonical(content)
    return documents.terms(canonical, in_force=True, vintages=lambda v, c: [(v, c)])


def make_alike(**changes: Any) -> Alike:
    values: dict[str, Any] = {
        "agency": "H90",
        "client": "portal",
        "dataset": DATASET,
        "operation": "look-up",
        "purpose": PURPOSE,
        "legal_basis": LAW,
        "procedure": "",
        "agreement_hash": OLD,
        "is_permitted": True,
        "rule": "found",
        "fields": ("name",),
        "asked": "",
        "questions": 3,
        "entries": 3,
        "persons": (1, 2),
        "examples": ("aa",),
    }
    return Alike(**{**values, **changes})


def run(several: Sequence[Alike], new: Terms, old: Terms | None = None) -> replay.Outcome:
    known = {OLD: old or make_new()}
    return replay.replay(several, new, known, {DATASET: FACTS}.get, DAY)


class TestReplay:
    def test_of_the_same_version_changes_nothing(self) -> None:
        refused = make_alike(
            is_permitted=False, rule="field.not_granted", fields=(), asked="religion;;;;"
        )

        outcome = run([make_alike(), refused], make_new())

        assert (outcome.questions, outcome.same, outcome.untold) == (6, 6, 0)
        assert (outcome.stopped, outcome.started, outcome.altered) == ({}, {}, {})
        assert (outcome.persons_lost, outcome.persons_gained) == (0, 0)

    def test_tells_what_would_be_refused_and_who_is_lost(self) -> None:
        other = make_alike(fields=("pin",), persons=(2, 3), examples=("bb",))

        outcome = run([make_alike(), other], make_new(fields={"pin": "full"}))

        (stopped,) = outcome.stopped.values()
        assert stopped.reason == "field.not_granted (fields.name)"
        assert (stopped.questions, stopped.persons, stopped.examples) == (3, {1, 2}, ["aa"])
        assert outcome.persons_lost == 1  # 2 is still told of by the other question

    def test_tells_what_would_be_answered_and_who_is_gained(self) -> None:
        refused = make_alike(
            is_permitted=False,
            rule="predicate.not_granted",
            operation="search",
            fields=(),
            asked="name;;born;;",
            persons=(9,),
        )

        outcome = run([refused], make_new(predicates=["name", "born"]))

        (started,) = outcome.started.values()
        assert started.reason == "predicate.not_granted"
        assert outcome.persons_gained == 1

    def test_tells_what_would_be_answered_otherwise(self) -> None:
        asked = make_alike(fields=("born", "name"))
        new = make_new(fields={"name": "full", "born": "year_only", "pin": "full"})

        outcome = run([asked], new)

        (altered,) = outcome.altered.values()
        assert altered.reason == "born: full → year_only"
        assert outcome.same == 0

    def test_says_what_it_does_not_know(self) -> None:
        unknown = make_alike(is_permitted=False, rule="purpose.not_granted", fields=(), asked="")

        outcome = run([unknown], make_new())

        assert (outcome.untold, outcome.same) == (3, 0)
        assert not outcome.started

    def test_reads_claims_of_a_verification(self) -> None:
        question = replay.to_question(make_alike(operation="verify", fields=("name",)))

        assert question is not None
        assert (question.fields, question.claims) == ((), ("name",))

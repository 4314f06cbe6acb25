"""The decision against a second implementation of the contract, and what must always hold."""

import dataclasses
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharing_api.agreements import decide, documents
from sharing_api.agreements.values import DatasetFacts, FieldFacts, Question, Terms
from tests.factories.exchange import DATASET, FACTS, make_agreement, make_question
from tests.factories.exchange import make_terms_content as make_terms
from tests.unit.sharing_api.agreements import oracle

AGREEMENTS, QUESTIONS = 2_500, 44
SAME_LAND = {
    ("19/2025", "96"): [("19/2025", "96"), ("124/2004", "95"), ("124/2004", "96")],
    ("19/2025", "01"): [("19/2025", "01"), ("124/2004", "01")],
    ("124/2004", "95"): [("124/2004", "95")],
    ("124/2004", "01"): [("124/2004", "01"), ("19/2025", "01")],
}
PLACES = list(SAME_LAND)
DAYS = ["2025-12-31", "2026-01-01", "2026-01-02", "2026-06-01"]
FORMATS = ["full"] * 8 + ["year_only", "initials"]
FIELDS = [*FACTS.fields, "unheard_of"]
PREDICATES = [*FACTS.predicates, "unheard_of"]
MATCHED = [*FACTS.matched, "unheard_of"]
CLIENTS = ["portal", "desk"]
PURPOSES = ["p1", "p2", "p3", "public_service.birth_registration"]
PROCEDURES = ["s1", "s2", "birth_registration"]
OPERATIONS = ["look-up", "verify", "batch", "search", "linkage", "candidates"]
REGISTERS = ["land", "insurance", "finance"]
DATASETS = [DATASET] * 9 + ["enterprise/enterprise"]
PUBLISHED = {
    "fields": {
        name: {"formats": sorted(one.formats), "sources": list(one.sources)}
        for name, one in FACTS.fields.items()
    },
    "predicates": {name: list(fields) for name, fields in FACTS.predicates.items()},
    "matched": dict(FACTS.matched),
}
RULES = {
    "agreement.none",
    "agreement.other_party",
    "agreement.not_in_force",
    "agreement.not_yet_valid",
    "agreement.expired",
    "dataset.not_granted",
    "operation.not_granted",
    "purpose.not_granted",
    "legal_basis.not_granted",
    "procedure.not_granted",
    "claims.required",
    "population.not_published",
    "linkage.population",
    "purpose.unfit",
    "linkage.not_granted",
    "linkage.territory",
    "match_field.not_granted",
    "match_field.field_not_granted",
    "combination.not_given",
    "predicate.not_granted",
    "predicate.field_not_granted",
    "territory.not_granted",
    "field.not_granted",
    "field.format_not_published",
    "field.source_not_granted",
}
DAY = date(2026, 3, 2)


def vintages(version: str, code: str) -> Sequence[tuple[str, str]]:
    return SAME_LAND[version, code]


def draw_some(dice: random.Random, these: Sequence[str], least: int, chance: float) -> list[str]:
    some = [one for one in these if dice.random() < chance]
    return some if len(some) >= least else [dice.choice(these)]


def draw_combinations(dice: random.Random, these: Sequence[str]) -> list[list[str]]:
    return [draw_some(dice, these, 1, 0.4) for _ in range(dice.choice([1, 2, 3]))]


def draw_delegates(dice: random.Random) -> list[dict[str, Any]]:
    if dice.random() < 0.5:
        return []
    one: dict[str, Any] = {"agency": dice.choice(["H90", "H90", "H92"])}
    if dice.random() < 0.5:
        one["clients"] = draw_some(dice, CLIENTS, 0, 0.5)
    if dice.random() < 0.5:
        one["valid_to"] = dice.choice(DAYS)
    return [one]


def draw_population(dice: random.Random) -> dict[str, Any] | None:
    if dice.random() < 0.92:
        return None
    fields = draw_some(dice, FIELDS, 1, 0.2)
    return {"conditions": [{"field": one, "operator": "eq", "value": True} for one in fields]}


def draw_agreement(dice: random.Random) -> oracle.Signed:
    terms = make_terms(
        fields={name: dice.choice(FORMATS) for name in draw_some(dice, FIELDS, 1, 0.85)},
        predicates=draw_some(dice, PREDICATES, 0, 0.7),
        operations=draw_some(dice, OPERATIONS, 1, 0.8),
    )
    if dice.random() < 0.9:
        terms["linkage_with"] = draw_some(dice, REGISTERS, 1, 0.8)
    if dice.random() < 0.2:
        terms["search_combinations"] = draw_combinations(dice, PREDICATES)
    if dice.random() < 0.9:
        terms["matching"] = {
            "combinations": draw_combinations(dice, MATCHED),
            "most_hits": 3,
            "least_probability": 0.5,
        }
    if dice.random() < 0.15:
        terms["required_claims"] = [dice.choice(FIELDS)]
    version, _ = dice.choice(PLACES)
    codes = [code for other, code in PLACES if other == version]
    content = make_agreement(
        standard="agreement/1.2",
        consumer=dice.choice(["H90"] * 19 + ["H91"]),
        delegates=draw_delegates(dice),
        population=draw_population(dice),
        unfit_purposes=dice.choice(["note", "note", "refuse"]),
        purposes=draw_some(dice, PURPOSES, 1, 0.7),
        legal_basis=draw_some(dice, ["l1", "l2", "l3"], 1, 0.7),
        procedures=draw_some(dice, PROCEDURES, 0, 0.6) if dice.random() < 0.2 else [],
        datasets={dice.choice(DATASETS): terms},
        territory={"version": version, "provinces": draw_some(dice, codes, 1, 0.5)}
        if dice.random() < 0.4
        else None,
        valid_from=dice.choice(["2020-01-01"] * 8 + DAYS[:2]),
        valid_to=dice.choice([*[None] * 24, *DAYS[1:]]),
    )
    address = documents.content_hash(documents.canonical(content))
    return oracle.Signed(address, content, dice.random() < 0.95)


def draw_question(dice: random.Random, signed: Sequence[oracle.Signed]) -> dict[str, Any]:
    """Draw a question near to what the first agreement allows, so that permission is frequent."""
    paper = signed[0].content
    dataset, terms = next(iter(paper["datasets"].items()))
    operation = dice.choice(terms["operations"] if dice.random() < 0.93 else OPERATIONS)
    granted = list(terms["fields"]) if dice.random() < 0.8 else FIELDS
    searching = operation == "search"
    predicates = list(terms["predicates"] if dice.random() < 0.8 else PREDICATES) or ["name"]
    asked = [dice.choice(granted) for _ in range(dice.choice([1, 1, 2]))]
    claims = terms.get("required_claims", []) if dice.random() < 0.7 else []
    return {
        "consumer": "H90",
        "dataset": dataset if dice.random() < 0.97 else dice.choice(DATASETS),
        "operation": operation,
        "fields": [] if operation == "verify" else asked,
        "claims": asked if operation == "verify" else list(claims) if operation != "batch" else [],
        "purpose": dice.choice(paper["purposes"] if dice.random() < 0.95 else PURPOSES),
        "legal_basis": dice.choice(
            paper["legal_basis"] if dice.random() < 0.95 else ["l1", "l2", "l3"]
        ),
        "procedure": dice.choice(
            [*paper["procedures"] * 4, "birth_registration", "s1", "", "", ""]
        ),
        "client": dice.choice(CLIENTS),
        "predicates": [dice.choice(predicates)] if searching else [],
        "provinces": [dice.choice(PLACES)] if searching and dice.random() < 0.5 else [],
        "joined_with": draw_some(dice, REGISTERS, 0, 0.4) if operation == "linkage" else [],
        "given": draw_given(dice, terms) if operation == "candidates" else [],
        "agreement": dice.choice([None] * 9 + ["0" * 64, signed[-1].address]),
    }


def draw_given(dice: random.Random, terms: Mapping[str, Any]) -> list[str]:
    matching = terms.get("matching")
    if matching is None or dice.random() < 0.3:
        return draw_some(dice, MATCHED, 1, 0.3)
    return [*dice.choice(matching["combinations"])]


def to_question(asked: Mapping[str, Any]) -> Question:
    names = ("fields", "claims", "predicates", "provinces", "joined_with", "given")
    members: dict[str, Any] = {
        name: tuple(asked[name]) if name in names else asked[name] for name in asked
    }
    members["agreement_hash"] = members.pop("agreement")
    return Question(**members)


def to_terms(signed: oracle.Signed) -> Terms:
    canonical = documents.canonical(signed.content)
    return documents.terms(canonical, in_force=signed.in_force, vintages=vintages)


def draw_cases(seed: int) -> Iterator[tuple[Any, ...]]:
    dice = random.Random(seed)
    for _ in range(AGREEMENTS):
        signed = [draw_agreement(dice) for _ in range(dice.choice([1, 1, 2, 3]))]
        terms = [to_terms(one) for one in signed]
        for _ in range(QUESTIONS):
            yield signed, terms, draw_question(dice, signed), dice.choice(DAYS)


def make_sure_terms(**of_dataset: Any) -> Terms:
    content = make_agreement(datasets={DATASET: make_terms(**of_dataset)})
    return to_terms(oracle.Signed("", content, in_force=True))


class TestExplain:
    def test_gives_the_sentence_of_all_rules_about_one_thing(self) -> None:
        sentence = "The agreement does not grant this field."

        assert decide.explain("field.not_granted") == sentence
        assert decide.explain("field.source_not_granted") == sentence


class TestDecideAny:
    def test_agrees_with_the_oracle_on_a_hundred_thousand_cases(self) -> None:
        seen: Counter[str] = Counter()

        for signed, terms, asked, day in draw_cases(seed=714):
            published = PUBLISHED if asked["dataset"] == DATASET else None
            facts = FACTS if asked["dataset"] == DATASET else None
            right = oracle.answer(signed, asked, published, day, SAME_LAND)
            made = decide.decide_any(terms, to_question(asked), facts, date.fromisoformat(day))
            seen[made.rule] += 1
            assert (made.permitted, made.rule, made.member, dict(made.formats)) == (
                right.permitted,
                right.rule,
                right.member,
                dict(right.formats or {}),
            ), (signed, asked, day)
            assert bool(made.warning) == (made.permitted and oracle.is_unfit(asked, day))

        assert seen.total() >= 100_000
        assert seen[""] >= seen.total() * 0.2
        assert set(seen) - {""} == RULES
        assert min(seen.values()) >= 100, seen

    def test_decides_under_the_agreement_that_the_caller_names(self) -> None:
        wide = make_sure_terms()
        narrow = make_sure_terms(fields={"pin": "full"})

        decision = decide.decide_any(
            [wide, narrow], make_question(agreement_hash=narrow.agreement_hash), FACTS, DAY
        )

        assert decision.rule == "field.not_granted"
        assert decision.agreement_hash == narrow.agreement_hash


class TestDecide:
    @pytest.mark.parametrize(
        ("day", "rule"),
        [
            (date(2025, 12, 31), "agreement.not_yet_valid"),
            (date(2026, 1, 1), ""),
            (date(2026, 5, 31), ""),
            (date(2026, 6, 1), "agreement.expired"),
        ],
    )
    def test_counts_the_last_day_out(self, day: date, rule: str) -> None:
        content = make_agreement(valid_from="2026-01-01", valid_to="2026-06-01")
        terms = to_terms(oracle.Signed("", content, in_force=True))

        assert decide.decide(terms, make_question(), FACTS, day).rule == rule

    def test_hands_on_what_later_stations_enforce(self) -> None:
        content = make_agreement(
            quota={"per_day": 5, "per_minute": None},
            territory={"version": "19/2025", "provinces": ["96"]},
            datasets={DATASET: make_terms(search_limit=3)},
        )
        terms = to_terms(oracle.Signed("", content, in_force=True))

        decision = decide.decide(terms, make_question(), FACTS, DAY)

        assert (decision.daily_quota, decision.search_limit) == (5, 3)
        assert decision.territory == frozenset(SAME_LAND["19/2025", "96"])


class TestCandidates:
    MATCHING: Mapping[str, Any] = {
        "combinations": [["full_name", "birth_date"], ["personal_number"]],
        "most_hits": 3,
        "least_probability": 0.5,
    }

    def make(self, **of_dataset: Any) -> Terms:
        return make_sure_terms(**{"operations": ["candidates"], **of_dataset})

    def ask(self, *given: str) -> Question:
        return make_question(operation="candidates", given=given)

    @pytest.mark.parametrize(
        ("given", "rule", "member"),
        [
            (("full_name", "birth_date"), "", ""),
            (("personal_number", "full_name"), "", ""),
            (("full_name",), "combination.not_given", "given"),
            ((), "combination.not_given", "given"),
            (("personal_number", "telephone"), "match_field.not_granted", "given.telephone"),
        ],
    )
    def test_need_one_whole_combination_and_no_other_field(
        self, given: tuple[str, ...], rule: str, member: str
    ) -> None:
        decision = decide.decide(self.make(matching=self.MATCHING), self.ask(*given), FACTS, DAY)

        assert (decision.rule, decision.member) == (rule, member)

    def test_are_refused_without_terms_of_matching(self) -> None:
        decision = decide.decide(self.make(), self.ask("full_name"), FACTS, DAY)

        assert decision.rule == "match_field.not_granted"

    def test_are_not_searched_by_what_is_granted_in_part(self) -> None:
        """Whoever searches by a whole birthday learns more of it than the year."""
        terms = self.make(
            matching=self.MATCHING, fields={"name": "full", "pin": "full", "born": "year_only"}
        )

        decision = decide.decide(terms, self.ask("full_name", "birth_date"), FACTS, DAY)

        assert decision.rule == "match_field.field_not_granted"
        assert decision.member == "given.birth_date"

    def test_hand_on_how_many_and_how_probable(self) -> None:
        decision = decide.decide(
            self.make(matching=self.MATCHING), self.ask("personal_number"), FACTS, DAY
        )

        assert decision.matching is not None
        assert decision.matching.most_hits == 3
        assert decision.matching.least_probability == 0.5


class TestProperties:
    @given(
        granted=st.sets(st.sampled_from(FIELDS)),
        more=st.sampled_from(FIELDS),
        asked=st.lists(st.sampled_from(FIELDS), min_size=1, max_size=3),
        predicates=st.lists(st.sampled_from(PREDICATES), max_size=2),
        operation=st.sampled_from(OPERATIONS),
    )
    def test_granting_more_never_takes_away(
        self, granted: set[str], more: str, asked: list[str], predicates: list[str], operation: str
    ) -> None:
        question = make_question(
            fields=tuple(asked), predicates=tuple(predicates), operation=operation
        )
        before = make_sure_terms(fields=dict.fromkeys(granted, "full"))
        after = make_sure_terms(
            fields=dict.fromkeys({*granted, more}, "full"), predicates=PREDICATES
        )

        if decide.decide(before, question, FACTS, DAY).permitted:
            assert decide.decide(after, question, FACTS, DAY).permitted

    @given(data=st.data())
    def test_a_derived_field_needs_every_source(self, data: st.DataObject) -> None:
        derived = data.draw(st.sampled_from([n for n, f in FACTS.fields.items() if f.sources]))
        gone = data.draw(st.sampled_from(FACTS.fields[derived].sources))
        fields = dict.fromkeys(FACTS.fields, "full")
        question = make_question(fields=(derived,))

        whole = decide.decide(make_sure_terms(fields=fields), question, FACTS, DAY)
        del fields[gone]
        lacking = decide.decide(make_sure_terms(fields=fields), question, FACTS, DAY)

        assert whole.permitted
        assert (lacking.permitted, lacking.rule) == (False, "field.source_not_granted")
        assert lacking.member == f"fields.{derived}"

    @given(name=st.text(max_size=10))
    def test_nothing_is_granted_that_no_agreement_names(self, name: str) -> None:
        facts = DatasetFacts(DATASET, {name: FieldFacts()}, {})
        terms = make_sure_terms(fields={"other than any " * 2: "full"})

        assert not decide.decide(terms, make_question(fields=(name,)), facts, DAY).permitted

    def test_is_of_one_mind_whatever_the_order_of_grants(self) -> None:
        fields = {"pin": "full", "name": "full", "born": "full"}
        turned = dict(reversed(fields.items()))

        one = decide.decide(make_sure_terms(fields=fields), make_question(), FACTS, DAY)
        other = decide.decide(make_sure_terms(fields=turned), make_question(), FACTS, DAY)

        assert dataclasses.asdict(one) == dataclasses.asdict(other)

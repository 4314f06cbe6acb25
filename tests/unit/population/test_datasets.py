"""What the dataset `citizen` declares is consistent, and predicates read their values."""

from datetime import date
from typing import Any

import pytest

from databases import datasets, predicate_values
from databases.identifiers import MalformedIdentifier
from population.datasets import CITIZEN, predicates, shapes


class TestCitizen:
    def test_has_every_item_of_the_law(self) -> None:
        items = {int(f.law_item.rsplit(" ", 1)[1]) for f in CITIZEN.fields.values()}

        assert items == set(range(1, 27))

    def test_every_field_can_be_read(self) -> None:
        assert shapes.READINGS.keys() == CITIZEN.fields.keys()

    def test_derived_fields_and_predicates_name_fields(self) -> None:
        fields, conditions = CITIZEN.fields, CITIZEN.predicates
        named = {s for f in fields.values() for s in f.sources}
        named |= {f for p in conditions.values() for f in p.fields} | set(CITIZEN.territory_of)

        assert named <= fields.keys()
        assert {n for p in conditions.values() for n in p.needs} <= conditions.keys()

    def test_origin_belief_and_health_are_sensitive(self) -> None:
        sensitive = {f.name for f in CITIZEN.fields.values() if f.sensitivity == "sensitive"}

        assert sensitive == {"ethnicity", "religion", "blood_group"}

    def test_the_key_rule_refuses_other_digits(self) -> None:
        assert CITIZEN.key_rule("087084000999") == "087084000999"
        for text in ("08708400099", "08708400099x", "٠٨٧٠٨٤٠٠٠٩٩٩", "087084000999\n"):
            with pytest.raises(MalformedIdentifier):
                CITIZEN.key_rule(text)


class TestRequirePredicates:
    @pytest.mark.parametrize("given", [{}, {"sex": "male"}, {"date_of_birth": "1984"}])
    def test_refuses_what_is_too_wide(self, given: dict[str, Any]) -> None:
        with pytest.raises(datasets.PredicatesTooWide):
            datasets.require_predicates(CITIZEN.predicates, given)

    def test_refuses_the_unknown(self) -> None:
        with pytest.raises(datasets.PredicateUnknown):
            datasets.require_predicates(CITIZEN.predicates, {"name": "x", "shoe_size": 4})


class TestParameters:
    def test_a_month_is_searched_from_the_first_day_of_the_year(self) -> None:
        assert predicate_values.read(predicates.PREDICATES, {"date_of_birth": "1984-02"}) == {
            "birth_from": date(1984, 1, 1),
            "birth_earliest": date(1984, 2, 1),
            "birth_latest": date(1984, 2, 29),
        }

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("name", " "),
            ("name", 5),
            ("name", "a\x00b"),
            ("date_of_birth", "06/05/1990"),
            ("sex", "M"),
            ("old_id_9", "1234"),
            ("commune", "00001"),
            ("commune", {"code": "00001"}),
        ],
    )
    def test_refuses_other_shapes(self, name: str, value: object) -> None:
        with pytest.raises(datasets.PredicateMalformed):
            predicate_values.read(predicates.PREDICATES, {name: value})

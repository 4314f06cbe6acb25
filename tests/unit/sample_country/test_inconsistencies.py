"""The list of what is planted: complete, the same each time, and true."""

from collections import Counter

from databases.code_lists.catalogue import Catalogue
from sample_country import cast_numbers, country, inconsistencies
from sample_country.country import Country


class TestPlanted:
    def test_has_cases_of_every_kind(self, drawn: Country) -> None:
        assert {case.kind for case in drawn.planted} == set(inconsistencies.KINDS)

    def test_names_each_case_once(self, drawn: Country) -> None:
        names = Counter(case.inconsistency_id for case in drawn.planted)

        assert set(names.values()) == {1}

    def test_says_what_each_means(self, drawn: Country) -> None:
        assert all(case.meaning for case in drawn.planted)

    def test_is_the_same_for_the_same_size_and_seed(self, catalogue: Catalogue) -> None:
        one = country.generate(catalogue, size=1_000, seed=5).planted
        two = country.generate(catalogue, size=1_000, seed=5).planted

        assert one == two

    def test_grows_with_the_country(self, catalogue: Catalogue, drawn: Country) -> None:
        larger = country.generate(catalogue, size=60_000, seed=714)

        assert len(larger.planted) > len(drawn.planted)

    def test_knows_the_case_of_the_cast(self, drawn: Country) -> None:
        cases = [case for case in drawn.planted if case.kind == "land.number_cancelled"]

        assert [case.record for case in cases] == [cast_numbers.UNTRUE_TITLE]

"""The persons: numbers by the rules, ages, families, names handed down."""

from collections import Counter

import numpy as np

from databases.identifiers import Pin, Sex
from sample_country import draws, people
from sample_country.country import Country
from sample_country.households import CHILD, HEAD, REFERENCE_DAY


class TestPins:
    def test_are_unique(self, drawn: Country) -> None:
        assert len(np.unique(drawn.persons.pin)) == drawn.size

    def test_agree_with_year_and_sex(self, drawn: Country) -> None:
        years = draws.years_of(drawn.persons.born)
        sexes = drawn.persons.structure.sex
        for number, year, sex in zip(drawn.persons.pin, years, sexes, strict=True):
            pin = Pin.parse(f"{number:012d}")

            assert pin.birth_year == year
            assert pin.sex is (Sex.FEMALE if sex else Sex.MALE)

    def test_begin_with_a_province_of_the_time_of_birth(self, drawn: Country) -> None:
        old = {f"0{code}" for code in drawn.places.province_code}
        new = {f"0{code}" for code in drawn.places.new_province}
        after = drawn.persons.is_born_after_reform
        origins = np.array([f"{number:012d}"[:3] for number in drawn.persons.pin])

        assert set(origins[~after]) <= old
        assert set(origins[after]) <= new
        assert after.any()


class TestHouseholds:
    def test_have_one_head_and_at_most_six_members(self, drawn: Country) -> None:
        structure = drawn.persons.structure
        heads = structure.household[structure.role == HEAD]

        assert np.array_equal(heads, np.arange(heads[-1] + 1))
        assert 1 <= np.bincount(structure.household).max() <= 6

    def test_ages_are_those_of_a_young_country(self, drawn: Country) -> None:
        age = (draws.day_number(REFERENCE_DAY) - drawn.persons.born) / 365.25

        assert 0.20 < (age < 15).mean() < 0.30
        assert 0.05 < (age >= 65).mean() < 0.12
        assert age.min() > 0
        assert age.max() < 101

    def test_parents_are_older_than_their_children(self, drawn: Country) -> None:
        structure = drawn.persons.structure
        for parent, least in ((structure.mother, 18.9), (structure.father, 16.9)):
            rows = np.flatnonzero(parent >= 0)
            gap = (structure.born[rows] - structure.born[parent[rows]]) / 365.25

            assert gap.min() >= least

    def test_relatives_live_in_the_same_household(self, drawn: Country) -> None:
        structure = drawn.persons.structure
        for relative in (structure.father, structure.mother, structure.spouse):
            rows = np.flatnonzero(relative >= 0)

            assert np.array_equal(structure.household[rows], structure.household[relative[rows]])
        couples = np.flatnonzero(structure.spouse >= 0)
        assert np.array_equal(structure.spouse[structure.spouse[couples]], couples)


class TestNames:
    def test_children_bear_the_fathers_family_name(self, drawn: Country) -> None:
        persons, structure = drawn.persons, drawn.persons.structure
        rows = np.flatnonzero(
            (structure.role == CHILD) & (structure.father >= 0) & (persons.ethnicity == 1)
        )

        assert len(rows) > 500
        assert (persons.name.family[rows] == persons.name.family[structure.father[rows]]).all()

    def test_minorities_live_where_they_live(self, drawn: Country) -> None:
        province = drawn.places.province_code[
            drawn.places.commune_province[drawn.persons.home[drawn.persons.structure.household]]
        ]
        khmer = Counter(province[drawn.persons.ethnicity == 5].tolist())
        hmong = Counter(province[drawn.persons.ethnicity == 8].tolist())

        assert {code for code, _ in khmer.most_common(3)} & {"84", "94", "91"}
        assert {code for code, _ in hmong.most_common(4)} <= {
            "02",
            "04",
            "10",
            "11",
            "12",
            "14",
            "15",
        }


class TestOldCards:
    def test_a_few_numbers_belong_to_two_persons(self, drawn: Country) -> None:
        cards = drawn.persons.old_card[drawn.persons.old_card >= 0]
        shared = len(cards) - len(np.unique(cards))

        assert 0 < shared < 0.01 * len(cards)

    def test_the_young_have_none(self, drawn: Country) -> None:
        young = draws.years_of(drawn.persons.born) >= 2003

        assert (drawn.persons.old_card[young] == -1).all()


class TestPrecision:
    def test_year_only_births_are_the_old_ones_and_stand_on_new_years_day(
        self, drawn: Country
    ) -> None:
        rows = drawn.persons.precision == people.YEAR
        born = drawn.persons.born[rows]

        assert rows.any()
        assert np.array_equal(draws.first_days(draws.years_of(born)), born)
        assert draws.years_of(born).max() < 1962

"""Codes of the budget nomenclature in the version of their year."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance import errors
from finance.rules import nomenclature
from finance.values import Level


class TestVersionOf:
    @pytest.mark.parametrize(
        ("year", "version"),
        [(2017, "324/2016"), (2025, "324/2016"), (2026, "130/2025"), (2040, "130/2025")],
    )
    def test_follows_the_budget_year(self, year: int, version: str) -> None:
        assert nomenclature.version_of(year) == version

    def test_refuses_years_before_the_first(self) -> None:
        with pytest.raises(errors.SegmentNotInForce):
            nomenclature.version_of(2016)


class TestRequireChapter:
    @pytest.mark.parametrize(
        ("code", "level"),
        [
            ("001", Level.CENTRAL),
            ("399", Level.CENTRAL),
            ("400", Level.PROVINCE),
            ("599", Level.PROVINCE),
            ("600", Level.DISTRICT),
            ("799", Level.DISTRICT),
            ("800", Level.COMMUNE),
            ("989", Level.COMMUNE),
        ],
    )
    def test_lets_each_band_be_used_at_its_level(self, code: str, level: Level) -> None:
        nomenclature.require_chapter(code, level, budget_year=2025)

    @pytest.mark.parametrize(
        ("code", "level", "rule"),
        [
            ("000", Level.CENTRAL, "chapter.no_band"),
            ("990", Level.COMMUNE, "chapter.no_band"),
            ("400", Level.CENTRAL, "chapter.level"),
            ("399", Level.PROVINCE, "chapter.level"),
            ("800", Level.DISTRICT, "chapter.level"),
        ],
    )
    def test_refuses_what_fits_no_band_or_another(self, code: str, level: Level, rule: str) -> None:
        with pytest.raises(errors.SegmentNotInForce) as refusal:
            nomenclature.require_chapter(code, level, budget_year=2025)

        assert refusal.value.fields[0].rule == rule

    @pytest.mark.parametrize("code", ["600", "754", "799"])
    def test_refuses_the_district_band_from_2026_on(self, code: str) -> None:
        nomenclature.require_chapter(code, Level.DISTRICT, budget_year=2025)

        with pytest.raises(errors.SegmentNotInForce) as refusal:
            nomenclature.require_chapter(code, Level.DISTRICT, budget_year=2026)

        assert refusal.value.fields[0].rule == "chapter.abolished"

    def test_names_the_successor_of_an_abolished_chapter(self) -> None:
        with pytest.raises(errors.SegmentNotInForce, match="854"):
            nomenclature.require_chapter("754", Level.DISTRICT, budget_year=2026)

    @pytest.mark.parametrize("code", ["40", "4055", "４０５", "abc", ""])
    def test_refuses_what_has_no_three_digits(self, code: str) -> None:
        with pytest.raises(errors.MalformedBudgetCode):
            nomenclature.require_chapter(code, Level.PROVINCE, budget_year=2026)


class TestChapterIn:
    @pytest.mark.parametrize(
        ("code", "year", "expected"),
        [
            ("754", 2025, "754"),
            ("754", 2026, "854"),
            ("755", 2026, "855"),
            ("756", 2026, "856"),
            ("757", 2026, "857"),
            ("758", 2026, "758"),
            ("405", 2026, "405"),
        ],
    )
    def test_gives_the_chapter_of_the_year(self, code: str, year: int, expected: str) -> None:
        assert nomenclature.chapter_in(code, budget_year=year) == expected


class TestCategoryOf:
    @pytest.mark.parametrize(
        ("code", "category"),
        [("010", "010"), ("039", "010"), ("040", "040"), ("071", "070"), ("430", "430")],
    )
    def test_gives_the_start_of_the_range(self, code: str, category: str) -> None:
        assert nomenclature.category_of(code) == category

    def test_refuses_what_lies_before_the_first_category(self) -> None:
        with pytest.raises(errors.SegmentNotInForce):
            nomenclature.category_of("009")

    @given(st.integers(10, 459))
    def test_gives_a_category_that_is_its_own(self, number: int) -> None:
        category = nomenclature.category_of(f"{number:03d}")

        assert nomenclature.category_of(category) == category
        assert 0 <= number - int(category) < 30


class TestItemOf:
    @pytest.mark.parametrize(
        ("code", "item"), [("6000", "6000"), ("6001", "6000"), ("6049", "6000"), ("6050", "6050")]
    )
    def test_gives_the_multiple_of_fifty(self, code: str, item: str) -> None:
        assert nomenclature.item_of(code) == item


class TestRequireItem:
    def test_refuses_a_sub_item(self) -> None:
        nomenclature.require_item("6000")
        nomenclature.require_item("0000")

        with pytest.raises(errors.MalformedBudgetCode):
            nomenclature.require_item("6001")


class TestListDoubts:
    @pytest.mark.parametrize(
        ("category", "source", "rules"),
        [
            ("071", "13", []),
            ("459", "13", []),
            ("460", "13", ["category.unknown"]),
            ("000", "99", ["source.unknown"]),
        ],
    )
    def test_warns_of_what_no_list_holds(
        self, category: str, source: str, rules: list[str]
    ) -> None:
        assert [one.rule for one in nomenclature.list_doubts(category, source)] == rules

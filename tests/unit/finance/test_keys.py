"""The accounting key: taken apart, built, checked for the year and the unit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance import errors, values
from finance.rules import keys
from finance.values import BudgetKey
from tests.factories import finance as make


class TestBudgetKey:
    def test_has_twelve_segments_of_43_characters(self) -> None:
        assert len(values.SEGMENTS) == 12
        assert values.KEY_LENGTH == 43

    @given(st.from_regex(r"[0-9]{43}", fullmatch=True).filter(str.isascii))
    def test_is_the_same_when_built_again(self, text: str) -> None:
        assert str(BudgetKey.parse(text)) == text

    @pytest.mark.parametrize("change", ["", "0", "00"])
    def test_of_another_length_is_refused(self, change: str) -> None:
        text = str(make.KEY)[:-1] + change
        if len(text) == values.KEY_LENGTH:
            assert BudgetKey.parse(text) == make.KEY
            return

        with pytest.raises(errors.MalformedBudgetCode) as refusal:
            BudgetKey.parse(text)

        assert refusal.value.fields[0].rule == "key.length"

    @pytest.mark.parametrize("place", [0, 2, 6, 10, 11, 23, 26, 29, 34, 38, 40])
    def test_names_the_segment_that_is_wrong(self, place: int) -> None:
        text = str(make.KEY)
        text = f"{text[:place]}x{text[place + 1 :]}"

        with pytest.raises(errors.MalformedBudgetCode) as refusal:
            BudgetKey.parse(text)

        assert refusal.value.fields[0].rule == "key.segment"
        starts = {}
        start = 0
        for segment in values.SEGMENTS:
            starts[start] = segment.name
            start += segment.width
        assert refusal.value.fields[0].field == starts[place]

    def test_may_hold_letters_in_the_area_alone(self) -> None:
        text = str(make.make_key(area_code="01TTT"))

        assert BudgetKey.parse(text).area_code == "01TTT"


class TestRequireKey:
    def test_lets_a_key_of_the_unit_pass(self) -> None:
        assert keys.require_key(make.KEY, budget_year=2026, unit=make.make_unit()) == ()

    @pytest.mark.parametrize(
        ("segments", "rule"),
        [
            ({"level_code": "5"}, "level.unknown"),
            ({"level_code": "1"}, "chapter.level"),
            ({"chapter_code": "700", "level_code": "3"}, "chapter.abolished"),
            ({"chapter_code": "412"}, "chapter.unit"),
            ({"category_code": "005"}, "category.no_range"),
        ],
    )
    def test_refuses_a_segment(self, segments: dict[str, str], rule: str) -> None:
        with pytest.raises(errors.SegmentNotInForce) as refusal:
            keys.require_key(make.make_key(**segments), budget_year=2026, unit=make.make_unit())

        assert refusal.value.fields[0].rule == rule

    def test_reads_an_old_unit_in_the_nomenclature_of_the_year(self) -> None:
        unit = make.make_unit(level=values.Level.DISTRICT, chapter_code="754")
        key = make.make_key(chapter_code="854", level_code="4")

        assert keys.require_key(key, budget_year=2026, unit=unit) == ()

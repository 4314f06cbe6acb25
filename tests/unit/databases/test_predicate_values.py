"""Values of predicates: what is read from them, and what is refused without repeating it."""

from decimal import Decimal

import pytest

from databases import predicate_values
from databases.datasets import Predicate, PredicateMalformed


class TestRequireText:
    def test_gives_the_text_as_it_came(self) -> None:
        assert predicate_values.require_text("name", " Lê ") == " Lê "

    @pytest.mark.parametrize("value", ["", " ", "secret\x00", 5, None, ["secret"]])
    def test_refuses_the_rest_and_never_repeats_it(self, value: object) -> None:
        with pytest.raises(PredicateMalformed) as caught:
            predicate_values.require_text("name", value)

        problem = caught.value.fields[0]
        assert (problem.field, problem.rule) == ("name", "predicate.malformed")
        assert "secret" not in caught.value.message + problem.message


class TestReadName:
    def test_compares_without_case_and_diacritics(self) -> None:
        one = predicate_values.read_name("name", "NGUYỄN THỊ HOÀ")

        assert one == predicate_values.read_name("name", "Nguyen thi hoà")
        assert one.keys() == {"name"}


class TestReadCoded:
    def test_reads_code_and_version(self) -> None:
        assert predicate_values.read_coded("commune", {"code": "00001", "version": "19/2025"}) == {
            "commune": "00001",
            "commune_version": "19/2025",
        }

    @pytest.mark.parametrize(
        "value", ["00001", {"code": "00001"}, {"version": "1"}, {"code": 1, "version": "1"}]
    )
    def test_refuses_less(self, value: object) -> None:
        with pytest.raises(PredicateMalformed):
            predicate_values.read_coded("commune", value)


class TestReadTexts:
    def test_reads_one_or_several(self) -> None:
        assert predicate_values.read_texts("sheet", " 7 ") == {"sheet": ["7"]}
        assert predicate_values.read_texts("sheet", ["7", "8"]) == {"sheet": ["7", "8"]}

    @pytest.mark.parametrize("value", [[], ["7"] * 51, ["7", ""], [7], {"7": "8"}, None])
    def test_refuses_the_rest(self, value: object) -> None:
        with pytest.raises(PredicateMalformed):
            predicate_values.read_texts("sheet", value)


class TestReadRange:
    @pytest.mark.parametrize(
        ("value", "least", "most"),
        [
            ({"least": 100}, "100", "99999999999999.99"),
            ({"least": "100.001"}, "100.01", "99999999999999.99"),
            ({"above": 100, "below": 200}, "100.01", "199.99"),
            ({"above": 99.995, "most": 200.009}, "100.00", "200.00"),
            ({"least": 5, "above": 5}, "5.01", "99999999999999.99"),
            ({"least": -5, "most": 7}, "0", "7"),
        ],
    )
    def test_reads_ends_to_two_decimals(
        self, value: dict[str, object], least: str, most: str
    ) -> None:
        read = predicate_values.read_range("area", value)

        assert read == {"area_least": Decimal(least), "area_most": Decimal(most)}

    @pytest.mark.parametrize(
        "value",
        [{}, 5, "5", {"least": "x"}, {"least": True}, {"least": "nan"}, {"most": 1e300}, {"to": 5}],
    )
    def test_refuses_the_rest(self, value: object) -> None:
        with pytest.raises(PredicateMalformed):
            predicate_values.read_range("area", value)


class TestRead:
    def test_gathers_the_parameters_of_all(self) -> None:
        predicates = {
            "name": Predicate("name", "text", "A name.", predicate_values.read_name, ("name",)),
            "kind": Predicate("kind", "code", "A kind.", predicate_values.read_coded, ("kind",)),
        }
        asked = {"name": "Sao", "kind": {"code": "1", "version": "2"}}

        assert predicate_values.read(predicates, asked) == {
            "name": "sao",
            "kind": "1",
            "kind_version": "2",
        }

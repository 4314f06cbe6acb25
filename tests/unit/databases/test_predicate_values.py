"""Values of predicates: what is read from them, and what is refused without repeating it."""

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

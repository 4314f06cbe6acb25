import threading
from typing import Any

import pytest
from lxml import etree

from databases import errors as kinds
from sharing_api.standards import errors, validate
from tests.unit.sharing_api.standards import examples

QUESTION = examples.example("question")


def without(*names: str) -> dict[str, Any]:
    return {name: value for name, value in QUESTION.items() if name not in names}


BODIES = {
    "look-up": without("claims"),
    "verify": without("fields"),
    "search": {**without("key", "claims"), "predicates": {"name": "Nguyễn Thị Hòa"}, "limit": 5},
    "batch": {**without("key", "claims"), "keys": ["079184000123", "079184000999"]},
}


class TestValidateMessage:
    @pytest.mark.parametrize("name", ["citizen", "enterprise", "verification", "search", "batch"])
    def test_accepts_the_published_example(self, name: str) -> None:
        examples.check(examples.example(name))

    def test_refuses_as_our_own_fault_and_tells_the_place_but_not_the_value(self) -> None:
        bad = examples.change(examples.example("citizen"), "/records/0/age", "SECRET")

        with pytest.raises(errors.NonconformingMessage) as caught:
            examples.check(bad)

        assert isinstance(caught.value, kinds.Unavailable)
        assert [one.field for one in caught.value.fields] == ["/records/0/age"]
        assert "SECRET" not in repr(caught.value.fields) + caught.value.message

    @pytest.mark.parametrize(
        ("name", "pointer"), [("search", "/records/0/pin"), ("batch", "/answers/0/record/pin")]
    )
    def test_checks_records_against_the_standard_named_for_them(
        self, name: str, pointer: str
    ) -> None:
        bad = examples.change(examples.example(name), pointer, "1")

        with pytest.raises(errors.NonconformingMessage):
            examples.check(bad)

    @pytest.mark.parametrize("name", ["citizen", "search", "batch"])
    def test_refuses_a_wrong_count(self, name: str) -> None:
        with pytest.raises(errors.NonconformingMessage):
            examples.check(examples.change(examples.example(name), "/count", 7))

    @pytest.mark.parametrize("reference", ["", "citizen/9.9", "nothing/1.0"])
    def test_refuses_an_unknown_standard(self, reference: str) -> None:
        with pytest.raises(errors.UnknownStandard):
            examples.check({"standard": reference})

    def test_refuses_records_of_an_unknown_standard(self) -> None:
        bad = examples.change(examples.example("search"), "/record_standard", "land/1.0")

        with pytest.raises(errors.UnknownStandard):
            examples.check(bad)


class TestValidateQuestion:
    @pytest.mark.parametrize("kind", BODIES)
    def test_accepts_a_whole_question(self, kind: str) -> None:
        assert validate.validate_question(kind, BODIES[kind]) == ()

    @pytest.mark.parametrize("kind", ["look-up", "search", "batch"])
    def test_requires_fields_to_be_named(self, kind: str) -> None:
        body = {name: value for name, value in BODIES[kind].items() if name != "fields"}

        problems = validate.validate_question(kind, body)

        assert [(one.field, one.rule) for one in problems] == [("/fields", "required")]

    @pytest.mark.parametrize(
        ("kind", "pointer", "value", "rule"),
        [
            ("look-up", "/fields", ["pin", "pin"], "uniqueItems"),
            ("look-up", "/fields", ["*"], "pattern"),
            ("look-up", "/key", "1" * 201, "maxLength"),
            ("look-up", "/key", 79184000123, "type"),
            ("look-up", "/key", "0791\u00008400", "pattern"),
            ("look-up", "/purpose", "", "minLength"),
            ("look-up", "/valid_on", "2026-02-29", "format"),
            ("look-up", "/as_of", 0, "oneOf"),
            ("look-up", "/as_of", "yesterday", "oneOf"),
            ("look-up", "/keys", ["1"], "additionalProperties"),
            ("verify", "/claims", {}, "minProperties"),
            ("verify", "/fields", ["pin"], "additionalProperties"),
            ("search", "/predicates", {}, "minProperties"),
            ("search", "/limit", 51, "maximum"),
            ("batch", "/keys", [], "minItems"),
            ("batch", "/keys", [str(n) for n in range(1_001)], "maxItems"),
            ("batch", "/keys", ["1", "1"], "uniqueItems"),
        ],
    )
    def test_names_place_and_rule(self, kind: str, pointer: str, value: Any, rule: str) -> None:
        problems = validate.validate_question(kind, examples.change(BODIES[kind], pointer, value))

        assert [one.rule for one in problems] == [rule]
        assert problems[0].field.startswith(pointer)

    def test_takes_exactly_a_thousand_keys(self) -> None:
        body = {**BODIES["batch"], "keys": [str(number) for number in range(1_000)]}

        assert validate.validate_question("batch", body) == ()

    @pytest.mark.parametrize("body", [None, [], "x", 1, True])
    def test_refuses_what_is_no_object(self, body: object) -> None:
        assert [one.rule for one in validate.validate_question("look-up", body)] == ["type"]

    def test_never_repeats_a_value_or_a_strange_name(self) -> None:
        body = {**BODIES["look-up"], "079184000123": "Nguyễn", "purpose": "Nguyễn" * 100}

        problems = validate.validate_question("look-up", body)

        assert {one.field for one in problems} == {"/?", "/purpose"}
        assert "Nguyễn" not in repr(problems)
        assert "079184000123" not in repr(problems)

    def test_stops_at_fifty_problems(self) -> None:
        body = {**BODIES["batch"], "keys": [""] * 1_000}

        assert len(validate.validate_question("batch", body)) == validate.MAX_PROBLEMS

    def test_refuses_an_unknown_operation(self) -> None:
        with pytest.raises(errors.UnknownStandard):
            validate.validate_question("delete", {})


class TestCompileSchema:
    @pytest.mark.parametrize(
        "reference",
        [
            "http://127.0.0.1:9/schema.json",
            "https://json.schemastore.org/package.json",
            "file:///etc/hostname",
            "urn:natdb:standards:citizen:1.0",
        ],
    )
    def test_refuses_a_reference_outside_itself(self, reference: str) -> None:
        with pytest.raises(errors.UnsoundStandard):
            validate.compile_schema({"properties": {"a": {"$ref": reference}}})

    def test_refuses_what_is_no_schema(self) -> None:
        with pytest.raises(errors.UnsoundStandard):
            validate.compile_schema({"type": "number of things"})

    def test_checks_formats(self) -> None:
        assert not validate.compile_schema({"format": "date"}).is_valid("2026-02-30")


class TestFindXmlProblems:
    def test_gives_the_same_result_in_many_threads(self) -> None:
        good = etree.fromstring(examples.xml_example("citizen"))
        bad = etree.fromstring(examples.xml_example("citizen"))
        bad.set("SoCongDan", "many")
        results: list[tuple[bool, bool]] = []

        def check() -> None:
            for _ in range(20):
                found = (
                    bool(validate.find_xml_problems("citizen", "1.0", good)),
                    bool(validate.find_xml_problems("citizen", "1.0", bad)),
                )
                results.append(found)

        threads = [threading.Thread(target=check) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert set(results) == {(False, True)}
        assert len(results) == 80

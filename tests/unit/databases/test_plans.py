"""Plans of fields: which columns are read, and how rows become records."""

from datetime import date
from typing import Any

import pytest

from databases import datasets, plans
from databases.changes.versions import AsOf
from databases.plans import Reading

SESSION: Any = None  # nothing here opens one
AS_OF = AsOf(date(2026, 1, 1))


def field(name: str) -> datasets.Field:
    return datasets.Field(name, "text", "basic", (), ("full",), None, "", "", "")


FIELDS = {name: field(name) for name in ("no", "size", "age")}
READINGS = {
    "no": Reading(("no",)),
    "size": Reading(("high", "planted"), lambda high, planted: f"{high} since {planted}"),
    "age": Reading(("planted",), lambda as_of, year: as_of.valid_on.year - year, dated=True),
}


class TestPlanFields:
    def test_reads_a_column_once_in_an_order_that_does_not_change(self) -> None:
        plan = plans.plan_fields(frozenset(FIELDS), FIELDS, READINGS)

        assert plan.columns == ("planted", "no", "high")

    def test_refuses_other_names(self) -> None:
        with pytest.raises(datasets.FieldUnknown) as caught:
            plans.plan_fields(frozenset({"no", "colour"}), FIELDS, READINGS)

        assert [problem.field for problem in caught.value.fields] == ["colour"]


class TestFill:
    def test_makes_every_field_of_its_columns(self) -> None:
        plan = plans.plan_fields(frozenset(FIELDS), FIELDS, READINGS)

        result = plans.fill(plan, [(7, "a", 1990, "a", 12), (7, "b", 2000, None, 3)], AS_OF)

        assert result.change == 7
        assert result.records == {
            "a": {"no": "a", "size": "12 since 1990", "age": 36},
            "b": {"no": None, "size": "3 since 2000", "age": 26},
        }

    def test_a_row_without_key_is_nobody(self) -> None:
        plan = plans.plan_fields(frozenset({"no"}), FIELDS, READINGS)

        assert plans.fill(plan, [(7, None, None)], AS_OF) == datasets.FetchResult(7, {})


ASKED = {
    "size": datasets.Predicate(
        "size", "text", "Size.", lambda name, value: {name: value}, ("size",)
    )
}


class TestMakeFetch:
    def test_reads_the_columns_of_the_fields_by_keys(self) -> None:
        calls = []

        def read(session: Any, keys: Any, columns: tuple[str, ...], as_of: AsOf) -> plans.Rows:
            calls.append((keys, columns, as_of))
            return [(7, "a", "a")]

        fetch = plans.make_fetch(FIELDS, READINGS, read)

        assert fetch(SESSION, ["a"], frozenset({"no"}), AS_OF).records == {"a": {"no": "a"}}
        assert calls == [(["a"], ("no",), AS_OF)]

    def test_refuses_other_names_before_it_reads(self) -> None:
        def read(*_: Any) -> plans.Rows:
            pytest.fail("nothing may be read")

        with pytest.raises(datasets.FieldUnknown):
            plans.make_fetch(FIELDS, READINGS, read)(SESSION, ["a"], frozenset({"x"}), AS_OF)


class TestMakeSearch:
    def test_reads_by_the_parameters_of_the_predicates(self) -> None:
        calls = []

        def read(session: Any, *given: Any) -> plans.Rows:
            calls.append(given)
            return [(7, "a", "a")]

        search = plans.make_search(FIELDS, READINGS, ASKED, read)

        found = search(SESSION, {"size": "12"}, frozenset({"no"}), AS_OF, 10)

        assert found.records == {"a": {"no": "a"}}
        assert calls == [(frozenset({"size"}), {"size": "12"}, ("no",), AS_OF, 10)]

    def test_refuses_other_predicates_before_it_reads(self) -> None:
        def read(*_: Any) -> plans.Rows:
            pytest.fail("nothing may be read")

        search = plans.make_search(FIELDS, READINGS, ASKED, read)

        with pytest.raises(datasets.PredicateUnknown):
            search(SESSION, {"colour": "red"}, frozenset({"no"}), AS_OF, 10)


class TestRefuseSearches:
    def test_says_what_to_do_instead(self) -> None:
        search = datasets.refuse_searches("Ask for the tree.")

        with pytest.raises(datasets.PredicateUnknown, match="Ask for the tree"):
            search(SESSION, {}, frozenset({"no"}), AS_OF, 10)


class TestCoded:
    def test_names_list_and_version(self) -> None:
        assert plans.coded("kind", "2", "7") == {"code": "7", "list": "kind", "version": "2"}

    def test_no_code_is_no_value(self) -> None:
        assert plans.coded("kind", "2", None) is None

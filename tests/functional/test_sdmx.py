"""SDMX at the door: sdmx1 reads it unchanged, refusals are error messages of the standard."""

import io
from typing import Any

import httpx2
import pytest
import requests
import sdmx
from lxml import etree

from tests.clients import sdmx1_client
from tests.factories import population_statistics as figures
from tests.factories.exchange import PURPOSE
from tests.functional.conftest import Exchange, read_receipt
from tests.unit.sharing_api.protocols.sdmx.test_structures import SCHEMAS

DATASET = "population_statistics/observation"
TOTALS = "A.VN.POP._T._T._T._T._T"
pytestmark = pytest.mark.usefixtures("every_register")


def connect(exchange: Exchange, version: str = "2.1", client: str = "full") -> sdmx.Client:
    return sdmx1_client.connect(exchange.address, exchange.client(client).token(), version)


def get(
    exchange: Exchange, path: str, client: str | None = "full", accept: str = "*/*"
) -> httpx2.Response:
    headers = {"accept": accept}
    if client is not None:
        headers["authorization"] = f"Bearer {exchange.client(client).token()}"
    return httpx2.get(f"{exchange.address}/sdmx{path}", headers=headers, timeout=20)


def require_error(response: httpx2.Response, status: int, code: str) -> list[str]:
    """Check that a refusal is an error message of the standard, and give its sentences."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/xml"
    document = etree.fromstring(response.content)
    assert etree.QName(document).localname == "Error"
    assert {one.get("code") for one in document} == {code}
    return [str(one.xpath("string()")) for one in document]


def read_data(response: httpx2.Response, **known: Any) -> sdmx.message.DataMessage:
    """Let sdmx1 read a data message."""
    message = sdmx.read_sdmx(io.BytesIO(response.content), **known)
    assert isinstance(message, sdmx.message.DataMessage)
    return message


class TestSdmx1:
    @pytest.mark.parametrize("version", ["2.1", "3.0"])
    def test_lists_the_flows_without_a_token(self, exchange: Exchange, version: str) -> None:
        client = sdmx1_client.connect(exchange.address, "", version)

        assert set(client.dataflow().dataflow) == {"POPULATION", "POPULATION_INDICATORS"}

    @pytest.mark.parametrize("version", ["2.1", "3.0"])
    def test_reads_structure_concepts_and_code_lists(
        self, exchange: Exchange, version: str
    ) -> None:
        structure = sdmx1_client.read_structure(connect(exchange, version))

        areas = structure.codelist["CL_AREA"]
        assert str(areas["2025-01"].name.localizations["vi"]) == "Thành phố Hà Nội"
        dimensions = [one.id for one in structure.structure["DSD_POPULATION"].dimensions]
        assert dimensions[:3] == ["FREQ", "REF_AREA", "INDICATOR"]

    @pytest.mark.parametrize("version", ["2.1", "3.0"])
    def test_reads_a_schema_as_all_that_data_may_hold(
        self, exchange: Exchange, version: str
    ) -> None:
        path = f"/{version}/schema/dataflow/VNNSO/POPULATION/1.0.0"

        message = sdmx.read_sdmx(io.BytesIO(get(exchange, path, client=None).content))

        assert set(message.dataflow) == {"POPULATION"}
        assert set(message.structure) == {"DSD_POPULATION"}
        assert {"CL_AREA", "CL_SEX"} <= set(message.codelist)

    @pytest.mark.parametrize("version", ["2.1", "3.0"])
    def test_reads_figures_by_key(self, exchange: Exchange, version: str) -> None:
        series = sdmx1_client.read_series(connect(exchange, version), TOTALS)

        found = {key["TIME_PERIOD"]: value for key, value in _keyed(series)}
        assert found == figures.TOTALS

    def test_reads_figures_by_a_key_that_it_checks_itself(self, exchange: Exchange) -> None:
        key = {"REF_AREA": "VN", "SEX": ["M", "F"], "AGE": "_T"}

        series = sdmx1_client.read_series(connect(exchange), key, startPeriod="2026")

        assert {(one["SEX"], one["TIME_PERIOD"]) for one, _ in _keyed(series)} == {
            ("M", "2026"),
            ("F", "2026"),
        }

    def test_hears_that_there_are_no_results(self, exchange: Exchange) -> None:
        with pytest.raises(requests.HTTPError) as caught:
            sdmx1_client.read_series(connect(exchange), TOTALS, startPeriod="2090")

        assert caught.value.response is not None
        assert caught.value.response.status_code == 404

    @pytest.mark.parametrize(
        "accept",
        [
            "application/vnd.sdmx.genericdata+xml;version=2.1",
            "application/vnd.sdmx.structurespecificdata+xml;version=2.1",
        ],
    )
    def test_reads_both_forms_of_2_1_alike(self, exchange: Exchange, accept: str) -> None:
        structure = sdmx1_client.read_structure(connect(exchange)).structure["DSD_POPULATION"]

        response = get(exchange, f"/2.1/data/POPULATION/{TOTALS}", accept=accept)

        assert response.headers["content-type"] == accept
        message = read_data(response, structure=structure)
        assert [float(one.value) for one in message.data[0].obs] == list(figures.TOTALS.values())


class TestData:
    def test_leave_one_entry_in_the_log_and_a_receipt(self, exchange: Exchange) -> None:
        with exchange.logged() as fresh:
            response = get(exchange, f"/2.1/data/POPULATION/{TOTALS}")

        assert response.status_code == 200
        assert [(one["dataset"], one["operation"], one["purpose"]) for one in fresh] == [
            (DATASET, "search", PURPOSE)
        ]
        assert read_receipt(response)["entry_id"] == str(fresh[0]["entry_id"])

    def test_of_no_result_are_logged_as_such(self, exchange: Exchange) -> None:
        with exchange.logged() as fresh:
            response = get(exchange, f"/2.1/data/POPULATION/{TOTALS}?startPeriod=2090")

        require_error(response, 404, "100")
        assert [one["rule"] for one in fresh] == ["nothing_found"]

    def test_come_with_earlier_publications_when_history_is_asked_for(
        self, exchange: Exchange
    ) -> None:
        path = f"/2.1/data/POPULATION/{TOTALS}?includeHistory=true&startPeriod=2026"

        message = read_data(get(exchange, path))

        values = [float(one.obs[0].value) for one in message.data]
        assert values == figures.HISTORY

    def test_come_as_they_were_at_a_moment(self, exchange: Exchange) -> None:
        moment = figures.FIRST_PUBLISHED_AT.isoformat().replace("+00:00", "Z")
        path = f"/2.1/data/POPULATION/{TOTALS}?startPeriod=2026&asOf={moment}"

        message = read_data(get(exchange, path))

        assert float(message.data[0].obs[0].value) == figures.HISTORY[0]

    def test_come_as_csv(self, exchange: Exchange) -> None:
        response = get(exchange, f"/2.1/data/POPULATION/{TOTALS}", accept="text/csv")

        lines = response.text.splitlines()
        assert lines[0].startswith("DATAFLOW,FREQ,REF_AREA")
        assert len(lines) == 1 + len(figures.TOTALS)

    def test_of_suppressed_cells_have_a_status_and_no_value(self, exchange: Exchange) -> None:
        path = f"/2.1/data/POPULATION/{figures.SUPPRESSED}"

        message = read_data(get(exchange, path))

        for one in message.data[0].obs:
            assert one.value is None
            assert str(one.attrib["OBS_STATUS"].value) == "Q"


class TestAvailability:
    def test_is_read_by_sdmx1(self, exchange: Exchange) -> None:
        path = f"/2.1/availableconstraint/POPULATION/{TOTALS.replace('._T', '.', 1)}"

        message = sdmx.read_sdmx(io.BytesIO(get(exchange, path).content))

        (constraint,) = message.constraint.values()
        found = {
            one.id: {str(value.value) for value in selection.values}
            for region in constraint.data_content_region
            for one, selection in region.member.items()
            if one.id != "TIME_PERIOD"
        }
        assert found["REF_AREA"] == {"VN"}
        assert found["SEX"] == {"F", "M", "_T"}

    @pytest.mark.parametrize(
        ("path", "version"),
        [
            ("/2.1/availableconstraint/POPULATION", "2.1"),
            (f"/2.1/availableconstraint/POPULATION/{TOTALS}/all/SEX+TIME_PERIOD", "2.1"),
            ("/3.0/availability/dataflow/VNNSO/POPULATION/+", "3.0"),
            (f"/3.0/availability/*/*/POPULATION/*/{TOTALS}/SEX,TIME_PERIOD", "3.0"),
        ],
    )
    def test_is_valid_under_the_schema_of_the_standard(
        self, exchange: Exchange, path: str, version: str
    ) -> None:
        response = get(exchange, path)

        assert response.status_code == 200, response.text
        SCHEMAS[version].assertValid(etree.fromstring(response.content))

    def test_tells_of_the_dimensions_that_were_named(self, exchange: Exchange) -> None:
        path = f"/2.1/availableconstraint/POPULATION/{TOTALS}/all/SEX+TIME_PERIOD"

        document = etree.fromstring(get(exchange, path).content)

        named = document.xpath("//*[local-name()='KeyValue']/@id")
        assert named == ["SEX", "TIME_PERIOD"]
        periods = document.xpath("//*[local-name()='TimeRange']/*/text()")
        assert periods == [min(figures.TOTALS), max(figures.TOTALS)]

    def test_goes_through_the_corridor(self, exchange: Exchange) -> None:
        path = f"/2.1/availableconstraint/POPULATION/{TOTALS}"
        with exchange.logged() as fresh:
            granted = get(exchange, path)
            refused = get(exchange, path, client="by-key")

        assert read_receipt(granted)["entry_id"] == str(fresh[0]["entry_id"])
        require_error(refused, 403, "150")
        assert [one["decision"] for one in fresh] == ["permitted", "refused"]
        require_error(get(exchange, path, client=None), 401, "110")


class TestRefusals:
    @pytest.mark.parametrize(
        ("path", "status", "code", "place"),
        [
            ("/2.1/data/POPULATION/A.VN", 400, "140", "key, place 3"),
            ("/2.1/data/POPULATION/A.VN+......", 400, "140", "key, place 2 (REF_AREA)"),
            ("/2.1/data/POPULATION/A.XX......", 403, "150", "key, place 2 (REF_AREA)"),
            ("/2.1/data/POPULATION/all?startPeriod=soon", 400, "140", "startPeriod"),
            ("/2.1/data/POPULATION/all?colour=red", 400, "140", "colour"),
            ("/2.1/data/POPULATION/all/ECB", 501, "501", "provider"),
            ("/2.1/data/NOWHERE/all", 404, "100", ""),
            ("/3.0/data/dataflow/ECB/POPULATION/+/*", 404, "100", ""),
            ("/3.0/data/*/VNNSO/POPULATION/+/*?c[SEX]=X", 403, "150", "c[SEX]"),
            ("/2.1/codelist/VNNSO/CL_NOTHING", 404, "100", ""),
            ("/2.1/schema/codelist/VNNSO/CL_SEX", 501, "501", ""),
            ("/3.0/schema/dataflow/VNNSO/NOWHERE/1.0.0", 404, "100", ""),
            ("/2.1/availableconstraint/POPULATION/all/all/COLOUR", 403, "150", "component"),
            ("/2.1/availableconstraint/POPULATION?mode=available", 501, "501", "mode"),
            ("/3.0/availability/dataflow/*/POPULATION/*/*?references=all", 501, "501", ""),
            ("/3.0/availability/dataflow/*/NOWHERE/*", 404, "100", ""),
            ("/3.0/structure/dataflow/*/*/*?references=cousins", 501, "501", "references"),
        ],
    )
    def test_are_error_messages_that_name_the_place(
        self, exchange: Exchange, path: str, status: int, code: str, place: str
    ) -> None:
        sentences = require_error(get(exchange, path), status, code)

        assert any(one.startswith(place) for one in sentences[1:] or sentences)

    def test_say_who_must_show_a_token(self, exchange: Exchange) -> None:
        response = get(exchange, "/2.1/data/POPULATION/all", client=None)

        require_error(response, 401, "110")
        assert "www-authenticate" in response.headers

    def test_come_from_the_agreement_and_are_logged(self, exchange: Exchange) -> None:
        with exchange.logged() as fresh:
            response = get(exchange, f"/2.1/data/POPULATION/{TOTALS}", client="by-key")

        require_error(response, 403, "150")
        assert [one["decision"] for one in fresh] == ["refused"]

    def test_say_that_a_form_is_not_offered(self, exchange: Exchange) -> None:
        path = "/2.1/data/POPULATION/all"

        require_error(get(exchange, path, accept="application/json"), 406, "1406")


def _keyed(series: Any) -> list[tuple[dict[str, str], float]]:
    return [
        (dict(zip(series.index.names, key, strict=True)), value) for key, value in series.items()
    ]

"""What is asked most comes in by the front door and never walks the framework's routes."""

import json
from typing import Any

import httpx2
import pytest

from sharing_api.disclosure import catalogue, request
from tests.functional.conftest import Exchange

QUESTIONS = [
    ("POST", f"/v1/{name}/{operation}")
    for name in catalogue.DATASETS
    for operation in request.OPERATIONS
]
DIALECTS = [
    ("POST", "/v1/token"),
    ("POST", "/v1/dossiers"),
    ("POST", "/fhir/CoverageEligibilityRequest/$submit"),
    ("GET", "/fhir/Coverage"),
    ("GET", "/fhir/Patient/abc"),
    ("GET", "/ogc/collections/parcels/items"),
    ("GET", "/ogc/collections/parcels/items/P1"),
    ("GET", "/ogc/collections/parcels/tiles/WebMercatorQuad/16/28853/51985"),
    ("GET", "/sdmx/2.1/data/POPULATION/all"),
]


class TestFind:
    @pytest.mark.parametrize(("method", "path"), QUESTIONS + DIALECTS)
    def test_knows_the_way(self, exchange: Exchange, method: str, path: str) -> None:
        door: Any = exchange.app.front_door

        assert door.find(method, path)[0] is not None


class TestTakes:
    @pytest.mark.parametrize(
        ("method", "path", "status"),
        [
            ("GET", "/fhir/Coverage/%2e%2e", 400),
            ("POST", "/fhir/Coverage%2f_search", 400),
            ("POST", "/fhir/metadata", 401),
        ],
    )
    def test_refuses_as_fhir_does_what_does_not_reach_fhir(
        self, exchange: Exchange, method: str, path: str, status: int
    ) -> None:
        answered, headers, body = exchange.send_raw(method, path)

        assert answered == status
        assert headers["content-type"].startswith("application/fhir+json")
        assert json.loads(body)["resourceType"] == "OperationOutcome"

    @pytest.mark.parametrize(
        ("method", "path", "status", "code", "version"),
        [
            ("GET", "/sdmx/2.1/data/POPULATION/A..%2f", 400, "140", b"v2_1"),
            ("GET", "/sdmx/3.0/data//POPULATION", 400, "140", b"v3_0"),
            ("POST", "/sdmx/2.1/data/POPULATION/all", 405, "1405", b"v2_1"),
            ("GET", "/sdmx/1.0/data", 404, "100", b"v2_1"),
        ],
    )
    def test_refuses_as_sdmx_does_what_does_not_reach_sdmx(
        self, exchange: Exchange, method: str, path: str, status: int, code: str, version: bytes
    ) -> None:
        answered, headers, body = exchange.send_raw(method, path)

        assert answered == status
        assert headers["content-type"] == "application/xml"
        assert version in body
        assert f'code="{code}"'.encode() in body

    @pytest.mark.parametrize(
        "path", ["/ogc/collections/nothing/items", "/ogc/collections/a/items/b"]
    )
    def test_refuses_in_words_what_is_refused_before_the_corridor(
        self, exchange: Exchange, path: str
    ) -> None:
        response = httpx2.get(exchange.address + path)

        assert response.status_code == 404
        assert response.json()["code"] == "exchange.no_such_collection"

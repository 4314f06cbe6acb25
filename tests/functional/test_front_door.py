"""What is asked most comes in by the front door and never walks the framework's routes."""

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
        "path", ["/ogc/collections/nothing/items", "/ogc/collections/a/items/b"]
    )
    def test_refuses_in_words_what_is_refused_before_the_corridor(
        self, exchange: Exchange, path: str
    ) -> None:
        response = httpx2.get(exchange.address + path)

        assert response.status_code == 404
        assert response.json()["code"] == "exchange.no_such_collection"

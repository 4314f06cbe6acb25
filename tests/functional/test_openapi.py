"""The API reference is true: what it describes is what the running exchange does."""

import os
import re
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, assume, given, settings
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from sharing_api.disclosure import catalogue, fetch
from sharing_api.disclosure.request import OPERATIONS
from sharing_api.protocols import openapi
from tests.functional.conftest import Exchange

MATCHING = {"/v1/matching/candidates"}
OPEN = {
    "/catalogue",
    "/fhir/metadata",
    "/health",
    "/v1/emergencies",
    "/ogc",
    "/ogc/collections",
    "/ogc/collections/{name}",
    "/ogc/collections/{name}/queryables",
    "/ogc/collections/{name}/tiles",
    "/ogc/conformance",
    "/sdmx/2.1/schema/{resource}/{agency}/{name}/{version}",
    "/sdmx/2.1/{resource}/{agency}/{name}/{version}",
    "/sdmx/3.0/schema/{resource}/{agency}/{name}/{version}",
    "/sdmx/3.0/structure/{resource}/{agency}/{name}/{version}",
    "/standards",
    "/standards/{name}/{version}/{file_name}",
    "/v1/datasets",
    "/v1/keys",
    "/v1/log/answers/{answer_id}/proof",
    "/v1/log/checkpoint",
    "/v1/log/cosignatures",
    "/v1/log/consistency",
    "/v1/log/entries/{entry_id}/proof",
    "/v1/token",
}
# Protected like questions, in the form of their dialect.
DIALECTS = {
    *(f"/fhir/{name}" for name in ("Coverage", "Patient", "Organization")),
    *(f"/fhir/{name}/_search" for name in ("Coverage", "Patient", "Organization")),
    *(f"/fhir/{name}/{{resource_id}}" for name in ("Coverage", "Patient", "Organization")),
    "/fhir/CoverageEligibilityRequest",
    "/fhir/CoverageEligibilityRequest/$submit",
    "/ogc/collections/{name}/items",
    "/ogc/collections/{name}/items/{key}",
    "/ogc/collections/{name}/tiles/WebMercatorQuad/{zoom}/{row}/{column}",
    "/sdmx/2.1/availableconstraint/{flow}/{key}/{provider}/{component}",
    "/sdmx/2.1/data/{flow}/{key}",
    "/sdmx/3.0/availability/{context}/{agency}/{flow}/{version}/{key}/{component}",
    "/sdmx/3.0/data/{context}/{agency}/{flow}/{version}/{key}",
    "/v1/dossiers",
    "/v1/log/subject-reports",
}
# Protected like questions; what they change is tested in test_agreements.py.
AGREEMENTS = {
    "/v1/agency-keys",
    "/v1/agency-keys/{key_id}/end",
    "/v1/agreements",
    "/v1/agreements/simulation",
    "/v1/agreements/waiting",
    "/v1/agreements/{agreement_hash}",
    "/v1/agreements/{agreement_hash}/document",
    "/v1/agreements/{agreement_hash}/paper",
    *(
        f"/v1/agreements/{{agreement_hash}}/{act}"
        for act in ("propose", "accept", "refuse", "suspend", "resume", "revoke")
    ),
}
FEEDS = {
    f"/v1/{name}/changes" for name, dataset in catalogue.DATASETS.items() if fetch.has_feed(dataset)
}
EMERGENCIES = {
    *(f"/v1/{name}/emergency" for name, one in catalogue.DATASETS.items() if one.is_personal),
    "/v1/emergencies/{answer_id}/review",
}
NOTICES = {"/v1/notices", "/v1/notices/{notice_id}/acknowledgement"}
LINKS = {
    "/v1/matching/links",
    *(f"/v1/matching/links/{{link_id}}/{one}" for one in ("look-up", "decision")),
}
# What may stand in an address: names of documents, parcels, figures and places, and `resource_id`,
# which is an encrypted number (docs/adr/0021), as is `page` of a feed (docs/adr/0049).
NAMED = {
    *("agreement_hash", "key_id"),
    *("entry_id", "answer_id", "old", "new", "name", "version", "file_name"),
    *("resource", "agency", "flow", "context", "key", "resource_id", "provider", "component"),
    "witnesses",
    *("zoom", "row", "column", "bbox", "bbox-crs", "crs", "datetime", "after", "limit"),
    *("filter", "filter-crs", "filter-lang", "notice_id", "page", "link_id", "comparison", "state"),
}
EXAMPLES = int(os.environ.get("NATDB_TEST_EXAMPLES", "5"))  # more for a long run


def never_breaks(_: Any, response: Any, __: Any) -> None:
    """Check that nothing fell over; 501 and 503 are answers, and documented."""
    assert response.status_code not in (500, 502, 504), response.text


CHECKS = [
    never_breaks,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
PLAIN = re.compile(r"(/(?!\.{1,2}(/|$))[A-Za-z0-9._,+$-]+)+", re.ASCII)
Operation = tuple[str, str, dict[str, Any]]


@pytest.fixture(scope="module")
def document(exchange: Exchange) -> dict[str, Any]:
    reference: dict[str, Any] = exchange.app.openapi()
    return reference


def operations(document: dict[str, Any]) -> Iterator[Operation]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


class TestDocument:
    def test_names_every_operation_once(self, document: dict[str, Any]) -> None:
        ids = [operation["operationId"] for _, _, operation in operations(document)]

        assert len(ids) == len(set(ids)) == len(list(operations(document)))

    def test_protects_every_operation_that_is_not_named_open(
        self, document: dict[str, Any]
    ) -> None:
        unprotected = {
            path for path, _, operation in operations(document) if not operation["security"]
        }

        assert unprotected == OPEN
        assert "exchange" in document["components"]["securitySchemes"]

    def test_names_every_dialect(self, document: dict[str, Any]) -> None:
        assert set(document["paths"]) >= DIALECTS | AGREEMENTS

    def test_describes_every_dataset_and_operation(self, document: dict[str, Any]) -> None:
        asked = {f"/v1/{name}/{one}" for name in catalogue.DATASETS for one in OPERATIONS}

        others = OPEN | DIALECTS | AGREEMENTS | FEEDS | EMERGENCIES | NOTICES | MATCHING | LINKS
        assert asked == set(document["paths"]) - others
        for path in asked:
            described = set(document["paths"][path]["post"]["responses"])
            expected = {str(status) for status in openapi.PROBLEMS} | {"200"}
            assert expected - described <= {"404"}

    def test_refers_only_to_what_it_holds(self, document: dict[str, Any]) -> None:
        for reference in references(document):
            place: Any = document
            for part in reference.removeprefix("#/").split("/"):
                assert part in place, reference
                place = place[part]

    def test_puts_no_personal_data_in_addresses(self, document: dict[str, Any]) -> None:
        named = {
            parameter["name"]
            for _, _, operation in operations(document)
            for parameter in operation.get("parameters", ())
        }

        assert named == NAMED

    def test_is_valid_openapi(self, document: dict[str, Any]) -> None:
        schema = schemathesis.openapi.from_dict(document)

        schema.validate()


def references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        for value in part.values():
            yield from references(value)
    elif isinstance(part, list):
        for value in part:
            yield from references(value)


class TestGeneratedQuestions:
    def test_get_documented_answers_only(self, exchange: Exchange) -> None:
        schema = schemathesis.openapi.from_url(f"{exchange.address}/openapi.json")
        headers = {"Authorization": f"Bearer {exchange.client('full').token()}"}
        count = 0
        for result in schema.get_all_operations():
            operation: Any = result.ok()  # type: ignore[union-attr]  # an error raises here

            @settings(
                max_examples=EXAMPLES,
                deadline=None,
                database=None,
                derandomize=True,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @given(case=operation.as_strategy())
            def ask(case: Any) -> None:
                nonlocal count
                count += 1
                # The front door refuses other paths for everybody alike (test_bad_input.py).
                assume(PLAIN.fullmatch(case.formatted_path))
                response = case.call(headers=headers)
                case.validate_response(response, checks=CHECKS)

            ask()

        assert count > 100

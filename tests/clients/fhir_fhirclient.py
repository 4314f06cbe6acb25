"""fhirclient (SMART Health IT), unchanged, asks the exchange about a card.

Run it against a running demonstration:

    python -m tests.clients.fhir_fhirclient --url http://127.0.0.1:8714 --token "$TOKEN" --card CODE
"""

import argparse
import sys
from typing import Any

from fhirclient import client as smart
from fhirclient.models.coverage import Coverage
from fhirclient.models.coverageeligibilityrequest import CoverageEligibilityRequest
from fhirclient.models.coverageeligibilityresponse import CoverageEligibilityResponse

CARD_SYSTEM = "urn:natdb:fhir:identifier:health-insurance-card"


def connect(url: str, token: str) -> Any:
    """Open a client of the service; it reads the CapabilityStatement first."""
    client = smart.FHIRClient(settings={"app_id": "hospital", "api_base": f"{url}/fhir"})
    client.server.session.headers["Authorization"] = f"Bearer {token}"
    if not client.prepare():
        raise ConnectionError("the service did not say what it can do")
    return client


def find_coverages(client: Any, card: str) -> list[Coverage]:
    """Search coverages by the code of a card."""
    struct = {"identifier": f"{CARD_SYSTEM}|{card}"}
    search = Coverage.where(struct=struct)
    return list(search.perform_resources_iter(client.server))


def read_coverage(client: Any, coverage_id: str) -> Coverage:
    """Read a coverage by its id."""
    return Coverage.read(coverage_id, client.server)


def check_eligibility(client: Any, card: str, on: str = "") -> CoverageEligibilityResponse:
    """Ask whether a card is valid and at which level: today, or on a day."""
    members = {
        "resourceType": "CoverageEligibilityRequest",
        "status": "active",
        "purpose": ["validation", "benefits"],
        "patient": {"display": "the bearer of the card"},
        "created": "2026-01-01",
        "insurer": {"display": "health insurance"},
        "insurance": [{"coverage": {"identifier": {"system": CARD_SYSTEM, "value": card}}}],
    }
    if on:
        members["servicedDate"] = on
    request = CoverageEligibilityRequest(members)
    return CoverageEligibilityResponse(request.create(client.server))


def main() -> None:
    """Show what the service tells of a card."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="http://127.0.0.1:8714")
    parser.add_argument("--token", required=True, help="access token of a system of a hospital")
    parser.add_argument("--card", required=True, help="code of a health insurance card")
    given = parser.parse_args()
    client = connect(given.url, given.token)
    write = sys.stdout.write
    write(f"service of FHIR {client.server.capabilityStatement.fhirVersion}\n")
    answer = check_eligibility(client, given.card)
    write(f"eligibility on {answer.servicedDate.isostring}: {answer.insurance[0].as_json()}\n")
    for coverage in find_coverages(client, given.card):
        write(f"coverage: {coverage.as_json()}\n")
        again = read_coverage(client, coverage.id)
        write(f"read again by its id: {again.id} is {again.status}\n")


if __name__ == "__main__":
    main()

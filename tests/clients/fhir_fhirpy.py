"""fhirpy (https://github.com/beda-software/fhir-py), unchanged, asks the exchange about a card.

Run it against a running demonstration:

    python -m tests.clients.fhir_fhirpy --url http://127.0.0.1:8714 --token "$TOKEN" --card CODE
"""

import argparse
import sys
from typing import Any

from fhirpy import SyncFHIRClient

CARD_SYSTEM = "urn:natdb:fhir:identifier:health-insurance-card"


def connect(url: str, token: str) -> SyncFHIRClient:
    """Open a client of the service."""
    return SyncFHIRClient(f"{url}/fhir", authorization=f"Bearer {token}")


def find_coverages(client: SyncFHIRClient, *cards: str, page: int = 50) -> list[Any]:
    """Search coverages by the codes of cards, page by page."""
    numbers = ",".join(f"{CARD_SYSTEM}|{card}" for card in cards)
    found: list[Any] = (
        client.resources("Coverage").search(identifier=numbers).limit(page).fetch_all()
    )
    return found


def find_coverages_of(client: SyncFHIRClient, patient: str) -> list[Any]:
    """Search coverages of a patient, named as `Patient/<id>`."""
    found: list[Any] = client.resources("Coverage").search(beneficiary=patient).fetch()
    return found


def check_eligibility(client: SyncFHIRClient, card: str, on: str = "") -> Any:
    """Ask whether a card is valid and at which level: today, or on a day."""
    request = {
        "resourceType": "CoverageEligibilityRequest",
        "status": "active",
        "purpose": ["validation", "benefits"],
        "patient": {"display": "the bearer of the card"},
        "created": "2026-01-01",
        "insurer": {"display": "health insurance"},
        "insurance": [{"coverage": {"identifier": {"system": CARD_SYSTEM, "value": card}}}],
    }
    if on:
        request["servicedDate"] = on
    return client.execute("CoverageEligibilityRequest/$submit", data=request)


def main() -> None:
    """Show what the service tells of a card, with the requests that were made."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="http://127.0.0.1:8714")
    parser.add_argument("--token", required=True, help="access token of a system of a hospital")
    parser.add_argument("--card", required=True, help="code of a health insurance card")
    given = parser.parse_args()
    client = connect(given.url, given.token)
    write = sys.stdout.write
    answer = check_eligibility(client, given.card)
    write(f"eligibility on {answer['servicedDate']}: {answer['insurance'][0]}\n")
    for coverage in find_coverages(client, given.card):
        write(f"coverage: {coverage.serialize()}\n")
        again = client.get("Coverage", coverage["id"])
        write(f"read again by its id: {again['id']} is {again['status']}\n")


if __name__ == "__main__":
    main()

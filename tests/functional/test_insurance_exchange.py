"""The insurance register through the exchange: what a hospital learns of a card, and no more."""

from datetime import UTC, date, datetime
from typing import Any

import httpx2
import pytest

from databases.changes.ledger import Act
from insurance.values import Days
from sharing_api.disclosure import catalogue
from sharing_api.standards import validate
from tests.factories import exchange as questions
from tests.factories import insurance as make
from tests.functional.conftest import Exchange, require_problem

# Numbers of their own: other tests of this exchange enter participants too.
ONE, PIN, NOBODY = make.number(7_000_001), make.pin(700_001), make.number(7_999_999)
NEAR_POOR = f"CN396{ONE}"
FACILITY = "96071"
DAY = "2026-06-08"
HOSPITAL = ["is_valid", "benefit_level", "benefit_percentage"]


@pytest.fixture(scope="module", autouse=True)
def _records(exchange: Exchange) -> None:
    """A participant of a near-poor household with cards of two forms, one of them ended."""
    at = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
    act = Act("test.recorded", at, "tester", "a test", "none", "invented")
    with exchange.databases.writing("insurance") as session:
        make.register(session, act, 7_000_001, pin=PIN)
        make.card(session, act, ONE, NEAR_POOR, object_code="CN", facility_code=FACILITY)
        ended = Days(date(2025, 8, 15), date(2026, 1, 1))
        make.card(session, act, ONE, PIN, object_code="CN", valid=ended)


def ask(
    exchange: Exchange, name: str, operation: str = "look-up", client: str = "full", **members: Any
) -> httpx2.Response:
    message = questions.make_message(**{"fields": HOSPITAL, "valid_on": DAY, **members})
    return exchange.ask(f"insurance/{name}", operation, message, client)


class TestEligibility:
    def test_is_answered_in_the_standard_with_the_fields_asked_for_only(
        self, exchange: Exchange
    ) -> None:
        with exchange.logged() as rows:
            response = ask(exchange, "eligibility", key=NEAR_POOR)

        assert response.status_code == 200, response.text
        validate.validate_message("insurance", "1.0", response.json())
        (record,) = response.json()["records"]
        assert set(record) == set(HOSPITAL)
        # The card says 3; since 2026 the law gives its group level 2.
        assert (record["benefit_level"]["code"], record["benefit_percentage"]) == ("2", 100)
        assert [row["rule"] for row in rows] == ["found"]

    def test_of_the_year_before_follows_the_law_of_then(self, exchange: Exchange) -> None:
        response = ask(exchange, "eligibility", key=NEAR_POOR, valid_on="2025-12-31")

        (record,) = response.json()["records"]
        assert (record["benefit_level"]["code"], record["benefit_percentage"]) == ("3", 95)

    def test_of_an_ended_card_says_so(self, exchange: Exchange) -> None:
        response = ask(exchange, "eligibility", key=PIN)

        assert response.json()["records"][0]["is_valid"] is False

    def test_of_somebody_unknown_is_not_found(self, exchange: Exchange) -> None:
        require_problem(ask(exchange, "eligibility", key=NOBODY), 404)

    def test_of_a_malformed_card_names_the_rule(self, exchange: Exchange) -> None:
        document = require_problem(ask(exchange, "eligibility", key="CN996"), 422)

        assert document["fields"][0]["rule"] == "card_code.shape"

    def test_without_an_agreement_is_refused(self, exchange: Exchange) -> None:
        require_problem(ask(exchange, "eligibility", client="by-key", key=ONE), 403)

    def test_confirms_a_name_without_giving_it(self, exchange: Exchange) -> None:
        message = questions.make_message(key=NEAR_POOR, claims={"full_name": "le van thu7000001"})

        response = exchange.ask("insurance/eligibility", "verify", message)

        assert response.json()["results"] == {"full_name": True}, response.text

    def test_is_not_searched(self, exchange: Exchange) -> None:
        response = ask(exchange, "eligibility", "search", predicates={"name": "Lê"})

        assert response.status_code in (403, 422)


class TestEveryDataset:
    @pytest.mark.parametrize("name", ["participant", "eligibility", "contribution"])
    def test_gives_all_its_fields_in_the_standard(self, exchange: Exchange, name: str) -> None:
        fields = sorted(catalogue.DATASETS[f"insurance/{name}"].fields)

        response = ask(exchange, name, key=ONE, fields=fields)

        assert response.status_code == 200, response.text
        validate.validate_message("insurance", "1.0", response.json())

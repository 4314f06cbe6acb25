"""Land over HTTP: what somebody holds, what a certificate proves, parcels without persons."""

from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest

from databases.changes.ledger import Act
from land import service, values
from sharing_api.access_log import entries
from sharing_api.standards import validate
from tests.factories import land as factory
from tests.factories.exchange import make_message
from tests.functional.conftest import Exchange, require_problem

HOLDER, NOBODY = "001084000777", "001084000778"
NUMBER = "CD777001"
OLD_COMMUNE = {"code": "31999", "version": "124/2004"}


@pytest.fixture(scope="module")
def parcel(exchange: Exchange) -> str:
    """A certified parcel of one person, far from those of other tests."""
    at = datetime.now(UTC)  # noqa: TID251  records of a test are made now
    act = Act("test.recorded", at, "tester", "a test", "none", "invented")
    owner = factory.make_holder(values.Party(f"pin:{HOLDER}"), name="Trần Văn Đất")
    registration = values.FirstRegistration(
        parcel=factory.make_parcel(
            "LAW1",
            shape=factory.make_shape(row=2_000),
            old_commune_code=OLD_COMMUNE["code"],
            old_commune_version=OLD_COMMUNE["version"],
        ),
        rights=(factory.make_right("LAWR1", "LAW1", holders=(owner,)),),
        certificates=(factory.make_certificate("LAWC1", "LAWR1", number_as_written="CD 777001"),),
    )
    with exchange.databases.writing("land") as session:
        service.register_parcel(session, act=act, registration=registration, on=factory.REGISTERED)
    return "LAW1"


def ask(exchange: Exchange, dataset: str, operation: str, **body: Any) -> httpx2.Response:
    return exchange.ask(f"land/{dataset}", operation, make_message(**body))


def record(response: httpx2.Response) -> dict[str, Any]:
    assert response.status_code == 200, response.text
    answer = response.json()
    validate.validate_message(*answer["standard"].split("/"), answer)
    (found,) = answer["records"]
    return dict(found)


class TestHolding:
    def test_says_what_somebody_holds_and_is_logged_under_their_name(
        self, exchange: Exchange, parcel: str
    ) -> None:
        fields = ["party_number", "rights", "has_land"]

        with exchange.logged() as rows:
            found = record(ask(exchange, "holding", "look-up", key=HOLDER, fields=fields))

        assert [right["parcel"]["parcel_id"] for right in found["rights"]] == [parcel]
        assert found["has_land"] is True
        (row,) = rows
        assert row["subject_tag"] == entries.subject_tag(exchange.keys.subject, "land", HOLDER)

    def test_of_who_holds_nothing_is_not_found(self, exchange: Exchange, parcel: str) -> None:
        response = ask(exchange, "holding", "look-up", key=NOBODY, fields=["rights"])

        require_problem(response, 404)

    def test_refuses_a_malformed_number(self, exchange: Exchange, parcel: str) -> None:
        response = ask(exchange, "holding", "look-up", key="12345", fields=["rights"])

        require_problem(response, 422)
        assert "enterprise_code.shape" in response.text

    def test_is_not_searched(self, exchange: Exchange, parcel: str) -> None:
        response = ask(
            exchange, "holding", "search", predicates={"name": "Trần"}, fields=["rights"]
        )

        assert response.status_code in (403, 422)
        assert "Trần" not in response.text


class TestCertificate:
    def test_is_found_as_people_write_its_number(self, exchange: Exchange, parcel: str) -> None:
        response = ask(
            exchange,
            "certificate",
            "look-up",
            key="Số phát hành: cd 777 001",
            fields=["issue_number", "is_in_force", "holders", "parcels"],
        )

        found = record(response)
        assert found["issue_number"] == NUMBER
        assert found["is_in_force"] is True
        assert [one["party"] for one in found["holders"]] == [f"pin:{HOLDER}"]

    def test_is_verified_without_saying_anything_else(
        self, exchange: Exchange, parcel: str
    ) -> None:
        response = ask(exchange, "certificate", "verify", key=NUMBER, claims={"is_in_force": True})

        assert response.json()["results"] == {"is_in_force": True}
        assert HOLDER not in response.text

    def test_outside_the_province_of_the_agreement_is_not_found(
        self, exchange: Exchange, parcel: str
    ) -> None:
        body = make_message(key=NUMBER, fields=["is_in_force"])

        response = exchange.ask("land/certificate", "look-up", body, "ca-mau")

        require_problem(response, 404)


class TestParcel:
    def test_is_found_by_the_old_commune_and_its_sheet(
        self, exchange: Exchange, parcel: str
    ) -> None:
        predicates = {"commune": OLD_COMMUNE, "map_sheet_no": "12", "parcel_no": "34"}

        response = ask(
            exchange, "parcel", "search", predicates=predicates, fields=["parcel_id", "shape"]
        )

        assert response.status_code == 200, response.text
        assert [one["parcel_id"] for one in response.json()["records"]] == [parcel]

    def test_tells_nothing_of_who_holds_it(self, exchange: Exchange, parcel: str) -> None:
        response = ask(
            exchange, "parcel", "look-up", key=parcel, fields=["location", "restrictions"]
        )

        record(response)
        assert HOLDER not in response.text
        assert "Trần" not in response.text

    def test_refuses_a_field_about_persons(self, exchange: Exchange, parcel: str) -> None:
        response = ask(exchange, "parcel", "look-up", key=parcel, fields=["holders"])

        assert response.status_code in (403, 422)

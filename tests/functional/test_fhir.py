"""A hospital asks about insurance with its own tools, and learns what its agreement grants."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import fhirpy.base.exceptions as fhirpy_errors
import httpx2
import pytest
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.capabilitystatement import CapabilityStatement
from fhir.resources.R4B.operationoutcome import OperationOutcome
from fhirclient.server import FHIRNotFoundException, FHIRPermissionDeniedException

from databases.changes.ledger import Act
from databases.sessions import Databases
from insurance import service
from insurance.values import Days
from sharing_api import bootstrap, keys
from sharing_api.access_log import entries
from sharing_api.agreements import repository
from sharing_api.client import ExchangeRefused
from sharing_api.protocols.fhir import systems
from tests.clients import fhir_fhirclient, fhir_fhirpy
from tests.factories import insurance as factory
from tests.factories.exchange import make_agreement
from tests.functional import world
from tests.functional.conftest import Exchange, read_receipt

NUMBER, PIN = factory.number(71), factory.pin(71)
CARD, OLD_CARD, NEW_CARD = NUMBER, f"DN496{NUMBER}", PIN
NOBODY = factory.number(79)
FACILITY = "96071"
LEVEL = ("is_valid", "benefit_level", "benefit_percentage")
DAYS = ("card_code", "valid_from", "valid_to", "object_code", "initial_facility")
# Client → agency, and the fields that it may see of eligibility and of participants.
SYSTEMS: Mapping[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "hospital": ("G18.71", (*LEVEL, *DAYS, "pin"), ("full_name", "date_of_birth", "pin")),
    "reception": ("G18.72", LEVEL, ()),
    "stranger to cards": ("G18.73", (), ("full_name",)),
}


def _act() -> Act:
    at = datetime.now(UTC)  # noqa: TID251  records of a test are made now
    return Act("test.recorded", at, "tester", "a test", "none", "invented")


def _enter_participants(databases: Databases) -> None:
    """Enter a participant with a card that ended and two that hold; another one without cards."""
    with databases.writing("insurance") as session:
        service.register_facility(
            session,
            act=_act(),
            facility_code=FACILITY,
            name="Trạm y tế Mây",
            address=factory.PLACE,
            on=date(2010, 1, 1),
        )
        factory.register(session, _act(), 71)
        ended = Days(date(2020, 1, 1), date(2021, 4, 1))
        factory.card(session, _act(), NUMBER, OLD_CARD, valid=ended)
        factory.card(session, _act(), NUMBER, CARD)
        factory.card(session, _act(), NUMBER, NEW_CARD)


def _terms(fields: tuple[str, ...]) -> dict[str, Any]:
    return {
        "fields": dict.fromkeys(fields, "full"),
        "predicates": [],
        "operations": ["look-up", "batch"],
    }


def _enter_systems(exchange: Exchange) -> dict[str, Any]:
    """Enter hospitals and what their agreements with the Ministry of Finance grant."""
    at = datetime.now(UTC)  # noqa: TID251  as above
    folder = exchange.site.keys
    private = {
        client: keys.to_jwk(keys.make_private(folder / f"{client}.key")) for client in SYSTEMS
    }
    agencies = {
        code: keys.to_jwk(keys.make_private(folder / f"agency_{code}.key"))
        for code in ("G12", *(agency for agency, _, _ in SYSTEMS.values()))
    }
    with exchange.databases.writing("exchange") as session:
        for code, key in agencies.items():
            repository.save_agency(
                session, agency_code=code, name_vi=code, jwks=world.jwks(key), at=at
            )
        for client, (agency, eligibility, participant) in SYSTEMS.items():
            repository.save_client(
                session,
                client_id=client,
                agency_code=agency,
                jwks=world.jwks(private[client]),
                at=at,
            )
            datasets = {
                "insurance/eligibility": eligibility,
                "insurance/participant": participant,
                "insurance/facility": ("facility_code", "facility_name", "address"),
            }
            content = make_agreement(
                agreement=f"G12-{agency}-test",
                provider="G12",
                consumer=agency,
                purposes=["health.treatment"],
                datasets={name: _terms(fields) for name, fields in datasets.items() if fields},
            )
            bootstrap.enter_agreement(session, content, agencies, at)
        repository.announce(session)
    return private


@pytest.fixture(scope="module")
def hospitals(exchange: Exchange) -> Exchange:
    """The exchange, with insured people and systems that ask about them."""
    _enter_participants(exchange.databases)
    exchange.client_keys = {**exchange.client_keys, **_enter_systems(exchange)}
    exchange.until(lambda: _is_known(exchange, "hospital"))
    return exchange


def _is_known(exchange: Exchange, client: str) -> bool:
    try:
        return bool(exchange.client(client).token())
    except ExchangeRefused:  # the running exchange has not heard of it yet
        return False


def _get(
    exchange: Exchange, path: str, client: str | None = "hospital", **headers: str
) -> httpx2.Response:
    given = {"accept": "application/fhir+json"} | headers
    if client is not None:
        given["authorization"] = f"Bearer {exchange.client(client).token()}"
    return httpx2.get(f"{exchange.address}/fhir{path}", headers=given, timeout=20)


def _post(
    exchange: Exchange, path: str, client: str = "hospital", **content: Any
) -> httpx2.Response:
    headers = {"authorization": f"Bearer {exchange.client(client).token()}"}
    return httpx2.post(f"{exchange.address}/fhir{path}", headers=headers, timeout=20, **content)


def _token(system: systems.IdentifierSystem, *values: str) -> str:
    return ",".join(f"{system.uri}%7C{value}" for value in values)


def _request(**changes: Any) -> dict[str, Any]:
    coverage = {"identifier": {"system": systems.HEALTH_CARD.uri, "value": CARD}}
    return {
        "resourceType": "CoverageEligibilityRequest",
        "status": "active",
        "purpose": ["validation", "benefits"],
        "patient": {"display": "somebody"},
        "created": "2026-03-02",
        "insurer": {"display": "insurance"},
        "insurance": [{"coverage": coverage}],
        **changes,
    }


def _require_outcome(response: httpx2.Response, status: int) -> dict[str, Any]:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/fhir+json; fhirVersion=4.0"
    document: dict[str, Any] = response.json()
    OperationOutcome.model_validate(document)
    return document


class TestMetadata:
    def test_is_open_and_says_what_can_be_asked(self, hospitals: Exchange) -> None:
        response = _get(hospitals, "/metadata", client=None)

        CapabilityStatement.model_validate(response.json())
        assert response.json()["fhirVersion"] == "4.0.1"
        assert "R4B" in response.json()["implementation"]["description"]


class TestFhirpy:
    def test_finds_a_coverage_and_reads_it_again(self, hospitals: Exchange) -> None:
        client = fhir_fhirpy.connect(hospitals.address, hospitals.client("hospital").token())

        (coverage,) = fhir_fhirpy.find_coverages(client, CARD)
        again = client.get("Coverage", coverage["id"])

        assert coverage["identifier"][0]["value"] == again["identifier"][0]["value"] == CARD
        assert coverage["status"] == again["status"] == "active"

    def test_reads_page_after_page(self, hospitals: Exchange) -> None:
        client = fhir_fhirpy.connect(hospitals.address, hospitals.client("hospital").token())

        found = fhir_fhirpy.find_coverages(client, OLD_CARD, NOBODY, CARD, page=1)

        assert [one["status"] for one in found] == ["cancelled", "active"]

    def test_finds_the_coverage_of_a_patient(self, hospitals: Exchange) -> None:
        client = fhir_fhirpy.connect(hospitals.address, hospitals.client("hospital").token())
        (coverage,) = fhir_fhirpy.find_coverages(client, OLD_CARD)

        (found,) = fhir_fhirpy.find_coverages_of(client, coverage["beneficiary"]["reference"])
        patient = client.get("Patient", coverage["beneficiary"]["reference"].partition("/")[2])

        assert found["status"] == "active"
        assert patient["identifier"][0]["value"] == PIN

    def test_checks_eligibility(self, hospitals: Exchange) -> None:
        client = fhir_fhirpy.connect(hospitals.address, hospitals.client("hospital").token())

        answer = fhir_fhirpy.check_eligibility(client, CARD)

        (insurance,) = answer["insurance"]
        level, share = insurance["item"][0]["benefit"]
        assert insurance["inforce"] is True
        assert (level["allowedString"], share["allowedUnsignedInt"]) == ("4", 80)

    def test_understands_refusals(self, hospitals: Exchange) -> None:
        client = fhir_fhirpy.connect(hospitals.address, hospitals.client("hospital").token())

        with pytest.raises(fhirpy_errors.ResourceNotFound):
            fhir_fhirpy.check_eligibility(client, NOBODY)
        with pytest.raises(fhirpy_errors.OperationOutcome) as refused:
            client.resources("Coverage").search(colour="blue").fetch()
        assert refused.value.resource["issue"][0]["expression"] == ["Coverage?colour"]


class TestFhirclient:
    def test_finds_a_coverage_and_reads_it_again(self, hospitals: Exchange) -> None:
        client = fhir_fhirclient.connect(hospitals.address, hospitals.client("hospital").token())

        (coverage,) = fhir_fhirclient.find_coverages(client, CARD)
        again = fhir_fhirclient.read_coverage(client, coverage.id)

        assert again.as_json() == coverage.as_json()
        assert coverage.as_json()["period"]["start"] == "2021-04-01"

    def test_checks_eligibility_on_a_day(self, hospitals: Exchange) -> None:
        client = fhir_fhirclient.connect(hospitals.address, hospitals.client("hospital").token())

        before = fhir_fhirclient.check_eligibility(client, OLD_CARD, "2021-03-31")
        after = fhir_fhirclient.check_eligibility(client, OLD_CARD, "2021-04-01")

        assert [one.insurance[0].inforce for one in (before, after)] == [True, False]

    def test_understands_refusals(self, hospitals: Exchange) -> None:
        reception = fhir_fhirclient.connect(
            hospitals.address, hospitals.client("stranger to cards").token()
        )
        hospital = fhir_fhirclient.connect(hospitals.address, hospitals.client("hospital").token())

        with pytest.raises(FHIRPermissionDeniedException):
            fhir_fhirclient.find_coverages(reception, CARD)
        with pytest.raises(FHIRNotFoundException):
            fhir_fhirclient.read_coverage(hospital, "never-given")


class TestSearch:
    def test_gives_a_searchset_that_fhir_knows(self, hospitals: Exchange) -> None:
        path = f"/Coverage?identifier={_token(systems.HEALTH_CARD, CARD)}"

        response = _get(hospitals, path)

        document = response.json()
        Bundle.model_validate(document)
        assert (response.status_code, document["total"]) == (200, 1)
        assert document["link"][0]["url"] == f"{hospitals.address}/fhir{path.replace(':', '%3A')}"

    def test_leaves_an_entry_and_a_receipt(self, hospitals: Exchange) -> None:
        with hospitals.logged() as fresh:
            response = _get(hospitals, f"/Coverage?identifier={_token(systems.PIN, PIN)}")

        (entry,) = fresh
        subject = entries.subject_tag(hospitals.keys.subject, "insurance", NUMBER)
        assert (entry["dataset"], entry["subject_tag"]) == ("insurance/eligibility", subject)
        assert entry["purpose"] == "health.treatment"
        assert read_receipt(response)["entry_id"] == str(entry["entry_id"])

    def test_gives_no_more_than_the_agreement_grants(self, hospitals: Exchange) -> None:
        path = f"/Coverage?identifier={_token(systems.HEALTH_CARD, CARD)}"

        (entry,) = _get(hospitals, path, "reception").json()["entry"]

        assert set(entry["resource"]) == {
            *("resourceType", "id", "status", "beneficiary", "payor"),
            *("class", "costToBeneficiary"),
        }

    def test_gives_each_agency_ids_of_its_own(self, hospitals: Exchange) -> None:
        path = f"/Coverage?identifier={_token(systems.HEALTH_CARD, CARD)}"
        ids = {
            client: _get(hospitals, path, client).json()["entry"][0]["resource"]["id"]
            for client in ("hospital", "reception")
        }

        answer = _get(hospitals, f"/Coverage/{ids['hospital']}", "reception")

        _require_outcome(answer, 404)
        assert ids["hospital"] != ids["reception"]

    def test_gives_an_empty_searchset_for_nobody(self, hospitals: Exchange) -> None:
        with hospitals.logged() as fresh:
            response = _get(
                hospitals, f"/Coverage?identifier={_token(systems.HEALTH_CARD, NOBODY)}"
            )

        assert (response.status_code, response.json()["total"]) == (200, 0)
        assert [one["rule"] for one in fresh] == ["not_found"]

    def test_may_keep_numbers_out_of_addresses(self, hospitals: Exchange) -> None:
        form = {"identifier": f"{systems.HEALTH_CARD.uri}|{CARD}"}

        response = _post(hospitals, "/Coverage/_search", data=form)

        assert response.json()["total"] == 1
        assert CARD not in str(response.json()["link"])

    def test_finds_a_facility(self, hospitals: Exchange) -> None:
        path = f"/Organization?identifier={_token(systems.FACILITY, FACILITY)}"

        (entry,) = _get(hospitals, path).json()["entry"]
        again = _get(hospitals, f"/Organization/{entry['resource']['id']}")

        assert entry["resource"]["name"] == "Trạm y tế Mây"
        assert again.json() == entry["resource"]


class TestEligibility:
    @pytest.mark.parametrize("path", ["", "/$submit"])
    def test_is_answered_with_validity_and_level_only(self, hospitals: Exchange, path: str) -> None:
        with hospitals.logged() as fresh:
            response = _post(hospitals, f"/CoverageEligibilityRequest{path}", json=_request())

        assert response.status_code == 200, response.text
        assert [one["fields"] for one in fresh] == [sorted(LEVEL)]
        assert CARD not in response.text

    def test_compares_the_patient_named_beside_the_card(self, hospitals: Exchange) -> None:
        right = {"identifier": {"system": systems.PIN.uri, "value": PIN}}
        wrong = {"identifier": {"system": systems.PIN.uri, "value": factory.pin(72)}}

        answers = [
            _post(hospitals, "/CoverageEligibilityRequest", json=_request(patient=patient))
            for patient in (right, wrong)
        ]

        assert answers[0].status_code == 200
        _require_outcome(answers[1], 404)


class TestRefusals:
    @pytest.mark.parametrize("value", ["line%0Afeed", "x" * 256], ids=["control", "long"])
    def test_refuse_a_header_that_the_log_cannot_keep(
        self, hospitals: Exchange, value: str
    ) -> None:
        path = f"/Coverage?identifier={_token(systems.HEALTH_CARD, CARD)}"

        response = _get(hospitals, path, **{"exchange-officer": value})

        _require_outcome(response, 400)

    def test_ask_who_is_there(self, hospitals: Exchange) -> None:
        _require_outcome(_get(hospitals, f"/Coverage/{CARD}", client=None), 401)

    def test_name_the_field_that_is_not_granted(self, hospitals: Exchange) -> None:
        response = _get(
            hospitals,
            f"/Coverage?identifier={_token(systems.HEALTH_CARD, CARD)}",
            "stranger to cards",
        )

        outcome = _require_outcome(response, 403)
        assert outcome["issue"][0]["code"] == "forbidden"

    def test_name_the_element_that_fhir_does_not_know(self, hospitals: Exchange) -> None:
        asked = _request(insurance=[{"coverage": {"display": "x"}, "colour": "blue"}])

        response = _post(hospitals, "/CoverageEligibilityRequest", json=asked)

        outcome = _require_outcome(response, 422)
        places = [one["expression"] for one in outcome["issue"]]
        assert ["CoverageEligibilityRequest.insurance[0].colour"] in places

    def test_name_the_parameter_whose_number_is_malformed(self, hospitals: Exchange) -> None:
        response = _get(hospitals, f"/Coverage?identifier={_token(systems.HEALTH_CARD, '12')}")

        outcome = _require_outcome(response, 422)
        assert outcome["issue"][0]["expression"] == ["Coverage?identifier"]

    @pytest.mark.parametrize(
        ("method", "path", "status"),
        [
            ("GET", "/Observation", 404),
            ("GET", "/Observation/1", 404),
            ("POST", "/Coverage", 405),
            ("DELETE", "/Coverage/1", 405),
            ("GET", "/CoverageEligibilityRequest", 405),
            ("GET", "/Coverage", 400),
            ("GET", "/Coverage/1", 404),
            ("GET", "/Coverage?_format=xml", 406),
        ],
    )
    def test_speak_fhir_everywhere(
        self, hospitals: Exchange, method: str, path: str, status: int
    ) -> None:
        token = hospitals.client("hospital").token()

        response = httpx2.request(
            method,
            f"{hospitals.address}/fhir{path}",
            headers={"authorization": f"Bearer {token}"},
            timeout=20,
        )

        _require_outcome(response, status)

    @pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'{"resourceType": 7}'])
    def test_speak_fhir_of_bodies_that_are_none(self, hospitals: Exchange, body: bytes) -> None:
        headers = {"authorization": f"Bearer {hospitals.client('hospital').token()}"}

        response = httpx2.post(
            f"{hospitals.address}/fhir/CoverageEligibilityRequest",
            content=body,
            headers={**headers, "content-type": "application/fhir+json"},
            timeout=20,
        )

        _require_outcome(response, response.status_code)
        assert response.status_code in (400, 422)

import json
from datetime import date
from typing import Any

import pytest
from fhir.resources.R4B.coverageeligibilityresponse import CoverageEligibilityResponse

from sharing_api import errors
from sharing_api.protocols.fhir import outcomes, resources, systems
from sharing_api.protocols.fhir.eligibility import Eligibility
from tests.unit.sharing_api.protocols.fhir.invented import (
    AGENCY,
    CARD,
    NUMBER,
    PIN,
    REFERENCES,
    make_incoming,
    make_inquiry,
)

_LEVEL = {"code": "4", "list": "health_insurance_benefit_level", "version": "1"}


def _number(system: systems.IdentifierSystem, value: str) -> dict[str, Any]:
    return {"identifier": {"system": system.uri, "value": value}}


def _request(**changes: Any) -> bytes:
    members = {
        "resourceType": "CoverageEligibilityRequest",
        "status": "active",
        "purpose": ["validation", "benefits"],
        "patient": {"display": "somebody"},
        "created": "2026-03-02",
        "insurer": {"display": "insurance"},
        "insurance": [{"coverage": _number(systems.HEALTH_CARD, CARD)}],
        **changes,
    }
    return json.dumps({k: v for k, v in members.items() if v is not None}).encode()


def _read(body: bytes, **headers: str) -> Any:
    return Eligibility(REFERENCES).read(
        make_incoming("/fhir/CoverageEligibilityRequest", body=body, **headers)
    )


class TestRead:
    def test_asks_for_validity_and_level_only(self) -> None:
        asked = _read(_request())

        assert asked.keys == (CARD,)
        assert asked.fields == ("benefit_level", "benefit_percentage", "is_valid")
        assert (asked.claims, asked.valid_on) == ({}, None)

    def test_asks_for_less_when_less_is_wanted(self) -> None:
        assert _read(_request(purpose=["validation"])).fields == ("is_valid",)

    def test_asks_for_a_day(self) -> None:
        assert _read(_request(servicedDate="2026-01-01")).valid_on == date(2026, 1, 1)

    def test_asks_by_the_patient_where_there_is_no_card(self) -> None:
        asked = _read(_request(insurance=None, patient=_number(systems.PIN, PIN)))

        assert asked.keys == (PIN,)

    def test_asks_by_ids_that_it_gave(self) -> None:
        card = REFERENCES.seal(AGENCY, resources.COVERAGE.kind, CARD)

        asked = _read(_request(insurance=[{"coverage": {"reference": f"Coverage/{card}"}}]))

        assert asked.keys == (CARD,)

    @pytest.mark.parametrize(
        ("patient", "claims"),
        [
            (_number(systems.PIN, PIN), {"pin": PIN}),
            (_number(systems.SOCIAL_INSURANCE_NUMBER, NUMBER), {"social_insurance_no": NUMBER}),
            (
                {"reference": f"Patient/{REFERENCES.seal(AGENCY, 'Patient', NUMBER)}"},
                {"participant_no": NUMBER},
            ),
        ],
    )
    def test_compares_a_patient_named_beside_the_card(
        self, patient: dict[str, Any], claims: dict[str, str]
    ) -> None:
        assert _read(_request(patient=patient)).claims == claims

    @pytest.mark.parametrize(
        ("changes", "place"),
        [
            ({"colour": "blue"}, "colour"),
            ({"insurance": [{"coverage": {"colour": 1}}]}, "insurance[0].coverage.colour"),
            ({"status": None}, "status"),
            ({"status": "draft"}, "status"),
            ({"purpose": ["discovery"]}, "purpose[0]"),
            ({"purpose": []}, "purpose"),
            ({"item": [{"category": {"text": "x"}}]}, "item"),
            ({"servicedDate": "2026-02"}, "servicedDate"),
            ({"servicedDate": "2026-02-31"}, "servicedDate"),
            ({"insurance": [{"coverage": {"display": "x"}}]}, "insurance[0].coverage"),
            (
                {"insurance": [{"coverage": _number(systems.FACILITY, "01001")}]},
                "insurance[0].coverage.identifier",
            ),
            (
                {"insurance": [{"coverage": _number(systems.HEALTH_CARD, CARD)}] * 2},
                "insurance[1]",
            ),
            ({"insurance": None}, "patient"),
            (
                {"patient": {"reference": "https://elsewhere.example/Patient/1"}},
                "patient.reference",
            ),
            ({"resourceType": "Coverage"}, "resourceType"),
        ],
    )
    def test_refuses_what_it_does_not_answer_and_names_it(
        self, changes: dict[str, Any], place: str
    ) -> None:
        with pytest.raises(outcomes.ResourceInvalid) as refused:
            _read(_request(**changes))

        fields = [one.field for one in refused.value.fields]
        assert f"CoverageEligibilityRequest.{place}" in fields

    @pytest.mark.parametrize("body", [b"", b"[]", b"{", b"null", b"[" * 5_000, b"\xff"])
    def test_refuses_what_is_no_resource(self, body: bytes) -> None:
        with pytest.raises((errors.Malformed, outcomes.ResourceInvalid)):
            _read(body)

    def test_refuses_what_is_nested_too_deep(self) -> None:
        extension: dict[str, Any] = {"url": "urn:x"}
        for _ in range(300):
            extension = {"url": "urn:x", "extension": [extension]}

        with pytest.raises((errors.Malformed, outcomes.ResourceInvalid)):
            _read(_request(patient={"display": "x", "extension": [extension]}, colour=1))

    def test_refuses_another_media_type(self) -> None:
        with pytest.raises(errors.UnsupportedMedia):
            _read(_request(), content_type="application/fhir+xml")

    def test_refuses_an_id_that_it_never_gave(self) -> None:
        with pytest.raises(errors.RecordNotFound):
            _read(_request(insurance=[{"coverage": {"reference": "Coverage/1"}}]))


class TestWrite:
    @pytest.mark.parametrize("is_valid", [True, False])
    def test_says_whether_the_card_is_valid_and_at_which_level(self, is_valid: bool) -> None:
        record = {"is_valid": is_valid, "benefit_level": _LEVEL, "benefit_percentage": 80}

        document = _answer(_request(), record)

        (insurance,) = document["insurance"]
        level, share = insurance["item"][0]["benefit"]
        assert insurance["inforce"] is is_valid
        assert (level["allowedString"], share["allowedUnsignedInt"]) == ("4", 80)

    def test_says_no_more_than_was_asked(self) -> None:
        document = _answer(_request(purpose=["validation"]), {"is_valid": True})

        assert set(document["insurance"][0]) == {"coverage", "inforce"}

    def test_says_the_day_and_the_request(self) -> None:
        own = {"system": "urn:hospital", "value": "7"}

        document = _answer(
            _request(identifier=[own], servicedDate="2026-01-01"), {"is_valid": True}
        )

        assert document["servicedDate"] == "2026-01-01"
        assert document["request"] == {"identifier": own}

    def test_names_no_number(self) -> None:
        text = json.dumps(_answer(_request(), {"is_valid": True, "benefit_level": None}))

        assert CARD not in text
        assert NUMBER not in text


def _answer(body: bytes, record: dict[str, Any]) -> dict[str, Any]:
    asking = Eligibility(REFERENCES)
    asked = asking.read(make_incoming("/fhir/CoverageEligibilityRequest", body=body))
    _, written = asking.write(make_inquiry(asked, {CARD: record}, asking))
    document: dict[str, Any] = json.loads(written)
    CoverageEligibilityResponse.model_validate(document)
    return document

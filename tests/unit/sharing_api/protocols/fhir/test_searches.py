import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import pytest
from fhir.resources.R4B.bundle import Bundle

from sharing_api import errors
from sharing_api.protocols.fhir import outcomes, resources, systems
from sharing_api.protocols.fhir.searches import Search
from tests.unit.sharing_api.protocols.fhir.invented import (
    AGENCY,
    BASE,
    CARD,
    NUMBER,
    PIN,
    REFERENCES,
    make_incoming,
    make_inquiry,
)

_GRANTED = {"insurance/eligibility": {"is_valid": "full", "benefit_level": "full"}}
_OTHER_CARD = "HT2010123456780"


def _token(system: systems.IdentifierSystem, *values: str) -> str:
    return quote(",".join(f"{system.uri}|{value}" for value in values))


def _bundle(search: Search, target: str, records: Mapping[str, Any]) -> dict[str, Any]:
    asked = search.read(make_incoming(target, granted=_GRANTED))
    _, body = search.write(make_inquiry(asked, records, search))
    document: dict[str, Any] = json.loads(body)
    Bundle.model_validate(document)
    return document


class TestRead:
    def test_asks_by_the_number_of_a_card(self) -> None:
        target = f"/fhir/Coverage?identifier={_token(systems.HEALTH_CARD, CARD)}"

        asked = Search(REFERENCES, "Coverage").read(make_incoming(target, granted=_GRANTED))

        assert (asked.dataset, asked.operation) == ("insurance/eligibility", "look-up")
        assert (asked.keys, asked.fields) == ((CARD,), ("benefit_level", "is_valid"))

    def test_asks_by_several_numbers_at_once(self) -> None:
        target = f"/fhir/Coverage?identifier={_token(systems.HEALTH_CARD, CARD, _OTHER_CARD)}"

        asked = Search(REFERENCES, "Coverage").read(make_incoming(target))

        assert (asked.operation, asked.keys) == ("batch", (CARD, _OTHER_CARD))

    @pytest.mark.parametrize("name", ["beneficiary", "patient"])
    @pytest.mark.parametrize("before", ["Patient/", "", f"{BASE}/Patient/"])
    def test_asks_by_the_id_of_a_patient(self, name: str, before: str) -> None:
        patient = REFERENCES.seal(AGENCY, resources.PATIENT.kind, NUMBER)
        target = f"/fhir/Coverage?{name}={before}{patient}"

        asked = Search(REFERENCES, "Coverage").read(make_incoming(target))

        assert (asked.dataset, asked.keys) == ("insurance/eligibility", (NUMBER,))

    @pytest.mark.parametrize("name", ["beneficiary:identifier", "beneficiary.identifier"])
    def test_asks_by_the_number_of_a_patient(self, name: str) -> None:
        target = f"/fhir/Coverage?{name}={_token(systems.PIN, PIN)}"

        asked = Search(REFERENCES, "Coverage").read(make_incoming(target))

        assert (asked.dataset, asked.keys) == ("insurance/eligibility", (PIN,))

    @pytest.mark.parametrize(
        ("system", "dataset"),
        [(systems.FACILITY, "insurance/facility"), (systems.UNIT_CODE, "insurance/employer")],
    )
    def test_finds_the_dataset_of_a_number(
        self, system: systems.IdentifierSystem, dataset: str
    ) -> None:
        target = f"/fhir/Organization?identifier={_token(system, '01001')}"

        asked = Search(REFERENCES, "Organization").read(make_incoming(target))

        assert asked.dataset == dataset

    def test_takes_the_parameters_of_a_body(self) -> None:
        incoming = make_incoming(
            "/fhir/Coverage/_search",
            body=f"identifier={_token(systems.HEALTH_CARD, CARD)}".encode(),
            content_type="application/x-www-form-urlencoded",
        )

        assert Search(REFERENCES, "Coverage").read(incoming).keys == (CARD,)

    @pytest.mark.parametrize(
        ("query", "place"),
        [
            ("", "Coverage?identifier"),
            ("colour=blue", "Coverage?colour"),
            (f"identifier={CARD}", "Coverage?identifier"),
            (f"identifier=urn:other|{CARD}", "Coverage?identifier"),
            (f"identifier={systems.HEALTH_CARD.uri}|", "Coverage?identifier"),
            (f"identifier={systems.FACILITY.uri}|01001", "Coverage?identifier"),
            (f"identifier={systems.PIN.uri}|{PIN}&_count=x", "Coverage?_count"),
            (f"identifier={systems.PIN.uri}|{PIN}&_id=x", "Coverage?_id"),
            ("identifier=" + ",".join(map(str, range(51))), "Coverage?identifier"),
        ],
    )
    def test_refuses_what_it_does_not_answer_and_names_it(self, query: str, place: str) -> None:
        with pytest.raises(outcomes.SearchNotSupported) as refused:
            Search(REFERENCES, "Coverage").read(make_incoming(f"/fhir/Coverage?{query}"))

        assert place in [one.field for one in refused.value.fields]

    def test_refuses_a_parameter_that_stands_twice(self) -> None:
        target = f"/fhir/Coverage?_id={CARD}&_id={PIN}"

        with pytest.raises(outcomes.SearchNotSupported):
            Search(REFERENCES, "Coverage").read(make_incoming(target))

    @pytest.mark.parametrize(
        "headers",
        [{"accept": "application/fhir+xml"}, {"accept": "application/fhir+json;fhirVersion=5.0"}],
    )
    def test_refuses_to_answer_in_another_form(self, headers: dict[str, str]) -> None:
        target = f"/fhir/Coverage?identifier={_token(systems.HEALTH_CARD, CARD)}"

        with pytest.raises(errors.NotAcceptable):
            Search(REFERENCES, "Coverage").read(make_incoming(target, **headers))

    def test_refuses_a_host_that_is_none(self) -> None:
        target = f"/fhir/Coverage?identifier={_token(systems.HEALTH_CARD, CARD)}"

        with pytest.raises(errors.Malformed):
            Search(REFERENCES, "Coverage").read(make_incoming(target, host="a b/<"))


class TestWrite:
    def test_gives_a_searchset(self) -> None:
        target = f"/fhir/Coverage?identifier={_token(systems.HEALTH_CARD, CARD)}"

        bundle = _bundle(Search(REFERENCES, "Coverage"), target, {CARD: {"is_valid": True}})

        (entry,) = bundle["entry"]
        assert (bundle["type"], bundle["total"]) == ("searchset", 1)
        assert entry["search"] == {"mode": "match"}
        assert entry["fullUrl"] == f"{BASE}/Coverage/{entry['resource']['id']}"
        assert [one["relation"] for one in bundle["link"]] == ["self"]

    def test_names_coverage_and_patient_by_ids_that_can_be_read_again(self) -> None:
        target = f"/fhir/Coverage?identifier={_token(systems.HEALTH_CARD, CARD)}"

        bundle = _bundle(Search(REFERENCES, "Coverage"), target, {CARD: {"is_valid": True}})

        resource = bundle["entry"][0]["resource"]
        patient = resource["beneficiary"]["reference"].removeprefix("Patient/")
        assert REFERENCES.open(AGENCY, "Coverage", resource["id"]) == CARD
        assert REFERENCES.open(AGENCY, "Patient", patient) == NUMBER

    def test_writes_no_number_that_was_not_granted(self) -> None:
        search = Search(REFERENCES, "Coverage")
        incoming = make_incoming(
            "/fhir/Coverage/_search",
            body=f"identifier={_token(systems.HEALTH_CARD, CARD)}".encode(),
            granted=_GRANTED,
            content_type="application/x-www-form-urlencoded",
        )

        _, body = search.write(
            make_inquiry(search.read(incoming), {CARD: {"is_valid": True}}, search)
        )

        assert CARD.encode() not in body
        assert NUMBER.encode() not in body

    def test_pages_by_what_was_asked(self) -> None:
        token = _token(systems.HEALTH_CARD, CARD, _OTHER_CARD)
        search = Search(REFERENCES, "Coverage")

        bundle = _bundle(
            search, f"/fhir/Coverage?identifier={token}&_count=1", {CARD: {"is_valid": True}}
        )
        following = next(one["url"] for one in bundle["link"] if one["relation"] == "next")
        asked = Search(REFERENCES, "Coverage").read(
            make_incoming(following.removeprefix("http://exchange.example"))
        )

        assert "total" not in bundle
        assert asked.keys == (_OTHER_CARD,)

    def test_gives_the_number_alone_when_no_resources_are_wanted(self) -> None:
        target = f"/fhir/Coverage?identifier={_token(systems.HEALTH_CARD, CARD)}&_count=0"

        bundle = _bundle(Search(REFERENCES, "Coverage"), target, {CARD: {"is_valid": True}})

        assert bundle["total"] == 1
        assert "entry" not in bundle


class TestWriteProblem:
    def test_gives_an_empty_searchset_when_nothing_was_found(self) -> None:
        search = Search(REFERENCES, "Coverage")
        token = _token(systems.HEALTH_CARD, CARD)
        search.read(make_incoming(f"/fhir/Coverage?identifier={token}"))

        status, media, body = search.write_problem(errors.RecordNotFound("no"), instance="urn:x")

        document = json.loads(body)
        Bundle.model_validate(document)
        assert (status, media) == (200, "application/fhir+json; fhirVersion=4.0")
        assert (document["total"], "entry" in document) == (0, False)

    def test_names_the_parameter_of_a_key_that_is_malformed(self) -> None:
        search = Search(REFERENCES, "Coverage")
        search.read(make_incoming(f"/fhir/Coverage?identifier={_token(systems.HEALTH_CARD, 'x')}"))
        error = errors.AgreementRefuses("no", rule="card.shape", field="key")

        _, _, body = search.write_problem(error, instance="urn:x")

        assert json.loads(body)["issue"][0]["expression"] == ["Coverage?identifier"]

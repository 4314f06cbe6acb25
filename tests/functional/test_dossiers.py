"""A one-stop office fills a form from several registers: all of it under one agreement, or none."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any

import httpx2
import pytest
from joserfc.util import urlsafe_b64decode, urlsafe_b64encode

from databases.changes.ledger import Act
from insurance import service
from sharing_api import bootstrap, keys
from sharing_api.agreements import repository
from sharing_api.client import ExchangeRefused
from sharing_api.disclosure import catalogue
from sharing_api.protocols import procedures
from sharing_api.standards import validate
from tests.factories import insurance as factory
from tests.factories.exchange import LAW, PURPOSE, make_agreement
from tests.functional import world
from tests.functional.conftest import Exchange, require_problem

FACILITY = "96081"
BIRTH, TRANSFER = "birth_registration", "land_transfer"


def _act() -> Act:
    at = datetime.now(UTC)  # noqa: TID251  records of a test are made now
    return Act("test.recorded", at, "tester", "a test", "none", "invented")


def _datasets(procedure: str, *without: str) -> dict[str, Any]:
    return {
        name: {
            "fields": {
                one.name: "full" if "full" in one.formats else one.formats[0]
                for one in catalogue.DATASETS[name].fields.values()
            },
            "predicates": [],
            "operations": ["look-up"],
        }
        for name in procedures.load()[procedure].datasets
        if name not in without
    }


# Client → agency, and agreements: procedures that they name, datasets that they cover.
OFFICES: Mapping[str, tuple[str, tuple[tuple[list[str], dict[str, Any]], ...]]] = {
    "one office": ("H81", (([BIRTH], _datasets(BIRTH)),)),
    "two agreements": (
        "H82",
        (
            ([BIRTH], _datasets(BIRTH, "insurance/eligibility", "insurance/facility")),
            ([BIRTH], _datasets(BIRTH, "population/citizen")),
        ),
    ),
    "no procedure": ("H83", (([], _datasets(BIRTH)),)),
}


@pytest.fixture(scope="module")
def offices(exchange: Exchange) -> Exchange:
    """The exchange, with an insured mother and offices that ask."""
    with exchange.databases.writing("insurance") as session:
        service.register_facility(
            session,
            act=_act(),
            facility_code=FACILITY,
            name="Trạm y tế Sóng",
            address=factory.PLACE,
            on=date(2010, 1, 1),
        )
        number = factory.register(session, _act(), 81, pin=world.LAN)
        factory.card(session, _act(), number, number)
    exchange.client_keys = {**exchange.client_keys, **_enter(exchange)}
    exchange.until(lambda: _is_known(exchange))
    return exchange


def _enter(exchange: Exchange) -> dict[str, Any]:
    at = datetime.now(UTC)  # noqa: TID251  as above
    folder = exchange.site.keys
    private = {name: keys.to_jwk(keys.make_private(folder / f"{name}.key")) for name in OFFICES}
    codes = ("G01", *(agency for agency, _ in OFFICES.values()))
    agencies = {
        code: keys.to_jwk(keys.make_private(folder / f"agency_{code}.key")) for code in codes
    }
    with exchange.databases.writing("exchange") as session:
        for code, key in agencies.items():
            repository.save_agency(
                session, agency_code=code, name_vi=code, jwks=world.jwks(key), at=at
            )
        for client, (agency, agreements) in OFFICES.items():
            jwks = world.jwks(private[client])
            repository.save_client(session, client_id=client, agency_code=agency, jwks=jwks, at=at)
            for position, (named, datasets) in enumerate(agreements):
                content = make_agreement(
                    agreement=f"G01-{agency}-{position}",
                    consumer=agency,
                    procedures=named,
                    datasets=datasets,
                )
                bootstrap.enter_agreement(session, content, agencies, at)
        repository.announce(session)
    return private


def _is_known(exchange: Exchange) -> bool:
    try:
        return bool(exchange.client("one office").token())
    except ExchangeRefused:  # the running exchange has not heard of it yet
        return False


def _question(**changes: Any) -> dict[str, Any]:
    return {
        "procedure": BIRTH,
        "keys": {"mother": world.LAN, "facility": FACILITY},
        "purpose": PURPOSE,
        "legal_basis": LAW,
        "officer": "cb-01",
        "case": "H-7",
        **changes,
    }


def _ask(
    exchange: Exchange, question: Any, client: str | None = "one office"
) -> tuple[bytes, httpx2.Response]:
    body = question if isinstance(question, bytes) else json.dumps(question).encode()
    headers = {"content-type": "application/json"}
    if client is not None:
        headers["authorization"] = f"Bearer {exchange.client(client).token()}"
    return body, httpx2.post(
        f"{exchange.address}/v1/dossiers", content=body, headers=headers, timeout=20
    )


def _claims(receipt: str) -> dict[str, Any]:
    return dict(json.loads(urlsafe_b64decode(receipt.split(".")[1].encode())))


def _hash(content: bytes) -> str:
    return urlsafe_b64encode(sha256(content).digest()).decode()


class TestProcedures:
    @pytest.mark.parametrize("name", [BIRTH, TRANSFER])
    def test_take_what_the_registers_publish(self, name: str) -> None:
        procedure = procedures.load()[name]

        for one in procedure.form:
            assert one.field in catalogue.DATASETS[one.dataset].fields
            assert one.role in procedure.required | procedure.optional
        assert len({one.name for one in procedure.form}) == len(procedure.form)
        assert procedure.sources


class TestDossier:
    def test_fills_the_form_from_several_registers(self, offices: Exchange) -> None:
        _, response = _ask(offices, _question())

        assert response.status_code == 200, response.text
        document = response.json()
        assert validate.find_problems("dossier", "1.0", document) == ()
        form = {one["name"]: one for one in document["form"]}
        assert form["mother_full_name"]["value"] == "Nguyễn Thị Lan"
        assert form["mother_card_is_valid"]["value"] is True
        assert form["facility_name"]["value"] == "Trạm y tế Sóng"
        assert form["mother_full_name"]["register"] == "population"
        assert form["facility_name"]["register"] == "insurance"
        assert "father_full_name" not in form

    def test_fills_in_those_who_need_not_be_named(self, offices: Exchange) -> None:
        people = {"mother": world.LAN, "father": world.TU, "facility": FACILITY}

        _, response = _ask(offices, _question(keys=people))

        form = {one["name"]: one["value"] for one in response.json()["form"]}
        assert form["father_full_name"] == "Ngô Văn Tư"

    def test_gives_a_receipt_of_every_source(self, offices: Exchange) -> None:
        with offices.logged() as fresh:
            body, response = _ask(offices, _question())

        sources = response.json()["sources"]
        receipts = [_claims(one["receipt"]) for one in sources]
        assert {one["entry_id"] for one in receipts} == {str(one["entry_id"]) for one in fresh}
        for source, receipt in zip(sources, receipts, strict=True):
            assert receipt["answer_hash"] == _hash(source["answer"].encode())
            assert receipt["request_hash"] == _hash(body)
            assert receipt["change"] == source["change"]

    def test_is_logged_under_one_agreement(self, offices: Exchange) -> None:
        with offices.logged() as fresh:
            _, response = _ask(offices, _question())

        assert {one["agreement_hash"] for one in fresh} == {response.json()["agreement"]}
        assert {one["procedure"] for one in fresh} == {BIRTH}
        assert len(fresh) == len(response.json()["sources"]) == 3

    def test_gives_nothing_when_one_part_is_not_found(self, offices: Exchange) -> None:
        people = {"mother": world.LAN, "father": world.NOBODY, "facility": FACILITY}

        with offices.logged() as fresh:
            _, response = _ask(offices, _question(keys=people))

        problem = require_problem(response, 404, "exchange.record_not_found")
        assert problem["fields"][0]["field"] == "/keys/father"
        assert "Nguyễn" not in response.text
        assert len(fresh) == 4


class TestRefusals:
    @pytest.mark.parametrize("client", ["two agreements", "no procedure"])
    def test_need_one_agreement_that_names_the_combination(
        self, offices: Exchange, client: str
    ) -> None:
        with offices.logged() as fresh:
            _, response = _ask(offices, _question(), client)

        require_problem(response, 403, "exchange.refused")
        assert {(one["decision"], one["rule"]) for one in fresh} == {("refused", "agreement.none")}
        assert [one["fields"] for one in fresh] == [[]] * 3

    def test_ask_who_is_there(self, offices: Exchange) -> None:
        _, response = _ask(offices, _question(), None)

        require_problem(response, 401)

    @pytest.mark.parametrize(
        ("changes", "place"),
        [
            ({"procedure": "wedding"}, "/procedure"),
            ({"keys": {"mother": world.LAN}}, "/keys/facility"),
            ({"keys": {"mother": world.LAN, "facility": FACILITY, "aunt": "1"}}, "/keys"),
            ({"keys": {"mother": "12", "facility": FACILITY}}, "/keys/mother"),
            ({"keys": {}}, "/keys"),
            ({"valid_on": "2026-02-31"}, "/valid_on"),
            ({"valid_on": "0000-01-01"}, "/valid_on"),
            ({"colour": "blue"}, "/colour"),
        ],
    )
    def test_name_the_member_that_breaks_a_rule(
        self, offices: Exchange, changes: dict[str, Any], place: str
    ) -> None:
        _, response = _ask(offices, _question(**changes))

        problem = require_problem(response, 422)
        assert place in [one["field"] for one in problem["fields"]]

    @pytest.mark.parametrize("body", [b"", b"{", b"[" * 9_000, b"\xff", b'{"a": 1, "a": 2}'])
    def test_are_given_for_what_cannot_be_read(self, offices: Exchange, body: bytes) -> None:
        _, response = _ask(offices, body)

        require_problem(response, 400)

"""The life of an agreement over the API: both agencies' systems propose, sign, refuse, end."""

import itertools
import json
from collections.abc import Mapping
from typing import Any

import httpx2
import pytest
from joserfc.jwk import OKPKey
from lxml import etree

from sharing_api import keys
from sharing_api.agreements import documents
from sharing_api.agreements.life import papers
from tests.factories.exchange import make_agreement
from tests.functional import world
from tests.functional.conftest import Exchange, require_problem

CITIZEN = "population/citizen"
GROUNDS = {"reason": "the purpose is not ours", "legal_basis": "Decree 194/2025/NĐ-CP art. 16"}
_NUMBERS = itertools.count(1)


def make_content(**changes: Any) -> dict[str, Any]:
    """An agreement between H91 (client by-key) and H92 (client by-words), of one field."""
    terms = {"fields": {"ethnicity": "full"}, "predicates": [], "operations": ["look-up"]}
    return make_agreement(
        **{
            "agreement": f"H92-H91-life-{next(_NUMBERS)}",
            "provider": "H92",
            "consumer": "H91",
            "datasets": {CITIZEN: terms},
            **changes,
        }
    )


def send(
    exchange: Exchange, client: str, path: str, body: Any = None, **headers: str
) -> httpx2.Response:
    """Send as a system; a body of bytes goes as it is, none is a GET."""
    url = f"{exchange.address}/v1{path}"
    given = {"authorization": f"Bearer {exchange.client(client).token()}", **headers}
    with httpx2.Client(timeout=20) as http:
        if body is None:
            return http.get(url, headers=given)
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return http.post(url, content=content, headers=given)


def sign(exchange: Exchange, agency: str, document: bytes) -> dict[str, str]:
    path = exchange.site.keys / f"agency_{agency}.key"
    return {"signature": documents.sign(document, OKPKey.import_key(path.read_bytes()))}


def draft(exchange: Exchange, content: Mapping[str, Any]) -> str:
    response = send(exchange, "by-key", "/agreements", documents.canonical(content))
    assert response.status_code == 201, response.text
    return str(response.json()["hash"])


def propose(exchange: Exchange, content: Mapping[str, Any]) -> str:
    made = draft(exchange, content)
    signed = sign(exchange, "H91", documents.canonical(content))
    response = send(exchange, "by-key", f"/agreements/{made}/propose", signed)
    assert response.status_code == 200, response.text
    return made


def accept(exchange: Exchange, made: str, content: Mapping[str, Any]) -> httpx2.Response:
    signed = sign(exchange, "H92", documents.canonical(content))
    return send(exchange, "by-words", f"/agreements/{made}/accept", signed)


def look_up(exchange: Exchange, content: Mapping[str, Any]) -> int:
    message = world.question(CITIZEN, "look-up", fields=["ethnicity"])
    return exchange.ask(CITIZEN, "look-up", message, "by-key").status_code


class TestLife:
    def test_begins_with_two_signatures_and_ends_with_a_revocation(
        self, exchange: Exchange
    ) -> None:
        content = make_content()
        made = propose(exchange, content)
        assert look_up(exchange, content) == 403

        shown = accept(exchange, made, content).json()
        assert shown["state"] == "in_force"
        assert {one["party"] for one in shown["signatures"]} == {"H91", "H92"}
        exchange.until(lambda: look_up(exchange, content) == 200)

        revoked = send(exchange, "by-words", f"/agreements/{made}/revoke", GROUNDS)
        assert revoked.json()["state"] == "revoked"
        assert exchange.until(lambda: look_up(exchange, content) == 403) < 1

    def test_is_seen_by_its_parties_only(self, exchange: Exchange) -> None:
        made = propose(exchange, make_content())

        for client in ("by-key", "by-words"):
            listed = send(exchange, client, "/agreements").json()["agreements"]
            assert made in [one["hash"] for one in listed]
            waiting = send(exchange, client, "/agreements/waiting").json()["proposals"]
            assert made in [one["hash"] for one in waiting]
        listed = send(exchange, "full", "/agreements").json()["agreements"]
        assert made not in [one["hash"] for one in listed]
        for path in ("", "/document", "/paper"):
            response = send(exchange, "full", f"/agreements/{made}{path}")
            require_problem(response, 404, "agreements.unknown")

    def test_gives_back_the_signed_bytes(self, exchange: Exchange) -> None:
        content = make_content()
        made = draft(exchange, content)

        document = send(exchange, "by-words", f"/agreements/{made}/document").content

        assert document == documents.canonical(content)
        assert documents.content_hash(document) == made

    def test_has_papers_in_both_forms(self, exchange: Exchange) -> None:
        made = propose(exchange, make_content())
        path = f"/agreements/{made}/paper"

        as_json = send(exchange, "by-words", path).json()
        as_xml = etree.fromstring(
            send(exchange, "by-words", path, accept="application/xml").content
        )

        header = as_json["edXMLEnvelope"]["edXMLHeader"]["MessageHeader"]
        names = {"e": papers.NAMESPACE}
        assert header["Subject"] == as_xml.findtext(".//e:Subject", namespaces=names)
        assert header["From"]["OrganId"] == "H91"

    def test_is_refused_in_writing(self, exchange: Exchange) -> None:
        made = propose(exchange, make_content())
        path = f"/agreements/{made}/refuse"

        document = require_problem(
            send(exchange, "by-words", path, {}), 422, "agreements.grounds_missing"
        )
        refused = send(exchange, "by-words", path, GROUNDS).json()

        assert [one["field"] for one in document["fields"]] == ["reason", "legal_basis"]
        assert refused["state"] == "refused"
        assert refused["events"][-1]["reason"] == GROUNDS["reason"]
        assert refused["events"][-1]["client"] == "by-words"


class TestBadInput:
    @pytest.mark.parametrize(
        ("change", "code"),
        [
            pytest.param(lambda d: d + b" ", "agreements.not_canonical", id="white_space"),
            pytest.param(
                lambda d: d.replace(b'"version":1', b'"version":1.0'),
                "agreements.not_canonical",
                id="number_form",
            ),
            pytest.param(
                lambda d: d.replace(b'"version":1', b'"version":1,"version":1'),
                "agreements.not_canonical",
                id="member_twice",
            ),
            pytest.param(
                lambda d: d.replace("ẻ".encode(), "e\u0309".encode()),
                "agreements.not_canonical",
                id="unicode_form",
            ),
            pytest.param(lambda d: b"{}", "agreements.document_invalid", id="no_agreement"),
            pytest.param(
                lambda d: d.replace(b"ethnicity", b"star_sign"),
                "agreements.document_invalid",
                id="unknown_field",
            ),
            pytest.param(
                lambda d: d.replace(b'"previous":null,"', b'"previous":"' + b"0" * 64 + b'","'),
                "agreements.wrong_version",
                id="unknown_version_before",
            ),
            pytest.param(
                lambda d: d.replace(b'"provider":"H92"', b'"provider":"X77"'),
                "agreements.agency_unknown",
                id="unknown_agency",
            ),
            pytest.param(
                lambda d: d.replace(b'"consumer":"H91"', b'"consumer":"H93"'),
                "agreements.wrong_party",
                id="of_others",
            ),
        ],
    )
    def test_of_a_draft_is_refused(self, exchange: Exchange, change: Any, code: str) -> None:
        document = change(documents.canonical(make_content()))

        response = send(exchange, "by-key", "/agreements", document)

        assert response.json()["code"] == code, response.text
        require_problem(response, response.status_code, code)

    @pytest.mark.parametrize(
        ("body", "status", "code"),
        [
            (b"{", 400, "exchange.malformed"),
            (b'{"signature": "a..b", "signature": "a..b"}', 400, "exchange.malformed"),
            (b'{"signature": 7}', 422, "exchange.invalid_act"),
            (b'{"unheard": "of"}', 422, "exchange.invalid_act"),
            (b'{"signature": "a.b.c"}', 422, "exchange.invalid_act"),
            (b'{"signature": "e30..AAAA"}', 422, "agreements.signature_wrong"),
            (b"{}", 422, "agreements.signature_wrong"),
        ],
    )
    def test_of_an_act_is_refused(
        self, exchange: Exchange, body: bytes, status: int, code: str
    ) -> None:
        made = draft(exchange, make_content())

        response = send(exchange, "by-key", f"/agreements/{made}/propose", body)

        require_problem(response, status, code)

    def test_acts_out_of_turn_are_refused(self, exchange: Exchange) -> None:
        content = make_content()
        made = draft(exchange, content)
        require_problem(accept(exchange, made, content), 409, "agreements.wrong_state")
        send(
            exchange,
            "by-key",
            f"/agreements/{made}/propose",
            sign(exchange, "H91", documents.canonical(content)),
        )
        own = sign(exchange, "H91", documents.canonical(content))
        response = send(exchange, "by-key", f"/agreements/{made}/accept", own)
        require_problem(response, 403, "agreements.wrong_party")
        response = send(exchange, "by-words", f"/agreements/{'0' * 64}/accept", own)
        require_problem(response, 404, "agreements.unknown")

    def test_a_signature_of_another_document_is_refused(self, exchange: Exchange) -> None:
        content = make_content()
        made = propose(exchange, content)

        response = accept(exchange, made, {**content, "title": "another"})

        require_problem(response, 422, "agreements.signature_wrong")

    def test_nobody_acts_without_a_token(self, exchange: Exchange) -> None:
        made = draft(exchange, make_content())
        for method, path in (
            ("GET", "/v1/agreements"),
            ("GET", f"/v1/agreements/{made}"),
            ("POST", "/v1/agreements"),
            ("POST", f"/v1/agreements/{made}/revoke"),
            ("POST", "/v1/agency-keys"),
        ):
            status, _, _ = exchange.send_raw(method, path, b"{}")
            assert status == 401, (method, path)


class TestSimulation:
    def test_is_run_by_a_party_before_anybody_signs(self, exchange: Exchange) -> None:
        content = make_content()
        made = propose(exchange, content)
        accept(exchange, made, content)
        exchange.until(lambda: look_up(exchange, content) == 200)
        terms = {**content["datasets"][CITIZEN], "fields": {"religion": "full"}}
        newer = {**content, "version": 2, "previous": made, "datasets": {CITIZEN: terms}}
        document = documents.canonical(newer)

        told = send(exchange, "by-words", "/agreements/simulation", document).json()
        stranger = send(exchange, "full", "/agreements/simulation", document)

        assert told["compared_with"] == 1
        assert [one["kind"] for one in told["differences"]] == ["lost", "gained"]
        (stopped,) = told["stopped"]
        assert stopped["reason"] == "field.not_granted (fields.ethnicity)"
        assert (stopped["persons"], told["persons_lost"]) == (1, 1)
        require_problem(stranger, 403, "agreements.wrong_party")


class TestKeys:
    def test_are_rotated_by_the_agency_and_ended(self, exchange: Exchange) -> None:
        fresh = keys.to_jwk(keys.make_private(exchange.site.home / f"fresh{next(_NUMBERS)}.key"))
        plain = {name: fresh.as_dict(private=False)[name] for name in ("crv", "kty", "x")}
        signed = sign(exchange, "H91", documents.canonical(plain))

        made = send(exchange, "by-key", "/agency-keys", {"jwk": plain, **signed})
        again = send(exchange, "by-key", "/agency-keys", {"jwk": plain, **signed})
        path = f"/agency-keys/{fresh.thumbprint()}/end"
        others = send(exchange, "by-words", path, {"reason": "not mine"})
        ended = send(exchange, "by-key", path, {"reason": "a test"})
        twice = send(exchange, "by-key", path, {"reason": "a test"})

        assert (made.status_code, made.json()["key"]) == (201, fresh.thumbprint())
        require_problem(again, 409, "agreements.key_taken")
        require_problem(others, 422, "agreements.key_unknown")
        assert ended.json()["end_reason"] == "a test"
        require_problem(twice, 422, "agreements.key_ended")
        content = make_content()
        draft_hash = draft(exchange, content)
        by_ended = {"signature": documents.sign(documents.canonical(content), fresh)}
        response = send(exchange, "by-key", f"/agreements/{draft_hash}/propose", by_ended)
        require_problem(response, 422, "agreements.key_ended")

    def test_come_in_only_when_one_that_holds_signs_them(self, exchange: Exchange) -> None:
        fresh = OKPKey.generate_key("Ed25519")
        plain = {name: fresh.as_dict(private=False)[name] for name in ("crv", "kty", "x")}
        by_itself = {"signature": documents.sign(documents.canonical(plain), fresh)}
        by_another = sign(exchange, "H92", documents.canonical(plain))

        for signed in (by_itself, by_another):
            response = send(exchange, "by-key", "/agency-keys", {"jwk": plain, **signed})
            require_problem(response, 422, "agreements.key_unknown")

"""Who asks: tokens and assertions that are missing, foreign, forged, late, used or suspended."""

import hmac
import time
import uuid
from typing import Any

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import OKPKey
from joserfc.util import urlsafe_b64decode, urlsafe_b64encode

from sharing_api.agreements import credentials, repository
from tests.functional import world
from tests.functional.conftest import Exchange, require_problem
from tests.functional.world import ASKABLE, question

CITIZEN = "population/citizen"
each = pytest.mark.parametrize(("dataset", "operation"), ASKABLE)


def make_token(exchange: Exchange, key: Any = None, *, typ: str = "at+jwt", **claims: Any) -> str:
    """Make a token as the exchange does, but for what the test changes."""
    now = int(time.time())
    issuer = exchange.settings.issuer
    usual = {
        "iss": issuer,
        "aud": issuer,
        "sub": "full",
        "client_id": "full",
        "agency": "H90",
        "iat": now,
        "exp": now + 60,
        "jti": str(uuid.uuid4()),
    }
    header = {"alg": "Ed25519", "typ": typ}
    return jwt.encode(header, usual | claims, key or exchange.keys.token, algorithms=["Ed25519"])


def make_assertion(exchange: Exchange, client: str, key: Any = None, **claims: Any) -> str:
    now = int(time.time())
    usual = {
        "iss": client,
        "sub": client,
        "aud": exchange.settings.issuer,
        "jti": str(uuid.uuid4()),
        "iat": now,
        "exp": now + 60,
    }
    members = {name: value for name, value in (usual | claims).items() if value is not None}
    key = key or exchange.client_keys[client]
    return jwt.encode({"alg": "Ed25519"}, members, key, algorithms=["Ed25519"])


def send(exchange: Exchange, assertion: str, **changes: str) -> httpx2.Response:
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": credentials.ASSERTION_TYPE,
        "client_assertion": assertion,
    }
    with httpx2.Client() as http:
        return http.post(f"{exchange.address}/v1/token", data=form | changes)


def ask_with(exchange: Exchange, token: str) -> httpx2.Response:
    message = question(CITIZEN, "look-up")
    return exchange.ask(CITIZEN, "look-up", message, client=None, authorization=f"Bearer {token}")


class TestAnonymous:
    @each
    @pytest.mark.parametrize("authorization", ["", "Bearer", "Basic ZnVsbDp4", "Bearer a.b.c"])
    def test_is_asked_who_it_is(
        self, exchange: Exchange, dataset: str, operation: str, authorization: str
    ) -> None:
        with exchange.logged() as rows:
            response = exchange.ask(
                dataset,
                operation,
                question(dataset, operation),
                client=None,
                authorization=authorization,
            )

        require_problem(response, 401, "exchange.unauthenticated")
        assert response.headers["www-authenticate"].startswith("Bearer")
        assert "exchange-receipt" not in response.headers
        assert rows == []


class TestToken:
    def test_opens_the_door_when_it_is_right(self, exchange: Exchange) -> None:
        assert ask_with(exchange, make_token(exchange)).status_code == 200

    @pytest.mark.parametrize(
        "changes",
        [
            pytest.param({"exp": 1}, id="expired"),
            pytest.param({"exp": "tomorrow"}, id="end_is_no_number"),
            pytest.param({"exp": None}, id="without_end"),
            pytest.param({"aud": "https://other.example"}, id="for_another_exchange"),
            pytest.param({"typ": "JWT"}, id="of_another_type"),
            pytest.param({"client_id": "nobody"}, id="of_an_unknown_client"),
            pytest.param({"client_id": "suspended"}, id="of_a_suspended_client"),
            pytest.param({"agency": "H91"}, id="of_a_client_of_another_agency"),
            pytest.param({"key": OKPKey.generate_key("Ed25519")}, id="of_a_foreign_key"),
        ],
    )
    def test_is_refused(self, exchange: Exchange, changes: dict[str, Any]) -> None:
        exchange.suspend("suspended")
        exchange.until(lambda: is_unknown(exchange, "suspended"))

        with exchange.logged() as rows:
            response = ask_with(exchange, make_token(exchange, **changes))

        require_problem(response, 401, "exchange.unauthenticated")
        assert rows == []

    def test_is_refused_when_altered(self, exchange: Exchange) -> None:
        header, payload, signature = make_token(exchange).split(".")
        forged = urlsafe_b64decode(payload.encode()).replace(b'"H90"', b'"G01"')
        text = f"{header}.{urlsafe_b64encode(forged).decode()}.{signature}"

        require_problem(ask_with(exchange, text), 401)

    def test_is_refused_without_signature(self, exchange: Exchange) -> None:
        _, payload, _ = make_token(exchange).split(".")
        header = urlsafe_b64encode(b'{"alg":"none","typ":"at+jwt"}').decode()

        require_problem(ask_with(exchange, f"{header}.{payload}."), 401)

    def test_is_refused_when_the_public_key_is_used_as_a_secret(self, exchange: Exchange) -> None:
        public = exchange.keys.token.as_pem(private=False)
        _, payload, _ = make_token(exchange).split(".")
        header = urlsafe_b64encode(b'{"alg":"HS256","typ":"at+jwt"}').decode()
        tag = hmac.digest(public, f"{header}.{payload}".encode(), "sha256")

        text = f"{header}.{payload}.{urlsafe_b64encode(tag).decode()}"
        require_problem(ask_with(exchange, text), 401)

    def test_of_an_assertion_is_no_access_token(self, exchange: Exchange) -> None:
        require_problem(ask_with(exchange, make_assertion(exchange, "full")), 401)

    def test_that_was_taken_before_is_refused_once_it_has_expired(self, exchange: Exchange) -> None:
        token = make_token(exchange, exp=int(time.time()) + 2)
        assert ask_with(exchange, token).status_code == 200

        exchange.until(lambda: ask_with(exchange, token).status_code == 401)


def is_unknown(exchange: Exchange, client: str) -> bool:
    return send(exchange, make_assertion(exchange, client)).status_code == 401


class TestAssertion:
    def test_gives_a_token_once(self, exchange: Exchange) -> None:
        assertion = make_assertion(exchange, "full")

        first, replayed = send(exchange, assertion), send(exchange, assertion)

        assert first.status_code == 200
        assert first.headers["cache-control"] == "no-store"
        assert ask_with(exchange, first.json()["access_token"]).status_code == 200
        assert replayed.status_code == 401
        assert replayed.json()["error"] == "invalid_client"

    @pytest.mark.parametrize(
        "changes",
        [
            pytest.param({"key": OKPKey.generate_key("Ed25519")}, id="foreign_key"),
            pytest.param({"aud": "https://other.example"}, id="wrong_audience"),
            pytest.param({"aud": None}, id="no_audience"),
            pytest.param({"aud": []}, id="empty_audience"),
            pytest.param({"aud": 7}, id="audience_is_a_number"),
            pytest.param({"aud": [{"a": 1}]}, id="audience_is_an_object"),
            pytest.param({"exp": 1}, id="expired"),
            pytest.param({"exp": None}, id="no_end"),
            pytest.param({"exp": "x"}, id="end_is_a_text"),
            pytest.param({"exp": 10**12}, id="lives_too_long"),
            pytest.param({"nbf": 10**12}, id="not_yet"),
            pytest.param({"nbf": "x"}, id="start_is_a_text"),
            pytest.param({"iss": "by-key"}, id="another_issuer"),
            pytest.param({"sub": "by-key"}, id="another_subject"),
            pytest.param({"sub": "nobody", "iss": "nobody"}, id="unknown_client"),
            pytest.param({"sub": {"a": 1}}, id="subject_is_an_object"),
            pytest.param({"jti": None}, id="no_id"),
            pytest.param({"jti": "short"}, id="short_id"),
            pytest.param({"jti": "x" * 129}, id="long_id"),
            pytest.param({"jti": "\x00" * 8}, id="id_of_zero_bytes"),
        ],
    )
    def test_is_refused(self, exchange: Exchange, changes: dict[str, Any]) -> None:
        response = send(exchange, make_assertion(exchange, "full", **changes))

        assert response.status_code == 401, response.text
        assert response.json()["error"] == "invalid_client"

    @pytest.mark.parametrize("text", ["", "a.b", "a.b.c", "ÿ", "e30.e30.e30", ".." * 50])
    def test_is_refused_when_it_is_none(self, exchange: Exchange, text: str) -> None:
        assert send(exchange, text).status_code == 401

    def test_is_refused_for_another_client_id(self, exchange: Exchange) -> None:
        response = send(exchange, make_assertion(exchange, "full"), client_id="by-key")

        assert response.status_code == 401

    @pytest.mark.parametrize(
        ("changes", "error"),
        [
            ({"grant_type": "password"}, "unsupported_grant_type"),
            ({"client_assertion_type": "other"}, "invalid_request"),
        ],
    )
    def test_is_read_only_in_a_right_request(
        self, exchange: Exchange, changes: dict[str, str], error: str
    ) -> None:
        response = send(exchange, make_assertion(exchange, "full"), **changes)

        assert (response.status_code, response.json()["error"]) == (400, error)

    @pytest.mark.parametrize(
        ("media", "body", "status"),
        [
            ("application/json", b"{}", 400),
            ("application/x-www-form-urlencoded", b"grant_type=a&grant_type=b", 400),
            ("application/x-www-form-urlencoded", b"\xff\xfe", 400),
            ("application/x-www-form-urlencoded", b"a=1&" * 100, 400),
            ("application/x-www-form-urlencoded", b"a" * 300_000, 413),
        ],
    )
    def test_is_asked_for_in_a_form(
        self, exchange: Exchange, media: str, body: bytes, status: int
    ) -> None:
        headers = {"Content-Type": media}

        answered, _, _ = exchange.send_raw("POST", "/v1/token", body, **headers)

        assert answered == status


class TestSuspension:
    def test_of_a_client_takes_its_tokens_away_within_a_second(self, exchange: Exchange) -> None:
        token = exchange.client("leaving").token()
        assert ask_with(exchange, token).status_code == 200

        exchange.suspend("leaving")

        assert exchange.until(lambda: ask_with(exchange, token).status_code == 401) < 1
        assert is_unknown(exchange, "leaving")

    def test_of_an_agreement_refuses_the_next_question(self, exchange: Exchange) -> None:
        message = question(CITIZEN, "look-up", world.LAN, claims={"full_name": "nguyen thi lan"})

        def status() -> int:
            return exchange.ask(CITIZEN, "look-up", message, "stating").status_code

        assert status() == 200
        (terms,) = [
            one
            for one in exchange.rows("agreement")
            if one["consumer"] == "H97" and one["status"] == "in_force"
        ]
        try:
            set_status(exchange, terms["agreement_hash"], "revoked")
            assert exchange.until(lambda: status() == 403) < 1
        finally:
            set_status(exchange, terms["agreement_hash"], "in_force")
        exchange.until(lambda: status() == 200)


def set_status(exchange: Exchange, agreement_hash: str, status: str) -> None:
    with exchange.databases.writing("exchange") as session:
        repository.set_agreement_status(session, agreement_hash=agreement_hash, status=status)

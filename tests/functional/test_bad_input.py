"""Whatever is sent, the answer is the right refusal: a problem document, never a 500."""

import json
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from sharing_api.settings import MAX_BODY_BYTES
from sharing_api.standards import validate
from tests.functional import world
from tests.functional.conftest import Exchange, require_problem
from tests.functional.world import question

CITIZEN = "population/citizen"
WAY = "/v1/population/citizen/look-up"
BILLION_LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;&x;">'
    b'<!ENTITY z SYSTEM "file:///etc/passwd">]><question><key>&y;&z;</key></question>'
)


def send(exchange: Exchange, body: bytes, **headers: str) -> httpx2.Response:
    with exchange.logged() as rows:
        response = exchange.ask(CITIZEN, "look-up", body, **headers)
    assert rows == []
    return response


class TestPath:
    @pytest.mark.parametrize(
        "path",
        [
            "/v1/population/citizen/look%2Dup",
            "/v1/population%2Fcitizen/look-up",
            "/v1/population%2fcitizen%2flook-up",
            "/v1/population%252Fcitizen/look-up",
            "/v1/%70opulation/citizen/look-up",
            "/v1/population/%2e%2e/enterprise/enterprise/look-up",
            "/v1/population/../enterprise/enterprise/look-up",
            "/v1/population/./citizen/look-up",
            "/v1//population/citizen/look-up",
            "//v1/population/citizen/look-up",
            "/v1/population/citizen/look-up;v=1",
            "/v1/population;a=b/citizen/look-up",
            "/v1/population\\citizen/look-up",
            "/v1/population/citizen/look-up%00",
            "/v1/population/citizen/look-up%0d%0aX:1",
            "/standards/%2e%2e/%2e%2e/pyproject.toml",
            "/standards/citizen/1.0/..%2f..%2fschema.json",
            "/ogc/collections/parcels%2fitems",
        ],
    )
    @pytest.mark.parametrize("method", ["POST", "GET"])
    def test_is_served_only_when_written_plainly(
        self, exchange: Exchange, path: str, method: str
    ) -> None:
        status, headers, body = exchange.send_raw(method, path)

        assert status == 400
        assert headers["content-type"] == "application/problem+json"
        assert json.loads(body)["code"] == "exchange.malformed"

    @pytest.mark.parametrize(
        "path",
        [
            "/v1/population/nothing/look-up",
            "/v1/land/nothing/look-up",
            "/v1/land/citizen/look-up",
            "/v1/population/citizen/export",
            "/v1/population/citizen/look-up/",
            "/v1/Population/citizen/look-up",
            "/V1/population/citizen/look-up",
            "/",
            "/v1",
            "/standards/citizen/1.0/pyproject.toml",
            "/standards/nothing/1.0/schema.json",
            "/standards/citizen/9.9/schema.json",
        ],
    )
    def test_that_leads_nowhere_is_not_found(self, exchange: Exchange, path: str) -> None:
        token = exchange.client("full").token()
        method = "GET" if path.startswith("/standards") else "POST"

        status, headers, body = exchange.send_raw(method, path, Authorization=f"Bearer {token}")

        assert status == 404
        assert headers["content-type"] == "application/problem+json"
        assert validate.find_problems("problem", "1.0", json.loads(body)) == ()

    @pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"])
    def test_answers_its_own_method_only(self, exchange: Exchange, method: str) -> None:
        status, headers, _ = exchange.send_raw(method, WAY)

        assert status == 405
        assert headers["allow"] == "POST"
        assert headers["content-type"] == "application/problem+json"


class TestBody:
    @pytest.mark.parametrize(
        ("body", "code"),
        [
            pytest.param(b"", "exchange.malformed", id="empty"),
            pytest.param(b"{", "exchange.malformed", id="cut"),
            pytest.param(b'{"key": "1", "key": "2"}', "exchange.malformed", id="member_twice"),
            pytest.param(b'{"limit": NaN}', "exchange.malformed", id="nan"),
            pytest.param(b'{"key": "\xff"}', "exchange.malformed", id="not_utf_8"),
            pytest.param(b'{"key": "\\ud800"}', "exchange.malformed", id="half_a_character"),
            pytest.param(b"[" * 100_000, "exchange.malformed", id="deep"),
            pytest.param(
                b'{"claims":' + b'{"a":' * 800 + b"1" + b"}" * 801,
                "exchange.malformed",
                id="nested",
            ),
            pytest.param(BILLION_LAUGHS, "exchange.malformed", id="xml_with_doctype"),
        ],
    )
    def test_that_cannot_be_read_is_refused(
        self, exchange: Exchange, body: bytes, code: str
    ) -> None:
        require_problem(send(exchange, body), 400, code)

    @pytest.mark.parametrize("size", [MAX_BODY_BYTES + 1, 4 * MAX_BODY_BYTES])
    def test_that_is_too_large_is_refused(self, exchange: Exchange, size: int) -> None:
        require_problem(send(exchange, b" " * size), 413, "exchange.too_large")

    def test_that_comes_in_parts_is_stopped_when_it_grows_too_large(
        self, exchange: Exchange
    ) -> None:
        def parts() -> Iterator[bytes]:
            for _ in range(64):
                yield b" " * 8192

        headers = {
            "authorization": f"Bearer {exchange.client('full').token()}",
            "content-type": "application/json",
        }
        with httpx2.Client() as http:
            response = http.post(exchange.address + WAY, content=parts(), headers=headers)

        require_problem(response, 413, "exchange.too_large")

    @pytest.mark.parametrize(
        "media", ["application/xml", "text/plain", "", "application/jsonx", "multipart/form-data"]
    )
    def test_of_another_type_is_refused(self, exchange: Exchange, media: str) -> None:
        body = json.dumps(question(CITIZEN, "look-up")).encode()

        require_problem(send(exchange, body, content_type=media), 415, "exchange.unsupported_media")

    def test_in_xml_is_not_even_parsed(self, exchange: Exchange) -> None:
        response = send(exchange, BILLION_LAUGHS, content_type="application/xml")

        require_problem(response, 415)
        assert "root:" not in response.text

    @pytest.mark.parametrize(
        ("operation", "changes", "field"),
        [
            ("look-up", {"key": 7}, "/key"),
            ("look-up", {"key": "x" * 10_000}, "/key"),
            ("look-up", {"fields": "pin"}, "/fields"),
            ("look-up", {"fields": ["pin", "pin"]}, "/fields"),
            ("look-up", {"fields": ["PIN; DROP TABLE"]}, "/fields/0"),
            ("look-up", {"officer": "a\nb"}, "/officer"),
            ("look-up", {"valid_on": "yesterday"}, "/valid_on"),
            ("look-up", {"valid_on": "0000-01-01"}, "/valid_on"),
            ("look-up", {"as_of": -1}, "/as_of"),
            ("look-up", {"as_of": "2016-12-31T23:59:60Z"}, "/as_of"),
            ("batch", {"keys": []}, "/keys"),
            ("batch", {"keys": [world.LAN, world.LAN]}, "/keys"),
            ("batch", {"keys": [str(10**11 + n) for n in range(1001)]}, "/keys"),
            ("search", {"limit": 0}, "/limit"),
            ("search", {"limit": 51}, "/limit"),
            ("search", {"predicates": {}}, "/predicates"),
            ("search", {"predicates": {"name": ["a"]}}, "/predicates/name"),
            ("verify", {"claims": {}}, "/claims"),
        ],
    )
    def test_that_breaks_a_rule_is_refused_with_its_field(
        self, exchange: Exchange, operation: str, changes: dict[str, Any], field: str
    ) -> None:
        message = question(CITIZEN, operation, **changes)

        with exchange.logged() as rows:
            response = exchange.ask(CITIZEN, operation, message)

        document = require_problem(response, 422, "exchange.invalid_question")
        assert field in {one["field"] for one in document["fields"]}
        assert rows == []

    @pytest.mark.parametrize("member", ["key", "fields", "purpose", "legal_basis"])
    def test_without_a_member_is_refused(self, exchange: Exchange, member: str) -> None:
        message = question(CITIZEN, "look-up")
        del message[member]

        response = send(exchange, json.dumps(message).encode())

        document = require_problem(response, 422)
        assert [one["rule"] for one in document["fields"]] == ["required"]

    @pytest.mark.parametrize(
        "predicates",
        [
            {"name": True},
            {"name": ""},
            {"name": "Lan", "date_of_birth": "1990-02-30"},
            {"name": "Lan", "sex": "other"},
            {"name": "Lan", "province": "01"},
            {"name": "Lan", "province": {"code": "01"}},
            {"old_id_9": "12"},
            {"sex": "male"},
            {"name_similar": "%_"},
        ],
    )
    def test_with_a_predicate_of_the_wrong_shape_is_refused_and_logged(
        self, exchange: Exchange, predicates: dict[str, Any]
    ) -> None:
        with exchange.logged() as rows:
            response = exchange.ask(
                CITIZEN, "search", question(CITIZEN, "search", predicates=predicates)
            )

        require_problem(response, 422)
        assert [(row["subject_tag"], row["fields"]) for row in rows] == [(None, [])]

    @pytest.mark.parametrize(
        "text", ["' OR 1=1 --", "%", "\\", "$1", "{}", "%s", ":name", "\u202e"]
    )
    def test_is_data_and_never_a_command(self, exchange: Exchange, text: str) -> None:
        searched = exchange.ask(
            CITIZEN, "search", question(CITIZEN, "search", predicates={"name": text})
        )
        claimed = exchange.ask(
            CITIZEN, "verify", question(CITIZEN, "verify", claims={"full_name": text})
        )

        assert searched.status_code in (200, 422)
        assert searched.status_code == 422 or searched.json()["count"] == 0
        assert claimed.json()["results"] == {"full_name": False}

    @pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "1900-02-28"])
    def test_may_ask_for_any_day(self, exchange: Exchange, day: str) -> None:
        message = question(CITIZEN, "look-up", valid_on=day, fields=["age", "full_name"])

        assert exchange.ask(CITIZEN, "look-up", message).status_code in (200, 404)

    @pytest.mark.parametrize(
        "moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "2026-03-02t08:00:00z"]
    )
    def test_may_ask_for_any_moment(self, exchange: Exchange, moment: str) -> None:
        message = question(CITIZEN, "look-up", as_of=moment)

        assert exchange.ask(CITIZEN, "look-up", message).status_code in (200, 404, 422)


class TestHeaders:
    @pytest.mark.parametrize(
        ("operation", "accept"),
        [("look-up", "text/html"), ("verify", "application/xml"), ("look-up", "image/*")],
    )
    def test_ask_for_forms_that_exist(
        self, exchange: Exchange, operation: str, accept: str
    ) -> None:
        response = exchange.ask(CITIZEN, operation, question(CITIZEN, operation), accept=accept)

        assert response.status_code == 406
        assert response.headers["content-type"].startswith("application/problem+")

    @pytest.mark.parametrize("value", ["x" * 256, "a\tb", "a\u0085b"])
    def test_of_x_road_that_cannot_be_logged_are_refused(
        self, exchange: Exchange, value: str
    ) -> None:
        token = exchange.client("full").token()
        status, _, body = exchange.send_raw(
            "POST",
            WAY,
            json.dumps(question(CITIZEN, "look-up")).encode(),
            Authorization=f"Bearer {token}",
            Content_Type="application/json",
            X_Road_Client=value,
        )

        assert (status, json.loads(body)["code"]) == (400, "exchange.malformed")

    def test_of_x_road_are_logged(self, exchange: Exchange) -> None:
        with exchange.logged() as rows:
            exchange.ask(
                CITIZEN, "look-up", question(CITIZEN, "look-up"), x_road_id="7", x_other="8"
            )

        assert [row["transport"] for row in rows] == [{"x-road-id": "7"}]


class TestQuota:
    def test_that_is_used_up_sends_the_caller_away_until_tomorrow(self, exchange: Exchange) -> None:
        single = question(CITIZEN, "look-up")
        three = question(CITIZEN, "batch", world.LAN, world.TU, world.MO)

        with exchange.logged() as rows:
            answers = [
                exchange.ask(CITIZEN, operation, message, "sparing")
                for operation, message in (
                    ("batch", three),
                    ("batch", three),
                    ("look-up", single),
                    ("look-up", single),
                    ("look-up", single),
                )
            ]

        assert [one.status_code for one in answers] == [200, 429, 200, 200, 429]
        refused = answers[-1]
        require_problem(refused, 429, "exchange.quota_exceeded")
        assert 0 < int(refused.headers["retry-after"]) <= 86_401
        assert "exchange-receipt" in refused.headers
        assert len(rows) == 3 + 3 + 3
        assert rows[-1]["rule"] == "exchange.quota_exceeded"
        assert rows[-1]["fields"] == []

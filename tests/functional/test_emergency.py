"""Emergencies over HTTP: under an agreement for them only, told at once, reviewed or suspended."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
from sqlalchemy import text

from sharing_api.emergencies import service
from sharing_api.emergencies.clock import ReviewClock
from sharing_api.emergencies.values import State
from sharing_api.notices import repository as notices
from tests.factories.exchange import LAW, make_message
from tests.functional.conftest import Exchange, require_entry, require_problem
from tests.functional.world import LAN, NOBODY, TU

CITIZEN = "population/citizen"
PATH = f"/v1/{CITIZEN}/emergency"
REASON = "Unconscious after an accident; relatives must be found."


def question(**changes: Any) -> dict[str, Any]:
    usual = {
        "key": LAN,
        "fields": ["full_name"],
        "emergency": {"reason": REASON, "legal_basis": LAW},
        "officer": "bs-07",
        "case": "CC-7",
    }
    return {**usual, **changes}


def post(exchange: Exchange, client: str, path: str, message: Any, **more: str) -> httpx2.Response:
    token = {"authorization": f"Bearer {exchange.client(client).token()}"}
    body = message if isinstance(message, bytes) else json.dumps(message).encode()
    headers = {"content-type": "application/json", **token, **more}
    return exchange._http.post(exchange.address + path, content=body, headers=headers)


def ask(exchange: Exchange, client: str = "urgent", **changes: Any) -> httpx2.Response:
    return post(exchange, client, PATH, question(**changes))


def last(exchange: Exchange) -> dict[str, Any]:
    return dict(max(exchange.rows("emergency"), key=lambda one: one["asked_at"]))


class TestAsk:
    def test_is_answered_logged_by_its_own_rule_and_told_at_once(self, exchange: Exchange) -> None:
        with exchange.logged() as rows:
            answer = ask(exchange)

        (row,) = rows
        entered = last(exchange)
        assert answer.status_code == 200, answer.text
        assert answer.json()["records"] == [{"full_name": "Nguyễn Thị Lan"}]
        assert answer.headers["exchange-receipt"]
        assert (row["rule"], row["purpose"], row["officer"]) == ("emergency", "emergency", "bs-07")
        assert entered["answer_id"] == row["answer_id"]
        assert (entered["reason"], entered["state"]) == (REASON, "open")
        assert entered["review_by"] - entered["asked_at"] == timedelta(hours=72)
        with exchange.databases.reading("exchange") as session:
            told = [
                one
                for one in notices.list_open(session, recipient="G01")
                if row["entry_id"] in one.entries
            ]
        assert [(one.kind.value, one.fields) for one in told] == [("emergency", ("full_name",))]

    def test_reaches_the_owner_in_its_list_of_notices(self, exchange: Exchange) -> None:
        ask(exchange, case="CC-list")

        # Owner and authority are one agency here, which no client of the world works for.
        with exchange.databases.reading("exchange") as session:
            told = notices.list_open(session, recipient="G01")

        assert "CC-list" in {case for one in told for case in one.cases}

    def test_of_nobody_is_told_too(self, exchange: Exchange) -> None:
        with exchange.logged() as rows:
            require_problem(ask(exchange, key=NOBODY), 404)

        assert [row["rule"] for row in rows] == ["emergency_not_found"]
        assert last(exchange)["answer_id"] == rows[0]["answer_id"]

    @pytest.mark.parametrize("client", ["full", "by-key", "stranger"])
    def test_is_denied_without_an_agreement_for_it(self, exchange: Exchange, client: str) -> None:
        before = len(exchange.rows("emergency"))

        require_problem(ask(exchange, client), 403)

        assert len(exchange.rows("emergency")) == before

    def test_gives_no_field_that_the_agreement_does_not_name(self, exchange: Exchange) -> None:
        refused = require_problem(ask(exchange, fields=["full_name", "religion"]), 403)

        assert refused["fields"][0]["field"] == "fields.religion"

    def test_is_no_usual_question(self, exchange: Exchange) -> None:
        message = make_message(fields=["full_name"], key=LAN, purpose="emergency")

        refused = require_problem(exchange.ask(CITIZEN, "look-up", message, client="urgent"), 403)

        assert refused["fields"][0]["rule"] == "emergency.not_declared"

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"emergency": {"reason": "", "legal_basis": LAW}}, "/emergency/reason"),
            ({"emergency": {"reason": "   ", "legal_basis": LAW}}, "/emergency/reason"),
            ({"emergency": {"legal_basis": LAW}}, "/emergency/reason"),
            ({"emergency": "yes"}, "/emergency"),
            ({"officer": ""}, "/officer"),
            ({"purpose": "emergency"}, "/purpose"),
            ({"fields": []}, "/fields"),
            ({"key": "12"}, "key"),
        ],
    )
    def test_says_which_part_is_not_right(
        self, exchange: Exchange, changes: dict[str, Any], field: str
    ) -> None:
        problem = require_problem(ask(exchange, **changes), 422)

        assert field in {one["field"] for one in problem["fields"]}

    @pytest.mark.parametrize(
        ("body", "status"), [(b"", 400), (b"{", 400), (b"[]", 422), (b'{"a":1,"a":1}', 400)]
    )
    def test_refuses_what_is_no_message(self, exchange: Exchange, body: bytes, status: int) -> None:
        require_problem(post(exchange, "urgent", PATH, body), status)

    def test_that_cannot_be_told_is_not_answered(self, exchange: Exchange) -> None:
        self._let(exchange, "REVOKE INSERT ON exchange.notice FROM exchange_service")
        with exchange.logged() as rows:
            answer = ask(exchange)
        self._let(exchange, "GRANT INSERT ON exchange.notice TO exchange_service")

        require_problem(answer, 503, "exchange.log_unavailable")
        assert "Lan" not in answer.text
        assert rows == []

    @staticmethod
    def _let(exchange: Exchange, statement: str) -> None:
        with exchange.superuser.begin() as connection:
            connection.execute(text(statement))


REVIEW = {"officer": "th-02", "justified": True, "outcome": "the patient was identified"}


class TestReview:
    def path(self, exchange: Exchange) -> str:
        ask(exchange)
        return f"/v1/emergencies/{last(exchange)['answer_id']}/review"

    def test_is_not_for_who_asked_nor_for_others(self, exchange: Exchange) -> None:
        path = self.path(exchange)

        for client in ("urgent", "full"):
            require_problem(
                post(exchange, client, path, REVIEW), 404, "emergencies.emergency_not_found"
            )

    def test_is_kept_once(self, exchange: Exchange) -> None:
        ask(exchange)
        answer_id, now = last(exchange)["answer_id"], datetime.now(UTC)  # noqa: TID251  a review is now
        with exchange.databases.writing("exchange") as session:
            done = service.review(
                session, answer_id, agency="G01", by="th-02", is_justified=False,
                outcome="nobody was hurt", at=now,
            )  # fmt: skip

        assert (done.state, last(exchange)["outcome"]) == (State.UNJUSTIFIED, "nobody was hurt")
        with (
            exchange.databases.writing("exchange") as session,
            pytest.raises(service.errors.AlreadyReviewed),
        ):
            service.review(
                session, answer_id, agency="G01", by="th-02", is_justified=True,
                outcome="again", at=now,
            )  # fmt: skip

    @pytest.mark.parametrize(
        ("message", "status"),
        [
            ({}, 422),
            ([], 400),
            (b"", 400),
            ({"officer": "a", "justified": "yes", "outcome": "b"}, 422),
            ({"officer": "a", "justified": True, "outcome": " "}, 422),
            ({"officer": "a", "justified": True, "outcome": "b", "else": 1}, 422),
        ],
    )
    def test_bad_reviews_are_refused(self, exchange: Exchange, message: Any, status: int) -> None:
        path = "/v1/emergencies/0190d8f6-0000-7000-8000-000000000000/review"

        require_problem(post(exchange, "urgent", path, message), status)

    def test_needs_an_id(self, exchange: Exchange) -> None:
        require_problem(post(exchange, "urgent", "/v1/emergencies/x/review", REVIEW), 422)


class TestMissedReview:
    @pytest.fixture(autouse=True)
    def no_others(self, exchange: Exchange) -> None:
        """Review what other tests asked: their agreements are not to be suspended here."""
        with exchange.databases.writing("exchange") as session:
            for one in exchange.rows("emergency"):
                if one["state"] == "open":
                    service.review(
                        session, one["answer_id"], agency="G01", by="th-02", is_justified=True,
                        outcome="of another test", at=datetime.now(UTC),  # noqa: TID251  a review is now
                    )  # fmt: skip

    def test_suspends_the_agreement_in_every_process_and_no_other(self, exchange: Exchange) -> None:
        assert ask(exchange, "urgent-too", key=TU).status_code == 200
        answer_id = last(exchange)["answer_id"]
        late = last(exchange)["review_by"] + timedelta(seconds=1)
        with exchange.databases.writing("exchange") as session:
            early = service.suspend_missed(session, at=late - timedelta(seconds=2))
            assert answer_id not in {one.answer_id for one in early}

        with exchange.databases.writing("exchange") as session:
            mine = [
                one
                for one in service.suspend_missed(session, at=late)
                if one.answer_id == answer_id
            ]

        assert len(mine) == 1
        waited = exchange.until(lambda: ask(exchange, "urgent-too", key=TU).status_code == 403)
        assert waited < 5
        assert exchange.ask(
            CITIZEN, "look-up", make_message(fields=["full_name"], key=TU)
        ).is_success
        with exchange.databases.writing("exchange") as session:
            again = service.suspend_missed(session, at=late)
        assert answer_id not in {one.answer_id for one in again}
        stands = {row["answer_id"]: row["state"] for row in exchange.rows("emergency")}
        assert stands[answer_id] == "missed"

    def test_is_found_by_the_clock_of_a_process(self, exchange: Exchange) -> None:
        assert ask(exchange, "urgent-late", key=TU).status_code == 200
        entered = last(exchange)
        late = entered["review_by"] + timedelta(seconds=1)
        clock = ReviewClock(exchange.databases, lambda: late, seconds=0.05)

        clock.start()
        exchange.until(lambda: ask(exchange, "urgent-late", key=TU).status_code == 403)
        clock.stop()

        stands = {row["answer_id"]: row["state"] for row in exchange.rows("emergency")}
        assert stands[entered["answer_id"]] == "missed"


class TestCounts:
    def test_are_public_and_name_nobody(self, exchange: Exchange) -> None:
        ask(exchange)

        counted = exchange.get("/v1/emergencies")

        assert counted.status_code == 200
        (mine, *_) = [one for one in counted.json() if one["consumer"] == "H85"]
        assert set(mine) == {"month", "provider", "consumer", "dataset", "state", "answers"}
        assert sum(one["answers"] for one in counted.json()) == len(exchange.rows("emergency"))
        for secret in (LAN, "bs-07", "CC-7", "accident"):
            assert secret not in counted.text


def test_require_entry_of_an_emergency_names_no_name(exchange: Exchange) -> None:
    with exchange.logged() as rows:
        ask(exchange, key=TU, officer="cb-01", case="H-7")

    assert rows[0]["rule"] == "emergency"
    row = {**rows[0], "purpose": make_message()["purpose"]}
    require_entry(exchange, row, CITIZEN, TU)

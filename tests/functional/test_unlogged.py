"""Nothing leaves that is not in the log, and no question of a round costs another its answer."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text

from sharing_api.access_log.receipts import ReceiptSigner
from sharing_api.agreements.credentials import Caller
from sharing_api.agreements.registry import Rights, read_rights
from sharing_api.app import province_vintages
from sharing_api.disclosure import request
from sharing_api.disclosure.corridor import Corridor
from sharing_api.disclosure.decision import QuotaKeeper
from sharing_api.disclosure.inquiry import Inquiry
from tests.functional import world
from tests.functional.conftest import Exchange, require_problem
from tests.functional.world import CASES, question

CITIZEN = "population/citizen"


class TestLogThatCannotBeWritten:
    @pytest.mark.parametrize("operation", ["look-up", "verify", "batch", "search"])
    def test_lets_nothing_out(self, exchange: Exchange, operation: str) -> None:
        with exchange.logged() as rows, read_only_log(exchange):
            response = exchange.ask(CITIZEN, operation, question(CITIZEN, operation))

        document = require_problem(response, 503, "exchange.log_unavailable")
        assert response.headers["retry-after"]
        assert "exchange-receipt" not in response.headers
        for secret in (*CASES[CITIZEN].secret.split(), world.TU):
            assert secret not in response.text
        assert "fields" not in document
        assert rows == []

    def test_opens_again_by_itself(self, exchange: Exchange) -> None:
        asked = (CITIZEN, "look-up", question(CITIZEN, "look-up"))

        with read_only_log(exchange):
            assert exchange.ask(*asked).status_code == 503

        assert exchange.ask(*asked).status_code == 200


@contextmanager
def read_only_log(exchange: Exchange) -> Iterator[None]:
    with exchange.superuser.begin() as connection:
        connection.execute(text("REVOKE INSERT ON exchange.access_entry FROM exchange_service"))
    try:
        yield
    finally:
        with exchange.superuser.begin() as connection:
            connection.execute(text("GRANT INSERT ON exchange.access_entry TO exchange_service"))


class Reading:
    """Rights as they were when the test began."""

    def __init__(self, rights: Rights) -> None:
        self.rights = rights


class TestRound:
    def test_lets_no_question_fail_its_neighbours(self, exchange: Exchange) -> None:
        bad = [
            make_inquiry(exchange, "look-up", question(CITIZEN, "look-up", as_of=10**9)),
            make_inquiry(
                exchange, "search", question(CITIZEN, "search", predicates={"name": True})
            ),
            make_inquiry(exchange, "search", question(CITIZEN, "search", predicates={"sex": "x"})),
            make_inquiry(exchange, "look-up", question(CITIZEN, "look-up", purpose="other")),
            make_inquiry(exchange, "look-up", question(CITIZEN, "look-up", fields=["no_such"])),
            make_inquiry(exchange, "look-up", question(CITIZEN, "look-up", world.NOBODY)),
            make_inquiry(exchange, "look-up", question(CITIZEN, "look-up", valid_on="0001-01-01")),
            make_inquiry(exchange, "look-up", question(CITIZEN, "look-up", valid_on="9999-12-31")),
        ]
        good = [
            make_inquiry(exchange, operation, question(CITIZEN, operation))
            for operation in ("look-up", "verify", "batch", "search", "look-up")
        ]
        corridor = make_corridor(exchange)

        with exchange.logged() as rows:
            corridor.answer_all([*bad[:4], *good, *bad[4:]])

        assert [one.status for one in good] == [200] * 5
        assert all(400 <= one.status < 500 for one in bad[:6])
        assert all(one.status in (200, 404) for one in bad[6:])
        assert all(one.is_logged and one.receipt for one in (*bad, *good))
        assert len({row["answer_id"] for row in rows}) == 13

    def test_lets_one_entry_that_cannot_be_written_hold_back_its_own_answer_only(
        self, exchange: Exchange
    ) -> None:
        good, bad, also_good = (
            make_inquiry(exchange, "look-up", question(CITIZEN, "look-up")) for _ in range(3)
        )
        bad.officer = "zero \x00 byte"  # cannot come through the door: the schema refuses it

        make_corridor(exchange).answer_all([good, bad, also_good])

        assert (good.status, bad.status, also_good.status) == (200, 503, 200)
        assert b"exchange.log_unavailable" in bad.body
        assert bad.receipt == ""


def make_corridor(exchange: Exchange) -> Corridor:
    with exchange.databases.reading("exchange") as session:
        rights = read_rights(session, province_vintages)
    return Corridor(
        databases=exchange.databases,
        registry=Reading(rights),
        quota=QuotaKeeper(exchange.databases),
        signer=ReceiptSigner(
            exchange.keys.receipt,
            key_id=exchange.keys.receipt_key_id,
            issuer=exchange.settings.issuer,
            log_name=exchange.settings.log_name,
        ),
        subject_key=exchange.keys.subject,
        pseudonym_key=exchange.keys.pseudonym,
    )


def make_inquiry(exchange: Exchange, operation: str, message: dict[str, Any]) -> Inquiry:
    return request.read(
        Caller("H90", "full", 2**40),
        dataset_name=CITIZEN,
        operation=operation,
        body=json.dumps(message).encode(),
        headers={},
        now=datetime.now(UTC),  # noqa: TID251  the question is asked now
    )

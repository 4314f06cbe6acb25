import asyncio
import threading
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime

import orjson
import pytest

from sharing_api.agreements import values
from sharing_api.disclosure import coalescing, forms, inquiry

ANSWER = b"data that came too late"


class HangingCorridor:
    """Stands still until it is let go, as a round does whose database does not answer."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.asked = 0

    def answer_all(self, inquiries: Sequence[inquiry.Inquiry]) -> None:
        self.asked += len(inquiries)
        self.go.wait(timeout=10)
        for one in inquiries:
            one.status, one.body, one.receipt, one.is_logged = 200, ANSWER, "receipt", True


def make_inquiry() -> inquiry.Inquiry:
    question = values.Question(
        "G15", "population/citizen", "look-up", ("pin",), "civil_status.registration", "law", ""
    )
    moment = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
    return inquiry.Inquiry(
        uuid.UUID(int=7), moment, question, "client", "officer", "case", b"", forms.JSON, {}
    )


async def ask(corridor: HangingCorridor, count: int) -> list[inquiry.Inquiry]:
    """Ask of a corridor that stands still until everybody has lost patience."""
    coalescer = coalescing.Coalescer(corridor.answer_all, limit=1, threads=1)
    coalescer.start()
    try:
        return list(await asyncio.gather(*(coalescer.answer(make_inquiry()) for _ in range(count))))
    finally:
        corridor.go.set()
        await asyncio.to_thread(coalescer.stop)


@pytest.fixture(autouse=True)
def _short_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coalescing, "PATIENCE_SECONDS", 0.05)


class TestAnswer:
    def test_gives_a_problem_when_the_databases_stand_still(self) -> None:
        (answered,) = asyncio.run(ask(HangingCorridor(), 1))

        assert answered.status == 503
        assert orjson.loads(answered.body)["code"] == "exchange.register_unavailable"

    def test_keeps_what_comes_too_late_to_itself(self) -> None:
        (answered,) = asyncio.run(ask(HangingCorridor(), 1))

        assert (answered.receipt, answered.is_logged) == ("", False)
        assert ANSWER not in answered.body

    def test_does_not_read_for_those_who_wait_no_more(self) -> None:
        corridor = HangingCorridor()

        asyncio.run(ask(corridor, 3))

        assert corridor.asked == 1

"""Questions about people do not wait for maps and tables."""

import asyncio
import dataclasses
import threading
from collections.abc import Sequence

from sharing_api.disclosure import catalogue, coalescing
from sharing_api.disclosure.inquiry import Inquiry
from tests.resilience.test_patience import make_inquiry


class BusyCorridor:
    """Answers questions about people at once, and those about nobody once it is let go."""

    def __init__(self) -> None:
        self.go = threading.Event()

    def answer_all(self, inquiries: Sequence[Inquiry]) -> None:
        is_personal = {one.dataset is None or one.dataset.is_personal for one in inquiries}
        if False in is_personal:
            self.go.wait(timeout=10)
        for one in inquiries:
            one.body = b"answered"


def make_question_of(dataset: str) -> Inquiry:
    return dataclasses.replace(make_inquiry(), dataset=catalogue.DATASETS[dataset])


async def ask_behind_maps(corridor: BusyCorridor) -> tuple[bytes, int]:
    """Ask about a person while more tiles are drawn than there are threads for them."""
    coalescer = coalescing.Coalescer(corridor.answer_all, limit=8, threads=1)
    coalescer.start()
    try:
        drawn = [
            asyncio.create_task(coalescer.answer(make_question_of("land/parcel_tile")))
            for _ in range(10)
        ]
        answered = await asyncio.wait_for(
            coalescer.answer(make_question_of("population/citizen")), timeout=5
        )
        waiting = sum(not one.done() for one in drawn)
        corridor.go.set()
        await asyncio.gather(*drawn)
        return answered.body, waiting
    finally:
        corridor.go.set()
        await asyncio.to_thread(coalescer.stop)


class TestAnswer:
    def test_answers_about_people_while_maps_are_drawn(self) -> None:
        assert asyncio.run(ask_behind_maps(BusyCorridor())) == (b"answered", 10)

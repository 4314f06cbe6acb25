"""Questions that arrive together go through the corridor together.

A few threads take whatever waits, up to a limit, and answer it as one round: one read per dataset
and columns, one write, one commit for all. While one round waits for its commit the next one reads.
"""

import asyncio
import dataclasses
import logging
import queue
import threading
from collections.abc import Callable, Sequence

from sharing_api import errors
from sharing_api.disclosure import standard
from sharing_api.disclosure.inquiry import Inquiry

log = logging.getLogger(__name__)
PATIENCE_SECONDS = 8.0
NOTHING_FOUND_SECONDS = 0.025
Waiting = tuple[Inquiry, "asyncio.Future[Inquiry]"]


class Coalescer:
    """Gathers questions into rounds."""

    def __init__(
        self, answer_all: Callable[[Sequence[Inquiry]], None], *, limit: int, threads: int
    ) -> None:
        self._answer_all = answer_all
        self._limit = limit
        self._queue: queue.SimpleQueue[Waiting | None] = queue.SimpleQueue()
        self._threads = [
            threading.Thread(target=self._run, name=f"corridor-{number}", daemon=True)
            for number in range(threads)
        ]

    def start(self) -> None:
        """Start taking questions."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Answer what waits, then stop."""
        for _ in self._threads:
            self._queue.put(None)
        for thread in self._threads:
            thread.join(timeout=10)

    async def answer(self, inquiry: Inquiry) -> Inquiry:
        """Hand in a question and wait for its answer, but not for ever.

        That nothing was found is said no sooner than a fixed time after the question: to read a
        record and withhold it takes a little longer than to find none, and must not show.
        """
        loop = asyncio.get_running_loop()
        asked_at = loop.time()
        future: asyncio.Future[Inquiry] = loop.create_future()
        self._queue.put((inquiry, future))
        patience = loop.call_later(PATIENCE_SECONDS, _give_up, inquiry, future)
        try:
            answered = await future
        finally:
            patience.cancel()
        if isinstance(answered.problem, errors.RecordNotFound):
            await asyncio.sleep(asked_at + NOTHING_FOUND_SECONDS - loop.time())
        return answered

    def _run(self) -> None:
        while True:
            first = self._queue.get()
            if first is None:
                return
            waiting, ended = self._gather(first)
            # Nobody waits any more for what was asked before the databases stood still.
            waiting = [one for one in waiting if not one[1].done()]
            if waiting:
                self._answer(waiting)
            if ended:
                return

    def _gather(self, first: Waiting) -> tuple[list[Waiting], bool]:
        waiting = [first]
        while len(waiting) < self._limit:
            try:
                following = self._queue.get_nowait()
            except queue.Empty:
                break
            if following is None:
                return waiting, True
            waiting.append(following)
        return waiting, False

    def _answer(self, waiting: Sequence[Waiting]) -> None:
        try:
            self._answer_all([inquiry for inquiry, _ in waiting])
        except Exception as error:
            # A defect, not a refusal: nobody of this round gets data, everybody gets an answer.
            log.exception("a round of the corridor failed")
            for inquiry, _ in waiting:
                inquiry.is_logged = False
                inquiry.problem = errors.RegisterUnavailable("The exchange failed; ask again.")
                inquiry.problem.__cause__ = error
                standard.write_problem(inquiry)
        loop = waiting[0][1].get_loop()
        loop.call_soon_threadsafe(_release, waiting)


def _give_up(inquiry: Inquiry, future: "asyncio.Future[Inquiry]") -> None:
    """Answer without data; the round may still log what it read, which is safe."""
    if not future.done():
        problem = errors.RegisterUnavailable("No answer came in time; ask again.")
        late = dataclasses.replace(inquiry, is_logged=False, receipt="", problem=problem)
        standard.write_problem(late)
        future.set_result(late)


def _release(waiting: Sequence[Waiting]) -> None:
    for inquiry, future in waiting:
        if not future.done():  # the caller may have gone
            future.set_result(inquiry)

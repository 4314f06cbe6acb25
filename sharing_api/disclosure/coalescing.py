"""Questions that arrive together go through the corridor together.

A few threads take whatever waits, up to a limit, and answer it as one round: one read per dataset
and columns, one write, one commit for all. While one round waits for its commit the next one reads.
Questions about nobody, and feeds, have a lane of their own: a map or a table takes the database as
long as a hundred look-ups, and people are not to wait for it.
"""

import asyncio
import dataclasses
import logging
import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from sharing_api import errors
from sharing_api.disclosure import standard
from sharing_api.disclosure.inquiry import Inquiry

log = logging.getLogger(__name__)
PATIENCE_SECONDS = 8.0
NOTHING_FOUND_SECONDS = 0.025
NOBODY_ALIKE_SECONDS = 0.06  # a search for candidates reads and compares before it says nothing
PUBLIC_THREADS = 2
_PUBLIC_LIMIT = 4  # so that the threads share what waits
Waiting = tuple[Inquiry, "asyncio.Future[Inquiry]"]


@dataclass(frozen=True, slots=True)
class _Lane:
    """What waits for the same threads.

    Args:
        limit: questions of one round at most.
        threads: rounds under way at the same time.
    """

    name: str
    limit: int
    threads: int
    waiting: "queue.SimpleQueue[Waiting | None]" = field(default_factory=queue.SimpleQueue)


class Answerer(Protocol):
    """Takes a question and gives it back answered."""

    async def answer(self, inquiry: Inquiry) -> Inquiry:
        """Answer a question."""


class Coalescer:
    """Gathers questions into rounds.

    Args:
        answer_all: answers a round.
        limit, threads: of the lane of questions about people.
    """

    def __init__(
        self, answer_all: Callable[[Sequence[Inquiry]], None], *, limit: int, threads: int
    ) -> None:
        self._answer_all = answer_all
        self._personal = _Lane("personal", limit, threads)
        self._public = _Lane("public", _PUBLIC_LIMIT, PUBLIC_THREADS)
        self._threads = [
            threading.Thread(
                target=self._run, args=(lane,), name=f"corridor-{lane.name}-{number}", daemon=True
            )
            for lane in (self._personal, self._public)
            for number in range(lane.threads)
        ]

    def start(self) -> None:
        """Start taking questions."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Answer what waits, then stop."""
        for lane in (self._personal, self._public):
            for _ in range(lane.threads):
                lane.waiting.put(None)
        for thread in self._threads:
            thread.join(timeout=10)

    async def answer(self, inquiry: Inquiry) -> Inquiry:
        """Hand in a question and wait for its answer, but not for ever.

        That nothing was found is said no sooner than a fixed time after the question: to read a
        record and withhold it takes a little longer than to find none, and must not show. So are
        searches under an agreement that does not reach everybody.
        """
        loop = asyncio.get_running_loop()
        asked_at = loop.time()
        future: asyncio.Future[Inquiry] = loop.create_future()
        self._lane_of(inquiry).waiting.put((inquiry, future))
        patience = loop.call_later(PATIENCE_SECONDS, _give_up, inquiry, future)
        try:
            answered = await future
        finally:
            patience.cancel()
        if _must_not_show(answered):
            held = NOBODY_ALIKE_SECONDS if answered.given else NOTHING_FOUND_SECONDS
            await asyncio.sleep(asked_at + held - loop.time())
        return answered

    def _lane_of(self, inquiry: Inquiry) -> _Lane:
        is_personal = inquiry.dataset is None or inquiry.dataset.is_personal
        # A page of a feed takes as long as a map does.
        is_long = inquiry.question.operation == "feed"
        return self._personal if is_personal and not is_long else self._public

    def _run(self, lane: _Lane) -> None:
        while True:
            first = lane.waiting.get()
            if first is None:
                return
            waiting, ended = _gather(lane, first)
            # Nobody waits any more for what was asked before the databases stood still.
            waiting = [one for one in waiting if not one[1].done()]
            if waiting:
                self._answer(waiting)
            if ended:
                return

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


def _must_not_show(answered: Inquiry) -> bool:
    """Test whether the time of an answer would tell of records that are outside of its reach."""
    if isinstance(answered.problem, errors.RecordNotFound) or answered.is_about_nobody_alike:
        return True
    decision = answered.decision
    is_search = answered.question.operation in ("search", "candidates")
    return is_search and decision is not None and decision.permitted and decision.is_scoped


def _gather(lane: _Lane, first: Waiting) -> tuple[list[Waiting], bool]:
    """Take what waits, up to the limit; tell whether the end was met."""
    waiting = [first]
    while len(waiting) < lane.limit:
        try:
            following = lane.waiting.get_nowait()
        except queue.Empty:
            break
        if following is None:
            return waiting, True
        waiting.append(following)
    return waiting, False


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

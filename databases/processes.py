"""Working on several things at a time, in processes that are forked.

What they work on is large and stays where it is: a forked process sees it without a copy. Only
what comes of it is handed back. A thread that waits (for the terminal, or for Arrow's next task)
does no harm to them, for they use nothing that it could hold: NumPy, Arrow's functions on single
arrays, RapidFuzz and files of their own.
"""

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from typing import Any, TypeVar

Thing = TypeVar("Thing")
Result = TypeVar("Result")

_inherited: list[Callable[[Any], Any]] = []


def _run(thing: Any) -> Any:
    return _inherited[-1](thing)


def run_each(work: Callable[[int], Result], count: int, workers: int) -> Iterator[Result]:
    """Do the pieces of some work, in their order.

    Args:
        work: does the piece of a number from 0 on.
        count: of pieces.
        workers: processes; with fewer than two, or a single piece, all is done here.
    """
    if count < 2:
        workers = 0
    yield from run_all(work, range(count), min(workers, count))


def run_all(
    work: Callable[[Thing], Result], things: Iterable[Thing], workers: int
) -> Iterator[Result]:
    """Do some work on each of several things, in their order; few are in memory at a time.

    Args:
        work: what is done with each.
        things: small, or made when they are drawn; they are handed over by pickling.
        workers: processes; with fewer than two all is done here.
    """
    if workers < 2:
        yield from map(work, things)
        return
    _inherited.append(work)
    try:
        context = multiprocessing.get_context("fork")
        with ProcessPoolExecutor(workers, mp_context=context) as pool:
            pending: deque[Future[Result]] = deque()
            for thing in things:
                pending.append(pool.submit(_run, thing))
                if len(pending) > 2 * workers:
                    yield pending.popleft().result()
            while pending:
                yield pending.popleft().result()
    finally:
        _inherited.pop()

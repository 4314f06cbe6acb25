"""Working on several things at a time, in processes that are forked.

What they work on is large and stays where it is: a forked process sees it without a copy. Only
what comes of it is handed back. A thread that waits (for the terminal, or for Arrow's next task)
does no harm to them, for they use nothing that it could hold: NumPy, Arrow's functions on single
arrays, RapidFuzz and files of their own.
"""

import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from typing import Any, TypeVar

Result = TypeVar("Result")

_inherited: list[Callable[[int], Any]] = []


def _run(number: int) -> Any:
    return _inherited[-1](number)


def run_each(work: Callable[[int], Result], count: int, workers: int) -> Iterator[Result]:
    """Do the pieces of some work, in their order.

    Args:
        work: does the piece of a number from 0 on.
        count: of pieces.
        workers: processes; with fewer than two, or a single piece, all is done here.
    """
    if workers < 2 or count < 2:
        yield from map(work, range(count))
        return
    _inherited.append(work)
    try:
        context = multiprocessing.get_context("fork")
        with ProcessPoolExecutor(min(workers, count), mp_context=context) as pool:
            yield from pool.map(_run, range(count))
    finally:
        _inherited.pop()

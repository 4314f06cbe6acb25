"""Draws the items of a generator in a thread, a few ahead of the one who takes them."""

import contextlib
import itertools
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

_Item = TypeVar("_Item")


@contextlib.contextmanager
def drawn(items: Iterator[_Item], *, most: int) -> Iterator[Iterator[_Item]]:
    """Draw items while those before them are used; the next one waits when `most` are ready.

    Args:
        items: made by a thread of its own until the block ends, so it shares nothing that the
            block changes, above all no session.
        most: items that are held ready; they are all the memory that drawing ahead takes.

    Returns:
        the items in their order. What drawing one of them raises is raised where it is taken.
    """
    with ThreadPoolExecutor(1, "ahead") as thread:
        pending: deque[Future[list[_Item]]] = deque()

        def take() -> Iterator[_Item]:
            while True:
                while len(pending) < most:
                    pending.append(thread.submit(_draw, items))
                drawn_one = pending.popleft().result()
                if not drawn_one:
                    return
                yield drawn_one[0]

        try:
            yield take()
        finally:
            for one in pending:
                one.cancel()


def _draw(items: Iterator[_Item]) -> list[_Item]:
    """Draw one item, none at the end: a future cannot raise StopIteration."""
    return list(itertools.islice(items, 1))

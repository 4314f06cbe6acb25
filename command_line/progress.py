"""Progress of long work: a bar on a terminal, a line now and then elsewhere; on standard error."""

import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

_EVERY_S = 2.0
_GUESSED = "validating"  # line ends tell how many rows to expect, and some stand inside of quotes

# What the steps of record matching are called.
MATCHING = {
    "reading": "reading",
    "register": "reading the register",
    "blocking": "choosing which records meet",
    "sampling": "looking at strangers",
    "comparing": "comparing pairs",
    "learning": "learning from the pairs",
    "grouping": "grouping",
    "writing": "writing",
}

Progress = Callable[[str, int, int], None]


def count_cores() -> int:
    """Say how much of this machine one command may use."""
    return min(8, os.cpu_count() or 1)


def count_workers() -> int:
    """Say how many processes of our own may work beside each other; 0: none but this one."""
    return count_cores() if sys.platform == "linux" else 0


@contextmanager
def show(steps: Mapping[str, str]) -> Iterator[Progress]:
    """Give a function that is told step, what is done, and what there is to do (0: unknown).

    Args:
        steps: step → what it is called.
    """
    if not sys.stderr.isatty():
        yield _plain_lines(steps)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description:<28}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("starting", total=None)
        yield lambda step, done, expected: bar.update(
            task, description=steps[step], completed=done, total=expected or None
        )


def _plain_lines(steps: Mapping[str, str]) -> Progress:
    last_step, last_at = "", 0.0

    def say(step: str, done: int, expected: int) -> None:
        nonlocal last_step, last_at
        at = time.monotonic()
        if step != last_step or at - last_at >= _EVERY_S:
            about = "about " if step == _GUESSED else ""
            amount = f": {done} of {about}{expected}" if expected else f": {done}" if done else ""
            print(f"{steps[step]}{amount}", file=sys.stderr)
            last_step, last_at = step, at

    return say

"""Tells the operator what happens: bars on a terminal, plain lines everywhere else."""

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager

from databases.local_cluster import reports

_PLAIN_EVERY_SECONDS = 10.0
# Steps quicker than this are not worth a line of their own.
_SHORT_SECONDS = 0.5


class Terminal:
    """A reporter that writes to the terminal."""

    def __init__(self, *, yes: bool = False) -> None:
        self._asks = not yes and sys.stdin is not None and sys.stdin.isatty() and not _in_ci()
        self._draws = sys.stdout.isatty()

    def say(self, text: str) -> None:
        """Tell one thing that was decided or done."""
        print(text, flush=True)

    def confirm(self, question: str) -> bool:
        """Ask a yes-or-no question; True where nobody can be asked."""
        if not self._asks:
            return True
        return input(f"{question} [Y/n] ").strip().lower() in ("", "y", "yes")

    @contextmanager
    def step(self, label: str) -> Iterator[reports.Advance]:
        """Open a long step and show how far it is."""
        with self._drawn(label) if self._draws else self._plain(label) as advance:
            yield advance

    @contextmanager
    def steps(self) -> Iterator[Callable[[str, int, int], None]]:
        """Open a series of steps; each call says (label, done, total), a new label a new step."""
        with ExitStack() as whole:
            current: list[tuple[str, reports.Advance, ExitStack]] = []

            def progress(label: str, done: int, total: int) -> None:
                if not current or current[-1][0] != label:
                    if current:
                        current.pop()[2].close()
                    stack = whole.enter_context(ExitStack())
                    current.append((label, stack.enter_context(self.step(label)), stack))
                current[-1][1](done, total)

            yield progress

    @contextmanager
    def _drawn(self, label: str) -> Iterator[reports.Advance]:
        from rich import progress

        columns = (
            progress.TextColumn("{task.description}"),
            progress.BarColumn(),
            progress.TaskProgressColumn(),
            progress.TimeElapsedColumn(),
        )
        with progress.Progress(*columns) as bars:
            task = bars.add_task(label, total=None)

            def advance(done: int, total: int) -> None:
                bars.update(task, completed=done, total=total)

            yield advance
            total = bars.tasks[0].total or 1
            bars.update(task, completed=total, total=total)

    @contextmanager
    def _plain(self, label: str) -> Iterator[reports.Advance]:
        began = said = time.monotonic()

        def advance(done: int, total: int) -> None:
            nonlocal said
            if time.monotonic() - said >= _PLAIN_EVERY_SECONDS:
                said = time.monotonic()
                print(f"{label}: {done * 100 // max(total, 1)} %", flush=True)

        yield advance
        took = time.monotonic() - began
        if took >= _SHORT_SECONDS:
            print(f"{label}: done ({took:.1f} s)", flush=True)


def progress_line(what: str) -> Callable[[int], None]:
    """Give a function that shows one growing number on a line of its own.

    It writes to standard error, so that what the command prints can be kept; where that is no
    terminal it says something every ten seconds only.
    """
    draws = sys.stderr.isatty()
    said = time.monotonic()

    def show(done: int) -> None:
        nonlocal said
        if draws:
            print(f"\r{done:,} {what} ", end="", file=sys.stderr, flush=True)
        elif time.monotonic() - said >= _PLAIN_EVERY_SECONDS:
            said = time.monotonic()
            print(f"{done:,} {what}", file=sys.stderr, flush=True)

    return show


def _in_ci() -> bool:
    return os.environ.get("CI", "").lower() in ("1", "true", "yes")


def print_table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    """Print rows under heads, each column as wide as its widest value."""
    widths = [max(len(row[i]) for row in [heads, *rows]) for i in range(len(heads))]
    for row in [heads, *rows]:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        print("  ".join(cells).rstrip())

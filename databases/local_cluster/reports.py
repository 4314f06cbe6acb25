"""How the work on the cluster tells a person what it does; the command line gives the real one."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

Advance = Callable[[int, int], None]


class Reporter(Protocol):
    """Tells what happens and asks before the system is changed."""

    def say(self, text: str) -> None:
        """Tell one thing that was decided or done."""

    def confirm(self, question: str) -> bool:
        """Ask a yes-or-no question; True where nobody can be asked."""

    def step(self, label: str) -> AbstractContextManager[Advance]:
        """Open a long step; the value given is called with (done, total)."""


class Silent:
    """Tells nothing and agrees to everything; for tests and programs."""

    def say(self, text: str) -> None:
        """Tell nothing."""

    def confirm(self, question: str) -> bool:
        """Agree."""
        return True

    @contextmanager
    def step(self, label: str) -> Iterator[Advance]:
        """Show nothing."""
        yield lambda _done, _total: None

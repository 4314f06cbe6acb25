"""Opens the corridor for work of the exchange's own: who works, and why, is told to the log."""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

import typer

if TYPE_CHECKING:
    from sharing_api.disclosure.corridor import Corridor
    from sharing_api.disclosure.in_house import Errand

Chosen = TypeVar("Chosen", bound=StrEnum)


@contextmanager
def open_corridor(
    client: str, purpose: str, case_reference: str, legal_basis: str = ""
) -> "Iterator[tuple[Corridor, Errand]]":
    """Open it for a system of this machine.

    Args:
        client: the system, as registered.
        purpose: one of its agreement's.
        case_reference: what the questions of one piece of work have in common.
        legal_basis: one of the agreement's; the usual one of a sample system if left out.

    Raises:
        RegisterUnavailable: the agreements in force cannot be read.
    """
    from databases import settings as settings_module
    from sharing_api import app, bootstrap
    from sharing_api.disclosure.in_house import Errand

    basis = legal_basis or bootstrap.usual_legal_basis(client)
    errand = Errand(client, user(), purpose, basis, case_reference)
    with app.open_corridor(settings_module.load()) as corridor:
        yield corridor, errand


def choose(kinds: type[Chosen], text: str, what: str) -> Chosen:
    """Read one of the values of an option that has few.

    Raises:
        BadParameter: there is none of that name; the message lists them.
    """
    try:
        return kinds(text)
    except ValueError as error:
        known = ", ".join(kinds)
        raise typer.BadParameter(f"there is no {what} {text}; known are: {known}") from error


def user() -> str:
    """Name who works at this machine: the officer, for the log."""
    return getpass.getuser()


def now() -> datetime:
    """Read the clock: the command line is an edge."""
    return datetime.now(UTC)  # noqa: TID251  the edge

"""Opens the corridor for work of the exchange's own: who works, and why, is told to the log."""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sharing_api.disclosure.corridor import Corridor
    from sharing_api.disclosure.in_house import Errand


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
    errand = Errand(client, getpass.getuser(), purpose, basis, case_reference)
    with app.open_corridor(settings_module.load()) as corridor:
        yield corridor, errand


def now() -> datetime:
    """Read the clock: the command line is an edge."""
    return datetime.now(UTC)  # noqa: TID251  the edge

"""Acts that an officer records at the command line: who, why, by which paper and article."""

import getpass
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Final

import typer

from command_line import in_house

if TYPE_CHECKING:
    from databases.changes.ledger import Act
    from databases.errors import FieldProblem

IDENTITY_LAW: Final = "Law on Identity 26/2023/QH15"
Reason = Annotated[str, typer.Option(help="why, in words; stays in the ledger")]
Document = Annotated[str, typer.Option(help="paper that orders it")]
Officer = Annotated[str, typer.Option(help="who records it; the user of this machine if left out")]
Basis = Annotated[str, typer.Option(help="article that allows it")]


def describe(unit: str, officer: str, reason: str, legal_basis: str, document: str) -> "Act":
    """Describe an act that somebody records at this machine now.

    Args:
        unit: what records it.
        officer: who records it; the user of this machine if empty.
    """
    from databases.changes.ledger import Act

    return Act(unit, in_house.now(), officer or getpass.getuser(), reason, legal_basis, document)


def print_remarks(problems: "Iterable[FieldProblem]") -> None:
    """Print what the register took, but doubts."""
    for one in problems:
        print(f"  {one.field}: {one.message}")

"""Officers whose numbers agencies file for auditors: `./natdb audit officers file | count`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from command_line import in_house

if TYPE_CHECKING:
    from sharing_api.auditing.officers import Officers


def register(audit: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(help="Officers whose numbers were filed.", no_args_is_help=True)
    group.command("file")(file)
    group.command("count")(count)
    audit.add_typer(group, name="officers")


def file(
    path: Annotated[
        Path,
        typer.Argument(exists=True, dir_okay=False, help="CSV: agency_code, officer, pin"),
    ],
) -> None:
    """File officers; their numbers are sealed. A file with a line that is not fit files nobody."""
    from databases import errors

    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise errors.Invalid.of_field("path", "file.utf8", "The file is not UTF-8.") from error
    print(f"officers filed: {open_officers().file(lines)}")


def count() -> None:
    """Count filed officers by agency."""
    from databases.sessions import open_databases
    from sharing_api.auditing.repository import officers

    with open_databases("natdb-audit").reading("exchange") as session:
        for agency, number in officers.count_by_agency(session).items():
            print(f"{number:8} {agency}")


def open_officers() -> "Officers":
    """Open the list of officers of this machine."""
    from databases.sessions import open_databases
    from sharing_api import keys, settings
    from sharing_api.auditing.officers import Officers

    databases = open_databases("natdb-audit")
    secret = keys.load(settings.load(databases.settings)).subject
    return Officers(databases, secret, in_house.now)

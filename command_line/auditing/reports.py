"""Reports of auditors: `./natdb audit report 2026Q4 | check-report`."""

from pathlib import Path
from typing import Annotated

import typer

from command_line import in_house


def register(audit: typer.Typer) -> None:
    """Add the commands."""
    audit.command("report")(report)
    audit.command("check-report")(check)


def report(
    quarter: Annotated[str, typer.Argument(help="year and quarter, such as 2026Q4")],
    out: Annotated[Path, typer.Option(help="folder to write to")] = Path(),
) -> None:
    """Write who shared what with whom in a quarter: a signed page, and CSV."""
    from command_line.auditing import files
    from databases.sessions import open_databases
    from sharing_api.auditing import quarterly

    databases = open_databases("natdb-audit")
    asked = quarterly.Quarter.parse(quarter)
    with databases.reading("exchange") as session:
        made = quarterly.make(session, asked, at=in_house.now())
    out.mkdir(parents=True, exist_ok=True)
    page = out / f"sharing-{asked.name}.html"
    table = out / f"sharing-{asked.name}.csv"
    files.write_signed(databases, page, made.to_html())
    table.write_text(made.to_csv(), encoding="utf-8", newline="")
    print(f"{len(made.flows)} flows of data written to {page} and {table}")


def check(
    path: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="signed file")],
    keys: Annotated[
        Path, typer.Option(exists=True, dir_okay=False, help="public keys, as of /v1/keys")
    ],
    signature: Annotated[
        Path | None, typer.Option(help="its signature; the file beside it if left out")
    ] = None,
) -> None:
    """Tell whether a report is, byte for byte, what the exchange signed. Needs no database."""
    from command_line.auditing import files
    from sharing_api.auditing import signing

    beside = signature or files.signature_of(path)
    if not beside.exists():
        raise typer.BadParameter(f"there is no signature {beside}")
    text = beside.read_text(encoding="ascii", errors="replace")
    if not signing.is_signed(path.read_bytes(), text, files.read_keys(keys)):
        print(f"NOT SIGNED: {path} is not what the exchange signed.")
        raise typer.Exit(1)
    print(f"SIGNED: {path} is what the exchange signed.")

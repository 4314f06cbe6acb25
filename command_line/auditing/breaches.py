"""What an agency must be able to tell within 72 hours: `./natdb audit breach`."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from command_line import in_house

_ONE = typer.Option


def register(audit: typer.Typer) -> None:
    """Add the command."""
    audit.command("breach")(breach)


def breach(
    since: Annotated[datetime, _ONE(help="from this moment on (UTC)")],
    until: Annotated[datetime, _ONE(help="before this moment (UTC)")],
    detected: Annotated[
        datetime | None, _ONE(help="when it was discovered (UTC); now if left out")
    ] = None,
    agency: Annotated[str, _ONE(help="only what this agency was told")] = "",
    client: Annotated[str, _ONE(help="only what this system was told")] = "",
    officer: Annotated[str, _ONE(help="only what this officer was told")] = "",
    dataset: Annotated[str, _ONE(help="only of this register/dataset")] = "",
    out: Annotated[Path, _ONE(help="folder to write to")] = Path(),
) -> None:
    """Write whose data went out, which and how much: a signed page, and a line a data subject."""
    from command_line.auditing import files
    from databases.sessions import open_databases
    from sharing_api.auditing import breaches
    from sharing_api.auditing.repository import searches
    from sharing_api.auditing.search import Search
    from sharing_api.auditing.values import WantedEntries

    databases = open_databases("natdb-audit")
    now = in_house.now()
    wanted = WantedEntries(
        agency=agency or None,
        client=client or None,
        officer=officer or None,
        dataset=dataset or None,
        since=since.replace(tzinfo=UTC),
        until=until.replace(tzinfo=UTC),
    )
    fit = Search(wanted).at(now)
    with databases.reading("exchange") as session:
        made = breaches.make(
            searches.stream(session, fit),
            fit,
            detected_at=detected.replace(tzinfo=UTC) if detected else now,
            at=now,
        )
    out.mkdir(parents=True, exist_ok=True)
    page, table = out / "breach.html", out / "breach-subjects.csv"
    files.write_signed(databases, page, made.to_html())
    table.write_text(made.to_csv(), encoding="utf-8", newline="")
    print(f"data subjects: {len(made.subjects):,}; entries: {made.entries:,}")
    print(f"the authority is told until {made.due_at:%Y-%m-%d %H:%M} UTC")
    print(f"written to {page} and {table}")

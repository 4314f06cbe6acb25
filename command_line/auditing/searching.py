"""Searches of the access log that can be saved: `./natdb audit search | searches`."""

import dataclasses
import getpass
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from command_line import in_house
from command_line.auditing import telling

if TYPE_CHECKING:
    from databases.sessions import Databases
    from sharing_api.auditing.search import Search

_ONE = typer.Option


def register(audit: typer.Typer) -> None:
    """Add the commands."""
    audit.command("search")(search)
    audit.command("searches")(list_saved)


def search(
    saved: Annotated[str, _ONE(help="a saved search; other conditions are laid over it")] = "",
    save: Annotated[str, _ONE(help="save the conditions under this name")] = "",
    agency: Annotated[str, _ONE(help="agency that asked")] = "",
    client: Annotated[str, _ONE(help="system that asked")] = "",
    officer: Annotated[str, _ONE(help="officer behind the system")] = "",
    dataset: Annotated[str, _ONE(help="register/dataset")] = "",
    operation: Annotated[str, _ONE(help="look-up, verify, batch, search …")] = "",
    purpose: Annotated[str, _ONE(help="purpose as asked")] = "",
    procedure: Annotated[str, _ONE(help="public-service code as asked")] = "",
    case: Annotated[str, _ONE(help="number of the case as asked")] = "",
    agreement: Annotated[str, _ONE(help="hash of the agreement")] = "",
    decision: Annotated[str, _ONE(help="permitted or refused")] = "",
    rule: Annotated[str, _ONE(help="rule that refused, or what came of the question")] = "",
    subject: Annotated[str, _ONE(help="register:key of a data subject")] = "",
    since: Annotated[datetime | None, _ONE(help="from this moment on (UTC)")] = None,
    until: Annotated[datetime | None, _ONE(help="before this moment (UTC)")] = None,
    days: Annotated[int | None, _ONE(help="of so many days back")] = None,
    limit: Annotated[int, _ONE(min=1, max=100_000, help="most entries on the terminal")] = 50,
    export: Annotated[
        Path | None, _ONE(help="write all entries: .csv, .parquet, or .html, which is signed")
    ] = None,
) -> None:
    """Show entries of the log that fit all conditions, oldest first."""
    from sharing_api.auditing.repository import searches

    databases = _open()
    given = {
        "agency": agency,
        "client": client,
        "officer": officer,
        "dataset": dataset,
        "operation": operation,
        "purpose": purpose,
        "procedure": procedure,
        "case_reference": case,
        "agreement_hash": agreement,
        "decision": decision,
        "rule": rule,
        "subject_tag": _tag(databases, subject) if subject else None,
        "since": since.replace(tzinfo=UTC) if since else None,
        "until": until.replace(tzinfo=UTC) if until else None,
    }
    asked = _lay_over(databases, saved, given, days)
    now = in_house.now()
    wanted = asked.at(now)
    if save:
        _save(databases, save, asked, now)
    with databases.reading("exchange") as session:
        if export is None:
            _show(searches.stream(session, wanted, most=limit))
        else:
            _export(databases, export, searches.stream(session, wanted), now)


def list_saved() -> None:
    """Show the saved searches."""
    from sharing_api.auditing.repository import searches

    with _open().reading("exchange") as session:
        saved = searches.list_saved(session)
    for one in saved:
        told = ", ".join(f"{name} {value}" for name, value in sorted(one["wanted"].items()))
        print(f"{one['name']}: {told or 'all entries'} (saved by {one['officer']})")
    print(f"searches saved: {len(saved)}")


def _lay_over(
    databases: "Databases", saved: str, given: Mapping[str, Any], days: int | None
) -> "Search":
    from sharing_api.auditing import search as search_module
    from sharing_api.auditing.values import WantedEntries

    before = search_module.Search(WantedEntries())
    if saved:
        with databases.reading("exchange") as session:
            before = search_module.get(session, saved)
    named = {name: value for name, value in given.items() if value not in ("", None)}
    if "since" in named:
        before = dataclasses.replace(before, days=None)
    return search_module.Search(
        dataclasses.replace(before.wanted, **named), before.days if days is None else days
    )


def _save(databases: "Databases", name: str, asked: "Search", now: datetime) -> None:
    from sharing_api.auditing import search as search_module

    with databases.writing("exchange") as session:
        search_module.save(session, name, asked, officer=getpass.getuser(), at=now)
    print(f"saved as {name}: ./natdb audit search --saved {name}")


def _show(rows: Iterable[Mapping[str, Any]]) -> None:

    count = 0
    for row in rows:
        print(telling.told(row))
        count += 1
    print(f"{count} entries, oldest first.")


def _export(
    databases: "Databases", path: Path, rows: Iterable[Mapping[str, Any]], now: datetime
) -> None:
    from command_line.auditing import files
    from sharing_api.auditing import exports, pages

    if path.suffix == ".csv":
        count = exports.write_csv(path, rows)
    elif path.suffix == ".parquet":
        count = exports.write_parquet(path, rows)
    elif path.suffix == ".html":
        written = [[exports.text_of(row[name]) for name in exports.COLUMNS] for row in rows]
        count = len(written)
        made = pages.paragraph(f"Made at {now.isoformat()}; entries: {count}.")
        table = pages.table("Entries", exports.COLUMNS, written)
        files.write_signed(databases, path, pages.page("Entries of the access log", [made, table]))
    else:
        raise typer.BadParameter("--export writes .csv, .parquet or .html")
    print(f"{count} entries written to {path}")


def _tag(databases: "Databases", subject: str) -> bytes:
    from sharing_api import keys, settings
    from sharing_api.access_log import entries

    register, colon, key = subject.partition(":")
    if not (register and colon and key):
        raise typer.BadParameter("--subject is written register:key, such as population:001…")
    return entries.subject_tag(keys.load(settings.load(databases.settings)).subject, register, key)


def _open() -> "Databases":
    from databases.sessions import open_databases

    return open_databases("natdb-audit")

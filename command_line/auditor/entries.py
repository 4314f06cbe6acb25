"""What log and registers say: `./natdb audit log | statistics | state | recipients`."""

import json
from datetime import datetime
from typing import Annotated, Any

import typer

from command_line.auditing import telling


def show_log(
    limit: Annotated[int, typer.Option(help="newest entries to show", min=1)] = 20,
    agency: Annotated[str, typer.Option(help="only of this agency")] = "",
    subject: Annotated[str, typer.Option(help="register:key of a data subject")] = "",
    since: Annotated[datetime | None, typer.Option(help="only since this moment (UTC)")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object a line")] = False,
) -> None:
    """Show who asked what and why, newest first."""
    from datetime import UTC

    from databases.sessions import open_databases
    from sharing_api import keys as exchange_keys
    from sharing_api import settings as exchange_settings
    from sharing_api.access_log import entries, repository

    databases = open_databases("natdb-audit")
    tag = None
    if subject:
        place, _, key = subject.partition(":")
        secret = exchange_keys.load(exchange_settings.load(databases.settings)).subject
        tag = entries.subject_tag(secret, place, key)
    with databases.reading("exchange") as session:
        rows = repository.list_recent(
            session,
            limit=limit,
            subject_tag=tag,
            agency=agency or None,
            since=since.replace(tzinfo=UTC) if since else None,
        )
    if as_json:
        for row in rows:
            told = {name: _plain(value) for name, value in row.items() if name != "question"}
            print(json.dumps(told))
        return
    for row in rows:
        print(telling.told(row))
    print(f"{len(rows)} entries, newest first.")


def show_budgets(
    day: Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], help="day of counting")],
) -> None:
    """Show how much detail of each table each vintage of a day published, and hid."""
    from command_line import statistics
    from databases.sessions import open_databases
    from population_statistics import service

    databases = open_databases("natdb-audit")
    with databases.reading("population_statistics") as session:
        vintages = service.list_vintages(session, reference_day=day.date())
    databases.dispose()
    for one in vintages:
        print(
            f"vintage {one.vintage}, change {one.change}; rules {one.rule_version}; population "
            f"register as of change {one.population_change}, log entry {one.source_receipt}"
        )
        statistics.print_budgets(one.budgets)


def show_state(
    register_: Annotated[str, typer.Argument(metavar="REGISTER", help="such as population")],
    change: Annotated[
        int | None, typer.Option(min=0, help="as it stood after this change; now if left out")
    ] = None,
) -> None:
    """Hash what a register holds: equal states give equal hashes, however they were reached.

    Nothing of a record is printed. Reads the whole register.
    """
    import importlib

    from databases.changes import states
    from databases.sessions import open_databases
    from databases.settings import REGISTERS

    if register_ not in REGISTERS:
        raise typer.BadParameter(f"there is no register {register_}", param_hint="REGISTER")
    metadata = importlib.import_module(f"{register_}.tables").metadata
    databases = open_databases("natdb-audit")
    with databases.reading(register_) as session:
        # One snapshot: the tables are hashed one after the other.
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        found = states.list_fingerprints(session, metadata, change)
    databases.dispose()
    for one in found:
        print(f"{one.sha256}  {one.rows:>10}  {one.table}")


def show_recipients(
    subject: Annotated[str, typer.Argument(help="register:key of the record")],
    from_change: Annotated[int, typer.Option(min=1, help="first state that is asked about")],
    until_change: Annotated[int, typer.Option(min=1, help="first state behind them")],
    since: Annotated[
        datetime | None, typer.Option(help="moment (UTC) from which walks are looked for")
    ] = None,
) -> None:
    """Name who was told of a record in some states of its register, by which entries."""
    from datetime import UTC

    from command_line import persons
    from databases.sessions import open_databases
    from sharing_api import keys as exchange_keys
    from sharing_api import settings as exchange_settings
    from sharing_api.access_log import recipients

    place, separator, key = subject.partition(":")
    if not separator:
        raise typer.BadParameter("write register:key", param_hint="SUBJECT")
    databases = open_databases("natdb-audit")
    secret = exchange_keys.load(exchange_settings.load(databases.settings)).subject
    moment = since.replace(tzinfo=UTC) if since else datetime(1970, 1, 1, tzinfo=UTC)
    told = recipients.Told(place, (key,), from_change, until_change, moment)
    with databases.reading("exchange") as session:
        found = recipients.list_recipients(session, told, secret)
    databases.dispose()
    persons.print_recipients(found)


def _plain(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if isinstance(value, datetime):
        return value.isoformat()
    return value if isinstance(value, int | list | dict | None) else str(value)

"""Recall of wrong values: `./natdb audit recalls`, `./natdb audit recalls run`."""

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from command_line import in_house

if TYPE_CHECKING:
    from sharing_api.notices.values import Notice

_CLIENT = "recall"
_PURPOSE = "registers.recall"


def register(audit: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(help="Corrections that travel back.", invoke_without_command=True)
    group.callback()(list_recalls)
    group.command("run")(run)
    audit.add_typer(group, name="recalls")


def list_recalls(
    context: typer.Context,
    overdue: Annotated[bool, typer.Option("--overdue", help="only those that are overdue")] = False,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="most notices")] = 200,
) -> None:
    """List corrective notices and whether they were acknowledged; `run` sends them."""
    if context.invoked_subcommand is not None:
        return
    from databases import periods
    from databases.sessions import open_databases
    from sharing_api.notices import repository
    from sharing_api.notices.values import Kind

    today = periods.day_in_vietnam(in_house.now())
    with open_databases("natdb-audit").reading("exchange") as session:
        found = repository.list_all(
            session, kind=Kind.CORRECTION, overdue_on=today if overdue else None, limit=limit
        )
    for one in found:
        print_notice(one, today)
    waiting = sum(one.acknowledged_at is None for one in found)
    late = sum(one.is_overdue(today) for one in found)
    print(f"notices: {len(found)}, not acknowledged: {waiting}, overdue: {late}")


def run(
    client: Annotated[str, typer.Option(help="system with agreements to read changes")] = _CLIENT,
    legal_basis: Annotated[str, typer.Option(help="one of the agreements' legal bases")] = "",
) -> None:
    """Follow the corrections since the last run to those who had been told what was wrong."""
    from sharing_api.recalls.recall import Recall

    opened = in_house.open_corridor(client, _PURPOSE, "recall", legal_basis)
    with opened as (corridor, errand):
        done = Recall(corridor, errand, in_house.now).run()
    print(
        f"{done.corrections} records corrected, {done.answers} earlier answers compared, "
        f"{done.notices} notices sent"
    )


def print_notice(one: "Notice", today: date) -> None:
    """Print a notice and where it stands."""
    if one.acknowledged_at is not None:
        state = f"acknowledged by {one.acknowledged_by}"
    else:
        state = f"{'OVERDUE' if one.is_overdue(today) else 'open'}, due {one.due_on}"
    print(
        f"{one.notice_id} to {one.recipient}: {one.dataset} at change {one.register_change}, "
        f"{', '.join(one.fields)}: {state}"
    )
    for entry in one.entries:
        print(f"    told by entry {entry}")
    if one.cases:
        print(f"    in {', '.join(one.cases)}")
    if one.remark:
        print(f"    – {one.remark}")

"""Emergencies and their review: `./natdb audit emergencies`, `review`, `due`."""

import getpass
from typing import TYPE_CHECKING, Annotated

import typer

from command_line import in_house

if TYPE_CHECKING:
    from sharing_api.emergencies.values import Emergency


def register(audit: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(
        help="Answers given in emergencies, and their review.", invoke_without_command=True
    )
    group.callback()(list_emergencies)
    group.command("review")(review)
    group.command("due")(suspend_due)
    audit.add_typer(group, name="emergencies")


def list_emergencies(
    context: typer.Context,
    state: Annotated[str, typer.Option(help="open, justified, unjustified or missed")] = "",
    limit: Annotated[int, typer.Option(min=1, max=1000, help="most emergencies")] = 200,
) -> None:
    """List emergencies, the one whose clock ends first first."""
    if context.invoked_subcommand is not None:
        return
    from databases.sessions import open_databases
    from sharing_api.emergencies import repository
    from sharing_api.emergencies.values import State

    wanted = in_house.choose(State, state, "state") if state else None
    with open_databases("natdb-audit").reading("exchange") as session:
        found = repository.list_all(session, state=wanted, limit=limit)
    for one in found:
        _print(one)
    print(f"emergencies: {len(found)}")


def review(
    answer: Annotated[str, typer.Argument(help="id of the answer")],
    outcome: Annotated[str, typer.Option(help="what came of the review")],
    justified: Annotated[
        bool, typer.Option("--justified/--unjustified", help="whether it was an emergency")
    ],
) -> None:
    """Review an emergency, for the authority."""
    import uuid

    from databases.sessions import open_databases
    from sharing_api.emergencies import service
    from sharing_api.emergencies.values import DATA_AUTHORITY

    try:
        answer_id = uuid.UUID(answer)
    except ValueError as error:
        raise typer.BadParameter("an answer id is a UUID") from error
    with open_databases("natdb-audit").writing("exchange") as session:
        done = service.review(
            session,
            answer_id,
            agency=DATA_AUTHORITY,
            by=getpass.getuser(),
            is_justified=justified,
            outcome=outcome,
            at=in_house.now(),
        )
    _print(done)


def suspend_due() -> None:
    """Suspend the agreements of emergencies whose review was missed; the API does so by itself."""
    from databases.sessions import open_databases
    from sharing_api.emergencies import service

    with open_databases("natdb-audit").writing("exchange") as session:
        missed = service.suspend_missed(session, at=in_house.now())
    for one in missed:
        _print(one)
    print(f"reviews missed: {len(missed)}")


def _print(one: "Emergency") -> None:
    from sharing_api.access_log.entries import moment

    print(
        f"{one.answer_id} {one.state.value}: {one.consumer} by {one.client}, officer "
        f"{one.officer}, asked {one.provider} for {one.dataset} at {moment(one.asked_at)}"
    )
    print(f"    {one.reason} ({one.legal_basis}); review by {moment(one.review_by)}")
    if one.outcome:
        print(f"    reviewed by {one.reviewer}: {one.outcome}")

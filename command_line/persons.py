"""The steward's commands on records of the population register: `./natdb persons`."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from command_line import acts, corrections
from command_line.acts import IDENTITY_LAW, Basis, Document, Officer, Reason

if TYPE_CHECKING:
    from databases.sessions import Databases
    from population.values import Member, Unmerged
    from sharing_api.access_log.recipients import Recipient


def register(app: typer.Typer) -> None:
    """Add the commands on persons."""
    group = typer.Typer(
        help="Correct a person; merge two records of one, or part them.", no_args_is_help=True
    )
    group.command("correct")(corrections.correct)
    group.command("merge")(merge)
    group.command("merge-link")(merge_link)
    group.command("since-merge")(show_since_merge)
    group.command("unmerge")(unmerge)
    app.add_typer(group, name="persons")


def merge(
    surviving: Annotated[str, typer.Argument(help="number of the record that goes on")],
    absorbed: Annotated[str, typer.Argument(help="number of the record that ends")],
    decision: Annotated[str, typer.Option(help="number of the decision")],
    evidence: Annotated[str, typer.Option(help="what shows that they are one, in words")],
    first_reviewer: Annotated[str, typer.Option(help="officer who proposed it")],
    second_reviewer: Annotated[str, typer.Option(help="another officer, who looked again")],
    reason: Reason,
    head: Annotated[
        list[str] | None,
        typer.Option(help="household=number: its head once the absorbed record has left it"),
    ] = None,
    officer: Officer = "",
    legal_basis: Basis = IDENTITY_LAW,
) -> None:
    """Merge two records of one person: the absorbed number leads to the surviving record."""
    from databases import periods
    from databases.sessions import open_databases
    from population import service
    from population.values import MergeDecision

    databases = open_databases("natdb-persons")
    act = acts.describe("persons", officer, reason, legal_basis, decision)
    with databases.writing("population") as session:
        done = service.merge_persons(
            session,
            act=act,
            surviving=surviving,
            absorbed=absorbed,
            decision=MergeDecision(decision, evidence, first_reviewer, second_reviewer),
            on=periods.day_in_vietnam(act.recorded_at),
            remaining=_heads(head or []),
        )
    databases.dispose()
    print(f"Merged by change {done.change}; both numbers lead to the surviving record.")
    acts.print_remarks(done.warnings)


def merge_link(
    link: Annotated[int, typer.Argument(help="number of an accepted link of two persons")],
    surviving: Annotated[str, typer.Option(help="number of the record that goes on")],
    reason: Reason,
    head: Annotated[
        list[str] | None,
        typer.Option(help="household=number: its head once the absorbed record has left it"),
    ] = None,
    officer: Officer = "",
    legal_basis: Basis = IDENTITY_LAW,
) -> None:
    """Merge the records of a link that two officers accepted; looking at it leaves entries."""
    from command_line import links

    proposal = links.read_proposal(link, surviving)
    merge(
        surviving,
        proposal.absorbed,
        decision=proposal.decision,
        evidence=proposal.evidence,
        first_reviewer=proposal.reviewers[0],
        second_reviewer=proposal.reviewers[1],
        reason=reason,
        head=head,
        officer=officer,
        legal_basis=legal_basis,
    )


def show_since_merge(
    absorbed: Annotated[str, typer.Argument(help="number that was absorbed")],
) -> None:
    """List the acts since a merge that somebody has to decide on before it is taken back whole."""
    from databases.sessions import open_databases
    from population import service

    databases = open_databases("natdb-persons")
    with databases.writing("population") as session:
        later = service.list_acts_since_merge(session, absorbed=absorbed)
    databases.dispose()
    for one in later:
        verb = "recorded" if one.is_new else "ended"
        print(
            f"change {one.change} {one.recorded_at:%Y-%m-%d %H:%M} {one.act}: {verb} {one.table} "
            f"of {one.record}, days {one.days}"
        )
    print(f"{len(later)} rows came or ended since the merge.")


def unmerge(
    absorbed: Annotated[str, typer.Argument(help="number that was absorbed")],
    reason: Reason,
    document: Document,
    partly: Annotated[
        bool, typer.Option("--partly", help="leave later acts with the surviving record")
    ] = False,
    officer: Officer = "",
    legal_basis: Basis = IDENTITY_LAW,
) -> None:
    """Take a merge back, and name who was told of the merged record."""
    from databases.sessions import open_databases
    from population import service

    databases = open_databases("natdb-persons")
    with databases.writing("population") as session:
        parted = service.unmerge_persons(
            session,
            act=acts.describe("persons", officer, reason, legal_basis, document),
            absorbed=absorbed,
            partly=partly,
        )
    print(f"Merge of change {parted.merge} taken back by change {parted.change}.")
    for one in parted.undecided:
        print(f"  to be decided: change {one.change} {one.act}, {one.table} of {one.record}")
    for table, record, days in parted.unrestored:
        print(f"  not restored: {table} of {record}, days {days}")
    print_recipients(_recipients(databases, parted))
    databases.dispose()


def print_recipients(recipients: "list[Recipient]") -> None:
    """Print who was told, by which entries."""
    for one in recipients:
        walks = sum(each.is_walk for each in one.disclosures)
        officer = f", officer {one.officer}" if one.officer else ""
        print(
            f"told: {one.agency} by {one.client}{officer}: "
            f"{len(one.disclosures) - walks} answers, {walks} pages of walks"
        )
        for each in one.disclosures:
            print(
                f"    {_moment(each.logged_at)} {each.operation} {each.dataset} at change "
                f"{each.register_change}, entry {each.entry_id}: {', '.join(each.fields)}"
            )
    print(f"{len(recipients)} recipients.")


def _recipients(databases: "Databases", parted: "Unmerged") -> "list[Recipient]":
    from sharing_api import keys as exchange_keys
    from sharing_api import settings as exchange_settings
    from sharing_api.access_log import recipients
    from sharing_api.access_log.recipients import Told

    secret = exchange_keys.load(exchange_settings.load(databases.settings)).subject
    told = Told("population", parted.pins, parted.merge, parted.change, parted.merged_at)
    with databases.reading("exchange") as session:
        return recipients.list_recipients(session, told, secret)


def _heads(given: list[str]) -> "dict[str, list[Member]]":
    from population.values import Member, RelationToHead

    heads = {}
    for text in given:
        household, separator, pin = text.partition("=")
        if not separator:
            raise typer.BadParameter("write household=number", param_hint="--head")
        heads[household] = [Member(pin, RelationToHead.HEAD)]
    return heads


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"

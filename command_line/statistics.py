"""The statistics office's commands: `./natdb statistics`, from counts of persons to figures."""

import getpass
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from command_line import counts, vintages

if TYPE_CHECKING:
    from population_statistics.values import Budget, Shown, Vintage
    from sharing_api.client import ExchangeClient

_CLIENT = vintages.OFFICE


@dataclass(frozen=True, slots=True)
class Published:
    """Figures of a day that were published.

    Args:
        vintage: which one it is, and what it was computed from.
        figures: by flow and series key.
        budgets: how much detail of each table is published.
    """

    vintage: "Vintage"
    figures: "Mapping[str, Shown]"
    budgets: "Sequence[Budget]"


def register(app: typer.Typer) -> None:
    """Add the commands of the statistics office."""
    group = typer.Typer(help="Compute and look after population statistics.", no_args_is_help=True)
    group.command("compute")(compute)
    group.command("reconcile")(reconcile)
    group.command("show")(vintages.show)
    group.command("verify")(vintages.verify)
    group.command("compare")(vintages.compare)
    app.add_typer(group, name="statistics")


def compute(
    day: Annotated[datetime, typer.Argument(formats=vintages.DAY, help="day of counting")],
    as_of: Annotated[int, typer.Option(help="change of the population register; 0: the last")] = 0,
    client: Annotated[str, typer.Option(help="system that asks")] = _CLIENT,
    address: Annotated[str, typer.Option(help="address of the exchange")] = "",
) -> None:
    """Ask the population register for counts, compute all figures, publish what may be."""
    from command_line import clients

    exchange = clients.open_client(client, address)
    published = publish(exchange, counts.use_of(client), day.date(), as_of or None)
    made = published.vintage
    print(f"published as vintage {made.vintage} of {day.date()} by change {made.change}")
    headlines = {key: published.figures[key] for key in vintages.HEADLINES}
    vintages.print_figures(headlines, made)
    print_budgets(published.budgets)


def publish(
    exchange: "ExchangeClient", use: Mapping[str, str], day: date, as_of: int | None
) -> Published:
    """Ask for the counts of a day, compute its figures and publish them.

    Args:
        use: purpose and legal basis, as the agreement names them.
        as_of: change of the population register; None for the last.

    Raises:
        ExchangeRefused: the agreement does not allow it.
    """
    from databases import sessions
    from databases.changes.ledger import Act
    from population_statistics import service
    from population_statistics.values import Source

    tables, change, receipt = counts.ask_counts(exchange, use, day, as_of)
    act = Act(
        "",
        datetime.now(UTC),  # noqa: TID251  the command line is an edge that reads the clock
        f"statistics office {getpass.getuser()}",
        f"figures of {day}",
        "Law on Statistics 89/2015/QH13",
        f"log entry {receipt}",
    )
    source = Source(change, receipt)
    databases = sessions.open_databases("natdb statistics")
    with databases.writing("population_statistics") as session:
        service.register_publication(
            session, act=act, reference_day=day, counts=tables, source=source
        )
        vintage = service.get_vintage(session, reference_day=day, number=0)
        figures = service.list_figures(session, vintage)
        budgets = service.list_budgets(session, reference_day=day)
    databases.dispose()
    return Published(vintage, figures, budgets)


def reconcile(
    day: Annotated[datetime, typer.Argument(formats=vintages.DAY, help="day of counting")],
    as_of: Annotated[int, typer.Option(help="change of the population register; 0: the last")] = 0,
    client: Annotated[str, typer.Option(help="system that asks")] = _CLIENT,
    address: Annotated[str, typer.Option(help="address of the exchange")] = "",
) -> None:
    """Explain by cause why usual residents are not those registered; for the office only."""
    from command_line import clients

    exchange = clients.open_client(client, address)
    answer = counts.ask(
        exchange, counts.use_of(client), ["reconciliation"], day.date(), as_of or None
    )
    causes: dict[str, int] = {}
    for (*_, cause), count in counts.read_tables(answer)["reconciliation"].counts.items():
        causes[cause] = causes.get(cause, 0) + count
    print(f"Usual residents and registered persons on {day.date()}, whole country")
    for cause, sign, words in _CAUSES:
        print(f"{sign} {causes.get(cause, 0):>12,}  {words}")


_CAUSES = (
    ("registered", " ", "registered as permanent residents"),
    ("dead_not_closed", "-", "dead, but the residence was not closed"),
    ("missing", "-", "declared missing"),
    ("not_yet_born", "-", "born later than the day"),
    ("abroad", "-", "living abroad"),
    ("absent_elsewhere", "-", "living for six months or more in another province"),
    ("temporary_resident", "+", "those of them that are temporary residents there"),
    ("current_resident", "+", "those of them whose current residence is there"),
    ("unregistered", "+", "living here without a permanent residence"),
    ("usual", "=", "usual residents"),
)


def print_budgets(budgets: "Sequence[Budget]") -> None:
    """Print how much detail of each table is published."""
    heads = ("table", "cells", "small", "witnesses", "figures", "suppressed")
    print("{:<26}{:>9}{:>9}{:>11}{:>9}{:>12}".format(*heads))
    for one in budgets:
        print(
            f"{one.table:<26}{one.cells:>9}{one.small:>9}{one.witnesses:>11}"
            f"{one.figures:>9}{one.suppressed:>12}"
        )

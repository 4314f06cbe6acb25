"""The statistics office's commands: `./natdb statistics`, from counts of persons to figures."""

import getpass
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from population_statistics.values import Budget, CountTable, Source
    from sharing_api.client import Answer, ExchangeClient

_CLIENT = "statistics-office"
_PURPOSE = "statistics.population"
_COUNTS = "population/person_count"
_DAY = ["%Y-%m-%d"]


@dataclass(frozen=True, slots=True)
class Published:
    """Figures of a day that were published.

    Args:
        key: the period and the vintage.
        change: of the statistics register.
        source: where the counts came from.
        budgets: how much detail of each table is published.
    """

    key: str
    change: int
    source: "Source"
    budgets: "Sequence[Budget]"


def register(app: typer.Typer) -> None:
    """Add the commands of the statistics office."""
    group = typer.Typer(help="Compute and look after population statistics.", no_args_is_help=True)
    group.command("compute")(compute)
    group.command("reconcile")(reconcile)
    app.add_typer(group, name="statistics")


def compute(
    day: Annotated[datetime, typer.Argument(formats=_DAY, help="day of counting")],
    as_of: Annotated[int, typer.Option(help="change of the population register; 0: the last")] = 0,
    client: Annotated[str, typer.Option(help="system that asks")] = _CLIENT,
    address: Annotated[str, typer.Option(help="address of the exchange")] = "",
) -> None:
    """Ask the population register for counts, compute all figures, publish what may be."""
    from command_line import clients

    exchange = clients.open_client(client, address)
    published = publish(exchange, use_of(client), day.date(), as_of or None)
    print(
        f"published {published.key} as change {published.change}; population register as of "
        f"change {published.source.population_change}, log entry {published.source.receipt}"
    )
    _print_budgets(published.budgets)


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

    counts, change, receipt = ask_counts(exchange, use, day, as_of)
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
        recorded = service.register_publication(
            session, act=act, reference_day=day, counts=counts, source=source
        )
        budgets = service.list_budgets(session, reference_day=day)
    databases.dispose()
    return Published(recorded.key, recorded.change, source, budgets)


def ask_counts(
    exchange: "ExchangeClient", use: Mapping[str, str], day: date, as_of: int | None
) -> "tuple[dict[str, CountTable], int, str]":
    """Ask the population register, through the exchange, for all tables of counts of a day.

    Args:
        use: purpose and legal basis, as the agreement names them.
        as_of: change of the population register; None for the last.

    Returns:
        the tables; the change of the register that all of them are as of; the entry of the access
        log under which the day's were disclosed.

    Raises:
        ExchangeRefused: the agreement does not allow it.
    """
    from population_statistics import service

    answer = _ask(exchange, use, service.COUNT_TABLES, day, as_of)
    change = int(answer.document["change"])
    before = _ask(exchange, use, ["persons_by_age"], service.year_before(day), change)
    counts = _read_tables(answer)
    counts[service.BEFORE] = _read_tables(before)["persons_by_age"]
    return counts, change, str(answer.claims["entry_id"])


def use_of(client: str) -> dict[str, str]:
    """Say under which purpose and legal basis a system of the statistics office asks."""
    from sharing_api import bootstrap

    return {"purpose": _PURPOSE, "legal_basis": bootstrap.usual_legal_basis(client)}


def _ask(
    exchange: "ExchangeClient",
    use: Mapping[str, str],
    tables: Sequence[str],
    day: date,
    as_of: int | None,
) -> "Answer":
    from sharing_api.client import ExchangeRefused

    question: dict[str, Any] = {
        **use,
        "officer": getpass.getuser(),
        "fields": ["table", "columns", "cells"],
        "keys": list(tables),
        "valid_on": day.isoformat(),
    }
    if as_of is not None:
        question["as_of"] = as_of
    answer = exchange.ask(_COUNTS, "batch", question)
    if answer.status != 200:
        raise ExchangeRefused(answer)
    return answer


def _read_tables(answer: "Answer") -> "dict[str, CountTable]":
    from population_statistics.values import CountTable

    tables = {}
    for one in answer.document["answers"]:
        record = one["record"]
        counts = {
            tuple("" if code is None else str(code) for code in cell[:-1]): int(cell[-1])
            for cell in record["cells"]
        }
        tables[record["table"]] = CountTable(tuple(record["columns"]), counts)
    return tables


def reconcile(
    day: Annotated[datetime, typer.Argument(formats=_DAY, help="day of counting")],
    as_of: Annotated[int, typer.Option(help="change of the population register; 0: the last")] = 0,
    client: Annotated[str, typer.Option(help="system that asks")] = _CLIENT,
    address: Annotated[str, typer.Option(help="address of the exchange")] = "",
) -> None:
    """Explain by cause why usual residents are not those registered; for the office only."""
    from command_line import clients

    exchange = clients.open_client(client, address)
    answer = _ask(exchange, use_of(client), ["reconciliation"], day.date(), as_of or None)
    causes: dict[str, int] = {}
    for (*_, cause), count in _read_tables(answer)["reconciliation"].counts.items():
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


def _print_budgets(budgets: "Sequence[Budget]") -> None:
    heads = ("table", "cells", "small", "witnesses", "figures", "suppressed")
    print("{:<26}{:>9}{:>9}{:>11}{:>9}{:>12}".format(*heads))
    for one in budgets:
        print(
            f"{one.table:<26}{one.cells:>9}{one.small:>9}{one.witnesses:>11}"
            f"{one.figures:>9}{one.suppressed:>12}"
        )

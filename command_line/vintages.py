"""Commands about vintages: a figure with what it is made of, computed again, compared."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import typer

from databases import errors

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from population_statistics.values import CountTable, Shown, Vintage

DAY = ["%Y-%m-%d"]
OFFICE = "statistics-office"
HEADLINES = (
    *(f"POPULATION/A.VN.POP.{sex}._T._T._T._T" for sex in ("_T", "M", "F")),
    *(
        f"POPULATION_INDICATORS/A.VN.{name}._T._T._T._T._T"
        for name in ("CRUDE_BIRTH_RATE", "CRUDE_DEATH_RATE", "TOTAL_FERTILITY_RATE", "URBAN_SHARE")
    ),
)
_STATUS = {"Q": "suppressed", "M": "undefined"}
_FIRST_DIFFERENCES = 20

Day = Annotated[datetime, typer.Argument(formats=DAY, help="day of counting")]
Series = Annotated[str, typer.Option(help="only series with this in their key")]


class NotComputedAgain(errors.Conflict):
    """Figures that were computed again are not those that were published."""

    code = "statistics.not_computed_again"


def show(
    day: Day,
    series: Series = "",
    vintage: Annotated[int, typer.Option(help="0: the last one, -1: the one before")] = 0,
) -> None:
    """Show figures, each with vintage, rule version and change of the population register."""
    from population_statistics import service

    with _reading() as session:
        chosen = service.get_vintage(session, reference_day=day.date(), number=vintage)
        figures = service.list_figures(session, chosen)
    wanted = sorted(key for key in figures if series in key) if series else HEADLINES
    print_figures({key: figures[key] for key in wanted if key in figures}, chosen)


def verify(
    day: Day,
    vintage: Annotated[int, typer.Option(help="0: the last one, -1: the one before")] = 0,
    client: Annotated[str, typer.Option(help="system that asks")] = OFFICE,
    address: Annotated[str, typer.Option(help="address of the exchange")] = "",
) -> None:
    """Compute a vintage again from counts as of the same change; nothing is published."""
    from population_statistics import service

    with _reading() as session:
        chosen = service.get_vintage(session, reference_day=day.date(), number=vintage)
        counts = _ask(day.date(), chosen.population_change, client, address)
        again = service.compute_again(session, chosen, reference_day=day.date(), counts=counts)
        figures = service.list_figures(session, chosen)
    _print_vintage("vintage", chosen)
    differing = _differing(figures, again)
    if differing:
        _print_differences(differing, figures, again)
        message = f"{len(differing)} of {len(figures)} figures are not those that were published."
        raise NotComputedAgain(message)
    print(f"{len(figures):,} figures computed again from the same change: all are the same.")


def compare(
    day: Day,
    first: Annotated[int, typer.Option(help="vintage; -1: the one before the last")] = -1,
    second: Annotated[int, typer.Option(help="vintage; 0: the last one")] = 0,
    series: Series = "",
    counted: Annotated[
        bool, typer.Option("--counted", help="what was counted, unprotected; for the office only")
    ] = False,
    client: Annotated[str, typer.Option(help="system that asks")] = OFFICE,
    address: Annotated[str, typer.Option(help="address of the exchange")] = "",
) -> None:
    """Show in which figures two vintages of a day differ, and by how much."""
    from population_statistics import service

    with _reading() as session:
        both = [
            service.get_vintage(session, reference_day=day.date(), number=number)
            for number in (first, second)
        ]
        before, after = (service.list_figures(session, one) for one in both)
    for name, one in zip(("first", "second"), both, strict=True):
        _print_vintage(name, one)
    if counted:
        _print_counted(*(_ask(day.date(), one.population_change, client, address) for one in both))
        return
    differing = [key for key in _differing(before, after) if series in key]
    _print_differences(differing, before, after)
    print(f"{len(differing):,} of {len(before.keys() | after.keys()):,} figures differ.")


def print_figures(figures: "Mapping[str, Shown]", vintage: "Vintage") -> None:
    """Print figures, each with what it was computed from."""
    width = max((len(key) for key in figures), default=6)
    print(f"{'figure':<{width}}  {'value':>12}  vintage  rules  register change")
    for key, figure in figures.items():
        print(
            f"{key:<{width}}  {_told(figure):>12}  {vintage.vintage:>7}  "
            f"{vintage.rule_version:>5}  {vintage.population_change:>15}"
        )
    print(f"counts disclosed under log entry {vintage.source_receipt}")


@contextmanager
def _reading() -> "Iterator[Session]":
    from databases import sessions

    databases = sessions.open_databases("natdb statistics")
    try:
        with databases.reading("population_statistics") as session:
            yield session
    finally:
        databases.dispose()


def _ask(day: date, change: int, client: str, address: str) -> "dict[str, CountTable]":
    from command_line import clients, counts

    exchange = clients.open_client(client, address)
    tables, _, _ = counts.ask_counts(exchange, counts.use_of(client), day, change)
    return tables


def _differing(before: "Mapping[str, Shown]", after: "Mapping[str, Shown]") -> list[str]:
    return sorted(key for key in before.keys() | after.keys() if before.get(key) != after.get(key))


def _print_vintage(name: str, one: "Vintage") -> None:
    print(
        f"{name:<8}vintage {one.vintage}, change {one.change}; rules {one.rule_version}; "
        f"population register as of change {one.population_change}"
    )


def _print_differences(
    differing: list[str], before: "Mapping[str, Shown]", after: "Mapping[str, Shown]"
) -> None:
    # The whole country first.
    shown = sorted(differing, key=lambda key: (".VN." not in key, key))[:_FIRST_DIFFERENCES]
    width = max((len(key) for key in shown), default=6)
    if shown:
        print(f"{'figure':<{width}}  {'first':>12}  {'second':>12}  {'difference':>12}")
    for key in shown:
        one, other = before.get(key), after.get(key)
        print(
            f"{key:<{width}}  {_told(one):>12}  {_told(other):>12}  {_difference(one, other):>12}"
        )
    if len(differing) > len(shown):
        print(f"… and {len(differing) - len(shown):,} more; narrow them down with --series")


def _told(figure: "Shown | None") -> str:
    if figure is None:
        return "–"
    return _STATUS.get(figure.status, "") if figure.value is None else figure.value


def _difference(one: "Shown | None", other: "Shown | None") -> str:
    if one is None or other is None or one.value is None or other.value is None:
        return ""
    return f"{Decimal(other.value) - Decimal(one.value):+}"


def _print_counted(before: "Mapping[str, CountTable]", after: "Mapping[str, CountTable]") -> None:
    print(f"{'table':<24}{'first':>12}{'second':>12}{'difference':>12}{'cells that differ':>19}")
    for name, table in before.items():
        counts, others = table.counts, after[name].counts
        cells = sum(
            counts.get(cell, 0) != others.get(cell, 0) for cell in counts.keys() | others.keys()
        )
        first, second = sum(counts.values()), sum(others.values())
        print(f"{name:<24}{first:>12,}{second:>12,}{second - first:>+12,}{cells:>19,}")
    print("Corrections of fewer than five persons in a cell wait until they are enough.")

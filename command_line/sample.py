"""The commands about the sample country: `./natdb sample`, what is planted in it, dirty forms."""

import csv
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from sample_country.country import Country

_SIZE, _SEED = 10_000, 1945
Size = Annotated[int, typer.Option(min=100, max=2_000_000, help="persons in the country")]
Seed = Annotated[int, typer.Option(min=0, help="seed of the country; the demo's if left out")]


def register(app: typer.Typer) -> None:
    """Add the commands about the sample country."""
    group = typer.Typer(help="Tell of the sample country.", no_args_is_help=True)
    group.command("inconsistencies")(inconsistencies)
    group.command("land-form")(land_form)
    group.command("dirty-copies")(dirty_copies)
    group.command("late-deaths")(late_deaths)
    app.add_typer(group, name="sample")


def inconsistencies(
    size: Size = _SIZE,
    seed: Seed = _SEED,
    as_json: Annotated[bool, typer.Option("--json", help="print the list as JSON")] = False,
) -> None:
    """List what knowingly disagrees between the registers of a sample country."""
    columns = ("id", "meaning", "register", "record", "other_register", "other_record")
    rows = [
        (
            one.inconsistency_id,
            one.meaning,
            one.register,
            one.record,
            one.other_register,
            one.other_record,
        )
        for one in _draw(size, seed).planted
    ]
    if as_json:
        listed = [dict(zip(columns, row, strict=True)) for row in rows]
        print(json.dumps(listed, ensure_ascii=False, indent=2))
        return
    writer = csv.writer(sys.stdout)
    writer.writerow(columns)
    writer.writerows(rows)


def land_form(
    file: Annotated[Path, typer.Argument(help="CSV to write")],
    rows: Annotated[int, typer.Option(min=1, max=100_000, help="rows of the form")] = 1000,
    size: Size = _SIZE,
    seed: Seed = _SEED,
) -> None:
    """Write the 49-column form of the land clean-up with dirty rows; the dirt is named beside."""
    from sample_country import land_form as forms

    filled = forms.fill_in(_draw(size, seed), rows=rows)
    beside = forms.write(filled, file)
    dirty = sum(bool(row.dirt) for row in filled)
    print(f"{len(filled)} rows in {file}, {dirty} of them dirty: {beside} names what is wrong.")


def dirty_copies(
    file: Annotated[Path, typer.Argument(help="CSV or Parquet to write")],
    persons: Annotated[int, typer.Option(min=100, max=4_000_000)] = 80_000,
    copies: Annotated[int, typer.Option(min=0, help="persons written down twice")] = 20_000,
    seed: Seed = _SEED,
    homes: Annotated[
        bool, typer.Option("--homes", help="addresses name house and street or the village")
    ] = False,
) -> None:
    """Write invented persons, some a second time with errors; the column `person` is the truth."""
    from databases.code_lists import reading
    from sample_country import dirty_copies as copying

    if copies > persons:
        raise typer.BadParameter("more copies than persons", param_hint="--copies")
    catalogue = reading.load_catalogue()
    table = copying.build(catalogue, persons=persons, copies=copies, seed=seed, homes=homes)
    copying.write(table, file)
    print(f"{table.num_rows:,} records of {persons:,} persons in {file}; errors at the rates of")
    print("sample_country/data/error_rates.toml.")


def late_deaths(
    persons: Annotated[int, typer.Option(min=1, max=1000, help="how many deaths")] = 12,
    size: Size = _SIZE,
    seed: Seed = _SEED,
) -> None:
    """Register deaths that were notified late: a correction of what statistics have counted."""
    from datetime import UTC, datetime
    from itertools import islice

    from databases import sessions
    from population.errors import PersonNotAlive
    from sample_country import late_deaths as deaths

    databases = sessions.open_databases("natdb sample")

    def register_one(pin: str) -> int | None:
        now = datetime.now(UTC)  # noqa: TID251  the command line is an edge that reads the clock
        try:
            with databases.writing("population") as session:
                return deaths.notify(session, pin, now)
        except PersonNotAlive:  # by an earlier run
            return None

    found = map(register_one, deaths.list_pins(_draw(size, seed)))
    changes = list(islice((one for one in found if one is not None), persons))
    databases.dispose()
    if not changes:
        print("Nobody is left whose death could be notified.")
        return
    print(
        f"{len(changes)} deaths of {deaths.HAPPENED_ON} registered by changes {changes[0]} to "
        f"{changes[-1]}; the population register was at change {changes[0] - 1} before."
    )


def _draw(size: int, seed: int) -> "Country":
    from databases.code_lists import reading
    from sample_country import country

    return country.generate(reading.load_catalogue(), size=size, seed=seed)

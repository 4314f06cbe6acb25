"""An invented country of persons: every table of counts of it is a sum over the same few cells."""

import random
from collections.abc import Iterable, Mapping, Sequence

from population_statistics import service
from population_statistics.rules import publication, tables
from population_statistics.values import Cell, CountTable

PERSON_TABLES = tables.PERSON_TABLES
_NAMES = (
    "old_province",
    "new_province",
    "commune",
    "was_urban",
    "is_urban",
    "sex",
    "age",
    "marital_status",
    "ethnicity",
)
_AREAS = (("75", "79"), ("74", "79"), ("01", "01"))
_MANY = (0, 0, 0, 0, 1, 20)
_OLD = (80, 82, 83, 84)

Persons = Mapping[Cell, int]


def draw(seed: int, *, few: int) -> dict[Cell, int]:
    """Draw persons by place, sex, age, marital status and ethnic group.

    Args:
        few: the larger, the fewer old persons there are.
    """
    chance = random.Random(seed)
    persons = {}
    for cell in list_cells():
        is_old = int(cell[6]) in _OLD
        count = chance.choice((0,) * few + (1, 1, 2) if is_old else _MANY)
        if count:
            persons[cell] = count
    return persons


def draw_with_a_group_of_few_years(seed: int) -> dict[Cell, int]:
    """Draw a country where each year of the old holds a few, and all of them live in one place."""
    chance = random.Random(seed)
    home = ("01", "01", "01011", "U", "U")
    persons = {}
    for cell in list_cells():
        old_here = cell[:5] == home and cell[7:] == ("single", "01")
        is_old = int(cell[6]) in _OLD
        count = chance.choice((0, 3, 4)) if is_old and old_here else 0 if is_old else 9
        if count:
            persons[cell] = count
    return persons


def list_cells() -> Iterable[Cell]:
    """List all cells that a person can be in."""
    for old, new in _AREAS:
        for commune, was in (("1", "U"), ("2", "R")):
            for sex in ("female", "male"):
                for age in (1, 3, 20, 22, *_OLD):
                    for status in ("single", "married", "divorced") if age > 15 else ("single",):
                        for group in ("01", "02"):
                            place = (old, new, f"{new}{old}{commune}", was, "U")
                            yield (*place, sex, str(age), status, group)


def make_counts(persons: Persons) -> dict[str, CountTable]:
    """Count the persons in all tables; events are the same everywhere."""
    counts = {
        name: CountTable(columns, _count(persons, columns))
        for name in PERSON_TABLES
        if name != tables.SINGLE_AGES
        for columns in (tables.TABLES[name].columns,)
    }
    for name in tables.EVENT_TABLES:
        cells = {(*area, sex, "25"): 30 for area in _AREAS for sex in ("female", "male")}
        counts[name] = CountTable(tables.TABLES[name].columns, cells)
    return {**counts, service.BEFORE: counts[publication.BEFORE.removesuffix("_before")]}


def _count(persons: Persons, columns: Sequence[str]) -> dict[Cell, int]:
    places = [_NAMES.index(name) for name in columns]
    counted: dict[Cell, int] = {}
    for cell, count in persons.items():
        row = tuple(cell[place] for place in places)
        counted[row] = counted.get(row, 0) + count
    return counted


def cell_of(name: str, person: Cell, joined: tables.JoinedAreas) -> Cell:
    """Give the cell of a table that is published in which persons of a cell are counted."""
    row = tuple(person[_NAMES.index(column)] for column in tables.TABLES[name].columns)
    area, *rest = tables.TABLES[name].cell(row)
    return (joined.area(area), *rest)

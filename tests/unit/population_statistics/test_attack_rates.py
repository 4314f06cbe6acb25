"""No rate narrows a small cell down: rounded as it is, it bounds what its sums may be.

A rate ``r`` of two sums, rounded to two decimals, says that part and whole satisfy
``|factor * part - r * whole| <= 0.005 * whole``: two inequalities of cells, which the attacker adds
to all counts that are published.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal

import pytest

from population_statistics import legal
from population_statistics.rules import publication, tables
from population_statistics.values import INDICATORS, Cell, Publication
from tests.factories import population_statistics as figures
from tests.unit.population_statistics.attack import Attack, published

SMALLEST = legal.SMALLEST_CELL.value
HALF = 0.005  # rates are told to two decimals
COUNTS = figures.make_counts()
# Rate → factor, and the sex and age of each sum of its part and of its whole, all of persons.
OF_PERSONS = {
    "SEX_RATIO": (100, [("M", "_T")], [("F", "_T")]),
    "DEPENDENCY_RATIO": (100, [("_T", "Y0T14"), ("_T", "Y_GE65")], [("_T", "Y15T64")]),
    "CHILD_DEPENDENCY_RATIO": (100, [("_T", "Y0T14")], [("_T", "Y15T64")]),
    "OLD_AGE_DEPENDENCY_RATIO": (100, [("_T", "Y_GE65")], [("_T", "Y15T64")]),
    "AGEING_INDEX": (100, [("_T", "Y_GE60")], [("_T", "Y0T14")]),
}
CRUDE = {"births": "CRUDE_BIRTH_RATE", "deaths": "CRUDE_DEATH_RATE"}
Sums = Mapping[tables.Key, dict[Cell, float]]


def cells_of(name: str) -> dict[Cell, int]:
    cells: dict[Cell, int] = defaultdict(int)
    for row, count in COUNTS[name].counts.items():
        cells[tables.TABLES[name].cell(row)] += count
    return dict(cells)


def sums_of(name: str, cells: Mapping[Cell, int]) -> Sums:
    """Give the cells that each figure of a table adds up."""
    sums: dict[tables.Key, dict[Cell, float]] = defaultdict(dict)
    for cell in cells:
        for key in tables.TABLES[name].figures(cell):
            sums[key][cell] = sums[key].get(cell, 0) + 1
    return sums


def rates(of: Publication) -> Iterator[tuple[str, str, str, float]]:
    """List the rates that are published: name, area, age, value."""
    for one in of.figures:
        if one.flow == INDICATORS and one.value is not None:
            yield one.indicator, one.ref_area, one.age, float(one.value)


def key(area: str, sex: str = "_T", age: str = "_T") -> tables.Key:
    return (area, sex, age, "_T", "_T", "_T")


def learn_rate(
    attack: Attack,
    rate: float,
    factor: float,
    part: Mapping[Cell, float],
    whole: Mapping[Cell, float],
) -> None:
    """Add what a rate says of its part and its whole."""
    for sign in (1, -1):
        row = {cell: sign * factor * times for cell, times in part.items()}
        for cell, times in whole.items():
            row[cell] = row.get(cell, 0) - (sign * rate + HALF) * times
        attack.learn_limit(row, 0)


def add(sums: Sums, keys: list[tables.Key]) -> dict[Cell, float]:
    added: dict[Cell, float] = defaultdict(float)
    for one in keys:
        for cell, times in sums.get(one, {}).items():
            added[cell] += times
    return added


@pytest.fixture(scope="module")
def first() -> Publication:
    return publication.publish(figures.DAY, COUNTS, {})


def require_wide(attack: Attack, cells: Mapping[Cell, int]) -> None:
    small = [cell for cell, count in cells.items() if 0 < count < SMALLEST]
    assert small
    for cell in small:
        least, greatest = attack.bounds([cell])
        assert least <= cells[cell] + 1e-6
        assert greatest >= cells[cell] + SMALLEST - 1e-6, cell


def know_persons(of: Publication) -> tuple[Attack, dict[Cell, int], Sums]:
    cells = cells_of("persons_by_age")
    attack = Attack(list(cells))
    attack.learn(published(of), tables.TABLES["persons_by_age"].figures)
    return attack, cells, sums_of("persons_by_age", cells)


def know_events(of: Publication, name: str) -> tuple[Attack, dict[Cell, int], Sums]:
    cells = cells_of(name)
    table = tables.TABLES[name]
    attack = Attack(list(cells))
    attack.learn(published(of, table.indicator), table.figures)
    return attack, cells, sums_of(name, cells)


class TestRatesOfPersons:
    def test_leave_small_cells_as_wide(self, first: Publication) -> None:
        attack, cells, sums = know_persons(first)
        told = set()
        for name, area, _, rate in rates(first):
            if name in OF_PERSONS:
                factor, part, whole = OF_PERSONS[name]
                part_keys, whole_keys = (
                    [key(area, *one) for one in side] for side in (part, whole)
                )
                learn_rate(attack, rate, factor, add(sums, part_keys), add(sums, whole_keys))
                told.add(name)

        assert told == OF_PERSONS.keys()
        require_wide(attack, cells)

    def test_would_open_one_by_a_rate_of_a_hidden_sum(self, first: Publication) -> None:
        attack, cells, sums = know_persons(first)
        hidden = next(
            one
            for one in sums
            if one not in published(first) and 0 < add_up(cells, sums[one]) < SMALLEST
        )
        total = (hidden[0], *key("")[1:])
        share = Decimal(100_000 * add_up(cells, sums[hidden])) / add_up(cells, sums[total])

        learn_rate(attack, float(round(share, 2)), 100_000, sums[hidden], sums[total])

        assert attack.bounds(sums[hidden])[1] < add_up(cells, sums[hidden]) + 1


class TestRatesOfEvents:
    @pytest.mark.parametrize("name", CRUDE)
    def test_leave_small_cells_as_wide(self, first: Publication, name: str) -> None:
        attack, cells, sums = know_events(first, name)
        persons = published(first)
        told = 0
        for indicator, area, age, rate in rates(first):
            is_by_age = name == "births" and indicator == "AGE_SPECIFIC_FERTILITY_RATE"
            whole = key(area, "F", age) if is_by_age else key(area)
            if (is_by_age or indicator == CRUDE[name]) and whole in persons:
                # Persons of both ends of the year are the same here.
                for sign in (1, -1):
                    row = {c: sign * 1000 * n for c, n in sums.get(key(area, age=age), {}).items()}
                    attack.learn_limit(row, (sign * rate + HALF) * persons[whole])
                told += 1

        assert told
        if name == "deaths":
            require_wide(attack, cells)
        assert attack.bounds(cells)[0] <= sum(cells.values()) + 1e-6

    def test_are_given_only_where_every_sum_is(self, first: Publication) -> None:
        counts = {
            rate: published(first, tables.TABLES[name].indicator) for name, rate in CRUDE.items()
        }
        births = counts["CRUDE_BIRTH_RATE"]
        for indicator, area, _, _ in rates(first):
            if indicator in counts:
                assert key(area) in counts[indicator]
            if indicator == "SEX_RATIO_AT_BIRTH":
                assert {key(area, "M"), key(area, "F")} <= births.keys()


def add_up(cells: Mapping[Cell, int], sums: Mapping[Cell, float]) -> int:
    return int(sum(cells[cell] * times for cell, times in sums.items()))

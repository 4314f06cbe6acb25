"""No question and no sum of answers narrows a small cell down."""

from collections.abc import Callable, Iterable, Mapping

import pytest

from population_statistics import legal
from population_statistics.rules import ages, publication, tables
from population_statistics.values import Cell, CountTable, Publication
from tests.factories import population_statistics as figures
from tests.unit.population_statistics.attack import Attack, published

SMALLEST = legal.SMALLEST_CELL.value
COUNTS = figures.make_counts()


@pytest.fixture(scope="module")
def first() -> Publication:
    return publication.publish(figures.DAY, COUNTS, {})


def cells_of(name: str, counts: Mapping[str, CountTable]) -> dict[Cell, int]:
    """Give the cells of a table of the publication."""
    source = "persons_by_age" if name == tables.SINGLE_AGES else name
    cells: dict[Cell, int] = {}
    for row, count in counts[source].counts.items():
        cell = tables.TABLES[name].cell(row)
        cells[cell] = cells.get(cell, 0) + count
    return cells


def small(cells: Mapping[Cell, int]) -> list[Cell]:
    return [cell for cell, count in cells.items() if 0 < count < SMALLEST]


class TestOneVintage:
    @pytest.mark.parametrize("name", ["persons_by_age", "persons_by_ethnicity", "deaths"])
    def test_leaves_every_small_cell_as_wide_as_the_smallest_number(
        self, first: Publication, name: str
    ) -> None:
        table, cells = tables.TABLES[name], cells_of(name, COUNTS)
        attack = Attack(list(cells))
        attack.learn(published(first, table.indicator), table.figures)

        assert small(cells)
        for cell in small(cells):
            least, greatest = attack.bounds([cell])
            assert least <= cells[cell]
            assert greatest >= cells[cell] + SMALLEST

    def test_leaves_sums_of_small_cells_as_wide(self, first: Publication) -> None:
        table, cells = tables.TABLES["persons_by_age"], cells_of("persons_by_age", COUNTS)
        attack = Attack(list(cells))
        attack.learn(published(first), table.figures)
        pairs = [
            (one, other)
            for one in small(cells)
            for other in small(cells)
            if one < other and cells[one] + cells[other] < SMALLEST
        ]

        assert pairs
        for pair in pairs[:20]:
            assert attack.bounds(pair)[1] >= cells[pair[0]] + cells[pair[1]] + SMALLEST

    def test_is_not_opened_by_single_years_beside_groups_of_five(self, first: Publication) -> None:
        rows = COUNTS["persons_by_age"].counts
        groups = {row: tables.TABLES["persons_by_age"].cell(row) for row in rows}
        attack = Attack(list(rows))
        for name in ("persons_by_age", tables.SINGLE_AGES):
            table = tables.TABLES[name]
            attack.learn(published(first), _through(table.cell, table.figures))

        cells = cells_of("persons_by_age", COUNTS)
        for cell in small(cells)[::6]:
            inside = [row for row, group in groups.items() if group == cell]
            assert attack.bounds(inside)[1] >= cells[cell] + SMALLEST

    def test_would_be_opened_by_one_more_answer(self, first: Publication) -> None:
        table, cells = tables.TABLES["persons_by_age"], cells_of("persons_by_age", COUNTS)
        cell = small(cells)[0]
        answers = dict(published(first))
        for key in table.figures(cell):
            answers[key] = sum(n for other, n in cells.items() if key in set(table.figures(other)))
        attack = Attack(list(cells))

        attack.learn(answers, table.figures)

        assert attack.bounds([cell])[1] == pytest.approx(cells[cell])


class TestTwoVintages:
    def test_leave_cells_as_wide_to_whoever_knows_what_changed(self, first: Publication) -> None:
        table, cells = tables.TABLES["persons_by_age"], cells_of("persons_by_age", COUNTS)
        grown = next(cell for cell in small(cells) if cell[0] == "01/01")
        changed = _with_more(grown, 40)
        second = publication.publish(figures.DAY, changed, first.kept)
        attack = Attack(list(cells), changes=[grown])
        attack.learn(published(first), table.figures)

        attack.learn(published(second), table.figures, is_later=True)

        for cell in small(cells):
            assert attack.bounds([cell])[1] >= cells[cell] + SMALLEST

    def test_are_opened_if_the_second_forgets_the_first(self, first: Publication) -> None:
        table, cells = tables.TABLES["persons_by_age"], cells_of("persons_by_age", COUNTS)
        grown = [cell for cell in small(cells) if cell[0] == "01/01"]
        changed = COUNTS
        for cell in grown:
            changed = _with_more(cell, 40, changed)
        forgetful = publication.publish(figures.DAY, changed, {})
        attack = Attack(list(cells), changes=grown)
        attack.learn(published(first), table.figures)
        attack.learn(published(forgetful), table.figures, is_later=True)
        respectful = publication.publish(figures.DAY, changed, first.kept)

        opened = published(forgetful).keys() - published(respectful).keys()

        assert opened


def _through(
    cell_of: Callable[[Cell], Cell], figures_of: Callable[[Cell], Iterable[tables.Key]]
) -> Callable[[Cell], Iterable[tables.Key]]:
    return lambda row: figures_of(cell_of(row))


def _with_more(
    cell: Cell, more: int, counts: Mapping[str, CountTable] = COUNTS
) -> dict[str, CountTable]:
    area, sex, group, marital = cell
    table = counts["persons_by_age"]
    row = next(
        row
        for row in table.counts
        if row[2] == sex
        and row[4] == marital
        and f"{row[0]}/{row[1]}" == area
        and ages.five_years(int(row[3])) == group
    )
    grown = CountTable(table.columns, {**table.counts, row: table.counts[row] + more})
    return {**counts, "persons_by_age": grown}

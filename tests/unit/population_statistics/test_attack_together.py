"""All published tables of the same persons, joined into one program, of one vintage and of two.

Every table is a sum over cells of the same persons: who joins all tables knows all that is
published. The attacker is told which cells are empty, that the others are not, and of a later
vintage exactly what was corrected.
"""

from collections.abc import Callable, Iterable, Mapping

import pytest

from population_statistics import legal
from population_statistics.rules import publication, revisions, tables
from population_statistics.values import Cell, Publication
from tests.factories import joint_country
from tests.factories.joint_country import PERSON_TABLES, Persons
from tests.factories.population_statistics import DAY
from tests.unit.population_statistics.attack import Attack, published

SMALLEST = legal.SMALLEST_CELL.value
COUNTRIES = [
    joint_country.draw(1, few=4),
    joint_country.draw(2, few=20),
    joint_country.draw(3, few=40),
    *(joint_country.draw_with_a_group_of_few_years(seed) for seed in (2, 4, 5, 6)),
]


class Joined:
    """The cells of all tables of persons, and which persons are in them."""

    def __init__(self, persons: Persons, first: Publication) -> None:
        kept = first.kept["persons_by_age"]
        self._joined = tables.JoinedAreas(kept.provinces, kept.country)
        self.persons = persons
        there = {union for person in persons for union in self._unions_of(person)}
        # Where nobody is in a union the attacker sees that; which cells of others are empty, not.
        self.cells = [one for one in joint_country.list_cells() if there >= self._unions_of(one)]
        self.unions: dict[tuple[str, Cell], list[Cell]] = {}
        for cell in self.cells:
            for union in self._unions_of(cell):
                self.unions.setdefault(union, []).append(cell)

    def _unions_of(self, person: Cell) -> set[tuple[str, Cell]]:
        return {(name, joint_country.cell_of(name, person, self._joined)) for name in PERSON_TABLES}

    def count(self, union: tuple[str, Cell]) -> int:
        return sum(self.persons.get(cell, 0) for cell in self.unions[union])

    def small(self) -> list[tuple[str, Cell]]:
        return [union for union in self.unions if self.count(union) < SMALLEST]

    def figures_of(self, name: str) -> Callable[[Cell], Iterable[tables.Key]]:
        figures = tables.TABLES[name].figures
        return lambda person: figures(joint_country.cell_of(name, person, self._joined))

    def attack(self, *known: Mapping[tables.Key, int]) -> Attack:
        attack = Attack(self.cells)
        attack.learn_presence(self.unions.values())
        for answers in known:
            for name in PERSON_TABLES:
                attack.learn(answers, self.figures_of(name))
        return attack

    def require_wide(self, attack: Attack) -> None:
        assert self.small()
        for union in self.small():
            least, greatest = attack.bounds(self.unions[union])
            assert least <= self.count(union)
            assert greatest >= self.count(union) + SMALLEST - 1e-6, union


class TestOneVintage:
    @pytest.mark.parametrize("persons", COUNTRIES)
    def test_leaves_every_small_cell_of_every_table_as_wide(self, persons: Persons) -> None:
        first = publication.publish(DAY, joint_country.make_counts(persons), {})
        joined = Joined(persons, first)

        attack = joined.attack(published(first))

        joined.require_wide(attack)

    def test_would_be_opened_by_the_group_of_a_hidden_year(self) -> None:
        persons = COUNTRIES[4]
        first = publication.publish(DAY, joint_country.make_counts(persons), {})
        joined = Joined(persons, first)
        union = next(one for one in joined.small() if one[0] == tables.SINGLE_AGES)
        _, (_, sex, _) = union
        group = ("VN", sex[0].upper(), "Y80T84", "_T", "_T", "_T")
        of_group = [one for one in persons if one[5] == sex and 80 <= int(one[6]) < 85]
        total = sum(persons[one] for one in of_group)

        attack = joined.attack({**published(first), group: total})

        assert total >= SMALLEST
        assert group not in published(first)
        assert attack.bounds(joined.unions[union])[1] < joined.count(union) + SMALLEST


def corrected(persons: Persons, *, by: Callable[[int, int], int]) -> dict[Cell, int]:
    """Correct every seventh cell."""
    new = dict(persons)
    for number, cell in enumerate(sorted(persons)):
        if number % 7 == 0:
            new[cell] = max(0, by(number, persons[cell]))
    return {cell: count for cell, count in new.items() if count}


CORRECTIONS = {
    "one more": lambda _, count: count + 1,
    "one less": lambda _, count: count - 1,
    "many more": lambda _, count: count + 30,
    "all away": lambda number, count: 0 if number % 2 else count,
    "large become small": lambda _, count: min(count, 2),
}


class TestTwoVintages:
    @pytest.mark.parametrize("persons", COUNTRIES[1:4])
    @pytest.mark.parametrize("by", CORRECTIONS.values(), ids=CORRECTIONS.keys())
    def test_leave_small_cells_as_wide_to_whoever_knows_every_correction(
        self, persons: Persons, by: Callable[[int, int], int]
    ) -> None:
        first = publication.publish(DAY, joint_country.make_counts(persons), {})
        counts = joint_country.make_counts(corrected(persons, by=by))
        second = publication.publish(DAY, counts, first.kept)
        joined = Joined(persons, first)

        attack = joined.attack(published(first), _without_changes(first, second))

        joined.require_wide(attack)

    @pytest.mark.parametrize("by", CORRECTIONS.values(), ids=CORRECTIONS.keys())
    def test_differ_in_no_cell_by_a_few(self, by: Callable[[int, int], int]) -> None:
        for persons in COUNTRIES[1:4]:
            first = publication.publish(DAY, joint_country.make_counts(persons), {})
            counts = joint_country.make_counts(corrected(persons, by=by))
            second = publication.publish(DAY, counts, first.kept)

            for name in PERSON_TABLES:
                before, after = first.kept[name].counts, second.kept[name].counts
                moved = {
                    abs(after.get(cell, 0) - before.get(cell, 0))
                    for cell in before.keys() | after.keys()
                }
                assert all(one == 0 or one >= SMALLEST for one in moved)

    def test_would_be_opened_by_a_second_that_forgets_the_first(self) -> None:
        persons = COUNTRIES[3]
        first = publication.publish(DAY, joint_country.make_counts(persons), {})
        cell = max((n, cell) for cell, n in first.kept["persons_by_age"].counts.items())[1]
        joined = Joined(persons, first)
        inside = [one for one in joined.unions["persons_by_age", cell] if one in persons]
        changed = {one: n for one, n in persons.items() if one not in inside} | {inside[0]: 2}
        counts = joint_country.make_counts(changed)
        total = ("VN", "_T", "_T", "_T", "_T", "_T")

        left = {
            name: joined.count(("persons_by_age", cell))
            - published(first)[total]
            + published(publication.publish(DAY, counts, earlier))[total]
            for name, earlier in (("forgetful", {}), ("respectful", first.kept))
        }

        # Who knows in which cell the correction was, knows what is left of it, or does not.
        assert left["forgetful"] == 2
        assert left["respectful"] == SMALLEST


class TestShownCount:
    @pytest.mark.parametrize("before", range(30))
    @pytest.mark.parametrize("now", range(1, SMALLEST))
    def test_of_a_cell_that_became_small_may_be_that_of_one_that_is_not(
        self, before: int, now: int
    ) -> None:
        shown = revisions.shown_count(before, now, 0, SMALLEST)

        if before >= SMALLEST:
            more = revisions.shown_count(before, now + SMALLEST, 0, SMALLEST)
            assert shown == more >= SMALLEST


def _without_changes(first: Publication, second: Publication) -> dict[tables.Key, int]:
    """Give what the second vintage publishes, less what the attacker knows to have changed."""
    known = dict(published(second))
    for name in PERSON_TABLES:
        before, after = first.kept[name].counts, second.kept[name].counts
        for cell in before.keys() | after.keys():
            for key in tables.TABLES[name].figures(cell):
                if key in known:
                    known[key] -= after.get(cell, 0) - before.get(cell, 0)
    return known

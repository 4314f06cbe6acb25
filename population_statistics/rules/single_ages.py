"""Single years of age of the country, protected together with its groups of five years. Pure.

Both are published, so what a witness says of the one must be possible in the other: the single
years of a group add up to it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from population_statistics import errors
from population_statistics.rules import ages, protection
from population_statistics.values import Cell, Counts, Witness

_Group = tuple[str, str]  # sex and group of five years


@dataclass(frozen=True)
class Found:
    """Witnesses of single years.

    Args:
        single: of the table by single years, in the order of `by_age`, then those of small cells.
        by_age: further ones of the table by groups.
    """

    single: tuple[Witness, ...]
    by_age: tuple[Witness, ...]


class SingleAges:
    """The table by single years.

    Args:
        counts: of the country, by area, sex and single year.
        smallest: smallest number of persons that may be published.
    """

    def __init__(self, counts: Counts, smallest: int) -> None:
        self._counts = counts
        self._smallest = smallest
        self._years: dict[_Group, list[Cell]] = {}
        # The largest first: the same few years are lowered everywhere.
        for cell in sorted(counts, key=lambda cell: (-counts[cell], cell)):
            self._years.setdefault((cell[1], ages.group_of(cell[2])), []).append(cell)

    def is_possible(self, witness: Witness) -> bool:
        """Tell whether single years can be as a witness of the table by groups says.

        Source:
            Law on Statistics 89/2015/QH13 art. 57; the method is ours, see docs/adr/0016.
        """
        return self._follow(witness, {}) is not None

    def protect(
        self, by_age: Sequence[Witness], counts: Counts, earlier: Sequence[Witness]
    ) -> Found:
        """Choose witnesses of single years.

        Args:
            by_age: witnesses of the table by groups.
            counts: that table.
            earlier: witnesses of single years of earlier vintages.

        Raises:
            TooFewPersons: a single year cannot be hidden.

        Source:
            Law on Statistics 89/2015/QH13 art. 57: data that identify are kept secret; the method
            is ours, see docs/adr/0016.
        """
        chosen, more = list(earlier), []
        held = {protection.protected_cell(one) for one in earlier}
        for cell in sorted(self._counts):
            if self._counts[cell] >= self._smallest or cell in held:
                continue
            witness = self._within_group(cell) or self._along(cell, by_age)
            if witness is None:
                of_groups, witness = self._with_groups(cell, counts)
                more.append(of_groups)
            chosen.append(witness)
        for one in by_age:
            followed = self._follow(one, {})
            if followed and followed not in chosen:
                chosen.append(followed)
        return Found(tuple(chosen), tuple(more))

    def _within_group(self, cell: Cell) -> Witness | None:
        """Raise a year, lower others of its group: groups stay as they are."""
        group = (cell[1], ages.group_of(cell[2]))
        lowered = self._lower(group, self._smallest, without=cell)
        return None if lowered is None else {cell: self._smallest, **lowered}

    def _along(self, cell: Cell, by_age: Sequence[Witness]) -> Witness | None:
        """Raise a year because a witness raises its group."""
        group = (cell[1], ages.group_of(cell[2]))
        for one in by_age:
            if _shifts(one).get(group, 0) >= self._smallest:
                followed = self._follow(one, {group: cell})
                if followed:
                    return {cell: followed[cell], **followed}
        return None

    def _with_groups(self, cell: Cell, counts: Counts) -> tuple[Witness, Witness]:
        """Raise a year and its group, and lower another group of the same area and sex."""
        group = (cell[1], ages.group_of(cell[2]))
        for of_groups in self._list_moves(group, counts):
            followed = self._follow(of_groups, {group: cell})
            if followed:
                return of_groups, {cell: followed[cell], **followed}
        area = max(
            (one for one in counts if one[1:3] == group), key=lambda one: (counts[one], one)
        )[0]
        raise errors.TooFewPersons(area)

    def _list_moves(self, group: _Group, counts: Counts) -> Iterator[Witness]:
        sex, _ = group
        raised = sorted(one for one in counts if one[1:3] == group)
        large = sorted(
            (one for one in counts if one[1] == sex and counts[one] > self._smallest),
            key=lambda one: (-counts[one], one),
        )
        for one in raised:
            for other in large:
                if other[0] == one[0] and other[2] != one[2]:
                    yield {one: self._smallest, other: -self._smallest}

    def _follow(self, witness: Witness, raised: Mapping[_Group, Cell]) -> dict[Cell, int] | None:
        """Say what a witness by groups means for single years; None if they cannot follow.

        Args:
            raised: the year to raise in a group; the largest if none is given.
        """
        followed: dict[Cell, int] = {}
        for group, shift in _shifts(witness).items():
            if shift > 0:
                followed[raised.get(group, self._years[group][0])] = shift
            elif shift < 0:
                lowered = self._lower(group, -shift)
                if lowered is None:
                    return None
                followed.update(lowered)
        return followed

    def _lower(
        self, group: _Group, persons: int, without: Cell | None = None
    ) -> dict[Cell, int] | None:
        """Take persons out of a group, from its largest years; none of them becomes empty."""
        lowered: dict[Cell, int] = {}
        for cell in self._years.get(group, ()):
            part = min(persons, self._counts[cell] - 1)
            if cell != without and part > 0:
                lowered[cell] = -part
                persons -= part
        return lowered if persons == 0 else None


def _shifts(witness: Witness) -> dict[_Group, int]:
    shifts: dict[_Group, int] = {}
    for (_, sex, group, _), shift in witness.items():
        shifts[sex, group] = shifts.get((sex, group), 0) + shift
    return shifts

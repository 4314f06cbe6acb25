"""Which figures of a table of counts may be published. Pure.

For every small cell a witness is chosen: another content of the table, in which the cell is larger
by the smallest number that may be published, and from which no published figure differs. Whoever
reads all figures, adds, subtracts and compares them as they like, cannot tell the true table from
that of the witness (docs/adr/0016).
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TypeVar

from population_statistics import errors
from population_statistics.values import Cell, Counts, CountTable, Witness

Exchange = tuple[str, ...]
Key = TypeVar("Key", bound=Hashable)
_MOST_PARTNERS = 5  # more are not tried in one dimension: the search stays linear in the cells


@dataclass(frozen=True)
class Design:
    """How the cells of a table may stand in for each other.

    Args:
        columns: dimensions of the table.
        exchanges: sets of dimensions to alter together, in the order of trying. What is summed over
            one of the altered dimensions is the same in the witness, so it stays publishable: every
            set holds a dimension that no other table of the same persons has.
        last_exchanges: further ones, tried only in areas that are joined already: elsewhere it is
            better to join areas than to lose sums over all of them.
        is_joined: tells whether a cell lies in such an area.
        common: dimensions that other tables of the same persons have too. As the last resort a cell
            stands in for any other one with which it shares these.
        near: for a dimension, what tells which codes lie near each other; near ones come first,
            because figures of their union stay publishable.
    """

    columns: tuple[str, ...]
    exchanges: tuple[Exchange, ...]
    last_exchanges: tuple[Exchange, ...]
    is_joined: Callable[[Cell], bool]
    common: tuple[str, ...]
    near: Mapping[str, Callable[[str], str]]


def list_unpublishable(
    witnesses: Sequence[Witness], figures_of: Callable[[Cell], Iterable[Key]]
) -> frozenset[Key]:
    """List the figures that differ between the table and a witness.

    Args:
        witnesses: of the table.
        figures_of: the figures, each a sum of different cells, that a cell is counted in.

    Source:
        Law on Statistics 89/2015/QH13 art. 57: data that identify are kept secret; the method is
        ours, see docs/adr/0016.
    """
    found: set[Key] = set()
    for witness in witnesses:
        shifts: dict[Key, int] = {}
        for cell, shift in witness.items():
            for figure in figures_of(cell):
                shifts[figure] = shifts.get(figure, 0) + shift
        found.update(figure for figure, shift in shifts.items() if shift)
    return frozenset(found)


def _always(_: Witness) -> bool:
    return True


def protect(
    table: CountTable,
    design: Design,
    smallest: int,
    earlier: Sequence[Witness] = (),
    is_possible: Callable[[Witness], bool] = _always,
) -> tuple[Witness, ...]:
    """Choose a witness for each small cell.

    Args:
        table: counts.
        design: how cells may stand in for each other.
        smallest: smallest number of persons that may be published.
        earlier: witnesses of earlier vintages of the same period; they go on being respected, so
            that a figure published anew does not tell what was hidden before.
        is_possible: tells whether other tables of the same persons can be as a witness says.

    Raises:
        TooFewPersons: a small cell cannot be hidden.

    Source:
        Law on Statistics 89/2015/QH13 art. 57: data that identify are kept secret; the method is
        ours, see docs/adr/0016.
    """
    search = _Search(table, design, smallest, is_possible)
    witnesses = list(earlier)
    holds = [one for one in earlier if is_sound(one, table.counts) and is_possible(one)]
    covered = {protected_cell(one) for one in holds}
    small = {cell for cell, count in table.counts.items() if 0 < count < smallest}
    found = {cell: search.find(cell) for cell in sorted(small - covered)}
    witnesses += [witness for witness in found.values() if witness is not None]
    # All areas at once: whoever joins areas for one cell after the other starts anew each time.
    failing = dict.fromkeys(cell[0] for cell, witness in found.items() if witness is None)
    if failing:
        raise errors.TooFewPersons(*failing)
    return tuple(witnesses)


def protected_cell(witness: Witness) -> Cell:
    """Name the cell that a witness protects.

    Source:
        Law on Statistics 89/2015/QH13 art. 57; the method is ours, see docs/adr/0016.
    """
    return next(iter(witness))


def is_sound(witness: Witness, counts: Counts) -> bool:
    """Tell whether a table can be as a witness says.

    No cell that is there goes away, for marks show which ones are; none comes, for an empty cell
    may be one that cannot be otherwise.

    Source:
        Law on Statistics 89/2015/QH13 art. 57; the method is ours, see docs/adr/0016.
    """
    return all(counts.get(cell, 0) + min(shift, 0) > 0 for cell, shift in witness.items())


class _Search:
    """Finds witnesses in one table."""

    def __init__(
        self,
        table: CountTable,
        design: Design,
        smallest: int,
        is_possible: Callable[[Witness], bool],
    ) -> None:
        self._is_possible = is_possible
        self._counts: Counts = table.counts
        self._design = design
        self._smallest = smallest
        # What is large and differs from a cell in one dimension only: (place, rest) → codes.
        self._large: dict[tuple[int, Cell], list[str]] = {}
        self._within: dict[Cell, list[Cell]] = {}
        totals = [self._totals(place) for place in range(len(design.columns))]
        for cell, count in table.counts.items():
            if count > smallest:
                self._within.setdefault(self._common(cell), []).append(cell)
                for place, code in enumerate(cell):
                    self._large.setdefault(_rest(cell, place), []).append(code)
        for (place, _), codes in self._large.items():
            # The same few codes everywhere: sums over what is left stay publishable.
            codes.sort(key=lambda code: (-totals[place][code], code))

        for cells in self._within.values():
            cells.sort(key=lambda cell: (-table.counts[cell], cell))

    def _common(self, cell: Cell) -> Cell:
        return tuple(cell[self._design.columns.index(column)] for column in self._design.common)

    def _totals(self, place: int) -> dict[str, int]:
        totals: dict[str, int] = {}
        for cell, count in self._counts.items():
            totals[cell[place]] = totals.get(cell[place], 0) + count
        return totals

    def find(self, cell: Cell) -> Witness | None:
        """Find the witness of a cell; the cell comes first in it. None if nothing hides it."""
        witness = self._exchanged(cell, self._design.exchanges)
        if witness is None and self._design.is_joined(cell):
            witness = self._exchanged(cell, self._design.last_exchanges)
            for other in self._within.get(self._common(cell), ())[:_MOST_PARTNERS]:
                witness = witness or self._if_fit({cell: self._smallest, other: -self._smallest})
        return witness

    def _exchanged(self, cell: Cell, exchanges: Sequence[Exchange]) -> Witness | None:
        for exchange in exchanges:
            places = [self._design.columns.index(column) for column in exchange]
            partners = [self._partners(cell, place) for place in places]
            for chosen in product(*partners):
                witness = self._if_fit(_corners(cell, places, chosen, self._smallest))
                if witness is not None:
                    return witness
        return None

    def _if_fit(self, witness: Witness) -> Witness | None:
        fits = is_sound(witness, self._counts) and self._is_possible(witness)
        return witness if fits else None

    def _partners(self, cell: Cell, place: int) -> list[str]:
        """Give codes that make the cell a large one, near ones first."""
        codes = self._large.get(_rest(cell, place), [])
        group = self._design.near.get(self._design.columns[place])
        if group is not None:
            own = group(cell[place])
            codes = sorted(codes, key=lambda code: group(code) != own)
        return codes[:_MOST_PARTNERS]


def _rest(cell: Cell, place: int) -> tuple[int, Cell]:
    return place, (*cell[:place], *cell[place + 1 :])


def _corners(cell: Cell, places: Sequence[int], chosen: Sequence[str], shift: int) -> Witness:
    """Alter each chosen dimension or not: cells an even number of steps away rise, others fall."""
    witness: dict[Cell, int] = {}
    for steps in product((False, True), repeat=len(places)):
        corner = list(cell)
        for place, code, altered in zip(places, chosen, steps, strict=True):
            if altered:
                corner[place] = code
        witness[tuple(corner)] = -shift if sum(steps) % 2 else shift
    return witness

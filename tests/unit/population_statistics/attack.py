"""An attacker with linear programming: all that is published, and how far it narrows sums down."""

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np
from scipy import optimize, sparse

from population_statistics.rules import tables
from population_statistics.values import Cell, Publication

Place = int | str
Answers = Mapping[tables.Key, int]


def published(publication: Publication, indicator: str = "POP") -> Answers:
    """Give the counts of an indicator that are published, by the key of their figure."""
    return {
        (
            one.ref_area,
            one.sex,
            one.age,
            one.urbanisation,
            one.marital_status,
            one.ethnicity,
        ): int(one.value)
        for one in publication.figures
        if one.indicator == indicator and one.value is not None
    }


class Attack:
    """What can be learnt of cells from answers.

    Args:
        cells: of the table attacked; that others are empty is given to the attacker.
        changes: cells of which the attacker knows that a later vintage may hold another number.
    """

    def __init__(self, cells: Sequence[Cell], changes: Sequence[Cell] = ()) -> None:
        self._limits: list[dict[int, float]] = []
        self._most: list[float] = []
        self._place = {cell: number for number, cell in enumerate(cells)}
        self._changed = {cell: len(cells) + number for number, cell in enumerate(changes)}
        self._width = len(cells) + len(changes)
        self._rows: list[dict[int, int]] = []
        self._values: list[int] = []

    def learn(
        self,
        answers: Answers,
        figures_of: Callable[[Cell], Iterable[tables.Key]],
        *,
        is_later: bool = False,
    ) -> None:
        """Add what is published as equations; of figures that the table does not have, none."""
        rows: dict[tables.Key, dict[int, int]] = {}
        for cell, place in self._place.items():
            for key in figures_of(cell):
                if key in answers:
                    row = rows.setdefault(key, {})
                    row[place] = row.get(place, 0) + 1
                    if is_later and cell in self._changed:
                        row[self._changed[cell]] = 1
        self._rows += rows.values()
        self._values += [answers[key] for key in rows]

    def learn_presence(self, cells: Iterable[Sequence[Cell]]) -> None:
        """Add that somebody is in each of some unions of cells: the marks of figures tell."""
        for union in cells:
            self.learn_limit(dict.fromkeys(union, -1), -1)

    def learn_limit(self, factors: Mapping[Cell, float], most: float) -> None:
        """Add that a weighted sum of cells is not above a number: a rounded rate tells that."""
        self._limits.append({self._place[cell]: factor for cell, factor in factors.items()})
        self._most.append(most)

    def bounds(self, cells: Iterable[Cell]) -> tuple[float, float]:
        """Give the least and the greatest sum of some cells that fits all equations."""
        aim = np.zeros(self._width)
        for cell in cells:
            aim[self._place[cell]] = 1
        limits: list[tuple[float | None, None]] = [(0, None)] * len(self._place)
        limits += [(None, None)] * len(self._changed)
        least, greatest = (
            optimize.linprog(
                sign * aim,
                A_eq=self._matrix(self._rows),
                b_eq=self._values,
                A_ub=self._matrix(self._limits) if self._limits else None,
                b_ub=self._most or None,
                bounds=limits,
                method="highs",
            )
            for sign in (1, -1)
        )
        assert least.success
        assert greatest.success or greatest.status == 3, greatest.message  # 3: without limit
        return least.fun, -greatest.fun if greatest.success else np.inf

    def _matrix(self, given: Sequence[Mapping[int, float]]) -> sparse.csr_matrix:
        entries = [
            (number, place, factor)
            for number, row in enumerate(given)
            for place, factor in row.items()
        ]
        rows, columns, factors = zip(*entries, strict=True)
        return sparse.csr_matrix(
            (factors, (rows, columns)), shape=(len(given), self._width), dtype=float
        )

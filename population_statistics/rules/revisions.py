"""What a later vintage of a day shows of what has changed. Pure.

A figure that moves by one person from one vintage to the next tells of this person. So a correction
waits until there are enough of them in its cell, and no cell becomes small that was not before.
Every witness of an earlier vintage then holds for the later one too: even who knows exactly what
was corrected learns nothing about small cells (docs/adr/0016).
"""

from population_statistics.rules import tables
from population_statistics.rules.tables import JoinedAreas
from population_statistics.values import Cell, Counts, CountTable, Kept


def revise(former: Kept, counted: CountTable, joined: JoinedAreas, smallest: int) -> CountTable:
    """Give the counts that figures of a later vintage are made of.

    Args:
        former: of the same table of the vintage before.
        counted: what was counted now, areas joined.
        joined: areas that are joined now, at least those of the vintage before.
        smallest: smallest number of persons that may be published.

    Returns:
        counts that differ from the former ones nowhere, or by `smallest` persons at least.

    Source:
        Law on Statistics 89/2015/QH13 art. 57: data that identify are kept secret; the method is
        ours, see docs/adr/0016.
    """
    before = tables.with_areas(CountTable(counted.columns, former.counts), joined).counts
    least = _needed(former, before, joined, smallest)
    cells = sorted(before.keys() | counted.counts.keys())
    shown = {
        cell: shown_count(
            before.get(cell, 0), counted.counts.get(cell, 0), least.get(cell, 0), smallest
        )
        for cell in cells
    }
    return CountTable(counted.columns, {cell: count for cell, count in shown.items() if count})


def shown_count(before: int, now: int, least: int, smallest: int) -> int:
    """Give what is shown of a cell in the place of what was counted.

    Args:
        before: what the vintage before was made of.
        now: what was counted.
        least: what earlier witnesses need the cell to hold.
        smallest: smallest number of persons that may be published.

    Source:
        Law on Statistics 89/2015/QH13 art. 57: data that identify are kept secret; the method is
        ours, see docs/adr/0016.

    >>> [shown_count(40, now, 0, 5) for now in (41, 36, 35, 9, 3, 0)]
    [40, 40, 35, 5, 5, 0]
    >>> shown_count(3, 4, 0, 5), shown_count(0, 3, 0, 5), shown_count(0, 7, 0, 5)
    (3, 0, 7)
    """
    # One number for all from 1 to 2n - 1: what was large does not become small in sight, and who
    # sees it cannot exclude that there are n more.
    shown = smallest if before >= smallest and 0 < now < 2 * smallest else now
    shown = max(shown, least)
    return shown if abs(shown - before) >= smallest else before


def _needed(former: Kept, before: Counts, joined: JoinedAreas, smallest: int) -> dict[Cell, int]:
    needed: dict[Cell, int] = {}
    for witness in former.witnesses:
        for cell, shift in witness.items():
            there = (joined.area(cell[0]), *cell[1:])
            least = 1 - shift if shift < 0 else min(before.get(there, 0), smallest)
            needed[there] = max(needed.get(there, 0), least)
    return needed

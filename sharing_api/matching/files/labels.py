"""Pairs that somebody has labelled: a CSV file with the columns left, right and same (1 or 0)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from databases.loading import readers
from sharing_api.matching import errors, learning
from sharing_api.matching.evaluation import Score
from sharing_api.matching.fields.kinds import Flags, Rows
from sharing_api.matching.files.tables import Table
from sharing_api.matching.linkage import Linkage

_COLUMNS = ("left", "right", "same")
_YES, _NO = ("1", "true", "yes"), ("0", "false", "no")


@dataclass(frozen=True)
class Labels:
    """Labelled pairs.

    Args:
        left, right: records.
        is_same: what was found.
    """

    left: Rows
    right: Rows
    is_same: Flags

    @property
    def true_pairs(self) -> tuple[Rows, Rows]:
        """The pairs that are the same."""
        return self.left[self.is_same], self.right[self.is_same]


NONE = Labels(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0, np.bool_))


def read_labels(path: Path, tables: Sequence[Table]) -> Labels:
    """Read labelled pairs of the records of one file or of two.

    Raises:
        BadLabels: a column is missing, a record does not exist, or `same` is not 1 or 0.
    """
    table = readers.open_table(path)
    if missing := [name for name in _COLUMNS if name not in table.header]:
        raise errors.BadLabels(f"{path.name} has no column {', '.join(missing)}.")
    places = [table.header.index(name) for name in _COLUMNS]
    sides = [_rows_of(tables[0], 0)]
    sides.append(_rows_of(tables[1], tables[0].count) if len(tables) > 1 else sides[0])
    found: list[tuple[int, int, bool]] = []
    for chunk in table.chunks:
        columns = [pa.array(column).to_pylist() for column in chunk.read_columns(places)]
        for line, *cells in zip(chunk.lines, *columns, strict=True):
            found.append(_read(cells, sides, f"{path.name}, line {line}"))
        for row in chunk.broken:
            raise errors.BadLabels(f"{path.name}, line {row.line}: {row.reason}")
    left, right, same = zip(*found, strict=True) if found else ((), (), ())
    return Labels(np.array(left, np.int64), np.array(right, np.int64), np.array(same, np.bool_))


def _rows_of(table: Table, first: int) -> Mapping[str, int]:
    return {name: row for row, name in enumerate(table.names.to_pylist(), start=first)}


def _read(
    cells: Sequence[str], sides: Sequence[Mapping[str, int]], where: str
) -> tuple[int, int, bool]:
    left, right, same = (cell.strip() for cell in cells)
    for name, rows in ((left, sides[0]), (right, sides[1])):
        if name not in rows:
            raise errors.BadLabels(f"{where}: there is no record {name}.")
    if same.lower() not in (*_YES, *_NO):
        raise errors.BadLabels(f"{where}: same is 1 or 0, not {same!r}.")
    return sides[0][left], sides[1][right], same.lower() in _YES


def judge(found: Linkage, labels: Labels, threshold: float) -> Score:
    """Hold the labelled pairs against what was found; a pair that never met was not found."""
    count = np.int64(len(found.groups))
    alike = learning.probability(found.pairs.log_odds) >= threshold
    codes = np.sort(found.pairs.left[alike] * count + found.pairs.right[alike])
    low, high = np.minimum(labels.left, labels.right), np.maximum(labels.left, labels.right)
    own = np.isin(low * count + high, codes)
    hits = int((own & labels.is_same).sum())
    return Score(int(own.sum()), hits, int(labels.is_same.sum()))

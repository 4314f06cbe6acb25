"""Which records are compared at all: those that share keys; never all with all.

A rule is some keys of different fields; records that agree in all of them meet. Which rules are
used follows from the file: the widest that do not make too many pairs, and none that asks for more
than one that is used. A family name that a third of the country bears is then a key only together
with what tells its bearers apart.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np
import numpy.typing as npt

from sharing_api.matching import hashing
from sharing_api.matching.fields.kinds import Rows
from sharing_api.matching.hashing import Hashes
from sharing_api.matching.model import Blocking
from sharing_api.matching.records import Records

Rule = tuple[str, ...]
_SAMPLE = 12_000
_TRUE_PAIRS = 3.0  # times those that agree in three fields, which are mostly true ones


@dataclass(frozen=True)
class Index:
    """The entries of one rule, sorted by key; those of a group meet.

    Args:
        row: record of each entry.
        start, end: range of entries that each entry meets.
        by_row: entries that meet any, in the order of their records.
        oversize: entries in groups that are so large that each meets only the next.
    """

    row: Rows
    start: Rows
    end: Rows
    by_row: Rows
    oversize: int

    @property
    def pairs(self) -> int:
        """Number of pairs, those that meet by several entries counted each time."""
        return int((self.end - self.start).sum())

    def expand(self, first: int, last: int) -> tuple[Rows, Rows]:
        """Give the pairs whose left record lies in the range from `first` up to before `last`."""
        low, high = np.searchsorted(self.row[self.by_row], [first, last])
        entries = self.by_row[low:high]
        width = self.end[entries] - self.start[entries]
        left = np.repeat(self.row[entries], width)
        ends = np.cumsum(width)
        offset = np.arange(len(left)) - np.repeat(ends - width, width)
        right = self.row[np.repeat(self.start[entries], width) + offset]
        return left, right

    def count_by_row(self, count: int) -> Rows:
        """Count for each record the pairs of which it is the left one."""
        return np.bincount(self.row, weights=self.end - self.start, minlength=count).astype(
            np.int64
        )


def index(records: Records, rule: Rule, largest: int) -> Index:
    """Sort the entries of a rule; of groups larger than `largest` each entry meets the next."""
    return _index(entries(rule, records.keys), records.left, largest)


def entries(rule: Rule, keys: Mapping[str, Sequence[Hashes]]) -> list[tuple[Rows, Hashes]]:
    """Combine the keys of a rule: records and hashes, for each choice among several values."""
    salt = int(hashing.of_texts(["+".join(rule)])[0])
    found = []
    for parts in product(*(keys[name] for name in rule)):
        known = parts[0] != hashing.NOTHING
        for part in parts[1:]:
            known &= part != hashing.NOTHING
        rows = np.flatnonzero(known)
        found.append((rows, hashing.combine([part[rows] for part in parts], salt)))
    return found


def _index(found: Sequence[tuple[Rows, Hashes]], left: int | None, largest: int) -> Index:
    rows = np.concatenate([one for one, _ in found])
    keys = np.concatenate([some for _, some in found])
    order = np.argsort(keys, kind="stable")
    rows, keys = rows[order], keys[order]
    if len(found) > 1:
        rows, keys = _without_repeats(rows, keys)
    return _group(rows, keys, left, largest)


def _without_repeats(rows: Rows, keys: Hashes) -> tuple[Rows, Hashes]:
    """Order the records of each key, and keep each only once."""
    # Equal keys stand together already; only within them the order of the records is wanted.
    group = np.cumsum(np.append(False, keys[1:] != keys[:-1]))
    order = np.argsort((group << 32) | rows, kind="stable")
    rows, keys = rows[order], keys[order]
    kept = np.ones(len(rows), dtype=np.bool_)
    kept[1:] = (rows[1:] != rows[:-1]) | (keys[1:] != keys[:-1])
    return rows[kept], keys[kept]


def _group(rows: Rows, keys: Hashes, left: int | None, largest: int) -> Index:
    is_first = np.append(True, keys[1:] != keys[:-1]) if len(keys) else np.zeros(0, dtype=np.bool_)
    bounds = np.flatnonzero(is_first)
    sizes = np.diff(np.append(bounds, len(keys)))
    group_end = np.repeat(bounds + sizes, sizes)
    start = np.arange(1, len(keys) + 1)
    pairs = sizes * (sizes - 1) // 2
    meets = np.ones(len(keys), dtype=np.bool_)
    if left is not None:
        # Within a group the left records come first: each meets the right ones behind them.
        meets = rows < left
        lefts = np.add.reduceat(meets.astype(np.int64), bounds) if len(bounds) else sizes
        start = np.repeat(bounds + lefts, sizes)
        pairs = lefts * (sizes - lefts)
    is_large = pairs > largest * largest // 2
    # Of a group that says too little each record meets only the next: equal ones hang together.
    end = np.where(np.repeat(is_large, sizes), np.minimum(start + 1, group_end), group_end)
    end = np.where(meets, end, start)
    used = np.flatnonzero(end > start)
    by_row = used[np.argsort(rows[used], kind="stable")]
    return Index(rows, start, end, by_row, int(sizes[is_large].sum()))


@dataclass(frozen=True)
class _Sample:
    """Some of the records, to estimate how many pairs a rule would make."""

    keys: Mapping[str, Sequence[Hashes]]
    left: int | None
    scale: float

    def cost(self, rule: Rule, largest: int) -> float:
        """Estimate the pairs of a rule; a group that finds next to nothing is as bad as many."""
        made = self._index(rule, largest)
        return (made.pairs + made.oversize) * self.scale**2

    def pairs(self, rule: Rule, largest: int) -> float:
        """Estimate the pairs of a rule."""
        return self._index(rule, largest).pairs * self.scale**2

    def _index(self, rule: Rule, largest: int) -> Index:
        within = max(2, round(largest / self.scale))
        return _index(entries(rule, self.keys), self.left, within)


def _draw(records: Records) -> _Sample:
    count = records.count
    if count <= _SAMPLE:
        return _Sample(records.keys, records.left, 1.0)
    rows: npt.NDArray[np.int64] = np.sort(
        np.random.default_rng(count).choice(count, _SAMPLE, replace=False)
    )
    keys = {name: [vector[rows] for vector in some] for name, some in records.keys.items()}
    left = None if records.left is None else int(np.searchsorted(rows, records.left))
    return _Sample(keys, left, count / _SAMPLE)


def choose_rules(records: Records, limits: Blocking) -> list[Rule]:
    """Choose the rules for these records, the widest first.

    Returns:
        rules of one key, of two, and so on, each cheap enough and none implied by another.
    """
    sample = _draw(records)
    most = max(
        limits.pairs_per_record * records.count,
        limits.small_file_pairs,
        _TRUE_PAIRS * _alike_in_three(records, sample, limits.largest_group),
    )
    chosen: list[Rule] = []
    too_wide: list[Rule] = [()]
    for _ in range(limits.fields_per_rule):
        costs = {
            rule: sample.cost(rule, limits.largest_group)
            for rule in _longer(too_wide, records)
            if not _is_implied(rule, chosen, records)
        }
        too_wide = [rule for rule, pairs in costs.items() if pairs > most]
        for rule in sorted(costs, key=costs.__getitem__, reverse=True):
            if costs[rule] <= most and not _is_implied(rule, chosen, records):
                chosen.append(rule)
    return chosen


def _alike_in_three(records: Records, sample: _Sample, largest: int) -> float:
    """Estimate how many pairs agree in the first key of three fields; a file may repeat itself."""
    first = {name.partition(".")[0]: name for name in reversed(records.keys)}
    found = [sample.pairs(rule, largest) for rule in combinations(first.values(), 3)]
    return float(np.median(found)) if found else 0.0


def _longer(rules: Sequence[Rule], records: Records) -> Iterator[Rule]:
    """Add a key of another field to each rule that makes too many pairs, all of whose parts do."""
    known = set(rules)
    names = list(records.keys)
    for rule in rules:
        for name in names[names.index(rule[-1]) + 1 if rule else 0 :]:
            if name.partition(".")[0] in {part.partition(".")[0] for part in rule}:
                continue
            longer = (*rule, name)
            if all(shorter in known for shorter in combinations(longer, len(rule))):
                yield longer


def _is_implied(rule: Rule, chosen: Sequence[Rule], records: Records) -> bool:
    """Tell whether records that this rule brings together meet by a chosen one anyway."""
    met = frozenset().union(*(records.implied[name] for name in rule))
    return any(set(one) <= met for one in chosen)

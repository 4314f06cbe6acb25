"""Which records meet at all: those that share keys; never all with all.

A rule (`rules`) is some keys of different fields; records that agree in all of them meet.
"""

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from sharing_api.matching import hashing
from sharing_api.matching.fields.kinds import Rows
from sharing_api.matching.hashing import Hashes
from sharing_api.matching.records import Records
from sharing_api.matching.rules import Count, Meetings, Rule

Places = npt.NDArray[np.int32]  # of records or entries; half as wide as Rows


@dataclass(frozen=True)
class Index:
    """The records of one rule that meet any other, sorted by key and within it by record.

    Args:
        row: record of each entry.
        left: the records that meet those behind them, in their order.
        start, end: range of entries that each of these meets.
        oversize: entries in groups that are so large that each meets only the next.
    """

    row: Places
    left: Places
    start: Places
    end: Places
    oversize: int

    @property
    def pairs(self) -> int:
        """Number of pairs."""
        return int((self.end - self.start).sum(dtype=np.int64))

    def expand(self, first: int, last: int) -> tuple[Places, Places]:
        """Give the pairs whose left record lies in the range from `first` up to before `last`."""
        low, high = np.searchsorted(self.left, [first, last])
        start = self.start[low:high]
        width = self.end[low:high] - start
        before = np.cumsum(width) - width
        place = np.arange(int(width.sum())) - np.repeat(before - start, width)
        return np.repeat(self.left[low:high], width), self.row[place]

    def count_by_row(self, count: int) -> Rows:
        """Count for each record the pairs of which it is the left one."""
        return np.bincount(self.left, weights=self.end - self.start, minlength=count).astype(
            np.int64
        )


def index(records: Records, rule: Rule, largest: int) -> Index:
    """Bring records together; of groups larger than `largest` each meets only the next."""
    return _groups(records, rule, 1.0).index(records.left, largest)


def row_bits(count: int) -> np.uint64:
    """Tell how many of the lowest bits of a key make way for the number of the record.

    What is left of the hash is the key: two of them are the same by chance only where there are
    so many that a pair more does not count.
    """
    return np.uint64(max(1, count - 1).bit_length())


def entries(
    rule: Rule, keys: Mapping[str, Sequence[Hashes]], share: float = 1.0
) -> list[tuple[Rows, Hashes]]:
    """Combine the keys of a rule: records and hashes, for each choice among several values."""
    salt = salt_of(rule)
    most = np.uint64(min(int(share * 2**64), 2**64 - 1))
    found = []
    for parts in product(*(keys[name] for name in rule)):
        combined = hashing.combine(parts, salt)
        known = combined <= most
        for part in parts:
            known &= part != hashing.NOTHING
        rows = np.flatnonzero(known)
        found.append((rows, combined[rows]))
    return found


@functools.cache
def salt_of(rule: Rule) -> int:
    """Give what keeps the hashes of a rule apart from those of others."""
    return int(hashing.of_texts(["+".join(rule)])[0])


def entries_at_once(
    rules: Sequence[Rule], keys: Mapping[str, Sequence[Hashes]]
) -> tuple[Rows, Hashes]:
    """Combine the keys of all rules, as `entries` does one by one: at less cost for few records.

    Args:
        rules: those with a key that is not among `keys` are left out.
    """
    by_length: dict[int, list[tuple[int, tuple[Hashes, ...]]]] = {}
    for rule in rules:
        if all(name in keys for name in rule):
            for parts in product(*(keys[name] for name in rule)):
                by_length.setdefault(len(rule), []).append((salt_of(rule), parts))
    rows, hashes = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.uint64)]
    for length, several in by_length.items():
        stacked = [np.stack([parts[place] for _, parts in several]) for place in range(length)]
        known = np.logical_and.reduce([part != hashing.NOTHING for part in stacked])
        which, own = np.nonzero(known)
        salts = np.array([salt for salt, _ in several], dtype=np.uint64)[which]
        rows.append(own)
        hashes.append(hashing.combine([part[known] for part in stacked], salts))
    return np.concatenate(rows), np.concatenate(hashes)


@dataclass(frozen=True)
class Groups:
    """Records with the same key, those of at least two: one after the other.

    Args:
        row: the records, within a group in their order.
        bounds: where each group begins.
        sizes: of the groups.
    """

    row: Places
    bounds: Rows
    sizes: Rows

    @classmethod
    def of(cls, keys: npt.NDArray[Any], row: Places) -> "Groups":
        """Group records that are sorted by their keys, and within them by their number."""
        bounds = np.flatnonzero(np.append(True, keys[1:] != keys[:-1])[: len(keys)])
        return cls(row, bounds, np.diff(np.append(bounds, len(keys))))

    def lefts(self, left: int | None) -> Rows:
        """Count the records of the left side, which come first in each group; 0 with one side."""
        if left is None or not len(self.bounds):
            return np.zeros(len(self.bounds), dtype=np.int64)
        is_left = (self.row < left).astype(np.int64)
        return np.asarray(np.add.reduceat(is_left, self.bounds))

    def count(self, left: int | None, largest: int) -> Meetings:
        """Count the pairs that `index` would make."""
        lefts = self.lefts(left)
        pairs = _pairs(self.sizes, lefts, left)
        large = pairs > largest * largest // 2
        chained = self.sizes - 1 if left is None else lefts
        oversize = int(self.sizes[large].sum())
        return Meetings(int(pairs[~large].sum() + chained[large].sum()), oversize)

    def index(self, left: int | None, largest: int) -> Index:
        """Tell which records each one meets."""
        row, sizes = self.row, self.sizes
        lefts = self.lefts(left)
        first = np.repeat(self.bounds.astype(np.int32), sizes)
        end = first + np.repeat(sizes.astype(np.int32), sizes)
        # With one side each meets all behind it, else each left one the right ones.
        start = np.arange(1, len(row) + 1, dtype=np.int32)
        if left is not None:
            start = first + np.repeat(lefts.astype(np.int32), sizes)
        large = _pairs(sizes, lefts, left) > largest * largest // 2
        # Of a group that says too little each meets only the next: equal ones hang together.
        end = np.where(np.repeat(large, sizes), np.minimum(start + 1, end), end)
        meets = end > start if left is None else (end > start) & (row < left)
        used = np.flatnonzero(meets)
        order = np.sort((row[used].astype(np.int64) << 32) | used) & 0xFFFFFFFF
        return Index(row, row[order], start[order], end[order], int(sizes[large].sum()))


def _pairs(sizes: Rows, lefts: Rows, left: int | None) -> Rows:
    return sizes * (sizes - 1) // 2 if left is None else lefts * (sizes - lefts)


def _groups(records: Records, rule: Rule, share: float) -> Groups:
    """Find the records that have the same key: the bits above those of the record."""
    bits = row_bits(records.count)
    packed = np.concatenate(
        [
            (keys >> bits << bits) | rows.astype(np.uint64)
            for rows, keys in entries(rule, records.keys, share)
        ]
    )
    packed.sort()
    keys = packed >> bits
    same = keys[1:] == keys[:-1]
    meets = np.zeros(len(packed), dtype=np.bool_)
    meets[1:] |= same
    meets[:-1] |= same
    meets[1:] &= packed[1:] != packed[:-1]  # each record once
    row = (packed[meets] & ((np.uint64(1) << bits) - np.uint64(1))).astype(np.int32)
    return Groups.of(keys[meets], row)


def counting(records: Records, largest: int, map_: Callable[..., Iterable[Meetings]]) -> Count:
    """Make what counts the pairs that rules make of these records.

    Args:
        records: that are to meet.
        largest: records with the same key; of more each meets only the next.
        map_: maps a function over a sequence, perhaps several at a time.
    """

    def count(rules: Sequence[Rule], share: float) -> Sequence[Meetings]:
        def one(rule: Rule) -> Meetings:
            made = _groups(records, rule, share).count(records.left, largest)
            return Meetings(made.pairs / share, made.oversize / share)

        return list(map_(one, rules))

    return count

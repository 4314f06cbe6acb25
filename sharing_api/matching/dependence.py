"""How the fields of strangers depend on each other: namesakes live near each other, of one age.

If names and places were independent, two strangers would agree in both as often as the product of
the chances says. They agree more often: names belong to regions, families, sexes and generations,
rare ones more than common ones. The factor is counted on the records themselves, by how frequent
the value is: pairs that agree in both, less those that are taken for true pairs.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sharing_api.matching import hashing
from sharing_api.matching.fields.kinds import (
    BUCKETS,
    Agreement,
    Buckets,
    Flags,
    Levels,
    Rates,
    Rows,
)
from sharing_api.matching.hashing import Hashes
from sharing_api.matching.records import Records

_MOST = 30.0  # times as often as by chance; more is a sign of true pairs
_ENOUGH = 3.0  # expected pairs against which a count weighs half
_MOST_RECORDS = 80_000
_ALL_MET = 0.8  # share of the pairs that agree in both which was compared
_SHUFFLE_ONE, _SHUFFLE_OTHER = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9)


@dataclass(frozen=True)
class Bond:
    """Two ways to agree, in two fields.

    Args:
        one, other: places of the fields.
        way: place of the agreement among those of the first field, whose frequency counts.
        one_levels, other_levels: tells of each level whether it is this agreement.
    """

    one: int
    other: int
    way: int
    one_levels: Flags
    other_levels: Flags

    def buckets_of(self, records: Records, levels: Levels, left: Rows) -> Buckets:
        """Give the bucket of frequency of each pair, -1 where it does not agree in both fields."""
        holds = self.one_levels[levels[:, self.one]] & self.other_levels[levels[:, self.other]]
        rows = np.flatnonzero(holds)
        buckets = np.full(len(levels), -1, dtype=np.int8)
        buckets[rows] = records.agreements[self.one][self.way].buckets[left[rows]]
        return buckets


@dataclass(frozen=True)
class CountedBond:
    """How many pairs of records agree in both ways.

    Args:
        bond: the two ways.
        both: pairs of records that agree in both, by bucket; an estimate from some of the values.
        expected: such pairs if the fields were independent, by bucket.
    """

    bond: Bond
    both: Rates
    expected: Rates

    def log_factors(self, taken: Rates, met: Rates) -> Rates:
        """Give by bucket how much more often strangers agree in both: a logarithm, from 0.

        Args:
            taken: pairs taken for true, by bucket.
            met: pairs that were compared, by bucket.
        """
        all_met = met.sum() >= _ALL_MET * self.both.sum()
        strangers = np.maximum((met if all_met else self.both) - taken, 0.0)
        factors = (strangers + _ENOUGH) / (self.expected + _ENOUGH)
        logs: Rates = np.log(np.clip(factors, 1.0, _MOST))
        return logs


def find_bonds(records: Records, strangers: Sequence[Rates]) -> list[CountedBond]:
    """Count for every two fields the ways in which both can agree.

    Args:
        records: whose fields are meant.
        strangers: how often strangers are how alike, by field and level.
    """
    agreements = records.agreements
    bonds = []
    for one, first in enumerate(agreements[:-1]):
        for way, agreement in enumerate(first):
            count = _Count.of(records, one, way, agreement)
            bonds += [
                count.bond(other, second, float(strangers[other][list(second.levels)].sum()))
                for other in range(one + 1, len(agreements))
                for second in agreements[other]
            ]
    return bonds


@dataclass(frozen=True)
class _Count:
    """Counting the pairs that agree in one field, and those of them that agree in another too.

    Args:
        records: whose pairs are meant.
        place, way, first: the field, the place of the agreement among its own, and the agreement.
        alone: pairs that agree in this field, by bucket.
        kept: records of the values that are counted together with other fields.
        scale: by bucket, how many pairs stand for one of the kept.
    """

    records: Records
    place: int
    way: int
    first: Agreement
    alone: Rates
    kept: Rows
    scale: Rates

    @classmethod
    def of(cls, records: Records, place: int, way: int, first: Agreement) -> "_Count":
        """Count the pairs of all values, and choose some values."""
        everybody = np.arange(records.count)
        bare = cls(records, place, way, first, np.zeros(0), everybody, np.zeros(0))
        alone = bare.pairs(everybody, None)
        kept = _some_values(first.codes)
        scale = alone / np.maximum(bare.pairs(kept, None), 1.0)
        return cls(records, place, way, first, alone, kept, scale)

    def bond(self, other: int, second: Agreement, chance: float) -> CountedBond:
        """Count the pairs that agree in the other field too.

        Args:
            other, second: the other field and the agreement in it.
            chance: how often strangers agree in it.
        """
        known = second.codes != hashing.NOTHING
        left = self.records.left
        sides = (known, known) if left is None else (known[:left], known[left:])
        both_known = float(np.prod([side.mean() if len(side) else 0.0 for side in sides]))
        both = self.pairs(self.kept, second.codes)
        if second.finer is not None:
            both = both - self.pairs(self.kept, second.finer)
        return CountedBond(
            Bond(
                one=self.place,
                other=other,
                way=self.way,
                one_levels=self._mask(self.place, self.first.levels),
                other_levels=self._mask(other, second.levels),
            ),
            both=np.maximum(both, 0.0) * self.scale,
            expected=self.alone * chance * both_known,
        )

    def _mask(self, place: int, levels: Sequence[int]) -> Flags:
        kind = list(self.records.kinds.values())[place]
        mask = np.zeros(len(kind.levels) + 1, dtype=np.bool_)
        mask[list(levels)] = True
        return mask

    def pairs(self, rows: Rows, other: Hashes | None) -> Rates:
        """Count pairs of these records that agree in the first field, and in the other if given."""
        total = self._agreeing(rows, self.first.codes, other)
        if self.first.finer is not None:
            total = total - self._agreeing(rows, self.first.finer, other)
        return np.maximum(total, 0.0)

    def _agreeing(self, rows: Rows, codes: Hashes, other: Hashes | None) -> Rates:
        codes = codes[rows]
        known = codes != hashing.NOTHING
        if other is not None:
            known &= other[rows] != hashing.NOTHING
            codes = codes * _SHUFFLE_ONE + other[rows] * _SHUFFLE_OTHER
        rows = rows[known]
        return _pairs_by_bucket(codes[known], self.first.buckets[rows], self._lefts(rows))

    def _lefts(self, rows: Rows) -> Flags | None:
        return None if self.records.left is None else rows < self.records.left


def _some_values(codes: Hashes) -> Rows:
    share = min(1.0, _MOST_RECORDS / max(1, len(codes)))
    mixed = (codes * _SHUFFLE_ONE) >> np.uint64(40)
    return np.flatnonzero((mixed <= share * 2**24) & (codes != hashing.NOTHING))


def _pairs_by_bucket(codes: Hashes, bucket: Buckets, is_left: Flags | None) -> Rates:
    order, first, counts = hashing.runs(codes)
    if is_left is None:
        pairs = counts * (counts - 1) / 2
    else:
        lefts = np.add.reduceat(is_left[order].astype(np.int64), first) if len(first) else counts
        pairs = (lefts * (counts - lefts)).astype(np.float64)
    place = order[first]  # records of one value have one bucket: any of them tells it
    return np.bincount(bucket[place], weights=pairs, minlength=BUCKETS).astype(np.float64)

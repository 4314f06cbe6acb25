"""How the fields of strangers depend on each other: namesakes live near each other, of one age.

If names and places were independent, two strangers would agree in both as often as the product of
the chances says. They agree more often: names belong to regions, families, sexes and generations,
rare ones more than common ones. The factor is counted on the records themselves, by how frequent
the value is: pairs that agree in both, less those that are taken for true pairs.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from sharing_api.matching import hashing
from sharing_api.matching.fields.kinds import (
    BUCKETS,
    Agreement,
    Buckets,
    Flags,
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


class Population(Protocol):
    """What must be known of all records, to tell from some how their fields depend on each other.

    A way is the place of an agreement among those of a field.
    """

    @property
    def ways(self) -> Sequence[int]:
        """How many ways to agree each field has."""

    def alone(self, field: int, way: int) -> Rates:
        """Count the pairs that agree in one way, by bucket."""

    def known(self, field: int, way: int) -> float:
        """Give the share of the pairs of which both records have a value."""

    def some(self, field: int, way: int) -> tuple[Records, Rows]:
        """Give records, and which of them have a value that `choose_values` chooses."""


@dataclass(frozen=True)
class Here:
    """All records, which are here."""

    records: Records

    @property
    def ways(self) -> Sequence[int]:
        """How many ways to agree each field has."""
        return [len(ways) for ways in self.records.agreements]

    def alone(self, field: int, way: int) -> Rates:
        """Count the pairs that agree in one way, by bucket."""
        first = self.records.agreements[field][way]
        return _pairs(self.records, first, np.arange(self.records.count), None)

    def known(self, field: int, way: int) -> float:
        """Give the share of the pairs of which both records have a value."""
        known = self.records.agreements[field][way].codes != hashing.NOTHING
        left = self.records.left
        sides = (known, known) if left is None else (known[:left], known[left:])
        return float(np.prod([side.mean() if len(side) else 0.0 for side in sides]))

    def some(self, field: int, way: int) -> tuple[Records, Rows]:
        """Give these records, and which of them have a value that is chosen."""
        codes = self.records.agreements[field][way].codes
        return self.records, choose_values(codes, self.records.count)


def find_bonds(population: Population, strangers: Sequence[Rates]) -> list[CountedBond]:
    """Count for every two fields the ways in which both can agree.

    Args:
        population: whose fields are meant.
        strangers: how often strangers are how alike, by field and level.
    """
    return [
        bond
        for field in range(len(strangers) - 1)
        for bond in _bonds_of_field(population, strangers, field)
    ]


def _bonds_of_field(
    population: Population, strangers: Sequence[Rates], field: int
) -> Iterator[CountedBond]:
    for way in range(population.ways[field]):
        count = _Count.of(population, field, way)
        for other in range(field + 1, len(strangers)):
            for second in range(population.ways[other]):
                yield count.bond(population, (other, second), strangers[other])


@dataclass(frozen=True)
class _Count:
    """Counting the pairs that agree in one field, and those of them that agree in another too.

    Args:
        records: some, or all.
        field, way: the agreement in the first field.
        alone: pairs of all records that agree so, by bucket.
        kept: those of `records` that are counted together with other fields.
        scale: by bucket, how many pairs stand for one of the kept.
    """

    records: Records
    field: int
    way: int
    alone: Rates
    kept: Rows
    scale: Rates

    @classmethod
    def of(cls, population: Population, field: int, way: int) -> "_Count":
        """Count the pairs of all values, and of some."""
        alone = population.alone(field, way)
        records, kept = population.some(field, way)
        counted = _pairs(records, records.agreements[field][way], kept, None)
        return cls(records, field, way, alone, kept, alone / np.maximum(counted, 1.0))

    def bond(
        self, population: Population, second: tuple[int, int], strangers: Rates
    ) -> CountedBond:
        """Count the pairs that agree in the other field too.

        Args:
            population: whose fields are meant.
            second: the other field, and the way in which it agrees.
            strangers: how often strangers are how alike in it, by level.
        """
        other = self.records.agreements[second[0]][second[1]]
        first = self.records.agreements[self.field][self.way]
        both = _pairs(self.records, first, self.kept, other.codes)
        if other.finer is not None:
            both = both - _pairs(self.records, first, self.kept, other.finer)
        chance = float(strangers[list(other.levels)].sum())
        return CountedBond(
            Bond(
                one=self.field,
                other=second[0],
                way=self.way,
                one_levels=self._mask(self.field, first.levels),
                other_levels=self._mask(second[0], other.levels),
            ),
            both=np.maximum(both, 0.0) * self.scale,
            expected=self.alone * chance * population.known(*second),
        )

    def _mask(self, field: int, levels: Sequence[int]) -> Flags:
        kind = list(self.records.kinds.values())[field]
        mask = np.zeros(len(kind.levels) + 1, dtype=np.bool_)
        mask[list(levels)] = True
        return mask


def _pairs(records: Records, first: Agreement, rows: Rows, other: Hashes | None) -> Rates:
    """Count pairs of some records that agree in one way, and in the other if given, by bucket."""
    total = _agreeing(records, first, first.codes, rows, other)
    if first.finer is not None:
        total = total - _agreeing(records, first, first.finer, rows, other)
    return np.maximum(total, 0.0)


def _agreeing(
    records: Records, first: Agreement, codes: Hashes, rows: Rows, other: Hashes | None
) -> Rates:
    codes = codes[rows]
    known = codes != hashing.NOTHING
    if other is not None:
        known &= other[rows] != hashing.NOTHING
        codes = codes * _SHUFFLE_ONE + other[rows] * _SHUFFLE_OTHER
    rows = rows[known]
    lefts = None if records.left is None else rows < records.left
    return _pairs_by_bucket(codes[known], first.buckets[rows], lefts)


def choose_values(codes: Hashes, records: int) -> Rows:
    """Choose values by their hash, so many that few records have them; give these records.

    Args:
        codes: of some records; `NOTHING` where unknown.
        records: how many there are in all.
    """
    share = min(1.0, _MOST_RECORDS / max(1, records))
    mixed = (codes * _SHUFFLE_ONE) >> np.uint64(40)
    return np.flatnonzero((mixed <= share * 2**24) & (codes != hashing.NOTHING))


def _pairs_by_bucket(codes: Hashes, bucket: Buckets, is_left: Flags | None) -> Rates:
    order, first, counts = hashing.runs(codes)
    if is_left is None:
        pairs = counts * (counts - 1) / 2
    else:
        lefts = np.add.reduceat(is_left[order].astype(np.int64), first) if len(first) else counts
        pairs = (lefts * (counts - lefts)).astype(np.float64)
    return np.bincount(least_of(bucket[order], first), weights=pairs, minlength=BUCKETS).astype(
        np.float64
    )


def least_of(buckets: Buckets, first: Rows) -> Buckets:
    """Give the bucket of each run of records with one value: the least, should they differ."""
    return np.minimum.reduceat(buckets, first) if len(first) else buckets

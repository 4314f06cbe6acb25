"""Sorts of pairs: what is learned needs only how many pairs are alike how, not the pairs."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sharing_api.matching import hashing
from sharing_api.matching.fields.kinds import Buckets, Levels, Rates
from sharing_api.matching.hashing import Hashes

Logs = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Patterns:
    """Compared pairs gathered by likeness: one of each sort, and how many there are.

    Args:
        codes: hash of the sort.
        counts: number of pairs.
        levels: sort by field.
        log_chances: of strangers being so alike, all fields together; the mean of the sort.
        buckets: sort by bond; -1 where the bond does not hold.
    """

    codes: Hashes
    counts: Rates
    levels: Levels
    log_chances: Rates
    buckets: Buckets


def gather(levels: Levels, chances: Logs, buckets: Buckets) -> Patterns:
    """Gather pairs of the same levels and about the same chances.

    Args:
        levels, chances: pair by field.
        buckets: bond by pair.
    """
    parts = (*levels.T, *np.round(chances).astype(np.int16).T, *buckets)
    factors = np.random.default_rng(0).integers(1, 2**63, len(parts), dtype=np.uint64)
    code = np.zeros(len(levels), dtype=np.uint64)
    for part, factor in zip(parts, factors, strict=True):
        code += part.astype(np.int64).view(np.uint64) * factor
    sorts = Patterns(
        codes=code,
        counts=np.ones(len(code)),
        levels=levels,
        log_chances=chances.sum(axis=1, dtype=np.float64),
        buckets=buckets.T,
    )
    return unite(sorts)


def unite(some: Patterns) -> Patterns:
    """Keep one of each sort, with what was counted and the mean of the chances."""
    order, first, _ = hashing.runs(some.codes)
    counts = some.counts[order]
    place = order[first]
    if len(first):
        weighed = np.add.reduceat(some.log_chances[order] * counts, first)
        counts = np.add.reduceat(counts, first)
    else:
        weighed = counts
    return Patterns(
        codes=some.codes[place],
        counts=counts,
        levels=some.levels[place],
        log_chances=weighed / counts,
        buckets=some.buckets[place],
    )


def merge(some: Sequence[Patterns]) -> Patterns:
    """Gather what was gathered in parts."""
    together = Patterns(
        codes=np.concatenate([one.codes for one in some]),
        counts=np.concatenate([one.counts for one in some]),
        levels=np.concatenate([one.levels for one in some]),
        log_chances=np.concatenate([one.log_chances for one in some]),
        buckets=np.concatenate([one.buckets for one in some]),
    )
    return unite(together)

"""Learning from the pairs themselves how often true pairs agree: expectation maximisation.

Source: Fellegi and Sunter 1969; Winkler 1988 for finding the rates among true pairs by expectation
maximisation. Rates among strangers are not learned but counted: on random pairs, by the frequency
of the value where it matters, and with the dependence between fields (`dependence`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sharing_api.matching import hashing
from sharing_api.matching.dependence import Bond, CountedBond
from sharing_api.matching.fields.kinds import BUCKETS, MISSING, Buckets, Levels, Rates, Rows
from sharing_api.matching.hashing import Hashes
from sharing_api.matching.model import Learning
from sharing_api.matching.records import Records

Logs = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.floating[Any]]

_ROUNDS, _STEADY = 40, 1e-4
_ROUNDS_WITHOUT_BONDS = 8  # until it is roughly known which pairs are true
_SMOOTHING = 0.3  # pairs added to each level that random pairs were counted for
_FIRST_SHARE = 0.1  # of the compared pairs that are taken for true at first
_LEAST, _RAREST = 1e-12, 1e-12


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


@dataclass(frozen=True)
class Weights:
    """What was learned.

    Args:
        prior: share of true pairs among all that are possible.
        match: by field, the rate of each level among true pairs; place 0 is for missing.
        strangers: the same among strangers, over all values.
        bonds: what the fields of strangers depend on.
        log_factors: of each bond, by bucket.
    """

    prior: float
    match: Sequence[Rates]
    strangers: Sequence[Rates]
    bonds: Sequence[Bond]
    log_factors: Sequence[Rates]

    @property
    def log_prior(self) -> float:
        """Logarithm of the odds that any two records are the same."""
        return float(np.log(self.prior / (1 - self.prior)))

    def log_odds(self, records: Records, levels: Levels, chances: Logs, left: Rows) -> Logs:
        """Give the logarithm of the odds that each pair is a true one."""
        total = np.full(len(levels), self.log_prior, dtype=np.float32)
        for place, rates in enumerate(self.match):
            total += np.log(rates)[levels[:, place]].astype(np.float32) - chances[:, place]
        surplus = np.zeros(len(levels), dtype=np.float32)
        for bond, factors in zip(self.bonds, self.log_factors, strict=True):
            buckets = bond.buckets_of(records, levels, left)
            rows = np.flatnonzero(buckets >= 0)
            surplus[rows] += factors[buckets[rows]].astype(np.float32)
        limited: Logs = total - capped(surplus, chances.sum(axis=1)).astype(np.float32)
        return limited


def rates_of_strangers(records: Records, learning: Learning) -> list[Rates]:
    """Compare random pairs, nearly all of whom are strangers."""
    rng = np.random.default_rng(records.count)
    pairs = int(min(learning.random_pairs, records.possible_pairs))
    first, last = (records.count, 0) if records.left is None else (records.left, records.left)
    one = rng.integers(0, max(first, 1), pairs)
    other = rng.integers(last, max(records.count, last + 1), pairs)
    one, other = one[one != other], other[one != other]
    levels = records.compare(one, other)
    rates = []
    for place, kind in enumerate(records.kinds.values()):
        counts = np.bincount(levels[:, place], minlength=len(kind.levels) + 1) + _SMOOTHING
        counts[MISSING] = 0.0
        shares = counts / counts.sum()
        shares[MISSING] = 1.0
        rates.append(shares)
    return rates


def log_chances(
    records: Records, strangers: Sequence[Rates], levels: Levels, left: Rows, right: Rows
) -> Logs:
    """Give the logarithm of the rate at which strangers are this alike, pair by field."""
    logs = np.empty(levels.shape, dtype=np.float32)
    for place, field in enumerate(records.fields.values()):
        own = levels[:, place]
        logs[:, place] = np.log(strangers[place])[own]
        for level in (np.flatnonzero(np.bincount(own, minlength=1)[1:]) + 1).tolist():
            rows = np.flatnonzero(own == level)
            rates = field.chance(level, left[rows], right[rows])
            if rates is not None:
                logs[rows, place] = np.log(np.clip(rates, _RAREST, 1.0))
    return logs


def suppose(records: Records, learning: Learning, true_pairs: tuple[Rows, Rows]) -> list[Rates]:
    """Give the true pairs of each level that are supposed, and those that somebody labelled.

    Args:
        records: that are compared.
        learning: says how much the model's first guess weighs.
        true_pairs: left and right records of pairs known to be the same; none may be known.
    """
    levels = records.compare(*true_pairs)
    return [
        learning.prior_pairs * kind.match_rates
        + np.bincount(levels[:, place], minlength=len(kind.levels) + 1)[1:]
        for place, kind in enumerate(records.kinds.values())
    ]


def gather(
    records: Records, levels: Levels, chances: Logs, bonds: Sequence[CountedBond], left: Rows
) -> Patterns:
    """Gather pairs of the same levels and about the same chances."""
    buckets = np.empty((len(bonds), len(levels)), dtype=np.int8)
    for place, counted in enumerate(bonds):
        buckets[place] = counted.bond.buckets_of(records, levels, left)
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
    return _unite(sorts)


def _unite(some: Patterns) -> Patterns:
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
    return _unite(together)


def learn(
    records: Records,
    patterns: Patterns,
    strangers: Sequence[Rates],
    bonds: Sequence[CountedBond],
    prior_counts: Sequence[Rates],
) -> Weights:
    """Find how often true pairs agree in each field, and how many there are.

    Args:
        records: that were compared.
        patterns: of all compared pairs.
        strangers, bonds: what was counted beforehand.
        prior_counts: true pairs of each level supposed or known beforehand, by field.
    """
    first = [counts / counts.sum() for counts in prior_counts]
    match = [np.append(1.0, np.maximum(rates, _LEAST)) for rates in first]
    factors = [np.zeros(BUCKETS) for _ in bonds]
    kept = [counted.bond for counted in bonds]
    met = [_by_bucket(patterns, place, patterns.counts) for place in range(len(bonds))]
    possible = max(records.possible_pairs, 1.0)
    prior = _FIRST_SHARE * min(1.0, patterns.counts.sum() / possible)
    prior = float(np.clip(prior, _LEAST, 0.5))
    for round_ in range(_ROUNDS):
        weights = Weights(prior, match, strangers, kept, factors)
        share = patterns.counts * _probabilities(weights, patterns)
        before, prior = prior, float(np.clip(share.sum() / possible, _LEAST, 0.5))
        match = [
            _rates(patterns.levels[:, place], share, counts)
            for place, counts in enumerate(prior_counts)
        ]
        if round_ < _ROUNDS_WITHOUT_BONDS:
            continue
        factors = [
            bond.log_factors(_by_bucket(patterns, place, share), met[place])
            for place, bond in enumerate(bonds)
        ]
        if round_ > _ROUNDS_WITHOUT_BONDS and abs(before - prior) < _STEADY * prior:
            break
    return Weights(prior, match, strangers, kept, factors)


def _probabilities(weights: Weights, patterns: Patterns) -> Rates:
    odds = weights.log_prior - patterns.log_chances
    for place, rates in enumerate(weights.match):
        odds = odds + np.log(rates)[patterns.levels[:, place]]
    surplus = np.zeros(len(odds))
    for place, factors in enumerate(weights.log_factors):
        buckets = patterns.buckets[:, place]
        surplus += np.where(buckets >= 0, factors[buckets], 0.0)
    return probability(odds - capped(surplus, patterns.log_chances))


def capped(surplus: Numbers, log_chances: Numbers) -> Numbers:
    """Limit what dependence takes off: strangers do not agree more often than always."""
    limited: Numbers = np.minimum(surplus, -log_chances)
    return limited


def probability(log_odds: npt.NDArray[np.floating]) -> Rates:
    """Turn logarithms of odds into probabilities."""
    return 1.0 / (1.0 + np.exp(-np.clip(log_odds.astype(np.float64), -500, 500)))


def _rates(levels: npt.NDArray[np.int8], share: Rates, prior: Rates) -> Rates:
    found = np.bincount(levels, weights=share, minlength=len(prior) + 1)[1:] + prior
    return np.append(1.0, found / found.sum())


def _by_bucket(patterns: Patterns, place: int, weights: Rates) -> Rates:
    buckets = patterns.buckets[:, place]
    held = buckets >= 0
    return np.bincount(buckets[held], weights=weights[held], minlength=BUCKETS).astype(np.float64)

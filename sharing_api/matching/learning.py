"""Learning from the pairs themselves how often true pairs agree: expectation maximisation.

Source: Fellegi and Sunter 1969; Winkler 1988 for finding the rates among true pairs by expectation
maximisation. Rates among strangers are not learned but counted: on random pairs, by the frequency
of the value where it matters, and with the dependence between fields (`dependence`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from sharing_api.matching import records as records_of
from sharing_api.matching.dependence import Bond, CountedBond
from sharing_api.matching.fields.kinds import BUCKETS, MISSING, Buckets, Flags, Levels, Rates, Rows
from sharing_api.matching.model import Learning
from sharing_api.matching.patterns import Logs, Patterns
from sharing_api.matching.records import Records
from sharing_api.matching.relatives import Guess, Relatives

Numbers = npt.NDArray[np.floating[Any]]

_ROUNDS, _STEADY = 40, 1e-4
_ROUNDS_WITHOUT_BONDS = 8  # until it is roughly known which pairs are true
_SMOOTHING = 0.3  # pairs added to each level that random pairs were counted for
_FIRST_SHARE = 0.1  # of the compared pairs that are taken for true at first
_LEAST, _RAREST = 1e-12, 1e-12


@dataclass(frozen=True)
class Weights:
    """What was learned.

    Args:
        prior: share of true pairs among all that are possible.
        match: by field, the rate of each level among true pairs; place 0 is for missing.
        strangers: the same among strangers, over all values.
        bonds: what the fields of strangers depend on.
        log_factors: of each bond, by bucket.
        relatives: what was learned of different people who have much in common; None: nothing.
    """

    prior: float
    match: Sequence[Rates]
    strangers: Sequence[Rates]
    bonds: Sequence[Bond]
    log_factors: Sequence[Rates]
    relatives: Relatives | None = None

    @cached_property
    def _log_match(self) -> list[Rates]:
        return [np.log(rates) for rates in self.match]

    @property
    def log_prior(self) -> float:
        """Logarithm of the odds that any two records are the same."""
        return float(np.log(self.prior / (1 - self.prior)))

    def log_odds(self, records: Records, levels: Levels, chances: Logs, left: Rows) -> Logs:
        """Give the logarithm of the odds that each pair is a true one."""
        return self.weigh(levels, chances, buckets_of(records, self.bonds, levels, left))

    def weigh(self, levels: Levels, chances: Logs, buckets: Buckets) -> Logs:
        """Do so where the buckets of the bonds are known: bond by pair."""
        odds = self._weigh_against_strangers(levels, chances, buckets)
        odds -= self.doubt_of_relatives(levels, odds)
        return odds

    def log_odds_against_strangers(
        self, records: Records, levels: Levels, chances: Logs, left: Rows
    ) -> Logs:
        """Give the logarithm of the odds that each pair is a true one and not two strangers."""
        buckets = buckets_of(records, self.bonds, levels, left)
        return self._weigh_against_strangers(levels, chances, buckets)

    def _weigh_against_strangers(self, levels: Levels, chances: Logs, buckets: Buckets) -> Logs:
        total = np.full(len(levels), self.log_prior, dtype=np.float32)
        for place, logs in enumerate(self._log_match):
            total += logs[levels[:, place]].astype(np.float32) - chances[:, place]
        surplus = np.zeros(len(levels), dtype=np.float32)
        for own, factors in zip(buckets, self.log_factors, strict=True):
            rows = np.flatnonzero(own >= 0)
            surplus[rows] += factors[own[rows]].astype(np.float32)
        limited: Logs = total - capped(surplus, chances.sum(axis=1)).astype(np.float32)
        return limited

    def doubt_of_relatives(self, levels: Levels, odds: Logs) -> Logs:
        """Give what is taken off the odds because a pair may be relatives, from 0.

        Args:
            odds: against strangers, logarithms.
        """
        if self.relatives is None:
            return np.zeros(len(levels), dtype=np.float32)
        true = np.full(len(levels), np.log(self.prior))
        for place, logs in enumerate(self._log_match):
            true += logs[levels[:, place]]
        # How much more likely relatives are than strangers.
        surplus = self.relatives.log_chances(levels) - true + odds
        doubts: Logs = np.logaddexp(0.0, surplus).astype(np.float32)
        return doubts


def draw_strangers(count: int, left: int | None, learning: Learning) -> tuple[Rows, Rows]:
    """Draw random pairs of records, nearly all of whom are strangers: always the same ones.

    Args:
        count, left: of the records, as in `Records`.
        learning: says how many.
    """
    rng = np.random.default_rng(count)
    pairs = int(min(learning.random_pairs, records_of.possible_pairs(count, left)))
    first, last = (count, 0) if left is None else (left, left)
    one = rng.integers(0, max(first, 1), pairs)
    other = rng.integers(last, max(count, last + 1), pairs)
    return one[one != other], other[one != other]


def rates_of_strangers(records: Records, strangers: tuple[Rows, Rows]) -> list[Rates]:
    """Count how alike strangers are, by field and level."""
    levels = records.compare(*strangers)
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
        own = np.ascontiguousarray(levels[:, place])
        logs[:, place] = np.log(strangers[place])[own]
        for level in np.bincount(own, minlength=1)[1:].nonzero()[0].tolist():
            rows = (own == level + 1).nonzero()[0]
            rates = field.chance(level + 1, left[rows], right[rows])
            if rates is not None:
                logs[rows, place] = np.log(np.minimum(np.maximum(rates, _RAREST), 1.0))
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


def buckets_of(
    records: Records, bonds: Sequence[Bond], levels: Levels, left: Rows
) -> npt.NDArray[np.int8]:
    """Give the bucket of frequency of pairs, bond by pair; -1 where a bond does not hold."""
    buckets = np.full((len(bonds), len(levels)), -1, dtype=np.int8)
    agreeing: dict[tuple[int, bytes], Flags] = {}  # many bonds are about the same agreements
    for place, bond in enumerate(bonds):
        sides = []
        for field, is_meant in ((bond.one, bond.one_levels), (bond.other, bond.other_levels)):
            key = (field, is_meant.tobytes())
            if key not in agreeing:
                agreeing[key] = is_meant[levels[:, field]]
            sides.append(agreeing[key])
        rows = (sides[0] & sides[1]).nonzero()[0]
        if len(rows):
            way = records.agreements[bond.one][bond.way]
            buckets[place, rows] = way.buckets[left[rows]]
    return buckets


def learn(
    possible_pairs: float,
    patterns: Patterns,
    strangers: Sequence[Rates],
    bonds: Sequence[CountedBond],
    prior_counts: Sequence[Rates],
    relatives: Guess | None = None,
) -> Weights:
    """Find how often true pairs agree in each field, and how many there are.

    Args:
        possible_pairs: number of pairs that could be compared.
        patterns: of all compared pairs.
        strangers, bonds: what was counted beforehand.
        prior_counts: true pairs of each level supposed or known beforehand, by field.
        relatives: what is supposed of them; None: pairs are the same or strangers.
    """
    first = [counts / counts.sum() for counts in prior_counts]
    match = [np.append(1.0, np.maximum(rates, _LEAST)) for rates in first]
    factors = [np.zeros(BUCKETS) for _ in bonds]
    kept = [counted.bond for counted in bonds]
    met = [_by_bucket(patterns, place, patterns.counts) for place in range(len(bonds))]
    possible = max(possible_pairs, 1.0)
    prior = _FIRST_SHARE * min(1.0, patterns.counts.sum() / possible)
    prior = float(np.clip(prior, _LEAST, 0.5))
    found = None if relatives is None else Relatives(prior, relatives.rates)
    for round_ in range(_ROUNDS):
        weights = Weights(prior, match, strangers, kept, factors, found)
        true, related = _probabilities(weights, patterns)
        share = patterns.counts * true
        before, prior = prior, float(np.clip(share.sum() / possible, _LEAST, 0.5))
        if relatives is not None:
            found = relatives.learn(patterns.levels, patterns.counts * related, possible)
        match = [
            _rates(patterns.levels[:, place], share, counts)
            for place, counts in enumerate(prior_counts)
        ]
        if round_ < _ROUNDS_WITHOUT_BONDS:
            continue
        taken = patterns.counts * (true + related)
        factors = [
            bond.log_factors(_by_bucket(patterns, place, taken), met[place])
            for place, bond in enumerate(bonds)
        ]
        if round_ > _ROUNDS_WITHOUT_BONDS and abs(before - prior) < _STEADY * prior:
            break
    return Weights(prior, match, strangers, kept, factors, found)


def _probabilities(weights: Weights, patterns: Patterns) -> tuple[Rates, Rates]:
    """Give for each sort of pairs how likely they are true ones, and how likely relatives."""
    true = np.full(len(patterns.counts), np.log(weights.prior))
    for place, rates in enumerate(weights.match):
        true += np.log(rates)[patterns.levels[:, place]]
    surplus = np.zeros(len(true))
    for place, factors in enumerate(weights.log_factors):
        buckets = patterns.buckets[:, place]
        surplus += np.where(buckets >= 0, factors[buckets], 0.0)
    strangers = patterns.log_chances + capped(surplus, patterns.log_chances)
    strangers += np.log1p(-weights.prior)
    if weights.relatives is None:
        return probability(true - strangers), np.zeros(len(true))
    related = weights.relatives.log_chances(patterns.levels)
    all_ = np.logaddexp(np.logaddexp(true, strangers), related)
    return np.exp(true - all_), np.exp(related - all_)


def capped(surplus: Numbers, log_chances: Numbers) -> Numbers:
    """Limit what dependence takes off: strangers do not agree more often than always."""
    limited: Numbers = np.minimum(surplus, -log_chances)
    return limited


def probability(log_odds: npt.NDArray[np.floating]) -> Rates:
    """Turn logarithms of odds into probabilities."""
    return 1.0 / (1.0 + np.exp(-np.minimum(np.maximum(log_odds.astype(np.float64), -500), 500)))


def _rates(levels: npt.NDArray[np.int8], share: Rates, prior: Rates) -> Rates:
    found = np.bincount(levels, weights=share, minlength=len(prior) + 1)[1:] + prior
    return np.append(1.0, found / found.sum())


def _by_bucket(patterns: Patterns, place: int, weights: Rates) -> Rates:
    buckets = patterns.buckets[:, place]
    held = buckets >= 0
    return np.bincount(buckets[held], weights=weights[held], minlength=BUCKETS).astype(np.float64)

"""Thresholds of automatic links: what a person labels of a sample says how precise links are.

A sample is drawn so that every stretch of weights has its share. From a weight on, the share of
pairs labelled the same is held against the precision that is asked for, by the exact lower bound of
a binomial share (Clopper and Pearson 1934), one-sided. Several thresholds are tried with the same
labels, so each is tried at its part of the error (Bonferroni). Labels of much weight are left out
until those of little weight have at least the share that such links have. So, while links of more
weight are not less often right, the sample is no better than the links, and the bound holds for
them (Hoeffding 1956: a mixture of shares spreads less than one share). Where all pairs from a
weight on are labelled, their share is known and needs no bound.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

STRETCHES = 5
CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Labelled:
    """A pair that somebody labelled: its weight in bits, and whether they are the same."""

    weight: float
    is_same: bool


@dataclass(frozen=True, slots=True)
class Threshold:
    """What labels say of one threshold.

    Args:
        weight: bits from which on links are counted.
        labelled, same: labelled pairs from there on, and those that are the same.
        links: pairs from there on, labelled or not.
        bound: lower bound of the precision of these links.
    """

    weight: float
    labelled: int
    same: int
    links: int
    bound: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a labelled sample says.

    Args:
        chosen: the lowest threshold that reaches the precision; None where none does.
        tried: all thresholds that were tried, from the highest.
        missing: further labels that are needed at least, if all of them are the same; None where
            one threshold reaches it, or no further labels can help.
    """

    chosen: Threshold | None
    tried: Sequence[Threshold]
    missing: int | None


def lower_bound(same: int, labelled: int, error: float) -> float:
    """Give the exact one-sided lower bound of a share (Clopper and Pearson 1934).

    >>> round(lower_bound(2995, 2995, 0.05), 4)
    0.999
    >>> lower_bound(0, 10, 0.05)
    0.0
    """
    if same == 0:
        return 0.0
    return float(stats.beta.ppf(error, same, labelled - same + 1))


def labels_needed(precision: float, error: float, strangers: int = 0) -> int:
    """Give the fewest labels from which a precision follows, with so many strangers among them.

    >>> labels_needed(0.999, 0.05)
    2995
    >>> labels_needed(0.99, 0.05, strangers=1)
    473
    """
    low, high = strangers + 1, 2
    while lower_bound(high - strangers, high, error) < precision or high <= strangers:
        high *= 2
    while low < high:
        middle = (low + high) // 2
        if lower_bound(middle - strangers, middle, error) >= precision:
            high = middle
        else:
            low = middle + 1
    return low


def stretches_of(weights: Sequence[float]) -> list[float]:
    """Give the weights at which stretches begin, from the lowest: equally wide in bits.

    Args:
        weights: of all links, in any order.
    """
    if not weights:
        return []
    low, high = min(weights), max(weights)
    edges = np.linspace(low, high, STRETCHES + 1)[:-1]
    return sorted(set(edges.tolist()))


def draw(weights: Sequence[float], wanted: int, seed: int) -> list[int]:
    """Draw pairs to be labelled: equally many of each stretch of weights, as far as there are.

    Args:
        weights: of all links.
        wanted: labels.
        seed: the same seed draws the same pairs.

    Returns:
        places in `weights`, in an order that says nothing of the weight.
    """
    rng = np.random.default_rng(seed)
    edges = stretches_of(weights)
    number = np.searchsorted(edges, weights, side="right") - 1
    waiting = [rng.permutation(np.flatnonzero(number == one)).tolist() for one in range(len(edges))]
    drawn: list[int] = []
    while len(drawn) < wanted and any(waiting):
        for stretch in waiting:  # the lowest first: what is left over at the end thins the highest
            if stretch and len(drawn) < wanted:
                drawn.append(stretch.pop())
    return [drawn[place] for place in rng.permutation(len(drawn)).tolist()]


def judge(
    weights: Sequence[float],
    labelled: Sequence[Labelled],
    precision: float,
    confidence: float = CONFIDENCE,
) -> Verdict:
    """Find the lowest weight from which links are as precise as is asked for.

    Args:
        weights: of all links that the sample was drawn from.
        labelled: of the sample.
        precision: share of right links, below 1.
        confidence: that the bound holds.
    """
    edges = stretches_of(weights)
    error = (1 - confidence) / max(1, len(edges))
    tried = [_try(edge, weights, labelled, error) for edge in reversed(edges)]
    reached = [one for one in tried if one.labelled and one.bound >= precision]
    missing = None
    if not reached:
        wanted = [
            labels_needed(precision, error, one.labelled - one.same) - one.labelled
            for one in tried
            if one.labelled < one.links
        ]
        missing = min((one for one in wanted if one > 0), default=None)
    return Verdict(reached[-1] if reached else None, tried, missing)


def _try(
    weight: float, weights: Sequence[float], labelled: Sequence[Labelled], error: float
) -> Threshold:
    own = sorted((one for one in labelled if one.weight >= weight), key=lambda one: one.weight)
    links = [one for one in weights if one >= weight]
    if own and len(own) == len(links):
        same = sum(one.is_same for one in own)
        return Threshold(weight, len(own), same, len(links), same / len(links))
    counted = own[: _most_counted(own, links)]
    same = sum(one.is_same for one in counted)
    bound = lower_bound(same, len(counted), error) if counted else 0.0
    return Threshold(weight, len(counted), same, len(links), bound)


def _most_counted(labelled: Sequence[Labelled], links: Sequence[float]) -> int:
    """Say how many labels, from the lowest, are no better a choice than the links themselves."""
    most = float(len(labelled))
    for edge in stretches_of(links)[1:]:
        below = sum(one < edge for one in links)
        if below:
            most = min(most, sum(one.weight < edge for one in labelled) * len(links) / below)
    return int(most)

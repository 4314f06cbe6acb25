"""From pairs to groups: which records are one person, when all of their pairs are heard.

Pairs alone chain: A is like B and B like C, and A and C are strangers. A group is joined with
another only while its pairs on average speak for it; the evidence of many pairs counts a little
more than that of one. Source: average linkage (Sokal and Michener 1958), on logarithms of odds.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from sharing_api.matching.fields.kinds import Rows
from sharing_api.matching.model import Grouping
from sharing_api.matching.patterns import Logs

Score = Callable[[Rows, Rows], Logs]

_LOOSELY = -1.0  # log odds from which records may be of one group at all
_LARGEST = (
    400  # records that are compared each with each; a larger group is first cut at weak pairs
)
_BONUS, _MOST_BONUS = 0.5, 1.5
_STEP = 1.0
_PAIRS_AT_A_TIME = 500_000


@dataclass(frozen=True)
class Pairs:
    """Pairs of records and the logarithms of the odds that they are the same."""

    left: Rows
    right: Rows
    log_odds: Logs

    def select(self, flags: npt.NDArray[np.bool_]) -> "Pairs":
        """Keep some of the pairs."""
        return Pairs(self.left[flags], self.right[flags], self.log_odds[flags])


def group(pairs: Pairs, count: int, score: Score, grouping: Grouping, threshold: float) -> Rows:
    """Tell for each record the first record of its group.

    Args:
        pairs: that were compared and are worth a look.
        count: number of records.
        score: gives the log odds of any pairs, also of those that never met.
        grouping: what a single pair can say at most.
        threshold: log odds from which two single records are taken for the same.
    """
    groups = np.arange(count)
    least = min(_LOOSELY, threshold)
    loosely = pairs.select(pairs.log_odds >= least)
    is_two = _are_two(loosely)
    twos = loosely.select(is_two & (loosely.log_odds >= threshold))
    groups[twos.right] = twos.left
    components = list(_components(loosely.select(~is_two), least, grouping.best))
    for members in components:
        if len(members) > _LARGEST:  # nothing weaker than certain holds them together
            groups[members] = members[0]
    several = [members for members in components if 1 < len(members) <= _LARGEST]
    for members, odds in _all_pairs(several, score):
        clipped = np.clip(odds, grouping.worst, grouping.best)
        groups[members] = members[_join(clipped, threshold)]
    return groups


def _are_two(pairs: Pairs) -> npt.NDArray[np.bool_]:
    """Tell which pairs have nothing to do with any other record."""
    used, place = np.unique(np.concatenate([pairs.left, pairs.right]), return_inverse=True)
    once = np.bincount(place, minlength=len(used)) == 1
    left, right = np.split(place, 2)
    alone: npt.NDArray[np.bool_] = once[left] & once[right]
    return alone


def _components(pairs: Pairs, threshold: float, most: float) -> Iterator[Rows]:
    """Give the records that hang together; too many are cut at their weakest pairs.

    Args:
        pairs: from `threshold` on.
        threshold: log odds.
        most: log odds above which a pair says no more: what they hold together is not cut.
    """
    for members, own in _connected(pairs):
        if len(members) <= _LARGEST or threshold >= most:
            yield members
            continue
        yield from _components(
            own.select(own.log_odds >= threshold + _STEP), threshold + _STEP, most
        )


def _connected(pairs: Pairs) -> Iterator[tuple[Rows, Pairs]]:
    """Give each set of records that pairs connect, with these pairs."""
    used = np.unique(np.concatenate([pairs.left, pairs.right]))
    left, right = np.searchsorted(used, pairs.left), np.searchsorted(used, pairs.right)
    graph = coo_array((np.ones(len(left), dtype=np.int8), (left, right)), shape=(len(used),) * 2)
    _, labels = connected_components(graph.tocsr(), directed=False)
    order = np.argsort(labels, kind="stable")
    members = np.split(used[order], np.flatnonzero(np.diff(labels[order])) + 1)
    order = np.argsort(labels[left], kind="stable")
    bounds = np.searchsorted(labels[left][order], np.arange(len(members) + 1))
    for label, some in enumerate(members):
        if len(some):
            rows = order[bounds[label] : bounds[label + 1]]
            yield some, Pairs(pairs.left[rows], pairs.right[rows], pairs.log_odds[rows])


def _all_pairs(
    components: Sequence[Rows], score: Score
) -> Iterator[tuple[Rows, npt.NDArray[np.float64]]]:
    """Score each with each within every component; many components at a time."""
    batch: list[Rows] = []
    waiting = 0
    for members in components:
        batch.append(members)
        waiting += len(members) ** 2 // 2
        if waiting > _PAIRS_AT_A_TIME:
            yield from _score_batch(batch, score)
            batch, waiting = [], 0
    if batch:
        yield from _score_batch(batch, score)


def _score_batch(
    batch: Sequence[Rows], score: Score
) -> Iterator[tuple[Rows, npt.NDArray[np.float64]]]:
    corners = [np.triu_indices(len(members), 1) for members in batch]
    left = np.concatenate([m[one] for m, (one, _) in zip(batch, corners, strict=True)])
    right = np.concatenate([m[other] for m, (_, other) in zip(batch, corners, strict=True)])
    scored = score(left, right)
    done = 0
    for members, (one, other) in zip(batch, corners, strict=True):
        odds = np.zeros((len(members), len(members)))
        odds[one, other] = scored[done : done + len(one)]
        odds[other, one] = odds[one, other]
        done += len(one)
        yield members, odds


def _join(odds: npt.NDArray[np.float64], threshold: float) -> Rows:
    """Join the two groups whose pairs speak best for it, until none do; give the groups."""
    odds = odds.copy()
    np.fill_diagonal(odds, -np.inf)
    size = np.ones(len(odds))
    labels = np.arange(len(odds))
    while True:
        bonus = np.minimum(_BONUS * np.log(np.outer(size, size)), _MOST_BONUS)
        best = int((odds + bonus).argmax())
        one, other = sorted(divmod(best, len(odds)))
        if not odds[one, other] + bonus[one, other] >= threshold:
            return labels
        mean = (odds[one] * size[one] + odds[other] * size[other]) / (size[one] + size[other])
        odds[one], odds[:, one] = mean, mean
        odds[one, one] = odds[other] = odds[:, other] = -np.inf
        size[one] += size[other]
        labels[labels == other] = one

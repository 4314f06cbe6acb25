"""How good a matching is where the truth is known: per pair, per group, by threshold."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sharing_api.matching.fields.kinds import Flags, Rates, Rows
from sharing_api.matching.linkage import Linkage

_BOUNDS = (0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99, 0.999, 1.0)


@dataclass(frozen=True)
class Score:
    """Counts and what follows from them.

    Args:
        found: pairs taken for the same.
        right: those of them that are.
        true: pairs that are the same.
    """

    found: int
    right: int
    true: int

    @property
    def precision(self) -> float:
        """Share of the found pairs that are right; 1 when none was found."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Share of the true pairs that were found; 1 when there are none."""
        return self.right / self.true if self.true else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        total = self.found + self.true
        return 2 * self.right / total if total else 1.0


@dataclass(frozen=True)
class Calibration:
    """Pairs of a range of probability: how many, what was promised, what is true."""

    low: float
    high: float
    pairs: int
    promised: float
    true: float


@dataclass(frozen=True)
class Evaluation:
    """What came of it.

    Args:
        thresholds: probability → score of the pairs from it on.
        best: the threshold with the best F1, which only the truth can tell, and its score.
        groups: of all pairs within groups.
        met: share of the true pairs that were worth a look.
        calibration: by range of probability.
    """

    thresholds: Mapping[float, Score]
    best: tuple[float, Score]
    groups: Score
    met: float
    calibration: tuple[Calibration, ...]


def evaluate(
    linkage: Linkage,
    truth: Rows,
    left: int | None,
    thresholds: tuple[float, ...],
    members: Flags | None = None,
) -> Evaluation:
    """Hold a matching against the truth.

    Args:
        linkage: what was found.
        truth: number of the person or enterprise, by record.
        left: how many records are the left side; None when all were compared.
        thresholds: probabilities to judge.
        members: records of a subgroup; only true and found pairs with one of them count.
    """
    counted = np.ones(len(truth), dtype=np.bool_) if members is None else members
    pairs = linkage.pairs
    own = counted[pairs.left] | counted[pairs.right]
    is_true = (truth[pairs.left] == truth[pairs.right])[own]
    probability = linkage.probabilities[own]
    true = _count_pairs(truth, counted, left)
    return Evaluation(
        thresholds={at: _score(is_true, probability >= at, true) for at in thresholds},
        best=_best(is_true, probability, true),
        groups=_groups(linkage.groups, truth, counted, left),
        met=int(is_true.sum()) / true if true else 1.0,
        calibration=_calibrate(is_true, probability),
    )


def _score(is_true: Flags, is_found: Flags, true: int) -> Score:
    return Score(int(is_found.sum()), int((is_found & is_true).sum()), true)


def _best(is_true: Flags, probability: Rates, true: int) -> tuple[float, Score]:
    order = np.argsort(-probability, kind="stable")
    right = np.cumsum(is_true[order])
    if not len(right):
        return 1.0, Score(0, 0, true)
    found = np.arange(1, len(right) + 1)
    f1 = 2 * right / (found + true)
    ranked = probability[order]
    f1[:-1][ranked[:-1] == ranked[1:]] = -1.0  # no threshold parts equal probabilities
    place = int(f1.argmax())
    return float(ranked[place]), Score(place + 1, int(right[place]), true)


def _count_pairs(truth: Rows, counted: Flags, left: int | None) -> int:
    """Count the true pairs with at least one counted record."""
    return _pairs_within(truth, left) - _pairs_within(truth[~counted], _left_of(counted, left))


def _left_of(counted: Flags, left: int | None) -> int | None:
    return None if left is None else int((~counted[:left]).sum())


def _pairs_within(codes: npt.NDArray[np.int64], left: int | None) -> int:
    if left is None:
        _, counts = np.unique(codes, return_counts=True)
        return int((counts * (counts - 1) // 2).sum())
    _, inverse = np.unique(codes, return_inverse=True)
    width = int(inverse.max(initial=-1)) + 1
    lefts, rights = (
        np.bincount(inverse[:left], minlength=width),
        np.bincount(inverse[left:], minlength=width),
    )
    return int((lefts * rights).sum())


def _groups(groups: Rows, truth: Rows, counted: Flags, left: int | None) -> Score:
    both = groups * (int(truth.max(initial=0)) + 1) + truth
    return Score(
        found=_count_pairs(groups, counted, left),
        right=_count_pairs(both, counted, left),
        true=_count_pairs(truth, counted, left),
    )


def _calibrate(is_true: Flags, probability: Rates) -> tuple[Calibration, ...]:
    rows = []
    for low, high in itertools.pairwise(_BOUNDS):
        inside = (probability >= low) & ((probability < high) | (high == _BOUNDS[-1]))
        if inside.any():
            promised, true = float(probability[inside].mean()), float(is_true[inside].mean())
            rows.append(Calibration(low, high, int(inside.sum()), promised, true))
    return tuple(rows)

"""Pairs of different people who have much in common: a home, a family name, a telephone.

They are neither the same nor strangers. Where records stand in households they outnumber the true
pairs, and two classes alone would take living together for being the same.

Source: Winkler 1993, three classes of pairs: the same, others of the same household, all others.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sharing_api.matching.fields.kinds import Levels, Rates
from sharing_api.matching.model import Model
from sharing_api.matching.records import Records

_LEAST = 1e-12
_SHARED = 0.5  # of what relatives can have in common: how often they have it, to begin with


@dataclass(frozen=True)
class Relatives:
    """How alike relatives are.

    Args:
        prior: share of relatives among all pairs that are possible.
        rates: by field, the rate of each level among relatives; place 0 is for missing.
    """

    prior: float
    rates: Sequence[Rates]

    def log_chances(self, levels: Levels) -> npt.NDArray[np.float64]:
        """Give the logarithm of the share of pairs that are relatives and this alike."""
        total = np.full(len(levels), np.log(max(self.prior, _LEAST)))
        for place, rates in enumerate(self.rates):
            total += np.log(rates)[levels[:, place]]
        return total


@dataclass(frozen=True)
class Guess:
    """What is supposed of relatives before anything is learned.

    Args:
        rates: by field, as in `Relatives`.
        is_own: by field, whether it is one's own: its rates are not learned, for they are what
            tells relatives from the same person.
        prior_pairs: how many pairs the guess weighs.
    """

    rates: Sequence[Rates]
    is_own: Sequence[bool]
    prior_pairs: float

    def learn(self, levels: Levels, share: Rates, possible: float) -> Relatives:
        """Find how alike relatives are.

        Args:
            levels: sorts of pairs, sort by field.
            share: how many pairs of each sort are relatives.
            possible: number of pairs that are possible.
        """
        learned = []
        for place, guessed in enumerate(self.rates):
            if self.is_own[place]:
                learned.append(guessed)
                continue
            found = np.bincount(levels[:, place], weights=share, minlength=len(guessed))[1:]
            counts: Rates = found + self.prior_pairs * guessed[1:]
            learned.append(np.append(1.0, counts / counts.sum()))
        return Relatives(float(np.clip(share.sum() / possible, _LEAST, 0.5)), learned)


def guess(records: Records, model: Model, strangers: Sequence[Rates]) -> Guess | None:
    """Suppose how alike relatives are; None where no field could tell them from the same person.

    Args:
        records: that are compared.
        model: says which fields are one's own and how seldom relatives share those.
        strangers: how often strangers are how alike, by field and level.
    """
    own: Mapping[str, Rates] = model.relatives.own_rates
    rates, is_own = [], []
    for place, (name, kind) in enumerate(records.kinds.items()):
        is_own.append(name in model.relatives.own and kind.name in own)
        if is_own[-1]:
            rates.append(np.append(1.0, own[kind.name]))
        else:
            mixed = _SHARED * kind.match_rates + (1 - _SHARED) * strangers[place][1:]
            rates.append(np.append(1.0, mixed))
    return Guess(rates, is_own, model.learning.prior_pairs) if any(is_own) else None

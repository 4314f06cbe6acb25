"""Why a pair has its weight: what each field adds, in bits, from the odds of any two records on.

The weight of a pair is the sum of the parts; weight w means odds of 2^w.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sharing_api.matching import learning
from sharing_api.matching.fields.kinds import MISSING, Rows
from sharing_api.matching.learning import Weights
from sharing_api.matching.records import Records

BITS = 1.0 / float(np.log(2.0))
PRIOR, DEPENDENCE, UNKNOWN = "any two records", "fields that go together", "not known"
RELATIVES = "may be relatives"
_WORTH_SAYING = 0.05  # bits


@dataclass(frozen=True)
class Part:
    """What one field says of a pair.

    Args:
        field: its name, or `PRIOR`, `DEPENDENCE` or `RELATIVES`.
        level: how alike the values are; empty for what is no field.
        bits: what it adds to the weight.
    """

    field: str
    level: str
    bits: float


def explain(records: Records, weights: Weights, left: Rows, right: Rows) -> list[list[Part]]:
    """Explain pairs: the odds of any two records, each field, what fields share, relatives."""
    levels = records.compare(left, right)
    chances = learning.log_chances(records, weights.strangers, levels, left, right)
    odds = weights.log_odds_against_strangers(records, levels, chances, left)
    doubts = weights.doubt_of_relatives(levels, odds) * BITS
    total = odds * BITS
    return [
        _parts(records, weights, levels[row], chances[row], float(total[row]))
        + ([Part(RELATIVES, "", -float(doubts[row]))] if doubts[row] > _WORTH_SAYING else [])
        for row in range(len(left))
    ]


def _parts(
    records: Records,
    weights: Weights,
    levels: Sequence[int],
    chances: Sequence[float],
    total: float,
) -> list[Part]:
    parts = [Part(PRIOR, "", float(weights.log_prior * BITS))]
    for place, (field, kind) in enumerate(records.kinds.items()):
        level = int(levels[place])
        if level == MISSING:
            parts.append(Part(field, UNKNOWN, 0.0))
            continue
        bits = float((np.log(weights.match[place][level]) - chances[place]) * BITS)
        parts.append(Part(field, kind.levels[level - 1], bits))
    shared = total - sum(part.bits for part in parts)
    if abs(shared) > _WORTH_SAYING:
        parts.append(Part(DEPENDENCE, "", shared))
    return parts

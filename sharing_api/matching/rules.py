"""By which rules records meet: the widest that do not make too many pairs.

A rule is some keys of different fields; records that agree in all of them meet. Which rules are
used follows from the file: the widest that are cheap, and none that asks for more than one that is
used. A family name that a third of the country bears is then a key only together with what tells
its bearers apart.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from sharing_api.matching.model import Blocking

Rule = tuple[str, ...]
_COUNTED = 40_000  # records whose share of the values of a rule is counted, to know how many meet
_TRUE_PAIRS = 3.0  # times those that agree in three fields, which are mostly true ones


@dataclass(frozen=True)
class Meetings:
    """How many pairs a rule makes, and how many entries lie in groups that say too little."""

    pairs: float
    oversize: float

    @property
    def cost(self) -> float:
        """A group that finds next to nothing is as bad as many pairs."""
        return self.pairs + self.oversize


Count = Callable[[Sequence[Rule], float], Sequence[Meetings]]
"""Counts what rules make, by a share of their values that their hashes choose."""


def choose_rules(
    names: Mapping[str, frozenset[str]], records: int, limits: Blocking, count: Count
) -> list[Rule]:
    """Choose the rules for some records, the widest first.

    Args:
        names: of the keys that the records have, with the keys that agree whenever one does.
        records: how many there are.
        limits: how many pairs a rule may make.
        count: tells how many pairs rules make.

    Returns:
        rules of one key, of two, and so on, each cheap enough and none implied by another.
    """
    share = min(1.0, _COUNTED / max(1, records))
    most = max(
        limits.pairs_per_record * records,
        limits.small_file_pairs,
        _TRUE_PAIRS * _alike_in_three(names, share, count),
    )
    chosen: list[Rule] = []
    too_wide: list[Rule] = [()]
    for length in range(limits.fields_per_rule):
        rules = [
            rule for rule in _longer(too_wide, list(names)) if not _is_implied(rule, chosen, names)
        ]
        # A single key may have few values, of which a share says little: all are counted.
        made = count(rules, share if length else 1.0)
        costs = {rule: one.cost for rule, one in zip(rules, made, strict=True)}
        too_wide = [rule for rule, cost in costs.items() if cost > most]
        for rule in sorted(costs, key=costs.__getitem__, reverse=True):
            if costs[rule] <= most and not _is_implied(rule, chosen, names):
                chosen.append(rule)
    return chosen


def _alike_in_three(names: Mapping[str, frozenset[str]], share: float, count: Count) -> float:
    """Estimate how many pairs agree in the first key of three fields; a file may repeat itself."""
    first = {name.partition(".")[0]: name for name in list(names)[::-1]}
    made = count(list(combinations(first.values(), 3)), share)
    return float(np.median([one.pairs for one in made])) if made else 0.0


def _longer(rules: Sequence[Rule], names: Sequence[str]) -> Iterator[Rule]:
    """Add a key of another field to each rule that makes too many pairs, all of whose parts do."""
    known = set(rules)
    for rule in rules:
        for name in names[names.index(rule[-1]) + 1 if rule else 0 :]:
            if name.partition(".")[0] in {part.partition(".")[0] for part in rule}:
                continue
            longer = (*rule, name)
            if all(shorter in known for shorter in combinations(longer, len(rule))):
                yield longer


def _is_implied(rule: Rule, chosen: Sequence[Rule], names: Mapping[str, frozenset[str]]) -> bool:
    """Tell whether records that this rule brings together meet by a chosen one anyway."""
    met = frozenset().union(*(names[name] for name in rule))
    return any(set(one) <= met for one in chosen)

"""Comparing whole files: candidates, levels, what is learned from them, and the pairs worth a look.

The records are taken in ranges. Each range finds its pairs, compares them and puts them aside on
disk; what is learned needs only how many pairs are alike how. So memory holds the records and one
range of pairs at a time, several processes can work beside each other, and what was put aside
before a run was killed is not compared again.
"""

import itertools
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from databases import processes
from sharing_api.matching import blocking, clusters, dependence, learning, relatives
from sharing_api.matching import patterns as patterns_of
from sharing_api.matching.blocking import Index
from sharing_api.matching.clusters import Pairs
from sharing_api.matching.dependence import CountedBond
from sharing_api.matching.fields.kinds import Levels, Rates, Rows
from sharing_api.matching.learning import Weights
from sharing_api.matching.model import Model
from sharing_api.matching.patterns import Logs, Patterns
from sharing_api.matching.records import Records
from sharing_api.matching.rules import Rule, choose_rules

Progress = Callable[[str, int, int], None]

_PAIRS_AT_A_TIME = 1_500_000
_WORTH_A_PROCESS = 100_000  # pairs; fewer are compared sooner than a process is started


@dataclass(frozen=True)
class Compared:
    """Pairs of one range with what was found out about them."""

    left: Rows
    right: Rows
    levels: Levels
    chances: Logs


@dataclass(frozen=True)
class Linkage:
    """What came of comparing the records.

    Args:
        rules: by which records met.
        compared: number of pairs that were compared.
        weights: what was learned.
        pairs: those worth a look, in the order of their records.
        levels: of these pairs, pair by field.
        groups: for each record the first record of its group.
    """

    rules: Sequence[Rule]
    compared: int
    weights: Weights
    pairs: Pairs
    levels: Levels
    groups: Rows

    @property
    def probabilities(self) -> Rates:
        """Probability that each pair is the same."""
        return learning.probability(self.pairs.log_odds)


@dataclass(frozen=True)
class _Task:
    """All that a process needs to compare a range."""

    records: Records
    indexes: Sequence[Index]
    strangers: Sequence[Rates]
    bonds: Sequence[CountedBond]
    ranges: Sequence[tuple[int, int]]
    folder: Path

    def patterns_of(self, number: int) -> Patterns:
        """Compare the pairs of a range, or take up what an earlier run put aside."""
        path = self.file(number)
        if not path.exists():
            self._put_aside(path, self._compare(*self.ranges[number]))
        found = self.read(number)
        bonds = [counted.bond for counted in self.bonds]
        buckets = learning.buckets_of(self.records, bonds, found.levels, found.left)
        return patterns_of.gather(found.levels, found.chances, buckets)

    def file(self, number: int) -> Path:
        first, last = self.ranges[number]
        return self.folder / f"pairs-{first:010d}-{last:010d}.npz"

    def _compare(self, first: int, last: int) -> Compared:
        met = [one.expand(first, last) for one in self.indexes]
        codes = [(left.astype(np.int64) << 32) | right for left, right in met]
        code = np.sort(np.concatenate(codes)) if codes else np.zeros(0, dtype=np.int64)
        code = code[np.append(True, code[1:] != code[:-1])[: len(code)]]
        left, right = code >> 32, code & 0xFFFFFFFF
        levels = self.records.compare(left, right)
        chances = learning.log_chances(self.records, self.strangers, levels, left, right)
        return Compared(left, right, levels, chances)

    def _put_aside(self, path: Path, found: Compared) -> None:
        """Write beside the place first: a file that is there is whole."""
        part = path.with_suffix(".part")
        with part.open("wb") as file:
            np.savez(
                file,
                left=found.left,
                right=found.right,
                levels=found.levels,
                chances=found.chances,
            )
        part.replace(path)

    def read(self, number: int) -> Compared:
        with np.load(self.file(number)) as kept:
            return Compared(kept["left"], kept["right"], kept["levels"], kept["chances"])


NOBODY = (np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))


def link(
    records: Records,
    model: Model,
    folder: Path,
    progress: Progress,
    *,
    workers: int = 0,
    true_pairs: tuple[Rows, Rows] = NOBODY,
) -> Linkage:
    """Compare records, learn from them, and group those that are the same.

    Args:
        records: to be compared.
        model: says how.
        folder: where pairs are put aside; what an earlier run left there is taken up.
        progress: is told step, what is done, and what there is to do (0: unknown).
        workers: processes that compare; 0 compares here.
        true_pairs: left and right records of pairs that are known to be the same.
    """
    progress("blocking", 0, 0)
    rules, task = _prepare(records, model, folder, workers)
    patterns = patterns_of.merge(list(_compare_all(task, progress, workers)))
    progress("learning", 0, 0)
    supposed = learning.suppose(records, model.learning, true_pairs)
    related = relatives.guess(records, model, task.strangers)
    weights = learning.learn(
        records.possible_pairs, patterns, task.strangers, task.bonds, supposed, related
    )
    pairs, levels = _worth_a_look(task, weights, model)
    progress("grouping", 0, 0)
    groups = clusters.group(
        pairs,
        records.count,
        scorer(records, weights),
        model.grouping,
        log_odds(model.decision.link),
    )
    return Linkage(rules, int(patterns.counts.sum()), weights, pairs, levels, groups)


def _prepare(
    records: Records, model: Model, folder: Path, workers: int
) -> tuple[Sequence[Rule], _Task]:
    """Choose by which rules records meet, and count what strangers have in common."""
    largest = model.blocking.largest_group
    names = records.implied
    with ThreadPoolExecutor(max(1, workers)) as pool:  # sorting lets other threads work beside it
        sampled = pool.submit(_sample, records, model)
        count = blocking.counting(records, largest, pool.map)
        rules = choose_rules(names, records.count, model.blocking, count)
        indexes = list(pool.map(lambda rule: blocking.index(records, rule, largest), rules))
        strangers, bonds = sampled.result()
    folder.mkdir(parents=True, exist_ok=True)
    ranges = _ranges(indexes, records.count, workers)
    return rules, _Task(records, indexes, strangers, bonds, ranges, folder)


def _sample(records: Records, model: Model) -> tuple[Sequence[Rates], Sequence[CountedBond]]:
    pairs = learning.draw_strangers(records.count, records.left, model.learning)
    strangers = learning.rates_of_strangers(records, pairs)
    return strangers, dependence.find_bonds(dependence.Here(records), strangers)


def scorer(records: Records, weights: Weights) -> clusters.Score:
    """Make the function that gives the log odds of any pairs of these records."""

    def score(left: Rows, right: Rows) -> Logs:
        levels = records.compare(left, right)
        chances = learning.log_chances(records, weights.strangers, levels, left, right)
        return weights.log_odds(records, levels, chances, left)

    return score


def log_odds(probability: float) -> float:
    """Turn a probability into the logarithm of its odds."""
    return float(np.log(probability / (1 - probability)))


def _ranges(indexes: Sequence[Index], count: int, workers: int) -> list[tuple[int, int]]:
    """Cut the records into ranges of about equally many pairs, so many that nobody is idle."""
    by_row = sum((one.count_by_row(count) for one in indexes), np.zeros(count, dtype=np.int64))
    pairs = int(by_row.sum())
    number = max(1 + pairs // _PAIRS_AT_A_TIME, min(workers, pairs // _WORTH_A_PROCESS))
    reached = np.cumsum(by_row)
    total = int(reached[-1]) if count else 0
    inner = np.searchsorted(reached, np.arange(1, number) * (total / number), side="right")
    bounds = np.unique(np.concatenate([[0], inner, [count]])).tolist()
    return list(itertools.pairwise(bounds))


def _compare_all(task: _Task, progress: Progress, workers: int) -> Iterator[Patterns]:
    pieces = len(task.ranges)
    progress("comparing", 0, pieces)
    for number, patterns in enumerate(processes.run_each(task.patterns_of, pieces, workers)):
        yield patterns
        progress("comparing", number + 1, pieces)


def _worth_a_look(task: _Task, weights: Weights, model: Model) -> tuple[Pairs, Levels]:
    least = log_odds(model.decision.show)
    kept = []
    for number in range(len(task.ranges)):
        found = task.read(number)
        odds = weights.log_odds(task.records, found.levels, found.chances, found.left)
        rows = np.flatnonzero(odds >= least)
        kept.append((found.left[rows], found.right[rows], odds[rows], found.levels[rows]))
    left, right, odds, levels = (np.concatenate(some) for some in zip(*kept, strict=True))
    return Pairs(left, right, odds), levels

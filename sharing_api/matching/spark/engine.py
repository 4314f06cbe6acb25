"""Linking on Spark: the steps of `linkage`, each where the records are.

The driver holds the texts that were read, what is counted (frequencies, sorts of pairs), the pairs
worth a look, and the groups; never all pairs, nor what is read of all records.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sharing_api.matching import (
    blocking,
    clusters,
    dependence,
    explanation,
    learning,
    relatives,
    subgroups,
)
from sharing_api.matching.clusters import Pairs
from sharing_api.matching.dependence import CountedBond
from sharing_api.matching.engines import Linked, Source
from sharing_api.matching.explanation import Part
from sharing_api.matching.fields.kinds import Flags, Levels, Rates, Rows
from sharing_api.matching.frequencies import Counts
from sharing_api.matching.learning import Weights
from sharing_api.matching.linkage import NOBODY, Linkage, Progress, log_odds
from sharing_api.matching.patterns import Logs
from sharing_api.matching.records import Records
from sharing_api.matching.rules import Rule, choose_rules
from sharing_api.matching.spark import comparing, counted, meeting, reading, session
from sharing_api.matching.spark.meeting import ROW
from sharing_api.matching.spark.reading import Reading

_RECORDS_A_TASK = 50_000
_FEWEST_TASKS = 4
_READ_AT_A_TIME = 500_000


@dataclass(frozen=True)
class Spark:
    """A cluster, or the processes of this machine, worked by Spark.

    Args:
        master: address of the cluster, or ``local[n]``. Its machines see the folder of the work
            under the same name, and have this package installed.
    """

    master: str

    def link(
        self,
        source: Source,
        folder: Path,
        progress: Progress,
        true_pairs: tuple[Rows, Rows] = NOBODY,
    ) -> Linked:
        """Link them on Spark; see `Engine`."""
        work = folder / "spark"
        work.mkdir(parents=True, exist_ok=True)
        tasks = max(_FEWEST_TASKS, source.count // _RECORDS_A_TASK)
        opened = session.open_session(self.master, work, tasks)
        try:
            return _link(_Job(opened, source, work), progress, true_pairs)
        finally:
            opened.stop()


@dataclass(frozen=True)
class _Job:
    """One linking.

    Args:
        session: of Spark.
        source: the records.
        folder: where tables are put aside; each is there as a whole or not at all.
    """

    session: Any
    source: Source
    folder: Path

    def put_aside(self, name: str, table: Any) -> Any:
        """Write a Spark table, unless an earlier run did, and give what was written."""
        path = self.folder / name
        if not (path / "_SUCCESS").exists():
            table.write.mode("overwrite").parquet(str(path))
        return self.session.read.parquet(str(path))

    @cached_property
    def texts(self) -> Any:
        """Spark table of the records, each with the number of its row."""
        path = self.folder / "records"
        path.mkdir(exist_ok=True)
        for first in range(0, self.source.count, _READ_AT_A_TIME):
            count = min(_READ_AT_A_TIME, self.source.count - first)
            part = {
                reading.column_of(place): one.slice(first, count)
                for place, one in enumerate(self.source.columns.values())
            }
            rows = pa.array(np.arange(first, first + count))
            pq.write_table(pa.table({ROW: rows, **part}), path / f"{first:012d}.parquet")
        read = self.session.read.parquet(str(path))
        return read.repartition(max(_FEWEST_TASKS, self.source.count // _RECORDS_A_TASK), ROW)

    @cached_property
    def reading(self) -> Reading:
        """How the texts are read."""
        names = list(self.source.columns)
        return reading.decide(self.source.model, self.source.subject, self.texts, names)

    @cached_property
    def pattern(self) -> Records:
        """No record, read like all."""
        return self.reading.read({name: one.slice(0, 0) for name, one in self._columns.items()})

    @property
    def _columns(self) -> Mapping[str, Any]:
        return self.source.columns

    @cached_property
    def counts(self) -> Mapping[str, Counts]:
        """How often the values of all fields stand."""
        return counted.count_values(self.reading, self.texts, self.pattern)

    @cached_property
    def broadcast(self) -> Any:
        """The same, handed to all machines."""
        return self.session.sparkContext.broadcast(self.counts)

    def read(self, rows: Rows) -> Records:
        """Read some records here, in the order of their rows."""
        taken = {name: one.take(pa.array(rows)) for name, one in self._columns.items()}
        left = self.source.left
        lefts = None if left is None else int(np.searchsorted(rows, left))
        return self.reading.read(taken, self.counts, lefts)

    def read_pairs(self, left: Rows, right: Rows) -> tuple[Records, Rows, Rows]:
        """Read the records of some pairs here, and give the places of the pairs among them."""
        rows, place = np.unique(np.concatenate([left, right]), return_inverse=True)
        one, other = np.split(place, 2)
        return self.read(rows), one, other

    def compare(
        self, pairs: Any, strangers: Sequence[Rates], bonds: Sequence[dependence.Bond]
    ) -> Any:
        """Compare the pairs of a Spark table."""
        step = comparing.compare(self.reading, self.broadcast, strangers, bonds)
        return comparing.beside(pairs, self.texts).mapInArrow(step, comparing.COMPARED)


def _link(job: _Job, progress: Progress, true_pairs: tuple[Rows, Rows]) -> Linked:
    source, model = job.source, job.source.model
    progress("reading", 0, 0)
    kinds = job.reading.kinds
    progress("blocking", 0, 0)
    rules, pairs = _bring_together(job)
    progress("sampling", 0, 0)
    strangers, bonds = _sample(job)
    progress("comparing", 0, 0)
    bare = [one.bond for one in bonds]
    compared = job.put_aside("compared", job.compare(pairs, strangers, bare))
    sorts = comparing.gather_all(compared, len(kinds), len(bonds))
    progress("learning", 0, 0)
    few, one, other = job.read_pairs(*true_pairs)
    supposed = learning.suppose(few, model.learning, (one, other))
    related = relatives.guess(job.pattern, model, strangers)
    weights = learning.learn(source.possible_pairs, sorts, strangers, bonds, supposed, related)
    found, levels = _collect(compared, weights, log_odds(model.decision.show))
    progress("grouping", 0, 0)
    link = log_odds(model.decision.link)
    groups = clusters.group(found, source.count, _scorer(job, weights), model.grouping, link)
    linkage = Linkage(rules, int(sorts.counts.sum()), weights, found, levels, groups)

    def explain(left: Rows, right: Rows) -> list[list[Part]]:
        read, one, other = job.read_pairs(left, right)
        return explanation.explain(read, weights, one, other)

    return Linked(linkage, kinds, explain, lambda: _list_subgroups(job))


def _bring_together(job: _Job) -> tuple[Sequence[Rule], Any]:
    source, limits = job.source, job.source.model.blocking
    implied = job.pattern.implied
    names = list(implied)
    read = meeting.read_keys(job.reading, names)
    table = job.put_aside("keys", job.texts.mapInArrow(read, meeting.keys_schema(names)))
    bits = blocking.row_bits(source.count)
    keys = meeting.Keys(table, names, bits, source.left, limits.largest_group)
    rules = choose_rules(implied, source.count, limits, keys.count)
    if not rules:
        return rules, job.session.createDataFrame([], meeting.PAIRS)
    return rules, keys.bring_together(rules)


def _sample(job: _Job) -> tuple[Sequence[Rates], Sequence[CountedBond]]:
    source = job.source
    drawn = learning.draw_strangers(source.count, source.left, source.model.learning)
    some, one, other = job.read_pairs(*drawn)
    strangers = learning.rates_of_strangers(some, (one, other))
    step = counted.agree(job.reading, job.broadcast, source.count, source.left)
    agreeing = job.put_aside("agreeing", job.texts.mapInArrow(step, counted.AGREEING))
    population = counted.Population(agreeing, source.count, source.left, job.pattern, job.read)
    return strangers, dependence.find_bonds(population, strangers)


def _collect(compared: Any, weights: Weights, least: float) -> tuple[Pairs, Levels]:
    """Fetch the pairs worth a look, in the order of their records."""
    table = compared.mapInArrow(comparing.score(weights, least), comparing.SCORED).toArrow()
    left, right, odds = (table[name].to_numpy() for name in ("left", "right", "odds"))
    levels = comparing.unpack(table["levels"], len(weights.match), np.int8)
    order = np.lexsort((right, left))
    return Pairs(left[order], right[order], odds[order]), levels[order]


def _scorer(job: _Job, weights: Weights) -> clusters.Score:
    def score(left: Rows, right: Rows) -> Logs:
        pairs = job.session.createDataFrame(pa.table({"left": left, "right": right}))
        compared = job.compare(pairs, weights.strangers, weights.bonds)
        found, _ = _collect(compared, weights, -np.inf)
        odds = np.empty(len(left), dtype=np.float32)
        odds[np.lexsort((right, left))] = found.log_odds
        return odds

    return score


def _list_subgroups(job: _Job) -> Mapping[str, Flags]:
    """Read the records here part by part, for where the truth is known: samples, not countries."""
    parts = []
    for first in range(0, job.source.count, _READ_AT_A_TIME):
        rows = np.arange(first, min(first + _READ_AT_A_TIME, job.source.count))
        parts.append((len(rows), subgroups.list_subgroups(job.read(rows))))
    names = dict.fromkeys(name for _, part in parts for name in part)
    return {
        name: np.concatenate(
            [part.get(name, np.zeros(size, dtype=np.bool_)) for size, part in parts]
        )
        for name in names
    }

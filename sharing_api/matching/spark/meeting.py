"""Which records meet, brought together by Spark: keys, rules by what they count, pairs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sharing_api.matching import blocking, hashing
from sharing_api.matching.blocking import Groups
from sharing_api.matching.hashing import Hashes
from sharing_api.matching.rules import Meetings, Rule
from sharing_api.matching.spark.reading import Batches, Reading, Step, column_of

ROW = "row"
_PAIRS_AT_A_TIME = 1_000_000
_LAST = 2**31 - 1
ENTRIES = "rule int, key long, row long"
PAIRS = "left long, right long"


def keys_schema(names: Sequence[str]) -> str:
    """Describe the table of keys: the row of each record, and a list of hashes for each key."""
    lists = [f"{column_of(place)} array<long>" for place in range(len(names))]
    return ", ".join([f"{ROW} long", *lists])


def read_keys(reading: Reading, names: Sequence[str]) -> Step:
    """Make the step that reads texts and gives the keys of each record."""

    def step(batches: Batches) -> Batches:
        for batch in batches:
            keys = reading.read(reading.columns_of(batch)).keys
            lists = {column_of(place): _as_lists(keys[name]) for place, name in enumerate(names)}
            yield pa.RecordBatch.from_pydict({ROW: batch.column(ROW), **lists})

    return step


def _as_lists(vectors: Sequence[Hashes]) -> Any:
    matrix = np.stack(vectors, axis=1)
    known = matrix != hashing.NOTHING
    ends = np.append(0, np.cumsum(known.sum(axis=1))).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(ends), pa.array(matrix[known].view(np.int64)))


def _as_vectors(lists: Any) -> list[Hashes]:
    lengths = pc.fill_null(pc.list_value_length(lists), 0).to_numpy(zero_copy_only=False)
    width = max(1, int(lengths.max(initial=0)))
    matrix = np.full((width, len(lengths)), hashing.NOTHING, dtype=np.uint64)
    flat = lists.flatten().to_numpy(zero_copy_only=False).astype(np.int64).view(np.uint64)
    matrix.T[np.arange(width) < lengths[:, None]] = flat
    return list(matrix)


def enter(rules: Sequence[Rule], names: Sequence[str], bits: np.uint64, share: float) -> Step:
    """Make the step that gives the entries of rules, from these keys of records."""

    def step(batches: Batches) -> Batches:
        for batch in batches:
            number = _numbers(batch, ROW)
            keys = {
                name: _as_vectors(one) for name, one in zip(names, batch.columns[1:], strict=True)
            }
            for place, rule in enumerate(rules):
                yield _entries(place, blocking.entries(rule, keys, share), bits, number)

    return step


def _entries(
    rule: int,
    found: Sequence[tuple[npt.NDArray[np.int64], Hashes]],
    bits: np.uint64,
    number: npt.NDArray[np.int64],
) -> Any:
    rows = np.concatenate([rows for rows, _ in found])
    keys = np.concatenate([(keys >> bits).view(np.int64) for _, keys in found])
    if len(found) > 1:  # each record once
        order = np.lexsort((rows, keys))
        rows, keys = rows[order], keys[order]
        new = np.append(True, (rows[1:] != rows[:-1]) | (keys[1:] != keys[:-1]))[: len(rows)]
        rows, keys = rows[new], keys[new]
    rule_of = np.full(len(rows), rule, dtype=np.int32)
    return pa.RecordBatch.from_pydict({"rule": rule_of, "key": keys, "row": number[rows]})


@dataclass(frozen=True)
class Keys:
    """The keys of all records, where Spark has them.

    Args:
        table: Spark table of `keys_schema`.
        names: of the keys, in the order of the columns.
        bits: as `blocking.row_bits` gives them.
        left: as in `Records`.
        largest: records with the same key; of more each meets only the next.
    """

    table: Any
    names: Sequence[str]
    bits: np.uint64
    left: int | None
    largest: int

    def enter(self, rules: Sequence[Rule], share: float) -> Any:
        """Give the Spark table of the entries of rules, by a share of their values."""
        used = [
            place for place, name in enumerate(self.names) if any(name in rule for rule in rules)
        ]
        names = [self.names[place] for place in used]
        some = self.table.select(ROW, *map(column_of, used))
        return some.mapInArrow(enter(rules, names, self.bits, share), ENTRIES)

    def count(self, rules: Sequence[Rule], share: float) -> Sequence[Meetings]:
        """Count the pairs that rules make; a `rules.Count`."""
        from pyspark.sql import functions as f

        if not rules:
            return []
        number = f.col("number")
        lefts = f.lit(0) if self.left is None else f.col("lefts")
        pairs = number * (number - 1) / 2 if self.left is None else lefts * (number - lefts)
        chained = number - 1 if self.left is None else lefts
        is_large = f.floor(pairs) > self.largest * self.largest // 2
        is_left = f.col("row") < (self.left or 0)
        groups = (
            self.enter(rules, share)
            .groupBy("rule", "key")
            .agg(f.count("*").alias("number"), f.sum(is_left.cast("long")).alias("lefts"))
        )
        made = groups.filter(number > 1).select(
            "rule",
            f.when(is_large, chained).otherwise(pairs).cast("long").alias("pairs"),
            f.when(is_large, number).otherwise(0).cast("long").alias("oversize"),
        )
        sums = {row[0]: row[1:] for row in made.groupBy("rule").sum("pairs", "oversize").collect()}
        return [
            Meetings(*(total / share for total in sums.get(place, (0, 0))))
            for place in range(len(rules))
        ]

    def bring_together(self, rules: Sequence[Rule]) -> Any:
        """Give the Spark table of all pairs that meet by any rule, each once."""
        entered = self.enter(rules, 1.0).repartition("rule", "key")
        together = entered.sortWithinPartitions("rule", "key", "row")
        return together.mapInArrow(meet(self.left, self.largest), PAIRS).distinct()


def meet(left: int | None, largest: int) -> Step:
    """Make the step that gives the pairs of entries sorted by rule, key and row."""

    def step(batches: Batches) -> Batches:
        waiting: list[Any] = []  # of the group whose end was not seen yet
        for batch in batches:
            last = _last_group(batch)
            if last == 0 and waiting and _continues(waiting[-1], batch):
                waiting.append(batch)
                continue
            yield from _expand([*waiting, batch.slice(0, last)], left, largest)
            waiting = [batch.slice(last)]
        yield from _expand(waiting, left, largest)

    return step


def _numbers(batch: Any, name: str) -> npt.NDArray[np.int64]:
    numbers: npt.NDArray[np.int64] = batch.column(name).to_numpy(zero_copy_only=False)
    return numbers


def _last_group(batch: Any) -> int:
    """Find where the last group of a batch begins."""
    rule, key = _numbers(batch, "rule"), _numbers(batch, "key")
    differs = (rule[1:] != rule[:-1]) | (key[1:] != key[:-1])
    places = np.flatnonzero(differs)
    return int(places[-1]) + 1 if len(places) else 0


def _continues(before: Any, batch: Any) -> bool:
    return bool(len(before) and len(batch)) and all(
        before.column(name)[-1] == batch.column(name)[0] for name in ("rule", "key")
    )


def _expand(batches: Sequence[Any], left: int | None, largest: int) -> Batches:
    batches = [batch for batch in batches if len(batch)]
    if not batches:
        return
    rule, key, row = (
        np.concatenate([_numbers(batch, name) for batch in batches])
        for name in ("rule", "key", "row")
    )
    differs = np.append(False, (rule[1:] != rule[:-1]) | (key[1:] != key[:-1]))
    index = Groups.of(np.cumsum(differs), row.astype(np.int32)).index(left, largest)
    one, other = index.expand(0, _LAST)
    for start in range(0, len(one), _PAIRS_AT_A_TIME):
        part = slice(start, start + _PAIRS_AT_A_TIME)
        pairs = {"left": one[part].astype(np.int64), "right": other[part].astype(np.int64)}
        yield pa.RecordBatch.from_pydict(pairs)

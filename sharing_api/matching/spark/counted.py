"""What Spark counts of all records: how often values stand, and pairs that agree in one way."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sharing_api.matching import dependence, frequencies, hashing
from sharing_api.matching.fields.kinds import BUCKETS, Agreement, Rates, Rows
from sharing_api.matching.frequencies import Counts, Tally
from sharing_api.matching.hashing import Hashes
from sharing_api.matching.records import Records
from sharing_api.matching.spark.meeting import ROW
from sharing_api.matching.spark.reading import Batches, Reading, Step

TALLIES = "place int, code long, weight double"
_KNOWN = 0  # code of what counts the records that have a value: the hash of nothing
_BOTH = 2  # records of a pair that were counted


def tally(reading: Reading) -> Step:
    """Make the step that counts the values of all fields batch by batch: rows of `TALLIES`."""

    def step(batches: Batches) -> Batches:
        for batch in batches:
            for place, (_, _, one) in enumerate(_tallies(reading.read(reading.columns_of(batch)))):
                codes, weights = frequencies.distinct(one)
                known = _known(one)
                yield pa.RecordBatch.from_pydict(
                    {
                        "place": np.full(len(codes) + 1, place, dtype=np.int32),
                        "code": np.append(codes.view(np.int64), _KNOWN),
                        "weight": np.append(weights, float(known)),
                    }
                )

    return step


def _known(one: Tally) -> int:
    first = one.codes if one.codes.ndim == 1 else one.codes[:, 0]
    return int((first != hashing.NOTHING).sum())


def _tallies(records: Records) -> Sequence[tuple[str, str, Tally]]:
    return [
        (field, name, one)
        for field, values in records.fields.items()
        for name, one in values.tallies.items()
    ]


def count_values(reading: Reading, texts: Any, pattern: Records) -> Mapping[str, Counts]:
    """Count how often the values of all fields stand.

    Args:
        reading: of the texts.
        texts: Spark table of the records.
        pattern: a few records, read alike.
    """
    from pyspark.sql import functions as f

    named = _tallies(pattern)
    rare_alike = [place for place, (_, _, one) in enumerate(named) if one.rare_alike]
    summed = texts.mapInArrow(tally(reading), TALLIES).groupBy("place", "code")
    counted = summed.agg(f.sum("weight").alias("weight"))
    is_kept = (f.col("weight") > 1) | ~f.col("place").isin(rare_alike) | (f.col("code") == _KNOWN)
    table = counted.filter(is_kept).toArrow()
    place, code, weight = (table[name].to_numpy() for name in ("place", "code", "weight"))
    found: dict[str, dict[str, tuple[int, Hashes, Rates]]] = {name: {} for name in pattern.fields}
    for number, (field, name, _) in enumerate(named):
        own = place == number
        codes, weights = code[own].view(np.uint64), weight[own]
        known = int(weights[codes == _KNOWN].sum())
        codes, weights = codes[codes != _KNOWN], weights[codes != _KNOWN]
        order = np.argsort(codes)
        found[field][name] = (max(1, known), codes[order], weights[order])
    return {
        field: Counts(
            records={name: one[0] for name, one in of.items()},
            values={name: one[1] for name, one in of.items()},
            counts={name: one[2] for name, one in of.items()},
            own=_BOTH,
        )
        for field, of in found.items()
    }


AGREEING = "field int, way int, part int, code long, bucket int, number long, lefts long"
_CODES, _FINER, _SIDES, _CHOSEN = range(4)  # parts: what a row of `AGREEING` counts


def agree(reading: Reading, counts: Any, records: int, left: int | None) -> Step:
    """Make the step that counts how values agree, batch by batch: rows of `AGREEING`.

    Args:
        reading: of the texts.
        counts: broadcast frequencies of the fields.
        records, left: of all records, as in `Records`.
    """

    def step(batches: Batches) -> Batches:
        for batch in batches:
            number = batch.column(ROW).to_numpy(zero_copy_only=False)
            is_left = number < (left or 0)
            read = reading.read(reading.columns_of(batch), counts.value)
            for field, ways in enumerate(read.agreements):
                for way, one in enumerate(ways):
                    for part, rows in _count(one, number, is_left, records):
                        yield pa.RecordBatch.from_pydict(
                            {
                                "field": np.full(len(rows["code"]), field, dtype=np.int32),
                                "way": np.full(len(rows["code"]), way, dtype=np.int32),
                                "part": np.full(len(rows["code"]), part, dtype=np.int32),
                                **rows,
                            }
                        )

    return step


_Columns = dict[str, npt.NDArray[Any]]


def _count(
    one: Agreement, number: Rows, is_left: npt.NDArray[np.bool_], records: int
) -> Sequence[tuple[int, _Columns]]:
    known = one.codes != hashing.NOTHING
    sides = np.array([int((known & is_left).sum()), int((known & ~is_left).sum())])
    chosen = number[dependence.choose_values(one.codes, records)]
    zeros = np.zeros(len(chosen), dtype=np.int64)
    rows = [
        (_CODES, _by_code(one, one.codes, is_left)),
        (_SIDES, _columns(np.arange(2), np.zeros(2), sides, np.zeros(2))),
        (_CHOSEN, _columns(chosen, zeros, zeros, zeros)),
    ]
    if one.finer is not None:
        rows.append((_FINER, _by_code(one, one.finer, is_left)))
    return rows


def _by_code(one: Agreement, codes: Hashes, is_left: npt.NDArray[np.bool_]) -> _Columns:
    rows = np.flatnonzero(codes != hashing.NOTHING)
    order, first, numbers = hashing.runs(codes[rows])
    place = rows[order[first]]
    lefts = np.zeros(len(first), dtype=np.int64)
    if len(first):
        lefts = np.add.reduceat(is_left[rows][order].astype(np.int64), first)
    buckets = dependence.least_of(one.buckets[rows][order], first)
    return _columns(codes[place].view(np.int64), buckets, numbers, lefts)


def _columns(code: Rows, bucket: Any, number: Any, lefts: Any) -> _Columns:
    return {
        "code": code.astype(np.int64),
        "bucket": bucket.astype(np.int32),
        "number": number.astype(np.int64),
        "lefts": lefts.astype(np.int64),
    }


@dataclass(frozen=True)
class Population:
    """What `dependence` asks of all records, counted by Spark.

    Args:
        agreeing: Spark table of `AGREEING`.
        records, left: of all records, as in `Records`.
        pattern: a few records, read alike.
        read: reads the records of some rows, in their order.
    """

    agreeing: Any
    records: int
    left: int | None
    pattern: Records
    read: Callable[[Rows], Records]

    @property
    def ways(self) -> Sequence[int]:
        """How many ways to agree each field has."""
        return [len(ways) for ways in self.pattern.agreements]

    def alone(self, field: int, way: int) -> Rates:
        """Count the pairs that agree in one way, by bucket."""
        whole, finer = (
            np.array([self._pairs.get((field, way, part, b), 0.0) for b in range(BUCKETS)])
            for part in (_CODES, _FINER)
        )
        rates: Rates = np.maximum(whole - finer, 0.0)
        return rates

    @cached_property
    def _pairs(self) -> Mapping[tuple[int, int, int, int], float]:
        from pyspark.sql import functions as f

        number, lefts = f.sum("number"), f.sum("lefts")
        pairs = number * (number - 1) / 2 if self.left is None else lefts * (number - lefts)
        values = self.agreeing.filter(f.col("part").isin(_CODES, _FINER))
        by_value = values.groupBy("field", "way", "part", "code").agg(
            f.min("bucket").alias("bucket"), pairs.cast("double").alias("pairs")
        )
        rows = by_value.groupBy("field", "way", "part", "bucket").sum("pairs").collect()
        return {tuple(row[:4]): row[4] for row in rows}

    def known(self, field: int, way: int) -> float:
        """Give the share of the pairs of which both records have a value."""
        lefts, rights = (self._sides.get((field, way, side), 0) for side in range(2))
        if self.left is None:
            return float(((lefts + rights) / max(1, self.records)) ** 2)
        return float(lefts / max(1, self.left) * rights / max(1, self.records - self.left))

    @cached_property
    def _sides(self) -> Mapping[tuple[int, int, int], int]:
        rows = self.agreeing.filter(f"part = {_SIDES}").groupBy("field", "way", "code")
        return {tuple(row[:3]): row[3] for row in rows.sum("number").collect()}

    def some(self, field: int, way: int) -> tuple[Records, Rows]:
        """Give the records that have a value that is chosen."""
        chosen = self.agreeing.filter(f"part = {_CHOSEN} and field = {field} and way = {way}")
        rows = np.sort(chosen.select("code").toArrow()["code"].to_numpy())
        return self.read(rows), np.arange(len(rows))

"""Pairs compared where Spark has put them, by the same code as on one machine."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sharing_api.matching import learning, patterns
from sharing_api.matching.dependence import Bond
from sharing_api.matching.fields.kinds import Levels, Rates
from sharing_api.matching.learning import Weights
from sharing_api.matching.patterns import Logs, Patterns
from sharing_api.matching.spark.meeting import ROW
from sharing_api.matching.spark.reading import Batches, Reading, Step

COMPARED = "left long, right long, levels binary, chances binary, buckets binary"
GATHERED = "code long, number double, log_chances double, levels binary, buckets binary"
SCORED = "left long, right long, odds float, levels binary"
_SIDES = ("left", "right")


def beside(pairs: Any, texts: Any) -> Any:
    """Put the texts of both records beside each pair: a Spark table for `compare`."""
    for side in _SIDES:
        own = texts.select([texts[name].alias(f"{side}_{name}") for name in texts.columns])
        pairs = pairs.join(own, pairs[side] == own[f"{side}_{ROW}"])
    return pairs


def compare(
    reading: Reading, counts: Any, strangers: Sequence[Rates], bonds: Sequence[Bond]
) -> Step:
    """Make the step that compares pairs: rows of `COMPARED`.

    Args:
        reading: of the texts.
        counts: broadcast frequencies of the fields.
        strangers: how often strangers are how alike, by field and level.
        bonds: whose buckets are told.
    """

    def step(batches: Batches) -> Batches:
        for batch in batches:
            numbers = [batch.column(side).to_numpy(zero_copy_only=False) for side in _SIDES]
            _, first, place = np.unique(
                np.concatenate(numbers), return_index=True, return_inverse=True
            )
            left, right = np.split(place, 2)
            sides = [reading.columns_of(batch, f"{side}_") for side in _SIDES]
            both = {  # each record once, however many pairs it is in
                name: pa.concat_arrays([side[name] for side in sides]).take(pa.array(first))
                for name in reading.fields
            }
            read = reading.read(both, counts.value)
            levels = read.compare(left, right)
            chances = learning.log_chances(read, strangers, levels, left, right)
            buckets = learning.buckets_of(read, bonds, levels, left)
            yield pa.RecordBatch.from_pydict(
                {
                    "left": numbers[0],
                    "right": numbers[1],
                    "levels": _pack(levels),
                    "chances": _pack(chances),
                    "buckets": _pack(buckets.T),
                }
            )

    return step


def _pack(matrix: npt.NDArray[Any]) -> Any:
    """Write each row of a matrix as bytes."""
    rows, width = matrix.shape
    ends = np.arange(rows + 1, dtype=np.int32) * np.int32(width * matrix.itemsize)
    data = pa.py_buffer(np.ascontiguousarray(matrix).tobytes())
    return pa.Array.from_buffers(pa.binary(), rows, [None, pa.py_buffer(ends), data])


def unpack(column: Any, width: int, kind: type[Any]) -> npt.NDArray[Any]:
    """Read what `_pack` wrote: rows of so many numbers of a kind."""
    joined = b"".join(column.to_pylist())
    return np.frombuffer(joined, dtype=kind).reshape(len(column), width)


def _found(batch: Any, fields: int, bonds: int) -> tuple[Levels, Logs, npt.NDArray[np.int8]]:
    return (
        unpack(batch.column("levels"), fields, np.int8),
        unpack(batch.column("chances"), fields, np.float32),
        unpack(batch.column("buckets"), bonds, np.int8).T,
    )


def gather(fields: int, bonds: int) -> Step:
    """Make the step that gathers compared pairs of the same sort: rows of `GATHERED`."""

    def step(batches: Batches) -> Batches:
        for batch in batches:
            sorts = patterns.gather(*_found(batch, fields, bonds))
            yield pa.RecordBatch.from_pydict(
                {
                    "code": sorts.codes.view(np.int64),
                    "number": sorts.counts,
                    "log_chances": sorts.log_chances * sorts.counts,
                    "levels": _pack(sorts.levels),
                    "buckets": _pack(sorts.buckets),
                }
            )

    return step


def gather_all(compared: Any, fields: int, bonds: int) -> Patterns:
    """Gather all compared pairs."""
    from pyspark.sql import functions as f

    sorts = compared.mapInArrow(gather(fields, bonds), GATHERED).groupBy("code")
    table = sorts.agg(
        f.sum("number").alias("number"),
        f.sum("log_chances").alias("log_chances"),
        f.first("levels").alias("levels"),
        f.first("buckets").alias("buckets"),
    ).toArrow()
    number = table["number"].to_numpy()
    return Patterns(
        codes=table["code"].to_numpy().view(np.uint64),
        counts=number,
        levels=unpack(table["levels"], fields, np.int8),
        log_chances=table["log_chances"].to_numpy() / number,
        buckets=unpack(table["buckets"], bonds, np.int8),
    )


def score(weights: Weights, least: float) -> Step:
    """Make the step that weighs compared pairs: rows of `SCORED`, those from `least` on."""

    def step(batches: Batches) -> Batches:
        for batch in batches:
            odds = weights.weigh(*_found(batch, len(weights.match), len(weights.bonds)))
            kept = pa.array(np.flatnonzero(odds >= least))
            yield pa.RecordBatch.from_pydict(
                {
                    "left": batch.column("left").take(kept),
                    "right": batch.column("right").take(kept),
                    "odds": pa.array(odds).take(kept),
                    "levels": batch.column("levels").take(kept),
                }
            )

    return step

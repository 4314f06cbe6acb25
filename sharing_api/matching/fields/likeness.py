"""How alike the letters of two texts are: RapidFuzz over many pairs."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from rapidfuzz import process
from rapidfuzz.distance import OSA, JaroWinkler

from sharing_api.matching.fields.kinds import Column, Rows

Texts = npt.NDArray[Any]


def take(texts: Column, rows: Rows) -> Texts:
    """Take texts out of an Arrow array, or one of NumPy."""
    if isinstance(texts, np.ndarray):
        return texts[rows]
    taken: Texts = texts.take(pa.array(rows)).to_numpy(zero_copy_only=False)
    return taken


def jaro_winkler(left: Texts, right: Texts, least: float) -> npt.NDArray[np.float32]:
    """Give the similarity of each pair of texts, from 0 to 1; 0 where it is below `least`.

    Source: Winkler 1990, as RapidFuzz computes it.
    """
    if not len(left):
        return np.zeros(0, dtype=np.float32)
    scorer = JaroWinkler.normalized_similarity
    likeness: npt.NDArray[np.float32] = process.cpdist(
        left.tolist(), right.tolist(), scorer=scorer, score_cutoff=least, dtype=np.float32
    )
    return likeness


def typing_errors(left: Texts, right: Texts, most: int) -> npt.NDArray[np.int32]:
    """Count letters put in, left out, changed or swapped with a neighbour; `most` + 1 for more."""
    if not len(left):
        return np.zeros(0, dtype=np.int32)
    steps: npt.NDArray[np.int32] = process.cpdist(
        left.tolist(), right.tolist(), scorer=OSA.distance, score_cutoff=most, dtype=np.int32
    )
    return steps


def lengths(texts: Sequence[str] | Texts) -> npt.NDArray[np.int64]:
    """Count the letters of each text."""
    return np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))

"""Regular expressions over Arrow arrays of texts: Arrow's own for many, Python's for few.

Arrow compiles an expression at each call, which takes as long as a hundred texts. Expressions are
written in what both understand alike; letters and boundaries of words are those of ASCII.
"""

import functools
import re
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sharing_api.matching.fields.kinds import Column, Flags

FEW = 500  # texts


def without_nulls(texts: Column) -> Column:
    """Write the empty text where nothing is known."""
    return pc.fill_null(texts.cast(pa.string()), "") if texts.null_count else texts


def replace(texts: Column, expression: str, by: str) -> Column:
    """Put a text in the place of each match.

    Args:
        texts: without nulls.
    """
    if len(texts) > FEW:
        return pc.replace_substring_regex(texts, expression, by)
    compiled = _compile(expression)
    return pa.array([compiled.sub(by, text) for text in texts.to_pylist()], pa.string())


def matches(texts: Column, expression: str) -> Flags:
    """Tell which texts have a match.

    Args:
        texts: without nulls.
    """
    if len(texts) > FEW:
        found: Flags = pc.match_substring_regex(texts, expression).to_numpy(zero_copy_only=False)
        return found
    compiled = _compile(expression)
    flags = [any(True for _ in compiled.finditer(text)) for text in texts.to_pylist()]
    return np.array(flags, dtype=np.bool_)


@functools.cache
def _compile(expression: str) -> re.Pattern[Any]:
    return re.compile(expression, re.ASCII)

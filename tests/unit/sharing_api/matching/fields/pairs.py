"""Comparing two values by a kind of field, for tests."""

from collections.abc import Callable, Sequence

import numpy as np
import pyarrow as pa

from sharing_api.matching.fields.kinds import MISSING, Field


def level_of(
    kind: Callable[[pa.Array], Field], levels: Sequence[str], left: str | None, right: str | None
) -> str:
    """Name the level of two values, in both directions."""
    field = kind(pa.array([left, right], pa.string()))
    there, back = (
        int(field.compare(np.array([one]), np.array([other]))[0]) for one, other in ((0, 1), (1, 0))
    )
    assert there == back, "likeness has a direction"
    return "missing" if there == MISSING else levels[there - 1]


def meet(kind: Callable[[pa.Array], Field], left: str, right: str, key: str) -> bool:
    """Tell whether two values share a key."""
    vectors = kind(pa.array([left, right])).keys()[key]
    one, other = ({int(vector[row]) for vector in vectors} - {0} for row in (0, 1))
    return bool(one & other)

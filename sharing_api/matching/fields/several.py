"""Fields of which a record may have several values: a name before and after, two telephones.

Records are as alike as their two closest values. Two that have many values are alike by chance more
often: a stranger has as many more chances as there are pairs of values.
"""

import itertools
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sharing_api.matching.fields.kinds import (
    MISSING,
    Agreement,
    Column,
    Encoded,
    Field,
    Flags,
    Keys,
    Levels,
    Rates,
    Rows,
    Values,
)
from sharing_api.matching.frequencies import HERE, Frequencies, Tally

MOST_VALUES = 8  # of one record that are compared, from the first on
_NOT_COMPARED = np.int8(127)


class Several:
    """Values of one kind, several for a record, the most telling first.

    Args:
        lists: Arrow array of lists of texts, or such lists encoded; an empty list, or null,
            where unknown.
        kind: class of field that compares two values.
        frequencies: of the values; counted here if not given.
    """

    def __init__(
        self, lists: Column | Encoded, kind: type[Values], frequencies: Frequencies = HERE
    ) -> None:
        values, lengths = _flatten(lists)
        self.values = kind(values, frequencies)
        width = max(1, int(lengths.max(initial=0)))
        order = np.arange(width)
        place = (np.cumsum(lengths) - lengths)[:, None] + order
        nobody = int(lengths.sum())
        self._place = np.where(order < lengths[:, None], place, nobody).astype(np.int64)
        self._lengths = lengths

    def encode(self) -> Encoded:
        """Write down the values of each record."""
        values = self.values.encode().values
        ends = np.cumsum(self._lengths)
        bounds = zip((ends - self._lengths).tolist(), ends.tolist(), strict=True)
        return Encoded([list(values[start:end]) for start, end in bounds], is_several=True)

    @property
    def implied(self) -> Mapping[str, frozenset[str]]:
        """Key → further keys that agree whenever this one does."""
        return self.values.implied

    @property
    def is_known(self) -> Flags:
        """Tell which records have a value that is known."""
        return self.any_of(self.values.is_known)

    def any_of(self, flags: Flags) -> Flags:
        """Tell of which records a value is meant.

        Args:
            flags: of the values, as a property of `values` gives them.
        """
        # The value that stands for none is flagged by some tests ("not known"): it is no value.
        return np.asarray((flags[self._place] & self._is_value).any(axis=1))

    @property
    def _is_value(self) -> npt.NDArray[np.bool_]:
        is_value: npt.NDArray[np.bool_] = np.arange(self._place.shape[1]) < self._lengths[:, None]
        return is_value

    def lists_of(self, texts: Column) -> Column:
        """Give to each record the texts that stand for its values.

        Args:
            texts: one for each of `values`.
        """
        offsets = pa.array(np.append(0, np.cumsum(self._lengths)).astype(np.int32))
        return pa.ListArray.from_arrays(offsets, texts[:-1].cast(pa.string()))

    @property
    def tallies(self) -> Mapping[str, Tally]:
        """Count the values, whoever has them."""
        return self.values.tallies

    def keys(self) -> Keys:
        """Give the keys of all values."""
        return {
            name: [vector[places] for places in self._place.T for vector in vectors]
            for name, vectors in self.values.keys().items()
        }

    def compare(self, left: Rows, right: Rows) -> Levels:
        """Give the level of the two closest values of each pair."""
        closest = np.full(len(left), _NOT_COMPARED, dtype=np.int8)
        for rows, one, other in self._pairs_of_values(left, right):
            levels = self.values.compare(one, other)
            levels = np.where(levels == MISSING, _NOT_COMPARED, levels)
            closest[rows] = np.minimum(closest[rows], levels)
        return np.where(closest == _NOT_COMPARED, np.int8(MISSING), closest)

    def chance(self, level: int, left: Rows, right: Rows) -> Rates | None:
        """Go by the two values that are so alike, and by how many there are to compare."""
        nobody = left[:0]
        if self.values.chance(level, nobody, nobody) is None:
            return None
        rates = np.ones(len(left))
        is_open = np.ones(len(left), dtype=np.bool_)
        for rows, one, other in self._pairs_of_values(left, right):
            alike = is_open[rows] & (self.values.compare(one, other) == level)
            found = self.values.chance(level, one[alike], other[alike])
            if found is not None:
                rates[rows[alike]] = found
            is_open[rows[alike]] = False
        chances: Rates = rates * self._lengths[left] * self._lengths[right]
        return np.minimum(chances, 1.0)

    def agreements(self) -> Sequence[Agreement]:
        """Tell of the first values: how the others depend on other fields does not matter much."""
        first = self._place[:, 0]
        return [
            Agreement(
                way.levels,
                way.codes[first],
                way.rates[first],
                None if way.finer is None else way.finer[first],
            )
            for way in self.values.agreements()
        ]

    def _pairs_of_values(self, left: Rows, right: Rows) -> Iterator[tuple[Rows, Rows, Rows]]:
        """Go through the values of pairs: which pairs, and the places of both values."""
        here, there = self._lengths[left], self._lengths[right]
        for one in range(int(here.max(initial=0))):
            for other in range(int(there.max(initial=0))):
                rows = np.flatnonzero((here > one) & (there > other))
                yield rows, self._place[left[rows], one], self._place[right[rows], other]


def _flatten(lists: Column | Encoded) -> tuple[Column | Encoded, Rows]:
    """Give all values, and one more that nobody knows, for where a record has fewer than others.

    Returns:
        the values, and how many of them each record has.
    """
    if isinstance(lists, Encoded):
        kept = [one or [] for one in lists.values]
        lengths = np.array([len(one) for one in kept], dtype=np.int64)
        return Encoded([*itertools.chain.from_iterable(kept), None]), lengths
    lists = pc.list_slice(lists, 0, MOST_VALUES)
    counted = pc.fill_null(pc.list_value_length(lists), 0).to_numpy(zero_copy_only=False)
    texts = pc.list_flatten(lists).cast(pa.string())
    return pa.concat_arrays([texts, pa.nulls(1, pa.string())]), counted


def values_of(field: Field) -> Field:
    """Give the field of the values, whether a record has one or several."""
    return field.values if isinstance(field, Several) else field


def is_several(column: Column | Encoded) -> bool:
    """Tell whether the cells of a column are lists."""
    if isinstance(column, Encoded):
        return column.is_several
    return bool(pa.types.is_list(column.type))


def as_lists(column: Column) -> Column:
    """Make a list of one of each text; of what is not known an empty one."""
    if is_several(column):
        return column
    return gather([column])


def gather(columns: Sequence[Column]) -> Column:
    """Make a list of what stands in several columns; empty cells are left out.

    Args:
        columns: Arrow arrays of texts of one length, at least one.
    """
    texts = pa.concat_arrays([column.cast(pa.string()) for column in columns])
    count = len(columns[0])
    by_record = np.arange(len(texts)).reshape(-1, count).T.ravel()  # record by record
    texts = texts.take(pa.array(by_record))
    is_known = pc.greater(pc.utf8_length(pc.fill_null(texts, "")), 0)
    known = is_known.to_numpy(zero_copy_only=False).reshape(count, -1)
    offsets = np.append(0, np.cumsum(known.sum(axis=1))).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), texts.filter(is_known))

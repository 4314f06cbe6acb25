"""Fields of few values: sex, status, kind."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import ClassVar

import numpy as np
import pyarrow.compute as pc

from databases import vietnamese
from sharing_api.matching import hashing
from sharing_api.matching.fields.kinds import (
    MISSING,
    Agreement,
    Column,
    Flags,
    Keys,
    Levels,
    Rates,
    Rows,
)
from sharing_api.matching.hashing import Hashes

LEVELS = ("same", "different")
SAME, DIFFERENT = 1, 2
_UNKNOWN = -1
_SEXES = {
    **dict.fromkeys(("nam", "male", "m", "1", "man"), "male"),
    **dict.fromkeys(("nu", "female", "f", "2", "woman"), "female"),
}


class Categories:
    """Values of a short list.

    Args:
        texts: as written, null or empty where unknown.
    """

    implied: ClassVar[Mapping[str, frozenset[str]]] = {}

    def __init__(self, texts: Column) -> None:
        coded = pc.dictionary_encode(pc.fill_null(texts, ""))
        folded = [vietnamese.fold(text) for text in coded.dictionary.to_pylist()]
        meant = [self.read(word) for word in folded]
        vocabulary = sorted({*meant} - {""})
        position = {"": _UNKNOWN, **{word: place for place, word in enumerate(vocabulary)}}
        codes = np.array([position[word] for word in meant], dtype=np.int64)
        self.code = codes[coded.indices.to_numpy(zero_copy_only=False)]
        self._vocabulary = np.append(hashing.of_texts(vocabulary), hashing.NOTHING)
        self._position = position

    @property
    def _hashes(self) -> Hashes:
        hashes: Hashes = self._vocabulary[self.code]
        return hashes

    def read(self, folded: str) -> str:
        """Give the value that a folded word means; empty where it means none."""
        return folded

    def is_value(self, value: str) -> Flags:
        """Tell which records have a value."""
        flags: Flags = self.code == self._position.get(value, len(self._position))
        return flags

    def keys(self) -> Keys:
        """Give none: half of all records share one."""
        return {}

    def compare(self, left: Rows, right: Rows) -> Levels:
        """Tell whether the values are the same."""
        one, other = self.code[left], self.code[right]
        levels = np.where(one == other, SAME, DIFFERENT).astype(np.int8)
        levels[(one == _UNKNOWN) | (other == _UNKNOWN)] = MISSING
        return levels

    def chance(self, level: int, left: Rows, right: Rows) -> Rates | None:
        """Go by the share of the value."""
        del right
        return self._rates[left] if level == SAME else None

    def agreements(self) -> Sequence[Agreement]:
        """Tell of the value."""
        return (Agreement((SAME,), self._hashes, self._rates),)

    @cached_property
    def _rates(self) -> Rates:
        known = self.code[self.code != _UNKNOWN]
        counts = np.bincount(known, minlength=len(self._vocabulary) - 1)
        rates: Rates = np.append(counts / max(1, len(known)), 1.0)[self.code]
        return rates


class Sexes(Categories):
    """Sex, in Vietnamese, in English, or by the codes of ISO 5218 (1 male, 2 female).

    Any other word, such as 0 and 9 of that standard, says that it is not known.
    """

    def read(self, folded: str) -> str:
        """Give male or female."""
        return _SEXES.get(folded, "")

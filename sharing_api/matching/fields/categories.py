"""Fields of few values: sex, status, kind."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import ClassVar

import numpy as np

from databases import vietnamese
from sharing_api.matching.fields.kinds import (
    MISSING,
    Agreement,
    Column,
    Encoded,
    Flags,
    Keys,
    Levels,
    Rates,
    Rows,
)
from sharing_api.matching.fields.vocabulary import Vocabulary
from sharing_api.matching.frequencies import HERE, Counting, Frequencies, Tally

LEVELS = ("same", "different")
SAME, DIFFERENT = 1, 2
_SEXES = {
    **dict.fromkeys(("nam", "male", "m", "1", "man"), "male"),
    **dict.fromkeys(("nu", "female", "f", "2", "woman"), "female"),
}


class Categories(Counting):
    """Values of a short list.

    Args:
        texts: as written, null or empty where unknown.
        frequencies: of the values; counted here if not given.
    """

    levels: ClassVar[tuple[str, ...]] = LEVELS
    implied: ClassVar[Mapping[str, frozenset[str]]] = {}

    def __init__(self, texts: Column | Encoded, frequencies: Frequencies = HERE) -> None:
        super().__init__(frequencies)
        self._vocabulary = Vocabulary.read(texts, self._read_all)

    def _read_all(self, texts: Column) -> Sequence[str]:
        return [self.read(vietnamese.fold(text)) for text in texts.to_pylist()]

    @property
    def is_known(self) -> Flags:
        """Tell which records have a value."""
        return self._vocabulary.is_known

    @cached_property
    def tallies(self) -> Mapping[str, Tally]:
        """Count the values."""
        return {"value": Tally(self._vocabulary.hashes, rare_alike=False)}

    def read(self, folded: str) -> str:
        """Give the value that a folded word means; empty where it means none."""
        return folded

    def is_value(self, value: str) -> Flags:
        """Tell which records have a value."""
        return self._vocabulary.is_word(value)

    def keys(self) -> Keys:
        """Give none: half of all records share one."""
        return {}

    def compare(self, left: Rows, right: Rows) -> Levels:
        """Tell whether the values are the same."""
        code, is_known = self._vocabulary.code, self.is_known
        levels = np.where(code[left] == code[right], SAME, DIFFERENT).astype(np.int8)
        levels[~(is_known[left] & is_known[right])] = MISSING
        return levels

    def chance(self, level: int, left: Rows, right: Rows) -> Rates | None:
        """Go by the share of the value."""
        del right
        return self._rates[left] if level == SAME else None

    def agreements(self) -> Sequence[Agreement]:
        """Tell of the value."""
        return (Agreement((SAME,), self._vocabulary.hashes, self._rates),)

    def encode(self) -> Encoded:
        """Write down the values."""
        return self._vocabulary.encode()

    @cached_property
    def _rates(self) -> Rates:
        return self._share_of("value")


class Sexes(Categories):
    """Sex, in Vietnamese, in English, or by the codes of ISO 5218 (1 male, 2 female).

    Any other word, such as 0 and 9 of that standard, says that it is not known.
    """

    def read(self, folded: str) -> str:
        """Give male or female."""
        return _SEXES.get(folded, "")

"""Other texts: occupation, place of birth, street, postcode; compared by their letters."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import ClassVar

import numpy as np

from databases import vietnamese
from sharing_api.matching import hashing
from sharing_api.matching.fields import likeness
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

LEVELS = ("same", "nearly_same_letters", "similar_letters", "different")
SAME, NEARLY_SAME, SIMILAR, DIFFERENT = range(1, 5)
_NEAR, _ALIKE = 0.92, 0.80
_START = 4  # letters that are a key of their own
_LONGEST = 200  # letters that are compared; what is longer is prose
_RAREST = 0.3


class Texts(Counting):
    """Texts of any kind.

    Args:
        texts: as written, null or empty where unknown.
        frequencies: of the texts; counted here if not given.
    """

    levels: ClassVar[tuple[str, ...]] = LEVELS
    implied: ClassVar[Mapping[str, frozenset[str]]] = {"text": frozenset({"text_start"})}

    def __init__(self, texts: Column | Encoded, frequencies: Frequencies = HERE) -> None:
        super().__init__(frequencies)
        self._vocabulary = Vocabulary.read(texts, _fold_all)

    @property
    def is_known(self) -> Flags:
        """Tell which records have a text."""
        return self._vocabulary.is_known

    @cached_property
    def tallies(self) -> Mapping[str, Tally]:
        """Count the whole texts."""
        return {"text": Tally(self._vocabulary.hashes)}

    def keys(self) -> Keys:
        """Give the whole text and its start."""
        own = self._vocabulary
        starts = hashing.of_texts([text[:_START] for text in own.words])
        return {"text": [own.hashes], "text_start": [starts[own.code]]}

    def compare(self, left: Rows, right: Rows) -> Levels:
        """Tell equal texts and those of like letters."""
        own = self._vocabulary
        one, other = own.code[left], own.code[right]
        levels = np.full(len(left), DIFFERENT, dtype=np.int8)
        is_known = own.is_known[left] & own.is_known[right]
        rest = np.flatnonzero((one != other) & is_known)
        alike = likeness.jaro_winkler(own.words[one[rest]], own.words[other[rest]], _ALIKE)
        levels[rest[alike >= _ALIKE]] = SIMILAR
        levels[rest[alike >= _NEAR]] = NEARLY_SAME
        levels[one == other] = SAME
        levels[~is_known] = MISSING
        return levels

    def chance(self, level: int, left: Rows, right: Rows) -> Rates | None:
        """Go by how often the text stands in the file."""
        del right
        return self._rates[left] if level == SAME else None

    def agreements(self) -> Sequence[Agreement]:
        """Tell of the whole text."""
        return (Agreement((SAME,), self._vocabulary.hashes, self._rates),)

    def encode(self) -> Encoded:
        """Write down the texts, folded."""
        return self._vocabulary.encode()

    @cached_property
    def _rates(self) -> Rates:
        return self._rate_of("text", _RAREST)


def _fold_all(texts: Column) -> Sequence[str]:
    return [vietnamese.fold(text[:_LONGEST]) for text in texts.to_pylist()]

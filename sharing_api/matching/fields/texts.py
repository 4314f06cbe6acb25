"""Other texts: occupation, place of birth, street, postcode; compared by their letters."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import ClassVar

import numpy as np
import pyarrow.compute as pc

from databases import vietnamese
from sharing_api.matching import hashing
from sharing_api.matching.fields import likeness
from sharing_api.matching.fields.kinds import MISSING, Agreement, Column, Keys, Levels, Rates, Rows

LEVELS = ("same", "nearly_same_letters", "similar_letters", "different")
SAME, NEARLY_SAME, SIMILAR, DIFFERENT = range(1, 5)
_NEAR, _ALIKE = 0.92, 0.80
_START = 4  # letters that are a key of their own
_LONGEST = 200  # letters that are compared; what is longer is prose
_RAREST = 0.3


class Texts:
    """Texts of any kind.

    Args:
        texts: as written, null or empty where unknown.
    """

    implied: ClassVar[Mapping[str, frozenset[str]]] = {"text": frozenset({"text_start"})}

    def __init__(self, texts: Column) -> None:
        coded = pc.dictionary_encode(pc.fill_null(texts, ""))
        folded = [vietnamese.fold(text[:_LONGEST]) for text in coded.dictionary.to_pylist()]
        vocabulary = list(dict.fromkeys(folded))
        position = {text: place for place, text in enumerate(vocabulary)}
        codes = np.array([position[text] for text in folded], dtype=np.int64)
        self.code = codes[coded.indices.to_numpy(zero_copy_only=False)]
        self._texts = np.array(vocabulary, dtype=object)
        self._hashes = hashing.of_texts(vocabulary)

    def keys(self) -> Keys:
        """Give the whole text and its start."""
        starts = [text[:_START] for text in self._texts]
        return {
            "text": [self._hashes[self.code]],
            "text_start": [hashing.of_texts(starts)[self.code]],
        }

    def compare(self, left: Rows, right: Rows) -> Levels:
        """Tell equal texts and those of like letters."""
        one, other = self.code[left], self.code[right]
        levels = np.full(len(left), DIFFERENT, dtype=np.int8)
        is_known = (self._hashes[one] != hashing.NOTHING) & (self._hashes[other] != hashing.NOTHING)
        rest = np.flatnonzero((one != other) & is_known)
        alike = likeness.jaro_winkler(self._texts[one[rest]], self._texts[other[rest]], _ALIKE)
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
        return (Agreement((SAME,), self._hashes[self.code], self._rates),)

    @cached_property
    def _rates(self) -> Rates:
        counts = np.bincount(self.code, minlength=len(self._texts))
        known = max(1, int((self._hashes[self.code] != hashing.NOTHING).sum()))
        rates: Rates = np.maximum(counts[self.code] - 2, _RAREST) / known
        return rates

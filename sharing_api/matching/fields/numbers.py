"""Numbers that name one person, one firm or one telephone, with the errors of typing."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import ClassVar

import numpy as np
import pyarrow.compute as pc

from sharing_api.matching.fields import column_texts, likeness
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

LEVELS = ("same", "typing_error", "different")
SAME, TYPING_ERROR, DIFFERENT = range(1, 4)
_SIGNS = r"[^0-9a-z]"
_FILLERS = r"^(?:0+|9+|1+|x+|na|nan|nil|none|null|khong)$"
_RAREST = 0.05


class Numbers(Counting):
    """Numbers, compared as letters and digits without signs.

    Two numbers whose lengths differ by more than one are of different kinds (an old card and a
    personal number): that says nothing. Fillers such as 000000000 are no numbers.

    Args:
        texts: as written, null or empty where unknown.
        frequencies: of the numbers; counted here if not given.
    """

    levels: ClassVar[tuple[str, ...]] = LEVELS
    implied: ClassVar[Mapping[str, frozenset[str]]] = {}
    key: ClassVar[str] = "number"

    def __init__(self, texts: Column | Encoded, frequencies: Frequencies = HERE) -> None:
        super().__init__(frequencies)
        if not isinstance(texts, Encoded):
            lower = pc.utf8_lower(column_texts.without_nulls(texts))
            texts = column_texts.replace(lower, _SIGNS, "")
        self._vocabulary = Vocabulary.read(texts, self._read_all)
        self._width = likeness.lengths(self._vocabulary.words)

    def _read_all(self, texts: Column) -> Sequence[str]:
        return [self.read(text) for text in _without_fillers(texts)]

    @property
    def is_known(self) -> Flags:
        """Tell which records have a number."""
        return self._vocabulary.is_known

    @cached_property
    def tallies(self) -> Mapping[str, Tally]:
        """Count the numbers."""
        return {"number": Tally(self._vocabulary.hashes)}

    def read(self, plain: str) -> str:
        """Write a number as it is compared."""
        return plain

    def keys(self) -> Keys:
        """Give the whole number."""
        return {self.key: [self._vocabulary.hashes]}

    def compare(self, left: Rows, right: Rows) -> Levels:
        """Tell equal numbers and those that differ by one error of typing."""
        words = self._vocabulary.words
        one, other = self._vocabulary.code[left], self._vocabulary.code[right]
        levels = np.full(len(left), DIFFERENT, dtype=np.int8)
        levels[one == other] = SAME
        is_known = (self._width[one] > 0) & (self._width[other] > 0)
        is_of_one_kind = np.abs(self._width[one] - self._width[other]) < 2
        rest = np.flatnonzero((one != other) & is_known & is_of_one_kind)
        errors = likeness.typing_errors(words[one[rest]], words[other[rest]], 1)
        levels[rest[errors <= 1]] = TYPING_ERROR
        levels[~(is_known & is_of_one_kind)] = MISSING
        return levels

    def chance(self, level: int, left: Rows, right: Rows) -> Rates | None:
        """Go by how many write the number down: a parent's telephone tells less of each child."""
        del right
        return self._rates[left] if level == SAME else None

    def agreements(self) -> Sequence[Agreement]:
        """Tell nothing: what shares a number is the same far more often than it is related."""
        return ()

    def encode(self) -> Encoded:
        """Write down the numbers as they are compared."""
        return self._vocabulary.encode()

    @cached_property
    def _rates(self) -> Rates:
        return self._rate_of("number", _RAREST)


class Telephones(Numbers):
    """Telephone numbers of Viet Nam, the eleven digits before 2018 written as the ten since."""

    key = "telephone"

    def read(self, plain: str) -> str:
        """Write a telephone number without the country's and with its newer prefix.

        Source: the plan of the Ministry of Information and Communications, in force from
        15 September 2018; the prefixes as the operators published them.
        """
        for country in ("0084", "84"):
            if plain.startswith(country) and len(plain) - len(country) in (9, 10):
                plain = "0" + plain[len(country) :]
        if len(plain) == 11 and plain[:4] in _PREFIXES_OF_2018:
            return _PREFIXES_OF_2018[plain[:4]] + plain[4:]
        return plain


_PREFIXES_OF_2018 = {
    **{f"016{digit}": f"03{digit}" for digit in range(2, 10)},
    "0120": "070",
    "0121": "079",
    "0122": "077",
    "0126": "076",
    "0128": "078",
    "0123": "083",
    "0124": "084",
    "0125": "085",
    "0127": "081",
    "0129": "082",
    "0186": "056",
    "0188": "058",
    "0199": "059",
}


def _without_fillers(texts: Column) -> list[str]:
    fillers = column_texts.matches(texts, _FILLERS).tolist()
    return ["" if is_filler else t for is_filler, t in zip(fillers, texts.to_pylist(), strict=True)]

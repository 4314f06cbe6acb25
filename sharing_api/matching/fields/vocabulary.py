"""Texts of which each different one is read once."""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from sharing_api.matching import hashing
from sharing_api.matching.fields import column_texts
from sharing_api.matching.fields.kinds import Column, Encoded, Flags
from sharing_api.matching.hashing import Hashes

Codes = npt.NDArray[np.int32]


class Vocabulary:
    """The meaning of each text, as a code; texts that mean the same have the same.

    Args:
        words: the different meanings; empty where a text means nothing.
        code: place of the meaning of each text.
    """

    def __init__(self, words: Sequence[str], code: Codes) -> None:
        self.code = code
        self.words: npt.NDArray[np.object_] = np.array(words, dtype=object)
        self._hashes = hashing.of_texts(words)

    @classmethod
    def read(cls, texts: Column | Encoded, read: Callable[[Column], Sequence[str]]) -> "Vocabulary":
        """Read texts; what was encoded is read already.

        Args:
            texts: as written.
            read: makes of the different texts what is compared; empty where one means nothing.
        """
        if isinstance(texts, Encoded):
            return cls(*_number([word or "" for word in texts.values]))
        coded = pc.dictionary_encode(column_texts.without_nulls(texts))
        words, codes = _number(read(coded.dictionary))
        return cls(words, codes[coded.indices.to_numpy(zero_copy_only=False)])

    def encode(self) -> Encoded:
        """Write down what each text means."""
        words = self.words[self.code].tolist()
        return Encoded([word or None for word in words])

    @property
    def hashes(self) -> Hashes:
        """Hash of what each text means; `NOTHING` where it means nothing."""
        hashes: Hashes = self._hashes[self.code]
        return hashes

    @property
    def is_known(self) -> Flags:
        """Tell which texts mean something."""
        flags: Flags = (self._hashes != hashing.NOTHING)[self.code]
        return flags

    def is_word(self, word: str) -> Flags:
        """Tell which texts mean a word."""
        flags: Flags = (self.words == word)[self.code]
        return flags


def _number(meant: Sequence[str]) -> tuple[list[str], Codes]:
    """Give the different meanings, and the place of each text's among them."""
    position: dict[str, int] = {}
    codes = [position.setdefault(word, len(position)) for word in meant]
    return list(position), np.array(codes, dtype=np.int32)

"""Texts of which each different one is read once."""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from sharing_api.matching import hashing
from sharing_api.matching.fields.kinds import Column, Flags
from sharing_api.matching.hashing import Hashes


class Vocabulary:
    """The meaning of each text, as a code; texts that mean the same have the same.

    Args:
        texts: as written, without nulls.
        read: makes of the different texts what is compared; empty where one means nothing.
    """

    def __init__(self, texts: Column, read: Callable[[Column], Sequence[str]]) -> None:
        coded = pc.dictionary_encode(texts)
        meant = read(coded.dictionary)
        words = list(dict.fromkeys(meant))
        position = {word: place for place, word in enumerate(words)}
        codes = np.array([position[word] for word in meant], dtype=np.int32)
        self.code = codes[coded.indices.to_numpy(zero_copy_only=False)]
        self.words: npt.NDArray[np.object_] = np.array(words, dtype=object)
        self._hashes = hashing.of_texts(words)

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

"""Texts as sequences of words: split once, each different word read once, compared as numbers."""

import functools
import re
import sys
import unicodedata
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sharing_api.matching import hashing
from sharing_api.matching.fields import column_texts
from sharing_api.matching.fields.kinds import Column, Flags, Rows
from sharing_api.matching.hashing import Hashes

NO_WORD = -1
Numbers = npt.NDArray[np.int32]
_SIGNS = r"[^\p{L}\p{M}\p{N}'’]+"


class Words:
    """The words of each text, in their order; those past the longest that is kept are left out.

    Args:
        vocabulary: the different words.
        matrix: text by place, the number of the word; `NO_WORD` behind the last.
        marked: hash of each text with its signs.
        has_signs: whether a text has any.
    """

    def __init__(
        self, vocabulary: list[str], matrix: Numbers, marked: Hashes, has_signs: Flags
    ) -> None:
        self.vocabulary, self.matrix = vocabulary, matrix
        self.marked, self.has_signs = marked, has_signs
        self.count, self.longest = matrix.shape
        self.length = (matrix != NO_WORD).sum(axis=1).astype(np.int8)
        self._joined: list[str] | None = None

    @classmethod
    def read(
        cls,
        texts: Column,
        *,
        longest: int,
        read: Callable[[str], str],
        mark: Callable[[str], str] | None = None,
    ) -> "Words":
        """Read texts.

        Args:
            texts: composed, in lower case; null or empty where unknown.
            longest: most words that are kept of a text.
            read: makes of a written word the word that is compared; an empty one is left out.
            mark: makes of it the form whose differences still count, with signs.
        """
        if len(texts) <= column_texts.FEW:
            return cls._read_few(texts.to_pylist(), longest, read, mark)
        written, rows = _split(texts)
        vocabulary: list[str] = written.dictionary.to_pylist()
        codes = written.indices.to_numpy(zero_copy_only=False).astype(np.int64)
        words = [read(word) for word in vocabulary]
        kept = np.array([bool(word) for word in words], dtype=np.bool_)[codes]
        rows, codes = rows[kept], codes[kept]
        places = number_within(rows)
        kept = places < longest
        rows, codes, places = rows[kept], codes[kept], places[kept]
        known = sorted(set(words))
        position = {word: number for number, word in enumerate(known)}
        matrix = np.full((len(texts), longest), NO_WORD, dtype=np.int32)
        matrix[rows, places] = np.array([position[w] for w in words], dtype=np.int32)[codes]
        made = cls(known, matrix, *_no_marks(len(texts)))
        if mark is not None:
            made._mark([mark(word) for word in vocabulary], words, (rows, places, codes))
        return made

    def _mark(
        self, marked: Sequence[str], words: Sequence[str], where: tuple[Rows, Rows, Rows]
    ) -> None:
        rows, places, codes = where
        np.add.at(self.marked, rows, turn(hashing.of_words(marked)[codes], places))
        differs = np.array([m != w for m, w in zip(marked, words, strict=True)], dtype=np.bool_)
        self.has_signs[rows[differs[codes]]] = True

    @classmethod
    def _read_few(
        cls,
        texts: Sequence[str | None],
        longest: int,
        read: Callable[[str], str],
        mark: Callable[[str], str] | None,
    ) -> "Words":
        """Read texts one by one: of a few, that takes less than to make arrays of them."""
        told = [[(word, read(word)) for word in (text or "").split(" ") if word] for text in texts]
        kept = [[pair for pair in one if pair[1]][:longest] for one in told]
        made = cls.joined([" ".join(word for _, word in one) for one in kept], longest)
        for row, one in enumerate(kept if mark is not None else []):
            marked = [mark(written) for written, _ in one] if mark is not None else []
            places = np.arange(len(one))
            made.marked[row] = turn(hashing.of_words(marked), places).sum(dtype=np.uint64)
            made.has_signs[row] = marked != [word for _, word in one]
        return made

    @classmethod
    def joined(cls, texts: Sequence[str], longest: int) -> "Words":
        """Take the words of texts that were read before, joined by spaces; nothing is marked."""
        position: dict[str, int] = {}
        padding = [NO_WORD] * longest
        rows = [
            [position.setdefault(word, len(position)) for word in text.split(" ")] if text else []
            for text in texts
        ]
        filled = [[*row, *padding[len(row) :]] for row in rows]
        matrix = np.array(filled, dtype=np.int32).reshape(-1, longest)
        made = cls(list(position), matrix, *_no_marks(len(texts)))
        made._joined = list(texts)
        return made

    @cached_property
    def _by_word(self) -> Hashes:
        return np.append(hashing.of_words(self.vocabulary), hashing.NOTHING)

    @cached_property
    def _width(self) -> int:
        return int(self.length.max(initial=1))

    def hashed(self, place: int) -> Hashes:
        """Hash of the word at a place of each text; `NOTHING` behind the last."""
        hashes: Hashes = self._by_word[self.matrix[:, place]]
        return hashes

    @cached_property
    def ordered(self) -> Hashes:
        """Hash of the words in their order."""
        total = np.zeros(self.count, dtype=np.uint64)
        for place in range(self._width):
            total += turn(self.hashed(place), np.array(place))
        return total

    @cached_property
    def unordered(self) -> Hashes:
        """Hash of the words in any order."""
        return self._total(self._by_word)

    def _total(self, by_word: Hashes) -> Hashes:
        """Add up what belongs to each word of a text."""
        total = np.zeros(self.count, dtype=np.uint64)
        for place in range(self._width):
            total += by_word[self.matrix[:, place]]
        return total

    @cached_property
    def bag_of_letters(self) -> Hashes:
        """Hash of the letters, whatever their order and wherever the words end; 0 for none."""
        return self._total(np.append(letters(self.vocabulary), hashing.NOTHING))

    @cached_property
    def first(self) -> Hashes:
        """Hash of the first word."""
        return self.hashed(0)

    @property
    def last_place(self) -> Rows:
        """Place of the last word, 0 where there is none."""
        places: Rows = np.maximum(self.length.astype(np.int64) - 1, 0)
        return places

    @cached_property
    def last(self) -> Hashes:
        """Hash of the last word."""
        hashes: Hashes = self._by_word[self.matrix[np.arange(self.count), self.last_place]]
        return hashes

    @cached_property
    def texts(self) -> Column:
        """The words joined by spaces: an Arrow array, or one of NumPy."""
        if self._joined is not None:
            return np.array(self._joined, dtype=object)
        words = pa.array(self.vocabulary, pa.string())
        flat = words.take(pa.array(self.matrix[self.matrix != NO_WORD]))
        ends = pa.array(np.append(0, np.cumsum(self.length, dtype=np.int32)).astype(np.int32))
        return pc.binary_join(pa.ListArray.from_arrays(ends, flat), " ")

    def without_one(self, fewest: int, most: int) -> list[Hashes]:
        """Give the hash of the words in any order without the first, the second, and so on.

        Args:
            fewest: words that a text has at least; shorter ones say too little without one.
            most: places that are left out in turn.
        """
        return [
            np.where(
                self.length >= max(fewest, place + 1),
                self.unordered - self.hashed(place),
                hashing.NOTHING,
            )
            for place in range(min(most, self._width))
        ]

    def starts(self, letters: int, places: Rows | int) -> Hashes:
        """Hash the first letters of the word at a place of each text."""
        stems = hashing.of_words([word[:letters] for word in self.vocabulary])
        words = self.matrix[np.arange(self.count), places]
        hashes: Hashes = np.append(stems, hashing.NOTHING)[words]
        return hashes

    def shared(self, left: Rows, right: Rows) -> Rows:
        """Count the words of the left text that the right one has too."""
        one, other = self.matrix[left, : self._width], self.matrix[right, : self._width]
        total = np.zeros(len(left), dtype=np.int64)
        for place in range(self._width):
            word = one[:, place : place + 1]
            total += ((word == other) & (word != NO_WORD)).any(axis=1)
        return total

    def same(self, codes: Hashes, left: Rows, right: Rows) -> Flags:
        """Tell which pairs have the same hash."""
        flags: Flags = codes[left] == codes[right]
        return flags


def letters(words: Sequence[str]) -> Hashes:
    """Hash the letters of each word, whatever their order; of several words they add up."""
    different = sorted({letter for word in words for letter in word})
    hashes = dict(zip(different, hashing.of_words(different).tolist(), strict=True))
    bags = [sum(hashes[letter] for letter in word) % 2**64 for word in words]
    return np.array(bags, dtype=np.uint64)


def as_words(texts: Column) -> Column:
    """Write texts in lower case, without signs between the words."""
    lower = pc.utf8_lower(texts)
    if len(texts) <= column_texts.FEW:
        spaced = [_signs().sub(" ", text) for text in lower.to_pylist()]
        return pc.utf8_trim_whitespace(pa.array(spaced, pa.string()))
    return pc.utf8_trim_whitespace(pc.replace_substring_regex(lower, _SIGNS, " "))


@functools.cache
def _signs() -> re.Pattern[str]:
    """Give what `_SIGNS` says, compiled once; Python's words have underscores too."""
    marks = "".join(
        chr(code) for code in range(sys.maxunicode) if unicodedata.category(chr(code))[0] == "M"
    )
    return re.compile(f"(?:[^\\w'’{re.escape(marks)}]|_)+")


def turn(hashes: Hashes, places: npt.NDArray[Any]) -> Hashes:
    """Make hashes depend on the place where the word stands."""
    turned: Hashes = hashes * (np.uint64(2) * places.astype(np.uint64) + np.uint64(1))
    return turned


def _no_marks(count: int) -> tuple[Hashes, Flags]:
    return np.zeros(count, dtype=np.uint64), np.zeros(count, dtype=np.bool_)


def _split(texts: Column) -> tuple[Any, Rows]:
    """Split at spaces: the words, and the row of each."""
    split = pc.split_pattern(texts, " ")
    words = pc.list_flatten(split)
    rows = pc.list_parent_indices(split).to_numpy(zero_copy_only=False).astype(np.int64)
    kept = pc.not_equal(words, "")
    rows = rows[kept.to_numpy(zero_copy_only=False)]
    coded = pc.dictionary_encode(words.filter(kept))
    if isinstance(coded, pa.ChunkedArray):
        coded = coded.combine_chunks()
    return coded, rows


def number_within(rows: Rows) -> Rows:
    """Number the elements of each run of equal ones from 0, such as the words of each text."""
    starts = np.flatnonzero(np.append(True, rows[1:] != rows[:-1])) if len(rows) else rows
    sizes = np.diff(np.append(starts, len(rows)))
    places: Rows = np.arange(len(rows)) - np.repeat(starts, sizes)
    return places

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
from sharing_api.matching.fields.kinds import Column, Flags, Rows
from sharing_api.matching.hashing import Hashes

NO_WORD = -1
_SIGNS = r"[^\p{L}\p{M}\p{N}'’]+"
_FEW = 500  # texts; Arrow takes milliseconds to compile classes of letters, at each call


class Words:
    """The words of each text, in their order; those past the longest that is kept are left out.

    Args:
        texts: composed, in lower case; null or empty where unknown.
        longest: most words that are kept of a text.
        read: makes of a written word the word that is compared; an empty one is left out.
        mark: makes of it the form whose differences still count, with signs.
    """

    def __init__(
        self,
        texts: Column,
        *,
        longest: int,
        read: Callable[[str], str],
        mark: Callable[[str], str] | None = None,
    ) -> None:
        written, rows = _split(texts)
        vocabulary: list[str] = written.dictionary.to_pylist()
        codes = written.indices.to_numpy(zero_copy_only=False).astype(np.int64)
        words = [read(word) for word in vocabulary]
        kept = np.array([bool(word) for word in words], dtype=np.bool_)[codes]
        rows, codes = rows[kept], codes[kept]
        places = number_within(rows)
        kept = places < longest
        rows, codes, places = rows[kept], codes[kept], places[kept]
        self.count = len(texts)
        self.longest = longest
        self.vocabulary = sorted(set(words))
        position = {word: number for number, word in enumerate(self.vocabulary)}
        self.matrix = np.full((self.count, longest), NO_WORD, dtype=np.int32)
        self.matrix[rows, places] = np.array([position[w] for w in words], dtype=np.int32)[codes]
        self.length = np.bincount(rows, minlength=self.count)
        self.marked = np.zeros(self.count, dtype=np.uint64)
        self.has_signs = np.zeros(self.count, dtype=np.bool_)
        if mark is not None:
            self._mark([mark(word) for word in vocabulary], words, (rows, places, codes))

    def _mark(
        self, marked: Sequence[str], words: Sequence[str], where: tuple[Rows, Rows, Rows]
    ) -> None:
        rows, places, codes = where
        np.add.at(self.marked, rows, turn(hashing.of_texts(marked)[codes], places))
        differs = np.array([m != w for m, w in zip(marked, words, strict=True)], dtype=np.bool_)
        self.has_signs[rows[differs[codes]]] = True

    @cached_property
    def hashed(self) -> Hashes:
        """Hashes of the words, text by place; `NOTHING` behind the last."""
        by_word = np.append(hashing.of_texts(self.vocabulary), hashing.NOTHING)
        hashes: Hashes = by_word[self.matrix]
        return hashes

    @cached_property
    def ordered(self) -> Hashes:
        """Hash of the words in their order."""
        places = np.arange(self.longest)
        hashes: Hashes = turn(self.hashed, places[None, :]).sum(axis=1, dtype=np.uint64)
        return hashes

    @cached_property
    def unordered(self) -> Hashes:
        """Hash of the words in any order."""
        hashes: Hashes = self.hashed.sum(axis=1, dtype=np.uint64)
        return hashes

    @cached_property
    def bag_of_letters(self) -> Hashes:
        """Hash of the letters, whatever their order and wherever the words end; 0 for none."""
        letters = sorted({letter for word in self.vocabulary for letter in word})
        hashes = dict(zip(letters, hashing.of_texts(letters).tolist(), strict=True))
        bags = [sum(hashes[letter] for letter in word) % 2**64 for word in self.vocabulary]
        by_word = np.array([*bags, 0], dtype=np.uint64)
        total: Hashes = by_word[self.matrix].sum(axis=1, dtype=np.uint64)
        return total

    @property
    def first(self) -> Hashes:
        """Hash of the first word."""
        return self.hashed[:, 0]

    @cached_property
    def last_place(self) -> Rows:
        """Place of the last word, 0 where there is none."""
        return np.maximum(self.length - 1, 0)

    @cached_property
    def last(self) -> Hashes:
        """Hash of the last word."""
        return self.hashed[np.arange(self.count), self.last_place]

    @cached_property
    def texts(self) -> npt.NDArray[Any]:
        """The words joined by spaces."""
        vocabulary = np.array([*self.vocabulary, ""], dtype=object)
        total = vocabulary[self.matrix[:, 0]]
        for place in range(1, int(self.length.max(initial=1))):
            word = self.matrix[:, place]
            more = word >= 0
            total[more] = total[more] + " " + vocabulary[word[more]]
        return total

    def without_one(self, fewest: int, most: int) -> list[Hashes]:
        """Give the hash of the words in any order without the first, the second, and so on.

        Args:
            fewest: words that a text has at least; shorter ones say too little without one.
            most: places that are left out in turn.
        """
        return [
            np.where(
                (self.length >= fewest) & (self.hashed[:, place] != hashing.NOTHING),
                self.unordered - self.hashed[:, place],
                hashing.NOTHING,
            )
            for place in range(min(most, self.longest))
        ]

    def starts(self, letters: int) -> Hashes:
        """Hash the first letters of the words, text by place."""
        stems = hashing.of_texts([word[:letters] for word in self.vocabulary])
        return np.append(stems, hashing.NOTHING)[self.matrix]

    def shared(self, left: Rows, right: Rows) -> Rows:
        """Count the words of the left text that the right one has too."""
        width = int(self.length.max(initial=1))
        one, other = self.matrix[left, :width], self.matrix[right, :width]
        total = np.zeros(len(left), dtype=np.int64)
        for place in range(width):
            word = one[:, place : place + 1]
            total += ((word == other) & (word != NO_WORD)).any(axis=1)
        return total

    def same(self, codes: Hashes, left: Rows, right: Rows) -> Flags:
        """Tell which pairs have the same hash."""
        flags: Flags = codes[left] == codes[right]
        return flags


def as_words(texts: Column) -> Column:
    """Write texts in lower case, without signs between the words."""
    lower = pc.utf8_lower(texts)
    if len(texts) <= _FEW:
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

"""Names of persons, as words in the order in which they stand: Vietnamese ones, or others."""

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from typing import ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from databases import legacy_vietnamese, vietnamese
from sharing_api.matching import hashing
from sharing_api.matching.fields import column_texts, likeness, words
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
from sharing_api.matching.fields.words import Words
from sharing_api.matching.frequencies import HERE, Counting, Frequencies, Tally
from sharing_api.matching.hashing import Hashes

LEVELS = (
    "same",  # but for case and the place of tone marks
    "signs_lost",  # one of them was written without signs
    "signs_differ",
    "order_differs",  # or words are joined
    "middle_missing",
    "typing_error",
    "nearly_same_letters",
    "same_ends",  # the first and the last word
    "similar_letters",
    "one_end_same",
    "different",
)
SAME, SIGNS_LOST, SIGNS_DIFFER, ORDER_DIFFERS, MIDDLE_MISSING, TYPING_ERROR = range(1, 7)
NEARLY_SAME, SAME_ENDS, SIMILAR, ONE_END_SAME, DIFFERENT = range(7, 12)
_MOST_WORDS = 8
_NO_NAME = ("", 0, 0)
_LEFT_OUT_IN_TURN = 5
_LONG_NAME = 12  # letters from which two typing errors are allowed
_NEAR, _ALIKE, _WORTH_COUNTING = 0.93, 0.85, 0.80
# What no Vietnamese word looks like: only texts that hold such are tried in legacy encodings.
_ODD = "(?i)[\u0080-\u00bfÄÅÆÇËÎÏÐÑÖ×ØÛÜÞßäåæçëîïðñöøûüþÃãÈè]|[a-z][1-9]|aa|aw|ee|oo|ow|uw|dd"


class PersonNames(Counting):
    """Full names.

    Args:
        texts: names as written, null or empty where unknown.
        frequencies: of names and their words; counted here if not given.
    """

    levels: ClassVar[tuple[str, ...]] = LEVELS
    implied: ClassVar[Mapping[str, frozenset[str]]] = {
        "ends": frozenset({"first_word", "last_word", "initials"}),
    }

    def __init__(self, texts: Column | Encoded, frequencies: Frequencies = HERE) -> None:
        super().__init__(frequencies)
        if isinstance(texts, Encoded):
            known = [one or _NO_NAME for one in texts.values]
            self.words = Words.joined([one[0] for one in known], _MOST_WORDS)
            self.words.marked[:] = [one[1] for one in known]
            self.words.has_signs[:] = [one[2] for one in known]
        else:
            self.words = Words.read(
                _readable(texts), longest=_MOST_WORDS, read=_read_word, mark=vietnamese.tone_key
            )

    def encode(self) -> Encoded:
        """Write down the words, the hash of the words with their signs, and whether they have any.

        Hashes fill 64 bits.
        """
        own = self.words
        texts, signs = np.asarray(own.texts).tolist(), own.has_signs.astype(np.int8).tolist()
        told = zip(texts, own.marked.tolist(), signs, strict=True)
        return Encoded([one if one[0] else None for one in told])

    @property
    def is_known(self) -> Flags:
        """Tell which records have a name."""
        flags: Flags = self.words.length > 0
        return flags

    @cached_property
    def tallies(self) -> Mapping[str, Tally]:
        """Count whole names, with and without signs, and their first, middle and last words."""
        own = self.words
        middle = own.ordered - own.first - words.turn(own.last, own.last_place)
        middle = np.where(self.is_known, np.maximum(middle, np.uint64(1)), hashing.NOTHING)
        return {
            "name": Tally(own.ordered),
            "marked_name": Tally(own.marked),
            "first_word": Tally(own.first, rare_alike=False),
            "middle": Tally(middle, rare_alike=False),
            "last_word": Tally(own.last, rare_alike=False),
        }

    def begins_with(self, starts: Collection[str]) -> Flags:
        """Tell which names have one of these folded words first, also with an apostrophe."""
        is_start = [
            word.partition("'")[0] in starts and ("'" in word or word in starts)
            for word in self.words.vocabulary
        ]
        flags: Flags = np.array([*is_start, False])[self.words.matrix[:, 0]]
        return flags

    @cached_property
    def _ends(self) -> Hashes:
        own = self.words
        return np.where(own.length > 1, own.first + own.last * np.uint64(3), hashing.NOTHING)

    def keys(self) -> Keys:
        """Give the whole name, the name without one word, its ends and their first letters."""
        own = self.words
        initials = own.starts(2, 0) + own.starts(2, own.last_place) * np.uint64(3)
        several = own.length > 1
        return {
            "name": [own.bag_of_letters],
            "name_less_a_word": [own.unordered, *own.without_one(3, _LEFT_OUT_IN_TURN)],
            "first_word": [own.first],
            "last_word": [own.last],
            "ends": [self._ends],
            "initials": [np.where(several, initials, hashing.NOTHING)],
        }

    def compare(self, left: Rows, right: Rows) -> Levels:
        """Compare words first and letters only where the words leave it open."""
        own = self.words
        levels = np.full(len(left), DIFFERENT, dtype=np.int8)
        same = own.same(own.ordered, left, right)
        bare = ~(own.has_signs[left] & own.has_signs[right])
        levels[same] = SIGNS_DIFFER
        levels[same & bare] = SIGNS_LOST
        levels[same & own.same(own.marked, left, right)] = SAME
        rest = np.flatnonzero(~same)
        levels[rest] = self._compare_words(left[rest], right[rest])
        levels[~(self.is_known[left] & self.is_known[right])] = MISSING
        return levels

    def _compare_words(self, left: Rows, right: Rows) -> Levels:
        own = self.words
        levels = np.full(len(left), DIFFERENT, dtype=np.int8)
        first, last = own.same(own.first, left, right), own.same(own.last, left, right)
        crossed = (own.last[left] == own.first[right]) | (own.first[left] == own.last[right])
        levels[first | last | crossed] = ONE_END_SAME
        ends = np.flatnonzero(first & last)
        levels[ends] = SAME_ENDS
        shorter = np.minimum(own.length[left[ends]], own.length[right[ends]])
        all_shared = own.shared(left[ends], right[ends]) == shorter
        middle_missing = np.zeros(len(left), dtype=np.bool_)
        middle_missing[ends] = all_shared & (shorter >= 2)
        reordered = own.same(own.bag_of_letters, left, right)
        open_ = np.flatnonzero(~(middle_missing | reordered))
        levels[open_] = np.minimum(levels[open_], self._compare_letters(left[open_], right[open_]))
        levels[middle_missing] = MIDDLE_MISSING
        levels[reordered] = ORDER_DIFFERS
        return levels

    def _compare_letters(self, left: Rows, right: Rows) -> Levels:
        one, other = likeness.take(self.words.texts, left), likeness.take(self.words.texts, right)
        alike = likeness.jaro_winkler(one, other, _WORTH_COUNTING)
        levels = np.full(len(left), DIFFERENT, dtype=np.int8)
        levels[alike >= _ALIKE] = SIMILAR
        levels[alike >= _NEAR] = NEARLY_SAME
        close = np.flatnonzero(alike >= _WORTH_COUNTING)
        errors = likeness.typing_errors(one[close], other[close], 2)
        shorter = np.minimum(likeness.lengths(one[close]), likeness.lengths(other[close]))
        few = (errors <= 1) | ((errors <= 2) & (shorter >= _LONG_NAME))
        levels[close[few]] = TYPING_ERROR
        return levels

    def chance(self, level: int, left: Rows, right: Rows) -> Rates | None:
        """Go by the frequency of the name, or of its ends where only those agree."""
        if level == SAME:
            return self._marked_rates[left]
        if level in (SIGNS_LOST, SIGNS_DIFFER, ORDER_DIFFERS):
            rates: Rates = np.sqrt(self._rates[left] * self._rates[right])
            return rates
        if level in (MIDDLE_MISSING, SAME_ENDS):
            return self._ends_rates[left]
        return None

    def agreements(self) -> Sequence[Agreement]:
        """Tell of whole names and of ends."""
        whole = np.where(self.is_known, self.words.unordered, hashing.NOTHING)
        levels = (SAME, SIGNS_LOST, SIGNS_DIFFER, ORDER_DIFFERS)
        return (
            Agreement(levels, whole, self._rates),
            Agreement((MIDDLE_MISSING, SAME_ENDS), self._ends, self._ends_rates, finer=whole),
        )

    @cached_property
    def _rates(self) -> Rates:
        return self._expected_rate_of("name", self._expected)

    @cached_property
    def _marked_rates(self) -> Rates:
        return self._expected_rate_of("marked_name", self._expected)

    @cached_property
    def _ends_rates(self) -> Rates:
        return self._share_of("first_word") * self._share_of("last_word")

    @cached_property
    def _expected(self) -> Rates:
        return self._ends_rates * self._share_of("middle")


def _read_word(word: str) -> str:
    return vietnamese.name_key(word).replace(" ", "")


def _readable(texts: Column) -> Column:
    """Compose the names and read those in legacy encodings."""
    composed = pc.utf8_normalize(column_texts.without_nulls(texts), form="NFC")
    rows = np.flatnonzero(column_texts.matches(composed, _ODD))
    if len(rows):
        read = composed.to_numpy(zero_copy_only=False).copy()
        for row in rows:
            read[row] = legacy_vietnamese.decode(read[row])[0]
        composed = pa.array(read, pa.string())
    return words.as_words(composed)

"""Names of enterprises: their words without the legal form, and the form apart."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import ClassVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from databases import vietnamese
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

LEVELS = (
    "same",
    "form_differs",  # legal form or branch of trade written otherwise, the rest the same
    "order_differs",
    "word_missing",
    "typing_error",
    "nearly_same_letters",
    "similar_letters",
    "different",
)
SAME, FORM_DIFFERS, ORDER_DIFFERS, WORD_MISSING, TYPING_ERROR = range(1, 6)
NEARLY_SAME, SIMILAR, DIFFERENT = range(6, 9)
_MOST_WORDS = 12
_NO_NAME = ("", 0)
_LEFT_OUT_IN_TURN = 8
_NEAR, _ALIKE = 0.95, 0.88
_LONG_NAME = 10
# Words of forms, longest first, folded; what forms leave of a name tells firms apart.
_FORMS = (
    r"\b(?:cong ty|cty|tong cong ty|tap doan|doanh nghiep tu nhan|dntn|doanh nghiep|hop tac xa|htx"
    r"|trach nhiem huu han|tnhh|co phan|cp|hop danh|mot thanh vien|mtv|hai thanh vien tro len"
    r"|chi nhanh|van phong dai dien|company|co|ltd|limited|jsc|joint stock|corporation|corp|inc"
    r"|thuong mai|tm|dich vu|dv|san xuat|sx|xuat nhap khau|xnk|dau tu|dt|xay dung|xd)\b"
)


class OrganisationNames(Counting):
    """Names of organisations.

    Args:
        texts: names as written, null or empty where unknown.
        frequencies: of names and their words; counted here if not given.
    """

    levels: ClassVar[tuple[str, ...]] = LEVELS
    implied: ClassVar[Mapping[str, frozenset[str]]] = {
        "organisation_whole": frozenset({"organisation", "organisation_less_a_word"}),
    }

    def __init__(self, texts: Column | Encoded, frequencies: Frequencies = HERE) -> None:
        super().__init__(frequencies)
        if isinstance(texts, Encoded):
            known = [one or _NO_NAME for one in texts.values]
            self.words = Words.joined([one[0] for one in known], _MOST_WORDS)
            self._whole = np.array([one[1] for one in known], dtype=np.uint64)
            return
        coded = pc.dictionary_encode(column_texts.without_nulls(texts))
        rows = coded.indices.to_numpy(zero_copy_only=False)
        plain = words.as_words(_folded(coded.dictionary))
        bare = pc.utf8_trim_whitespace(column_texts.replace(plain, _FORMS, " "))
        # A name that is all form ("Công ty Xây dựng") keeps its words.
        bare = pc.if_else(pc.equal(bare, ""), plain, bare)
        self.words = Words.read(bare.take(rows), longest=_MOST_WORDS, read=str)
        self._whole = hashing.of_texts(plain.to_pylist())[rows]

    def encode(self) -> Encoded:
        """Write down the words without the form, and the hash of the whole name."""
        texts = np.asarray(self.words.texts).tolist()
        told = zip(texts, self._whole.tolist(), strict=True)
        return Encoded([one if one[0] or one[1] else None for one in told])

    @property
    def is_known(self) -> Flags:
        """Tell which records have a name."""
        flags: Flags = self.words.length > 0
        return flags

    @cached_property
    def tallies(self) -> Mapping[str, Tally]:
        """Count names without their form, and their first and last words."""
        own = self.words
        return {
            "name": Tally(own.unordered),
            "first_word": Tally(own.first, rare_alike=False),
            "last_word": Tally(own.last, rare_alike=False),
        }

    def keys(self) -> Keys:
        """Give the whole name, the name without its form, and without one word more."""
        own = self.words
        return {
            "organisation_whole": [self._whole],
            "organisation": [own.bag_of_letters],
            "organisation_less_a_word": [own.unordered, *own.without_one(2, _LEFT_OUT_IN_TURN)],
            "organisation_first_word": [own.first],
            "organisation_last_word": [own.last],
        }

    def compare(self, left: Rows, right: Rows) -> Levels:
        """Compare words first and letters only where the words leave it open."""
        own = self.words
        levels = np.full(len(left), DIFFERENT, dtype=np.int8)
        reordered = own.same(own.bag_of_letters, left, right)
        levels[reordered] = ORDER_DIFFERS
        levels[own.same(own.ordered, left, right)] = FORM_DIFFERS
        levels[self._whole[left] == self._whole[right]] = SAME
        rest = np.flatnonzero(levels == DIFFERENT)
        levels[rest] = self._compare_letters(left[rest], right[rest])
        levels[~(self.is_known[left] & self.is_known[right])] = MISSING
        return levels

    def _compare_letters(self, left: Rows, right: Rows) -> Levels:
        own = self.words
        one, other = likeness.take(own.texts, left), likeness.take(own.texts, right)
        alike = likeness.jaro_winkler(one, other, _ALIKE)
        levels = np.full(len(left), DIFFERENT, dtype=np.int8)
        levels[alike >= _ALIKE] = SIMILAR
        levels[alike >= _NEAR] = NEARLY_SAME
        close = np.flatnonzero(alike >= _ALIKE)
        errors = likeness.typing_errors(one[close], other[close], 2)
        shorter = np.minimum(likeness.lengths(one[close]), likeness.lengths(other[close]))
        levels[close[(errors <= 1) | ((errors <= 2) & (shorter >= _LONG_NAME))]] = TYPING_ERROR
        fewer = np.minimum(own.length[left], own.length[right])
        more = np.maximum(own.length[left], own.length[right])
        levels[(own.shared(left, right) == fewer) & (more - fewer == 1) & (fewer >= 2)] = (
            WORD_MISSING
        )
        return levels

    def chance(self, level: int, left: Rows, right: Rows) -> Rates | None:
        """Go by the frequency of the name."""
        if level in (SAME, FORM_DIFFERS, ORDER_DIFFERS):
            rates: Rates = np.sqrt(self._rates[left] * self._rates[right])
            return rates
        return None

    def agreements(self) -> Sequence[Agreement]:
        """Tell of the name without its form."""
        return (Agreement((SAME, FORM_DIFFERS, ORDER_DIFFERS), self.words.unordered, self._rates),)

    @cached_property
    def _rates(self) -> Rates:
        shares = self._share_of("first_word") * self._share_of("last_word")
        return self._expected_rate_of("name", shares)


def _folded(texts: Column) -> Column:
    return pa.array([vietnamese.fold(text) for text in texts.to_pylist()], pa.string())

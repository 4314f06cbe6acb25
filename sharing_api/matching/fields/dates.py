"""Days of birth: known to the day, the month or the year, swapped, filled up or typed wrongly."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from sharing_api.matching import hashing
from sharing_api.matching.fields import column_texts, date_texts
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
from sharing_api.matching.frequencies import HERE, Counting, Frequencies, Tally

LEVELS = (
    "same",
    "part_unknown",  # the same as far as both know it
    "swapped",  # day and month
    "one_digit",
    "same_birthday",  # day and month of another year
    "same_month",
    "same_year",
    "next_year",
    "different",
)
SAME, PART_UNKNOWN, SWAPPED, ONE_DIGIT, SAME_BIRTHDAY = range(1, 6)
SAME_MONTH, SAME_YEAR, NEXT_YEAR, DIFFERENT = range(6, 10)
_DAYS = 365.0
_MONTHS = 12.0
_LEAST_PARTIAL = 0.005  # of pairs: even where all dates are whole, one may come that is not
_DIGITS = 8


class Dates(Counting):
    """Days, each as year, month and day, 0 where unknown.

    Args:
        texts: as written; null or empty where unknown.
        frequencies: of days and years; counted here if not given.
    """

    levels: ClassVar[tuple[str, ...]] = LEVELS
    implied: ClassVar[Mapping[str, frozenset[str]]] = {
        "birth_date": frozenset({"birth_year", "birthday"}),
        "birth_month": frozenset({"birth_year"}),
        "year_and_day": frozenset({"birth_year"}),
    }

    def __init__(self, texts: Column | Encoded, frequencies: Frequencies = HERE) -> None:
        super().__init__(frequencies)
        self.year, self.month, self.day = _parts_of(texts)

    @cached_property
    def _number(self) -> Rows:
        number: Rows = self.year * 10_000 + self.month * 100 + self.day
        return number

    @property
    def is_known(self) -> Flags:
        """Tell which records have a year at least."""
        flags: Flags = self.year > 0
        return flags

    @cached_property
    def tallies(self) -> Mapping[str, Tally]:
        """Count the dates, as far as they are known, the years, and the whole dates."""
        unknown = ~self.is_known
        return {
            "date": Tally(hashing.of_numbers(np.where(unknown, -1, self._number))),
            "year": Tally(hashing.of_numbers(np.where(unknown, -1, self.year)), rare_alike=False),
            "whole": Tally(hashing.of_numbers(np.where(self._is_full, 1, -1)), rare_alike=False),
        }

    @property
    def _is_full(self) -> Flags:
        flags: Flags = self.day > 0
        return flags

    def keys(self) -> Keys:
        """Give the day, whichever of its numbers is the month, and parts of it."""
        year, month, day, full = self.year, self.month, self.day, self._is_full
        low, high = np.minimum(month, day), np.maximum(month, day)

        def hashed(number: Rows, is_known: Flags) -> list[hashing.Hashes]:
            return [hashing.of_numbers(np.where(is_known, number, -1))]

        return {
            "birth_date": hashed((year * 100 + low) * 100 + high, full),
            "birth_year": hashed(year, self.is_known),
            "birth_month": hashed(year * 100 + month, month > 0),
            "birthday": hashed(low * 100 + high, full),
            "year_and_day": hashed(year * 100 + day, full),
        }

    def compare(self, left: Rows, right: Rows) -> Levels:
        """Compare part by part."""
        month, day = self.month[left] == self.month[right], self.day[left] == self.day[right]
        year = self.year[left] == self.year[right]
        full = self._is_full[left] & self._is_full[right]
        levels = np.full(len(left), DIFFERENT, dtype=np.int8)
        levels[np.abs(self.year[left] - self.year[right]) == 1] = NEXT_YEAR
        levels[year] = SAME_YEAR
        levels[year & month & full] = SAME_MONTH
        levels[full & month & day] = SAME_BIRTHDAY
        levels[full & self._is_one_digit(left, right)] = ONE_DIGIT
        crossed = (self.month[left] == self.day[right]) & (self.day[left] == self.month[right])
        levels[year & full & crossed] = SWAPPED
        month_fits = month | (self.month[left] == 0) | (self.month[right] == 0)
        levels[year & ~full & month_fits] = PART_UNKNOWN
        levels[full & year & month & day] = SAME
        levels[~(self.is_known[left] & self.is_known[right])] = MISSING
        return levels

    def _is_one_digit(self, left: Rows, right: Rows) -> Flags:
        """Tell where one digit differs or two neighbours are swapped."""
        one, other = self._digits[left], self._digits[right]
        differs = one != other
        many = differs.sum(axis=1)
        swapped = np.zeros(len(left), dtype=np.bool_)
        for place in range(_DIGITS - 1):
            here, next_ = one[:, place] == other[:, place + 1], one[:, place + 1] == other[:, place]
            swapped |= here & next_ & differs[:, place]
        flags: Flags = (many == 1) | ((many == 2) & swapped)
        return flags

    @cached_property
    def _digits(self) -> npt.NDArray[Any]:
        tens = 10 ** np.arange(_DIGITS - 1, -1, -1)
        return ((self._number[:, None] // tens) % 10).astype(np.int8)

    def chance(self, level: int, left: Rows, right: Rows) -> Rates | None:
        """Go by how often the day stands in the file: fillers such as 1 January tell little.

        Where a part is unknown, what is known is as telling as ever. How often true pairs are of
        this level says how often parts are unknown; so must the rate among strangers.
        """
        if level == SAME:
            return self._day_rates[left]
        if level not in (PART_UNKNOWN, SAME_YEAR):
            return None
        rates: Rates = np.sqrt(self._year_rates[left] * self._year_rates[right])
        if level == PART_UNKNOWN:
            both_months = (self.month[left] > 0) & (self.month[right] > 0)
            rates = rates * self._partial_share * np.where(both_months, 1 / _MONTHS, 1.0)
        return rates

    @cached_property
    def _partial_share(self) -> float:
        """Tell in which share of pairs one of the dates at least is not whole."""
        whole = self._known_of("whole") / self._known_of("year")
        return max(1.0 - whole**2, _LEAST_PARTIAL)

    def agreements(self) -> Sequence[Agreement]:
        """Tell of whole days."""
        day = hashing.of_numbers(np.where(self._is_full, self._number, -1))
        return (Agreement((SAME,), day, self._day_rates),)

    def encode(self) -> Encoded:
        """Write down year, month and day."""
        parts = zip(self.year.tolist(), self.month.tolist(), self.day.tolist(), strict=True)
        return Encoded([one if one[0] > 0 else None for one in parts])

    @cached_property
    def _day_rates(self) -> Rates:
        return self._expected_rate_of("date", self._year_rates / _DAYS)

    @cached_property
    def _year_rates(self) -> Rates:
        return self._share_of("year")


def _parts_of(texts: Column | Encoded) -> tuple[Rows, Rows, Rows]:
    """Give year, month and day of each date."""
    if isinstance(texts, Encoded):
        parts = np.array([one or date_texts.UNKNOWN for one in texts.values], dtype=np.int64)
        rows = np.arange(len(texts))
    else:
        coded = pc.dictionary_encode(column_texts.without_nulls(texts))
        read = date_texts.read_all(coded.dictionary.to_pylist())
        parts = np.array(read, dtype=np.int64)
        rows = coded.indices.to_numpy(zero_copy_only=False)
    year, month, day = (parts.reshape(-1, 3)[rows, place] for place in range(3))
    return year, month, day

"""How often values stand among records: counted on these records, or given from a whole register.

A rate among strangers goes by the frequency of the value. A file that is matched counts on its own
records; a single record, a batch held against a register and a partition of a cluster are given
what was counted elsewhere: sorted hashes with a count each (`Counts`), about 16 bytes for each
different value.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from sharing_api.matching import hashing
from sharing_api.matching.hashing import Hashes

Rates = npt.NDArray[np.float64]

_EXPECTATION = 0.5  # what the expected frequency weighs, in records
_RAREST = 0.05  # of a record: what is seen nowhere else may still be somebody else's


@dataclass(frozen=True)
class Tally:
    """One thing that is counted of a field.

    Args:
        codes: hash of the value of each record, or several in a row; `NOTHING` where unknown.
        weights: what each code counts, of the same shape; None: one.
        rare_alike: a value that stands once counts as much as one that stands nowhere, so that it
            need not be kept.
    """

    codes: Hashes
    weights: Rates | None = None
    rare_alike: bool = True

    @property
    def known(self) -> int:
        """Number of records with a value, at least 1."""
        first = self.codes if self.codes.ndim == 1 else self.codes[:, 0]
        return max(1, int((first != hashing.NOTHING).sum()))


class Frequencies(Protocol):
    """How often the values of one field stand among the records that were counted."""

    @property
    def own(self) -> int:
        """How many of the two records of a pair are among those that were counted."""

    def count(self, name: str, tally: Tally) -> Rates:
        """Give for each code of a tally how many records have it; 0 where nothing is known."""

    def known(self, name: str, tally: Tally) -> int:
        """Tell how many of the counted records have a value, at least 1."""


class _Here:
    """Counts on the records themselves."""

    own = 2

    def count(self, name: str, tally: Tally) -> Rates:
        """Count the codes of a tally among themselves."""
        del name
        return _count_each(tally)

    def known(self, name: str, tally: Tally) -> int:
        """Count those that are known."""
        del name
        return tally.known


HERE: Frequencies = _Here()


@dataclass(frozen=True)
class Counts:
    """What was counted of one field elsewhere.

    Args:
        records: tally → how many records had a value, at least 1.
        values: tally → hashes of its values, ascending.
        counts: tally → how many records have each of them.
        own: 1 when the left record of a pair was not counted; 2 when both were.
    """

    records: Mapping[str, int]
    values: Mapping[str, Hashes]
    counts: Mapping[str, Rates]
    own: int = 1

    def count(self, name: str, tally: Tally) -> Rates:
        """Look the codes up; what never stood there counts 0."""
        values, counts = self.values[name], self.counts[name]
        if not len(values):
            return np.zeros(tally.codes.shape)
        place = np.minimum(np.searchsorted(values, tally.codes), len(values) - 1)
        found: Rates = np.where(values[place] == tally.codes, counts[place], 0.0)
        return found

    def known(self, name: str, tally: Tally) -> int:
        """Give the number of records that had a value there."""
        del tally
        return self.records[name]


def collect(tallies: Mapping[str, Tally], own: int = 1) -> Counts:
    """Count the values of a field on these records, to be used without them.

    Args:
        tallies: name → what is counted.
        own: as in `Counts`.
    """
    values, counts = {}, {}
    for name, tally in tallies.items():
        codes, many = distinct(tally)
        kept = many > 1 if tally.rare_alike else np.ones(len(codes), dtype=np.bool_)
        values[name], counts[name] = codes[kept], many[kept]
    known = {name: tally.known for name, tally in tallies.items()}
    return Counts(known, values, counts, own)


def distinct(tally: Tally) -> tuple[Hashes, Rates]:
    """Give the different values of a tally and how much each counts."""
    known = tally.codes != hashing.NOTHING
    codes = tally.codes[known]
    order, first, counts = hashing.runs(codes)
    if tally.weights is not None and len(first):
        return codes[order[first]], np.add.reduceat(tally.weights[known][order], first)
    return codes[order[first]], counts.astype(np.float64)


def _count_each(tally: Tally) -> Rates:
    known = tally.codes != hashing.NOTHING
    order, first, sizes = hashing.runs(tally.codes[known])
    counts = sizes.astype(np.float64)
    if tally.weights is not None and len(first):
        counts = np.add.reduceat(tally.weights[known][order], first)
    found = np.empty(len(order))
    found[order] = np.repeat(counts, sizes)
    total: npt.NDArray[Any] = np.zeros(tally.codes.shape)
    total[known] = found
    return total


class Counting(ABC):
    """A field whose rates go by how often its values stand among records.

    Args:
        frequencies: counted on the records themselves, or given.
    """

    def __init__(self, frequencies: Frequencies) -> None:
        self._frequencies = frequencies

    @property
    @abstractmethod
    def tallies(self) -> Mapping[str, Tally]:
        """Name what is counted of the field."""

    def _counts_of(self, name: str) -> Rates:
        return self._frequencies.count(name, self.tallies[name])

    def _known_of(self, name: str) -> int:
        return self._frequencies.known(name, self.tallies[name])

    def _share_of(self, name: str) -> Rates:
        """Give the share of each record's value among the known ones; 1 where it is unknown."""
        is_known = self.tallies[name].codes != hashing.NOTHING
        return np.where(is_known, self._counts_of(name) / self._known_of(name), 1.0)

    def _rate_of(self, name: str, rarest: float) -> Rates:
        """Give the share of each record's value, the pair's own records left out.

        Args:
            name: of the tally.
            rarest: number of records that what nobody else has is taken for.
        """
        others = self._counts_of(name) - self._frequencies.own
        rates: Rates = np.maximum(others, rarest) / self._known_of(name)
        return rates

    def _expected_rate_of(self, name: str, prior: Rates) -> Rates:
        """Estimate how often a value stands among strangers.

        The two records of a pair are left out of the count, for they may be the same person's; a
        value seen nowhere else is as frequent as its parts let expect.

        Args:
            name: of the tally.
            prior: rate expected before anything was counted, from 0 to 1.
        """
        records = self._known_of(name)
        seen = np.maximum(self._counts_of(name) - self._frequencies.own, 0)
        rates: Rates = (seen + _EXPECTATION * prior * records) / ((1 + _EXPECTATION) * records)
        return np.maximum(rates, _RAREST / records)

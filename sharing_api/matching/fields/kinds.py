"""What every kind of field offers to blocking, comparison and learning."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

import numpy as np
import numpy.typing as npt

from sharing_api.matching.hashing import Hashes

Rows = npt.NDArray[np.int64]
Levels = npt.NDArray[np.int8]
Rates = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Column = Any  # an Arrow array of texts; pyarrow is not typed
Keys = Mapping[str, Sequence[Hashes]]

MISSING = 0  # level of a pair in which one value is not known: neither match nor mismatch
_EXPECTATION = 0.5  # what the expected frequency weighs, in records
_RAREST = 0.05  # of a record: what is seen nowhere else may still be somebody else's


@dataclass(frozen=True)
class Agreement:
    """One way in which two values can agree, for counting how fields depend on each other.

    Args:
        levels: that count as this agreement.
        codes: hash that agreeing records share; `NOTHING` where unknown.
        rates: how often strangers agree so, by record.
        finer: hash of a closer agreement that is counted apart; None where there is none.
    """

    levels: tuple[int, ...]
    codes: Hashes
    rates: Rates
    finer: Hashes | None = None


class Field(Protocol):
    """One field of all records, as arrays with one element per record."""

    implied: ClassVar[Mapping[str, frozenset[str]]]
    """Key → further keys that agree whenever this one does."""

    def keys(self) -> Keys:
        """Give hashes by which records can meet; several vectors where one record has several."""

    def compare(self, left: Rows, right: Rows) -> Levels:
        """Give the level of each pair: `MISSING`, else its number from 1, closest first."""

    def chance(self, level: int, left: Rows, right: Rows) -> Rates | None:
        """Give the rate at which two strangers are this alike, by the values of each pair.

        None where the rate does not go by the value.
        """

    def agreements(self) -> Sequence[Agreement]:
        """Give the ways to agree whose dependence on other fields matters."""


def count_each(codes: npt.NDArray[Any]) -> Rows:
    """Count for each element how many elements are equal to it."""
    _, inverse, counts = np.unique(codes, return_inverse=True, return_counts=True)
    return counts[inverse].astype(np.int64)


def share_of_known(codes: npt.NDArray[Any], is_known: Flags) -> Rates:
    """Give for each element its share among the known ones; 1 where it is not known itself."""
    shares: Rates = count_each(codes) / max(1, int(is_known.sum()))
    return np.where(is_known, shares, 1.0)


def expected_rate(count: Rows, prior: Rates, records: int) -> Rates:
    """Estimate how often a value stands among strangers.

    The two records of a pair are left out of the count, for they may be the same person's; a
    value seen nowhere else is as frequent as its parts let expect.

    Args:
        count: how many records have the value, the pair's own two among them.
        prior: rate expected before anything was counted, from 0 to 1.
        records: number of records that have a value, above 0.
    """
    seen = np.maximum(count - 2, 0)
    rates: Rates = (seen + _EXPECTATION * prior * records) / ((1 + _EXPECTATION) * records)
    return np.maximum(rates, _RAREST / records)

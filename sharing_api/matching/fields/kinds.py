"""What every kind of field offers to blocking, comparison and learning."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Protocol

import numpy as np
import numpy.typing as npt

from sharing_api.matching.frequencies import Frequencies, Tally
from sharing_api.matching.hashing import Hashes

Rows = npt.NDArray[np.int64]
Rates = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Levels = npt.NDArray[np.int8]
Buckets = npt.NDArray[np.int8]
Column = Any  # an Arrow array of texts; pyarrow is not typed
Keys = Mapping[str, Sequence[Hashes]]


@dataclass(frozen=True, slots=True)
class Encoded:
    """Values of a field as they were read once: kept, and compared without being read again.

    Args:
        values: of each record what `Field.encode` made of it, in types of JSON; None where unknown.
        is_several: whether each is a list of such values, of a record that may have several.
    """

    values: Sequence[Any]
    is_several: bool = False

    def __len__(self) -> int:
        """Number of records."""
        return len(self.values)

    def as_several(self) -> "Encoded":
        """Make a list of one of each value; of what is not known an empty one."""
        if self.is_several:
            return self
        return Encoded([[] if one is None else [one] for one in self.values], is_several=True)

    def followed_by(self, other: "Encoded") -> "Encoded":
        """Put the values of two sides under each other."""
        if self.is_several == other.is_several:
            return Encoded([*self.values, *other.values], self.is_several)
        return self.as_several().followed_by(other.as_several())


MISSING = 0  # level of a pair in which one value is not known: neither match nor mismatch
BUCKETS = 32  # of frequency, each a factor of e


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

    @cached_property
    def buckets(self) -> Buckets:
        """Bucket of frequency of each record's value, from 0 (everybody's) to the rarest."""
        logs = np.rint(-np.log(np.maximum(self.rates, 1e-12)))
        return np.minimum(np.maximum(logs, 0), BUCKETS - 1).astype(np.int8)


class Field(Protocol):
    """One field of all records, as arrays with one element per record."""

    @property
    def implied(self) -> Mapping[str, frozenset[str]]:
        """Key → further keys that agree whenever this one does."""

    @property
    def is_known(self) -> Flags:
        """Tell which records have a value."""

    @property
    def tallies(self) -> Mapping[str, Tally]:
        """Name what is counted of the field."""

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

    def encode(self) -> Encoded:
        """Write down what is compared of each record: from it the same field is made again."""


class Values(Field, Protocol):
    """A field of which each record has one value."""

    levels: ClassVar[tuple[str, ...]]
    """Names of the degrees of likeness, closest first."""

    def __init__(self, texts: Column | Encoded, frequencies: Frequencies) -> None:
        """Read the values, or take them as read; rates among strangers go by the frequencies."""

"""What the index works with: cursors, entries, lessons, finds."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from sharing_api.matching.fields.kinds import Flags, Levels, Rows
from sharing_api.matching.hashing import Hashes
from sharing_api.matching.learned import Learned
from sharing_api.matching.patterns import Logs
from sharing_api.matching.records import STREET

# Version of what is kept of a record (`Records.encode`); entries of another one are made anew.
KEPT = 2


@dataclass(frozen=True)
class IndexRow:
    """How far the index of a dataset is.

    Args:
        change, valid_on: state up to which the dataset was read as a whole; None: never.
        next_change, next_valid_on: state of the walk under way; None: none is.
        sealed_after: key that the walk under way goes on behind.
        lesson: number of the last learning; 0: nothing was learned yet.
        lesson_records: records that there were by then.
    """

    index_id: int
    dataset: str
    version: str
    change: int | None = None
    valid_on: date | None = None
    next_change: int | None = None
    next_valid_on: date | None = None
    sealed_after: bytes = b""
    lesson: int = 0
    lesson_records: int = 0


@dataclass(frozen=True, slots=True)
class Kept:
    """A row of the index.

    Args:
        keys: keyed hashes that it is found by.
        sealed: what is compared of it, encoded and encrypted.
    """

    record_tag: bytes
    keys: npt.NDArray[Any]
    sealed: bytes


@dataclass(frozen=True)
class Lesson:
    """What was learned of the records of an index.

    Args:
        number: of the learning; each later one has a higher number.
        learned: weights and frequencies.
        frequent: keys that so many records have that they are not looked up, ascending.
        words: of which names there are made, the most frequent first.
    """

    number: int
    learned: Learned
    frequent: Hashes
    words: Sequence[str]
    _selected: dict[frozenset[str], Learned] = field(default_factory=dict)

    def are_frequent(self, keys: Hashes) -> Flags:
        """Tell which keys are not looked up."""
        if not len(self.frequent):
            return np.zeros(len(keys), dtype=np.bool_)
        place = np.minimum(np.searchsorted(self.frequent, keys), len(self.frequent) - 1)
        flags: Flags = self.frequent[place] == keys
        return flags

    def of_fields(self, given: Collection[str]) -> Learned:
        """Keep what was learned of some fields, and of the streets of addresses."""
        names = frozenset((*given, *(f"{name}{STREET}" for name in given)))
        if names not in self._selected:
            self._selected[names] = self.learned.select(names)
        return self._selected[names]


@dataclass(frozen=True)
class Found:
    """Pairs of a question and a record of the index, best first for each question.

    Args:
        row: which question, by its row in the columns that were given.
        key: key of the record, as its dataset names it.
        log_odds: logarithm of the odds that both are the same.
        levels: how alike they are, pair by field.
        kinds: field → kind, in the order of the levels.
        change: state of the register that the index has.
        lesson: number of the last learning that the index has.
    """

    row: Rows
    key: tuple[str, ...]
    log_odds: Logs
    levels: Levels
    kinds: Mapping[str, Any]
    change: int
    lesson: int

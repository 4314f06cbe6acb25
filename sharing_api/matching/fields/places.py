"""Where somebody lives: a commune of either vintage, with every commune that it may be today."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import ClassVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sharing_api.matching import hashing
from sharing_api.matching.fields import column_texts, place_texts
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

LEVELS = ("same_commune", "maybe_same_commune", "same_province", "different")
SAME_COMMUNE, MAYBE_SAME_COMMUNE, SAME_PROVINCE, DIFFERENT = range(1, 5)
_KEYS = 3  # communes of a divided one by which a record can be met
_UNKNOWN = -1
_RAREST = 0.5
Codes = npt.NDArray[np.int32]


class Places(Counting):
    """Addresses of Viet Nam, as the communes since 1 July 2025 that they may lie in.

    Args:
        texts: as written, null or empty where unknown.
        frequencies: of communes and provinces; counted here if not given.
    """

    levels: ClassVar[tuple[str, ...]] = LEVELS
    implied: ClassVar[Mapping[str, frozenset[str]]] = {}

    def __init__(self, texts: Column | Encoded, frequencies: Frequencies = HERE) -> None:
        super().__init__(frequencies)
        self.streets: Column | None  # what stands before the units; None of what was encoded
        if isinstance(texts, Encoded):
            self.communes, self.province = _decode(texts)
            self.streets, self._written = None, int(self._is_read.sum())
            return
        coded = pc.dictionary_encode(column_texts.without_nulls(texts))
        rows = coded.indices.to_numpy(zero_copy_only=False)
        read = place_texts.read_all(coded.dictionary.to_pylist())
        self.communes, self.province = read.communes[rows], read.provinces[rows]
        self.streets = pa.array(read.streets[rows], pa.string())
        self._written = int(np.array([bool(t) for t in coded.dictionary.to_pylist()])[rows].sum())

    def encode(self) -> Encoded:
        """Write down the province and the communes; streets are a field of their own."""
        pairs = zip(self.province.tolist(), self.communes.tolist(), strict=True)
        return Encoded(
            [
                [province, *(one for one in communes if one != _UNKNOWN)]
                if province != _UNKNOWN or communes[0] != _UNKNOWN
                else None
                for province, communes in pairs
            ]
        )

    @property
    def share_read(self) -> float:
        """The share of the written addresses that name a commune of Viet Nam."""
        read, written = self.read_of_written
        return read / max(1, written)

    @property
    def read_of_written(self) -> tuple[int, int]:
        """How many addresses name a commune of Viet Nam, and how many are written at all."""
        return int(self._is_read.sum()), self._written

    @property
    def is_known(self) -> Flags:
        """Tell which addresses name a commune or a province."""
        flags: Flags = self._is_read | (self.province != _UNKNOWN)
        return flags

    @cached_property
    def tallies(self) -> Mapping[str, Tally]:
        """Count communes, each record shared out among those that it may lie in, and provinces."""
        known = self.communes != _UNKNOWN
        shares = 1.0 / np.maximum(known.sum(axis=1), 1)
        weights = np.broadcast_to(shares[:, None], known.shape)
        communes = Tally(hashing.of_numbers(self.communes), weights, rare_alike=False)
        return {
            "commune": communes,
            "province": Tally(hashing.of_numbers(self.province), rare_alike=False),
        }

    @property
    def _is_read(self) -> Flags:
        flags: Flags = self.communes[:, 0] != _UNKNOWN
        return flags

    def keys(self) -> Keys:
        """Give the communes and the province."""
        return {
            "commune": [hashing.of_numbers(self.communes[:, place]) for place in range(_KEYS)],
            "province": [hashing.of_numbers(self.province)],
        }

    def compare(self, left: Rows, right: Rows) -> Levels:
        """Tell whether both may lie in one commune."""
        levels = np.full(len(left), DIFFERENT, dtype=np.int8)
        levels[self.province[left] == self.province[right]] = SAME_PROVINCE
        shared = self._may_be_one(left, right)
        certain = self._is_certain[left] & self._is_certain[right]
        levels[shared] = MAYBE_SAME_COMMUNE
        levels[shared & certain] = SAME_COMMUNE
        unknown = (self.province[left] == _UNKNOWN) | (self.province[right] == _UNKNOWN)
        levels[unknown & ~shared] = MISSING
        return levels

    def _may_be_one(self, left: Rows, right: Rows) -> Flags:
        first, other_first = self.communes[left, 0], self.communes[right, 0]
        shared: Flags = (first == other_first) & (first != _UNKNOWN)
        open_ = np.flatnonzero(~(self._is_certain[left] & self._is_certain[right]))
        one, other = self.communes[left[open_]], self.communes[right[open_]]
        for place in range(one.shape[1]):
            commune = one[:, place : place + 1]
            shared[open_] |= ((commune == other) & (commune != _UNKNOWN)).any(axis=1)
        return shared

    @cached_property
    def _is_certain(self) -> Flags:
        flags: Flags = self.communes[:, 1] == _UNKNOWN
        return flags

    def chance(self, level: int, left: Rows, right: Rows) -> Rates | None:
        """Go by how many live in the communes, or in the province."""
        if level in (SAME_COMMUNE, MAYBE_SAME_COMMUNE):
            return np.maximum(self._rates[left], self._rates[right])
        return self._province_rates[left] if level == SAME_PROVINCE else None

    def agreements(self) -> Sequence[Agreement]:
        """Tell of communes and of provinces."""
        commune = hashing.of_numbers(self.communes[:, 0])
        province = hashing.of_numbers(self.province)
        return (
            Agreement((SAME_COMMUNE, MAYBE_SAME_COMMUNE), commune, self._rates),
            Agreement((SAME_PROVINCE,), province, self._province_rates, finer=commune),
        )

    @cached_property
    def _rates(self) -> Rates:
        """The share of records in the communes that each record may lie in."""
        counts = self._counts_of("commune").sum(axis=1)
        rates: Rates = np.maximum(counts, _RAREST) / self._known_of("commune")
        return rates

    @cached_property
    def _province_rates(self) -> Rates:
        return self._share_of("province")


def _decode(encoded: Encoded) -> tuple[Codes, Codes]:
    communes = np.full((len(encoded), place_texts.MOST_CANDIDATES), _UNKNOWN, dtype=np.int32)
    provinces = np.full(len(encoded), _UNKNOWN, dtype=np.int32)
    for row, one in enumerate(encoded.values):
        if one is not None:
            provinces[row], communes[row, : len(one) - 1] = one[0], one[1:]
    return communes, provinces

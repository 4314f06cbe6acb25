"""Reading addresses as communes of today, with every candidate; each different end is read once."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from databases.code_lists import addresses, reading, values
from databases.code_lists.catalogue import Catalogue

_MOST_CANDIDATES = 6
_UNITS = 3  # parts of an address, from its end, that name units
_UNKNOWN = -1


@dataclass(frozen=True)
class ReadPlaces:
    """What was read.

    Args:
        communes: codes of communes since 1 July 2025, text by candidate; -1 behind the last.
        provinces: codes of their province, -1 where unknown.
    """

    communes: npt.NDArray[np.int32]
    provinces: npt.NDArray[np.int32]


def read_all(texts: Sequence[str]) -> ReadPlaces:
    """Read addresses of either vintage; what names no commune stays unknown."""
    ends = [_end_of(text) for text in texts]
    read = {end: _read(end) for end in dict.fromkeys(ends)}
    communes = np.full((len(texts), _MOST_CANDIDATES), _UNKNOWN, dtype=np.int32)
    provinces = np.full(len(texts), _UNKNOWN, dtype=np.int32)
    for row, end in enumerate(ends):
        found, province = read[end]
        communes[row, : len(found)] = found
        provinces[row] = province
    return ReadPlaces(communes, provinces)


def _end_of(text: str) -> str:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    return ", ".join(parts[-_UNITS:])


@functools.cache
def _lists() -> Catalogue:
    return reading.load_catalogue()


def _read(end: str) -> tuple[list[int], int]:
    codes = _communes_of(end) if end else []
    if not codes:
        return [], _UNKNOWN
    province = _lists().find_parent(_lists().get(values.COMMUNE, values.SINCE_REFORM, codes[0]))
    return [int(code) for code in codes], int(province.code) if province else _UNKNOWN


def _communes_of(end: str) -> list[str]:
    """Find the communes of today that the end of an address may name."""
    versions = [values.SINCE_REFORM, values.BEFORE_REFORM]
    if end.count(",") >= _UNITS - 1:
        versions.reverse()  # three levels were written before the reform
    found: list[str] = []
    for version in versions:
        match = addresses.resolve_address(_lists(), end, version)
        codes = [code for one in match.candidates for code in _codes_today(one.commune)]
        if match.status is addresses.Status.EXACT:
            found = codes
            break
        found = found or codes
    return sorted(set(found))[:_MOST_CANDIDATES]


def _codes_today(commune: values.Code) -> list[str]:
    if commune.version == values.SINCE_REFORM:
        return [commune.code]
    successors = _lists().convert(
        values.COMMUNE, commune.code, commune.version, values.SINCE_REFORM
    )
    return [successor.code.code for successor in successors]

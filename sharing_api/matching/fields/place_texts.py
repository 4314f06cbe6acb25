"""Reading addresses as communes of today, with every candidate; each different end is read once."""

import functools
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from databases import vietnamese
from databases.code_lists import addresses, reading, values
from databases.code_lists.catalogue import Catalogue

_MOST_CANDIDATES = 6
_UNITS = 3  # parts of an address, from its end, that name units
_UNKNOWN = -1
_LONG = {
    "tp": "thanh pho",
    "tx": "thi xa",
    "tt": "thi tran",
    "q": "quan",
    "h": "huyen",
    "p": "phuong",
    "x": "xa",
    "t": "tinh",
}
_SHORT = re.compile(r"(tp|tx|tt|[qhpxt])\.\s*")


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
    plain = _plainly_written(end)
    if plain is not None:
        return plain
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


def _plainly_written(end: str) -> list[str] | None:
    """Look up an address that is written as the lists write it: what most of a file is."""
    key = ",".join(_plain(part) for part in end.split(","))
    communes = _written().get(key, ())
    return list(_today_of(communes[0])) if len(communes) == 1 else None


def _plain(part: str) -> str:
    text = vietnamese.name_key(part.strip())
    short = _SHORT.match(text)
    return f"{_LONG[short[1]]} {text[short.end() :]}" if short else text


@functools.cache
def _written() -> Mapping[str, Sequence[values.Code]]:
    """Every commune by its name with all units above it, as the lists write them."""
    written: dict[str, list[values.Code]] = defaultdict(list)
    for version in (values.SINCE_REFORM, values.BEFORE_REFORM):
        for commune in _lists().list_codes(values.COMMUNE, version):
            unit: values.Code | None = commune
            names = []
            while unit is not None:
                names.append(vietnamese.name_key(unit.name))
                unit = _lists().find_parent(unit)
            written[",".join(names)].append(commune)
    return written


@functools.cache
def _today_of(commune: values.Code) -> tuple[str, ...]:
    return tuple(sorted(set(_codes_today(commune)))[:_MOST_CANDIDATES])


def _codes_today(commune: values.Code) -> list[str]:
    if commune.version == values.SINCE_REFORM:
        return [commune.code]
    successors = _lists().convert(
        values.COMMUNE, commune.code, commune.version, values.SINCE_REFORM
    )
    return [successor.code.code for successor in successors]

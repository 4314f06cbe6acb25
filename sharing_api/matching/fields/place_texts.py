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

MOST_CANDIDATES = 6
_UNITS = 3  # parts of an address, from its end, that name units
_UNKNOWN = -1
_COUNTRY = ("viet nam", "vietnam", "vn")
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
        streets: what stands before the units: house, street, village; empty where nothing does.
    """

    communes: npt.NDArray[np.int32]
    provinces: npt.NDArray[np.int32]
    streets: npt.NDArray[np.object_]


def read_all(texts: Sequence[str]) -> ReadPlaces:
    """Read addresses of either vintage; what names no commune stays unknown."""
    split = [_split(text) for text in texts]
    read = {end: _read(end) for end in dict.fromkeys(end for _, end in split)}
    communes = np.full((len(texts), MOST_CANDIDATES), _UNKNOWN, dtype=np.int32)
    provinces = np.full(len(texts), _UNKNOWN, dtype=np.int32)
    streets = np.full(len(texts), "", dtype=object)
    for row, (start, end) in enumerate(split):
        found = read[end]
        communes[row, : len(found.communes)] = found.communes
        provinces[row] = found.province
        streets[row] = ", ".join(part for part in (start, found.street) if part)
    return ReadPlaces(communes, provinces, streets)


def _split(text: str) -> tuple[str, str]:
    """Part an address into what names no unit and the end that may name up to three."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if parts and vietnamese.name_key(parts[-1]) in _COUNTRY:
        parts.pop()
    return ", ".join(parts[:-_UNITS]), ", ".join(parts[-_UNITS:])


@dataclass(frozen=True)
class _End:
    """The end of an address, read: communes of today, their province, and a street before them."""

    communes: Sequence[int] = ()
    province: int = _UNKNOWN
    street: str = ""


@functools.cache
def _lists() -> Catalogue:
    return reading.load_catalogue()


@functools.lru_cache(
    maxsize=32_768
)  # about as many ends as there are communes, and their spellings
def _read(end: str) -> _End:
    """Read the end of an address; what may be too many communes, or provinces, stays unknown."""
    codes, street = _communes_of(end) if end else ((), "")
    if not codes:
        return _End(street=end)
    provinces = {_province_of(code) for code in codes}
    return _End(
        [int(code) for code in codes] if len(codes) <= MOST_CANDIDATES else (),
        provinces.pop() if len(provinces) == 1 else _UNKNOWN,
        street,
    )


@functools.cache
def _province_of(code: str) -> int:
    province = _lists().find_parent(_lists().get(values.COMMUNE, values.SINCE_REFORM, code))
    return int(province.code) if province else _UNKNOWN


def _communes_of(end: str) -> tuple[Sequence[str], str]:
    """Find the communes of today that the end of an address may name, and what stands before."""
    plain = _plainly_written(end)
    if plain is not None:
        return plain
    versions = [values.SINCE_REFORM, values.BEFORE_REFORM]
    if end.count(",") >= _UNITS - 1:
        versions.reverse()  # three levels were written before the reform
    found: tuple[Sequence[str], str] = ((), "")
    for version in versions:
        match = addresses.resolve_address(_lists(), end, version)
        codes = {code for one in match.candidates for code in _today_of(one.commune)}
        here = (sorted(codes), match.street_text)
        if match.status is addresses.Status.EXACT:
            return here
        found = found if found[0] else here
    return found


def _plainly_written(end: str) -> tuple[Sequence[str], str] | None:
    """Look up an address that is written as the lists write it: what most of a file is."""
    parts = end.split(",")
    key = [_plain(part) for part in parts]
    for units in (_UNITS, _UNITS - 1):
        communes = _written().get(",".join(key[-units:]), ()) if len(key) >= units else ()
        if len(communes) == 1:
            return _today_of(communes[0]), ",".join(parts[:-units]).strip()
    return None


@functools.lru_cache(maxsize=65_536)
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
            written[_full_name(commune)].append(commune)
    return written


def _full_name(unit: values.Code) -> str:
    above = _lists().find_parent(unit)
    name = vietnamese.name_key(unit.name)
    return name if above is None else f"{name},{_name_of_above(above)}"


@functools.lru_cache(maxsize=4_096)
def _name_of_above(unit: values.Code) -> str:
    return _full_name(unit)


@functools.cache
def _today_of(commune: values.Code) -> tuple[str, ...]:
    if commune.version == values.SINCE_REFORM:
        return (commune.code,)
    successors = _lists().convert(
        values.COMMUNE, commune.code, commune.version, values.SINCE_REFORM
    )
    return tuple(sorted({one.code.code for one in successors}))

"""Resolves written Vietnamese addresses, of three levels or of two, to communes; never guesses.

An address is read from its end: province, district, commune, and what is left is the street.
Names are compared by `vietnamese.name_key`, so case, tone placement and lost diacritics do not
matter; where diacritics tell two communes apart, the better spelling wins.
"""

import functools
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from databases import vietnamese
from databases.code_lists import catalogue as catalogues
from databases.code_lists import values

_COUNTRY = {"viet nam", "vietnam", "vn"}
_PROVINCE_ALIASES = {
    "hcm": "ho chi minh",
    "tphcm": "ho chi minh",
    "sai gon": "ho chi minh",
    "hn": "ha noi",
    "brvt": "ba ria vung tau",
    "br vt": "ba ria vung tau",
    "hue": "thua thien hue",
    "tt hue": "thua thien hue",
}
_KIND_WORDS = {
    "thanh pho": ("thanh_pho",),
    "thi tran": ("thi_tran",),
    "thi xa": ("thi_xa",),
    "dac khu": ("dac_khu",),
    "phuong": ("phuong",),
    "huyen": ("huyen",),
    "quan": ("quan",),
    "tinh": ("tinh",),
    "xa": ("xa",),
    "tp": ("thanh_pho",),
    "tt": ("thi_tran",),
    "tx": ("thi_xa",),
    "p": ("phuong",),
    "q": ("quan",),
    "h": ("huyen",),
    "x": ("xa",),
    "t": ("tinh",),
}
_PROVINCE_KINDS = frozenset({"tinh", "thanh_pho"})
_DISTRICT_KINDS = frozenset({"quan", "huyen", "thi_xa", "thanh_pho"})
_COMMUNE_KINDS = frozenset({"xa", "phuong", "thi_tran", "dac_khu"})
_UNIT = re.compile(
    r"(?P<word>thanh pho|thi tran|thi xa|dac khu|phuong|huyen|quan|tinh|xa"
    r"|tp|tt|tx|[pqhxt](?=[. ]|\d))(?:\s*[.:]\s*|\s+|(?=\d))(?P<name>.+)"
)
_BEFORE_UNIT = re.compile(
    r"(?<=[^\s,])\s+(?=(?:thành phố|thị trấn|thị xã|đặc khu|phường|huyện|quận|tỉnh|xã|"
    r"(?:tp|tt|tx|[pqhxt])\.)\s*\S)",
    re.IGNORECASE,
)
_SEPARATORS = re.compile(r"[,;\n]")
_DASHES = re.compile(r"\s+[-–—]\s+|[,;\n]")
_PART_CACHE = 65_536
_NUMBER = re.compile(r"\b0+(?=\d)")


class Status(StrEnum):
    """What came of reading an address."""

    EXACT = "exact"
    AMBIGUOUS = "ambiguous"
    UNRESOLVED = "unresolved"


@dataclass(frozen=True, slots=True)
class AddressCandidate:
    """A commune that the address may name.

    Args:
        commune: the commune.
        district: its district, None in the version of two levels.
        province: its province.
        evidence: what speaks for it: ``province``, ``district``, ``commune`` by name, and
            ``commune_kind``, ``commune_spelling`` when kind and diacritics agree too, or
            ``former_commune`` when it took in the commune that is written.
    """

    commune: values.Code
    district: values.Code | None
    province: values.Code
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AddressMatch:
    """What an address names.

    Args:
        street_text: the text before the commune as it was written; the whole text if unresolved.
        candidates: equally good communes, in the order of their codes.
        status: exact when one commune is named together with a unit above it; ambiguous when
            several fit, or one is named alone, against another district, or by the name of a
            commune merged before 2025; unresolved when none fits.
    """

    street_text: str
    candidates: tuple[AddressCandidate, ...]
    status: Status


@dataclass(frozen=True, slots=True)
class _Part:
    """One piece of the address: as written, and as the kinds and keys it may be read."""

    text: str
    key: str
    readings: tuple[tuple[tuple[str, ...], str], ...]


@dataclass(frozen=True, slots=True)
class _Unit:
    """A commune with the units above it, every kind it bears or bore, and its spelling."""

    commune: values.Code
    district: values.Code | None
    province: values.Code
    kinds: frozenset[str]
    spelling: str


@dataclass(frozen=True, slots=True)
class _Above:
    """Which provinces and districts each part of the address may name."""

    provinces: tuple[frozenset[str], ...]
    districts: tuple[frozenset[str], ...]

    def names_province(self, after: int) -> bool:
        """Test whether a part after this one names a province."""
        return any(self.provinces[after + 1 :])

    def names_district_of(self, unit: _Unit, index: "_Index", after: int) -> bool:
        """Test whether a part after this one names a district of the unit's province."""
        own = index.districts_of[unit.province.code]
        return any(not own.isdisjoint(found) for found in self.districts[after + 1 :])


@dataclass(frozen=True, slots=True)
class _Found:
    place: int
    score: int
    certain: bool
    candidate: AddressCandidate


class _Index:
    """Names of one version, ready for look-up."""

    def __init__(self, catalogue: catalogues.Catalogue, version: str) -> None:
        catalogue.get_version(values.COMMUNE, version)
        self.provinces = _names_of(catalogue.list_codes(values.PROVINCE, version))
        for alias, name in _PROVINCE_ALIASES.items():
            self.provinces.setdefault(alias, self.provinces.get(name, frozenset()))
        districts: tuple[values.Code, ...] = ()
        if version == values.BEFORE_REFORM:
            districts = catalogue.list_codes(values.DISTRICT, version)
        self.districts = _names_of(districts)
        self.districts_of: dict[str | None, set[str]] = defaultdict(set)
        for district in districts:
            self.districts_of[district.parent_code].add(district.code)
        self._catalogue = catalogue
        self._units: dict[str, _Unit] = {}
        self._communes: dict[str, list[values.Code]] = defaultdict(list)
        self._former_communes: dict[str, list[values.Code]] = defaultdict(list)
        for commune in catalogue.list_codes(values.COMMUNE, version):
            for key in _keys_of(commune):
                self._communes[key].append(commune)
            for former in commune.attributes.get("former_names", "").split():
                self._former_communes[former].append(commune)

    def communes(self, key: str) -> Iterator[_Unit]:
        """Give the communes of a name."""
        return map(self._unit, self._communes.get(key, ()))

    def former_communes(self, key: str) -> Iterator[_Unit]:
        """Give the communes that one of a name was merged into before 2025."""
        return map(self._unit, self._former_communes.get(key, ()))

    def _unit(self, commune: values.Code) -> _Unit:
        if commune.code not in self._units:
            self._units[commune.code] = _unit_of(self._catalogue, commune)
        return self._units[commune.code]


def resolve_address(
    catalogue: catalogues.Catalogue, text: str, version: str = values.BEFORE_REFORM
) -> AddressMatch:
    """Find the communes that a written address may mean.

    Args:
        catalogue: the code lists.
        text: the address as written, with or without the country.
        version: ``124/2004`` for addresses of three levels, ``19/2025`` for two.

    Returns:
        The candidates with their evidence. Convert them with `Catalogue.convert` where another
        version is wanted.

    Raises:
        UnknownCodeList: there is no such version of the communes.
    """
    index = catalogue.memo(("addresses", version), lambda: _Index(catalogue, version))
    composed = vietnamese.nfc(text)
    for pieces in _split_variants(composed):
        match = _resolve_pieces(index, pieces)
        if match is not None:
            return match
    return AddressMatch(text, (), Status.UNRESOLVED)


def _split_variants(text: str) -> Iterator[list[str]]:
    """Split at commas; if that fails also at dashes and before every word for a kind of unit."""
    yield _SEPARATORS.split(text)
    yield _SEPARATORS.split(_BEFORE_UNIT.sub(", ", _DASHES.sub(", ", text)))


def _resolve_pieces(index: _Index, pieces: list[str]) -> AddressMatch | None:
    parts = [_read_part(piece.strip(" .\t")) for piece in pieces if piece.strip(" .\t")]
    while parts and parts[-1].key in _COUNTRY:
        parts.pop()
    above = _Above(
        tuple(_codes_in(index.provinces, part, _PROVINCE_KINDS) for part in parts),
        tuple(_codes_in(index.districts, part, _DISTRICT_KINDS) for part in parts),
    )
    found = list(_find_communes(index, parts, above))
    if not found:
        found = list(_find_former_communes(index, parts, above))
    if not found:
        return None
    best_score = max(item.score for item in found)
    best = {item.candidate.commune.code: item for item in found if item.score == best_score}
    best_place = max(item.place for item in best.values())
    candidates = tuple(best[code].candidate for code in sorted(best))
    certain = len(best) == 1 and all(item.certain for item in best.values())
    street = ", ".join(part.text for part in parts[:best_place])
    return AddressMatch(street, candidates, Status.EXACT if certain else Status.AMBIGUOUS)


@functools.lru_cache(maxsize=_PART_CACHE)
def _read_part(text: str) -> _Part:
    key = _NUMBER.sub("", vietnamese.name_key(text))
    readings: list[tuple[tuple[str, ...], str]] = [((), key.replace(".", " ").strip())]
    match = _UNIT.fullmatch(key)
    if match:
        name = " ".join(match["name"].replace(".", " ").split())
        readings.insert(0, (_KIND_WORDS[match["word"]], name))
    return _Part(text, key, tuple(readings))


def _find_communes(index: _Index, parts: list[_Part], above: _Above) -> Iterator[_Found]:
    for place, part in enumerate(parts):
        for kinds, name in part.readings:
            if kinds and _COMMUNE_KINDS.isdisjoint(kinds):
                continue
            for unit in index.communes(name):
                evidence = _evidence_above(unit, place, above)
                # A unit of another province than the one written is no candidate.
                if evidence or not above.names_province(place):
                    yield _judge(index, unit, (place, part, kinds), (evidence, above))


def _find_former_communes(index: _Index, parts: list[_Part], above: _Above) -> Iterator[_Found]:
    """Find communes merged before 2025: their successor then is a candidate, never certain."""
    for place, part in enumerate(parts):
        for kinds, name in part.readings:
            former = "".join((*kinds, name)).replace("_", "").replace(" ", "")
            for unit in index.former_communes(former):
                evidence = _evidence_above(unit, place, above)
                if evidence:
                    candidate = AddressCandidate(
                        unit.commune,
                        unit.district,
                        unit.province,
                        (*evidence, "former_commune"),
                    )
                    yield _Found(place, 8 * len(evidence), certain=False, candidate=candidate)


def _evidence_above(unit: _Unit, place: int, above: _Above) -> tuple[str, ...]:
    evidence = []
    district_place = _place_of(unit.district, above.districts, place + 1)
    if district_place is not None:
        evidence.append("district")
    if _place_of(unit.province, above.provinces, (district_place or place) + 1) is not None:
        evidence.append("province")
    return tuple(evidence)


def _judge(
    index: _Index,
    unit: _Unit,
    read: tuple[int, _Part, tuple[str, ...]],
    upward: tuple[tuple[str, ...], _Above],
) -> _Found:
    """Weigh one reading: units above it count most, then the kind, then the exact spelling."""
    place, part, kinds = read
    evidence, above = upward
    score = 8 * len(evidence)
    certain = bool(evidence)
    if "district" not in evidence and above.names_district_of(unit, index, place):
        # The address names another district of this province: the two contradict each other.
        certain = False
    evidence = (*evidence, "commune")
    if unit.kinds.intersection(kinds):
        evidence = (*evidence, "commune_kind")
        score += 4
    elif not kinds:
        score -= 2
    if vietnamese.tone_key(part.text).endswith(unit.spelling):
        evidence = (*evidence, "commune_spelling")
        score += 1
    candidate = AddressCandidate(unit.commune, unit.district, unit.province, evidence)
    return _Found(place, score, certain, candidate)


def _place_of(
    code: values.Code | None, found: tuple[frozenset[str], ...], start: int
) -> int | None:
    if code is None:
        return None
    return next((at for at in range(start, len(found)) if code.code in found[at]), None)


def _codes_in(
    names: dict[str, frozenset[str]], part: _Part, kinds_of_level: frozenset[str]
) -> frozenset[str]:
    """Give the codes a part may name; "Tỉnh Cà Mau" names no district, though a city bears it."""
    found: frozenset[str] = frozenset()
    for kinds, name in part.readings:
        if not kinds or not kinds_of_level.isdisjoint(kinds):
            found |= names.get(name, frozenset())
    return found


def _names_of(codes: tuple[values.Code, ...]) -> dict[str, frozenset[str]]:
    names: dict[str, set[str]] = defaultdict(set)
    for code in codes:
        for key in _keys_of(code):
            names[key].add(code.code)
    return {key: frozenset(found) for key, found in names.items()}


def _keys_of(code: values.Code) -> set[str]:
    """Give the keys an address may use: with and without the kind, of every name it had."""
    names = {code.name, code.short_name, *(item.name for item in code.amendments)}
    keys = {vietnamese.name_key(name) for name in names}
    bare = {match["name"] for match in map(_UNIT.fullmatch, keys) if match}
    return {_NUMBER.sub("", key) for key in keys | bare}


def _unit_of(catalogue: catalogues.Catalogue, commune: values.Code) -> _Unit:
    kinds = frozenset({commune.kind, *(item.kind for item in commune.amendments)})
    spelling = vietnamese.tone_key(commune.short_name)
    parent = catalogue.find_parent(commune)
    above = parent and catalogue.find_parent(parent)
    if parent is None:
        message = f"Commune {commune.code} of version {commune.version} has no parent."
        raise LookupError(message)
    if above is None:
        return _Unit(commune, None, parent, kinds, spelling)
    return _Unit(commune, parent, above, kinds, spelling)

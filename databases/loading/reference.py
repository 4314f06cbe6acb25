"""Gathers from the code lists what the cells of a load are checked against. Pure."""

import functools
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Final

from databases import vietnamese
from databases.code_lists import addresses
from databases.code_lists.addresses import AddressCandidate, AddressMatch, Status
from databases.code_lists.catalogue import Catalogue
from databases.loading.cells import Reference, Resolved

_SEPARATORS = re.compile(r"[,;\n]")
_TAIL: Final = 4  # commune, district, province, country
_REMEMBERED: Final = 50_000
# No reading can have more evidence than this, and the last of equals wins.
_CERTAIN: Final = (
    {"district", "province", "commune", "commune_kind", "commune_spelling"},
    {"province", "commune", "commune_kind", "commune_spelling"},
)


def gather(
    catalogue: Catalogue, on: date, further: Iterable[tuple[str, str, str]] = ()
) -> Reference:
    """Make the reference of a load from a catalogue of code lists.

    Args:
        catalogue: the code lists of the package.
        on: day of the load.
        further: list, version and code of what a steward installed.
    """
    codes: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for name, version, text in further:
        codes[name][version].add(text)
    for code in catalogue.list_codes():
        codes[code.list_code][code.version].add(code.code)
    frozen: Mapping[str, Mapping[str, frozenset[str]]] = {
        name: {version: frozenset(some) for version, some in versions.items()}
        for name, versions in codes.items()
    }
    return Reference(on, frozen, address_reader(catalogue))


def address_reader(catalogue: Catalogue) -> Callable[[str, str], Resolved]:
    """Make a reader of addresses that remembers the ends of addresses it has seen.

    It gives what `addresses.resolve_address` gives: an end that bears every kind of evidence cannot
    be beaten by what stands before it, all others are read whole.
    """

    @functools.lru_cache(maxsize=_REMEMBERED)
    def read_end(end: str, version: str) -> Resolved | None:
        match = addresses.resolve_address(catalogue, end, version)
        if match.status is not Status.EXACT:
            return None
        (candidate,) = match.candidates
        needed = _CERTAIN[0 if candidate.district else 1]
        return _resolved(match) if needed <= {*candidate.evidence} else None

    def read(text: str, version: str) -> Resolved:
        pieces = _SEPARATORS.split(vietnamese.nfc(text))
        found = read_end(",".join(pieces[-_TAIL:]), version)
        if found is None:
            return _resolved(addresses.resolve_address(catalogue, text, version))
        before = [stripped for piece in pieces[:-_TAIL] if (stripped := piece.strip(" .\t"))]
        if found.street:
            before.append(found.street)
        return Resolved(found.status, ", ".join(before) or None, *found[2:])

    return read


def _resolved(match: AddressMatch) -> Resolved:
    provinces = {candidate.province.code for candidate in match.candidates}
    exact = match.candidates[0].commune if match.status is Status.EXACT else None
    agreed = provinces.pop() if len(provinces) == 1 else None
    return Resolved(
        status=match.status.value,
        street=match.street_text or None,
        commune_code=exact.code if exact else None,
        commune_version=match.candidates[0].commune.version if agreed else None,
        province_code=agreed,
        candidates=() if exact else tuple(map(_candidate, match.candidates)),
    )


def _candidate(found: AddressCandidate) -> dict[str, str | None]:
    return {
        "version": found.commune.version,
        "commune": found.commune.code,
        "district": found.district.code if found.district else None,
        "province": found.province.code,
        "evidence": "+".join(found.evidence),
    }

"""Gathers from the code lists what the cells of a load are checked against. Pure."""

import functools
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Final

from databases.code_lists import addresses
from databases.code_lists.addresses import AddressCandidate, AddressMatch, Status
from databases.code_lists.catalogue import Catalogue
from databases.loading.cells import Reference, Resolved

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
    return Reference(on, frozen, address_reader(catalogue), end_reader(catalogue))


def end_reader(catalogue: Catalogue) -> Callable[[str, str], Resolved | None]:
    """Make a reader of the ends of addresses that remembers what it has read.

    An end that bears every kind of evidence cannot be beaten by what stands before it: the whole
    address reads the same. None is given for all others.
    """

    @functools.lru_cache(maxsize=_REMEMBERED)
    def read_end(end: str, version: str) -> Resolved | None:
        match = addresses.resolve_address(catalogue, end, version)
        if match.status is not Status.EXACT:
            return None
        (candidate,) = match.candidates
        needed = _CERTAIN[0 if candidate.district else 1]
        return _resolved(match) if needed <= {*candidate.evidence} else None

    return read_end


def address_reader(catalogue: Catalogue) -> Callable[[str, str], Resolved]:
    """Make a reader of whole addresses: `addresses.resolve_address` in the loader's terms."""

    def read(text: str, version: str) -> Resolved:
        return _resolved(addresses.resolve_address(catalogue, text, version))

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

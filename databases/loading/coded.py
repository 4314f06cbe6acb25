"""Cells that hold codes of the dated lists, items with codes, and addresses. Pure."""

import functools
import json
import re
from collections.abc import Mapping
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from databases.loading import cells
from databases.loading.cells import Bad, Good, Reference, Resolved, Typed
from databases.loading.mapping import ColumnSpec

# Parts the cells of a value that is read from several columns.
SEPARATOR: Final = "\x1f"

_PLACE_COLUMNS: Final = (
    "street",
    "commune_code",
    "commune_version",
    "province_code",
    "address_candidates",
)
_PLACE: Final = 1 + len(_PLACE_COLUMNS)
_STRIPPED: Final = " .\t,"
_BETWEEN_PIECES: Final = r"[ .\t]*,[ .\t,]*"
# A code with a name behind its colon, or a code that the cut left without one.
_ITEM = re.compile(r"\s*([0-9]{2,5})\s*:\s*[^\s,]", re.ASCII)
_CUT_ITEM = re.compile(r"\s*[0-9]{1,5}\s*(?::\s*)?", re.ASCII)
_REMEMBERED: Final = 65_536
_BETWEEN_ITEMS: Final = '","'
_Item = tuple[str | None, tuple[str, ...]]
_NO_ITEM: Final[_Item] = (None, ())
_FIRST_ITEM = re.compile(r"\s*[0-9]{2,5}\s*:", re.ASCII)
_DIVISION = 2


def read_code(array: pa.Array, spec: ColumnSpec, reference: Reference) -> Typed:
    """Read codes of one list in one version; an unknown code refuses the row."""
    listed, version = spec.options["list"], spec.options["version"]
    known = reference.codes.get(listed, {}).get(version, frozenset())

    def read(text: str) -> Good | Bad:
        if text not in known:
            return Bad("code.unknown", f"The list {listed} {version} has no such code.")
        return Good((text,))

    return cells.read_each(array, (spec.name,), spec, read)


def version_of(
    code: str, versions: Mapping[str, frozenset[str]], order: tuple[str, ...], fallback: str
) -> tuple[str, str | None]:
    """Find the vintage of a list that a bare code belongs to.

    Args:
        code: as written, without its vintage.
        versions: codes by version, as far as they are installed.
        order: versions in the order of trust.
        fallback: version that is noted where no list can say.

    Returns:
        the version, and a flag: None where a version has the code; `unknown_class` where only the
        division (first two digits) is known; `unknown` where even that is not.
    """
    for version in order:
        if code in versions.get(version, ()):
            return version, None
    if any(code[:_DIVISION] in versions.get(version, ()) for version in order):
        return fallback, "unknown_class"
    return fallback, "unknown"


def read_items(array: pa.Array, spec: ColumnSpec, reference: Reference) -> Typed:
    """Read a principal code and a list of `code:name` items, parted by commas.

    Makes the staging columns `spec.name`, an array in PostgreSQL's writing of `version:code` in the
    order written, each once, and the one that the option `principal` names, a single
    `version:code`. An item that the publisher cut off is left out and flagged, never completed.
    Nothing written is null: the file does not say.
    """
    options = spec.options
    listed = options["list"]
    order, fallback = tuple(options["versions"]), options["fallback"]
    versions = reference.codes.get(listed, {})
    most, cut = options.get("most_items"), f"{listed}.cut_item_dropped"

    @functools.lru_cache(maxsize=_REMEMBERED)
    def identify(code: str) -> _Item:
        version, doubt = version_of(code, versions, order, fallback)
        return f"{version}:{code}", (f"{listed}.{doubt}",) if doubt else ()

    @functools.lru_cache(maxsize=_REMEMBERED)
    def read_piece(piece: str) -> _Item:
        if match := _ITEM.match(piece):
            return identify(match[1])
        return None, (cut,) if _CUT_ITEM.fullmatch(piece) else ()

    def read(text: str) -> Good | Bad:
        principal, _, written = text.partition(SEPARATOR)
        pieces = [read_piece(piece) for piece in written.split(",")]
        items = dict.fromkeys([item for item, _ in pieces if item])
        flags = [flag for _, some in pieces for flag in some]
        if written and not pieces[0][0] and not _FIRST_ITEM.match(written):
            flags.append(cut)
        if most is not None and len(items) >= most:
            flags.append(f"{listed}.list_may_be_cut")
        main, doubts = identify(principal) if principal else _NO_ITEM
        lines = f'{{"{_BETWEEN_ITEMS.join(items)}"}}' if items else "{}"
        return Good((lines, main), tuple(dict.fromkeys((*flags, *doubts))))

    return cells.read_each(array, (spec.name, options["principal"]), spec, read)


def _as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def read_address(array: pa.Array, spec: ColumnSpec, reference: Reference) -> Typed:
    """Read addresses in the units of a version; candidates are kept, nothing is guessed.

    Addresses share their ends: each end is read once, and only addresses whose end does not decide
    are read whole.
    """
    version = spec.options["version"]
    before, ends = _split_ends(array)

    def read_end(end: str) -> Good | Bad:
        found = reference.resolve_end(end, version)
        return Good((None,) * _PLACE if found is None else (found.status, *_place(found)))

    def read(text: str) -> Good | Bad:
        found = reference.resolve_address(text, version)
        flags = () if found.status == "exact" else (f"address.{found.status}",)
        return Good((found.status, *_place(found)), flags)

    names = ("address_status", *_PLACE_COLUMNS)
    by_end = cells.read_each(ends, names, spec, read_end)
    decided = pc.is_valid(by_end.columns["address_status"])
    whole = cells.read_each(
        pc.if_else(decided, pa.scalar(None, pa.string()), array), names, spec, read
    )
    street = by_end.columns["street"]
    joined = pc.binary_join_element_wise(before, street, ", ")
    by_end.columns["street"] = pc.if_else(
        decided, pc.coalesce(joined, before, street), pa.scalar(None, pa.string())
    )
    whole.columns = {
        "address_as_written": array,
        **{name: pc.coalesce(by_end.columns[name], whole.columns[name]) for name in names},
    }
    return whole


def _place(found: Resolved) -> tuple[str | None, ...]:
    return (
        found.street,
        found.commune_code,
        found.commune_version,
        found.province_code,
        _as_json(found.candidates) if found.candidates else None,
    )


def _split_ends(array: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Part addresses into what stands before their end, tidied as a street is, and the end."""
    commas = pc.replace_substring(pc.replace_substring(array, ";", ","), "\n", ",")
    pieces = pc.split_pattern(commas, ",", max_splits=cells.ADDRESS_END, reverse=True)
    # Fewer pieces are an end as a whole.
    is_longer = pc.greater(pc.list_value_length(pieces), cells.ADDRESS_END)
    longer = pc.filter(pieces, is_longer)
    ends = pc.replace_with_mask(
        commas, is_longer, pc.binary_join(pc.list_slice(longer, 1, cells.ADDRESS_END + 1), ",")
    )
    tidied = pc.utf8_trim(
        pc.replace_substring_regex(pc.list_element(longer, 0), _BETWEEN_PIECES, ", "), _STRIPPED
    )
    nothing = pa.nulls(len(array), pa.string())
    return _null_if_empty(pc.replace_with_mask(nothing, is_longer, tidied)), ends


def _null_if_empty(array: pa.Array) -> pa.Array:
    return pc.if_else(pc.equal(array, ""), pa.scalar(None, pa.string()), array)

"""Cells that hold codes of the dated lists, items with codes, and addresses. Pure."""

import functools
import json
import re
from collections.abc import Mapping
from typing import Any, Final

import pyarrow as pa

from databases.loading import cells
from databases.loading.cells import Bad, Good, Reference, Typed
from databases.loading.mapping import ColumnSpec

# Parts the cells of a value that is read from several columns.
SEPARATOR: Final = "\x1f"

ADDRESS_COLUMNS: Final = (
    "address_as_written",
    "street",
    "commune_code",
    "commune_version",
    "province_code",
    "address_status",
    "address_candidates",
)
# A code with a name behind its colon, or a code that the cut left without one.
_ITEMS = re.compile(
    r"(?:^|,)\s*(?:([0-9]{2,5})\s*:\s*[^\s,]|([0-9]{1,5}\s*(?::\s*(?=,|$)|$)))", re.ASCII
)
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
    """Read a principal code and a list of `code:name` items, parted by commas, into JSON.

    Makes the staging columns `spec.name` ([[version, code], …] in the order written) and the one
    that the option `principal` names ([version, code]). An item that the publisher cut off is left
    out and flagged, never completed. Nothing written is null: the file does not say.
    """
    options = spec.options
    listed = options["list"]
    order, fallback = tuple(options["versions"]), options["fallback"]
    versions = reference.codes.get(listed, {})
    most = options.get("most_items")

    @functools.cache
    def identify(code: str) -> tuple[str, str | None]:
        version, doubt = version_of(code, versions, order, fallback)
        return _as_json([version, code]), doubt and f"{listed}.{doubt}"

    def read(text: str) -> Good | Bad:
        principal, _, written = text.partition(SEPARATOR)
        codes, flags = _items(written, listed)
        if most is not None and len(codes) >= most:
            flags.append(f"{listed}.list_may_be_cut")
        lines = f"[{','.join(identify(code)[0] for code in codes)}]"
        main = identify(principal)[0] if principal else None
        doubts = (identify(code)[1] for code in (*codes, principal) if code)
        flags.extend(doubt for doubt in doubts if doubt)
        return Good((lines, main), tuple(dict.fromkeys(flags)))

    return cells.read_each(array, (spec.name, options["principal"]), spec, read)


def _as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _items(written: str, listed: str) -> tuple[list[str], list[str]]:
    found = _ITEMS.findall(written)
    codes = list(dict.fromkeys(code for code, _ in found if code))
    is_cut = any(cut for _, cut in found) or (written and not _FIRST_ITEM.match(written))
    return codes, [f"{listed}.cut_item_dropped"] if is_cut else []


def read_address(array: pa.Array, spec: ColumnSpec, reference: Reference) -> Typed:
    """Read addresses in the units of a version; candidates are kept, nothing is guessed."""
    version = spec.options["version"]

    def read(text: str) -> Good | Bad:
        found = reference.resolve_address(text, version)
        values = (
            text,
            found.street,
            found.commune_code,
            found.commune_version,
            found.province_code,
            found.status,
            _as_json(found.candidates) if found.candidates else None,
        )
        return Good(values, () if found.status == "exact" else (f"address.{found.status}",))

    return cells.read_each(array, ADDRESS_COLUMNS, spec, read)

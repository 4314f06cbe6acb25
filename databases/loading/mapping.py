"""The declarative mapping: which column of a file becomes which columns of a register."""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from databases.loading import errors

TYPES: Final = (
    "text",
    "integer",
    "date",
    "choice",
    "enterprise_code",
    "pin",
    "code",
    "coded_items",
    "address",
)


@dataclass(frozen=True)
class ColumnSpec:
    """How one value of a row is read.

    Args:
        name: of the value; the staging column unless the type makes several.
        source: columns of the file that it is read from, in the order the type wants.
        kind: one of `TYPES`.
        required: an empty cell refuses the row.
        empty: texts that mean an empty cell, besides the empty text.
        options: what else the type wants to know, e.g. `forms` of a date.
    """

    name: str
    source: tuple[str, ...]
    kind: str
    required: bool = False
    empty: tuple[str, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class FileMapping:
    """One mapping file, read.

    Args:
        name: short name, e.g. `public_provincial_list`.
        title: sentence that names the list.
        register: that takes the rows.
        key: name of the column that identifies a record.
        legal_basis: of the change that a load records.
        delimiter: between the cells of a CSV file.
        ignored: columns of the file that are left out knowingly.
        columns: by name.
        digest: SHA-256 of the file: a load is resumed only with the same mapping.
    """

    name: str
    title: str
    register: str
    key: str
    legal_basis: str
    delimiter: str
    ignored: tuple[str, ...]
    columns: Mapping[str, ColumnSpec]
    digest: str

    @property
    def sources(self) -> tuple[str, ...]:
        """Columns that the file must have."""
        return tuple(dict.fromkeys(s for c in self.columns.values() for s in c.source))


def read_mapping(path: Path) -> FileMapping:
    """Read a mapping file in TOML.

    Raises:
        BadMapping: not TOML, or an entry is missing, unknown or of the wrong kind.
    """
    raw = path.read_bytes()
    try:
        document = tomllib.loads(raw.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise errors.BadMapping(f"{path.name} is not a TOML file: {error}.") from error
    head = _table(document, "mapping", path)
    texts = {k: head.get(k, "") for k in ("name", "title", "register", "key", "legal_basis")}
    absent = [k for k, v in texts.items() if not isinstance(v, str) or not v]
    if absent:
        raise errors.BadMapping(f"{path.name}: [mapping] lacks {', '.join(absent)}.")
    columns = {
        name: _column(name, spec, path) for name, spec in _table(document, "columns", path).items()
    }
    if texts["key"] not in columns:
        raise errors.BadMapping(f"{path.name}: the key {texts['key']} is not among the columns.")
    return FileMapping(
        **texts,
        delimiter=str(head.get("delimiter", ",")),
        ignored=tuple(head.get("ignored", ())),
        columns=MappingProxyType(columns),
        digest=hashlib.sha256(raw).hexdigest(),
    )


def require_header(mapping: FileMapping, header: tuple[str, ...]) -> tuple[str, ...]:
    """Check that a file has the columns of a mapping, each one once.

    Returns:
        columns of the file that nothing is read from and that the mapping does not leave out
        knowingly: worth a look, no reason to stop.

    Raises:
        ColumnsMissing: a column is missing or stands twice.
    """
    missing = [name for name in mapping.sources if name not in header]
    twice = sorted({name for name in mapping.sources if header.count(name) > 1})
    if missing or twice:
        said = [f"columns missing: {', '.join(missing)}"] if missing else []
        said += [f"columns named twice: {', '.join(twice)}"] if twice else []
        found = ", ".join(header)
        raise errors.ColumnsMissing(f"The file's {'; '.join(said)}. Its header has: {found}.")
    known = {*mapping.sources, *mapping.ignored}
    return tuple(name for name in header if name not in known)


def _table(document: Mapping[str, Any], name: str, path: Path) -> Mapping[str, Any]:
    table = document.get(name)
    if not isinstance(table, dict) or not table:
        raise errors.BadMapping(f"{path.name} has no table [{name}].")
    return table


def _column(name: str, spec: Any, path: Path) -> ColumnSpec:
    if not isinstance(spec, dict) or spec.get("type") not in TYPES:
        kinds = ", ".join(TYPES)
        raise errors.BadMapping(f"{path.name}: column {name} needs a type out of {kinds}.")
    options = {k: v for k, v in spec.items() if k not in ("from", "type", "required", "empty")}
    source = spec.get("from", name)
    return ColumnSpec(
        name=name,
        source=(source,) if isinstance(source, str) else tuple(source),
        kind=spec["type"],
        required=bool(spec.get("required", False)),
        empty=tuple(spec.get("empty", ())),
        options=MappingProxyType(options),
    )

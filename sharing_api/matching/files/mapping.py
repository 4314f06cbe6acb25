"""The mapping of a file: which of its columns is which field of a person or an enterprise."""

import hashlib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sharing_api.matching import errors

_SUBJECTS = ("person", "enterprise")
_ANY_OF = "any_of"
_KEYS = {"subject", "record_id", "truth", "delimiter", "columns", "right"}


@dataclass(frozen=True)
class MappedColumns:
    """The columns that a field is read from.

    Args:
        columns: at least one.
        are_several: whether each holds a value of its own; otherwise they are joined to one.
    """

    columns: Sequence[str]
    are_several: bool = False


@dataclass(frozen=True)
class FileMapping:
    """How the columns of a file are read.

    Args:
        subject: ``person`` or ``enterprise``.
        record_id: column that names a record; empty: the number of its line does.
        truth: column that is the same for records of the same person or enterprise, where that is
            known; empty where it is not.
        delimiter: between the cells of a CSV file.
        columns: field → where it stands in the left file.
        right: the same for the right file, where its columns are called otherwise.
        digest: SHA-256 of the mapping as written.
    """

    subject: str
    record_id: str
    truth: str
    delimiter: str
    columns: Mapping[str, MappedColumns]
    right: Mapping[str, MappedColumns]
    digest: str

    def columns_of(self, *, is_right: bool) -> Mapping[str, MappedColumns]:
        """Give the columns of one side."""
        return {**self.columns, **(self.right if is_right else {})}


def read_mapping(path: Path) -> FileMapping:
    """Read a mapping.

    Raises:
        BadMapping: it cannot be read, has keys that are not known, or names no column.
    """
    try:
        raw = path.read_bytes()
        written = tomllib.loads(raw.decode("utf-8-sig"))
    except OSError as error:
        raise errors.BadMapping(f"There is no mapping {path.name} at this place.") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise errors.BadMapping(f"{path.name} is not a TOML file: {error}.") from error
    strange = sorted(set(written) - _KEYS)
    if strange:
        raise errors.BadMapping(
            f"{path.name} has keys that a mapping does not know: {', '.join(strange)}. "
            f"It knows {', '.join(sorted(_KEYS))}."
        )
    subject = written.get("subject", "person")
    if subject not in _SUBJECTS:
        raise errors.BadMapping(f"The subject of {path.name} must be person or enterprise.")
    columns = _columns(written.get("columns", {}), path.name)
    if not columns:
        raise errors.BadMapping(f'{path.name} names no column: [columns] full_name = "…".')
    delimiter = _text(written, "delimiter", path.name) or ","
    if len(delimiter) != 1 or delimiter in '"\r\n':
        raise errors.BadMapping(f"The delimiter of {path.name} must be one character, no quote.")
    return FileMapping(
        subject=subject,
        record_id=_text(written, "record_id", path.name),
        truth=_text(written, "truth", path.name),
        delimiter=delimiter,
        columns=columns,
        right=_columns(written.get("right", {}), path.name),
        digest=hashlib.sha256(raw).hexdigest(),
    )


def _text(written: Mapping[str, Any], key: str, name: str) -> str:
    value = written.get(key, "")
    if not isinstance(value, str):
        raise errors.BadMapping(f"{key} of {name} must be the name of one column.")
    return value


def _columns(written: Any, name: str) -> dict[str, MappedColumns]:
    if not isinstance(written, dict):
        raise errors.BadMapping(f'The columns of {name} must be a table: field = "column".')
    read = {}
    for field, column in written.items():
        if "." in field:
            raise errors.BadMapping(f"{field} of {name}: a field has no dot in its name.")
        are_several = isinstance(column, dict) and column.keys() == {_ANY_OF}
        parts = column[_ANY_OF] if are_several else column
        parts = [parts] if isinstance(parts, str) else parts
        if not isinstance(parts, list) or not parts or not all(isinstance(p, str) for p in parts):
            raise errors.BadMapping(
                f"{field} of {name} must be a column, a list of columns that are joined, or "
                f'{{ {_ANY_OF} = ["column", "other column"] }} where a record has several values.'
            )
        read[field] = MappedColumns(tuple(parts), are_several)
    return read

"""Entries of the access log as files: CSV, Parquet, and pages that are signed."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from sharing_api.access_log import entries

COLUMNS = ("position", *(name for name in entries.COLUMNS if name != "transport"), "transport")
_ROWS = 20_000
_HEX = frozenset({"subject_tag", "request_hash", "answer_hash", "leaf_hash"})
# A spreadsheet takes a cell that begins so for a formula; what callers send must not act there.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_SCHEMA = pa.schema(
    [
        (
            name,
            {
                "position": pa.int64(),
                "register_change": pa.int64(),
                "logged_at": pa.timestamp("us", tz="UTC"),
                "valid_on": pa.date32(),
                "fields": pa.list_(pa.string()),
            }.get(name, pa.string()),
        )
        for name in COLUMNS
    ]
)


def write_csv(path: Path, rows: Iterable[Mapping[str, Any]]) -> int:
    """Write entries as CSV (RFC 4180, UTF-8); hashes in hex, fields parted by spaces.

    A text that a spreadsheet would take for a formula has an apostrophe before it.

    Returns:
        number of entries.
    """
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for row in rows:
            writer.writerow([_cell(row[name]) for name in COLUMNS])
            count += 1
    return count


def write_parquet(path: Path, rows: Iterable[Mapping[str, Any]]) -> int:
    """Write entries as Parquet, exactly as they are; hashes in hex.

    Returns:
        number of entries.
    """
    count = 0
    with pq.ParquetWriter(path, _SCHEMA, compression="zstd") as writer:
        for some in _groups(rows):
            columns = {name: [_stored(name, row[name]) for row in some] for name in COLUMNS}
            writer.write_table(pa.table(columns, schema=_SCHEMA))
            count += len(some)
    return count


def text_of(value: Any) -> str:
    """Write a value of an entry for people to read."""
    if value is None:
        return ""
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if isinstance(value, datetime):
        return entries.moment(value)
    if isinstance(value, list | tuple):
        return " ".join(map(str, value))
    if isinstance(value, Mapping):
        return " ".join(f"{name}={one}" for name, one in sorted(value.items()))
    return value.isoformat() if isinstance(value, date) else str(value)


def _cell(value: Any) -> str:
    text = text_of(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(_FORMULA) else text


def _stored(name: str, value: Any) -> Any:
    if name in _HEX or name in ("entry_id", "answer_id", "transport"):
        return None if value is None else text_of(value)
    return list(value) if name == "fields" else value


def _groups(rows: Iterable[Mapping[str, Any]]) -> Iterator[Sequence[Mapping[str, Any]]]:
    some: list[Mapping[str, Any]] = []
    for row in rows:
        some.append(row)
        if len(some) == _ROWS:
            yield some
            some = []
    if some:
        yield some

"""Reading the records of a file: mapped columns as texts, and the rows that could not be read."""

import csv
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from databases.loading import readers
from databases.loading.csv_rows import BrokenRow
from databases.loading.readers import Chunk
from sharing_api.matching import errors
from sharing_api.matching.fields import several
from sharing_api.matching.fields.kinds import Column, Rows
from sharing_api.matching.files.mapping import FileMapping

_BETWEEN = {"address": ", "}  # what stands between the columns of a field; a blank otherwise
_REJECTS = ("line", "column", "value", "rule", "reason")


@dataclass(frozen=True)
class Table:
    """The records of a file, or of a register.

    Args:
        title: name of the file or register.
        digest: SHA-256 of the file, or the state of the register.
        columns: field → texts, or lists of texts where a record has several values.
        names: what each record is called: its id, or the number of its line.
        truth: number of the true person or enterprise of each record; None where not known.
        broken: rows that could not be read.
    """

    title: str
    digest: str
    columns: Mapping[str, Column]
    names: Column
    truth: Column | None
    broken: Sequence[BrokenRow]

    @property
    def count(self) -> int:
        """Number of records."""
        return len(self.names)


def read_table(path: Path, mapping: FileMapping, *, is_right: bool = False) -> Table:
    """Read a CSV, XLSX or Parquet file.

    Args:
        path: the file.
        mapping: which columns are wanted.
        is_right: whether the file is the right one of two.

    Raises:
        UnreadableFile: unknown ending, empty, no header, or not UTF-8.
        ColumnsMissing: a column that the mapping names is missing or stands there twice.
        RecordIdsRepeat: two records are called alike.
    """
    table = readers.open_table(path, delimiter=mapping.delimiter)
    wanted = mapping.columns_of(is_right=is_right)
    named = [column for source in wanted.values() for column in source.columns]
    further = [column for column in (mapping.record_id, mapping.truth) if column]
    places = _places(table.header, [*named, *further], path.name)
    chunks: list[list[Column]] = []
    lines: list[int] = []
    broken: list[BrokenRow] = []
    order = list(dict.fromkeys(places.values()))
    for chunk in table.chunks:
        chunks.append(_columns_of(chunk, order))
        lines += chunk.lines
        broken += chunk.broken
    texts = _join(chunks, order)
    return Table(
        title=path.name,
        digest=_digest(path),
        columns={
            field: several.gather(parts)
            if source.are_several
            else _glue(parts, _BETWEEN.get(field, " "))
            for field, source in wanted.items()
            if (parts := [texts[places[column]] for column in source.columns])
        },
        names=_names(texts[places[mapping.record_id]], path)
        if mapping.record_id
        else _numbers(lines),
        truth=texts[places[mapping.truth]] if mapping.truth else None,
        broken=broken,
    )


def _places(header: Sequence[str], names: Sequence[str], file: str) -> dict[str, int]:
    missing = sorted({name for name in names if name not in header})
    twice = sorted({name for name in names if list(header).count(name) > 1})
    if missing or twice:
        parts = [
            *([f"has no column {', '.join(missing)}"] if missing else []),
            *([f"has more than one column {', '.join(twice)}"] if twice else []),
        ]
        raise errors.ColumnsMissing(
            f"{file} {' and '.join(parts)}. Its columns are: {', '.join(header)}."
        )
    return {name: list(header).index(name) for name in names}


def _columns_of(chunk: Chunk, places: Sequence[int]) -> list[Column]:
    return [pc.cast(column, pa.string()) for column in chunk.read_columns(places)]


def _join(chunks: Sequence[Sequence[Column]], places: Sequence[int]) -> dict[int, Column]:
    joined = {}
    for number, place in enumerate(places):
        parts = [chunk[number] for chunk in chunks]
        whole = pa.chunked_array(parts, pa.string()).combine_chunks()
        joined[place] = pc.utf8_trim_whitespace(pc.fill_null(whole, ""))
    return joined


def _glue(parts: Sequence[Column], between: str) -> Column:
    if len(parts) == 1:
        return parts[0]
    return pc.utf8_trim(pc.binary_join_element_wise(*parts, between), between)


def _names(names: Column, path: Path) -> Column:
    counts = pc.value_counts(names)
    repeated = [one["values"].as_py() for one in counts if one["counts"].as_py() > 1][:3]
    if repeated:
        raise errors.RecordIdsRepeat(
            f"{path.name} calls several records {', '.join(map(repr, repeated))}: "
            "name another record_id, or none, and the number of the line is taken."
        )
    return names


def _numbers(lines: Sequence[int]) -> Column:
    return pa.array(np.array(lines, dtype=np.int64)).cast(pa.string())


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def truth_of(tables: Sequence[Table]) -> Rows | None:
    """Number the true persons or enterprises of all records; None where not known of all."""
    known = [table.truth for table in tables if table.truth is not None]
    if len(known) != len(tables):
        return None
    coded = pc.dictionary_encode(pa.concat_arrays(known))
    truth: Rows = coded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    empty = pc.equal(pa.concat_arrays(known), "").to_numpy(zero_copy_only=False)
    # Who is not named is nobody else.
    truth[empty] = len(coded.dictionary) + np.arange(int(empty.sum()))
    return truth


def write_rejects(path: Path, tables: Sequence[Table]) -> int:
    """Write the rows that could not be read, with line and reason; give their number."""
    total = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("file", *_REJECTS))
        for table in tables:
            for row in table.broken:
                writer.writerow((table.title, row.line, "", row.value, row.rule, row.reason))
                total += 1
    return total

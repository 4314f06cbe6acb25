"""Reading the plain parts of a CSV file as columns: many rows at once, where no cell is quoted.

Most exports of machines are plain from the first row to the last. What is not (a quote, a row of
another width, an empty line, bytes that are not UTF-8) is left to the reader that goes row by row
and can say what is wrong; it takes over where the plain rows end.
"""

import itertools
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pa_csv


@dataclass(frozen=True, slots=True)
class Place:
    """Where a line of a file starts.

    Args:
        offset: in bytes, from 0.
        line: from 1.
    """

    offset: int
    line: int


START = Place(0, 1)


def read_plain(
    path: Path, *, delimiter: str, width: int, chunk_rows: int
) -> Generator[tuple[int, pa.Table], None, Place | None]:
    """Give the rows behind the header as tables of texts, each with the line of its first row.

    Args:
        path: a CSV file whose header stands in its first line.
        delimiter: between cells.
        width: cells of the header.
        chunk_rows: rows of a table.

    Returns:
        where rows start that are not plain; None when the file was read to its end.
    """
    with path.open("rb") as file:
        header = file.readline()
        if not delimiter.isascii() or not _is_plain(header):
            return START
        place = Place(len(header), 2)
        while lines := list(itertools.islice(file, chunk_rows)):
            block = b"".join(lines)
            table = _read_block(block, delimiter, width) if _is_plain(block) else None
            if table is None or table.num_rows != len(lines):
                return place
            yield place.line, table
            place = Place(place.offset + len(block), place.line + len(lines))
    return None


def _is_plain(block: bytes) -> bool:
    """Test that every line feed ends a row, that nothing else does, and that no cell is quoted."""
    if b'"' in block or block.startswith((b"\n", b"\r\n")) or b"\n\n" in block:
        return False
    if b"\r" not in block:
        return True
    return block.count(b"\r") == block.count(b"\r\n") and b"\n\r\n" not in block


def _read_block(block: bytes, delimiter: str, width: int) -> pa.Table | None:
    names = [str(position) for position in range(width)]
    try:
        return pa_csv.read_csv(
            pa.BufferReader(block),
            pa_csv.ReadOptions(use_threads=False, block_size=len(block) + 1, column_names=names),
            pa_csv.ParseOptions(delimiter=delimiter, quote_char=False, ignore_empty_lines=False),
            pa_csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string())),
        )
    except pa.ArrowInvalid:
        return None

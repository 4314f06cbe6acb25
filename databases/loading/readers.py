"""Reading tables from files: rows with the number of the line on which each one starts."""

import zipfile
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import ParseError

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
from openpyxl.utils.exceptions import InvalidFileException

from databases.loading import blocks, csv_rows, errors
from databases.loading.blocks import Place
from databases.loading.csv_rows import BrokenRow, Row

CHUNK_ROWS: Final = 20_000


@dataclass
class Chunk:
    """Some rows of a file in their order.

    Args:
        lines: for each row the line (CSV, XLSX) or the record (Parquet) where it starts, from 1.
        rows: cells as text, as many as the header has; none where `table` holds them.
        broken: rows that could not be read.
        table: the rows as columns of text, where the file was read so.
    """

    lines: list[int] = field(default_factory=list)
    rows: list[Sequence[str]] = field(default_factory=list)
    broken: list[BrokenRow] = field(default_factory=list)
    table: pa.Table | None = None

    def __len__(self) -> int:
        """Count the rows read, broken ones too."""
        return len(self.lines) + len(self.broken)

    def read_columns(self, positions: Sequence[int]) -> list[pa.Array]:
        """Give the cells of some columns, by their position in the header."""
        if self.table is not None:
            return [self.table.column(position).combine_chunks() for position in positions]
        cells = list(zip(*self.rows, strict=True))
        return [pa.array(cells[i] if cells else (), pa.string()) for i in positions]


@dataclass(frozen=True)
class OpenTable:
    """A table about to be read: its header and its rows, chunk by chunk."""

    header: tuple[str, ...]
    chunks: Iterator[Chunk]


def open_table(path: Path, *, delimiter: str = ",", chunk_rows: int = CHUNK_ROWS) -> OpenTable:
    """Open a CSV, XLSX or Parquet file by its ending.

    Args:
        path: the file.
        delimiter: between the cells of a CSV file.
        chunk_rows: rows that are held in memory at a time.

    Raises:
        UnreadableFile: unknown ending, no header, or not UTF-8 (names byte offset and line). The
            encoding of a CSV file shows while its chunks are drawn.
    """
    if not path.is_file():
        raise errors.UnreadableFile(f"There is no file {path.name} at this place.")
    if path.stat().st_size == 0:
        raise errors.UnreadableFile(f"{path.name} is empty: a header and rows are needed.")
    kind = path.suffix.lower()
    separator = "\t" if kind == ".tsv" else delimiter
    is_csv = kind in (".csv", ".tsv", ".txt")
    if is_csv:
        rows = csv_rows.read_rows(path, separator)
    elif kind == ".xlsx":
        rows = _xlsx_rows(path)
    elif kind == ".parquet":
        rows = _parquet_rows(path)
    else:
        raise errors.UnreadableFile(f"{path.name}: only .csv, .tsv, .xlsx and .parquet are read.")
    first = next(rows, None)
    if first is None or isinstance(first, BrokenRow) or not any(first[1]):
        raise errors.UnreadableFile(f"{path.name} does not start with a header line.")
    header = tuple(cell.strip() for cell in first[1])
    if is_csv and first[0] == blocks.START.line:
        return OpenTable(header, _csv_chunks(path, rows, separator, len(header), chunk_rows))
    return OpenTable(header, _chunks(rows, len(header), chunk_rows))


def _chunks(rows: Iterator[Row], width: int, chunk_rows: int) -> Iterator[Chunk]:
    chunk = Chunk()
    for row in rows:
        if isinstance(row, BrokenRow):
            chunk.broken.append(row)
        elif len(row[1]) == width:
            chunk.lines.append(row[0])
            chunk.rows.append(row[1])
        else:
            chunk.broken.append(_ragged(row[0], row[1], width))
        if len(chunk) >= chunk_rows:
            yield chunk
            chunk = Chunk()
    if len(chunk):
        yield chunk


def _csv_chunks(
    path: Path, rows: Iterator[Row], delimiter: str, width: int, chunk_rows: int
) -> Iterator[Chunk]:
    """Read the plain rows at once and what is behind them, if anything, row by row.

    Args:
        rows: of the same file, behind its header.
    """
    plain = blocks.read_plain(path, delimiter=delimiter, width=width, chunk_rows=chunk_rows)
    rest = yield from _as_chunks(plain)
    if rest == blocks.START:
        yield from _chunks(rows, width, chunk_rows)
    elif rest is not None:
        yield from _chunks(csv_rows.read_rows(path, delimiter, rest), width, chunk_rows)


def _as_chunks(
    plain: Generator[tuple[int, pa.Table], None, Place | None],
) -> Generator[Chunk, None, Place | None]:
    while True:
        try:
            line, table = next(plain)
        except StopIteration as end:
            rest: Place | None = end.value
            return rest
        yield Chunk(lines=list(range(line, line + table.num_rows)), table=table)


def _ragged(line: int, cells: Sequence[str], width: int) -> BrokenRow:
    reason = f"The row has {len(cells)} cells where the header has {width}."
    return BrokenRow(line, ",".join(cells)[:200], "row.ragged", reason)


def _xlsx_rows(path: Path) -> Iterator[Row]:
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (zipfile.BadZipFile, KeyError, ValueError, InvalidFileException, ParseError) as error:
        raise errors.UnreadableFile(f"{path.name} is not an XLSX workbook.") from error
    try:
        width = 0
        for number, cells in enumerate(book.worksheets[0].iter_rows(values_only=True), start=1):
            texts = [_as_text(cell) for cell in cells]
            width = width or len(texts)
            # Workbooks leave out empty cells at the end of a row.
            texts.extend([""] * (width - len(texts)))
            if any(texts):
                yield number, texts
    finally:
        book.close()


def _parquet_rows(path: Path) -> Iterator[Row]:
    try:
        file = pq.ParquetFile(path)
    except (ValueError, OSError) as error:
        raise errors.UnreadableFile(f"{path.name} is not a Parquet file.") from error
    with file:
        yield 0, list(file.schema_arrow.names)
        number = 0
        for batch in file.iter_batches(batch_size=10_000):
            columns = [[_as_text(cell) for cell in column.to_pylist()] for column in batch.columns]
            for cells in zip(*columns, strict=True):
                number += 1
                yield number, cells


def _as_text(cell: Any) -> str:
    if cell is None or cell != cell:  # not-a-number differs from itself
        return ""
    if isinstance(cell, datetime):
        midnight = not (cell.hour or cell.minute or cell.second or cell.microsecond)
        return cell.date().isoformat() if midnight else cell.isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)

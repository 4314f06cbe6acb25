"""Reading tables from files: rows with the number of the line on which each one starts."""

import codecs
import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import ParseError

import openpyxl
import pyarrow.parquet as pq
from openpyxl.utils.exceptions import InvalidFileException

from databases.loading import errors

CHUNK_ROWS: Final = 20_000
# A quote that is never closed would swallow the rest of the file as one field.
LONGEST_RECORD: Final = 200
_FOREIGN_MARKS = {codecs.BOM_UTF16_LE: "UTF-16", codecs.BOM_UTF16_BE: "UTF-16"}


@dataclass(frozen=True, slots=True)
class BrokenRow:
    """A row that cannot be laid over the header.

    Args:
        line: on which it starts.
        value: its text, shortened.
        rule: stable code of what is wrong.
        reason: the sentence for the person who mends the file.
    """

    line: int
    value: str
    rule: str
    reason: str


@dataclass
class Chunk:
    """Some rows of a file in their order.

    Args:
        lines: for each row the line (CSV, XLSX) or the record (Parquet) where it starts, from 1.
        rows: cells as text, as many as the header has.
        broken: rows that could not be read.
    """

    lines: list[int] = field(default_factory=list)
    rows: list[Sequence[str]] = field(default_factory=list)
    broken: list[BrokenRow] = field(default_factory=list)

    def __len__(self) -> int:
        """Count the rows read, broken ones too."""
        return len(self.rows) + len(self.broken)


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
    if kind in (".csv", ".tsv", ".txt"):
        rows = _csv_rows(path, "\t" if kind == ".tsv" else delimiter)
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
    return OpenTable(header, _chunks(rows, len(header), chunk_rows))


_Row = tuple[int, Sequence[str]] | BrokenRow


def _chunks(rows: Iterator[_Row], width: int, chunk_rows: int) -> Iterator[Chunk]:
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


def _ragged(line: int, cells: Sequence[str], width: int) -> BrokenRow:
    reason = f"The row has {len(cells)} cells where the header has {width}."
    return BrokenRow(line, ",".join(cells)[:200], "row.ragged", reason)


class _Lines:
    """Feeds lines to the CSV parser and can take back those of a record that went wrong."""

    def __init__(self, source: Iterable[str]) -> None:
        self._source = iter(source)
        self._again: list[str] = []
        self.record: list[str] = []
        self.number = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        if len(self.record) >= LONGEST_RECORD:
            raise csv.Error
        line = self._again.pop() if self._again else next(self._source)
        self.number += 1
        self.record.append(line)
        return line

    def take_back(self) -> str:
        """Give up the record: its first line is returned, the others will be read again."""
        first, *others = self.record
        self._again.extend(reversed(others))
        self.number -= len(others)
        self.record = []
        return first


def _csv_rows(path: Path, delimiter: str) -> Iterator[_Row]:
    with path.open("rb") as file:
        mark = file.read(2)
        if mark in _FOREIGN_MARKS:
            raise errors.UnreadableFile(f"{path.name} is in UTF-16, save it as UTF-8 (byte 0).")
        file.seek(0)
        text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
        try:
            yield from _parsed(_Lines(text), delimiter)
        except UnicodeDecodeError as error:
            raise errors.UnreadableFile(_undecodable(path)) from error


def _parsed(lines: _Lines, delimiter: str) -> Iterator[_Row]:
    parser = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        start = lines.number + 1
        lines.record = []
        try:
            cells = next(parser)
        except StopIteration:
            return
        except csv.Error:
            text = lines.take_back()
            reason = "A quote of this line is not closed or stands inside a cell."
            yield BrokenRow(start, text.strip()[:200], "row.quotes", reason)
            parser = csv.reader(lines, delimiter=delimiter, strict=True)
            continue
        if cells:
            yield start, cells


def _undecodable(path: Path) -> str:
    offset = 0
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError as error:
                return (
                    f"{path.name} is not UTF-8: byte {offset + error.start} (line {number}) is "
                    f"0x{line[error.start]:02x}. Save the file as UTF-8 and load it again."
                )
            offset += len(line)
    return f"{path.name} is not UTF-8: its last character is cut off at byte {offset}."


def _xlsx_rows(path: Path) -> Iterator[_Row]:
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


def _parquet_rows(path: Path) -> Iterator[_Row]:
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
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        midnight = not (cell.hour or cell.minute or cell.second or cell.microsecond)
        return cell.date().isoformat() if midnight else cell.isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)

"""Reading a CSV file row by row: the line that each row starts on, and what is wrong with it."""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from databases.loading import blocks, errors
from databases.loading.blocks import Place

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


Row = tuple[int, Sequence[str]] | BrokenRow


class _Lines:
    """Feeds lines to the CSV parser and can take back those of a record that went wrong."""

    def __init__(self, source: Iterable[str], before: int) -> None:
        self._source = iter(source)
        self._again: list[str] = []
        self.record: list[str] = []
        self.number = before

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


def read_rows(path: Path, delimiter: str, start: Place = blocks.START) -> Iterator[Row]:
    """Read the rows from a place on: the line where each starts with its cells, or what is wrong.

    Raises:
        UnreadableFile: not UTF-8 (names byte offset and line).
    """
    with path.open("rb") as file:
        mark = file.read(2)
        if mark in _FOREIGN_MARKS:
            raise errors.UnreadableFile(f"{path.name} is in UTF-16, save it as UTF-8 (byte 0).")
        file.seek(start.offset)
        encoding = "utf-8" if start.offset else "utf-8-sig"
        text = io.TextIOWrapper(file, encoding=encoding, newline="")
        try:
            yield from _parsed(_Lines(text, start.line - 1), delimiter)
        except UnicodeDecodeError as error:
            raise errors.UnreadableFile(_undecodable(path)) from error


def _parsed(lines: _Lines, delimiter: str) -> Iterator[Row]:
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

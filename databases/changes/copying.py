"""Adds versions by COPY: of many rows an INSERT is made and read for longer than it is executed."""

import io
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import Table
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

_ROWS_PER_PART: Final = 200
_BYTES_PER_READ: Final = 1 << 16
_SPECIAL: Final = "\\\t\n\r"
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_NULL: Final = "\\N"
_TEXT: Final = {str}


def add(session: Session, table: Table, rows: Iterable[Mapping[str, Any]], *, change: int) -> None:
    """Add versions in one statement; each row names its `valid` period.

    Rows are drawn and written down while the server takes in those before them.

    Args:
        rows: all with the same columns, values that PostgreSQL reads as `str` writes them.

    Raises:
        IntegrityError: a constraint or guard of the table refuses one of them, so that the
            transaction is over.
    """
    drawn = iter(rows)
    first = next(drawn, None)
    if first is None:
        return
    names = list(first)
    together = itertools.chain((first,), drawn)
    parts = iter(lambda: list(itertools.islice(together, _ROWS_PER_PART)), [])
    read = itemgetter(*names)
    lines = (_write(list(zip(*map(read, part), strict=True)), f"{change}\n") for part in parts)
    _copy(session, table, names, lines)


def add_columns(
    session: Session,
    table: Table,
    columns: Mapping[str, Sequence[Any]],
    alike: Mapping[str, Any],
    *,
    change: int,
) -> None:
    """Add versions that are held as columns.

    Args:
        columns: of one length, values as for `add`.
        alike: what all rows have in the other columns.

    Raises:
        IntegrityError: as for `add`.
    """
    length = len(next(iter(columns.values())))
    ending = "\t".join([*_write_cells(list(alike.values())), f"{change}\n"])
    lines = (
        _write([column[start : start + _ROWS_PER_PART] for column in columns.values()], ending)
        for start in range(0, length, _ROWS_PER_PART)
    )
    if length:
        _copy(session, table, [*columns, *alike], lines)


def _write(columns: Sequence[Sequence[Any]], ending: str) -> str:
    """Write rows as lines: a column after the other, for its cells are mostly of one kind."""
    written = map(_write_cells, columns)
    return "".join(map("\t".join, zip(*written, itertools.repeat(ending), strict=False)))


def _copy(session: Session, table: Table, names: Sequence[str], lines: Iterator[str]) -> None:
    listed = ", ".join([*names, "from_change"])
    statement = f"COPY {table.fullname} ({listed}) FROM STDIN (ENCODING 'UTF8')"
    connection = session.connection()
    cursor: Any = connection.connection.cursor()
    try:
        cursor.copy_expert(statement, _Lines(lines), _BYTES_PER_READ)
    except connection.dialect.loaded_dbapi.IntegrityError as error:
        raise IntegrityError(statement, None, error) from error
    finally:
        cursor.close()


class _Lines:
    """Texts as a file, each made when it is read."""

    def __init__(self, parts: Iterator[str]) -> None:
        self._parts = parts
        self._part = io.BytesIO()

    def read(self, size: int = -1) -> bytes:
        """Give the next bytes; none at the end."""
        content = self._part.read(size)
        if not content:
            self._part = io.BytesIO(next(self._parts, "").encode())
            content = self._part.read(size)
        return content


def _write_cells(cells: Sequence[Any]) -> Sequence[str]:
    if set(map(type, cells)) == _TEXT:
        return _escape(cells)
    # Days, kinds and nothings are the same few objects in all rows: each is written once.
    distinct = dict(zip(map(id, cells), cells, strict=True))
    written = dict(zip(distinct, _escape(list(map(str, distinct.values()))), strict=True))
    if id(None) in written:
        written[id(None)] = _NULL
    return [written[key] for key in map(id, cells)]


def _escape(texts: Sequence[str]) -> Sequence[str]:
    """Escape what means something to COPY, which is rare: all texts are looked at in one piece."""
    together = "".join(texts)
    if any(sign in together for sign in _SPECIAL):
        return [text.translate(_ESCAPES) for text in texts]
    return texts

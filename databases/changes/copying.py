"""Adds versions by COPY: of many rows an INSERT is made and read for longer than it is executed."""

import io
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any, Final, NamedTuple

from sqlalchemy import Table
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from databases.changes import ahead

_ROWS_PER_PART: Final = 1000
_PARTS_READY: Final = 16  # of half a megabyte each
# Each read has to wait for the thread that writes lines to let go of the interpreter.
_BYTES_PER_READ: Final = 1 << 20
_SPECIAL: Final = "\\\t\n\r"
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_NULL: Final = "\\N"
_TEXT: Final = {str}

Row = Mapping[str, Any]


class _Part(NamedTuple):
    """Lines of a table, as COPY reads them."""

    table: Table
    names: tuple[str, ...]
    lines: str
    rows: int


def add_all(
    session: Session, entries: Iterable[tuple[Table, Iterable[Row]]], *, change: int
) -> None:
    """Add versions of several tables, a statement for each; each row names its `valid` period.

    Rows are drawn and written down in a thread while the server takes in those before them, also
    those of the next table while it checks a whole one. Only some parts are in memory at a time.

    Args:
        entries: rows of a table all have the same columns, with values that PostgreSQL reads as
            `str` writes them. To draw them must not need the session.

    Raises:
        IntegrityError: a constraint or guard of a table refuses one of them, so that the
            transaction is over.
    """
    _copy_all(
        session, (part for table, rows in entries for part in _list_parts(table, rows, change))
    )


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
        columns: of one length, values as for `add_all`.
        alike: what all rows have in the other columns.

    Raises:
        IntegrityError: as for `add_all`.
    """
    ending = "\t".join([*_write_cells(list(alike.values())), f"{change}\n"])
    names = (*columns, *alike)
    length = len(next(iter(columns.values())))

    def parts() -> Iterator[_Part]:
        for start in range(0, length, _ROWS_PER_PART):
            some = [column[start : start + _ROWS_PER_PART] for column in columns.values()]
            yield _Part(table, names, _write(some, ending), min(_ROWS_PER_PART, length - start))

    _copy_all(session, parts())


def _list_parts(table: Table, rows: Iterable[Row], change: int) -> Iterator[_Part]:
    drawn = iter(rows)
    first = next(drawn, None)
    if first is None:
        return
    names = tuple(first)
    read = itemgetter(*names)
    together = itertools.chain((first,), drawn)
    while part := list(itertools.islice(together, _ROWS_PER_PART)):
        columns = list(zip(*map(read, part), strict=True))
        yield _Part(table, names, _write(columns, f"{change}\n"), len(part))


def _write(columns: Sequence[Sequence[Any]], ending: str) -> str:
    """Write rows as lines: a column after the other, for its cells are mostly of one kind."""
    written = map(_write_cells, columns)
    return "".join(map("\t".join, zip(*written, itertools.repeat(ending), strict=False)))


def _copy_all(session: Session, parts: Iterator[_Part]) -> None:
    with ahead.drawn(parts, most=_PARTS_READY) as ready:
        for (table, names), some in itertools.groupby(ready, itemgetter(0, 1)):
            _copy(session, table, names, some)


def _copy(session: Session, table: Table, names: Sequence[str], parts: Iterator[_Part]) -> None:
    given = 0

    def lines() -> Iterator[str]:
        nonlocal given
        for part in parts:
            given += part.rows
            yield part.lines

    listed = ", ".join([*names, "from_change"])
    statement = f"COPY {table.fullname} ({listed}) FROM STDIN (ENCODING 'UTF8')"
    connection = session.connection()
    cursor: Any = connection.connection.cursor()
    try:
        cursor.copy_expert(statement, _Lines(lines()), _BYTES_PER_READ)
        if cursor.rowcount != given:
            raise RuntimeError(f"{table.fullname} took {cursor.rowcount} of {given} rows")
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

"""Adds versions by COPY: of many rows an INSERT is made and read for longer than it is executed."""

import io
import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType, NoneType
from typing import Any, Final

from sqlalchemy import Table
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

_ROWS_PER_PART: Final = 500
_BYTES_PER_READ: Final = 1 << 16
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_NEEDS_ESCAPE = re.compile(r"[\\\t\n\r]")


def add(session: Session, table: Table, rows: Sequence[Mapping[str, Any]], *, change: int) -> None:
    """Add versions in one statement; each row names its `valid` period.

    Rows are written down while the server takes in those before them.

    Args:
        rows: all with the same columns, values that PostgreSQL reads as `str` writes them.

    Raises:
        IntegrityError: a constraint or guard of the table refuses one of them, so that the
            transaction is over.
    """
    if not rows:
        return
    names = list(rows[0])
    listed = ", ".join([*names, "from_change"])
    statement = f"COPY {table.fullname} ({listed}) FROM STDIN (ENCODING 'UTF8')"
    connection = session.connection()
    cursor: Any = connection.connection.cursor()
    try:
        cursor.copy_expert(statement, _Lines(rows, names, change), _BYTES_PER_READ)
    except connection.dialect.loaded_dbapi.IntegrityError as error:
        raise IntegrityError(statement, None, error) from error
    finally:
        cursor.close()


class _Lines:
    """Rows as a file, written part by part while it is read."""

    def __init__(
        self, rows: Iterable[Mapping[str, Any]], names: Sequence[str], change: int
    ) -> None:
        self._lines = _write(rows, names, change)
        self._part = io.BytesIO()

    def read(self, size: int = -1) -> bytes:
        """Give the next bytes; none at the end."""
        content = self._part.read(size)
        if not content:
            part = "".join(itertools.islice(self._lines, _ROWS_PER_PART))
            self._part = io.BytesIO(part.encode())
            content = self._part.read(size)
        return content


def _write(rows: Iterable[Mapping[str, Any]], names: Sequence[str], change: int) -> Iterator[str]:
    written = _WRITTEN.get
    ending = f"\t{change}\n"
    for row in rows:
        cells = [written(type(value := row[name]), str)(value) for name in names]
        yield "\t".join(cells) + ending


def _write_text(value: str) -> str:
    return value.translate(_ESCAPES) if _NEEDS_ESCAPE.search(value) else value


def _write_null(_: None) -> str:
    return "\\N"


_WRITTEN: Mapping[type, Callable[[Any], str]] = MappingProxyType(
    {str: _write_text, NoneType: _write_null}
)

"""All SQL of the sample country: what was loaded before, COPY, and the statistics afterwards."""

import io
from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv
from sqlalchemy import Connection, Engine, select, text
from sqlalchemy.orm import Session

from databases import base
from databases.changes import ledger as ledgers
from sample_country.columns import Frame

_ROWS_PER_PART = 20_000
_BYTES_PER_READ = 1 << 16
_VERSION_COLUMNS = ("valid_from", "valid_to")


def define_ledger(register: str) -> ledgers.Ledger:
    """Describe the ledger of a register; all registers have the same one."""
    return ledgers.define_ledger(base.new_metadata(register))


def find_source_document(session: Session, ledger: ledgers.Ledger, act_name: str) -> str | None:
    """Give the source document of the change that recorded an act, or None."""
    change = ledger.change
    statement = select(change.c.source_document).where(change.c.act == act_name)
    found: str | None = session.execute(statement.limit(1)).scalar_one_or_none()
    return found


def copy_frame(
    session: Session,
    register: str,
    table: str,
    frame: Frame,
    *,
    change: int,
    progress: Callable[[int], None],
) -> int:
    """Copy a frame into a versioned table as versions of one change.

    One statement per table, because the guards of the table check each statement as a whole. The
    transaction stays open; constraints and guards hold for every row.

    Returns:
        number of rows.
    """
    names = [name for name in frame.schema.names if name not in _VERSION_COLUMNS]
    listed = ", ".join([*names, "valid", "from_change"])
    statement = f"COPY {register}.{table} ({listed}) FROM STDIN WITH (FORMAT csv)"
    cursor: Any = session.connection().connection.cursor()
    source = _Rows(frame.select([*names, *_VERSION_COLUMNS]), change, progress)
    cursor.copy_expert(statement, source, size=_BYTES_PER_READ)
    cursor.close()
    rows: int = frame.num_rows
    return rows


class _Rows:
    """A frame as a file of CSV, written part by part while it is read."""

    def __init__(self, frame: Frame, change: int, progress: Callable[[int], None]) -> None:
        self._frame, self._change, self._progress = frame, change, progress
        self._next = 0
        self._part = io.BytesIO()

    def read(self, size: int = -1) -> bytes:
        """Give the next bytes; none at the end."""
        content = self._part.read(size)
        while not content and self._next < self._frame.num_rows:
            self._progress(self._next)
            part = self._frame.slice(self._next, _ROWS_PER_PART)
            self._next += part.num_rows
            self._part = _written(part, self._change)
            content = self._part.read(size)
        return content


def _written(part: Frame, change: int) -> io.BytesIO:
    """Write rows as CSV: texts quoted, nulls bare, the period as PostgreSQL writes one."""
    start = part["valid_from"].cast(pa.string())
    end = pc.fill_null(part["valid_to"].cast(pa.string()), "")
    valid = pc.binary_join_element_wise("[", start, ",", end, ")", "")
    part = part.drop_columns(list(_VERSION_COLUMNS)).append_column("valid", valid)
    part = part.append_column("from_change", pa.repeat(pa.scalar(change), part.num_rows))
    buffer = io.BytesIO()
    csv.write_csv(part, buffer, csv.WriteOptions(include_header=False, quoting_style="needed"))
    buffer.seek(0)
    return buffer


def refresh_statistics(engine: Engine, register: str, tables: list[str]) -> None:
    """Vacuum and analyse loaded tables, so that the first look-up is planned like later ones.

    Args:
        engine: of the owner of the register.
        register: its name, also of its schema.
        tables: names of the tables.
    """
    connection: Connection
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in tables:
            connection.execute(text(f"VACUUM (ANALYZE) {register}.{table}"))

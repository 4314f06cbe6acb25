"""The staging table: rows copied in, duplicates found, outcomes written out. SQL of the loader.

The table is temporary: it costs no write-ahead log, the service role may make it, and nothing of it
is left behind when a load is killed. Its names come from code and mappings, never from the data.
"""

import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final, Self

from sqlalchemy import text
from sqlalchemy.orm import Session

from databases.changes import staged
from databases.loading import errors
from databases.loading.typed import FLAGS, LINE, Reject

TABLE: Final = "pg_temp.load_staging"
_OUTCOMES: Final = f"pg_temp.{staged.OUTCOMES}"
# Temporary tables of a load are read several times: in small buffers each time from files.
_TEMPORARY_BUFFERS: Final = "256MB"
_SAMPLE: Final = 25  # of the usual 100: keys of a load are told apart well enough by fewer rows
_NAME = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)

# A session that has used temporary tables before keeps the buffers that it has.
_WIDEN: Final = """
DO $$ BEGIN
    PERFORM set_config('temp_buffers', '{size}', true);
EXCEPTION WHEN invalid_parameter_value THEN NULL;
END $$
"""


def create(session: Session, columns: Mapping[str, str]) -> None:
    """Make the staging table and set this transaction up for work on whole tables.

    The table is gone when the transaction ends.

    Args:
        columns: name → type in PostgreSQL, as the register's merge expects them.

    Raises:
        BadMapping: a name is not a plain one.
    """
    wrong = [name for name in columns if not _NAME.fullmatch(name)]
    if wrong:
        raise errors.BadMapping(f"Not a plain name of a column: {', '.join(wrong)}.")
    typed = ", ".join(f"{name} {kind}" for name, kind in columns.items())
    staged.prepare(session)
    session.execute(text(f"SET LOCAL default_statistics_target = {_SAMPLE}"))
    session.execute(text(_WIDEN.format(size=_TEMPORARY_BUFFERS)))
    session.execute(
        text(
            f"CREATE TEMPORARY TABLE load_staging ({LINE} bigint, {FLAGS} text, {typed})"
            " ON COMMIT DROP"
        )
    )


def copy_in(session: Session, path: Path, columns: Sequence[str]) -> None:
    """Copy one chunk, written as CSV without a header, into the staging table."""
    statement = f"COPY {TABLE} ({', '.join(columns)}) FROM STDIN (FORMAT csv, ENCODING 'UTF8')"
    with path.open("rb") as file:
        _cursor(session).copy_expert(statement, file, 1 << 16)


class Filling:
    """Fills the staging table in a thread, while the caller checks the next chunks.

    The thread has the session until the block ends. The table is made with the first chunk:
    before it nothing is asked of the database.
    """

    def __init__(self, session: Session, columns: Mapping[str, str], filled: Sequence[str]) -> None:
        self._session = session
        self._columns = columns
        self._filled = filled
        self._thread = ThreadPoolExecutor(1, "staging")
        self._pending: deque[Future[None]] = deque()
        self._is_made = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.shutdown(cancel_futures=True)

    def add(self, path: Path) -> None:
        """Have a chunk copied in, after those before it.

        Raises:
            Exception: whatever an earlier chunk failed with.
        """
        if not self._is_made:
            self._pending.append(self._thread.submit(create, self._session, self._columns))
            self._is_made = True
        while self._pending and self._pending[0].done():
            self._pending.popleft().result()
        self._pending.append(self._thread.submit(copy_in, self._session, path, self._filled))

    def finish(self) -> None:
        """Wait until all chunks are in.

        Raises:
            Exception: whatever one of them failed with.
        """
        while self._pending:
            self._pending.popleft().result()


def analyze(session: Session, key: str) -> None:
    """Let the planner know what the table holds; autovacuum never sees temporary tables.

    Only the key is looked at: merges join by it, and long texts take much longer to look at.
    """
    session.execute(text(f"ANALYZE {TABLE} ({key})"))


def take_out_duplicates(session: Session, key: str, source: str) -> list[Reject]:
    """Remove rows whose key stands in the file more than once.

    Of equal rows the first stays. Where they differ nobody can say which one is right, so that all
    of them go.

    Args:
        key: column of the staging table.
        source: the same column's name in the file, for the rejects.
    """
    groups = session.execute(
        text(f"""
            SELECT s.{key} AS key, array_agg(s.{LINE} ORDER BY s.{LINE}) AS lines,
                count(DISTINCT to_jsonb(s) - '{LINE}' - '{FLAGS}') AS forms
            FROM {TABLE} s
            WHERE s.{key} IN (SELECT {key} FROM {TABLE} GROUP BY 1 HAVING count(*) > 1)
            GROUP BY 1
        """)  # noqa: S608 - names of the mapping, checked by create()
    ).all()
    rejects = []
    for group in groups:
        if group.forms == 1:
            rule = "key.duplicate"
            refused, reason = group.lines[1:], f"Duplicate of line {group.lines[0]}."
        else:
            rule, refused = "key.contradiction", group.lines
            reason = f"Lines {', '.join(map(str, group.lines))} give this key different values."
        rejects += [Reject(line, source, group.key, rule, reason) for line in refused]
    take_out(session, rejects)
    return rejects


def list_refused(
    session: Session, key: str, source: str, reasons: Mapping[str, tuple[str, str]]
) -> list[Reject]:
    """List the rows whose outcome is refused.

    Args:
        key: column of the staging table and of the outcomes.
        source: its name in the file, for the rejects.
        reasons: refused outcome → rule and sentence.
    """
    rows = session.execute(
        text(f"""
            SELECT s.{LINE} AS line, s.{key} AS key, o.outcome
            FROM {_OUTCOMES} o JOIN {TABLE} s USING ({key}) WHERE o.outcome = ANY(:refused)
        """),  # noqa: S608 - names of the mapping, checked by create()
        {"refused": list(reasons)},
    )
    return [Reject(row.line, source, row.key, *reasons[row.outcome]) for row in rows]


def take_out(session: Session, rejects: Sequence[Reject]) -> None:
    """Remove the rows of rejects from the staging table."""
    for some in _slices([reject.line for reject in rejects], 10_000):
        session.execute(
            text(f"DELETE FROM {TABLE} WHERE {LINE} = ANY(:lines)"),  # noqa: S608 - constant
            {"lines": list(some)},
        )


def count_flags(session: Session) -> dict[str, int]:
    """Count the accepted rows that bear each flag."""
    rows = session.execute(
        text(f"""
            SELECT flag, count(*) AS total FROM {TABLE} s, string_to_table(s.{FLAGS}, ';') flag
            WHERE s.{FLAGS} IS NOT NULL GROUP BY 1 ORDER BY 1
        """)  # noqa: S608 - constant
    )
    return {row.flag: row.total for row in rows}


def count_flagged(session: Session) -> int:
    """Count the accepted rows that bear any flag."""
    statement = text(f"SELECT count(*) FROM {TABLE} WHERE {FLAGS} IS NOT NULL")  # noqa: S608 - constant
    return int(session.execute(statement).scalar_one())


def copy_accepted(session: Session, key: str, path: Path) -> None:
    """Write line, key, outcome and flags of every accepted row as CSV, in the file's order."""
    statement = f"""
        COPY (SELECT s.{LINE} AS line, s.{key} AS key, o.outcome, s.{FLAGS} AS flags
              FROM {TABLE} s JOIN {_OUTCOMES} o USING ({key}) ORDER BY s.{LINE})
        TO STDOUT (FORMAT csv, HEADER, ENCODING 'UTF8')
    """  # noqa: S608 - names of the mapping, checked by create()
    with path.open("wb") as file:
        _cursor(session).copy_expert(statement, file)


def _slices(items: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


def _cursor(session: Session) -> Any:
    connection = session.connection().connection.driver_connection
    if connection is None:
        raise errors.UnreadableFile("The connection to the database was closed.")
    return connection.cursor()

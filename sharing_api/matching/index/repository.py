"""The index in the exchange's database: cursors, entries, lessons, and the search for entries."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from sqlalchemy import Connection, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from sharing_api import tables
from sharing_api.matching.hashing import Hashes
from sharing_api.matching.index.values import IndexRow, Kept

_index = tables.matching.index
_entry = tables.matching.entry
_ROW = [column for column in _index.columns if column is not _index.c.sealed_lesson]
_COPY = "COPY exchange.matching_entry (record_tag, index_id, keys, sealed) FROM STDIN"
# Parsed and planned once for each connection, which takes longer than a search.
_PREPARE = "PREPARE matching_search (int[], bigint[], int, int, text) AS "
_EXECUTE = "EXECUTE matching_search (%s, %s, %s, %s, %s)"
# One key after the other by the index of keys, which tells where the entries are; those that share
# the rarest keys with a question are then read, and no others.
_SEARCH = """
WITH met AS (
    SELECT asked.question, hit.place,
        count(*) OVER (PARTITION BY asked.question, asked.key) AS bearers
    FROM unnest($1, $2) AS asked (question, key)
    CROSS JOIN LATERAL (
        SELECT entry.ctid AS place FROM exchange.matching_entry AS entry
        WHERE entry.keys @> ARRAY[asked.key] LIMIT $3
    ) AS hit
), ranked AS (
    SELECT question, place, row_number() OVER (
        PARTITION BY question ORDER BY sum(ln($3 * 100.0::float8 / bearers)) DESC, place
    ) AS rank
    FROM met GROUP BY question, place
)
SELECT ranked.question, entry.sealed
FROM ranked JOIN exchange.matching_entry AS entry ON entry.ctid = ranked.place
WHERE ranked.rank <= $4
UNION ALL
SELECT -index.lesson, CAST(index.change AS text)::bytea
FROM exchange.matching_index AS index WHERE index.dataset = $5
"""


def find_index(session: Session, dataset: str) -> IndexRow | None:
    """Give how far the index of a dataset is; None when there is none."""
    row = session.execute(select(*_ROW).where(_index.c.dataset == dataset)).mappings().first()
    return None if row is None else IndexRow(**{**row, "sealed_after": bytes(row["sealed_after"])})


def list_indexes(session: Session) -> list[IndexRow]:
    """Give how far each index is, by dataset."""
    rows = session.execute(select(*_ROW).order_by(_index.c.dataset)).mappings()
    return [IndexRow(**{**row, "sealed_after": bytes(row["sealed_after"])}) for row in rows]


def open_index(session: Session, dataset: str, version: str) -> IndexRow:
    """Give the index of a dataset, a new one where there is none; one of another version anew."""
    begun = insert(_index).values(
        dataset=dataset,
        version=version,
        sealed_after=b"",
        lesson=0,
        lesson_records=0,
        sealed_lesson=b"",
    )
    session.execute(begun.on_conflict_do_nothing())
    row = find_index(session, dataset)
    if row is None:
        raise LookupError(dataset)  # just written: only a foreign DELETE could take it away
    if row.version == version:
        return row
    session.execute(delete(_entry).where(_entry.c.index_id == row.index_id))
    fresh = IndexRow(row.index_id, dataset, version)
    save_index(session, fresh)
    return fresh


def save_index(session: Session, row: IndexRow) -> None:
    """Keep how far an index is."""
    values = {
        name: value
        for name, value in asdict(row).items()
        if name not in ("index_id", "dataset", "lesson", "lesson_records")
    }
    session.execute(update(_index).where(_index.c.index_id == row.index_id).values(**values))


def save_lesson(session: Session, index_id: int, records: int, sealed: bytes) -> int:
    """Keep what was learned; give its number."""
    changed = (
        update(_index)
        .where(_index.c.index_id == index_id)
        .values(lesson=_index.c.lesson + 1, lesson_records=records, sealed_lesson=sealed)
        .returning(_index.c.lesson)
    )
    return int(session.execute(changed).scalar_one())


def read_lesson(session: Session, dataset: str) -> tuple[IndexRow, bytes] | None:
    """Give how far an index is and what was learned of it, sealed."""
    wanted = select(*_ROW, _index.c.sealed_lesson).where(_index.c.dataset == dataset)
    row = session.execute(wanted).mappings().first()
    if row is None:
        return None
    values = {**row, "sealed_after": bytes(row["sealed_after"])}
    return IndexRow(**{k: v for k, v in values.items() if k != "sealed_lesson"}), bytes(
        values["sealed_lesson"]
    )


def replace(session: Session, tags: Sequence[bytes], kept: Sequence[Kept], index_id: int) -> None:
    """Put entries in the place of what was kept of some records.

    Args:
        tags: of records that may have entries; none at a first filling.
        kept: what is kept of them from now on.
    """
    if tags:
        session.execute(delete(_entry).where(_entry.c.record_tag == func.any(list(tags))))
    if kept:
        connection: Any = session.connection().connection.dbapi_connection
        with connection.cursor() as cursor:
            cursor.copy_expert(_COPY, io.StringIO("".join(_lines(kept, index_id))))


def _lines(kept: Sequence[Kept], index_id: int) -> Iterator[str]:
    for one in kept:
        keys = _array(one.keys.view(np.int64).tolist())
        tag, sealed = one.record_tag.hex(), one.sealed.hex()
        yield f"\\\\x{tag}\t{index_id}\t{keys}\t\\\\x{sealed}\n"


@dataclass(frozen=True)
class Hits:
    """What a search met.

    Args:
        rows: number of the question, and the entry sealed.
        lesson: number of the last lesson of the index; 0: none.
        change: state of the register that the index has.
    """

    rows: list[tuple[int, bytes]]
    lesson: int
    change: int


def meet(
    session: Session,
    dataset: str,
    questions: Sequence[int],
    keys: Hashes,
    *,
    most: int,
    best: int,
) -> Hits:
    """Find the entries that share the rarest keys with questions, in one round trip.

    Args:
        questions: number of the question that each key is of, from 1.
        keys: without those that many records have.
        most: entries that are met by one key.
        best: entries that are given for each question.
    """
    connection = session.connection()
    if not connection.info.get(_PREPARE):
        connection.exec_driver_sql(_PREPARE + _SEARCH)
        connection.info[_PREPARE] = True
    asked = (_array(questions), _array(keys.view(np.int64).tolist()), most, best, dataset)
    lesson = change = 0
    rows: list[tuple[int, bytes]] = []
    for question, sealed in connection.exec_driver_sql(_EXECUTE, asked).fetchall():
        if question > 0:
            rows.append((question, bytes(sealed)))
        elif sealed is not None:
            lesson, change = -question, int(bytes(sealed))
    return Hits(rows, lesson, change)


def _array(numbers: Sequence[int]) -> str:
    """Write numbers as PostgreSQL reads an array."""
    return f"{{{','.join(map(str, numbers))}}}"


def count_entries(session: Session, index_id: int) -> int:
    """Count the records of an index."""
    counted = select(func.count()).where(_entry.c.index_id == index_id)
    return int(session.execute(counted).scalar_one())


def sample_entries(session: Session, index_id: int, share: float) -> Iterator[bytes]:
    """Give sealed entries of a share of the records, drawn by chance but always the same ones.

    Args:
        share: from 0 to 1.
    """
    # Tags are keyed hashes: an order of theirs is as good as chance, and a range of them a sample.
    until = min(0xFFFF, int(share * 0x10000)).to_bytes(2, "big")
    wanted = select(_entry.c.sealed).where(_entry.c.index_id == index_id)
    if share < 1.0:
        wanted = wanted.where(_entry.c.record_tag < until)
    streamed = session.execute(wanted.execution_options(yield_per=10_000))
    for (sealed,) in streamed:
        yield bytes(sealed)


def wait_to_fill_alone(guard: Connection, dataset: str) -> None:
    """Wait to be the only one who fills an index for as long as this connection lives."""
    guard.execute(select(func.pg_advisory_lock(func.hashtext(f"index of {dataset}"))))

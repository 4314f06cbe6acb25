"""All SQL of the access log. There is no update and no delete here, nor in the database."""

import io
import itertools
import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

import orjson
from sqlalchemy import Connection, column, func, select
from sqlalchemy.orm import Session
from sqlalchemy.pool import PoolProxiedConnection

from sharing_api import tables
from sharing_api.access_log import entries
from sharing_api.access_log.entries import Entry

_COPY = f"COPY exchange.access_entry ({', '.join(entries.COLUMNS)}, question) FROM STDIN"
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_NEEDS_ESCAPE = re.compile(r"[\\\t\n\r]")
# Writers hold this lock shared until they have committed (migrations/assets/access_log_0001.sql);
# whoever holds it alone sees every entry written so far, none is under way.
WRITERS_LOCK = "access_entry"
_WRITERS = func.hashtext(WRITERS_LOCK)


def append(
    connection: PoolProxiedConnection,
    written: Sequence[Entry],
    leaf_hashes: Sequence[bytes],
    questions: Mapping[uuid.UUID, bytes] = MappingProxyType({}),
) -> None:
    """Write entries in one statement: all or none of them.

    Args:
        connection: of `Databases.committing`: the entries are durable when this returns.
        questions: answer → its question, sealed; kept beside the first entry of the answer.
    """
    cursor: Any = connection.cursor()
    cursor.copy_expert(_COPY, io.StringIO("".join(_lines(written, leaf_hashes, questions))))


def wait_for_writers(session: Session) -> int:
    """Let writers under way finish, then give the last position written.

    Every position up to it is now either visible or was rolled back for good.
    """
    session.execute(select(func.pg_advisory_xact_lock(_WRITERS)))
    last = session.execute(select(func.max(tables.access_entry.c.position))).scalar_one()
    return int(last or 0)


def list_after(
    session: Session, *, position: int, until: int, limit: int
) -> list[Mapping[str, Any]]:
    """List rows in order of position, those in (position, until], at most `limit`."""
    entry = tables.access_entry
    statement = (
        select(entry)
        .where(entry.c.position > position, entry.c.position <= until)
        .order_by(entry.c.position)
        .limit(limit)
    )
    return [dict(row) for row in session.execute(statement).mappings()]


def read_one_snapshot(session: Session) -> None:
    """Let everything that a session reads be of one moment; to be called before it reads."""
    session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def integrated_position(session: Session) -> int:
    """Give the position of the last entry that is in the tree; 0 while it is empty."""
    entry, leaf = tables.access_entry, tables.journal.leaf
    last = select(leaf.c.entry_id).order_by(leaf.c.leaf_index.desc()).limit(1).scalar_subquery()
    found = session.scalar(select(entry.c.position).where(entry.c.entry_id == last))
    return int(found or 0)


def list_leaf_indexes(session: Session, entry_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, int]:
    """List where entries stand in the tree; those that are not in it yet are left out."""
    leaf = tables.journal.leaf
    statement = select(leaf.c.entry_id, leaf.c.leaf_index).where(leaf.c.entry_id.in_(entry_ids))
    return {row.entry_id: row.leaf_index for row in session.execute(statement)}


def wait_to_integrate_alone(guard: Connection) -> None:
    """Wait to be the only integrator for as long as this connection lives."""
    guard.execute(select(func.pg_advisory_lock(func.hashtext("integrator"))))


def require_alive(guard: Connection) -> None:
    """Ask a connection for a sign of life; without one the driver raises its own error."""
    guard.execute(select(1))


def list_recent(
    session: Session,
    *,
    limit: int,
    subject_tag: bytes | None = None,
    agency: str | None = None,
    since: datetime | None = None,
) -> list[Mapping[str, Any]]:
    """List the newest rows first, those that fit every condition given."""
    entry = tables.access_entry
    statement = select(entry).order_by(entry.c.position.desc()).limit(limit)
    if subject_tag is not None:
        statement = statement.where(entry.c.subject_tag == subject_tag)
    if agency is not None:
        statement = statement.where(entry.c.agency == agency)
    if since is not None:
        statement = statement.where(entry.c.logged_at >= since)
    return [dict(row) for row in session.execute(statement).mappings()]


def list_told(
    session: Session,
    subject_tags: Sequence[bytes],
    *,
    register: str,
    from_change: int,
    until_change: int,
    since: datetime,
) -> list[Mapping[str, Any]]:
    """List the rows that told something of subjects, or of everybody, in some states of a register.

    Args:
        from_change, until_change: states, the first and the one behind the last.
        since: moment from which walks are looked for.
    """
    entry = tables.access_entry
    told = (
        entry.c.dataset.startswith(f"{register}/", autoescape=True),
        entry.c.register_change >= from_change,
        entry.c.register_change < until_change,
        entry.c.decision == entries.PERMITTED,
        func.cardinality(entry.c.fields) > 0,
    )
    about = select(entry).where(entry.c.subject_tag.in_(subject_tags), *told)
    walks = select(entry).where(
        entry.c.subject_tag.is_(None),
        entry.c.operation == "linkage",
        entry.c.logged_at >= since,
        *told,
    )
    found = [
        dict(row) for statement in (about, walks) for row in session.execute(statement).mappings()
    ]
    return sorted(found, key=lambda row: row["position"])


def list_answer(session: Session, answer_id: uuid.UUID) -> list[Mapping[str, Any]]:
    """List the rows of one answer, in the order of its subjects."""
    entry = tables.access_entry
    statement = select(entry).where(
        entry.c.entry_id >= answer_id,
        entry.c.entry_id <= entries.entry_id(answer_id, (1 << 16) - 1),
        entry.c.answer_id == answer_id,
    )
    statement = statement.order_by(entry.c.entry_id)
    return [dict(row) for row in session.execute(statement).mappings()]


def erase_questions(
    session: Session, act_id: uuid.UUID, after: int, most: int
) -> tuple[int, int | None]:
    """Erase the questions that an act of the log names; the database holds to what it names.

    Args:
        after: position of the last entry that was reached.
        most: entries to reach.

    Returns:
        how many were erased, and the position reached; None: there were no more entries.
    """
    found = func.exchange.erase_questions(act_id, after, most).table_valued(
        column("erased"), column("last_position")
    )
    erased, last = session.execute(select(found.c.erased, found.c.last_position)).one()
    return int(erased), None if last is None else int(last)


def list_erasures(session: Session, subject_tags: Sequence[bytes]) -> list[Mapping[str, Any]]:
    """List the acts that erased questions about subjects, or about everybody."""
    entry = tables.access_entry
    statement = select(entry).where(
        entry.c.operation == "erasure",
        entry.c.subject_tag.in_(subject_tags) | entry.c.subject_tag.is_(None),
    )
    return [dict(row) for row in session.execute(statement).mappings()]


def to_entry(row: Mapping[str, Any]) -> Entry:
    """Make the entry out of a row, so that its hash can be computed a second time."""
    tag = row["subject_tag"]
    return Entry(
        **{name: row[name] for name in entries.COLUMNS if name in _PLAIN},
        subject_tag=None if tag is None else bytes(tag),
        fields=tuple(row["fields"]),
        request_hash=bytes(row["request_hash"]),
        answer_hash=bytes(row["answer_hash"]),
        transport=dict(row["transport"]),
    )


_PLAIN = frozenset(entries.COLUMNS) - {
    "subject_tag",
    "fields",
    "request_hash",
    "answer_hash",
    "transport",
    "leaf_hash",
}


def _lines(
    written: Sequence[Entry], leaf_hashes: Sequence[bytes], questions: Mapping[uuid.UUID, bytes]
) -> Iterator[str]:
    """Write rows in COPY's text form; what the entries of an answer share is written once."""
    rows = zip(written, leaf_hashes, strict=True)
    for _, of_one_answer in itertools.groupby(rows, key=lambda row: row[0].answer_id):
        (first, leaf), *others = of_one_answer
        pieces = _shared_pieces(first)
        question = questions.get(first.answer_id)
        yield _line(first, leaf, *pieces, "\\N" if question is None else f"\\\\x{question.hex()}")
        for entry, leaf_hash in others:
            yield _line(entry, leaf_hash, *pieces, "\\N")


def _escaped(text: str) -> str:
    return text.translate(_ESCAPES) if _NEEDS_ESCAPE.search(text) else text


def _shared_pieces(entry: Entry) -> tuple[str, str, str]:
    who = (entry.agency, entry.client, entry.officer)
    what = (
        entry.dataset,
        entry.operation,
        entry.purpose,
        entry.legal_basis,
        entry.procedure,
        entry.case_reference,
        entry.agreement_hash,
        entry.decision,
    )
    state = (
        f"\\\\x{entry.request_hash.hex()}",
        f"\\\\x{entry.answer_hash.hex()}",
        str(entry.register_change),
        entry.valid_on.isoformat(),
        _escaped(orjson.dumps(entry.transport).decode()),
    )
    moment = entries.moment(entry.logged_at)
    return (
        "\t".join((str(entry.answer_id), moment, *map(_escaped, who))),
        "\t".join(map(_escaped, what)),
        "\t".join(state),
    )


def _line(entry: Entry, leaf_hash: bytes, who: str, what: str, state: str, question: str) -> str:
    """Write one row; columns in the order of `entries.COLUMNS`, then the question."""
    tag = "\\N" if entry.subject_tag is None else f"\\\\x{entry.subject_tag.hex()}"
    # Rules and field names are identifiers: they need no escape, no quotes in an array.
    fields = ",".join(entry.fields)
    return (
        f"{entry.entry_id}\t{who}\t{tag}\t{what}\t{entry.rule}\t{{{fields}}}\t{state}"
        f"\t\\\\x{leaf_hash.hex()}\t{question}\n"
    )

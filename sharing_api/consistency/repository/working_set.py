"""What is kept of the registers for the comparison, how far they are read, whom to judge again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    LargeBinary,
    SmallInteger,
    delete,
    func,
    literal,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, Insert, insert
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from sharing_api import tables

_mention = tables.consistency_mention
_touched = tables.consistency_touched
_cursor = tables.consistency_cursor
_run = tables.consistency_run


@dataclass(frozen=True, slots=True)
class Kept:
    """A row of the working set, with the place of its subject in the order of judging."""

    rank: int
    subject_tag: bytes
    record_tag: bytes
    sealed: bytes


def forget(session: Session, version: int) -> None:
    """Remove the whole working set; everybody in it and in findings is to be judged again."""
    touch_all(session)
    finding = tables.consistency_finding
    known = select(finding.c.rank, finding.c.subject_tag).distinct()
    session.execute(_touching().from_select(["rank", "subject_tag"], known))
    session.execute(delete(_mention))
    session.execute(
        update(_cursor).values(version=version, change=None, next_change=None, sealed_after=b"")
    )


def replace(session: Session, record_tags: Sequence[bytes], kept: Sequence[Kept]) -> None:
    """Put what some records say in the place of what they said; touch everybody concerned."""
    # What a record said before has no rank here: with the first rank nobody is judged too late,
    # only perhaps once more.
    former = (
        delete(_mention).where(_mention.c.record_tag == func.any(list(record_tags)))
    ).returning(_mention.c.subject_tag)
    gone = {bytes(tag) for tag in session.scalars(former)}
    if kept:
        columns = ("subject_tag", "record_tag", "sealed")
        rows = select(
            *(_unnested([getattr(one, name) for one in kept], LargeBinary()) for name in columns)
        )
        session.execute(insert(_mention).from_select(columns, rows))
    touch(session, {*((k.rank, k.subject_tag) for k in kept), *((0, tag) for tag in gone)})


def touch(session: Session, subjects: Iterable[tuple[int, bytes]]) -> None:
    """Have subjects (rank, tag) judged again."""
    ordered = sorted(subjects)  # so that two writers never wait for each other
    if ordered:
        rows = select(
            _unnested([rank for rank, _ in ordered], SmallInteger()),
            _unnested([tag for _, tag in ordered], LargeBinary()),
        )
        session.execute(_touching().from_select(["rank", "subject_tag"], rows))


def touch_all(session: Session) -> None:
    """Have everybody judged again."""
    everybody = select(literal(0, SmallInteger), _mention.c.subject_tag).distinct()
    session.execute(_touching().from_select(["rank", "subject_tag"], everybody))


def touch_found(session: Session) -> None:
    """Have the subjects of all findings that stand judged again: a day may settle them."""
    finding = tables.consistency_finding
    standing = (
        select(finding.c.rank, finding.c.subject_tag)
        .where(finding.c.state != "resolved")
        .distinct()
    )
    session.execute(_touching().from_select(["rank", "subject_tag"], standing))


def list_touched(session: Session, limit: int) -> list[tuple[int, bytes]]:
    """List who is to be judged next: rank and tag, all of one rank."""
    statement = select(_touched).order_by(_touched.c.rank, _touched.c.subject_tag).limit(limit)
    rows = [(int(row.rank), bytes(row.subject_tag)) for row in session.execute(statement)]
    return [row for row in rows if row[0] == rows[0][0]]


def mark_judged(session: Session, rank: int, tags: Sequence[bytes]) -> None:
    """Note that subjects were judged."""
    session.execute(
        delete(_touched).where(
            _touched.c.rank == rank, _touched.c.subject_tag == func.any(list(tags))
        )
    )


def read_mentions(session: Session, subject_tags: Iterable[bytes]) -> dict[bytes, list[bytes]]:
    """Read what is said of subjects: tag → sealed mentions, in an order that does not change."""
    statement = (
        select(_mention.c.subject_tag, _mention.c.sealed)
        .where(_mention.c.subject_tag == func.any(list(subject_tags)))
        .order_by(_mention.c.subject_tag, _mention.c.record_tag)
    )
    found: dict[bytes, list[bytes]] = {}
    for tag, sealed in session.execute(statement):
        found.setdefault(bytes(tag), []).append(bytes(sealed))
    return found


def open_run(session: Session, *, at: datetime, valid_on: date) -> int:
    """Begin a run, or go on with the one that was broken off; give its number."""
    left = session.scalar(select(func.max(_run.c.run_id)).where(_run.c.finished_at.is_(None)))
    if left is not None:
        return int(left)
    begun = insert(_run).values(started_at=at, valid_on=valid_on, records_read=0, subjects_judged=0)
    return int(session.execute(begun.returning(_run.c.run_id)).scalar_one())


def count_run(session: Session, run_id: int, *, records: int = 0, subjects: int = 0) -> None:
    """Count what a run has read and judged."""
    session.execute(
        update(_run)
        .where(_run.c.run_id == run_id)
        .values(
            records_read=_run.c.records_read + records,
            subjects_judged=_run.c.subjects_judged + subjects,
        )
    )


def close_run(session: Session, run_id: int, *, at: datetime) -> tuple[int, int]:
    """End a run; give how many records it read and how many subjects it judged."""
    ended = (
        update(_run)
        .where(_run.c.run_id == run_id)
        .values(finished_at=at)
        .returning(_run.c.records_read, _run.c.subjects_judged)
    )
    read, judged = session.execute(ended).one()
    return int(read), int(judged)


def _unnested(values: list[Any], kind: TypeEngine[Any]) -> ColumnElement[Any]:
    """Give values as rows: thousands in one statement of one shape."""
    return func.unnest(literal(values, ARRAY(kind)))


def _touching() -> Insert:
    return insert(_touched).on_conflict_do_nothing()

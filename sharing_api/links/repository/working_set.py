"""What is kept of the registers for the linkage, what changed in it, and the runs."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, insert, literal, select, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from sharing_api import tables

_mention = tables.link.mention
_touched = tables.link.touched
_run = tables.link.run
_likeness = tables.link.likeness
_COLUMNS = ("mention_tag", "side", "record_tag", "content_tag", "sealed", "register_change")


@dataclass(frozen=True, slots=True)
class Kept:
    """A row of the working set."""

    mention_tag: bytes
    side: str
    record_tag: bytes
    content_tag: bytes
    sealed: bytes
    register_change: int


def forget(session: Session, version: int) -> None:
    """Remove the whole working set: it is read anew. Links stay and are judged again."""
    session.execute(delete(_touched))
    session.execute(delete(_mention))
    session.execute(
        update(tables.link.cursor).values(
            version=version, change=None, next_change=None, sealed_after=b""
        )
    )


def replace(
    session: Session,
    record_tags: Sequence[bytes],
    kept: Sequence[Kept],
    comparisons: Callable[[str], Sequence[str]],
) -> None:
    """Put what some records say in the place of what they said.

    Args:
        comparisons: gives those of a side; they look again at what says something else now.
    """
    former = {
        bytes(row.mention_tag): (row.side, bytes(row.content_tag))
        for row in session.execute(
            delete(_mention)
            .where(_mention.c.record_tag == func.any(list(record_tags)))
            .returning(_mention.c.mention_tag, _mention.c.side, _mention.c.content_tag)
        )
    }
    if kept:
        rows = select(
            *(
                _unnested([getattr(one, name) for one in kept], _mention.c[name].type)
                for name in _COLUMNS
            )
        )
        session.execute(insert(_mention).from_select(_COLUMNS, rows))
    now = {one.mention_tag: (one.side, one.content_tag) for one in kept}
    changed = {tag for tag in {*former, *now} if former.get(tag) != now.get(tag)}
    touch(
        session,
        (
            (comparison, tag)
            for tag in changed
            for comparison in comparisons((now.get(tag) or former[tag])[0])
        ),
    )


def touch(session: Session, some: Iterable[tuple[str, bytes]]) -> None:
    """Have mentions looked at again, by comparison."""
    ordered = sorted(some)
    if ordered:
        rows = select(
            _unnested([one for one, _ in ordered], _touched.c.comparison.type),
            _unnested([tag for _, tag in ordered], _touched.c.mention_tag.type),
        )
        statement = postgresql.insert(_touched).from_select(["comparison", "mention_tag"], rows)
        session.execute(statement.on_conflict_do_nothing())


def list_touched(session: Session, comparison: str) -> set[bytes]:
    """List the mentions that a comparison has to look at."""
    statement = select(_touched.c.mention_tag).where(_touched.c.comparison == comparison)
    return {bytes(tag) for tag in session.scalars(statement)}


def settle(session: Session, comparison: str, tags: Iterable[bytes]) -> None:
    """Note that a comparison has looked at mentions."""
    session.execute(
        delete(_touched).where(
            _touched.c.comparison == comparison, _touched.c.mention_tag == func.any(list(tags))
        )
    )


def list_mentions(session: Session, sides: Sequence[str]) -> list[tuple[bytes, bytes, bytes, int]]:
    """List the mentions of sides: tag, content tag, sealed, change; in the order of their tags."""
    statement = (
        select(
            _mention.c.mention_tag,
            _mention.c.content_tag,
            _mention.c.sealed,
            _mention.c.register_change,
        )
        .where(_mention.c.side.in_(list(sides)))
        .order_by(_mention.c.mention_tag)
        .execution_options(yield_per=10_000)
    )
    return [
        (bytes(tag), bytes(content), bytes(sealed), int(change))
        for tag, content, sealed, change in session.execute(statement)
    ]


def find_mention(session: Session, tag: bytes) -> tuple[bytes, bytes, int] | None:
    """Give content tag, sealed and change of a mention; None where there is none."""
    row = session.execute(select(_mention).where(_mention.c.mention_tag == tag)).one_or_none()
    if row is None:
        return None
    return bytes(row.content_tag), bytes(row.sealed), int(row.register_change)


def find_likeness(session: Session, comparison: str, model_version: str) -> bytes | None:
    """Give what a comparison learned by a model, sealed; None if it has learned nothing."""
    statement = select(_likeness.c.sealed).where(
        _likeness.c.comparison == comparison, _likeness.c.model_version == model_version
    )
    found = session.scalar(statement)
    return None if found is None else bytes(found)


def save_likeness(
    session: Session, comparison: str, model_version: str, sealed: bytes, at: datetime
) -> None:
    """Keep what a comparison learned."""
    values = {"model_version": model_version, "sealed": sealed, "learned_at": at}
    statement = postgresql.insert(_likeness).values(comparison=comparison, **values)
    session.execute(statement.on_conflict_do_update(index_elements=["comparison"], set_=values))


def open_run(session: Session, *, at: datetime, valid_on: date) -> int:
    """Begin a run, or go on with the one that was broken off; give its number."""
    left = session.scalar(select(func.max(_run.c.run_id)).where(_run.c.finished_at.is_(None)))
    if left is not None:
        return int(left)
    begun = insert(_run).values(started_at=at, valid_on=valid_on, records_read=0, links_judged=0)
    return int(session.execute(begun.returning(_run.c.run_id)).scalar_one())


def count_run(session: Session, run_id: int, *, records: int = 0, links: int = 0) -> None:
    """Count what a run has read and judged."""
    session.execute(
        update(_run)
        .where(_run.c.run_id == run_id)
        .values(
            records_read=_run.c.records_read + records, links_judged=_run.c.links_judged + links
        )
    )


def close_run(session: Session, run_id: int, *, at: datetime) -> tuple[int, int]:
    """End a run; give how many records it read and how many links it judged."""
    ended = (
        update(_run)
        .where(_run.c.run_id == run_id)
        .values(finished_at=at)
        .returning(_run.c.records_read, _run.c.links_judged)
    )
    read, judged = session.execute(ended).one()
    return int(read), int(judged)


def _unnested(values: list[Any], kind: TypeEngine[Any]) -> ColumnElement[Any]:
    """Give values as rows: thousands in one statement of one shape."""
    return func.unnest(literal(values, ARRAY(kind)))

"""All SQL of replays: which answers there are, and who was ever protected."""

import secrets
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sharing_api import tables

_entry = tables.access_entry
# Entries about the log itself: there is no answer behind them.
NO_ANSWERS = ("commitment", "withholding", "replay", "erasure")
_PAGE = 1_000


@dataclass(frozen=True, slots=True)
class Protection:
    """A subject that is or was protected, from a moment to another."""

    subject_tag: bytes
    entered_at: datetime
    ended_at: datetime | None


def list_protections(session: Session) -> list[Protection]:
    """List all protections that ever were."""
    table = tables.protected_subject
    statement = select(table.c.subject_tag, table.c.entered_at, table.c.ended_at)
    return [Protection(bytes(row[0]), row[1], row[2]) for row in session.execute(statement)]


def find_answer(session: Session, entry_id: uuid.UUID) -> uuid.UUID | None:
    """Find the answer that an entry belongs to."""
    statement = select(_entry.c.answer_id).where(_entry.c.entry_id == entry_id)
    return session.execute(statement).scalar_one_or_none()


def draw_answers(
    session: Session, wanted: int, *, since: datetime | None = None
) -> list[uuid.UUID]:
    """Draw answers at random, each once; an answer of many entries is as likely as they are many.

    Places are drawn by the system's own random source: nobody knows before which answers will be
    made again. One index look-up for each. Where the log has fewer answers, all are drawn.
    """
    answers = (_entry.c.operation.not_in(NO_ANSWERS),)
    first, last = session.execute(
        select(func.min(_entry.c.position), func.max(_entry.c.position)).where(
            *answers, *((_entry.c.logged_at >= since,) if since else ())
        )
    ).one()
    if last is None:
        return []
    span = int(last) - int(first) + 1
    if span <= wanted * 2:
        everything = list(iterate_answers(session, since=since))
        return secrets.SystemRandom().sample(everything, min(wanted, len(everything)))
    drawn: dict[uuid.UUID, None] = {}
    for _ in range(wanted * 20):
        place = int(first) + secrets.randbelow(span)
        statement = select(_entry.c.answer_id).where(_entry.c.position >= place, *answers)
        found = session.execute(statement.order_by(_entry.c.position).limit(1)).scalar_one_or_none()
        if found is not None:
            drawn[found] = None
        if len(drawn) == wanted:
            break
    return list(drawn)


def iterate_answers(session: Session, *, since: datetime | None = None) -> Iterator[uuid.UUID]:
    """Go through the answers since a moment, in order, a page of the log at a time."""
    place, last = 0, None
    while True:
        statement = select(_entry.c.position, _entry.c.answer_id).where(
            _entry.c.position > place, _entry.c.operation.not_in(NO_ANSWERS)
        )
        if since is not None:
            statement = statement.where(_entry.c.logged_at >= since)
        page = session.execute(statement.order_by(_entry.c.position).limit(_PAGE)).all()
        for place, answer_id in page:  # noqa: B007  the last place begins the next page
            if answer_id != last:
                yield answer_id
            last = answer_id
        if len(page) < _PAGE:
            return

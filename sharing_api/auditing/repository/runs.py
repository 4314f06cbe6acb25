"""Runs of the rules, and how far the log is judged."""

from datetime import datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from sharing_api import tables

_run = tables.audit.run


def wait_to_run_alone(session: Session) -> None:
    """Wait until no other run judges a stretch; held to the end of the transaction."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtext("audit_run"))))


def find_position(session: Session) -> int:
    """Give the position of the last entry that was judged; 0: none yet."""
    return int(session.scalar(select(func.max(_run.c.position))) or 0)


def begin(session: Session, *, at: datetime) -> int:
    """Begin a run where the last one ended; give its number."""
    values = {"started_at": at, "position": find_position(session), "entries": 0}
    return int(session.execute(insert(_run).values(values).returning(_run.c.run_id)).scalar_one())


def advance(session: Session, run_id: int, *, position: int, entries: int) -> None:
    """Keep how far a run came."""
    session.execute(
        update(_run)
        .where(_run.c.run_id == run_id)
        .values(position=position, entries=_run.c.entries + entries)
    )


def finish(session: Session, run_id: int, *, at: datetime) -> None:
    """End a run."""
    session.execute(update(_run).where(_run.c.run_id == run_id).values(finished_at=at))

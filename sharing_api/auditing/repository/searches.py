"""Entries of the access log that fit conditions, and conditions that were saved."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from sharing_api import tables
from sharing_api.auditing.values import WantedEntries

_entry = tables.access_entry
_search = tables.audit.saved_search
_PAGE = 10_000
_EQUAL = (
    "agency",
    "client",
    "officer",
    "dataset",
    "operation",
    "purpose",
    "procedure",
    "case_reference",
    "agreement_hash",
    "decision",
    "rule",
    "subject_tag",
)


def list_entries(session: Session, entry_ids: Sequence[uuid.UUID]) -> list[Mapping[str, Any]]:
    """List rows of the log by their ids, in order of writing."""
    statement = select(_entry).where(_entry.c.entry_id == func.any(list(entry_ids)))
    rows = session.execute(statement.order_by(_entry.c.position)).mappings()
    return [dict(row) for row in rows]


def stream(
    session: Session, wanted: WantedEntries, *, most: int | None = None
) -> Iterator[Mapping[str, Any]]:
    """Read the rows that fit all conditions, oldest first, without holding them in memory.

    Args:
        most: rows at most; None: all.
    """
    conditions = list(_conditions(wanted))
    position, left = 0, most
    while left is None or left > 0:
        page = _PAGE if left is None else min(_PAGE, left)
        statement = select(_entry).where(*conditions, _entry.c.position > position)
        rows = session.execute(statement.order_by(_entry.c.position).limit(page)).mappings().all()
        yield from (dict(row) for row in rows)
        if len(rows) < page:
            return
        position = rows[-1]["position"]
        left = None if left is None else left - len(rows)


def _conditions(wanted: WantedEntries) -> Iterator[ColumnElement[bool]]:
    for name in _EQUAL:
        value = getattr(wanted, name)
        if value is not None:
            yield _entry.c[name] == value
    if wanted.since is not None:
        yield _entry.c.logged_at >= wanted.since
    if wanted.until is not None:
        yield _entry.c.logged_at < wanted.until


def save(
    session: Session, name: str, wanted: Mapping[str, Any], *, officer: str, at: datetime
) -> None:
    """Save conditions under a name; those saved under it before are replaced."""
    values = {"wanted": dict(wanted), "officer": officer, "saved_at": at}
    statement = insert(_search).values(name=name, **values)
    session.execute(statement.on_conflict_do_update(index_elements=["name"], set_=values))


def find(session: Session, name: str) -> Mapping[str, Any] | None:
    """Give the conditions saved under a name; None where there are none."""
    found: Mapping[str, Any] | None = session.scalar(
        select(_search.c.wanted).where(_search.c.name == name)
    )
    return found


def list_saved(session: Session) -> list[Mapping[str, Any]]:
    """List the saved searches by name."""
    statement = select(_search).order_by(_search.c.name)
    return [dict(row) for row in session.execute(statement).mappings()]

"""All SQL of notices."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from sharing_api import tables
from sharing_api.notices.values import Kind, Notice, due_on

_notice = tables.notices.notice
_told = tables.notices.notice_entry
_entry = tables.access_entry


def send(
    session: Session,
    *,
    kind: Kind,
    recipient: str,
    dataset: str,
    register_change: int,
    subject_tag: bytes,
    fields: Sequence[str],
    entries: Sequence[uuid.UUID],
    at: datetime,
) -> int:
    """Send a notice; one that was sent already is added to. Give its number.

    One notice for each recipient, dataset, data subject and change.
    """
    values = {
        "kind": kind.value,
        "recipient": recipient,
        "dataset": dataset,
        "register_change": register_change,
        "subject_tag": subject_tag,
        "fields": sorted(fields),
        "created_at": at,
        "due_on": due_on(at),
    }
    statement = insert(_notice).values(values)
    key = ["kind", "recipient", "dataset", "register_change", "subject_tag"]
    # Nothing changes; but the row is locked, and its number comes back.
    kept = statement.on_conflict_do_update(
        index_elements=key, set_={"due_on": _notice.c.due_on}
    ).returning(_notice.c.notice_id)
    number = int(session.execute(kept).scalar_one())
    rows = [{"notice_id": number, "entry_id": one} for one in entries]
    if rows:
        session.execute(insert(_told).on_conflict_do_nothing(), rows)
    return number


def list_open(
    session: Session, *, recipient: str, dataset: str | None = None, at: datetime | None = None
) -> list[Notice]:
    """List notices that an agency has not acknowledged, oldest first.

    Args:
        at: moment that is asked about; None: now.
    """
    is_open = _notice.c.acknowledged_at.is_(None)
    conditions = [_notice.c.recipient == recipient, is_open]
    if at is not None:
        conditions[1:] = [or_(is_open, _notice.c.acknowledged_at > at), _notice.c.created_at <= at]
    if dataset is not None:
        conditions.append(_notice.c.dataset == dataset)
    return _read(session, *conditions)


def list_all(
    session: Session, *, kind: Kind | None = None, overdue_on: date | None = None, limit: int
) -> list[Notice]:
    """List notices, oldest first.

    Args:
        overdue_on: only those that are overdue on this day.
    """
    conditions = []
    if kind is not None:
        conditions.append(_notice.c.kind == kind.value)
    if overdue_on is not None:
        conditions += [_notice.c.acknowledged_at.is_(None), _notice.c.due_on < overdue_on]
    return _read(session, *conditions, limit=limit)


def acknowledge(
    session: Session, notice_id: int, *, recipient: str, by: str, remark: str, at: datetime
) -> Notice | None:
    """Note that an agency acknowledged a notice; the first time counts. None: no such notice."""
    mine = (_notice.c.notice_id == notice_id, _notice.c.recipient == recipient)
    session.execute(
        update(_notice)
        .where(*mine, _notice.c.acknowledged_at.is_(None))
        .values(acknowledged_at=at, acknowledged_by=by, remark=remark)
    )
    return next(iter(_read(session, *mine)), None)


def _read(session: Session, *conditions: ColumnElement[bool], limit: int = 1_000) -> list[Notice]:
    told = (
        select(
            _told.c.notice_id,
            func.array_agg(_told.c.entry_id).label("entries"),
            func.array_agg(_entry.c.case_reference.distinct()).label("cases"),
        )
        .join(_entry, _entry.c.entry_id == _told.c.entry_id)
        .where(_told.c.notice_id == _notice.c.notice_id)
        .group_by(_told.c.notice_id)
        .lateral()
    )
    statement = (
        select(_notice, told.c.entries, told.c.cases)
        .outerjoin(told, told.c.notice_id == _notice.c.notice_id)
        .where(*conditions)
        .order_by(_notice.c.notice_id)
        .limit(limit)
    )
    return [_to_notice(row) for row in session.execute(statement).mappings()]


def _to_notice(row: Mapping[str, Any] | Any) -> Notice:
    return Notice(
        notice_id=row["notice_id"],
        kind=Kind(row["kind"]),
        recipient=row["recipient"],
        dataset=row["dataset"],
        register_change=row["register_change"],
        fields=tuple(row["fields"]),
        created_at=row["created_at"],
        due_on=row["due_on"],
        acknowledged_at=row["acknowledged_at"],
        acknowledged_by=row["acknowledged_by"],
        remark=row["remark"],
        entries=tuple(sorted(row["entries"] or ())),
        cases=tuple(sorted(one for one in row["cases"] or () if one)),
    )

"""All SQL of emergencies."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, text, update
from sqlalchemy.orm import Session

from sharing_api import tables
from sharing_api.emergencies.values import Count, Emergency, State

_emergency = tables.notices.emergency
_agreement = tables.agreement
_COUNTS = text("""
    SELECT CAST(date_trunc('month', asked_at AT TIME ZONE 'Asia/Ho_Chi_Minh') AS date) AS month,
        provider, consumer, dataset, state, count(*) AS answers
    FROM exchange.emergency GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
""")


def find_provider(session: Session, agreement_hash: str) -> str:
    """Give the agency that gives the data of an agreement."""
    provider = _agreement.c.provider
    statement = select(provider).where(_agreement.c.agreement_hash == agreement_hash)
    return str(session.execute(statement).scalar_one())


def add(session: Session, emergency: Emergency) -> None:
    """Enter an emergency."""
    values = {name: getattr(emergency, name) for name in Emergency.__slots__}
    session.execute(insert(_emergency).values(**{**values, "state": emergency.state.value}))


def find(session: Session, answer_id: uuid.UUID) -> Emergency | None:
    """Give an emergency and keep others from reviewing it meanwhile; None where there is none."""
    statement = select(_emergency).where(_emergency.c.answer_id == answer_id).with_for_update()
    row = session.execute(statement).mappings().one_or_none()
    return None if row is None else _to_emergency(row)


def list_all(
    session: Session, *, state: State | None = None, provider: str | None = None, limit: int
) -> list[Emergency]:
    """List emergencies, the one whose clock ends first first."""
    statement = select(_emergency).order_by(_emergency.c.review_by, _emergency.c.answer_id)
    if state is not None:
        statement = statement.where(_emergency.c.state == state.value)
    if provider is not None:
        statement = statement.where(_emergency.c.provider == provider)
    return [_to_emergency(row) for row in session.execute(statement.limit(limit)).mappings()]


def list_missed(session: Session, *, at: datetime) -> list[Emergency]:
    """List emergencies whose clock has ended without a review, and lock them.

    Those that somebody else has locked are left to them.
    """
    statement = (
        select(_emergency)
        .where(_emergency.c.state == State.OPEN.value, _emergency.c.review_by < at)
        .order_by(_emergency.c.review_by)
        .with_for_update(skip_locked=True)
    )
    return [_to_emergency(row) for row in session.execute(statement).mappings()]


def set_missed(session: Session, answer_ids: Sequence[uuid.UUID]) -> None:
    """Note that the review of emergencies was missed."""
    session.execute(
        update(_emergency)
        .where(_emergency.c.answer_id.in_(answer_ids))
        .values(state=State.MISSED.value)
    )


def review(
    session: Session,
    answer_id: uuid.UUID,
    *,
    state: State,
    reviewer: str,
    outcome: str,
    at: datetime,
) -> None:
    """Keep the review of an emergency."""
    session.execute(
        update(_emergency)
        .where(_emergency.c.answer_id == answer_id)
        .values(state=state.value, reviewer=reviewer, outcome=outcome, reviewed_at=at)
    )


def count(session: Session) -> list[Count]:
    """Count emergencies by month, parties, dataset and state."""
    rows = session.execute(_COUNTS)
    return [
        Count(
            row.month, row.provider, row.consumer, row.dataset, State(row.state), int(row.answers)
        )
        for row in rows
    ]


def _to_emergency(row: Mapping[str, Any] | Any) -> Emergency:
    return Emergency(**{**row, "state": State(row["state"])})

"""SQL that all worklists share: a table of findings and one of what became of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, func, insert, select, update
from sqlalchemy.orm import Session

from sharing_api.worklists.values import State, Step


@dataclass(frozen=True)
class Book:
    """The two tables of a worklist.

    Args:
        finding: with `finding_id`, `rule`, `state`, `reason`.
        event: with `finding_id`, `happened_at`, `officer`, `from_state`, `to_state`, `reason`.
    """

    finding: Table
    event: Table


def find(session: Session, book: Book, finding_id: int) -> Mapping[str, Any] | None:
    """Give a finding and keep others from settling it meanwhile; None where there is none."""
    finding = book.finding
    statement = (
        select(finding).where(finding.c.finding_id == finding_id).with_for_update(key_share=True)
    )
    row = session.execute(statement).mappings().one_or_none()
    return None if row is None else dict(row)


def count(session: Session, book: Book) -> list[tuple[str, State, int]]:
    """Count findings by rule and state."""
    rule, state = book.finding.c.rule, book.finding.c.state
    statement = select(rule, state, func.count()).group_by(rule, state).order_by(rule, state)
    return [(name, State(one), int(number)) for name, one, number in session.execute(statement)]


def move(session: Session, book: Book, standing: Iterable[tuple[int, State]], step: Step) -> None:
    """Move findings (number, state in which they are) to another state, and keep that it was."""
    for finding_id, state in standing:
        session.execute(
            update(book.finding)
            .where(book.finding.c.finding_id == finding_id)
            .values(state=step.to_state.value, reason=step.reason)
        )
        note(session, book, finding_id, state.value, step)


def note(session: Session, book: Book, finding_id: int, from_state: str, step: Step) -> None:
    """Keep a step; `from_state` is empty for a finding that is new."""
    session.execute(
        insert(book.event).values(
            finding_id=finding_id,
            happened_at=step.at,
            officer=step.officer,
            from_state=from_state,
            to_state=step.to_state.value,
            reason=step.reason,
        )
    )

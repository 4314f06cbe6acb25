"""Findings as they stand, what they rest on, and what became of them."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as insert_unless
from sqlalchemy.orm import Session

from sharing_api import tables
from sharing_api.auditing.values import Finding, Severity, Signal, Step, WantedFindings
from sharing_api.worklists import repository
from sharing_api.worklists import values as worklist_values
from sharing_api.worklists.values import State

_finding = tables.audit.finding
_evidence = tables.audit.evidence
_event = tables.audit.event
BOOK = repository.Book(_finding, _event)


def save(
    session: Session,
    signals: Sequence[Signal],
    severities: Mapping[str, Severity],
    by: worklist_values.Step,
) -> tuple[int, int]:
    """Add signals, one a finding, to the worklist; what was settled is opened again.

    Args:
        severities: rule → severity.
        by: a step of the run to the state open.

    Returns:
        number of findings that are new, and of those that were opened again.
    """
    tags = [one.tag for one in signals]
    statement = select(_finding).where(_finding.c.finding_tag == func.any(tags)).with_for_update()
    standing = {bytes(row["finding_tag"]): row for row in session.execute(statement).mappings()}
    added = opened = 0
    for signal in sorted(signals, key=lambda one: one.tag):  # so that no two runs wait in a circle
        row = standing.get(signal.tag)
        if row is None:
            number = _add(session, signal, severities[signal.rule], by)
            added += 1
        else:
            number = row["finding_id"]
            opened += _extend(session, signal, dict(row), by)
        if signal.entry_ids:
            rows = [{"finding_id": number, "entry_id": one} for one in signal.entry_ids]
            session.execute(insert_unless(_evidence).on_conflict_do_nothing(), rows)
    return added, opened


def _add(session: Session, signal: Signal, severity: Severity, by: worklist_values.Step) -> int:
    number = int(
        session.execute(
            insert(_finding)
            .values(
                finding_tag=signal.tag,
                rule=signal.rule,
                severity=severity.value,
                agency=signal.agency,
                client=signal.client,
                officer=signal.officer,
                subject_tag=signal.subject_tag,
                state=State.OPEN.value,
                reason="",
                first_at=signal.first_at,
                last_at=signal.last_at,
                entries=signal.entries,
                figures=dict(signal.figures),
            )
            .returning(_finding.c.finding_id)
        ).scalar_one()
    )
    repository.note(session, BOOK, number, "", replace(by, reason=""))
    return number


def _extend(
    session: Session, signal: Signal, row: Mapping[str, Any], by: worklist_values.Step
) -> bool:
    session.execute(
        update(_finding)
        .where(_finding.c.finding_id == row["finding_id"])
        .values(
            last_at=max(row["last_at"], signal.last_at),
            entries=_finding.c.entries + signal.entries,
            figures=dict(signal.figures),
        )
    )
    state = State(row["state"])
    if state is State.OPEN:
        return False
    repository.move(session, BOOK, [(row["finding_id"], state)], by)
    return True


def list_wanted(session: Session, wanted: WantedFindings, *, limit: int) -> list[Finding]:
    """List findings, the gravest first, then those with the newest evidence."""
    gravity = func.array_position(["high", "medium", "low"], _finding.c.severity)
    statement = select(_finding).order_by(gravity, _finding.c.last_at.desc(), _finding.c.finding_id)
    for name in ("rule", "state", "agency", "severity"):
        value = getattr(wanted, name)
        if value is not None:
            statement = statement.where(_finding.c[name] == str(value))
    rows = session.execute(statement.limit(limit)).mappings()
    return [to_finding(row) for row in rows]


def list_evidence(session: Session, finding_id: int) -> list[uuid.UUID]:
    """List the entries that are kept of a finding, in order of time."""
    statement = select(_evidence.c.entry_id).where(_evidence.c.finding_id == finding_id)
    return list(session.scalars(statement.order_by(_evidence.c.entry_id)))


def list_steps(session: Session, finding_id: int) -> list[Step]:
    """List what became of a finding, oldest first."""
    columns = (
        _event.c.happened_at,
        _event.c.officer,
        _event.c.from_state,
        _event.c.to_state,
        _event.c.reason,
    )
    statement = select(*columns).where(_event.c.finding_id == finding_id)
    return [Step(*row) for row in session.execute(statement.order_by(_event.c.event_id))]


def to_finding(row: Mapping[str, Any] | Any) -> Finding:
    """Make a finding out of its row."""
    tag = row["subject_tag"]
    return Finding(
        finding_id=row["finding_id"],
        rule=row["rule"],
        severity=Severity(row["severity"]),
        agency=row["agency"],
        client=row["client"],
        officer=row["officer"],
        subject_tag=None if tag is None else bytes(tag),
        state=State(row["state"]),
        reason=row["reason"],
        first_at=row["first_at"],
        last_at=row["last_at"],
        entries=row["entries"],
        figures=row["figures"],
    )

"""What single entries of a stretch are signs of: whom they are about, what they name together."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from sharing_api.auditing.repository.windows import Window

_TIES = text("""
    SELECT e.entry_id, e.agency, e.client, e.officer, e.subject_tag, e.logged_at, e.dataset,
        tie.relation, tie.officer = e.officer AS is_own
    FROM exchange.access_entry e
    JOIN exchange.officer_tie tie ON tie.subject_tag = e.subject_tag AND tie.agency_code = e.agency
    WHERE e.position > :after AND e.position <= :until AND e.officer <> ''
        AND (tie.officer = e.officer OR tie.relation = 'self')
    ORDER BY e.position
""")
_PROTECTED = text("""
    SELECT e.entry_id, e.agency, e.client, e.officer, e.subject_tag, e.logged_at, e.dataset,
        e.decision, e.rule
    FROM exchange.access_entry e
    JOIN exchange.protected_subject p ON p.subject_tag = e.subject_tag
        AND p.entered_at <= e.logged_at AND (p.ended_at IS NULL OR p.ended_at > e.logged_at)
    WHERE e.position > :after AND e.position <= :until
    ORDER BY e.position
""")
_USES = text("""
    INSERT INTO exchange.audit_use AS kept (agency, purpose, procedure, answers)
    SELECT e.agency, e.purpose, e.procedure, count(DISTINCT e.answer_id)
    FROM exchange.access_entry e
    WHERE e.position > :after AND e.position <= :until AND e.decision = 'permitted'
        AND e.procedure <> ''
    GROUP BY e.agency, e.purpose, e.procedure
    ON CONFLICT (agency, purpose, procedure)
        DO UPDATE SET answers = kept.answers + excluded.answers
    RETURNING kept.agency, kept.purpose, kept.procedure, kept.answers
""")
_TOTALS = text("""
    SELECT agency, purpose, procedure, answers FROM exchange.audit_use
    WHERE agency = ANY(:agencies)
""")
_ASKED = text("""
    SELECT e.agency, e.client, e.officer, e.purpose, e.procedure, e.dataset, e.fields,
        count(*) AS entries, min(e.logged_at) AS first_at, max(e.logged_at) AS last_at
    FROM exchange.access_entry e
    WHERE e.position > :after AND e.position <= :until AND e.decision = 'permitted'
        AND e.procedure <> ''
    GROUP BY e.agency, e.client, e.officer, e.purpose, e.procedure, e.dataset, e.fields
""")


@dataclass(frozen=True, slots=True)
class Tied:
    """An entry about the officer who asked, or about somebody tied to them.

    Args:
        relation: self, or what kin the person is.
        is_own: whether the tie is that of the officer who asked, not of a colleague.
    """

    entry_id: Any
    agency: str
    client: str
    officer: str
    subject_tag: bytes
    logged_at: datetime
    dataset: str
    relation: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class Protected:
    """An entry about a person who was protected then.

    Args:
        rule: why it was refused, or what came of the question.
    """

    entry_id: Any
    agency: str
    client: str
    officer: str
    subject_tag: bytes
    logged_at: datetime
    dataset: str
    decision: str
    rule: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked under a procedure, all entries alike."""

    agency: str
    client: str
    officer: str
    purpose: str
    procedure: str
    dataset: str
    fields: Sequence[str]
    entries: int
    first_at: datetime
    last_at: datetime


def list_tied(session: Session, window: Window) -> list[Tied]:
    """List the entries about officers themselves, their kin, and their colleagues."""
    rows = session.execute(_TIES, {"after": window.after, "until": window.until}).mappings()
    return [Tied(**{**row, "subject_tag": bytes(row["subject_tag"])}) for row in rows]


def list_protected(session: Session, window: Window) -> list[Protected]:
    """List the entries about persons who were protected when they were asked about."""
    rows = session.execute(_PROTECTED, {"after": window.after, "until": window.until}).mappings()
    return [Protected(**{**row, "subject_tag": bytes(row["subject_tag"])}) for row in rows]


def count_uses(session: Session, window: Window) -> Mapping[str, dict[tuple[str, str], int]]:
    """Count which purposes and procedures were named together, and give all counts since ever.

    Returns:
        of each agency that named a procedure in the stretch: (purpose, procedure) → answers.
    """
    rows = session.execute(_USES, {"after": window.after, "until": window.until})
    agencies = sorted({row.agency for row in rows})
    found: dict[str, dict[tuple[str, str], int]] = {}
    for row in session.execute(_TOTALS, {"agencies": agencies}) if agencies else ():
        found.setdefault(row.agency, {})[row.purpose, row.procedure] = int(row.answers)
    return found


def list_asked(session: Session, window: Window) -> Iterable[Asked]:
    """List what was asked under procedures in a stretch, alike entries together."""
    rows = session.execute(_ASKED, {"after": window.after, "until": window.until}).mappings()
    return [Asked(**row) for row in rows]

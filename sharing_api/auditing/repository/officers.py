"""Officers whose numbers were filed, and whom they are tied to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, text, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from sharing_api import tables
from sharing_api.auditing.repository.windows import Window

_officer = tables.audit.officer
_tie = tables.audit.officer_tie
_STALE = text("""
    SELECT o.agency_code, o.officer, o.sealed_pin FROM exchange.officer o
    WHERE (o.kin_read_at IS NULL OR o.kin_read_at < :before)
        AND EXISTS (SELECT FROM exchange.access_entry e
            WHERE e.position > :after AND e.position <= :until
                AND e.agency = o.agency_code AND e.officer = o.officer)
    ORDER BY o.agency_code, o.officer
""")


@dataclass(frozen=True, slots=True)
class Filed:
    """An officer as filed: name as in questions, and the sealed number."""

    agency_code: str
    officer: str
    sealed_pin: bytes


@dataclass(frozen=True, slots=True)
class Tie:
    """A data subject that an officer is, or is related to."""

    subject_tag: bytes
    agency_code: str
    officer: str
    relation: str


def list_agencies(session: Session) -> set[str]:
    """List the codes of registered agencies."""
    return set(session.scalars(select(tables.agency.c.agency_code)))


def file(session: Session, filed: Iterable[Filed], *, at: datetime) -> None:
    """Enter officers, or renew them: what was known of their kin is to be asked again."""
    for one in filed:
        values = {
            "agency_code": one.agency_code,
            "officer": one.officer,
            "sealed_pin": one.sealed_pin,
            "filed_at": at,
            "kin_read_at": None,
        }
        renewed = {name: values[name] for name in ("sealed_pin", "filed_at", "kin_read_at")}
        statement = insert(_officer).values(values)
        session.execute(
            statement.on_conflict_do_update(index_elements=["agency_code", "officer"], set_=renewed)
        )


def replace_ties(
    session: Session, officers: Sequence[tuple[str, str]], ties: Iterable[Tie]
) -> None:
    """Put ties in the place of those that officers (agency, officer) had."""
    session.execute(delete(_tie).where(tuple_(_tie.c.agency_code, _tie.c.officer).in_(officers)))
    rows = [
        {
            "subject_tag": one.subject_tag,
            "agency_code": one.agency_code,
            "officer": one.officer,
            "relation": one.relation,
        }
        for one in ties
    ]
    if rows:
        session.execute(insert(_tie).on_conflict_do_nothing(), rows)


def list_active(session: Session, window: Window, *, before: datetime) -> list[Filed]:
    """List filed officers who asked in a stretch and whose kin was not asked since a moment."""
    parameters = {"before": before, "after": window.after, "until": window.until}
    return [
        Filed(row.agency_code, row.officer, bytes(row.sealed_pin))
        for row in session.execute(_STALE, parameters)
    ]


def mark_read(session: Session, officers: Sequence[tuple[str, str]], *, at: datetime) -> None:
    """Note that the kin of officers was asked."""
    session.execute(
        update(_officer)
        .where(tuple_(_officer.c.agency_code, _officer.c.officer).in_(officers))
        .values(kin_read_at=at)
    )


def count_by_agency(session: Session) -> Mapping[str, int]:
    """Count filed officers."""
    rows = session.execute(
        text("SELECT agency_code, count(*) FROM exchange.officer GROUP BY 1 ORDER BY 1")
    )
    return {code: int(number) for code, number in rows}

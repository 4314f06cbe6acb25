"""Who shared what with whom: sums over the access log between two moments."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

_FLOWS = text("""
    SELECT coalesce(a.provider, '') AS provider, e.agency AS consumer, e.dataset,
        count(DISTINCT e.answer_id) AS questions,
        count(DISTINCT e.answer_id) FILTER (WHERE e.fields <> '{}') AS answered,
        count(DISTINCT e.answer_id) FILTER (WHERE e.decision = 'refused') AS refused,
        count(DISTINCT e.subject_tag) FILTER (WHERE e.fields <> '{}') AS subjects,
        count(DISTINCT e.officer) FILTER (WHERE e.officer <> '') AS officers
    FROM exchange.access_entry e
    LEFT JOIN exchange.agreement a ON a.agreement_hash = e.agreement_hash
    WHERE e.logged_at >= :since AND e.logged_at < :until
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
""")
_REFUSALS = text("""
    SELECT e.agency AS consumer, e.dataset, e.rule, count(DISTINCT e.answer_id) AS questions
    FROM exchange.access_entry e
    WHERE e.logged_at >= :since AND e.logged_at < :until AND e.decision = 'refused'
    GROUP BY 1, 2, 3 ORDER BY 4 DESC, 1, 2, 3
""")
_FIELDS = text("""
    SELECT coalesce(a.provider, '') AS provider, e.agency AS consumer, e.dataset, field.name,
        count(*) AS disclosures
    FROM exchange.access_entry e
    LEFT JOIN exchange.agreement a ON a.agreement_hash = e.agreement_hash
    CROSS JOIN LATERAL unnest(e.fields) AS field (name)
    WHERE e.logged_at >= :since AND e.logged_at < :until
    GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
""")
_FINDINGS = text("""
    SELECT rule, state, count(*) AS findings FROM exchange.audit_finding
    WHERE first_at < :until AND last_at >= :since GROUP BY 1, 2 ORDER BY 1, 2
""")
_REQUESTS = text("""
    WITH asked AS (
        SELECT e.agreement_hash, e.happened_at, a.provider, a.consumer,
            (SELECT min(answer.event_id) FROM exchange.agreement_event answer
                WHERE answer.agreement_hash = e.agreement_hash AND answer.event_id > e.event_id
            ) AS answered_by
        FROM exchange.agreement_event e
        JOIN exchange.agreement a ON a.agreement_hash = e.agreement_hash
        WHERE e.to_state = 'proposed' AND e.happened_at >= :since AND e.happened_at < :until)
    SELECT asked.provider, asked.consumer, count(*) AS requests,
        count(*) FILTER (WHERE answer.to_state IN ('accepted', 'in_force')) AS accepted,
        count(*) FILTER (WHERE answer.to_state = 'refused') AS refused,
        round(CAST(percentile_cont(0.5) WITHIN GROUP (
            ORDER BY extract(epoch FROM answer.happened_at - asked.happened_at) / 86400)
            AS numeric), 2) AS median_days
    FROM asked LEFT JOIN exchange.agreement_event answer ON answer.event_id = asked.answered_by
    GROUP BY 1, 2 ORDER BY 1, 2
""")
_AGENCIES = text("SELECT agency_code, name_vi FROM exchange.agency")

Rows = Sequence[Mapping[str, Any]]


def list_flows(session: Session, since: datetime, until: datetime) -> Rows:
    """List provider, consumer and dataset with their sums."""
    return _read(session, _FLOWS, since, until)


def list_refusals(session: Session, since: datetime, until: datetime) -> Rows:
    """List why consumers were refused, the most frequent first."""
    return _read(session, _REFUSALS, since, until)


def list_fields(session: Session, since: datetime, until: datetime) -> Rows:
    """List how often each field was disclosed to whom."""
    return _read(session, _FIELDS, since, until)


def count_findings(session: Session, since: datetime, until: datetime) -> Rows:
    """Count findings whose evidence reaches into the period, by rule and state."""
    return _read(session, _FINDINGS, since, until)


def list_requests(session: Session, since: datetime, until: datetime) -> Rows:
    """List how requests for data that were made in the period were answered, and how fast."""
    return _read(session, _REQUESTS, since, until)


def list_names(session: Session) -> dict[str, str]:
    """Give the names of agencies by their codes."""
    return {row.agency_code: row.name_vi for row in session.execute(_AGENCIES)}


def _read(session: Session, statement: Any, since: datetime, until: datetime) -> Rows:
    rows = session.execute(statement, {"since": since, "until": until}).mappings()
    return [dict(row) for row in rows]

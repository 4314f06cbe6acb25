"""What was done before: against it the hours of a stretch are judged."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from sharing_api.auditing.values import Hour, Past, Volume

_LAST = text("""
    SELECT seen.number, (
        SELECT max(before.hour_at) FROM exchange.audit_activity AS before
        WHERE before.agency = seen.agency AND before.client = seen.client
            AND before.officer = seen.officer AND before.hour_at < seen.hour_at) AS last_at
    FROM unnest(CAST(:numbers AS bigint[]), CAST(:agencies AS text[]), CAST(:clients AS text[]),
        CAST(:officers AS text[]), CAST(:hours AS timestamptz[]))
        AS seen (number, agency, client, officer, hour_at)
""")
_OUTSIDE_SHARE = text("""
    SELECT agency, client, sum(outside) / greatest(sum(entries), 1) AS share
    FROM exchange.audit_activity
    WHERE agency = ANY(:agencies) AND hour_at >= :since AND hour_at < :until
    GROUP BY agency, client
""")
# Of an officer the active hours before; of colleagues where the officer has too few of them.
_SUBJECTS = text("""
    SELECT count(*) FILTER (WHERE officer = :officer) AS own,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY subjects) FILTER (WHERE officer = :officer)
            AS own_median,
        count(*) AS all_hours,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY subjects) AS median
    FROM exchange.audit_activity
    WHERE agency = :agency AND officer <> '' AND hour_at < :hour
        AND hour_at >= :hour - interval '90 days'
""")
_VOLUMES = text("""
    SELECT seen.agency, seen.hour_at, weeks.number, coalesce(sum(a.entries), 0) AS entries,
        (SELECT min(first.hour_at) FROM exchange.audit_activity AS first
            WHERE first.agency = seen.agency) AS since
    FROM unnest(CAST(:agencies AS text[]), CAST(:hours AS timestamptz[])) AS seen (agency, hour_at)
    CROSS JOIN generate_series(0, CAST(:weeks AS int)) AS weeks (number)
    LEFT JOIN exchange.audit_activity AS a ON a.agency = seen.agency
        AND a.hour_at = seen.hour_at - weeks.number * interval '7 days'
    GROUP BY seen.agency, seen.hour_at, weeks.number
    ORDER BY seen.agency, seen.hour_at, weeks.number
""")


def list_last_active(session: Session, firsts: Sequence[Hour]) -> list[datetime | None]:
    """Give when accounts were active before an hour, in the order of the hours given."""
    if not firsts:
        return []
    parameters = {
        "numbers": list(range(len(firsts))),
        "agencies": [one.agency for one in firsts],
        "clients": [one.client for one in firsts],
        "officers": [one.officer for one in firsts],
        "hours": [one.hour_at for one in firsts],
    }
    found: dict[int, datetime | None] = {
        row.number: row.last_at for row in session.execute(_LAST, parameters)
    }
    return [found.get(number) for number in range(len(firsts))]


def read_outside_shares(
    session: Session, agencies: Iterable[str], *, since: datetime, until: datetime
) -> dict[tuple[str, str], float]:
    """Give how much of what systems ask falls out of office hours: (agency, client) → share."""
    rows = session.execute(
        _OUTSIDE_SHARE, {"agencies": sorted(set(agencies)), "since": since, "until": until}
    )
    return {(row.agency, row.client): float(row.share) for row in rows}


def read_past(session: Session, hour: Hour, outside_share: float, fewest: float) -> Past:
    """Give what an hour of an officer is judged against.

    Args:
        fewest: active hours that an officer needs for a past of their own.
    """
    row: Any = session.execute(
        _SUBJECTS, {"agency": hour.agency, "officer": hour.officer, "hour": hour.hour_at}
    ).one()
    if row.own >= fewest:
        return Past(int(row.own), float(row.own_median), outside_share)
    return Past(int(row.all_hours), float(row.median or 0), outside_share)


def list_volumes(
    session: Session, hours: Sequence[tuple[str, datetime]], weeks: int
) -> list[Volume]:
    """Give how much agencies asked in hours (agency, hour), and in the same hour weeks before."""
    if not hours:
        return []
    parameters = {
        "agencies": [agency for agency, _ in hours],
        "hours": [hour_at for _, hour_at in hours],
        "weeks": weeks,
    }
    counts: dict[tuple[str, datetime], list[int]] = {}
    for row in session.execute(_VOLUMES, parameters):
        days = (row.hour_at - row.since).days
        # In weeks before its first question an agency did not ask nothing: it was not there.
        if row.number == 0 or days >= 7 * row.number:
            counts.setdefault((row.agency, row.hour_at), []).append(int(row.entries))
    return [Volume(*key, some[0], tuple(some[1:])) for key, some in counts.items()]

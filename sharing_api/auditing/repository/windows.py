"""Stretches of the access log that are judged together: whole hours, in order of position."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from databases import periods
from sharing_api import tables
from sharing_api.auditing import office_hours
from sharing_api.auditing.values import Hour, Selection

_entry = tables.access_entry
_EVIDENCE_PER_HOUR = 100

# What is asked of a stretch is asked of its rows with the opening hours of their day beside them.
_ROWS = """
    FROM exchange.access_entry e
    LEFT JOIN unnest(CAST(:days AS date[]), CAST(:opens AS timestamptz[]),
        CAST(:closes AS timestamptz[])) AS open_day (day, opens, closes)
        ON open_day.day = CAST(e.logged_at AT TIME ZONE 'Asia/Ho_Chi_Minh' AS date)
    WHERE e.position > :after AND e.position <= :until
"""
_OUTSIDE = (
    "(open_day.day IS NULL OR e.logged_at < open_day.opens OR e.logged_at >= open_day.closes)"
)
_FOLD = text(f"""
    WITH seen AS (
        SELECT e.agency, e.client, e.officer, date_trunc('hour', e.logged_at) AS hour_at,
            e.answer_id, e.subject_tag, e.decision, e.rule, {_OUTSIDE} AS is_outside,
            CAST(extract(epoch FROM e.logged_at - lag(e.logged_at) OVER (
                PARTITION BY e.agency, e.client, e.officer, date_trunc('hour', e.logged_at)
                ORDER BY e.position)) AS float8) AS gap
        {_ROWS})
    INSERT INTO exchange.audit_activity AS kept (agency, client, officer, hour_at, entries, answers,
        refused, missed, subjects, outside, gaps, gap_sum, gap_squares)
    SELECT agency, client, officer, hour_at, count(*), count(DISTINCT answer_id),
        count(*) FILTER (WHERE decision = 'refused'), count(*) FILTER (WHERE rule = 'not_found'),
        count(DISTINCT subject_tag), count(*) FILTER (WHERE is_outside),
        count(*) FILTER (WHERE gap > 0), coalesce(sum(gap) FILTER (WHERE gap > 0), 0),
        coalesce(sum(gap * gap) FILTER (WHERE gap > 0), 0)
    FROM seen GROUP BY agency, client, officer, hour_at
    ON CONFLICT (agency, client, officer, hour_at) DO UPDATE SET
        entries = kept.entries + excluded.entries, answers = kept.answers + excluded.answers,
        refused = kept.refused + excluded.refused, missed = kept.missed + excluded.missed,
        subjects = kept.subjects + excluded.subjects, outside = kept.outside + excluded.outside,
        gaps = kept.gaps + excluded.gaps, gap_sum = kept.gap_sum + excluded.gap_sum,
        gap_squares = kept.gap_squares + excluded.gap_squares
    RETURNING kept.*
""")  # noqa: S608  constants of this file
_EVIDENCE = text(f"""
    SELECT * FROM (
        SELECT wanted.number, e.entry_id,
            row_number() OVER (PARTITION BY wanted.number ORDER BY e.position) AS rank,
            count(*) OVER (PARTITION BY wanted.number) AS entries,
            min(e.logged_at) OVER (PARTITION BY wanted.number) AS first_at,
            max(e.logged_at) OVER (PARTITION BY wanted.number) AS last_at
        FROM (SELECT e.*, {_OUTSIDE} AS is_outside {_ROWS}) AS e
        JOIN unnest(CAST(:numbers AS bigint[]), CAST(:agencies AS text[]), CAST(:clients AS text[]),
            CAST(:officers AS text[]), CAST(:hours AS timestamptz[]), CAST(:purposes AS text[]),
            CAST(:procedures AS text[]), CAST(:datasets AS text[]), CAST(:parts AS text[]))
            AS wanted (number, agency, client, officer, hour_at, purpose, procedure, dataset, part)
        ON wanted.agency = e.agency
            AND coalesce(wanted.client, e.client) = e.client
            AND coalesce(wanted.officer, e.officer) = e.officer
            AND coalesce(wanted.hour_at, date_trunc('hour', e.logged_at))
                = date_trunc('hour', e.logged_at)
            AND coalesce(wanted.purpose, e.purpose) = e.purpose
            AND coalesce(wanted.procedure, e.procedure) = e.procedure
            AND coalesce(wanted.dataset, e.dataset) = e.dataset
            AND CASE wanted.part WHEN 'missed' THEN e.rule = 'not_found'
                WHEN 'refused' THEN e.decision = 'refused' WHEN 'outside' THEN e.is_outside
                ELSE true END
    ) AS ranked WHERE rank <= :most ORDER BY number, rank
""")  # noqa: S608  constants of this file


@dataclass(frozen=True, slots=True)
class Evidence:
    """The entries of a stretch that a selection fits.

    Args:
        entries: how many they are.
        entry_ids: the first hundred of them.
    """

    entries: int
    first_at: datetime
    last_at: datetime
    entry_ids: tuple[uuid.UUID, ...]


@dataclass(frozen=True, slots=True)
class Window:
    """The entries whose position lies in (after, until].

    Args:
        first_day, last_day: days in Viet Nam that they were logged on.
    """

    after: int
    until: int
    first_day: date
    last_day: date

    def parameters(self) -> dict[str, Any]:
        """Give the parameters of statements about these rows."""
        days = office_hours.list_open_days(self.first_day, self.last_day)
        return {
            "after": self.after,
            "until": self.until,
            "days": [one.day for one in days],
            "opens": [one.opens for one in days],
            "closes": [one.closes for one in days],
        }


def find_next(session: Session, *, after: int, before: datetime, chunk: int) -> Window | None:
    """Find the next stretch: about `chunk` entries, cut where an hour ends.

    Args:
        after: position up to which all was judged.
        before: end of the last hour to take: nobody writes entries of it any more.

    Returns:
        None when no further hour is over.
    """
    following = select(_entry.c.position, _entry.c.logged_at).where(_entry.c.position > after)
    while True:
        nth = following.order_by(_entry.c.position).offset(chunk - 1).limit(1)
        last = session.execute(nth).one_or_none()
        ends = before if last is None else min(before, _hour_of(last.logged_at))
        wanted = [_entry.c.position > after, _entry.c.logged_at < ends]
        if last is not None:
            wanted.append(_entry.c.position <= last.position)
        logged_at = _entry.c.logged_at
        counted = select(func.max(_entry.c.position), func.min(logged_at), func.max(logged_at))
        until, first_at, last_at = session.execute(counted.where(*wanted)).one()
        if until is not None:
            days = periods.day_in_vietnam(first_at), periods.day_in_vietnam(last_at)
            return Window(after, int(until), *days)
        if last is None or last.logged_at >= before:
            return None
        chunk *= 2  # an hour of more entries than a chunk


def count(session: Session, window: Window) -> int:
    """Count the entries of a stretch."""
    is_in = (_entry.c.position > window.after, _entry.c.position <= window.until)
    return int(session.execute(select(func.count()).where(*is_in)).scalar_one())


def fold(session: Session, window: Window) -> list[Hour]:
    """Count what was done in each hour of a stretch, add it to the past; give these hours.

    Returns:
        by account, then in order of time.
    """
    rows = session.execute(_FOLD, window.parameters()).mappings()
    return sorted((Hour(**row) for row in rows), key=lambda one: (*one.account, one.hour_at))


def list_evidence(
    session: Session, window: Window, selections: Sequence[Selection]
) -> dict[int, Evidence]:
    """List what selections fit, by their number; those that no entry fits are left out."""
    if not selections:
        return {}
    columns = {
        "numbers": list(range(len(selections))),
        "agencies": [one.agency for one in selections],
        "clients": [one.client for one in selections],
        "officers": [one.officer for one in selections],
        "hours": [one.hour_at for one in selections],
        "purposes": [one.purpose for one in selections],
        "procedures": [one.procedure for one in selections],
        "datasets": [one.dataset for one in selections],
        "parts": [one.part for one in selections],
    }
    parameters = {**window.parameters(), **columns, "most": _EVIDENCE_PER_HOUR}
    found: dict[int, Evidence] = {}
    for row in session.execute(_EVIDENCE, parameters):
        before = found[row.number].entry_ids if row.number in found else ()
        found[row.number] = Evidence(
            row.entries, row.first_at, row.last_at, (*before, row.entry_id)
        )
    return found


def _hour_of(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)

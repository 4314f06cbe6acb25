"""Journal lines of a staged file: compared with the register, refused by entry, recorded at once.

An entry is recorded as a whole or not at all: a refused line refuses its entry, so that what is
left always balances. The outcome of every row stands in the temporary table `merge_outcome`.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

from databases.changes import staged
from finance.values import BudgetLine

STAGING_COLUMNS: Mapping[str, str] = {
    "line_id": "text",
    "entry_no": "text",
    "budget_year": "integer",
    "posted_on": "date",
    "budget_key": "text",
    "side": "text",
    "effect": "text",
    "amount": "numeric",
    "description": "text",
}
_NEW = "inserted"

# Where the segments stand in the accounting key (see `values.SEGMENTS`).
_COMPARE = """
CREATE TEMPORARY TABLE merge_outcome ON COMMIT DROP AS
SELECT s.*, substr(s.budget_key, 1, 2) AS fund_code, substr(s.budget_key, 12, 7) AS unit_code,
    substr(s.budget_key, 12, 7) || '-' || lpad(s.budget_year::text, 4, '0') AS budget_id,
    substr(s.budget_key, 27, 3) AS category_code, substr(s.budget_key, 7, 4) AS item_code,
    substr(s.budget_key, 30, 5) AS programme_code, substr(s.budget_key, 39, 2) AS source_code,
    CASE WHEN l.line_id IS NOT NULL THEN 'unchanged'
        WHEN e.entry_no IS NOT NULL THEN 'entry_known' ELSE 'inserted' END AS outcome
FROM (SELECT line_id, entry_no, budget_year, posted_on, budget_key, side, effect, amount,
    coalesce(description, '') AS description FROM $staging$) s
LEFT JOIN (SELECT DISTINCT entry_no FROM finance.journal_entry JOIN $staging$ USING (entry_no)) e
    USING (entry_no)
LEFT JOIN finance.journal_line l ON l.to_change IS NULL
    AND l.budget_id = substr(s.budget_key, 12, 7) || '-' || lpad(s.budget_year::text, 4, '0')
    AND (l.line_id, l.entry_no, l.budget_key, l.side, l.effect, l.amount, lower(l.valid))
        = (s.line_id, s.entry_no, s.budget_key, s.side, s.effect, s.amount, s.posted_on)
"""
_UNITS = """
UPDATE merge_outcome m SET outcome = 'unit_not_open' WHERE outcome = 'inserted' AND NOT EXISTS (
    SELECT FROM finance.budget_unit u WHERE u.unit_code = m.unit_code AND u.to_change IS NULL
        AND u.valid @> m.posted_on AND (u.closed_on IS NULL OR u.closed_on > m.posted_on))
"""
_SETTLED = """
UPDATE merge_outcome m SET outcome = 'budget_settled' FROM finance.unit_budget b
WHERE m.outcome = 'inserted' AND b.budget_id = m.budget_id AND b.to_change IS NULL
    AND b.settled_on IS NOT NULL
"""
_KEYS = """
UPDATE merge_outcome m SET outcome = 'key_not_valid'
FROM json_to_recordset(:given) AS wrong (budget_key text, budget_year integer)
WHERE m.outcome = 'inserted'
    AND m.budget_key = wrong.budget_key AND m.budget_year = wrong.budget_year
"""
_PERIODS = """
CREATE TEMPORARY TABLE merge_period (posted_on date, budget_year integer, period_code text)
    ON COMMIT DROP
"""
_ADD_PERIODS = """
INSERT INTO merge_period SELECT * FROM json_to_recordset(:given)
    AS found (posted_on date, budget_year integer, period_code text)
"""
_WITHOUT_PERIOD = """
UPDATE merge_outcome m SET outcome = refused.outcome
FROM json_to_recordset(:given) AS refused (posted_on date, budget_year integer, outcome text)
WHERE m.outcome = 'inserted'
    AND m.posted_on = refused.posted_on AND m.budget_year = refused.budget_year
"""
_UNBALANCED = """
UPDATE merge_outcome m SET outcome = 'entry_not_balanced' FROM (
    SELECT entry_no FROM (
        SELECT entry_no,
            sum(CASE side WHEN 'debit' THEN amount ELSE -amount END)
                FILTER (WHERE outcome = 'inserted') AS balance,
            min(posted_on) AS least_day, max(posted_on) AS most_day,
            min(budget_year) AS least_year, max(budget_year) AS most_year,
            min(description) AS least_said, max(description) AS most_said
        FROM merge_outcome GROUP BY entry_no, fund_code) fund
    GROUP BY entry_no
    HAVING bool_or(balance <> 0) OR (min(least_day), min(least_year), min(least_said))
        <> (max(most_day), max(most_year), max(most_said))) w
WHERE m.entry_no = w.entry_no AND m.outcome = 'inserted'
"""
_WHOLE_ENTRIES = """
UPDATE merge_outcome m SET outcome = 'entry_refused'
WHERE outcome = 'inserted' AND entry_no IN (
    SELECT entry_no FROM merge_outcome WHERE outcome NOT IN ('inserted', 'unchanged'))
"""
_SPENT = """
SELECT budget_id, category_code, item_code, programme_code, source_code,
    sum(CASE side WHEN 'debit' THEN amount ELSE -amount END) AS total
FROM merge_outcome WHERE outcome = 'inserted' AND effect = 'expenditure' GROUP BY 1, 2, 3, 4, 5
"""
_EXCEEDED = """
UPDATE merge_outcome m SET outcome = 'allocation_exceeded'
FROM json_to_recordset(:given) AS line (budget_id text, category_code text, item_code text,
    programme_code text, source_code text)
WHERE m.outcome = 'inserted' AND m.effect = 'expenditure' AND m.side = 'debit'
    AND (m.budget_id, m.category_code, m.item_code, m.programme_code, m.source_code)
        = (line.budget_id, line.category_code, line.item_code, line.programme_code,
           line.source_code)
"""
_ADD = (
    """
INSERT INTO finance.journal_entry
    (entry_no, budget_year, posted_on, period_code, description, valid, from_change)
SELECT DISTINCT ON (entry_no) entry_no, budget_year, posted_on, period_code, description,
    daterange(posted_on, NULL), :change
FROM merge_outcome JOIN merge_period USING (posted_on, budget_year)
WHERE outcome = 'inserted' ORDER BY entry_no
""",
    """
INSERT INTO finance.journal_line
    (budget_id, line_id, entry_no, period_code, budget_key, side, effect, amount,
    category_code, item_code, programme_code, source_code, valid, from_change)
SELECT budget_id, line_id, entry_no, period_code, budget_key, side, effect, amount,
    category_code, item_code, programme_code, source_code, daterange(posted_on, NULL), :change
FROM merge_outcome JOIN merge_period USING (posted_on, budget_year)
WHERE outcome = 'inserted' ORDER BY budget_id, line_id
""",
)


class Key(NamedTuple):
    """A key of the file with the budget year that it is used in."""

    budget_key: str
    budget_year: int


class Posting(NamedTuple):
    """A day of posting with the budget year that it is for."""

    posted_on: date
    budget_year: int


def compare(session: Session, staging_table: str) -> None:
    """Say for every staged row what recording it would do, as far as single rows tell.

    Raises:
        WrongStagingTable: the name is not a plain one.
    """
    staged.drop_temporary(session, (staged.OUTCOMES, "merge_period"))
    staged.run(session, _COMPARE, staging_table)
    # Only what is joined by: long texts take much longer to look at.
    session.execute(text("ANALYZE merge_outcome (entry_no, unit_code, budget_id, posted_on)"))
    for statement in (_UNITS, _SETTLED):
        session.execute(text(statement))


def list_keys(session: Session) -> list[Key]:
    """List the keys of the rows that may be recorded, each once."""
    statement = "SELECT DISTINCT budget_key, budget_year FROM merge_outcome WHERE outcome = :new"
    return [Key(*row) for row in session.execute(text(statement), {"new": _NEW})]


def list_postings(session: Session) -> list[Posting]:
    """List the days of posting of the rows that may be recorded, each once."""
    statement = "SELECT DISTINCT posted_on, budget_year FROM merge_outcome WHERE outcome = :new"
    return [Posting(*row) for row in session.execute(text(statement), {"new": _NEW})]


def refuse_keys(session: Session, keys: Iterable[Key]) -> None:
    """Refuse the rows of some keys."""
    staged.run_over(session, _KEYS, (key._asdict() for key in keys))


def set_periods(
    session: Session, periods: Mapping[Posting, str], refused: Mapping[Posting, str]
) -> None:
    """Keep the accounting periods of days of posting, and refuse the rows of other days.

    Args:
        periods: day and budget year → period.
        refused: day and budget year → outcome.
    """
    session.execute(text(_PERIODS))
    found = ({**posting._asdict(), "period_code": code} for posting, code in periods.items())
    staged.run_over(session, _ADD_PERIODS, found)
    session.execute(text("ANALYZE merge_period"))
    wrong = ({**posting._asdict(), "outcome": outcome} for posting, outcome in refused.items())
    staged.run_over(session, _WITHOUT_PERIOD, wrong)


def refuse_entries(session: Session) -> None:
    """Refuse entries that do not balance, and the rest of every entry with a refused line."""
    for statement in (_UNBALANCED, _WHOLE_ENTRIES):
        session.execute(text(statement))


def list_spent(session: Session) -> dict[str, dict[BudgetLine, Decimal]]:
    """Add up what the rows that may be recorded spend, by budget and line."""
    spent: dict[str, dict[BudgetLine, Decimal]] = {}
    for budget_id, *codes, total in session.execute(text(_SPENT)):
        spent.setdefault(budget_id, {})[BudgetLine(*codes)] = total
    return spent


def refuse_spending(session: Session, lines: Iterable[Mapping[str, Any]]) -> None:
    """Refuse the entries that spend on some lines, each named by budget and four codes."""
    staged.run_over(session, _EXCEEDED, lines)
    session.execute(text(_WHOLE_ENTRIES))


def list_new_budgets(session: Session) -> list[tuple[str, int, date]]:
    """List unit, budget year and first day of the budgets that rows are to be recorded in."""
    statement = (
        "SELECT unit_code, budget_year, min(posted_on) FROM merge_outcome m"
        " WHERE outcome = :new AND NOT EXISTS (SELECT FROM finance.unit_budget b"
        " WHERE b.budget_id = m.budget_id AND b.to_change IS NULL) GROUP BY 1, 2 ORDER BY 1, 2"
    )
    return [(row[0], row[1], row[2]) for row in session.execute(text(statement), {"new": _NEW})]


def has_new_rows(session: Session) -> bool:
    """Tell whether anything is to be recorded."""
    statement = text("SELECT EXISTS (SELECT FROM merge_outcome WHERE outcome = :new)")
    return bool(session.execute(statement, {"new": _NEW}).scalar_one())


def add_rows(session: Session, *, change: int) -> None:
    """Record the entries and lines that are left."""
    for statement in _ADD:
        session.execute(text(statement), {"change": change})

"""Journal lines of a staged file: compared with the register, refused by entry, recorded at once.

An entry is recorded as a whole or not at all: a refused line refuses its entry, so that what is
left always balances. The outcome of every row stands in the temporary table `merge_outcome`.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from finance import errors, tables
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
_TABLE_NAME = re.compile(r"[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)?", re.ASCII)
_NEW = "inserted"

# Where the segments stand in the accounting key (see `values.SEGMENTS`).
_COMPARE = """
CREATE TEMPORARY TABLE merge_outcome ON COMMIT DROP AS
SELECT s.*, substr(s.budget_key, 1, 2) AS fund_code, substr(s.budget_key, 12, 7) AS unit_code,
    substr(s.budget_key, 12, 7) || '-' || lpad(s.budget_year::text, 4, '0') AS budget_id,
    substr(s.budget_key, 27, 3) AS category_code, substr(s.budget_key, 7, 4) AS item_code,
    substr(s.budget_key, 30, 5) AS programme_code, substr(s.budget_key, 39, 2) AS source_code,
    NULL::text AS period_code,
    CASE WHEN l.line_id IS NOT NULL THEN 'unchanged'
        WHEN e.entry_no IS NOT NULL THEN 'entry_known' ELSE 'inserted' END AS outcome
FROM (SELECT line_id, entry_no, budget_year, posted_on, budget_key, side, effect, amount,
    coalesce(description, '') AS description FROM $staging$) s
LEFT JOIN (SELECT DISTINCT entry_no FROM finance.journal_entry) e USING (entry_no)
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
_UNBALANCED = """
UPDATE merge_outcome m SET outcome = 'entry_not_balanced' FROM (
    SELECT DISTINCT entry_no FROM (
        SELECT entry_no FROM merge_outcome WHERE outcome = 'inserted' GROUP BY entry_no, fund_code
        HAVING sum(CASE side WHEN 'debit' THEN amount ELSE -amount END) <> 0
        UNION ALL
        SELECT entry_no FROM merge_outcome GROUP BY entry_no
        HAVING count(DISTINCT (posted_on, budget_year, description)) > 1) wrong) w
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
UPDATE merge_outcome SET outcome = 'allocation_exceeded'
WHERE outcome = 'inserted' AND effect = 'expenditure' AND side = 'debit'
    AND (budget_id, category_code, item_code, programme_code, source_code)
        = (:budget_id, :category_code, :item_code, :programme_code, :source_code)
"""
_ADD = (
    """
INSERT INTO finance.journal_entry
    (entry_no, budget_year, posted_on, period_code, description, valid, from_change)
SELECT DISTINCT entry_no, budget_year, posted_on, period_code, description,
    daterange(posted_on, NULL), :change
FROM merge_outcome WHERE outcome = 'inserted' ORDER BY entry_no
""",
    """
INSERT INTO finance.journal_line
    (budget_id, line_id, entry_no, period_code, budget_key, side, effect, amount,
    category_code, item_code, programme_code, source_code, valid, from_change)
SELECT budget_id, line_id, entry_no, period_code, budget_key, side, effect, amount,
    category_code, item_code, programme_code, source_code, daterange(posted_on, NULL), :change
FROM merge_outcome WHERE outcome = 'inserted' ORDER BY budget_id, line_id
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


def lock_register(session: Session) -> None:
    """Make other writers wait, so that what is compared still holds when it is recorded."""
    head = tables.ledger.head
    session.execute(select(head.c.last_change).with_for_update())


def compare(session: Session, staging_table: str) -> None:
    """Say for every staged row what recording it would do, as far as single rows tell.

    Raises:
        WrongStagingTable: the name is not a plain one.
    """
    if not _TABLE_NAME.fullmatch(staging_table):
        raise errors.WrongStagingTable("Name the staging table in plain lower case.")
    session.execute(text("DROP TABLE IF EXISTS pg_temp.merge_outcome"))
    session.execute(text(_COMPARE.replace("$staging$", staging_table)))
    session.execute(text("CREATE INDEX ON merge_outcome (entry_no)"))
    session.execute(text("ANALYZE merge_outcome"))
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
    statement = text(
        "UPDATE merge_outcome SET outcome = 'key_not_valid' WHERE outcome = 'inserted'"
        " AND (budget_key, budget_year) = (:budget_key, :budget_year)"
    )
    _run_each(session, statement, (key._asdict() for key in keys))


def set_periods(session: Session, periods: Mapping[Posting, tuple[str | None, str]]) -> None:
    """Give rows the accounting period of their day, or the outcome that refuses them.

    Args:
        periods: day and budget year → period (None where there is none), outcome.
    """
    statement = text(
        "UPDATE merge_outcome SET period_code = :period_code, outcome = :outcome"
        " WHERE outcome = 'inserted' AND (posted_on, budget_year) = (:posted_on, :budget_year)"
    )
    given = (
        {**posting._asdict(), "period_code": period_code, "outcome": outcome}
        for posting, (period_code, outcome) in periods.items()
    )
    _run_each(session, statement, given)


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
    _run_each(session, text(_EXCEEDED), lines)
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


def _run_each(session: Session, statement: Any, given: Iterable[Mapping[str, Any]]) -> None:
    parameters = [dict(one) for one in given]
    if parameters:
        session.execute(statement, parameters)

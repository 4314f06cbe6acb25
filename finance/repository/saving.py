"""Writes that concern several rows or tables at once."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import exists, or_
from sqlalchemy.orm import Session

from databases import periods
from databases.changes import versions
from finance import tables, values
from finance.repository import rows
from finance.rules import nomenclature


def ensure_budget(
    session: Session, unit: values.BudgetUnit, budget_year: int, *, change: int
) -> str:
    """Give the name of the budget of a unit and year; the first record of it makes it.

    A budget of a year is no fact of days: it holds without limit.
    """
    budget_id = rows.budget_id(unit.unit_code, budget_year)
    if not versions.list_current(session, tables.unit_budget, {"budget_id": budget_id}):
        row = {
            "budget_id": budget_id,
            "unit_code": unit.unit_code,
            "budget_year": budget_year,
            "nomenclature_version": nomenclature.version_of(budget_year),
            "chapter_code": nomenclature.chapter_in(unit.chapter_code, budget_year=budget_year),
            "level_code": unit.level.value,
            "valid": periods.period(None),
        }
        versions.add(session, tables.unit_budget, [row], change=change)
    return budget_id


def add_amounts(
    session: Session,
    budget_id: str,
    stage: values.Stage,
    amounts: Iterable[values.LineAmount],
    *,
    decision_no: str,
    on: date,
    change: int,
) -> None:
    """Add first decisions on lines of a budget, from a day on.

    Raises:
        OverlappingValidity: a line has an amount already.
    """
    prepared = [
        {
            "budget_id": budget_id,
            "stage": stage.value,
            **rows.line_columns(one.line),
            "amount": one.amount,
            "revision_no": 0,
            "decision_no": decision_no,
            "valid": periods.period(on),
        }
        for one in amounts
    ]
    versions.add(session, tables.budget_amount, prepared, change=change)


def add_entry(session: Session, entry: values.Entry, period_code: str, *, change: int) -> None:
    """Add a journal entry with its lines, from the day of posting on."""
    valid = periods.period(entry.posted_on)
    head = {**rows.entry_columns(entry, period_code), "valid": valid}
    lines = [
        {**rows.entry_line_columns(entry, number, period_code), "valid": valid}
        for number in range(1, len(entry.lines) + 1)
    ]
    versions.add(session, tables.journal_entry, [head], change=change)
    versions.add(session, tables.journal_line, lines, change=change)


def keep_budgets_in_use(session: Session, *, change: int) -> None:
    """Record again the budgets that a change ended although amounts or journal lines stand in them.

    The first record of a unit and year makes its budget; annulling that record must not take the
    budget away from later ones.
    """
    held, amount, line = tables.unit_budget, tables.budget_amount, tables.journal_line
    standing = held.alias("standing")
    in_use = or_(
        exists().where(amount.c.budget_id == held.c.budget_id, amount.c.to_change.is_(None)),
        exists().where(line.c.budget_id == held.c.budget_id, line.c.to_change.is_(None)),
    )
    is_gone = ~exists().where(
        standing.c.budget_id == held.c.budget_id, standing.c.to_change.is_(None)
    )
    versions.renew(session, held, ended_by=change, change=change, condition=in_use & is_gone)

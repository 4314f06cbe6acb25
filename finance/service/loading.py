"""Loads a staged file of journal lines as one change."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from databases.changes import ledger, staged
from databases.changes.ledger import Act
from databases.errors import RegisterError
from finance import errors, tables, values
from finance.repository import rows, saving, staging, states
from finance.repository.staging import Key, Posting
from finance.rules import accounting, budgets, keys
from finance.service import acts
from finance.values import BudgetKey

STAGING_COLUMNS: Mapping[str, str] = staging.STAGING_COLUMNS

# Outcomes of rows that are not recorded → rule and sentence.
REFUSALS: Mapping[str, tuple[str, str]] = {
    "entry_known": (
        "entry.known",
        "The register holds a journal entry of this number with other lines.",
    ),
    "key_not_valid": (
        "key.not_valid",
        "A segment of the accounting key does not hold for the budget year or the unit.",
    ),
    "unit_not_open": ("unit.not_open", "The budget unit does not exist on the day of posting."),
    "posted_outside_year": (
        "posted_on.outside_year",
        "The day of posting belongs neither to the budget year nor to its closing period.",
    ),
    "period_closed": ("period.closed", "The accounting period is closed."),
    "budget_settled": ("budget.settled", "The unit's budget of this year is settled."),
    "entry_not_balanced": (
        "entry.not_balanced",
        "The good lines of this entry do not balance, or differ in day, year or description.",
    ),
    "allocation_exceeded": ("allocation.exceeded", "More would be spent than is allocated."),
    "entry_refused": ("entry.refused", "Another line of this entry is refused."),
}


def load_staged(session: Session, *, act: Act, staging_table: str, on: date) -> values.Loaded:
    """Record the entries of a staging table (shape: `STAGING_COLUMNS`) that break no rule.

    One change, or none if nothing is new. Spending under a ground of the law is not loaded: it is
    recorded entry by entry with its decision.

    Args:
        on: day whose allocations count.

    Raises:
        WrongStagingTable: the table's name is not a plain one.
    """
    staged.lock_register(session, tables.ledger)
    staging.compare(session, staging_table)
    _refuse_keys(session, on=on)
    _set_periods(session, on=acts.day_of(act))
    staging.refuse_entries(session)
    _refuse_overspending(session, on=on)
    if not staging.has_new_rows(session):
        return values.Loaded(None)
    change = ledger.open_act(session, tables.ledger, act, "execution.loaded")
    for unit_code, budget_year, first_day in staging.list_new_budgets(session):
        unit = states.get_unit(session, unit_code, on=first_day)
        saving.ensure_budget(session, unit, budget_year, change=change)
    staging.add_rows(session, change=change)
    return values.Loaded(change)


def _refuse_keys(session: Session, *, on: date) -> None:
    wrong: list[Key] = []
    parsed: dict[Key, BudgetKey] = {}
    for key in staging.list_keys(session):
        try:
            parsed[key] = BudgetKey.parse(key.budget_key)
        except RegisterError:
            wrong.append(key)
    units = states.find_units(session, {one.unit_code for one in parsed.values()}, on=on)
    for key, one in parsed.items():
        unit = units.get(one.unit_code)
        if unit is None or not _is_valid(one, key.budget_year, unit):
            wrong.append(key)
    staging.refuse_keys(session, wrong)


def _is_valid(key: BudgetKey, budget_year: int, unit: values.BudgetUnit) -> bool:
    try:
        keys.require_key(key, budget_year=budget_year, unit=unit)
    except RegisterError:
        return False
    return True


def _set_periods(session: Session, *, on: date) -> None:
    closed = states.list_closed_periods(session, on=on)
    periods: dict[Posting, str] = {}
    refused: dict[Posting, str] = {}
    for posting in staging.list_postings(session):
        try:
            period, _ = accounting.period_of(posting.posted_on, budget_year=posting.budget_year)
            accounting.require_open_period(period, closed)
        except errors.PostedOutsideYear:
            refused[posting] = "posted_outside_year"
        except errors.PeriodClosed:
            refused[posting] = "period_closed"
        else:
            periods[posting] = period
    staging.set_periods(session, periods, refused)


def _refuse_overspending(session: Session, *, on: date) -> None:
    """Refuse entries until what is left stays within the allocations.

    Entries that exceed an allocation only together all go: nobody can say which one is right.
    An entry that is refused may have paid back on another line, so that line is looked at again.
    """
    while True:
        spent = staging.list_spent(session)
        held = states.list_spent(session, list(spent))
        allocated = states.list_allocated(session, list(spent), on=on)
        overspent = [
            line
            for budget_id, new in spent.items()
            for line in _list_exceeding(
                budget_id, allocated.get(budget_id, {}), held.get(budget_id, {}), new
            )
        ]
        if not overspent:
            return
        staging.refuse_spending(session, overspent)


def _list_exceeding(
    budget_id: str, allocated: budgets.Amounts, held: budgets.Amounts, new: budgets.Amounts
) -> Iterator[Mapping[str, Any]]:
    """Name the lines of the file that raise spending above what covers them."""
    total = dict(held)
    for line, amount in new.items():
        total[line] = total.get(line, Decimal(0)) + amount
    over = set(budgets.list_overspent(allocated, total))
    for line, amount in new.items():
        if budgets.covering_line(line, allocated) in over and amount > 0:
            yield {"budget_id": budget_id, **rows.line_columns(line)}

"""Annulling an act that should never have been recorded."""

from datetime import date

from sqlalchemy.orm import Session

from databases.changes import annulling
from databases.changes.ledger import Act
from finance import tables
from finance.repository import saving, states
from finance.rules import accounting, budgets
from finance.service import acts
from finance.values import Ground

_NAMING_UNITS = ((tables.unit_budget, "unit_code"), (tables.public_asset, "unit_code"))
_NAMING_TAXPAYERS = (
    (tables.tax_duty, "taxpayer_code"),
    (tables.tax_payment, "taxpayer_code"),
    (tables.customs_declaration, "taxpayer_code"),
)


def annul_change(session: Session, *, act: Act, annulled: int) -> int:
    """Annul a former change as a whole: what it recorded ends, what it ended stands again.

    Returns:
        number of the change by which it was annulled.

    Raises:
        ChangeNotFound: the register has no change of that number.
        ChangeNotAnnullable: nothing of it stands, later acts were built on it, or something is
            recorded of a unit or taxpayer who would be in the register no more.
        PeriodClosed: it posted an entry in an accounting period that is closed.
        BudgetSettled: it concerns a budget that is settled.
        AllocationBelowExecution: more would be spent than is allocated.
    """
    change = annulling.annul_change(
        session, tables.ledger, tables.metadata, act=act, annulled=annulled
    )
    saving.keep_budgets_in_use(session, change=change)
    annulling.require_no_orphans(session, tables.budget_unit, _NAMING_UNITS, change=change)
    annulling.require_no_orphans(session, tables.taxpayer, _NAMING_TAXPAYERS, change=change)
    _require_books_open(session, act, change)
    _require_spending_allowed(session, change)
    return change


def _require_books_open(session: Session, act: Act, change: int) -> None:
    closed = states.list_closed_periods(session, on=acts.day_of(act))
    for period_code in states.list_ended_periods(session, change):
        accounting.require_open_period(period_code, closed)


def _require_spending_allowed(session: Session, change: int) -> None:
    """Look at every budget of which the annulment took an amount or a journal line away."""
    touched = states.list_ended_budgets(session, change)
    for budget_id in touched:
        acts.require_not_settled(session, budget_id)
    allocated = states.list_allocated(session, touched, on=date.max)
    spent = states.list_spent(session, touched)
    ungrounded = states.list_spent(session, touched, without=tuple(Ground))
    for budget_id in touched:
        budgets.require_still_allowed(
            allocated.get(budget_id, {}), spent.get(budget_id, {}), ungrounded.get(budget_id, {})
        )

"""The journal of the treasury, and accounting periods."""

import dataclasses
from datetime import date

from sqlalchemy.orm import Session

from databases import periods
from databases.changes import ledger, stretches, versions
from databases.changes.ledger import Act, Recorded
from databases.errors import FieldProblem
from finance import errors, tables, values
from finance.repository import rows, saving, states
from finance.rules import accounting, budgets, keys
from finance.service import acts
from finance.values import Ground


def record_execution(session: Session, *, act: Act, entry: values.Entry) -> Recorded:
    """Record a journal entry: revenue, expenditure or what only concerns cash and claims.

    Raises:
        EntryNotBalanced, PostedOutsideYear, PeriodClosed: the entry cannot be posted.
        EntryAlreadyRecorded: its number was used before.
        SegmentNotInForce, MalformedBudgetCode: a key does not hold for the budget year.
        BudgetUnitNotFound, BudgetUnitClosed, BudgetSettled: a unit cannot be posted to.
        AllocationExceeded, GroundNotApplicable: more would be spent than the law allows.
    """
    _require_ground(entry)
    accounting.require_balanced(entry.lines)
    period_code, warnings = accounting.period_of(entry.posted_on, budget_year=entry.budget_year)
    change = ledger.open_act(session, tables.ledger, act, "execution.recorded")
    if states.is_known(session, tables.journal_entry, {"entry_no": entry.entry_no}):
        raise errors.EntryAlreadyRecorded("A journal entry of this number was recorded before.")
    closed = states.list_closed_periods(session, on=acts.day_of(act))
    accounting.require_open_period(period_code, closed)
    doubts = _require_keys(session, entry, change=change)
    saving.add_entry(session, entry, period_code, change=change)
    grounds = _require_within_allocation(session, entry)
    return Recorded(change, entry.entry_no, (*warnings, *doubts, *grounds))


def close_period(
    session: Session, *, act: Act, period_code: str, on: date, decision_no: str
) -> Recorded:
    """Close a month of a budget year, or a year as a whole, from a day on.

    Raises:
        MalformedBudgetCode: no accounting period is named.
        PeriodClosed: it is closed already.
    """
    accounting.require_period(period_code)
    change = ledger.open_act(session, tables.ledger, act, "period.closed")
    row = {
        "period_code": period_code,
        "decision_no": decision_no,
        "valid": periods.period(on),
    }
    try:
        versions.add(session, tables.period_lock, [row], change=change)
    except versions.OverlappingValidity as error:
        raise errors.PeriodClosed("This accounting period is closed already.") from error
    return Recorded(change, period_code)


def reopen_period(
    session: Session, *, act: Act, period_code: str, on: date, decision_no: str
) -> Recorded:
    """Reopen a closed period from a day on; that it was closed before stays in the register.

    Args:
        decision_no: decision that orders it; the ledger keeps it with the act's document.

    Raises:
        MalformedBudgetCode: no accounting period is named.
        PeriodNotClosed: it is open on the day, or closed only with its year.
        IncompleteRecord: no decision is named.
    """
    accounting.require_period(period_code)
    if not decision_no.strip():
        message = "Name the decision that orders the period reopened."
        raise errors.IncompleteRecord.of_field("decision_no", "decision.missing", message)
    document = f"{decision_no}; {act.source_document}"
    decided = dataclasses.replace(act, source_document=document)
    change = ledger.open_act(session, tables.ledger, decided, "period.reopened")
    key = {"period_code": period_code}
    if not stretches.close_stretch(session, tables.period_lock, key, on=on, change=change):
        raise errors.PeriodNotClosed("On this day no decision closes this accounting period.")
    return Recorded(change, period_code)


def _require_ground(entry: values.Entry) -> None:
    has_decision = bool((entry.ground_decision or "").strip())
    if (entry.ground is not None) != has_decision:
        message = "A ground and the decision that names it go together."
        raise errors.IncompleteRecord.of_field("ground", "ground.decision", message)


def _require_keys(
    session: Session, entry: values.Entry, *, change: int
) -> tuple[FieldProblem, ...]:
    """Check the keys against nomenclature and units; their budgets exist afterwards."""
    doubts: dict[FieldProblem, None] = {}
    units = {
        code: acts.require_open_unit(session, code, on=entry.posted_on)
        for code in sorted({line.key.unit_code for line in entry.lines})
    }
    for line in entry.lines:
        unit = units[line.key.unit_code]
        found = keys.require_key(line.key, budget_year=entry.budget_year, unit=unit)
        doubts.update(dict.fromkeys(found))
    for unit in units.values():
        budget_id = saving.ensure_budget(session, unit, entry.budget_year, change=change)
        acts.require_not_settled(session, budget_id)
    return tuple(doubts)


def _require_within_allocation(session: Session, entry: values.Entry) -> tuple[FieldProblem, ...]:
    """Compare what is spent, with this entry, on the lines that it spends more on.

    An entry may be recorded after its allocation was cut: what is left by the last decision counts
    as well as what was allocated on its day.
    """
    if entry.ground is Ground.CARRIED_OVER:
        return ()
    warnings: dict[FieldProblem, None] = {}
    touched: dict[str, set[values.BudgetLine]] = {}
    for line in entry.lines:
        if line.spent > 0:
            budget_id = rows.budget_id(line.key.unit_code, entry.budget_year)
            touched.setdefault(budget_id, set()).add(line.budget_line)
    spent = states.list_spent(session, touched)
    for on in (entry.posted_on, date.max):
        all_allocated = states.list_allocated(session, touched, on=on)
        for budget_id, lines in touched.items():
            allocated = all_allocated.get(budget_id, {})
            concerned = budgets.sharing_cover(spent.get(budget_id, {}), lines, allocated)
            found = budgets.require_within_allocation(allocated, concerned, ground=entry.ground)
            warnings.update(dict.fromkeys(found))
    return tuple(warnings)

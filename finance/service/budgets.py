"""Estimates, allocations and their adjustments, settlement of a unit's budget."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from databases import periods
from databases.changes import ledger, versions
from databases.changes.ledger import Act, Recorded
from databases.errors import FieldProblem
from finance import errors, tables, values
from finance.repository import rows, saving, states
from finance.rules import budgets as rules
from finance.rules import nomenclature
from finance.service import acts
from finance.values import Stage


def register_estimate(
    session: Session,
    *,
    act: Act,
    unit_code: str,
    budget_year: int,
    amounts: Sequence[values.LineAmount],
    on: date,
    decision_no: str,
) -> Recorded:
    """Record what a unit asks for, line by line, from the day of its estimate on.

    Raises:
        BudgetUnitNotFound, BudgetUnitClosed, BudgetSettled: nothing can be decided for the unit.
        BudgetLineAlreadyDecided: a line has an estimate already.
        MalformedBudgetCode, SegmentNotInForce, IncompleteRecord: an amount breaks a rule.
    """
    change = ledger.open_act(session, tables.ledger, act, "estimate.registered")
    budget_id, warnings = _open_budget(
        session, unit_code, budget_year, amounts, on=on, change=change
    )
    _add(session, budget_id, Stage.ESTIMATE, amounts, on=on, decision_no=decision_no, change=change)
    return Recorded(change, budget_id, warnings)


def register_allocation(
    session: Session,
    *,
    act: Act,
    unit_code: str,
    budget_year: int,
    amounts: Sequence[values.LineAmount],
    on: date,
    decision_no: str,
) -> Recorded:
    """Record what a unit is given, line by line, from the day of the decision on.

    Raises:
        BudgetUnitNotFound, BudgetUnitClosed, BudgetSettled: nothing can be decided for the unit.
        BudgetLineAlreadyDecided: a line has an allocation already: amend it.
        AllocationBelowExecution: less than temporary funding has spent already.
        MalformedBudgetCode, SegmentNotInForce, IncompleteRecord: an amount breaks a rule.
    """
    change = ledger.open_act(session, tables.ledger, act, "allocation.registered")
    budget_id, warnings = _open_budget(
        session, unit_code, budget_year, amounts, on=on, change=change
    )
    _add(
        session, budget_id, Stage.ALLOCATION, amounts, on=on, decision_no=decision_no, change=change
    )
    _require_covered(session, budget_id, [one.line for one in amounts], on=on)
    return Recorded(change, budget_id, warnings)


def amend_allocation(
    session: Session,
    *,
    act: Act,
    unit_code: str,
    budget_year: int,
    amounts: Sequence[values.LineAmount],
    on: date,
    decision_no: str,
) -> Recorded:
    """Adjust allocations: the amounts given hold from the day on, as the next revision.

    Raises:
        BudgetUnitNotFound, BudgetUnitClosed, BudgetSettled: nothing can be decided for the unit.
        BudgetLineNotFound: a line has no allocation on the day.
        BudgetLineAlreadyDecided: a line was adjusted from a later day on.
        AllocationBelowExecution: less than was spent already.
        MalformedBudgetCode, SegmentNotInForce, IncompleteRecord: an amount breaks a rule.
    """
    change = ledger.open_act(session, tables.ledger, act, "allocation.amended")
    budget_id, warnings = _open_budget(
        session, unit_code, budget_year, amounts, on=on, change=change
    )
    held = states.list_amounts(session, budget_id, Stage.ALLOCATION, on=on)
    for one in amounts:
        if one.line not in held:
            raise errors.BudgetLineNotFound("A line has no allocation on this day: register it.")
        if held[one.line]["valid"].upper is not None:
            message = "A line was adjusted from a later day on: annul that decision first."
            raise errors.BudgetLineAlreadyDecided(message)
        changed = {
            "amount": one.amount,
            "revision_no": held[one.line]["revision_no"] + 1,
            "decision_no": decision_no,
        }
        key = {"budget_id": budget_id, "stage": Stage.ALLOCATION, **rows.line_columns(one.line)}
        valid = periods.period(on)
        versions.amend(session, tables.budget_amount, key, changed, valid=valid, change=change)
    _require_covered(session, budget_id, [one.line for one in amounts], on=on)
    return Recorded(change, budget_id, warnings)


def register_settlement(
    session: Session,
    *,
    act: Act,
    unit_code: str,
    budget_year: int,
    amounts: Sequence[values.LineAmount],
    on: date,
    decision_no: str,
) -> Recorded:
    """Settle the budget of a unit and year: what was spent is confirmed, nothing is added later.

    A unit that was closed meanwhile is settled all the same.

    Raises:
        BudgetUnitNotFound: the unit was never registered.
        BudgetLineNotFound: the register holds no budget of the unit and year.
        BudgetSettled: it is settled already.
        SettlementAboveExecution: more would be settled than was spent.
        MalformedBudgetCode, SegmentNotInForce, IncompleteRecord: an amount breaks a rule.
    """
    doubts = rules.require_amounts(amounts)
    change = ledger.open_act(session, tables.ledger, act, "settlement.registered")
    states.get_unit(session, unit_code, on=on)
    budget_id = rows.budget_id(unit_code, budget_year)
    if states.find_budget(session, budget_id, on=on) is None:
        raise errors.BudgetLineNotFound("The register holds no budget of this unit and year.")
    acts.require_not_settled(session, budget_id)
    spent = states.list_spent(session, [budget_id], without=()).get(budget_id, {})
    warnings = rules.require_settlement({one.line: one.amount for one in amounts}, spent)
    _add(
        session, budget_id, Stage.SETTLEMENT, amounts, on=on, decision_no=decision_no, change=change
    )
    settled = {"settled_on": on}
    key, valid = {"budget_id": budget_id}, periods.period(on)
    versions.amend(session, tables.unit_budget, key, settled, valid=valid, change=change)
    return Recorded(change, budget_id, (*doubts, *warnings))


def _open_budget(
    session: Session,
    unit_code: str,
    budget_year: int,
    amounts: Sequence[values.LineAmount],
    *,
    on: date,
    change: int,
) -> tuple[str, tuple[FieldProblem, ...]]:
    """Check what every decision needs; give the budget's name and doubts."""
    doubts = rules.require_amounts(amounts)
    unit = acts.require_open_unit(session, unit_code, on=on)
    chapter = nomenclature.chapter_in(unit.chapter_code, budget_year=budget_year)
    nomenclature.require_chapter(chapter, unit.level, budget_year=budget_year)
    budget_id = saving.ensure_budget(session, unit, budget_year, change=change)
    acts.require_not_settled(session, budget_id)
    return budget_id, doubts


def _add(
    session: Session,
    budget_id: str,
    stage: Stage,
    amounts: Sequence[values.LineAmount],
    *,
    on: date,
    decision_no: str,
    change: int,
) -> None:
    try:
        saving.add_amounts(
            session, budget_id, stage, amounts, decision_no=decision_no, on=on, change=change
        )
    except versions.OverlappingValidity as error:
        message = f"A line has this amount already ({stage.value}): amend it."
        raise errors.BudgetLineAlreadyDecided(message) from error


def _require_covered(
    session: Session, budget_id: str, lines: Sequence[values.BudgetLine], *, on: date
) -> None:
    """Refuse decisions below what counts against them; other lines are not looked at."""
    allocated = states.list_allocated(session, [budget_id], on=on).get(budget_id, {})
    spent = states.list_spent(session, [budget_id]).get(budget_id, {})
    concerned = {
        line: amount
        for line, amount in spent.items()
        if rules.covering_line(line, allocated) in lines
    }
    rules.require_covered(allocated, concerned)

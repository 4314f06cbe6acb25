"""Budget units: registration, changes, closing."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from databases import periods
from databases.changes import ledger, versions
from databases.changes.ledger import Act, Recorded
from databases.errors import FieldProblem
from finance import errors, tables, values
from finance.repository import rows, states
from finance.rules import units as rules
from finance.service import acts


def register_budget_unit(session: Session, *, act: Act, unit: values.BudgetUnit) -> Recorded:
    """Register a budget unit from its first day on.

    Raises:
        BudgetUnitAlreadyRegistered: the code was given before, even if annulled or closed.
        MalformedBudgetCode, SegmentNotInForce, IncompleteRecord: the registration breaks a rule.
    """
    warnings = rules.require_unit(unit, on=unit.opened_on)
    change = ledger.open_act(session, tables.ledger, act, "budget_unit.registered")
    if states.is_known(session, tables.budget_unit, {"unit_code": unit.unit_code}):
        message = "This code was given before: a unit's code is never given again."
        raise errors.BudgetUnitAlreadyRegistered(message)
    row = {**rows.unit_columns(unit), "valid": periods.period(unit.opened_on)}
    versions.add(session, tables.budget_unit, [row], change=change)
    return Recorded(change, unit.unit_code, warnings)


def amend_budget_unit(
    session: Session, *, act: Act, unit_code: str, on: date, changes: Mapping[str, Any]
) -> Recorded:
    """Change a unit from a day on, such as its chapter or level; its code stays.

    Args:
        changes: names of `values.BudgetUnit` with their new values.

    Raises:
        BudgetUnitNotFound, BudgetUnitClosed: there is no open unit on the day.
        MalformedBudgetCode, SegmentNotInForce, IncompleteRecord: the result breaks a rule.
    """
    change = ledger.open_act(session, tables.ledger, act, "budget_unit.amended")
    acts.require_open_unit(session, unit_code, on=on)
    fixed = ("unit_code", "opened_on", "closed_on")
    valid = periods.period(on)
    warnings = _write(session, unit_code, changes, valid=valid, fixed=fixed, change=change)
    return Recorded(change, unit_code, warnings)


def correct_budget_unit(
    session: Session,
    *,
    act: Act,
    unit_code: str,
    valid_from: date,
    valid_to: date | None,
    changes: Mapping[str, Any],
) -> Recorded:
    """Correct what was recorded wrongly of a unit for the days of a half-open period.

    What is not named stays as it is, also where it changes within the period.

    Raises:
        BudgetUnitNotFound: the unit was not registered on the first day.
        MalformedBudgetCode, SegmentNotInForce, IncompleteRecord: the result breaks a rule.
    """
    change = ledger.open_act(session, tables.ledger, act, "budget_unit.corrected")
    states.get_unit(session, unit_code, on=valid_from)
    fixed = ("unit_code", "opened_on")
    valid = periods.period(valid_from, valid_to)
    warnings = _write(session, unit_code, changes, valid=valid, fixed=fixed, change=change)
    return Recorded(change, unit_code, warnings)


def close_budget_unit(
    session: Session, *, act: Act, unit_code: str, on: date, successor_unit_code: str | None = None
) -> Recorded:
    """Close a unit from a day on; the code stays in the register with its days.

    Raises:
        BudgetUnitNotFound, BudgetUnitClosed: there is no open unit on the day.
        MalformedBudgetCode: the successor's code does not have its form.
        IncompleteRecord: the unit is named as its own successor.
    """
    rules.require_other_unit(unit_code, successor_unit_code, field="successor_unit_code")
    if successor_unit_code is not None:
        rules.require_unit_code(successor_unit_code, field="successor_unit_code")
    change = ledger.open_act(session, tables.ledger, act, "budget_unit.closed")
    acts.require_open_unit(session, unit_code, on=on)
    closing = {
        "closed_on": on,
        "closing_reason": act.reason,
        "successor_unit_code": successor_unit_code,
    }
    key = {"unit_code": unit_code}
    versions.amend(
        session, tables.budget_unit, key, closing, valid=periods.period(on), change=change
    )
    return Recorded(change, unit_code)


def _write(
    session: Session,
    unit_code: str,
    changes: Mapping[str, Any],
    *,
    valid: Range[date],
    fixed: Collection[str],
    change: int,
) -> tuple[FieldProblem, ...]:
    """Write what changes and nothing else: versions of later days keep what they say besides."""
    key = {"unit_code": unit_code}
    replaced = acts.list_replaced(
        session, tables.budget_unit, key, changes, valid=valid, read=rows.unit_of, fixed=fixed
    )
    warnings: dict[FieldProblem, None] = {}
    for on, unit in replaced:
        warnings.update(dict.fromkeys(rules.require_unit(unit, on=on)))
    columns = rows.named_columns(rows.unit_columns(replaced[0][1]), changes)
    versions.amend(session, tables.budget_unit, key, columns, valid=valid, change=change)
    return tuple(warnings)

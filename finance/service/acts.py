"""What several acts share."""

import dataclasses
from collections.abc import Collection, Mapping
from datetime import date, timedelta, timezone
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from databases.changes.ledger import Act
from databases.errors import FieldProblem
from finance import errors, values
from finance.repository import states
from finance.rules import units

_Record = TypeVar("_Record", bound=Any)
_VIETNAM = timezone(timedelta(hours=7))


def day_of(act: Act) -> date:
    """Give the day in Viet Nam on which an act is recorded."""
    return act.recorded_at.astimezone(_VIETNAM).date()


def replaced(held: _Record, changes: Mapping[str, Any], *, fixed: Collection[str]) -> _Record:
    """Give a record with some of its values replaced.

    Args:
        fixed: names that cannot be changed.

    Raises:
        IncompleteRecord: a name is none of the record's, or fixed.
    """
    known = {field.name for field in dataclasses.fields(held)} - set(fixed)
    unknown = sorted(changes.keys() - known)
    if unknown:
        problems = [FieldProblem(n, "record.unknown", "This cannot be changed.") for n in unknown]
        raise errors.IncompleteRecord("Name only what can be changed.", fields=problems)
    return dataclasses.replace(held, **changes)


def require_open_unit(session: Session, unit_code: str, *, on: date) -> values.BudgetUnit:
    """Read a budget unit that exists on a day.

    Raises:
        BudgetUnitNotFound, BudgetUnitClosed: it does not.
    """
    unit = states.get_unit(session, unit_code, on=on)
    units.require_open(unit, on=on)
    return unit


def require_not_settled(session: Session, budget_id: str, *, on: date) -> None:
    """Refuse to record anything in a budget that is settled.

    Raises:
        BudgetSettled: it is.
    """
    budget = states.find_budget(session, budget_id, on=on)
    if budget is not None and budget["settled_on"] is not None:
        raise errors.BudgetSettled("The unit's budget of this year is settled.")

"""What several acts share."""

import dataclasses
from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import Table
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from databases import periods
from databases.changes import versions
from databases.changes.ledger import Act
from databases.errors import FieldProblem
from finance import errors, values
from finance.repository import states
from finance.rules import units

_Record = TypeVar("_Record", bound=Any)


def day_of(act: Act) -> date:
    """Give the day in Viet Nam on which an act is recorded."""
    return periods.day_in_vietnam(act.recorded_at)


def list_replaced(
    session: Session,
    table: Table,
    key: Mapping[str, Any],
    changes: Mapping[str, Any],
    *,
    valid: Range[date],
    read: Callable[[Mapping[str, Any]], _Record],
    fixed: Collection[str],
) -> list[tuple[date, _Record]]:
    """Give a record as it will stand in each of its versions in a period, none of them written.

    Args:
        changes: names of the record's values with what is to replace them.
        valid: the period; it has a first day.
        read: makes the record of a row.
        fixed: names that cannot be changed.

    Returns:
        the first day of each version in the period, and the record from it on; oldest first.

    Raises:
        IncompleteRecord: a name is none of the record's, or fixed.
    """
    return [
        (max(row["valid"].lower, valid.lower), _replaced(read(row), changes, fixed=fixed))
        for row in versions.list_current(session, table, key, valid)
    ]


def _replaced(held: _Record, changes: Mapping[str, Any], *, fixed: Collection[str]) -> _Record:
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


def require_not_settled(session: Session, budget_id: str) -> None:
    """Refuse to record anything in a budget that is settled, for whatever day.

    Raises:
        BudgetSettled: it is.
    """
    if states.is_settled(session, budget_id):
        raise errors.BudgetSettled("The unit's budget of this year is settled.")

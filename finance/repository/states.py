"""Reads what the rules need to know; current knowledge, inside the writing transaction."""

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Table, case, func, or_, select, union
from sqlalchemy.orm import Session

from databases.changes import versions
from databases.changes.versions import AsOf
from finance import errors, tables, values
from finance.repository import rows

Amounts = dict[values.BudgetLine, Decimal]


def is_known(session: Session, table: Table, key: Mapping[str, Any]) -> bool:
    """Tell whether a key was ever recorded, even if the record was annulled."""
    condition = [table.c[name] == value for name, value in key.items()]
    found = select(table.c.from_change).where(*condition).limit(1)
    return session.execute(found).first() is not None


def get_unit(session: Session, unit_code: str, *, on: date) -> values.BudgetUnit:
    """Read a budget unit as it is registered for a day, be it open or closed.

    Raises:
        BudgetUnitNotFound: it was not registered by then.
    """
    row = versions.find_on(session, tables.budget_unit, {"unit_code": unit_code}, on)
    if row is None:
        raise errors.BudgetUnitNotFound("No budget unit of this code is registered on this day.")
    return rows.unit_of(row)


def find_units(
    session: Session, unit_codes: Collection[str], *, on: date
) -> dict[str, values.BudgetUnit]:
    """Read those of some budget units that are registered for a day, by code."""
    table = tables.budget_unit
    statement = select(table).where(
        table.c.unit_code.in_(unit_codes), versions.is_as_of(table, AsOf(on))
    )
    found = (dict(row) for row in session.execute(statement).mappings())
    return {row["unit_code"]: rows.unit_of(row) for row in found}


def find_budget(session: Session, budget_id: str, *, on: date) -> dict[str, Any] | None:
    """Read what is held of the budget of a unit and year; None before its first record."""
    return versions.find_on(session, tables.unit_budget, {"budget_id": budget_id}, on)


def is_settled(session: Session, budget_id: str) -> bool:
    """Tell whether the budget of a unit and year is settled, from whatever day on."""
    budgets = versions.list_current(session, tables.unit_budget, {"budget_id": budget_id})
    return any(row["settled_on"] is not None for row in budgets)


def list_amounts(
    session: Session, budget_id: str, stage: values.Stage, *, on: date
) -> dict[values.BudgetLine, dict[str, Any]]:
    """List what is decided at a stage of a budget on a day: line → row."""
    table = tables.budget_amount
    statement = select(table).where(
        table.c.budget_id == budget_id,
        table.c.stage == stage.value,
        versions.is_as_of(table, AsOf(on)),
    )
    found = session.execute(statement).mappings()
    return {rows.line_of(dict(row)): dict(row) for row in found}


def list_allocated(
    session: Session, budget_ids: Collection[str], *, on: date
) -> dict[str, Amounts]:
    """List the allocations of several budgets on a day, by budget and line.

    Args:
        on: the day; `date.max` for what the last decisions say.
    """
    table = tables.budget_amount
    statement = select(table).where(
        table.c.budget_id.in_(budget_ids),
        table.c.stage == values.Stage.ALLOCATION.value,
        versions.is_as_of(table, AsOf(on)),
    )
    allocated: dict[str, Amounts] = {}
    for row in session.execute(statement).mappings():
        allocated.setdefault(row["budget_id"], {})[rows.line_of(dict(row))] = row["amount"]
    return allocated


def list_spent(
    session: Session,
    budget_ids: Collection[str],
    *,
    without: Collection[values.Ground] = (values.Ground.CARRIED_OVER,),
) -> dict[str, Amounts]:
    """Add up what was spent, by budget and line with sub-items.

    Args:
        without: grounds of spending that is left out; of itself that which does not count against
            the year's allocation.
    """
    table = tables.journal_line
    signed = case((table.c.side == values.Side.DEBIT.value, table.c.amount), else_=-table.c.amount)
    names = ("category_code", "item_code", "programme_code", "source_code")
    line = [table.c[name] for name in names]
    statement = (
        select(table.c.budget_id, *line, func.sum(signed).label("total"))
        .where(
            table.c.budget_id.in_(budget_ids),
            table.c.effect == values.Effect.EXPENDITURE.value,
            table.c.to_change.is_(None),
            or_(
                table.c.ground.is_(None),
                table.c.ground.not_in([ground.value for ground in without]),
            ),
        )
        .group_by(table.c.budget_id, *line)
    )
    spent: dict[str, Amounts] = {}
    for row in session.execute(statement).mappings():
        spent.setdefault(row["budget_id"], {})[rows.line_of(dict(row))] = row["total"]
    return spent


def list_ended_budgets(session: Session, change: int) -> list[str]:
    """List the budgets of which a change ended amounts or journal lines, in order."""
    found = [
        select(table.c.budget_id).where(table.c.to_change == change)
        for table in (tables.budget_amount, tables.journal_line)
    ]
    return sorted(session.execute(union(*found)).scalars())


def list_ended_periods(session: Session, change: int) -> list[str]:
    """List the accounting periods in which a change ended journal entries, in order."""
    table = tables.journal_entry
    found = select(table.c.period_code).where(table.c.to_change == change).distinct()
    return sorted(session.execute(found).scalars())


def list_closed_periods(session: Session, *, on: date) -> frozenset[str]:
    """List the accounting periods and years that are closed on a day."""
    table = tables.period_lock
    statement = select(table.c.period_code).where(versions.is_as_of(table, AsOf(on)))
    return frozenset(session.execute(statement).scalars())


def find_taxpayer_code(session: Session, code: str, *, on: date) -> str | None:
    """Give the code that a taxpayer bears, asked by it or by a former one; None if unknown."""
    if versions.find_on(session, tables.taxpayer, {"taxpayer_code": code}, on) is not None:
        return code
    alias = versions.find_on(session, tables.taxpayer_alias, {"former_code": code}, on)
    return None if alias is None else str(alias["taxpayer_code"])


def was_tax_code_given(session: Session, code: str) -> bool:
    """Tell whether a code is or was a taxpayer's, as its present or a former one."""
    return is_known(session, tables.taxpayer, {"taxpayer_code": code}) or is_known(
        session, tables.taxpayer_alias, {"former_code": code}
    )


def find_assessed(session: Session, duty: Mapping[str, Any], *, on: date) -> Decimal | None:
    """Read what was assessed of an item and tax period; None if nothing was."""
    row = versions.find_on(session, tables.tax_duty, duty, on)
    return None if row is None else Decimal(row["amount"])


def add_up_payments(session: Session, duty: Mapping[str, Any]) -> Decimal:
    """Add up all payments towards a duty."""
    table = tables.tax_payment
    statement = select(func.coalesce(func.sum(table.c.amount), 0)).where(
        table.c.to_change.is_(None), *(table.c[name] == value for name, value in duty.items())
    )
    return Decimal(session.execute(statement).scalar_one())

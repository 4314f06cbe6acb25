"""Reads what the register publishes: one statement per question, only the columns it needs.

Lists come as correlated subqueries in a fixed order, so that the same state always gives the same
bytes.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Numeric,
    Select,
    Text,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    select,
    union_all,
)
from sqlalchemy.dialects import postgresql

from databases import statements
from finance import tables
from finance.repository import reading
from finance.repository.reading import Source
from finance.values import Effect, Side

_LINE = ("category_code", "item_code", "programme_code", "source_code")

_unit, _unit_found = reading.aliases(tables.budget_unit)
UNITS = Source(
    _unit,
    "unit_code",
    {
        **reading.dated(_unit, "opened_on", "closed_on"),
        "place": lambda _: reading.place(_unit),
    },
    _unit_found,
    {
        "name": reading.equal(_unit_found, "name_key", "name"),
        "chapter": reading.equal(_unit_found, "chapter_code", "chapter"),
        "parent_unit_code": reading.equal(_unit_found, "parent_unit_code", "parent_unit_code"),
        "province": reading.coded(_unit_found, "province_code", "commune_version", "province"),
        "commune": reading.coded(_unit_found, "commune_code", "commune_version", "commune"),
    },
)

_declaration, _declaration_found = reading.aliases(tables.customs_declaration)
DECLARATIONS = Source(
    _declaration,
    "declaration_no",
    {
        **reading.dated(_declaration, "declared_on", "cleared_on"),
        **reading.amounts(_declaration, "value_amount", "duty_amount"),
    },
    _declaration_found,
    {
        "taxpayer_code": reading.equal(_declaration_found, "taxpayer_code", "taxpayer_code"),
        "kind": reading.equal(_declaration_found, "kind", "kind"),
    },
)

_asset, _asset_found = reading.aliases(tables.public_asset)
ASSETS = Source(
    _asset,
    "asset_code",
    {
        **reading.dated(_asset, "acquired_on", "disposed_on"),
        **reading.amounts(_asset, "area_m2", "original_value_amount"),
        "place": lambda _: reading.place(_asset),
    },
    _asset_found,
    {
        "unit_code": reading.equal(_asset_found, "unit_code", "unit_code"),
        "parcel_id": reading.equal(_asset_found, "parcel_id", "parcel_id"),
        "province": reading.coded(_asset_found, "province_code", "commune_version", "province"),
    },
)

_budget, _budget_found = reading.aliases(tables.unit_budget)


def _listed(rows: Select[Any], entry: Sequence[str], order: Sequence[str]) -> ColumnElement[Any]:
    """Put the rows of a select into one list."""
    inner = rows.subquery()
    built = func.json_build_array(*(inner.c[name] for name in entry))
    ordered = postgresql.aggregate_order_by(built, *(inner.c[name] for name in order))
    return select(func.json_agg(ordered)).scalar_subquery()


def _amounts(at_change: bool) -> ColumnElement[Any]:
    table = tables.budget_amount.alias("decided")
    rows = (
        select(
            table.c.stage,
            *(table.c[name] for name in _LINE),
            reading.money(table.c.amount).label("amount"),
            table.c.revision_no,
            table.c.decision_no,
        )
        .where(table.c.budget_id == _budget.c.budget_id, statements.is_held(table, at_change))
        .correlate(_budget)
    )
    entry = ("stage", *_LINE, "amount", "revision_no", "decision_no")
    return _listed(rows, entry, ("stage", *_LINE))


def _executed(names: Sequence[str], at_change: bool) -> ColumnElement[Any]:
    """Add up the journal by some of its columns; revenue grows by credits, spending by debits."""
    table = tables.journal_line.alias("line")
    is_adding = case(
        (table.c.effect == Effect.REVENUE.value, table.c.side == Side.CREDIT.value),
        else_=table.c.side == Side.DEBIT.value,
    )
    total = func.sum(case((is_adding, table.c.amount), else_=-table.c.amount), type_=Numeric)
    columns = [table.c[name] for name in (*names, "effect")]
    rows = (
        select(*columns, reading.money(total).label("amount"))
        .where(
            table.c.budget_id == _budget.c.budget_id,
            table.c.effect != Effect.BALANCE.value,
            statements.is_held(table, at_change),
        )
        .group_by(*columns)
        .correlate(_budget)
    )
    return _listed(rows, (*names, "effect", "amount"), (*names, "effect"))


def _closed_periods(at_change: bool) -> ColumnElement[Any]:
    table = tables.period_lock.alias("lock")
    year = func.lpad(_budget.c.budget_year.cast(Text), 4, "0")
    rows = (
        select(table.c.period_code)
        .where(func.left(table.c.period_code, 4) == year, statements.is_held(table, at_change))
        .correlate(_budget)
    )
    return _listed(rows, ("period_code",), ("period_code",))


def _unit_place(at_change: bool) -> ColumnElement[Any]:
    table = tables.budget_unit.alias("spender")
    return (
        select(reading.place(table))
        .where(table.c.unit_code == _budget.c.unit_code, statements.is_held(table, at_change))
        .correlate(_budget)
        .scalar_subquery()
    )


def _has_period(at_change: bool) -> ColumnElement[bool]:
    table = tables.journal_line
    return (
        select(literal_column("1"))
        .where(
            table.c.budget_id == _budget_found.c.budget_id,
            table.c.period_code == bindparam("period", type_=Text),
            statements.is_held(table, at_change),
        )
        .exists()
    )


BUDGETS = Source(
    _budget,
    "budget_id",
    {
        **reading.dated(_budget, "settled_on"),
        "place": _unit_place,
        "amounts": _amounts,
        "executed": lambda at: _executed(_LINE, at),
        "months": lambda at: _executed(("period_code",), at),
        "closed_periods": _closed_periods,
    },
    _budget_found,
    {
        "unit_code": reading.equal(_budget_found, "unit_code", "unit_code"),
        "year": lambda _: _budget_found.c.budget_year == bindparam("year", type_=Integer),
        "chapter": reading.coded(_budget_found, "chapter_code", "nomenclature_version", "chapter"),
        "period": _has_period,
        "after": lambda _: _budget_found.c.budget_id > bindparam("after", type_=Text),
    },
)

_taxpayer, _taxpayer_found = reading.aliases(tables.taxpayer)


def _codes(at_change: bool) -> FromClause:
    """Give every code asked with the one that its taxpayer bears."""
    asked = select(func.unnest(statements.asked_keys()).label("key")).subquery("asked")
    former = tables.taxpayer_alias.alias("former")
    return union_all(
        select(asked.c.key, asked.c.key.label("record_key")),
        select(asked.c.key, former.c.taxpayer_code.label("record_key")).where(
            former.c.former_code == asked.c.key, statements.is_held(former, at_change)
        ),
    ).subquery("named")


def _of_taxpayer(table: FromClause, at_change: bool) -> ColumnElement[bool]:
    own = table.c.taxpayer_code == _taxpayer.c.taxpayer_code
    return and_(own, statements.is_held(table, at_change))


def _former_codes(at_change: bool) -> ColumnElement[Any]:
    table = tables.taxpayer_alias.alias("alias")
    rows = select(table.c.former_code).where(_of_taxpayer(table, at_change)).correlate(_taxpayer)
    return _listed(rows, ("former_code",), ("former_code",))


def _duties(at_change: bool) -> ColumnElement[Any]:
    duty, paid = tables.tax_duty.alias("duty"), tables.tax_payment.alias("paid")
    total = (
        select(func.coalesce(func.sum(paid.c.amount), 0))
        .where(
            paid.c.taxpayer_code == duty.c.taxpayer_code,
            paid.c.item_code == duty.c.item_code,
            paid.c.tax_period == duty.c.tax_period,
            statements.is_held(paid, at_change),
        )
        .scalar_subquery()
    )
    rows = (
        select(
            duty.c.item_code,
            duty.c.tax_period,
            reading.money(duty.c.amount).label("amount"),
            reading.money(total).label("paid"),
            statements.day_text(duty.c.assessed_on).label("assessed_on"),
            statements.day_text(duty.c.due_on).label("due_on"),
            duty.c.assessment_no,
        )
        .where(_of_taxpayer(duty, at_change))
        .correlate(_taxpayer)
    )
    entry = ("item_code", "tax_period", "amount", "paid", "assessed_on", "due_on", "assessment_no")
    return _listed(rows, entry, ("tax_period", "item_code"))


def _payments(at_change: bool) -> ColumnElement[Any]:
    table = tables.tax_payment.alias("payment")
    rows = (
        select(
            table.c.payment_no,
            table.c.item_code,
            table.c.tax_period,
            reading.money(table.c.amount).label("amount"),
            statements.day_text(table.c.paid_on).label("paid_on"),
            table.c.treasury_code,
        )
        .where(_of_taxpayer(table, at_change))
        .correlate(_taxpayer)
    )
    entry = ("payment_no", "item_code", "tax_period", "amount", "paid_on", "treasury_code")
    return _listed(rows, entry, ("paid_on", "payment_no"))


TAXPAYERS = Source(
    _taxpayer,
    "taxpayer_code",
    {
        **reading.dated(_taxpayer, "registered_on"),
        "former_codes": _former_codes,
        "duties": _duties,
        "payments": _payments,
    },
    _taxpayer_found,
    {
        "name": reading.equal(_taxpayer_found, "name_key", "name"),
        "tax_office": reading.equal(_taxpayer_found, "tax_office_code", "tax_office"),
    },
    named=_codes,
)

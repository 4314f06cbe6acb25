"""Reads what somebody holds, by personal number or enterprise code."""

import functools
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Text, case, column, func, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from databases import statements
from databases.changes.versions import AsOf
from databases.statements import ColumnMaker, Statement
from land import tables
from land.repository import listing, right_entries
from land.repository.right_entries import PARCEL, RIGHT

_PIN_DIGITS = 12
_holder = tables.right_holder.alias("h")
_asked = (
    func.unnest(statements.asked_keys())
    .table_valued(column("key", Text), name="asked")
    .render_derived()
)


def _party_ref() -> ColumnElement[str]:
    """Make the reference of the party asked for: twelve digits are a person, ten an enterprise."""
    kind = case((func.length(_asked.c.key) == _PIN_DIGITS, "pin:"), else_="enterprise:")
    return func.concat(kind, _asked.c.key)


def _of_party(
    at_change: bool, entry: Sequence[ColumnElement[Any]], *more: ColumnElement[bool]
) -> ColumnElement[Any]:
    """Collect something of each right that the party holds."""
    aggregated = postgresql.aggregate_order_by(func.json_build_array(*entry), RIGHT.c.right_id)
    sources = (_holder, RIGHT, PARCEL)
    return (
        select(func.json_agg(aggregated))
        .where(
            _holder.c.party_ref == _party_ref(),
            RIGHT.c.right_id == _holder.c.right_id,
            PARCEL.c.parcel_id == RIGHT.c.parcel_id,
            *(statements.is_held(source, at_change) for source in sources),
            *more,
        )
        .correlate(_asked)
        .scalar_subquery()
    )


def _held(at_change: bool) -> ColumnElement[Any]:
    own = [listing.share(_holder), _holder.c.role, statements.day_text(func.lower(_holder.c.valid))]
    return _of_party(at_change, [*right_entries.right_entry(at_change), *own])


def _names(at_change: bool) -> ColumnElement[Any]:
    distinct = postgresql.aggregate_order_by(_holder.c.party_name.distinct(), _holder.c.party_name)
    return (
        select(func.json_agg(distinct))
        .where(_holder.c.party_ref == _party_ref(), statements.is_held(_holder, at_change))
        .correlate(_asked)
        .scalar_subquery()
    )


def _mortgages(at_change: bool) -> ColumnElement[Any]:
    mortgage = tables.mortgage.alias("m")
    entry = [
        mortgage.c.mortgage_id,
        mortgage.c.right_id,
        mortgage.c.party_ref,
        mortgage.c.party_name,
        mortgage.c.rank,
        listing.decimal(mortgage.c.secured_amount),
        mortgage.c.currency,
    ]
    on_right = (mortgage.c.right_id == RIGHT.c.right_id, statements.is_held(mortgage, at_change))
    return _of_party(at_change, entry, *on_right)


def _responsibilities(at_change: bool) -> ColumnElement[Any]:
    owed = tables.responsibility.alias("o")
    entry = [
        owed.c.kind,
        owed.c.right_id,
        listing.decimal(owed.c.amount),
        owed.c.currency,
        statements.day_text(owed.c.due_on),
    ]
    on_right = (owed.c.right_id == RIGHT.c.right_id, statements.is_held(owed, at_change))
    return _of_party(at_change, entry, *on_right)


_READ: Mapping[str, ColumnMaker] = {
    "party_number": lambda _: _asked.c.key,
    "names": _names,
    "held": _held,
    "mortgages": _mortgages,
    "responsibilities": _responsibilities,
}


@functools.lru_cache(maxsize=256)
def _holding_statement(columns: tuple[str, ...], at_change: bool) -> Statement:
    read = [_READ[name](at_change).label(name) for name in columns]
    is_holder = (
        select(_holder.c.right_id)
        .where(_holder.c.party_ref == _party_ref(), statements.is_held(_holder, at_change))
        .correlate(_asked)
        .exists()
    )
    found = select(_asked.c.key, *read).where(is_holder).order_by(_asked.c.key)
    return statements.render(found, head=tables.ledger.head)


def read_holdings(
    session: Session, numbers: Sequence[str], columns: tuple[str, ...], as_of: AsOf
) -> Sequence[Sequence[Any]]:
    """Read what parties hold, by personal number or enterprise code; rows as `read_parcels`.

    Who holds nothing on the day is not found.
    """
    statement = _holding_statement(columns, as_of.change is not None)
    return statements.fetch_rows(session, statement, as_of, {"keys": list(numbers)})

"""Reads certificates by the normal form of their issue number."""

import functools
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, FromClause, func, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from databases import statements
from databases.changes.versions import AsOf
from databases.statements import ColumnMaker, Statement
from land import tables
from land.repository import listing, right_entries
from land.repository.right_entries import CERTIFICATE, CERTIFIED, PARCEL, RIGHT

_holder = tables.right_holder.alias("h")


def _holders(at_change: bool) -> ColumnElement[Any]:
    entry = [
        _holder.c.party_ref,
        _holder.c.party_name,
        listing.share(_holder),
        _holder.c.role,
        _holder.c.birth_date,
    ]
    of_right = _holder.c.right_id == RIGHT.c.right_id
    return listing.listed(_holder, at_change, entry, [_holder.c.party_ref], of_right)


def _certified_rights(at_change: bool) -> ColumnElement[Any]:
    entry = [
        *right_entries.right_entry(at_change)[:-1],
        _holders(at_change),
        CERTIFIED.c.map_sheet_no,
        CERTIFIED.c.parcel_no,
    ]
    aggregated = postgresql.aggregate_order_by(func.json_build_array(*entry), RIGHT.c.right_id)
    sources = (CERTIFIED, RIGHT, PARCEL)
    return (
        select(func.json_agg(aggregated))
        .where(
            CERTIFIED.c.certificate_id == CERTIFICATE.c.certificate_id,
            RIGHT.c.right_id == CERTIFIED.c.right_id,
            PARCEL.c.parcel_id == RIGHT.c.parcel_id,
            *(statements.is_held(source, at_change) for source in sources),
        )
        .correlate(CERTIFICATE)
        .scalar_subquery()
    )


def _other_numbers(
    source: FromClause, condition: ColumnElement[bool], at: bool
) -> ColumnElement[Any]:
    number = func.coalesce(source.c.issue_number, source.c.number_as_written)
    aggregated = postgresql.aggregate_order_by(number, number)
    return (
        select(func.json_agg(aggregated))
        .where(condition, statements.is_held(source, at))
        .scalar_subquery()
    )


def _replaces(at_change: bool) -> ColumnElement[Any]:
    former = tables.certificate.alias("former")
    condition = former.c.certificate_id == CERTIFICATE.c.replaces
    return _other_numbers(former, condition, at_change)


def _replaced_by(at_change: bool) -> ColumnElement[Any]:
    later = tables.certificate.alias("later")
    condition = later.c.replaces == CERTIFICATE.c.certificate_id
    return _other_numbers(later, condition, at_change)


_DERIVED: Mapping[str, ColumnMaker] = {
    "issued_on": lambda _: statements.day_text(CERTIFICATE.c.issued_on),
    "certified": _certified_rights,
    "replaces_numbers": _replaces,
    "replaced_by_numbers": _replaced_by,
}


@functools.lru_cache(maxsize=256)
def _certificate_statement(columns: tuple[str, ...], at_change: bool) -> Statement:
    read = statements.list_columns(CERTIFICATE, _DERIVED, columns, at_change)
    found = (
        select(CERTIFICATE.c.issue_number.label("key"), *read)
        .where(
            CERTIFICATE.c.issue_number == func.any(statements.asked_keys()),
            statements.is_held(CERTIFICATE, at_change),
        )
        .order_by(CERTIFICATE.c.issue_number)
    )
    return statements.render(found, head=tables.ledger.head)


def read_certificates(
    session: Session, numbers: Sequence[str], columns: tuple[str, ...], as_of: AsOf
) -> Sequence[Sequence[Any]]:
    """Read certificates by the normal form of their issue number; rows as `read_parcels`."""
    statement = _certificate_statement(columns, as_of.change is not None)
    return statements.fetch_rows(session, statement, as_of, {"keys": list(numbers)})

"""What statements that read answers share: lists in a fixed order, numbers as text."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Select,
    Text,
    bindparam,
    cast,
    func,
    select,
)
from sqlalchemy.dialects import postgresql

from databases import statements


def decimal(column: ColumnElement[Any]) -> ColumnElement[str]:
    """Write a number as text: JSON readers would round it."""
    return cast(func.trim_scale(column), Text)


def share(source: FromClause) -> ColumnElement[str]:
    """Write the share of a holder as a fraction, such as 1/3."""
    numerator, denominator = source.c.share_numerator, source.c.share_denominator
    return func.concat(numerator, "/", denominator)


def listed(
    source: FromClause,
    at_change: bool,
    entry: Sequence[ColumnElement[Any]],
    order: Sequence[ColumnElement[Any]],
    condition: ColumnElement[bool],
) -> ColumnElement[Any]:
    """Collect entries of a table that hold on the day, in order, as a list of lists.

    Args:
        source: table that the entries are of.
        at_change: whether a former state of knowledge is read.
        entry: what is written of each.
        order: what they are ordered by.
        condition: which of them.
    """
    aggregated = postgresql.aggregate_order_by(func.json_build_array(*entry), *order)
    return (
        select(func.json_agg(aggregated))
        .where(condition, statements.is_held(source, at_change))
        .scalar_subquery()
    )


def walked_keys(
    source: FromClause, key: str, conditions: Sequence[ColumnElement[bool]], at_change: bool
) -> Select[Any]:
    """Select the keys that satisfy all conditions by walking their index in order.

    For pages of a whole table: `statements.found_keys` would find all of them for each page.
    """
    limit = bindparam("limit", type_=Integer)
    return (
        select(source.c[key])
        .where(statements.is_held(source, at_change), *conditions)
        .order_by(source.c[key])
        .limit(limit)
    )

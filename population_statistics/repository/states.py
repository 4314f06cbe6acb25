"""What the rules and auditors need to know of former publications."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from population_statistics import tables
from population_statistics.repository import saving
from population_statistics.values import Budget, Kept


@dataclass(frozen=True, slots=True)
class Former:
    """A vintage of a day of counting.

    Args:
        change: of the statistics register, by which it was published.
        kept: None of one that was published before counts were kept.
    """

    change: int
    vintage: int
    population_change: int
    rule_version: str
    source_receipt: str
    kept: Mapping[str, Kept] | None
    budgets: tuple[Budget, ...]


def list_reference_days(session: Session) -> list[date]:
    """List the days of counting that figures are published of, in order."""
    table = tables.publication
    statement = select(table.c.reference_day).where(table.c.to_change.is_(None))
    return sorted(session.scalars(statement))


def find_former(
    session: Session, reference_day: date, *, before: int | None = None
) -> Former | None:
    """Find the last vintage of a day of counting.

    Args:
        before: a change; the vintage that stood until it. None for the one that stands.
    """
    table = tables.publication
    row = (
        session.execute(select(table).where(table.c.reference_day == reference_day, _stood(before)))
        .mappings()
        .one_or_none()
    )
    return None if row is None else _former(row)


def list_vintages(session: Session, reference_day: date) -> list[Former]:
    """List all vintages of a day of counting, those that were annulled or replaced among them."""
    table = tables.publication
    statement = select(table).where(table.c.reference_day == reference_day)
    rows = session.execute(statement.order_by(table.c.from_change)).mappings()
    return [_former(row) for row in rows]


def _stood(before: int | None) -> ColumnElement[bool]:
    table = tables.publication
    if before is None:
        return table.c.to_change.is_(None)
    ended = or_(table.c.to_change.is_(None), table.c.to_change >= before)
    return and_(table.c.from_change < before, ended)


def _former(row: Mapping[str, Any] | Any) -> Former:
    basis = row["basis"]
    return Former(
        row["from_change"],
        row["vintage"],
        row["population_change"],
        row["rule_version"],
        row["source_receipt"],
        None if basis is None else saving.read(row["witnesses"], basis),
        tuple(Budget(**budget) for budget in row["budgets"]),
    )

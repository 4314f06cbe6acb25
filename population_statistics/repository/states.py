"""What the rules and auditors need to know of former publications."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from population_statistics import tables
from population_statistics.repository import saving
from population_statistics.values import Budget, Witness


@dataclass(frozen=True, slots=True)
class Former:
    """The last vintage of a day of counting."""

    vintage: int
    population_change: int
    witnesses: Mapping[str, tuple[Witness, ...]]
    budgets: tuple[Budget, ...]


def list_reference_days(session: Session) -> list[date]:
    """List the days of counting that figures are published of, in order."""
    table = tables.publication
    statement = select(table.c.reference_day).where(table.c.to_change.is_(None))
    return sorted(session.scalars(statement))


def find_former(session: Session, reference_day: date) -> Former | None:
    """Find the last vintage of a day of counting."""
    table = tables.publication
    row = (
        session.execute(
            select(table).where(table.c.reference_day == reference_day, table.c.to_change.is_(None))
        )
        .mappings()
        .one_or_none()
    )
    return None if row is None else _former(row)


def _former(row: Mapping[str, Any] | Any) -> Former:
    return Former(
        row["vintage"],
        row["population_change"],
        saving.read(row["witnesses"]),
        tuple(Budget(**budget) for budget in row["budgets"]),
    )

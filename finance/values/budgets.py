"""Amounts decided in budgets, journal entries and what a load of them leaves."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from finance.values.keys import BudgetKey, BudgetLine


class Stage(StrEnum):
    """What an amount of a unit's budget is: asked for, given, or confirmed as spent."""

    ESTIMATE = "estimate"
    ALLOCATION = "allocation"
    SETTLEMENT = "settlement"


class Side(StrEnum):
    """Side of a journal line."""

    DEBIT = "debit"
    CREDIT = "credit"


class Effect(StrEnum):
    """What a journal line does to the budget; `balance` concerns cash and claims only."""

    REVENUE = "revenue"
    EXPENDITURE = "expenditure"
    BALANCE = "balance"


class Ground(StrEnum):
    """Grounds on which the law lets more be spent than is allocated (see `legal.GROUNDS`)."""

    TEMPORARY_FUNDING = "temporary_funding"
    CARRIED_OVER = "carried_over"


@dataclass(frozen=True, slots=True)
class LineAmount:
    """An amount of dong on a line of a unit's budget."""

    line: BudgetLine
    amount: Decimal


@dataclass(frozen=True, slots=True)
class EntryLine:
    """A line of a journal entry; `amount` is above zero, in dong."""

    key: BudgetKey
    side: Side
    effect: Effect
    amount: Decimal

    @property
    def budget_line(self) -> BudgetLine:
        """Say which line of the unit's budget it concerns."""
        key = self.key
        return BudgetLine(key.category_code, key.item_code, key.programme_code, key.source_code)

    @property
    def spent(self) -> Decimal:
        """Say by how much it raises the expenditure of the unit."""
        if self.effect is not Effect.EXPENDITURE:
            return Decimal(0)
        return self.amount if self.side is Side.DEBIT else -self.amount


@dataclass(frozen=True, slots=True)
class Entry:
    """A journal entry of the treasury.

    Args:
        entry_no: number given by the treasury, never reused.
        posted_on: day that decides the accounting period.
        ground: why more may be spent than is allocated, with the decision that says so.
    """

    entry_no: str
    budget_year: int
    posted_on: date
    lines: tuple[EntryLine, ...]
    description: str = ""
    ground: Ground | None = None
    ground_decision: str | None = None


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load of journal lines left in the register; no change when nothing was new."""

    change: int | None

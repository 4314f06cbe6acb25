"""Numbers set by law, as every register's `legal` holds them. Pure."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Generic, Literal, TypeVar

Confidence = Literal["sourced", "high", "medium", "low"]
Number = TypeVar("Number", int, Decimal)


@dataclass(frozen=True, slots=True)
class LegalNumber(Generic[Number]):
    """A number set by law.

    Args:
        value: the number; a `Decimal` where it is a part of a whole.
        unit: what it counts.
        valid_from: first day on which it holds.
        valid_to: first day on which it no longer holds; None while it is in force.
        source: instrument, article, clause.
        confidence: how sure the citation is.
    """

    value: Number
    unit: str
    valid_from: date
    valid_to: date | None
    source: str
    confidence: Confidence

    @property
    def may_refuse(self) -> bool:
        """Tell whether a rule may refuse by it; one that is less certain only warns."""
        return self.confidence in ("sourced", "high")

    def holds_on(self, day: date) -> bool:
        """Tell whether the number holds on a day."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)

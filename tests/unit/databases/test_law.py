"""Numbers set by law: when they hold, and whether a rule may refuse by them."""

from datetime import date
from decimal import Decimal

import pytest

from databases.law import Confidence, LegalNumber


def share(valid_to: date | None = None, confidence: Confidence = "high") -> LegalNumber[Decimal]:
    return LegalNumber(
        Decimal("0.25"), "part", date(2025, 7, 1), valid_to, "Law 76/2025/QH15", confidence
    )


class TestHoldsOn:
    @pytest.mark.parametrize(
        ("day", "holds"),
        [
            (date(2025, 6, 30), False),
            (date(2025, 7, 1), True),
            (date(2029, 12, 31), True),
            (date(2030, 1, 1), False),
        ],
    )
    def test_counts_the_first_day_and_not_the_end(self, day: date, holds: bool) -> None:
        assert share(date(2030, 1, 1)).holds_on(day) is holds

    def test_goes_on_without_an_end(self) -> None:
        assert share().holds_on(date.max)


class TestMayRefuse:
    @pytest.mark.parametrize(
        ("confidence", "may"),
        [("sourced", True), ("high", True), ("medium", False), ("low", False)],
    )
    def test_needs_a_certain_source(self, confidence: Confidence, may: bool) -> None:
        assert share(confidence=confidence).may_refuse is may

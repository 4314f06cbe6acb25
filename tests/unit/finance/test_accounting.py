"""Balance of entries, accounting periods, days of posting."""

import dataclasses
from datetime import date
from decimal import Decimal

import pytest

from finance import errors
from finance.rules import accounting
from finance.values import Side
from tests.factories import finance as make

DEBIT, CREDIT = make.make_entry().lines


class TestRequireBalanced:
    def test_lets_equal_sides_pass(self) -> None:
        accounting.require_balanced((DEBIT, CREDIT))

    @pytest.mark.parametrize("amount", [Decimal("99.99"), Decimal("100.01")])
    def test_refuses_the_smallest_difference(self, amount: Decimal) -> None:
        with pytest.raises(errors.EntryNotBalanced):
            accounting.require_balanced((DEBIT, dataclasses.replace(CREDIT, amount=amount)))

    @pytest.mark.parametrize("lines", [(), (DEBIT,)])
    def test_refuses_one_side_alone(self, lines: tuple[object, ...]) -> None:
        with pytest.raises(errors.EntryNotBalanced):
            accounting.require_balanced(lines)  # type: ignore[arg-type]  # tuples of lines

    @pytest.mark.parametrize("amount", [Decimal(0), Decimal(-100)])
    def test_refuses_amounts_of_nothing(self, amount: Decimal) -> None:
        lines = tuple(dataclasses.replace(line, amount=amount) for line in (DEBIT, CREDIT))

        with pytest.raises(errors.EntryNotBalanced):
            accounting.require_balanced(lines)

    def test_refuses_what_balances_over_two_funds_only(self) -> None:
        other_fund = dataclasses.replace(CREDIT, key=make.make_key(fund_code="02"))

        with pytest.raises(errors.EntryNotBalanced):
            accounting.require_balanced((DEBIT, other_fund))

    def test_refuses_two_debits(self) -> None:
        with pytest.raises(errors.EntryNotBalanced):
            accounting.require_balanced((DEBIT, dataclasses.replace(CREDIT, side=Side.DEBIT)))


class TestPeriodOf:
    @pytest.mark.parametrize(
        ("day", "period"),
        [
            (date(2025, 1, 1), "2025-01"),
            (date(2025, 12, 31), "2025-12"),
            (date(2026, 1, 1), "2025-13"),
            (date(2026, 1, 31), "2025-13"),
        ],
    )
    def test_names_the_month_or_the_closing_period(self, day: date, period: str) -> None:
        assert accounting.period_of(day, budget_year=2025) == (period, ())

    @pytest.mark.parametrize("day", [date(2024, 12, 31), date(2026, 2, 1), date(2027, 1, 1)])
    def test_refuses_other_days(self, day: date) -> None:
        with pytest.raises(errors.PostedOutsideYear):
            accounting.period_of(day, budget_year=2025)

    def test_warns_only_where_the_article_is_not_verified(self) -> None:
        period, warnings = accounting.period_of(date(2027, 2, 1), budget_year=2026)

        assert period == "2026-13"
        assert [one.rule for one in warnings] == ["posted_on.outside_year"]

    def test_refuses_a_day_before_the_year_in_any_case(self) -> None:
        with pytest.raises(errors.PostedOutsideYear):
            accounting.period_of(date(2025, 12, 31), budget_year=2026)


class TestRequirePeriod:
    @pytest.mark.parametrize("code", ["2026", "2026-01", "2026-13"])
    def test_lets_years_and_months_pass(self, code: str) -> None:
        assert accounting.require_period(code) == code

    @pytest.mark.parametrize("code", ["26", "2026-00", "2026-14", "2026-1", "2026-05-01"])
    def test_refuses_the_rest(self, code: str) -> None:
        with pytest.raises(errors.MalformedBudgetCode):
            accounting.require_period(code)


class TestRequireOpenPeriod:
    @pytest.mark.parametrize("closed", [{"2026-05"}, {"2026"}])
    def test_refuses_a_closed_one(self, closed: set[str]) -> None:
        with pytest.raises(errors.PeriodClosed):
            accounting.require_open_period("2026-05", closed)

    @pytest.mark.parametrize("closed", [set(), {"2026-04"}, {"2025"}])
    def test_lets_others_pass(self, closed: set[str]) -> None:
        accounting.require_open_period("2026-05", closed)

"""Taxpayers, duties, arrears."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from databases.identifiers import MalformedIdentifier
from finance import errors, values
from finance.rules import taxes
from finance.rules.taxes import DutyState
from tests.factories import finance as make

DUE = date(2026, 4, 30)


class TestCanonicalCode:
    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("0100233488", "0100233488"),
            ("0314409058002", "0314409058-002"),
            ("0314409058-002", "0314409058-002"),
            ("096085000001", "096085000001"),
        ],
    )
    def test_writes_it_in_one_way(self, text: str, code: str) -> None:
        assert taxes.canonical_code(text) == code

    @pytest.mark.parametrize("text", ["0100233480", "12345", "０９６０８５００００01", ""])
    def test_refuses_the_rest(self, text: str) -> None:
        with pytest.raises(MalformedIdentifier):
            taxes.canonical_code(text)


class TestRequireTaxpayer:
    def test_lets_a_person_with_a_former_code_pass(self) -> None:
        assert taxes.require_taxpayer(make.make_taxpayer()) == ()

    def test_warns_of_a_missing_former_code(self) -> None:
        day = date(2025, 7, 1)
        early = make.make_taxpayer(former_codes=(), registered_on=day - timedelta(days=1))
        later = make.make_taxpayer(former_codes=(), registered_on=day)

        assert [one.rule for one in taxes.require_taxpayer(early)] == ["taxpayer.former_missing"]
        assert taxes.require_taxpayer(later) == ()

    @pytest.mark.parametrize(
        ("changes", "rule"),
        [
            ({"taxpayer_code": "0100233488"}, "taxpayer.kind"),
            ({"kind": values.TaxpayerKind.ORGANISATION, "former_codes": ()}, "taxpayer.kind"),
            ({"name": " "}, "name.empty"),
            (
                {"taxpayer_code": "0100233488", "kind": values.TaxpayerKind.ORGANISATION},
                "taxpayer.former_codes",
            ),
        ],
    )
    def test_refuses(self, changes: dict[str, object], rule: str) -> None:
        with pytest.raises(errors.IncompleteRecord) as refusal:
            taxes.require_taxpayer(make.make_taxpayer(**changes))

        assert rule in {one.rule for one in refusal.value.fields}


class TestRequireDuty:
    @pytest.mark.parametrize("period", ["2026", "2026-Q4", "2026-12"])
    def test_lets_years_quarters_and_months_pass(self, period: str) -> None:
        assert taxes.require_duty(make.make_duty(tax_period=period)) == ()

    @pytest.mark.parametrize("period", ["26", "2026-Q5", "2026-13", "Q1-2026"])
    def test_refuses_other_periods(self, period: str) -> None:
        with pytest.raises(errors.MalformedBudgetCode):
            taxes.require_duty(make.make_duty(tax_period=period))

    def test_warns_of_an_item_of_expenditure(self) -> None:
        doubts = taxes.require_duty(make.make_duty(item_code="6001"))

        assert [one.rule for one in doubts] == ["item.not_revenue"]

    @pytest.mark.parametrize("changes", [{"amount": Decimal(-1)}, {"due_on": date(2026, 4, 9)}])
    def test_refuses_the_impossible(self, changes: dict[str, object]) -> None:
        with pytest.raises(errors.IncompleteRecord):
            taxes.require_duty(make.make_duty(**changes))


class TestArrearsOf:
    @pytest.mark.parametrize(("days", "owed"), [(0, 0), (1, 30)])
    def test_start_the_day_after_the_last_day(self, days: int, owed: int) -> None:
        states = [DutyState(Decimal(50), Decimal(20), DUE)]

        assert taxes.arrears_of(states, on=DUE + timedelta(days=days)) == owed

    def test_are_not_set_off_by_what_was_paid_too_much(self) -> None:
        states = [DutyState(Decimal(50), Decimal(20), DUE), DutyState(Decimal(1), Decimal(99), DUE)]

        assert taxes.arrears_of(states, on=date(2026, 6, 1)) == 30


class TestPaymentWarnings:
    @pytest.mark.parametrize(
        ("paid", "assessed", "rules"),
        [(5, 5, []), (6, 5, ["payment.excess"]), (5, None, ["payment.no_duty"])],
    )
    def test_name_what_is_odd(self, paid: int, assessed: int | None, rules: list[str]) -> None:
        known = None if assessed is None else Decimal(assessed)

        assert [one.rule for one in taxes.payment_warnings(Decimal(paid), known)] == rules

"""Budget units, customs declarations, public assets: what their records must say."""

from datetime import date
from decimal import Decimal

import pytest

from finance import errors, values
from finance.rules import holdings, units
from tests.factories import finance as make

OPENED = date(2018, 3, 1)


class TestRequireUnit:
    def test_lets_a_school_pass(self) -> None:
        assert units.require_unit(make.make_unit(), on=OPENED) == ()

    @pytest.mark.parametrize(
        ("changes", "warns"),
        [
            ({"unit_code": "7054007"}, True),
            ({"unit_code": "7054007", "kind": values.UnitKind.PROJECT}, False),
            ({"kind": values.UnitKind.PROJECT}, True),
        ],
    )
    def test_warns_of_an_unusual_first_digit(self, changes: dict[str, object], warns: bool) -> None:
        doubts = units.require_unit(make.make_unit(**changes), on=OPENED)

        assert bool(doubts) is warns

    @pytest.mark.parametrize(
        "changes",
        [
            {"unit_code": "105400"},
            {"parent_unit_code": "10540070"},
            {"name_vi": ""},
            {"chapter_code": "805"},
            {"closed_on": date(2018, 2, 28)},
        ],
    )
    def test_refuses(self, changes: dict[str, object]) -> None:
        with pytest.raises(
            (errors.MalformedBudgetCode, errors.IncompleteRecord, errors.SegmentNotInForce)
        ):
            units.require_unit(make.make_unit(**changes), on=OPENED)

    def test_lets_older_units_bear_chapters_of_the_first_nomenclature(self) -> None:
        unit = make.make_unit(opened_on=date(1999, 1, 1))

        assert units.require_unit(unit, on=unit.opened_on) == ()


class TestRequireOpen:
    @pytest.mark.parametrize("day", [OPENED, date(2026, 6, 30)])
    def test_lets_the_days_of_the_unit_pass(self, day: date) -> None:
        units.require_open(make.make_unit(closed_on=date(2026, 7, 1)), on=day)

    @pytest.mark.parametrize("day", [date(2018, 2, 28), date(2026, 7, 1)])
    def test_refuses_the_days_around_them(self, day: date) -> None:
        with pytest.raises(errors.BudgetUnitClosed):
            units.require_open(make.make_unit(closed_on=date(2026, 7, 1)), on=day)


class TestRequireDeclaration:
    @pytest.mark.parametrize(
        ("changes", "rule"),
        [
            ({"value_amount": Decimal(-1)}, "amount.negative"),
            ({"value_currency": "dong"}, "currency.shape"),
            ({"partner_country_code": "JPN"}, "country.shape"),
            ({"cleared_on": date(2026, 5, 3)}, "cleared_on.early"),
        ],
    )
    def test_refuses(self, changes: dict[str, object], rule: str) -> None:
        holdings.require_declaration(make.make_declaration())

        with pytest.raises(errors.IncompleteRecord) as refusal:
            holdings.require_declaration(make.make_declaration(**changes))

        assert [one.rule for one in refusal.value.fields] == [rule]

    @pytest.mark.parametrize("number", ["1051234567", "1051234567801", "10512345678x"])
    def test_refuses_a_number_of_another_form(self, number: str) -> None:
        with pytest.raises(errors.MalformedBudgetCode):
            holdings.require_declaration(make.make_declaration(declaration_no=number))


class TestRequireAsset:
    def test_warns_of_land_without_a_parcel(self) -> None:
        assert holdings.require_asset(make.make_asset()) == ()

        doubts = holdings.require_asset(make.make_asset(parcel_id=None))

        assert [one.rule for one in doubts] == ["asset.no_parcel"]

    def test_wants_no_parcel_of_a_car(self) -> None:
        car = make.make_asset(kind=values.AssetKind.VEHICLE, parcel_id=None, area_m2=None)

        assert holdings.require_asset(car) == ()

    @pytest.mark.parametrize(
        "changes",
        [{"name_vi": ""}, {"original_value_amount": Decimal(-1)}, {"area_m2": Decimal(-1)}],
    )
    def test_refuses(self, changes: dict[str, object]) -> None:
        with pytest.raises(errors.IncompleteRecord):
            holdings.require_asset(make.make_asset(**changes))

"""What is said of a parcel."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from land import errors, legal
from land.rules import parcels
from land.values.kinds import RestrictionKind
from land.values.parcels import LandUse, Parcel

PARCEL = Parcel("P1", "00004", "19/2025", "01", Decimal(400))
USE = LandUse("08/2024", "ODT", "Đất ở", Decimal(400))


class TestRequireParcel:
    @pytest.mark.parametrize(
        ("changes", "rule"),
        [
            ({"parcel_identifier": "ABC"}, "parcel_identifier.shape"),
            ({"parcel_identifier": "abcdefghijkl"}, "parcel_identifier.shape"),
            ({"legal_area_m2": Decimal(0)}, "area.positive"),
            ({"measured_area_m2": Decimal(-1)}, "area.positive"),
            ({"old_commune_code": "00001"}, "commune.version"),
        ],
    )
    def test_refuses(self, changes: dict[str, Any], rule: str) -> None:
        with pytest.raises(errors.WrongParcel) as refused:
            parcels.require_parcel(replace(PARCEL, **changes))

        assert [one.rule for one in refused.value.fields] == [rule]

    def test_accepts_one_without_identifier(self) -> None:
        parcels.require_parcel(PARCEL)

    @pytest.mark.parametrize("name", ["", "p1", "P-1", "P" * 41])
    def test_refuses_names_without_form(self, name: str) -> None:
        with pytest.raises(errors.WrongParcel):
            parcels.require_parcel(replace(PARCEL, parcel_id=name))


class TestRequireUses:
    @pytest.mark.parametrize(
        ("changes", "rule"),
        [
            ({"regime": "99/2099"}, "land_use.regime"),
            ({"code": "odt"}, "land_use.shape"),
            ({"code": None, "text_as_written": " "}, "land_use.empty"),
            ({"area_m2": Decimal(0)}, "land_use.area"),
            ({"area_m2": Decimal("400.01")}, "land_use.total"),
        ],
    )
    def test_refuses(self, changes: dict[str, Any], rule: str) -> None:
        with pytest.raises(errors.WrongLandUse) as refused:
            parcels.require_uses([replace(USE, **changes)], Decimal(400))

        assert refused.value.fields[0].rule == rule

    def test_accepts_the_words_of_an_old_paper(self) -> None:
        words = replace(USE, code=None, text_as_written="đất thổ cư")

        parcels.require_uses([words], Decimal(400))


class TestRequireRegimeInForce:
    @pytest.mark.parametrize(
        ("regime", "on", "is_in_force"),
        [
            ("25/2014", date(2024, 7, 31), True),
            ("25/2014", date(2024, 8, 1), False),
            ("08/2024", date(2024, 7, 31), False),
            ("08/2024", date(2024, 8, 1), True),
        ],
        ids=["last day", "first day after", "day before", "first day"],
    )
    def test_goes_by_the_days_of_the_circulars(
        self, regime: str, on: date, is_in_force: bool
    ) -> None:
        uses = [replace(USE, regime=regime)]

        if is_in_force:
            parcels.require_regime_in_force(uses, on=on)
        else:
            with pytest.raises(errors.WrongLandUse):
                parcels.require_regime_in_force(uses, on=on)


class TestRequireAreasKept:
    @pytest.mark.parametrize(
        ("parts", "is_kept"),
        [(["150", "250"], True), (["150", "250.1"], True), (["150", "250.2"], False)],
    )
    def test_within_the_tolerance(self, parts: list[str], is_kept: bool) -> None:
        afters = [replace(PARCEL, legal_area_m2=Decimal(part)) for part in parts]

        if is_kept:
            parcels.require_areas_kept([PARCEL], afters, tolerance_m2=Decimal("0.1"))
        else:
            with pytest.raises(errors.AreaMismatch):
                parcels.require_areas_kept([PARCEL], afters, tolerance_m2=Decimal("0.1"))


class TestRecoveryWarnings:
    def test_name_what_stands_in_the_way(self) -> None:
        found = parcels.recovery_warnings(frozenset({RestrictionKind.DISPUTE}), mortgages=1)

        assert [one.rule for one in found] == ["restriction.in_force", "mortgage.ends"]

    def test_are_none_where_nothing_stands(self) -> None:
        planning = frozenset({RestrictionKind.PLANNING})

        assert parcels.recovery_warnings(planning, mortgages=0) == ()


class TestRequireUndisputed:
    @pytest.mark.parametrize("kind", sorted(legal.BLOCKS_DISPOSAL))
    def test_refuses(self, kind: RestrictionKind) -> None:
        with pytest.raises(errors.DisposalBlocked):
            parcels.require_undisputed(frozenset({kind}))


class TestTermWarnings:
    @pytest.mark.parametrize(
        ("code", "term", "is_long"),
        [
            ("CLN", date(2075, 9, 1), False),
            ("CLN", date(2075, 9, 2), True),
            ("SKC", date(2095, 9, 1), False),
            ("SKC", date(2095, 9, 2), True),
            ("ODT", None, False),
        ],
        ids=["50 years", "a day more", "70 years", "one day more", "long-term"],
    )
    def test_name_terms_beyond_the_law(self, code: str, term: date | None, is_long: bool) -> None:
        use = replace(USE, code=code, term_until=term)

        assert bool(parcels.term_warnings([use], on=date(2025, 9, 1))) is is_long

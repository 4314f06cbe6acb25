"""Measured areas against stated ones."""

from decimal import Decimal

import pytest

from land.rules.topology import areas
from tests.unit.land.topology import squares

PARCEL = squares.parcel("A", 0, 0)  # 100 m², 40 m round, 0.07 m


class TestMeasureM2:
    def test_is_in_the_plane_of_the_zone(self) -> None:
        assert areas.measure_m2(PARCEL) == Decimal("100.0")


class TestFindAreaDoubt:
    @pytest.mark.parametrize("stated", ["97.2", "100.0", "102.8"])
    def test_has_none_within_what_the_survey_can_err(self, stated: str) -> None:
        assert areas.find_area_doubt(PARCEL, legal_area_m2=Decimal(stated)) is None

    @pytest.mark.parametrize("stated", ["97.1", "102.9"])
    def test_tells_the_difference_beyond(self, stated: str) -> None:
        doubt = areas.find_area_doubt(PARCEL, legal_area_m2=Decimal(stated))

        assert doubt is not None
        assert "2.9 m²" in doubt.message

"""Splits and merges: the same land before and after."""

import pytest
import shapely

from land import errors
from land.rules.topology import partitions
from land.rules.topology.measured import Measured
from tests.unit.land.topology import squares

WHOLE = squares.parcel("A", 0, 0, 20, 10)
LEFT, RIGHT = squares.parcel("B", 0, 0), squares.parcel("C", 10, 0)


class TestRequireSameLand:
    def test_takes_a_split(self) -> None:
        partitions.require_same_land([WHOLE], [LEFT, RIGHT])

    def test_takes_a_merge(self) -> None:
        partitions.require_same_land([LEFT, RIGHT], [WHOLE])

    def test_tolerates_what_surveys_cannot_tell(self) -> None:
        partitions.require_same_land([WHOLE], [LEFT, squares.parcel("C", 10.05, 0, 10.05)])

    @pytest.mark.parametrize(
        ("after", "rule", "area"),
        [
            ([LEFT, squares.parcel("C", 12, 0, 8)], "shape.land_missing", 20),
            ([LEFT, squares.parcel("C", 10, 0, 13)], "shape.land_added", 30),
        ],
    )
    def test_refuses_and_hands_the_difference_back(
        self, after: list[Measured], rule: str, area: float
    ) -> None:
        with pytest.raises(errors.DifferentLand) as refused:
            partitions.require_same_land([WHOLE], after)

        assert [one.rule for one in refused.value.fields] == [rule]
        assert shapely.from_geojson(refused.value.shapes[0]).area == pytest.approx(area)

    def test_refuses_new_parcels_that_share_land(self) -> None:
        with pytest.raises(errors.DifferentLand) as refused:
            partitions.require_same_land([WHOLE], [LEFT, squares.parcel("C", 8, 0, 12)])

        assert [one.rule for one in refused.value.fields] == ["shape.overlap"]

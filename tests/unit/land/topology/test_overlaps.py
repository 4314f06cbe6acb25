"""Overlaps: what surveys can tell apart is found, what they cannot is not."""

import random

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from land import errors
from land.rules.topology import overlaps, shapes
from land.rules.topology.measured import Measured
from tests.unit.land.topology import squares

ACCURACY = 0.07
TOLERANCE = overlaps.tolerance_m(ACCURACY, ACCURACY)


class TestToleranceM:
    def test_is_twice_the_error_of_both(self) -> None:
        assert overlaps.tolerance_m(0.3, 0.4) == pytest.approx(1.0)


class TestFindOverlaps:
    def test_finds_none_where_boundaries_are_shared(self) -> None:
        mine = squares.parcel("A", 0, 0)
        around = [
            squares.parcel("B", 10, 0),
            squares.parcel("C", 0, 10),
            squares.parcel("D", 10, 10),
        ]

        assert overlaps.find_overlaps(mine, around) == ()

    def test_passes_itself_over(self) -> None:
        mine = squares.parcel("A", 0, 0)

        assert overlaps.find_overlaps(mine, [mine]) == ()

    def test_tolerates_a_strip_that_the_surveys_cannot_tell(self) -> None:
        other = squares.parcel("B", 10 - TOLERANCE * 0.9, 0)

        assert overlaps.find_overlaps(squares.parcel("A", 0, 0), [other]) == ()

    def test_finds_a_strip_that_is_wider(self) -> None:
        other = squares.parcel("B", 10 - TOLERANCE * 1.5, 0)

        found = overlaps.find_overlaps(squares.parcel("A", 0, 0), [other])

        assert [one.other_id for one in found] == ["B"]

    def test_is_laxer_where_a_survey_is_worse(self) -> None:
        other = squares.parcel("B", 9, 0, accuracy=1.5)

        assert overlaps.find_overlaps(squares.parcel("A", 0, 0), [other]) == ()

    def test_gives_the_land_that_both_claim_the_largest_first(self) -> None:
        mine = squares.parcel("A", 0, 0)
        others = [squares.parcel("B", 8, 0), squares.parcel("C", -5, 0)]

        found = overlaps.find_overlaps(mine, others)

        assert [(one.other_id, float(one.area_m2)) for one in found] == [("C", 50.0), ("B", 20.0)]
        land = shapely.from_geojson(found[1].shape)
        assert land.equals(shapely.Polygon(squares.ring(8, 0, 2, 10)))

    def test_finds_a_parcel_inside_another(self) -> None:
        found = overlaps.find_overlaps(squares.parcel("A", 2, 2, 1, 1), [squares.parcel("B", 0, 0)])

        assert float(found[0].area_m2) == 1.0

    def test_compares_surveys_of_different_zones(self) -> None:
        mine = squares.parcel("A", 0, 0)
        other = squares.parcel("B", 8, 0)
        carried = shapes.from_survey(other.in_zone(9209), srid=9209)

        found = overlaps.find_overlaps(mine, [Measured("B", carried, 9209, ACCURACY)])

        assert float(found[0].area_m2) == 20.0


class TestFindOverlapsAmong:
    @given(st.integers(0, 2**32))
    def test_finds_what_comparing_each_with_each_finds(self, seed: int) -> None:
        draw = random.Random(seed)
        some = [
            squares.parcel(f"P{n:02}", draw.randint(0, 30), draw.randint(0, 30)) for n in range(8)
        ]

        found = {(one.parcel_id, one.other_id) for one in overlaps.find_overlaps_among(some)}

        each = {
            (one.parcel_id, other.parcel_id)
            for number, one in enumerate(some)
            for other in some[number + 1 :]
            if overlaps.find_overlaps(one, [other])
        }
        assert found == each

    def test_finds_none_in_a_clean_sheet(self) -> None:
        sheet = [squares.parcel(f"{x} {y}", x * 10, y * 10) for x in range(6) for y in range(6)]

        assert overlaps.find_overlaps_among(sheet) == ()

    def test_finds_none_among_none(self) -> None:
        assert overlaps.find_overlaps_among([]) == ()


class TestRequireNoOverlap:
    def test_names_the_neighbour_and_hands_the_land_back(self) -> None:
        with pytest.raises(errors.OverlappingParcels) as refused:
            overlaps.require_no_overlap(squares.parcel("A", 0, 0), [squares.parcel("B", 8, 0)])

        assert "B" in refused.value.fields[0].message
        assert shapely.from_geojson(refused.value.shapes[0]).area == pytest.approx(20)

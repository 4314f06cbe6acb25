"""Zones of VN-2000 against the EPSG registry, and coordinates that cannot be right."""

import numpy as np
import pyproj
import pytest

from databases import reference_systems
from land import errors
from land.rules import coordinates
from land.values import parcels

ZONES = sorted(reference_systems.ZONES)
HA_NOI = (105.85, 21.03)


def place(lon: float, lat: float, srid: int) -> tuple[float, float]:
    """Give a place of EPSG:4756 in a zone, by the registry's own definition of it."""
    carry = pyproj.Transformer.from_crs(4756, srid, always_xy=True)
    x, y = carry.transform(lon, lat)
    return x, y


def require(points: list[tuple[float, float]], srid: int) -> None:
    """Check points, each named by its number."""
    places = [f"/coordinates/0/0/{number}" for number in range(len(points))]
    coordinates.require_location(np.array(points), srid=srid, places=places)


class TestTransformPoints:
    @pytest.mark.parametrize("srid", ZONES)
    def test_agrees_with_the_registry_to_a_millimetre(self, srid: int) -> None:
        west, south, east, north = reference_systems.ZONES[srid].area
        points = np.array([[west, south], [east, north], [(west + east) / 2, (south + north) / 2]])

        ours = reference_systems.transform_points(points, source=4756, target=srid)

        theirs = np.array([place(lon, lat, srid) for lon, lat in points])
        assert np.abs(ours - theirs).max() < 0.001

    def test_takes_operation_6960_to_wgs_84(self) -> None:
        operation = pyproj.Transformer.from_pipeline("urn:ogc:def:coordinateOperation:EPSG::6960")

        ours = reference_systems.transform_points(np.array([HA_NOI]), source=4756, target=4326)

        lat, lon = operation.transform(HA_NOI[1], HA_NOI[0])
        assert ours[0] == pytest.approx((lon, lat), abs=1e-11)

    def test_comes_back_to_a_millimetre(self) -> None:
        there = reference_systems.transform_points(np.array([HA_NOI]), source=4756, target=9210)
        world = reference_systems.transform_points(there, source=9210, target=4326)

        back = reference_systems.transform_points(world, source=4326, target=9210)

        assert np.abs(back - there).max() < 0.001


class TestZones:
    def test_are_those_that_surveys_are_kept_in(self) -> None:
        assert set(ZONES) | {4756} == set(parcels.SURVEY_SRIDS)

    def test_give_every_old_province_its_usual_one(self) -> None:
        assert len(coordinates.USUAL_ZONE) == 63

    @pytest.mark.parametrize("srid", ZONES)
    def test_write_east_before_north_in_the_registry(self, srid: int) -> None:
        assert [axis.direction for axis in pyproj.CRS(srid).axis_info] == ["east", "north"]


class TestRequireZone:
    @pytest.mark.parametrize("srid", [4326, 3857, 9204, 0])
    def test_refuses_others(self, srid: int) -> None:
        with pytest.raises(errors.UnknownZone):
            coordinates.require_zone(srid)


class TestFindZoneDoubt:
    def test_names_the_usual_zone_of_the_province(self) -> None:
        doubt = coordinates.find_zone_doubt(srid=9210, old_province_code="01")

        assert doubt is not None
        assert "EPSG:5897" in doubt.message

    @pytest.mark.parametrize("srid", [5897, 4756, 3405])
    def test_has_none_about_the_usual_zone_and_the_whole_country(self, srid: int) -> None:
        assert coordinates.find_zone_doubt(srid=srid, old_province_code="01") is None


class TestRequireLocation:
    def test_takes_a_place_in_its_zone(self) -> None:
        require([place(*HA_NOI, 5897)], 5897)

    def test_takes_the_archipelagos_in_any_zone(self) -> None:
        require([place(112.0, 16.5, 5899)], 5899)

    @pytest.mark.parametrize(
        ("point", "srid", "rule"),
        [
            pytest.param((2_326_000.0, 588_000.0), 5897, "shape.axes_swapped", id="swapped"),
            pytest.param((21.03, 105.85), 4756, "shape.axes_swapped", id="swapped-degrees"),
            pytest.param(HA_NOI, 5897, "shape.not_metres", id="degrees"),
            pytest.param((588_000.0, 2_326_000.0), 4756, "shape.not_degrees", id="metres"),
            pytest.param((588_000.0, 5_000_000.0), 5897, "shape.outside_country", id="far"),
            pytest.param((100.5, 13.7), 4756, "shape.outside_country", id="Bangkok"),
            pytest.param((float("nan"), 2_326_000.0), 5897, "shape.number", id="nan"),
            pytest.param((float("inf"), 2_326_000.0), 5897, "shape.number", id="infinite"),
        ],
    )
    def test_refuses(self, point: tuple[float, float], srid: int, rule: str) -> None:
        good = HA_NOI if srid == 4756 else place(*HA_NOI, srid)

        with pytest.raises(errors.MisplacedShape) as refused:
            require([good, point], srid)

        assert refused.value.fields[0].rule == rule
        assert refused.value.fields[0].field == "/coordinates/0/0/1"

    def test_refuses_a_place_that_was_surveyed_in_another_zone(self) -> None:
        with pytest.raises(errors.MisplacedShape) as refused:
            require([place(106.6, 10.8, 9210)], 9215)

        assert refused.value.fields[0].rule == "shape.wrong_zone"


class TestMetricZone:
    @pytest.mark.parametrize(
        ("longitude", "zone"), [(103.4, 5896), (105.0, 5897), (106.5, 5898), (112.0, 5898)]
    )
    def test_is_the_nearest_for_degrees(self, longitude: float, zone: int) -> None:
        assert coordinates.metric_zone(4756, longitude=longitude) == zone

    def test_is_the_survey_s_own_otherwise(self) -> None:
        assert coordinates.metric_zone(9210, longitude=105.0) == 9210

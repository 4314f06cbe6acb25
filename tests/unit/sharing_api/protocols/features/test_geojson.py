"""Shapes in their zones become geometries of one system, in its axis order."""

from typing import Any

import pytest
from pyproj import Transformer

from sharing_api.protocols.features import geojson, references

EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
RING = [[500_000.0, 2_320_000.0], [500_010.0, 2_320_000.0], [500_010.0, 2_320_010.0],
        [500_000.0, 2_320_000.0]]  # fmt: skip


def shape(srid: int, *rings: list[list[float]]) -> dict[str, Any]:
    """Give a shape as the register publishes it."""
    return {"srid": srid, "type": "MultiPolygon", "coordinates": [list(rings)]}


def first_point(geometry: Any) -> tuple[float, float]:
    """Give the first point of a geometry."""
    x, y = geometry["coordinates"][0][0][0]
    return float(x), float(y)


class TestWriteGeometries:
    def test_keeps_what_was_surveyed_in_the_system_asked_for(self) -> None:
        written = geojson.write_geometries([shape(9210, RING)], f"{EPSG}9210")

        assert written[0] is not None
        assert [list(map(float, one)) for one in written[0]["coordinates"][0][0]] == RING

    @pytest.mark.parametrize("srid", [4326, 4756])
    def test_writes_latitude_first_where_the_registry_does(self, srid: int) -> None:
        written = geojson.write_geometries([shape(9210, RING)], f"{EPSG}{srid}")

        assert first_point(written[0]) == pytest.approx((20.97, 105.75), abs=0.01)

    def test_writes_longitude_first_in_crs84(self) -> None:
        written = geojson.write_geometries([shape(9210, RING)], references.CRS84)

        assert first_point(written[0]) == pytest.approx((105.75, 20.97), abs=0.01)

    def test_carries_each_from_its_own_zone(self) -> None:
        shapes = [shape(9210, RING), shape(9209, RING), shape(9210, RING, RING)]

        written = geojson.write_geometries(shapes, f"{EPSG}4756")

        for one, geometry in zip(shapes, written, strict=True):
            carry = Transformer.from_crs(one["srid"], 4756, always_xy=True)
            lon, lat = carry.transform(*RING[0])
            assert first_point(geometry) == pytest.approx((lat, lon), abs=1e-8)
        assert written[2] is not None
        assert len(written[2]["coordinates"][0]) == 2

    @pytest.mark.parametrize("nothing", [None, True])
    def test_has_none_for_what_is_no_shape(self, nothing: Any) -> None:
        assert geojson.write_geometries([nothing], references.CRS84) == [None]

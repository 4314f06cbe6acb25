"""Shapes as they are handed in: what is read, and where exactly the rest is refused."""

from typing import Any

import pytest
import shapely

from databases import reference_systems
from land import errors
from land.rules.topology import shapes
from land.values import Shape
from tests.unit.land.topology import squares
from tests.unit.land.topology.squares import EAST, NORTH, ZONE

OPEN = squares.ring(0, 0, 10, 10)[:-1]
BOW = [[EAST + x, NORTH + y] for x, y in ((0, 0), (10, 10), (10, 0), (0, 10), (0, 0))]
FAR_HOLE = [squares.ring(0, 0, 10, 10), squares.ring(50, 50, 2, 2)]
LINE = [[EAST, NORTH], [EAST + 5, NORTH], [EAST + 10, NORTH], [EAST, NORTH]]


def polygon(*rings: Any) -> dict[str, Any]:
    """Give a polygon as GeoJSON."""
    return {"type": "Polygon", "coordinates": list(rings)}


class TestReadShape:
    def test_keeps_the_survey_and_makes_the_common_form(self) -> None:
        shape = shapes.read_shape(squares.rectangle(0, 0), srid=ZONE)

        survey, common = (shapely.from_wkb(w) for w in (shape.survey_wkb, shape.common_wkb))
        assert survey.bounds == (EAST, NORTH, EAST + 10, NORTH + 10)
        back = reference_systems.transform(common, source=4756, target=ZONE)
        assert shapely.hausdorff_distance(survey, back) < 1e-4

    def test_takes_holes_and_several_parts(self) -> None:
        parts = [
            [squares.ring(0, 0, 10, 10), squares.ring(2, 2, 3, 3)],
            [squares.ring(20, 0, 5, 5)],
        ]

        shape = shapes.read_shape({"type": "MultiPolygon", "coordinates": parts}, srid=ZONE)

        assert shapely.from_wkb(shape.survey_wkb).area == pytest.approx(100 - 9 + 25)

    @pytest.mark.parametrize(
        ("geometry", "field", "rule"),
        [
            ({"type": "Point", "coordinates": [EAST, NORTH]}, "/type", "type"),
            ({}, "/type", "type"),
            ({"type": "Polygon"}, "/coordinates", "not_a_list"),
            (polygon(), "/coordinates", "empty"),
            (polygon([]), "/coordinates/0/0", "empty"),
            ({"type": "MultiPolygon", "coordinates": [[]]}, "/coordinates", "empty"),
            (polygon(OPEN), "/coordinates/0/0/3", "not_closed"),
            (polygon([[EAST, NORTH]] * 3), "/coordinates/0/0", "too_few_vertices"),
            (polygon([[EAST, "x"]]), "/coordinates/0/0/0", "not_a_position"),
            (polygon([[EAST, NORTH, 5]]), "/coordinates/0/0/0", "not_a_position"),
            (polygon([[True, NORTH]]), "/coordinates/0/0/0", "not_a_position"),
            (polygon(BOW), "/coordinates/0/0/0", "self_intersection"),
            (polygon(*FAR_HOLE), "/coordinates/0/1/0", "hole_lies_outside_shell"),
            (polygon(squares.ring(0, 0, 0.01, 0.01)), "/coordinates", "no_area"),
            (polygon(squares.ring(0, 0, 150_000, 150_000)), "/coordinates", "too_large"),
        ],
    )
    def test_refuses(self, geometry: dict[str, Any], field: str, rule: str) -> None:
        with pytest.raises(errors.InvalidShape) as refused:
            shapes.read_shape(geometry, srid=ZONE)

        assert refused.value.fields[0].rule == f"shape.{rule}"
        assert refused.value.fields[0].field == field

    def test_refuses_what_is_a_line(self) -> None:
        with pytest.raises(errors.InvalidShape):
            shapes.read_shape(polygon(LINE), srid=ZONE)

    def test_stops_reading_a_huge_one(self) -> None:
        endless = [[EAST, NORTH]] * (shapes.MOST_VERTICES + 2)

        with pytest.raises(errors.InvalidShape) as refused:
            shapes.read_shape(polygon(endless), srid=ZONE)

        assert refused.value.fields[0].rule == "shape.too_many_vertices"

    def test_names_the_vertex_whose_axes_are_swapped(self) -> None:
        ring = squares.ring(0, 0, 10, 10)
        ring[2] = ring[2][::-1]

        with pytest.raises(errors.MisplacedShape) as refused:
            shapes.read_shape(polygon(ring), srid=ZONE)

        assert refused.value.fields[0].field == "/coordinates/0/0/2"

    def test_refuses_an_unknown_zone(self) -> None:
        with pytest.raises(errors.UnknownZone):
            shapes.read_shape(squares.rectangle(0, 0), srid=4326)


class TestRequireShape:
    def test_takes_what_was_read(self) -> None:
        shapes.require_shape(shapes.read_shape(squares.rectangle(0, 0), srid=ZONE), srid=ZONE)

    def test_takes_degrees(self) -> None:
        ring = [[105.5, 21.0], [105.501, 21.0], [105.501, 21.001], [105.5, 21.0]]

        shapes.require_shape(shapes.read_shape(polygon(ring), srid=4756), srid=4756)

    def test_names_the_vertex_of_another_part(self) -> None:
        read = shapes.read_shape(squares.rectangle(0, 0), srid=ZONE)
        far = shapely.box(EAST + 2.5e5, NORTH, EAST + 2.5e5 + 5, NORTH + 5)
        both = shapely.multipolygons([shapely.from_wkb(read.survey_wkb).geoms[0], far])

        with pytest.raises(errors.MisplacedShape) as refused:
            shapes.require_shape(Shape(shapely.to_wkb(both), read.common_wkb), srid=ZONE)

        assert refused.value.fields[0].field == "/coordinates/1/0/0"

    def test_refuses_two_forms_of_different_land(self) -> None:
        here, there = (
            shapes.read_shape(squares.rectangle(east, 0), srid=ZONE) for east in (0, 0.1)
        )

        with pytest.raises(errors.InvalidShape) as refused:
            shapes.require_shape(Shape(here.survey_wkb, there.common_wkb), srid=ZONE)

        assert refused.value.fields[0].rule == "shape.not_alike"

"""Reads a shape as it was handed in and refuses one that is no boundary, naming the place."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from numbers import Real
from typing import Any, NoReturn

import numpy as np
import shapely

from databases import reference_systems
from land import errors
from land.rules import coordinates
from land.values import parcels

MOST_VERTICES = 50_000
MOST_AREA_M2 = Decimal(10) ** 10  # larger than the largest commune
LEAST_AREA_M2 = Decimal("0.01")
_FEWEST_POSITIONS = 4
SAME_DEGREES = 1e-7  # a centimetre
_TOO_MANY = f"A shape has at most {MOST_VERTICES} vertices."
_PLACE = re.compile(r"\[(?P<x>\S+) (?P<y>\S+)\]")

Ring = Sequence[Any]


def read_shape(geometry: Mapping[str, Any], *, srid: int) -> parcels.Shape:
    """Read a boundary written as GeoJSON writes it, but in the zone of its survey.

    Args:
        geometry: a Polygon or MultiPolygon; east before north, metres (degrees in EPSG:4756).
        srid: EPSG code of the zone.

    Raises:
        UnknownZone: the zone is none of VN-2000.
        InvalidShape: it is empty, too large, not closed, crosses itself, or is no polygon at all;
            `fields` holds a JSON pointer to the ring and vertex.
        MisplacedShape: the coordinates cannot lie in the zone; likewise.

    Source:
        Law on Land 31/2024/QH15 art. 3 (a parcel is bounded by a closed line; clause not
        verified); OGC Simple Features 1.2.1 (what a valid polygon is).
    """
    coordinates.require_zone(srid)
    polygons = _polygons(geometry)
    points: list[tuple[float, float]] = []
    places: list[str] = []
    for number, rings in enumerate(polygons):
        for ring_number, ring in enumerate(_listed(rings, f"/coordinates/{number}")):
            pointer = f"/coordinates/{number}/{ring_number}"
            _read_ring(ring, pointer, points, places)
    coordinates.require_location(np.array(points), srid=srid, places=places)
    shape = shapely.multipolygons([shapely.Polygon(rings[0], rings[1:]) for rings in polygons])
    return from_survey(shape, srid=srid)


def from_survey(shape: shapely.MultiPolygon, *, srid: int) -> parcels.Shape:
    """Make a shape of a geometry whose coordinates have been looked at.

    Raises:
        InvalidShape: as for `read_shape`.

    Source:
        as for `read_shape`.
    """
    require_valid(shape, srid=srid)
    common = reference_systems.transform(shape, source=srid, target=parcels.COMMON_SRID)
    return parcels.Shape(shapely.to_wkb(shape), shapely.to_wkb(common))


def require_shape(shape: parcels.Shape, *, srid: int) -> None:
    """Refuse a shape that is no boundary of land of Viet Nam, whoever made it.

    Raises:
        UnknownZone: the zone is none of VN-2000.
        InvalidShape: see `require_valid`; or it is no well-known binary of two dimensions, has too
            many vertices, or its two forms are not of the same land.
        MisplacedShape: the coordinates cannot lie in the zone. `fields` points to the vertex, as
            GeoJSON counts them.

    Source:
        as for `read_shape`.
    """
    coordinates.require_zone(srid)
    survey = _from_wkb(shape.survey_wkb)
    if shapely.get_num_coordinates(survey) > MOST_VERTICES:
        _refuse("/coordinates", "too_many_vertices", _TOO_MANY)
    _require_area_type(survey)
    points, places = _list_vertices(survey)
    coordinates.require_location(points, srid=srid, places=places)
    require_valid(survey, srid=srid)
    common = reference_systems.transform(survey, source=srid, target=parcels.COMMON_SRID)
    if not shapely.equals_exact(_from_wkb(shape.common_wkb), common, tolerance=SAME_DEGREES):
        _refuse("/coordinates", "not_alike", "The shape lies elsewhere in EPSG:4756.")


def _from_wkb(wkb: bytes) -> shapely.Geometry:
    try:
        shape = shapely.from_wkb(wkb)
    except shapely.errors.ShapelyError as error:
        rule = "not_closed" if "closed" in str(error) else "unreadable"
        sentence = f"The shape cannot be read: {error}."
        raise errors.InvalidShape.of_field("/coordinates", f"shape.{rule}", sentence) from error
    if shapely.get_srid(shape):
        _refuse("/crs", "zone_within", "Name the zone beside the shape, not within it.")
    if shape.has_z or shape.has_m:
        _refuse("/coordinates", "not_a_position", "A position is two numbers: east and north.")
    return shape


def _list_vertices(shape: shapely.MultiPolygon) -> tuple[reference_systems.Points, list[str]]:
    """List the positions of a shape, and where GeoJSON has each of them."""
    places = [
        f"/coordinates/{number}/{ring_number}/{vertex}"
        for number, polygon in enumerate(shape.geoms)
        for ring_number, ring in enumerate((polygon.exterior, *polygon.interiors))
        for vertex in range(len(ring.coords))
    ]
    return shapely.get_coordinates(shape), places


def _require_area_type(shape: shapely.Geometry) -> None:
    if shape.geom_type != "MultiPolygon":
        _refuse("/type", "type", "A boundary is a Polygon or a MultiPolygon.")
    if shape.is_empty:
        _refuse("/coordinates", "empty", "The shape is empty.")


def require_valid(shape: shapely.Geometry, *, srid: int) -> None:
    """Refuse a geometry that bounds no land.

    Raises:
        InvalidShape: it is empty, of another type, crosses or touches itself along a line, has a
            hole outside, or its area is none or beyond any parcel's.

    Source:
        OGC Simple Features 1.2.1 (what a valid polygon is); limits of size: technical.
    """
    _require_area_type(shape)
    if not shape.is_valid:
        _refuse_invalid(shape)
    zone = coordinates.metric_zone(srid, longitude=shape.centroid.x)
    area = Decimal(reference_systems.transform(shape, source=srid, target=zone).area)
    if area < LEAST_AREA_M2:
        _refuse("/coordinates", "no_area", "The shape has no area.")
    if area > MOST_AREA_M2:
        _refuse("/coordinates", "too_large", "The shape is larger than any parcel can be.")


def _polygons(geometry: Mapping[str, Any]) -> list[Sequence[Any]]:
    kind = geometry.get("type") if isinstance(geometry, Mapping) else None
    if kind not in ("Polygon", "MultiPolygon"):
        _refuse("/type", "type", "A boundary is a Polygon or a MultiPolygon.")
    coordinates_ = _listed(geometry.get("coordinates"), "/coordinates")
    polygons = [coordinates_] if kind == "Polygon" else list(coordinates_)
    for polygon in polygons:
        _listed(polygon, "/coordinates")
    return polygons


def _listed(value: Any, pointer: str) -> Sequence[Any]:
    if isinstance(value, str | bytes) or not isinstance(value, Sequence):
        _refuse(pointer, "not_a_list", "Coordinates are lists within lists.")
    if not value:
        _refuse(pointer, "empty", "The shape is empty.")
    return value


def _read_ring(
    ring: Any, pointer: str, points: list[tuple[float, float]], places: list[str]
) -> None:
    first = len(points)
    for number, position in enumerate(_listed(ring, pointer)):
        place = f"{pointer}/{number}"
        points.append(_position(position, place))
        places.append(place)
        if len(points) > MOST_VERTICES:
            _refuse(place, "too_many_vertices", _TOO_MANY)
    if len(points) - first < _FEWEST_POSITIONS:
        _refuse(pointer, "too_few_vertices", "A ring has at least four positions.")
    if points[first] != points[-1]:
        _refuse(places[-1], "not_closed", "The last position of a ring must equal its first.")


def _position(position: Any, place: str) -> tuple[float, float]:
    is_pair = isinstance(position, Sequence) and len(position) == 2
    if not is_pair or any(isinstance(n, bool) or not isinstance(n, Real) for n in position):
        _refuse(place, "not_a_position", "A position is two numbers: east and north.")
    return float(position[0]), float(position[1])


def _refuse_invalid(shape: shapely.Geometry) -> NoReturn:
    reason = shapely.is_valid_reason(shape)
    sentence = "The shape is no valid polygon"
    pointer = "/coordinates"
    place = _PLACE.search(reason)
    if place is not None:
        x, y = float(place["x"]), float(place["y"])
        pointer = _pointer_to(shape, x, y)
        sentence += f" at {x:.3f} {y:.3f}"
    rule = reason.partition("[")[0].strip().lower().replace(" ", "_").replace("-", "_")
    _refuse(pointer, rule or "invalid", f"{sentence}: {reason.partition('[')[0].strip()}.")


def _pointer_to(shape: shapely.Geometry, x: float, y: float) -> str:
    """Name the vertex that lies nearest to a place."""
    place = shapely.Point(x, y)
    nearest, pointer = float("inf"), "/coordinates"
    for number, polygon in enumerate(shape.geoms):
        for ring_number, ring in enumerate((polygon.exterior, *polygon.interiors)):
            distances = shapely.distance(shapely.points(ring.coords), place)
            vertex = int(np.argmin(distances))
            if distances[vertex] < nearest:
                nearest = float(distances[vertex])
                pointer = f"/coordinates/{number}/{ring_number}/{vertex}"
    return pointer


def _refuse(pointer: str, rule: str, sentence: str) -> NoReturn:
    raise errors.InvalidShape.of_field(pointer, f"shape.{rule}", sentence)

"""Writes shapes of records as GeoJSON geometries in one coordinate reference system."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from databases import reference_systems
from databases.reference_systems import Points
from sharing_api.protocols.features import references

Geometry = dict[str, Any]
# A tenth of a millimetre on the ground.
_DECIMALS_OF_DEGREES = 9
_DECIMALS_OF_METRES = 4


def write_geometries(shapes: Sequence[Any], uri: str) -> list[Geometry | None]:
    """Write shapes, each as surveyed in its zone, as geometries in one system.

    Args:
        shapes: multipolygons with the zone they are in; anything else (none surveyed, or granted
            as yes or no) has no geometry.
        uri: the system wanted; its axis order is followed.

    Returns:
        as many geometries as shapes.
    """
    written: list[Geometry | None] = [None] * len(shapes)
    zones: dict[int, list[int]] = {}
    for place, shape in enumerate(shapes):
        if isinstance(shape, Mapping):
            zones.setdefault(shape["srid"], []).append(place)
    for srid, places in zones.items():
        rings = [_rings(shapes[place]["coordinates"]) for place in places]
        points = np.array([point for one in rings for ring in one for point in ring], dtype=float)
        carried = _carry(points, srid, uri)
        start = 0
        for place in places:
            polygons, start = _cut(shapes[place]["coordinates"], carried, start)
            written[place] = {"type": "MultiPolygon", "coordinates": polygons}
    return written


def _rings(polygons: Iterable[Any]) -> list[Any]:
    return [ring for polygon in polygons for ring in polygon]


def _carry(points: Points, srid: int, uri: str) -> Points:
    carried = reference_systems.transform_points(
        points, source=srid, target=references.srid_of(uri)
    )
    if references.is_latitude_first(uri):
        carried = carried[:, ::-1]
    is_geographic = references.is_geographic(uri)
    decimals = _DECIMALS_OF_DEGREES if is_geographic else _DECIMALS_OF_METRES
    return np.ascontiguousarray(np.round(carried, decimals))


def _cut(polygons: Iterable[Any], points: Points, start: int) -> tuple[list[list[Points]], int]:
    """Cut the rings of one shape out of all points, beginning at `start`; give where it ended."""
    written = []
    for polygon in polygons:
        rings = []
        for ring in polygon:
            rings.append(points[start : start + len(ring)])
            start += len(ring)
        written.append(rings)
    return written, start

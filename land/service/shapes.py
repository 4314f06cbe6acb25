"""Reads the boundary of a parcel that somebody hands in; nothing is recorded here."""

from collections.abc import Mapping
from typing import Any

from land.rules.topology import shapes
from land.values import Shape


def read_shape(geometry: Mapping[str, Any], *, srid: int) -> Shape:
    """Read a boundary as GeoJSON writes it, in the zone of its survey.

    Args:
        geometry: a Polygon or MultiPolygon; east before north, metres.
        srid: EPSG code of the zone.

    Raises:
        UnknownZone, InvalidShape, MisplacedShape: see `rules.topology.shapes.read_shape`.
    """
    return shapes.read_shape(geometry, srid=srid)

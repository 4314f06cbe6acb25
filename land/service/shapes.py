"""Looks at boundaries that somebody hands in; nothing is recorded here."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import shapely

from databases.errors import RegisterError
from land.rules import coordinates
from land.rules.topology import batches, overlaps, shapes
from land.service import acts
from land.values import Overlap, Parcel, Shape


def read_shape(geometry: Mapping[str, Any], *, srid: int) -> Shape:
    """Read a boundary as GeoJSON writes it, in the zone of its survey.

    Args:
        geometry: a Polygon or MultiPolygon; east before north, metres.
        srid: EPSG code of the zone.

    Raises:
        UnknownZone, InvalidShape, MisplacedShape: see `rules.topology.shapes.read_shape`.
    """
    return shapes.read_shape(geometry, srid=srid)


def read_shapes(
    placed: Sequence[Any], *, srid: int, given: Sequence[Any] | None = None
) -> list[Shape | RegisterError]:
    """Read many boundaries that lie in the zone of their survey, or say why each is none.

    Args:
        placed: geometries of shapely; None where what was given is none.
        srid: EPSG code of the zone.
        given: GeoJSON that each was made of, to say what is wrong with one that is none.

    Returns:
        the shape, or what `read_shape` raises, for each.

    Raises:
        UnknownZone: the zone is none of VN-2000.
    """
    coordinates.require_zone(srid)
    found = batches.read_placed(placed, srid=srid)
    said = given or [None] * len(placed)
    return [
        _read_alone(geometry, written, srid) if shape is None else shape
        for geometry, written, shape in zip(placed, said, found, strict=True)
    ]


def _read_alone(geometry: Any, given: Any, srid: int) -> Shape | RegisterError:
    try:
        written = given if geometry is None else json.loads(shapely.to_geojson(geometry))
        return shapes.read_shape(written, srid=srid)
    except RegisterError as refusal:
        return refusal


def list_overlaps(parcels: Sequence[Parcel]) -> tuple[Overlap, ...]:
    """List the land that two of several parcels claim, registered or not.

    Args:
        parcels: all surveyed in one zone; those without a shape are passed over.
    """
    measured = [acts.measured(parcel) for parcel in parcels]
    return overlaps.find_overlaps_among([one for one in measured if one is not None])

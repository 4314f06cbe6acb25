"""Looks at boundaries that somebody hands in; nothing is recorded here."""

from collections.abc import Mapping, Sequence
from typing import Any

from land.rules.topology import overlaps, shapes
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


def list_overlaps(parcels: Sequence[Parcel]) -> tuple[Overlap, ...]:
    """List the land that two of several parcels claim, registered or not.

    Args:
        parcels: all surveyed in one zone; those without a shape are passed over.
    """
    measured = [acts.measured(parcel) for parcel in parcels]
    return overlaps.find_overlaps_among([one for one in measured if one is not None])

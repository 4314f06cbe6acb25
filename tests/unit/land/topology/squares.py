"""Squares in a zone near its meridian, to lay parcels out with."""

from typing import Any

from land.rules.topology import shapes
from land.rules.topology.measured import Measured

ZONE = 9210
EAST, NORTH = 500_000.0, 2_320_000.0


def ring(x: float, y: float, width: float, height: float) -> list[list[float]]:
    """Give the ring of a rectangle whose corner lies at x, y from (`EAST`, `NORTH`)."""
    west, south = EAST + x, NORTH + y
    east, north = west + width, south + height
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def rectangle(x: float, y: float, width: float = 10, height: float = 10) -> dict[str, Any]:
    """Give a rectangle as GeoJSON."""
    return {"type": "Polygon", "coordinates": [ring(x, y, width, height)]}


def parcel(
    name: str, x: float, y: float, width: float = 10, height: float = 10, accuracy: float = 0.07
) -> Measured:
    """Give a surveyed rectangle."""
    shape = shapes.read_shape(rectangle(x, y, width, height), srid=ZONE)
    return Measured(name, shape, ZONE, accuracy)

"""How shapes and places are read in questions and written in answers."""

import math
from collections.abc import Sequence
from numbers import Real
from typing import Any

import numpy as np
import orjson

from databases import predicate_values, reference_systems
from databases.datasets import Parameters
from databases.plans import Json
from databases.reference_systems import Box
from land.repository import geometry

_WORLD = (-180.0, -90.0, 180.0, 90.0)


def surveyed(srid: int | None, text: str | None) -> Json:
    """Write a shape as surveyed: the members of a GeoJSON geometry, and the zone it is in.

    Args:
        srid: EPSG code of the zone.
        text: GeoJSON geometry in that zone, metres; None: there is no survey.
    """
    if text is None:
        return None
    return {"srid": srid, **orjson.loads(text)}


def read_box(name: str, value: Any) -> Parameters:
    """Read a box in WGS 84 as the parameters of `geometry.in_box`.

    Args:
        name: of the predicate.
        value: west, south, east, north, degrees: four numbers, or a text that parts them by
            commas, for the exchange's own questions carry no lists.

    Raises:
        PredicateMalformed: it is no box.
    """
    sides = _read_sides(value)
    if sides is None:
        sentence = "Give west, south, east and north in degrees of WGS 84."
        raise predicate_values.malformed(name, sentence)
    west, south, east, north = sides
    if west > east or south > north:
        raise predicate_values.malformed(name, "West is before east, south before north.")
    return dict(zip(geometry.BOX, box_in_vn_2000(west, south, east, north), strict=True))


def box_in_vn_2000(west: float, south: float, east: float, north: float) -> Box:
    """Give the box in EPSG:4756 that holds a box in WGS 84; both in degrees."""
    limits = np.clip([west, south, east, north], _LEAST, _MOST).tolist()
    return reference_systems.transform_box(
        (limits[0], limits[1], limits[2], limits[3]),
        source=reference_systems.WGS_84,
        target=reference_systems.VN_2000,
    )


def _read_sides(value: Any) -> list[float] | None:
    given = value.split(",") if isinstance(value, str) else value
    if not isinstance(given, Sequence) or len(given) != 4:
        return None
    if not all(isinstance(one, str | Real) and not isinstance(one, bool) for one in given):
        return None
    try:
        sides = [float(one) for one in given]
    except (ValueError, OverflowError):
        return None
    return sides if all(math.isfinite(one) for one in sides) else None


_LEAST = [_WORLD[0], _WORLD[1]] * 2
_MOST = [_WORLD[2], _WORLD[3]] * 2

"""VN-2000, its zones, and how coordinates are carried between them and to WGS 84.

Everywhere east comes before north and longitude before latitude, whatever the order that a
coordinate reference system names its axes in: protocols turn them where their standard says so.
Within VN-2000 zones differ by projection only. To WGS 84 there are two published transformations
that differ by 0.7 m; EPSG:6960 is used everywhere and never left to a library's choice.
"""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

Points = NDArray[np.float64]
Box = tuple[float, float, float, float]

VN_2000 = 4756
WGS_84 = 4326
_STEPS = 9

_DATUM_SHIFT = (
    "+step +proj=push +v_3 +step +proj=cart +ellps=WGS84"
    " +step +proj=helmert +x=-191.90441429 +y=-39.30318279 +z=-111.45032835"
    " +rx=-0.00928836 +ry=0.01975479 +rz=-0.00427372 +s=0.252906278 +convention=coordinate_frame"
    " +step +inv +proj=cart +ellps=WGS84 +step +proj=pop +v_3"
)
_TO_RADIANS = "+step +proj=unitconvert +xy_in=deg +xy_out=rad"
_TO_DEGREES = "+step +proj=unitconvert +xy_in=rad +xy_out=deg"
_INVERSE_SHIFT = _DATUM_SHIFT.replace("+proj=helmert", "+inv +proj=helmert")


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone of VN-2000.

    Args:
        srid: EPSG code.
        meridian: central meridian, degrees east.
        scale: on the central meridian.
        area: west, south, east, north that the EPSG registry names for its use, degrees.
    """

    srid: int
    meridian: float
    scale: float
    area: tuple[float, float, float, float]

    @property
    def projection(self) -> str:
        """Describe the projection in the words of PROJ."""
        return (
            f"+proj=tmerc +lat_0=0 +lon_0={self.meridian} +k={self.scale}"
            f" +x_0=500000 +y_0=0 +ellps=WGS84"
        )


def _tm3(srid: int, meridian: float, *area: float) -> Zone:
    west, south, east, north = area
    return Zone(srid, meridian, 0.9999, (west, south, east, north))


ZONES: Mapping[int, Zone] = MappingProxyType(
    {
        zone.srid: zone
        for zone in (
            Zone(3405, 105, 0.9996, (102.14, 8.33, 108.0, 23.4)),
            Zone(3406, 111, 0.9996, (108.0, 10.43, 109.53, 21.56)),
            _tm3(5896, 102, 102.14, 9.2, 103.51, 22.82),
            _tm3(5897, 105, 103.5, 8.33, 106.51, 23.4),
            _tm3(5898, 108, 106.5, 8.57, 109.53, 22.95),
            _tm3(5899, 107.75, 106.43, 8.57, 108.76, 21.67),
            _tm3(9205, 103, 102.14, 20.89, 103.99, 22.82),
            _tm3(9206, 104, 103.21, 20.57, 105.03, 22.04),
            _tm3(9207, 104.5, 103.4, 8.33, 105.54, 10.55),
            _tm3(9208, 104.75, 103.53, 10.18, 105.86, 22.85),
            _tm3(9209, 105.5, 104.33, 9.19, 106.69, 23.4),
            _tm3(9210, 105.75, 105.26, 9.75, 107.8, 23.12),
            _tm3(9211, 106, 104.83, 16.92, 107.03, 22.7),
            _tm3(9212, 106.25, 106.41, 11.3, 107.43, 17.22),
            _tm3(9213, 106.5, 105.43, 21.32, 106.25, 22.75),
            _tm3(9214, 107, 105.88, 15.99, 108.24, 21.63),
            _tm3(9215, 107.25, 106.09, 21.32, 107.37, 22.47),
            _tm3(9216, 107.5, 107.33, 13.92, 108.55, 15.42),
            _tm3(9217, 108.25, 108.55, 11.25, 109.53, 14.71),
            _tm3(9218, 108.5, 107.2, 10.43, 109.52, 14.61),
        )
    }
)
SYSTEMS = frozenset({VN_2000, WGS_84, *ZONES})


def transform_points(points: Points, *, source: int, target: int) -> Points:
    """Carry points from one of `SYSTEMS` to another.

    Args:
        points: two columns, east or longitude first.

    Source:
        EPSG registry: operation 6960, VN-2000 to WGS 84 (2), accuracy 1 m; parameters published
        by Decision 05/2007/QĐ-BTNMT.
    """
    if source == target:
        return points
    x, y = _transformer(source, target).transform(points[:, 0], points[:, 1])
    return np.column_stack((x, y))


def transform_box(box: Box, *, source: int, target: int) -> Box:
    """Give the box in one of `SYSTEMS` that holds a box in another.

    Args:
        box: west, south, east, north; it may be a point or a line.
    """
    west, south, east, north = box
    # A grid and not the corners alone: a straight side is not quite straight in another system.
    x, y = np.meshgrid(np.linspace(west, east, _STEPS), np.linspace(south, north, _STEPS))
    points = np.column_stack((x.ravel(), y.ravel()))
    carried = transform_points(points, source=source, target=target)
    least, most = carried.min(axis=0).tolist(), carried.max(axis=0).tolist()
    return (least[0], least[1], most[0], most[1])


def transform(shape: shapely.Geometry, *, source: int, target: int) -> shapely.Geometry:
    """Carry a shape from one of `SYSTEMS` to another; the given one where nothing changes."""
    if source == target:
        return shape
    return shapely.transform(
        shape, functools.partial(transform_points, source=source, target=target)
    )


@functools.cache
def _transformer(source: int, target: int) -> Transformer:
    steps = " ".join(filter(None, (_leave(source), _shift(source, target), _enter(target))))
    return Transformer.from_pipeline(f"+proj=pipeline {steps}")


def _leave(srid: int) -> str:
    if srid in ZONES:
        return f"+step +inv {ZONES[srid].projection}"
    return "+step +proj=unitconvert +xy_in=deg +xy_out=rad"


def _enter(srid: int) -> str:
    if srid in ZONES:
        return f"+step {ZONES[srid].projection}"
    return "+step +proj=unitconvert +xy_in=rad +xy_out=deg"


def _shift(source: int, target: int) -> str:
    if (source == WGS_84) == (target == WGS_84):
        return ""
    return _DATUM_SHIFT if target == WGS_84 else _INVERSE_SHIFT

"""Shapes of any country, read from GeoJSON and laid into a zone of VN-2000 as they are."""

import hashlib
import itertools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from databases.loading import collecting

_WORLD: Final = (180, 90)  # degrees on either side
_PAIR: Final = 2


@dataclass(frozen=True)
class Ground:
    """Where shapes are laid.

    Args:
        zone: EPSG code of the zone.
        middle: east and north of the middle of all, metres.
        commune: code since the reform.
        accuracy_m: mean error of a boundary point.
    """

    zone: int
    middle: tuple[int, int]
    commune: str
    accuracy_m: float


@dataclass(frozen=True, slots=True)
class Laid:
    """A shape in the zone with its area.

    Args:
        geometry: of shapely; None where what was given is none.
        given: GeoJSON, as it stands in the file.
    """

    parcel_id: str
    geometry: Any
    area_m2: Decimal
    given: Any


@collecting.paused()
def read_features(file: Path) -> list[dict[str, Any]]:
    """Read the features of a file, one on each line.

    Raises:
        UnreadableFile: a line is no JSON object in UTF-8; names the line.
    """
    import orjson

    from databases.loading import errors

    features = []
    with file.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            if line.isspace():
                continue
            try:
                feature = orjson.loads(line)
            except ValueError as error:
                raise errors.UnreadableFile(f"Line {number} is no JSON: {error}.") from error
            if not isinstance(feature, dict):
                raise errors.UnreadableFile(f"Line {number} holds no feature of GeoJSON.")
            features.append(feature)
    return features


@collecting.paused()
def lay_out(features: Sequence[Mapping[str, Any]], ground: Ground) -> list[Laid]:
    """Lay features into a zone; form, size and place among each other are kept.

    Args:
        features: GeoJSON, degrees of WGS 84.
        ground: where they are laid.
    """
    import orjson
    import shapely

    given = [feature.get("geometry") for feature in features]
    written = [orjson.dumps(geometry, option=orjson.OPT_SORT_KEYS) for geometry in given]
    placed = _place(_read_geometries(given, written), ground)
    return [
        Laid(_name(feature, text), shape, Decimal(f"{area:.2f}"), geometry)
        for feature, text, shape, area, geometry in zip(
            features, written, placed, shapely.area(placed).tolist(), given, strict=True
        )
    ]


def _read_geometries(given: Sequence[Any], written: Sequence[bytes]) -> Any:
    """Read GeoJSON geometries; None for one that is none."""
    import numpy as np
    import shapely

    shapes = np.full(len(given), None, dtype=object)
    is_plain = np.fromiter(map(_is_polygon, given), dtype=np.bool_, count=len(given))
    plain = np.flatnonzero(is_plain)
    try:
        shapes[plain] = _read_polygons([given[place]["coordinates"] for place in plain.tolist()])
    except (KeyError, TypeError, ValueError, shapely.errors.ShapelyError):
        is_plain[:] = False  # one of them is none: it is found by reading each by itself
    others = np.flatnonzero(~is_plain)
    texts = [written[place] for place in others.tolist()]
    shapes[others] = shapely.from_geojson(texts, on_invalid="ignore")
    return shapes


def _is_polygon(geometry: Any) -> bool:
    return isinstance(geometry, dict) and geometry.get("type") == "Polygon"


def _read_polygons(given: Sequence[Any]) -> Any:
    """Read the rings of polygons, all positions as one array.

    Raises:
        KeyError, TypeError, ValueError, ShapelyError: one of them is no polygon.
    """
    import numpy as np
    import shapely

    rings = list(itertools.chain.from_iterable(given))
    lengths = np.array(list(map(len, rings)), dtype=np.int64)
    points = np.array(list(itertools.chain.from_iterable(rings))) if rings else np.empty((0, 2))
    ends = np.cumsum(lengths)
    if points.dtype.kind not in "if" or points.ndim != _PAIR or points.shape[1] != _PAIR:
        raise ValueError("A position is two numbers.")
    if not (all(given) and lengths.all() and (points[ends - lengths] == points[ends - 1]).all()):
        raise ValueError("A ring ends where it begins.")
    of_ring = np.repeat(np.arange(len(rings)), lengths)
    of_polygon = np.repeat(np.arange(len(given)), list(map(len, given)))
    lines = shapely.linearrings(points.astype(np.float64), indices=of_ring)
    return shapely.polygons(lines, indices=of_polygon)


def _place(shapes: Any, ground: Ground) -> Any:
    """Carry geometries of degrees into the zone; none for what lies outside the world."""
    import numpy as np
    import shapely
    from pyproj import Transformer

    bounds = shapely.bounds(shapes)
    is_within = (np.abs(bounds) <= (*_WORLD, *_WORLD)).all(axis=1)
    shapes = np.where(is_within, shapes, None)
    if not is_within.any():
        return shapes
    west, south = bounds[is_within, :2].min(axis=0)
    right, top = bounds[is_within, 2:].max(axis=0)
    local = Transformer.from_pipeline(
        "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad"
        f" +step +proj=tmerc +lat_0={(south + top) / 2} +lon_0={(west + right) / 2} +ellps=WGS84"
        f" +x_0={ground.middle[0]} +y_0={ground.middle[1]}"
    )

    def place(points: Any) -> Any:
        return np.column_stack(local.transform(points[:, 0], points[:, 1]))

    return shapely.transform(shapes, place)


def _name(feature: Mapping[str, Any], geometry: bytes) -> str:
    """Name a parcel after the feature, the same at every load."""
    # Spaced as the json module spaces it: names that registers hold were made of that.
    spaced = geometry.replace(b",", b", ").replace(b":", b": ")
    text = b"[%s, %s]" % (json.dumps(feature.get("id")).encode(), spaced)
    return "TZ" + hashlib.sha256(text).hexdigest()[:24].upper()

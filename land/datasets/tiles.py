"""The dataset `parcel_tile`: maps of parcels as vector tiles, a field for each layer."""

import math
import re
from collections.abc import Mapping, Sequence

import numpy as np
from sqlalchemy.orm import Session

from databases import datasets, reference_systems
from databases.changes.versions import AsOf
from databases.datasets import Dataset, FetchResult, Field
from databases.identifiers import MalformedIdentifier
from land.datasets import geometries
from land.repository import tiles
from land.repository.tiles import TileBox

LEAST_ZOOM, MOST_ZOOM = 14, 22
_KEY = re.compile(r"(\d{1,2})/(\d{1,7})/(\d{1,7})", re.ASCII)
_FITTED = (0.0, 0.5, 1.0)  # parts of the side at which the projection is looked at
_EARTH_RADIUS_M = 6_378_137.0
_HALF_WORLD_M = math.pi * _EARTH_RADIUS_M
_LAW = "Law on Land 31/2024/QH15 art. 50 (cadastral maps; clause not verified)"


def canonical_key(text: str) -> str:
    """Give the key of a tile: zoom, row from the north and column from the west.

    Raises:
        MalformedIdentifier: no such tile, or one that shows too much or too little.

    >>> canonical_key("14/7214/12985")
    '14/7214/12985'
    """
    found = _KEY.fullmatch(text)
    zoom, row, column = (int(part) for part in found.groups()) if found else (0, 0, 0)
    if not LEAST_ZOOM <= zoom <= MOST_ZOOM or max(row, column) >= 2**zoom:
        message = f"Write zoom/row/column, with a zoom of {LEAST_ZOOM} to {MOST_ZOOM}."
        raise MalformedIdentifier.of_field("tile", "tile.shape", message)
    return f"{zoom}/{row}/{column}"


def box_of(key: str) -> TileBox:
    """Give what a tile covers."""
    zoom, row, column = (int(part) for part in key.split("/"))
    side = 2 * _HALF_WORLD_M / 2**zoom
    left, top = column * side - _HALF_WORLD_M, _HALF_WORLD_M - row * side
    margin = side * tiles.BUFFER / tiles.EXTENT
    west, south = _degrees(left - margin, top - side - margin)
    east, north = _degrees(left + side + margin, top + margin)
    return TileBox(
        *geometries.box_in_vn_2000(west, south, east, north),
        *(left, top - side, left + side, top),
        *_projection(left, top - side, side),
    )


def _projection(left: float, bottom: float, side: float) -> tuple[float, ...]:
    """Fit the projection of a tile by a linear one.

    At the least zoom a tile is 2.4 km wide and the two differ by 5 cm, a tenth of the tile's grid;
    at each further zoom by a quarter of that. PostGIS would project each point anew, and choose
    between two transformations to WGS 84 that differ by 0.7 m.
    """
    metres = np.array([(left + side * i, bottom + side * j) for i in _FITTED for j in _FITTED])
    degrees = reference_systems.transform_points(
        np.array([_degrees(x, y) for x, y in metres]),
        source=reference_systems.WGS_84,
        target=reference_systems.VN_2000,
    )
    origin = degrees[0]
    known = np.column_stack((degrees - origin, np.ones(len(degrees))))
    (x_lon, y_lon), (x_lat, y_lat), constant = np.linalg.lstsq(known, metres)[0].tolist()
    x_0 = constant[0] - x_lon * origin[0] - x_lat * origin[1]
    y_0 = constant[1] - y_lon * origin[0] - y_lat * origin[1]
    return (x_lon, x_lat, y_lon, y_lat, float(x_0), float(y_0))


def _degrees(x: float, y: float) -> tuple[float, float]:
    latitude = 2 * math.atan(math.exp(y / _EARTH_RADIUS_M)) - math.pi / 2
    return math.degrees(x / _EARTH_RADIUS_M), math.degrees(latitude)


def _fetch(
    session: Session, keys: Sequence[str], fields: frozenset[str], as_of: AsOf
) -> FetchResult:
    datasets.require_fields(_FIELDS, fields)
    layers = tuple(layer for layer in tiles.LAYERS if layer in fields)
    rows = tiles.read_tiles(session, keys, [box_of(key) for key in keys], layers, as_of)
    records = {
        row[1]: {"tile": row[1], **dict(zip(layers, row[2:], strict=True))}
        for row in rows
        if row[1] is not None
    }
    return FetchResult(int(rows[0][0]), records)


def _field(name: str, title_vi: str, description: str) -> Field:
    return Field(
        name=name,
        type="text",
        sensitivity="basic",
        sources=(),
        formats=("full",),
        code_list=None,
        law_item=_LAW,
        title_vi=title_vi,
        description=description,
    )


_FIELDS: Mapping[str, Field] = {
    field.name: field
    for field in (
        _field("tile", "Ô bản đồ", "Zoom, row and column in WebMercatorQuad."),
        _field(
            "parcels",
            "Ranh giới thửa đất",
            "Layer of outlines with the register's own name of each parcel; Mapbox Vector Tile 2.1 "
            "in base64.",
        ),
        _field(
            "numbers",
            "Số tờ, số thửa",
            "Layer of a point inside each parcel with the numbers of its map sheet and on it; "
            "likewise.",
        ),
    )
}
PARCEL_TILE = Dataset(
    name="parcel_tile",
    register="land",
    key="tile",
    key_rule=canonical_key,
    fields=_FIELDS,
    predicates={},
    standard="parcel_tile",
    standard_version="1.0",
    fetch=_fetch,
    search=datasets.refuse_searches("Tiles are asked for by zoom, row and column."),
    # A tile may lie in several provinces: agreements about one province do not reach it.
    territory_of=(),
    is_personal=False,
)

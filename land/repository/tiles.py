"""The SQL of vector tiles: the outlines and the numbers of parcels, drawn by the database."""

import functools
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from typing import Any

from geoalchemy2 import Geometry
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Float,
    FromClause,
    Text,
    bindparam,
    cast,
    column,
    func,
    literal_column,
    select,
)
from sqlalchemy.orm import Session

from databases import statements
from databases.changes.versions import AsOf
from databases.statements import Statement
from land import tables
from land.values import parcels

EXTENT = 4096  # grid of a tile, as Mapbox Vector Tile 2.1 proposes
BUFFER = 64
_p = tables.parcel.alias("p")


@dataclass(frozen=True, slots=True)
class TileBox:
    """What a tile covers, and how degrees in it become metres.

    Args:
        west, south, east, north: with a margin, degrees in EPSG:4756.
        left, bottom, right, top: without margin, metres in EPSG:3857.
        x_lon, x_lat, y_lon, y_lat, x_0, y_0: x = x_lon * lon + x_lat * lat + x_0, likewise y, for
            places in the tile.
    """

    west: float
    south: float
    east: float
    north: float
    left: float
    bottom: float
    right: float
    top: float
    x_lon: float
    x_lat: float
    y_lon: float
    y_lat: float
    x_0: float
    y_0: float


_PARTS = tuple(TileBox.__dataclass_fields__)


def read_tiles(
    session: Session,
    keys: Sequence[str],
    boxes: Sequence[TileBox],
    layers: tuple[str, ...],
    as_of: AsOf,
) -> Sequence[Sequence[Any]]:
    """Draw tiles as of a day and a change.

    Args:
        session: reading session; one statement runs in it.
        keys: of the tiles.
        boxes: of the tiles, in the same order.
        layers: of `LAYERS`.
        as_of: which state.

    Returns:
        rows of last change, key, and one base64 text for each layer; an empty text where nothing
        lies in the tile.
    """
    sides = zip(*(astuple(box) for box in boxes), strict=True)
    given = {name: list(side) for name, side in zip(_PARTS, sides, strict=True)}
    statement = _statement(layers, as_of.change is not None)
    return statements.fetch_rows(session, statement, as_of, {"keys": list(keys), **given})


@functools.lru_cache(maxsize=64)
def _statement(layers: tuple[str, ...], at_change: bool) -> Statement:
    sides = (cast(bindparam(name, type_=ARRAY(Float)), ARRAY(Float)) for name in _PARTS)
    columns = (column("key", Text), *(column(name, Float) for name in _PARTS))
    asked = (
        func.unnest(statements.asked_keys(), *sides)
        .table_valued(*columns)
        .render_derived(name="asked")
    )
    drawn = [_LAYERS[layer](asked, at_change).label(layer) for layer in layers]
    return statements.render(select(asked.c.key, *drawn), head=tables.ledger.head)


def _drawn(
    asked: FromClause,
    at_change: bool,
    layer: str,
    shape: ColumnElement[Any],
    *attributes: ColumnElement[Any],
) -> ColumnElement[str]:
    box = func.st_makeenvelope(*(asked.c[side] for side in _PARTS[:4]), parcels.COMMON_SRID)
    bounds = func.st_makeenvelope(*(asked.c[side] for side in _PARTS[4:8]), type_=Geometry)
    projected = func.st_affine(shape, *(asked.c[part] for part in _PARTS[8:]), type_=Geometry)
    rows = (
        select(
            func.st_asmvtgeom(projected, bounds, EXTENT, BUFFER, True).label("shape"),
            *attributes,
        )
        .select_from(_p)
        .where(_p.c.shape_4756.op("&&")(box), statements.is_held(_p, at_change))
        .correlate(asked)
        .subquery(layer)
    )
    tile = func.st_asmvt(literal_column(layer), layer, EXTENT, "shape")
    text = func.translate(func.encode(tile, "base64"), "\n", "")
    return select(text).select_from(rows).scalar_subquery()


def _outlines(asked: FromClause, at_change: bool) -> ColumnElement[str]:
    return _drawn(asked, at_change, "parcels", _p.c.shape_4756, _p.c.parcel_id)


def _numbers(asked: FromClause, at_change: bool) -> ColumnElement[str]:
    inside = func.st_pointonsurface(_p.c.shape_4756)
    attributes = (_p.c.parcel_id, _p.c.map_sheet_no, _p.c.parcel_no)
    return _drawn(asked, at_change, "numbers", inside, *attributes)


_LAYERS = {"parcels": _outlines, "numbers": _numbers}
LAYERS = tuple(_LAYERS)

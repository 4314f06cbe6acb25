"""Shapes of any country, read from GeoJSON and laid into a zone of VN-2000 as they are."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import numpy as np

from command_line import land_features
from command_line.land_features import Block
from databases import processes
from databases.loading import collecting

_WORLD: Final = (180, 90)  # degrees on either side


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
        given: GeoJSON of what is no geometry.
    """

    parcel_id: str
    geometry: Any
    area_m2: Decimal
    given: Any


@collecting.paused()
def lay_out_file(file: Path, ground: Ground, workers: int = 0) -> list[Laid]:
    """Lay the features of a file, one on each line, into a zone.

    Args:
        file: GeoJSON features, degrees of WGS 84.
        ground: where they are laid.
        workers: processes that read parts of the file.

    Raises:
        UnreadableFile: a line is no JSON object in UTF-8; names the line.
    """
    spans = land_features.cut(file)
    blocks = processes.run_each(lambda n: land_features.read(file, spans[n]), len(spans), workers)
    return _lay_out(list(blocks), ground)


@collecting.paused()
def lay_out(features: Sequence[Mapping[str, Any]], ground: Ground) -> list[Laid]:
    """Lay features into a zone; form, size and place among each other are kept.

    Args:
        features: GeoJSON, degrees of WGS 84.
        ground: where they are laid.
    """
    return _lay_out([land_features.make_block(features)], ground)


def _lay_out(blocks: Sequence[Block], ground: Ground) -> list[Laid]:
    import orjson
    import shapely

    if not blocks:
        return []
    written = list(itertools.chain.from_iterable(block.written for block in blocks))
    names = itertools.chain.from_iterable(block.names for block in blocks)
    shapes = np.concatenate([_read_shapes(block) for block in blocks])
    placed = _place(shapes, ground)
    return [
        Laid(name, shape, Decimal(f"{area:.2f}"), orjson.loads(text) if shape is None else None)
        for name, text, shape, area in zip(
            names, written, placed, shapely.area(placed).tolist(), strict=True
        )
    ]


def _read_shapes(block: Block) -> Any:
    """Make the geometries of a block; None for one that is none."""
    import shapely

    shapes = np.full(len(block.names), None, dtype=object)
    is_plain = block.is_plain
    try:
        shapes[is_plain] = _make_polygons(block)
    except shapely.errors.ShapelyError:
        is_plain = np.zeros_like(is_plain)  # one is none: it is found by reading each by itself
    others = np.flatnonzero(~is_plain)
    texts = [block.written[place] for place in others.tolist()]
    shapes[others] = shapely.from_geojson(texts, on_invalid="ignore")
    return shapes


def _make_polygons(block: Block) -> Any:
    import shapely

    of_ring = np.repeat(np.arange(len(block.ring_lengths)), block.ring_lengths)
    of_polygon = np.repeat(np.arange(len(block.ring_counts)), block.ring_counts)
    rings = shapely.linearrings(block.points, indices=of_ring)
    return shapely.polygons(rings, indices=of_polygon)


def _place(shapes: Any, ground: Ground) -> Any:
    """Carry geometries of degrees into the zone; none for what lies outside the world."""
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

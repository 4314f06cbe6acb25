"""The shapes of the parcels: each commune's parcels tessellate a block inside its extent.

Corners are shared, so neighbours neither overlap nor leave a gap. Coordinates are centimetres in
the zone of the commune's province (VN-2000, TM-3), east before north.
"""

from dataclasses import dataclass

import numpy as np

from sample_country.draws import Numbers
from sample_country.estates import Estates
from sample_country.extents import CELL_M, Extents
from sample_country.geography import Geography

PARCELS_PER_SHEET = 60
_CM = 100
# Width and depth of a parcel before corners move, metres: in towns, in the country.
_TOWN_SIZES, _COUNTRY_SIZES = ((4.5, 9.0), (11.0, 20.0)), ((14.0, 26.0), (22.0, 44.0))
_JITTER = 0.12  # share of the smaller side by which corners move: parcels stay convex


@dataclass(frozen=True)
class Shapes:
    """The parcels' places as columns, in the order of the estates.

    Args:
        srid: EPSG code of the zone.
        corners: four corners of each parcel, counter-clockwise, in centimetres (count, 4, 2).
        area_cm2: the area that the corners enclose, square centimetres.
        sheet, number: of the map of the old commune; a sheet has `PARCELS_PER_SHEET` parcels.
    """

    srid: Numbers
    corners: Numbers
    area_cm2: Numbers
    sheet: Numbers
    number: Numbers


def draw(
    rng: np.random.Generator, estates: Estates, places: Geography, laid_out: Extents
) -> Shapes:
    """Draw the shapes of all parcels."""
    communes, starts, counts = np.unique(estates.commune, return_index=True, return_counts=True)
    corners = np.zeros((estates.count, 4, 2), dtype=np.int64)
    for commune, start, count in zip(
        communes.tolist(), starts.tolist(), counts.tolist(), strict=True
    ):
        origin = np.array([laid_out.east[commune], laid_out.north[commune]]) * _CM
        block = _tessellate(rng, count, is_town=bool(places.is_town[commune]))
        corners[start : start + count] = origin + block
    place = np.arange(estates.count) - np.repeat(starts, counts)
    return Shapes(
        srid=laid_out.srid[estates.commune],
        corners=corners,
        area_cm2=_area(corners),
        sheet=place // PARCELS_PER_SHEET + 1,
        number=place % PARCELS_PER_SHEET + 1,
    )


def _tessellate(rng: np.random.Generator, count: int, *, is_town: bool) -> Numbers:
    """Part a block into `count` quadrilaterals whose corners are shared.

    Returns:
        corners in centimetres from the lower left of the commune's extent.
    """
    widths, depths = _TOWN_SIZES if is_town else _COUNTRY_SIZES
    across = int(np.ceil(np.sqrt(count * sum(depths) / sum(widths))))
    along = -(-count // across)
    x = np.concatenate([[0], np.cumsum(rng.uniform(*widths, across))])
    y = np.concatenate([[0], np.cumsum(rng.uniform(*depths, along))])
    # Large blocks are drawn smaller rather than over the edge of the extent.
    scale = min(1.0, 0.9 * CELL_M / max(float(x[-1]), float(y[-1])))
    margin = _JITTER * widths[0]
    nodes = np.stack(np.meshgrid(x, y, indexing="ij"), axis=-1)
    nodes = (nodes + rng.uniform(-margin, margin, nodes.shape) + margin) * scale
    grid = np.round(nodes * _CM).astype(np.int64)
    cell = np.arange(count)
    i, j = cell % across, cell // across
    corners: Numbers = np.stack(
        [grid[i, j], grid[i + 1, j], grid[i + 1, j + 1], grid[i, j + 1]], axis=1
    )
    return corners


def _area(corners: Numbers) -> Numbers:
    """Measure quadrilaterals by their diagonals; exact in whole numbers but for the half."""
    one = corners[:, 2] - corners[:, 0]
    other = corners[:, 3] - corners[:, 1]
    doubled: Numbers = one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0]
    return doubled // 2

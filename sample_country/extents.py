"""Where communes lie in the sample: invented square extents, laid out inside their province.

The communes, and the zone in which each province was surveyed, are real; corners and sizes are not.
A province is a square grid of cells around a rough place of its own, one cell for each of its old
communes in the order of their codes, so no two communes of the country touch.
"""

from dataclasses import dataclass

import numpy as np

from databases import reference_systems
from sample_country import draws
from sample_country.draws import Numbers
from sample_country.geography import Geography

CELL_M = 1_500


@dataclass(frozen=True)
class Extents:
    """The lower left corners of the extents, by old commune (a position).

    Args:
        srid: EPSG code of the TM-3 zone of the province.
        east, north: metres in that zone; the extent reaches `CELL_M` from them both ways.
    """

    srid: Numbers
    east: Numbers
    north: Numbers


def build(places: Geography) -> Extents:
    """Lay out the extents of all old communes."""
    rows = {row["code"]: row for row in draws.read_rows("province_land.csv")}
    srid, east, north = (np.zeros(len(places.commune_code), dtype=np.int64) for _ in range(3))
    bounds = np.searchsorted(places.commune_province, np.arange(len(places.province_code) + 1))
    for province, code in enumerate(places.province_code.tolist()):
        start, end = int(bounds[province]), int(bounds[province + 1])
        row = rows[code]
        middle = _project(float(row["longitude"]), float(row["latitude"]), int(row["srid"]))
        side = int(np.ceil(np.sqrt(end - start)))
        index = np.arange(end - start)
        srid[start:end] = int(row["srid"])
        east[start:end] = middle[0] + (index % side) * CELL_M - side * CELL_M // 2
        north[start:end] = middle[1] + (index // side) * CELL_M - side * CELL_M // 2
    return Extents(srid, east, north)


def _project(longitude: float, latitude: float, srid: int) -> tuple[int, int]:
    """Give the whole metres, east and north, of a place in a zone of VN-2000."""
    place = reference_systems.transform_points(
        np.array([[longitude, latitude]]), source=reference_systems.VN_2000, target=srid
    )
    return round(place[0, 0]), round(place[0, 1])

"""Coordinates of surveys: in which zone, and which ones cannot be right."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from databases import reference_systems
from databases.errors import FieldProblem
from databases.reference_systems import ZONES, Points
from land import errors
from land.values import parcels

Mask = NDArray[np.bool_]

# Mainland and archipelagos, degrees: west, south, east, north.
_COUNTRY = (102.1, 6.3, 117.9, 23.5)
_ISLANDS_EAST_OF = 109.6  # the archipelagos lie outside every zone's own provinces
_MARGIN = 0.1  # degrees that a parcel may lie outside the area that the registry names for a zone
_EASTINGS = (0.0, 1_600_000.0)
_NORTHINGS = (690_000.0, 2_610_000.0)
_PROVINCES_BY_ZONE = {
    5897: "01 26 35 37 38 87 92 93 95",
    5898: "51",
    5899: "22 48 49 68 75 77",
    9205: "11 12",
    9206: "14",
    9207: "91 96",
    9208: "10 15 25 40 89",
    9209: "02 27 30 33 34 36 42 72 84 86 94",
    9210: "04 31 74 79 80 82 83",
    9211: "08 17 44",
    9212: "45 70",
    9213: "06 19",
    9214: "24 46",
    9215: "20",
    9216: "62",
    9217: "52 56 58",
    9218: "54 60 64 66 67",
}
USUAL_ZONE: Mapping[str, int] = MappingProxyType(
    {
        province: srid
        for srid, provinces in _PROVINCES_BY_ZONE.items()
        for province in provinces.split()
    }
)


def require_zone(srid: int) -> None:
    """Refuse a coordinate reference system that surveys are not kept in.

    Raises:
        UnknownZone: it is neither VN-2000 nor one of its zones.

    Source:
        Circular 26/2024/TT-BTNMT (cadastral maps in zones of VN-2000, from 15/01/2025; earlier
        Circular 25/2014/TT-BTNMT); codes: EPSG registry.
    """
    if srid not in parcels.SURVEY_SRIDS:
        raise errors.UnknownZone.of_field(
            "survey_srid",
            "survey_srid.unknown",
            "Name VN-2000 (4756) or one of its zones: 3405, 3406, 5896 to 5899, 9205 to 9218.",
        )


def find_zone_doubt(*, srid: int, old_province_code: str) -> FieldProblem | None:
    """Say that a survey is not in the zone that its province usually surveys in.

    Args:
        srid: zone of the survey.
        old_province_code: province before the mergers of 2025, Decision 124/2004.

    Returns:
        a warning, never a reason to refuse: which zone a merged province is to use is not settled.

    Source:
        EPSG registry, areas of use; Circular 25/2014/TT-BTNMT annex 2 (meridian of each province;
        table not verified; new meridians of merged provinces not found).
    """
    usual = USUAL_ZONE.get(old_province_code)
    if usual is None or srid in (usual, parcels.COMMON_SRID, 3405, 3406):
        return None
    return FieldProblem(
        "survey_srid",
        "survey_srid.unusual",
        f"The province usually surveys in EPSG:{usual}; make sure that the zone is right.",
    )


def require_location(points: Points, *, srid: int, places: list[str]) -> None:
    """Refuse coordinates that cannot be where the register records land.

    Args:
        points: two columns, east and north in metres, or degrees in EPSG:4756.
        srid: zone that they are said to be in.
        places: pointer of each point, for the refusal.

    Raises:
        UnknownZone: the zone is none of VN-2000.
        MisplacedShape: a coordinate is no number, its axes are swapped, it is in degrees where
            metres are due or the other way round, lies outside Viet Nam, or far outside its zone.

    Source:
        technical: the area of use of each zone in the EPSG registry; the land register records
        land of Viet Nam (Law on Land 31/2024/QH15 art. 1).
    """
    require_zone(srid)
    degrees = _to_degrees(points, srid)
    for wrong, rule, sentence in _list_wrong(points, degrees, srid):
        _refuse_where(wrong, places, rule, sentence)


def place_points(points: Points, *, srid: int) -> tuple[Points, Mask]:
    """Carry points of a zone into EPSG:4756, and tell which `require_location` would refuse.

    Source:
        as for `require_location`.
    """
    degrees = _to_degrees(points, srid)
    is_wrong = np.zeros(len(points), dtype=np.bool_)
    for wrong, _, _ in _list_wrong(points, degrees, srid):
        is_wrong |= wrong
    return degrees, is_wrong


def _to_degrees(points: Points, srid: int) -> Points:
    return reference_systems.transform_points(points, source=srid, target=parcels.COMMON_SRID)


def _list_wrong(points: Points, degrees: Points, srid: int) -> Iterator[tuple[Mask, str, str]]:
    """List what may be wrong with points in the order in which it is told, and with which."""
    x, y = points[:, 0], points[:, 1]
    yield ~(np.isfinite(x) & np.isfinite(y)), "number", "A coordinate is no number."
    yield from _wrong_degrees(x, y) if srid == parcels.COMMON_SRID else _wrong_metres(x, y)
    sentence = "The point lies outside Viet Nam; is the zone right?"
    yield ~_inside(degrees, _COUNTRY), "outside_country", sentence
    if srid != parcels.COMMON_SRID:
        west, south, east, north = ZONES[srid].area
        area = (west - _MARGIN, south - _MARGIN, east + _MARGIN, north + _MARGIN)
        wrong = ~_inside(degrees, area) & (degrees[:, 0] < _ISLANDS_EAST_OF)
        sentence = "The point lies where this zone is not used; is it in another zone?"
        yield wrong, "wrong_zone", sentence


def _wrong_degrees(x: Points, y: Points) -> Iterator[tuple[Mask, str, str]]:
    sentence = "These are metres; EPSG:4756 is in degrees. Name the zone of the survey."
    yield (np.abs(x) > 360) | (np.abs(y) > 360), "not_degrees", sentence
    west, south, east, north = _COUNTRY
    swapped = (west <= y) & (y <= east) & (south <= x) & (x <= north)
    yield swapped, "axes_swapped", "Write longitude before latitude."


def _wrong_metres(x: Points, y: Points) -> Iterator[tuple[Mask, str, str]]:
    sentence = "These are degrees; the zone is in metres."
    yield (np.abs(x) <= 360) & (np.abs(y) <= 360), "not_metres", sentence
    fits: Mask = np.logical_and(_between(x, _EASTINGS), _between(y, _NORTHINGS))
    swapped = ~fits & _between(y, _EASTINGS) & _between(x, _NORTHINGS)
    yield swapped, "axes_swapped", "Write east before north."
    yield ~fits, "outside_country", "The point lies outside Viet Nam."


def _between(number: Points, limits: tuple[float, float]) -> Mask:
    return np.logical_and(limits[0] <= number, number <= limits[1])


def _inside(points: Points, box: tuple[float, float, float, float]) -> Mask:
    return _between(points[:, 0], (box[0], box[2])) & _between(points[:, 1], (box[1], box[3]))


def _refuse_where(wrong: Mask, places: list[str], rule: str, sentence: str) -> None:
    if wrong.any():
        place = places[int(np.argmax(wrong))]
        raise errors.MisplacedShape.of_field(place, f"shape.{rule}", sentence)


def metric_zone(srid: int, *, longitude: float) -> int:
    """Name the zone in which lengths and areas of a survey are measured.

    Args:
        srid: of the survey.
        longitude: where it lies, for a survey that is not in a zone.

    Source:
        Circular 26/2024/TT-BTNMT (zones of three degrees, scale 0.9999; clause not verified).
    """
    if srid != parcels.COMMON_SRID:
        return srid
    return 5896 if longitude < 103.5 else 5897 if longitude < 106.5 else 5898

"""Many boundaries looked at together, in a tenth of the time that one after the other takes.

What is found to be sound here is sound; what is not is looked at alone by `shapes`, which says why.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from land.rules import coordinates
from land.rules.topology import shapes
from land.rules.topology.measured import Measured
from land.values import parcels

Geometries = Any  # array of geometries or None
_INSIDES_MEET = "T********"
_ROUNDING_M2 = 0.06  # areas are told to a tenth
_LEAST_TOLERANCE_M2 = 0.1
_WORTH_HALVING = 2_000  # shapes


@dataclass(frozen=True)
class Batch:
    """Boundaries in the zones of their surveys.

    Args:
        surveyed: None where one was not read.
        srids: zone of each; 0 where there is no shape.
        is_sound: those that `shapes.require_shape` would not refuse; of others nothing is known.
    """

    surveyed: Geometries
    srids: Any
    is_sound: coordinates.Mask


def read_placed(placed: Geometries, *, srid: int) -> list[parcels.Shape | None]:
    """Read boundaries that lie in a zone; None for one that must be read by itself.

    Source:
        as for `shapes.read_shape`.
    """
    batch, common = place(placed, srid=srid)
    written = shapely.to_wkb(batch.surveyed), shapely.to_wkb(common)
    return [
        parcels.Shape(own, degrees) if sound else None
        for sound, own, degrees in zip(batch.is_sound.tolist(), *written, strict=True)
    ]


def place(placed: Geometries, *, srid: int) -> tuple[Batch, Geometries]:
    """Look at boundaries that lie in a zone, and carry them into EPSG:4756.

    Source:
        as for `shapes.read_shape`.
    """
    surveyed = _multipolygons(placed)
    srids = np.full(len(surveyed), srid)
    if srid == parcels.COMMON_SRID:  # it has no metres to measure areas in
        return Batch(surveyed, srids, np.zeros(len(surveyed), dtype=np.bool_)), surveyed
    is_sound, common = _look_at(surveyed, srid)
    common[~np.isfinite(shapely.bounds(common)).all(axis=1)] = None  # nobody's neighbour
    return Batch(surveyed, srids, is_sound & ~_has_empty_ring(surveyed)), common


def look_at(measured: Sequence[Measured | None]) -> Batch:
    """Tell which shapes are sound, zone by zone.

    Source:
        as for `shapes.require_shape`.
    """
    surveyed = _read([None if one is None else one.shape.survey_wkb for one in measured])
    common = _read([None if one is None else one.shape.common_wkb for one in measured])
    srids = np.array([0 if one is None else one.srid for one in measured], dtype=np.int64)
    is_sound = np.zeros(len(measured), dtype=np.bool_)
    for srid in set(srids.tolist()) & set(parcels.SURVEY_SRIDS) - {parcels.COMMON_SRID}:
        of_zone = np.flatnonzero(srids == srid)
        found, carried = _look_at(surveyed[of_zone], srid)
        told = common[of_zone]
        is_alike = shapely.equals_exact(told, carried, tolerance=shapes.SAME_DEGREES)
        is_sound[of_zone] = found & is_alike & _is_plain(told)
    return Batch(surveyed, srids, is_sound)


def confirm_area(batch: Batch, accuracy_m: Any, legal_m2: Any) -> coordinates.Mask:
    """Tell which sound shapes certainly have the area stated, so that there is no doubt to write.

    Args:
        accuracy_m: mean error of a boundary point of all, or of each.
        legal_m2: areas that the certificates state.

    Source:
        as for `areas.find_area_doubt`.
    """
    strip = shapely.length(batch.surveyed) * accuracy_m - _ROUNDING_M2
    tolerance = np.maximum(_LEAST_TOLERANCE_M2, strip)
    difference = np.abs(shapely.area(batch.surveyed) - np.asarray(legal_m2, dtype=np.float64))
    is_confirmed: coordinates.Mask = batch.is_sound & (difference + _ROUNDING_M2 <= tolerance)
    return is_confirmed


def list_meeting(batch: Batch, outlines: Geometries, *, own: int) -> dict[int, list[int]]:
    """List for each of the first shapes the others whose land it may take, in ascending order.

    Two of one zone are left out where their insides do not meet; others are left out where their
    boxes in EPSG:4756 do not.

    Args:
        outlines: the shapes in EPSG:4756, None for one that was not read.
        own: how many of them, from the first, are asked for.

    Source:
        as for `overlaps.find_overlaps`.
    """
    firsts, seconds = shapely.STRtree(outlines).query(outlines[:own])
    is_once = (firsts < seconds) & (seconds < own) | (seconds >= own)
    firsts, seconds = firsts[is_once], seconds[is_once]
    is_known = (
        batch.is_sound[firsts]
        & batch.is_sound[seconds]
        & (batch.srids[firsts] == batch.srids[seconds])
    )
    may_meet = ~is_known
    may_meet[is_known] = _meet_inside(batch, firsts[is_known], seconds[is_known])
    meeting: dict[int, list[int]] = {}
    for first, second in zip(firsts[may_meet].tolist(), seconds[may_meet].tolist(), strict=True):
        meeting.setdefault(first, []).append(second)
        if second < own:
            meeting.setdefault(second, []).append(first)
    return {place: sorted(others) for place, others in meeting.items()}


def _meet_inside(batch: Batch, firsts: Any, seconds: Any) -> coordinates.Mask:
    """Tell of pairs of one zone, all sound, whose insides meet.

    Where all boundaries of a parcel are either shared exactly or free it takes nobody's land: that
    is seen of all together, much faster than pair by pair.
    """
    is_doubtful = np.zeros(len(batch.surveyed), dtype=np.bool_)
    near = np.union1d(firsts, seconds)
    for srid in set(batch.srids[near].tolist()):
        of_zone = near[batch.srids[near] == srid]
        is_doubtful[of_zone] = _cross_others(batch.surveyed[of_zone])
    is_meeting: coordinates.Mask = is_doubtful[firsts] | is_doubtful[seconds]
    asked, others = batch.surveyed[firsts[is_meeting]], batch.surveyed[seconds[is_meeting]]
    shapely.prepare(asked)
    is_meeting[is_meeting] = shapely.relate_pattern(asked, others, _INSIDES_MEET)
    return is_meeting


def _cross_others(surveyed: Geometries) -> coordinates.Mask:
    """Tell which shapes of a zone have boundaries that others neither share exactly nor leave free.

    Of many, each core looks at the western or eastern half, and at what of the other comes as far:
    what crosses a boundary is near it.
    """
    west, _, east, _ = shapely.bounds(surveyed).T
    is_western = west < np.median(west)
    if len(surveyed) < _WORTH_HALVING or not is_western.any():
        return _look_across(surveyed)
    halves = (
        (is_western, west <= east[is_western].max()),
        (~is_western, east >= west[~is_western].min()),
    )
    is_crossing = np.empty(len(surveyed), dtype=np.bool_)
    # Looking needs no interpreter: the halves are looked at beside each other.
    with ThreadPoolExecutor(len(halves), "topology") as beside:
        found = beside.map(_look_across, (surveyed[is_near] for _, is_near in halves))
    for (own, is_near), crossing in zip(halves, found, strict=True):
        is_crossing[own] = crossing[own[is_near]]
    return is_crossing


def _look_across(surveyed: Geometries) -> coordinates.Mask:
    is_crossing: coordinates.Mask = ~shapely.is_empty(shapely.coverage_invalid_edges(surveyed))
    return is_crossing


def _read(written: Sequence[bytes | None]) -> Geometries:
    return shapely.from_wkb(np.array(written, dtype=object), on_invalid="ignore")


def _multipolygons(placed: Geometries) -> Geometries:
    surveyed = np.array(placed, dtype=object)
    of_one = np.flatnonzero(shapely.get_type_id(surveyed) == shapely.GeometryType.POLYGON)
    if of_one.size:
        surveyed[of_one] = shapely.multipolygons(surveyed[of_one], indices=np.arange(of_one.size))
    return surveyed


def _look_at(surveyed: Geometries, srid: int) -> tuple[coordinates.Mask, Geometries]:
    """Tell which shapes of a zone are sound, and carry them into EPSG:4756."""
    is_sound = _is_plain(surveyed) & shapely.is_valid(surveyed)
    is_sound &= shapely.get_num_coordinates(surveyed) <= shapes.MOST_VERTICES
    area = shapely.area(surveyed)
    is_sound &= (area > 2 * float(shapes.LEAST_AREA_M2)) & (area < float(shapes.MOST_AREA_M2) / 2)
    points, owners = shapely.get_coordinates(surveyed, return_index=True)
    degrees, is_misplaced = coordinates.place_points(points, srid=srid)
    is_sound[owners[is_misplaced]] = False
    return is_sound, shapely.set_coordinates(surveyed.copy(), degrees)


def _is_plain(read: Geometries) -> coordinates.Mask:
    """Tell which are multipolygons that say nothing else: no height, no reference system."""
    mask: coordinates.Mask = shapely.get_type_id(read) == shapely.GeometryType.MULTIPOLYGON
    mask &= ~shapely.is_empty(read) & ~shapely.has_z(read) & ~shapely.has_m(read)
    mask &= shapely.get_srid(read) == 0
    return mask


def _has_empty_ring(read: Geometries) -> coordinates.Mask:
    has_empty = np.zeros(len(read), dtype=np.bool_)
    polygons, owners = shapely.get_parts(read, return_index=True)
    has_empty[owners[shapely.is_empty(polygons)]] = True
    rings, of_polygon = shapely.get_rings(polygons, return_index=True)
    has_empty[owners[of_polygon[shapely.is_empty(rings)]]] = True
    return has_empty

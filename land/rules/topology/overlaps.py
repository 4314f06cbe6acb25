"""Land that two parcels claim: found, measured against what their surveys can tell apart."""

import math
from collections.abc import Iterable, Sequence

import numpy as np
import shapely

from databases.errors import FieldProblem
from land import errors
from land.rules.topology import areas
from land.rules.topology.measured import Measured
from land.values.parcels import Overlap

_INSIDES_MEET = "T********"  # pattern of the dimensionally extended nine-intersection model


def tolerance_m(first_m: float, second_m: float) -> float:
    """Give the width up to which two surveys cannot tell an overlap from their own errors.

    Args:
        first_m, second_m: mean errors of a boundary point, metres.

    Source:
        propagation of independent errors at twice the mean error (95 %); accuracy of boundary
        points: Circular 25/2014/TT-BTNMT art. 7 and Circular 26/2024/TT-BTNMT (limits by scale;
        clauses not verified). That an overlap within it is tolerated: no source found.
    """
    return 2 * math.hypot(first_m, second_m)


def find_overlaps(parcel: Measured, neighbours: Iterable[Measured]) -> tuple[Overlap, ...]:
    """Find what a parcel and its neighbours both claim, beyond what their surveys can tell.

    Args:
        parcel: the one that is to be registered.
        neighbours: parcels that stand and whose boxes meet its own; itself is passed over.

    Returns:
        overlaps, the largest first; each as a shape in the zone of the parcel.

    Source:
        Law on Land 31/2024/QH15 art. 131-135 (registration follows the boundary as it is used,
        without dispute; clauses not verified); tolerance: see `tolerance_m`.
    """
    zone = parcel.metric_srid
    shape = parcel.in_zone(zone)
    shapely.prepare(shape)
    others = [other for other in neighbours if other.parcel_id != parcel.parcel_id]
    around = np.array([other.in_zone(zone) for other in others], dtype=object)
    # Neighbours that share a boundary meet in a line: only those whose insides meet are compared.
    is_inside = shapely.relate_pattern(shape, around, _INSIDES_MEET)
    found = (
        _compare(parcel, shape, others[place], around[place], zone)
        for place in np.flatnonzero(is_inside)
    )
    overlaps = (overlap for overlap in found if overlap is not None)
    return tuple(sorted(overlaps, key=lambda overlap: (-overlap.area_m2, overlap.other_id)))


def find_overlaps_among(parcels: Sequence[Measured]) -> tuple[Overlap, ...]:
    """Find all land that two of many parcels claim, such as those of a commune.

    Args:
        parcels: all measured in the zone of the first.

    Returns:
        each pair once, in the order of the parcels.

    Source:
        as for `find_overlaps`.
    """
    if not parcels:
        return ()
    zone = parcels[0].metric_srid
    shapes = np.array([parcel.in_zone(zone) for parcel in parcels])
    shapely.prepare(shapes)
    firsts, seconds = shapely.STRtree(shapes).query(shapes)
    is_once = firsts < seconds
    firsts, seconds = firsts[is_once], seconds[is_once]
    is_inside = shapely.relate_pattern(shapes[firsts], shapes[seconds], _INSIDES_MEET)
    pairs = sorted(zip(firsts[is_inside].tolist(), seconds[is_inside].tolist(), strict=True))
    found = (_compare(parcels[a], shapes[a], parcels[b], shapes[b], zone) for a, b in pairs)
    return tuple(overlap for overlap in found if overlap is not None)


def require_no_overlap(parcel: Measured, neighbours: Iterable[Measured]) -> None:
    """Refuse a parcel that claims land of another, beyond what their surveys can tell.

    Raises:
        OverlappingParcels: there is such land; `fields` names each with
            its area, `shapes` has the land in question.

    Source:
        as for `find_overlaps`.
    """
    found = find_overlaps(parcel, neighbours)
    if found:
        problems = [
            FieldProblem(
                "shape",
                "shape.overlap",
                f"Parcel {one.other_id} holds {one.area_m2} m² of it.",
            )
            for one in found
        ]
        raise errors.OverlappingParcels(
            "The parcel takes land of others; look at the overlaps.",
            fields=problems,
            shapes=[one.shape for one in found],
        )


def _compare(
    parcel: Measured,
    shape: shapely.Geometry,
    other: Measured,
    other_shape: shapely.Geometry,
    zone: int,
) -> Overlap | None:
    common = shapely.intersection(shape, other_shape)
    width = tolerance_m(parcel.accuracy_m, other.accuracy_m)
    if common.area == 0 or is_narrower(common, width):
        return None
    return Overlap(
        parcel.parcel_id,
        other.parcel_id,
        zone,
        shapely.to_geojson(_only_areas(common)),
        areas.round_m2(common.area),
        width,
    )


def is_narrower(shape: shapely.Geometry, width_m: float) -> bool:
    """Test whether a shape is nowhere wider than a width: nothing of it is left when shrunk.

    Source:
        see `tolerance_m`.
    """
    if shape.area > shape.length * width_m / 2:
        return False  # wider on the average already
    return bool(shapely.buffer(shape, -width_m / 2, join_style="mitre").is_empty)


def _only_areas(shape: shapely.Geometry) -> shapely.MultiPolygon:
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    return shapely.multipolygons(parts)

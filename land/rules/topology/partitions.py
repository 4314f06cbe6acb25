"""Split, merge and correction: what lay inside before must lie inside afterwards."""

from collections.abc import Sequence

import shapely

from databases.errors import FieldProblem
from land import errors
from land.rules.topology import areas, overlaps
from land.rules.topology.measured import Measured


def require_same_land(before: Sequence[Measured], after: Sequence[Measured]) -> None:
    """Refuse to turn parcels into others that are not the same land.

    Args:
        before: parcels that end, at least one.
        after: parcels that come into being of them, at least one.

    Raises:
        DifferentLand: the unions differ by more than the surveys can err, or the new parcels
            overlap; `fields` says how much, `shapes` where, in the zone of the first.

    Source:
        Law on Land 31/2024/QH15 art. 220 (conditions of splitting and merging parcels; that the
        land stays the same follows from the terms); tolerance: see `overlaps.tolerance_m`.
    """
    zone = before[0].metric_srid
    old = shapely.union_all([parcel.in_zone(zone) for parcel in before])
    new = shapely.union_all([parcel.in_zone(zone) for parcel in after])
    worst_m = max(parcel.accuracy_m for parcel in (*before, *after))
    width = overlaps.tolerance_m(worst_m, worst_m)
    missing, added = shapely.difference(old, new), shapely.difference(new, old)
    problems = [
        FieldProblem("shape", f"shape.{rule}", f"{sentence}: {areas.round_m2(part.area)} m².")
        for part, rule, sentence in (
            (missing, "land_missing", "Land of the former parcels is in none of the new ones"),
            (added, "land_added", "Land of the new parcels was in none of the former ones"),
        )
        if not overlaps.is_narrower(part, width)
    ]
    for overlap in overlaps.find_overlaps_among(after):
        message = f"Parcels {overlap.parcel_id} and {overlap.other_id} share {overlap.area_m2} m²."
        problems.append(FieldProblem("shape", "shape.overlap", message))
    if problems:
        raise errors.DifferentLand(
            "The new parcels are not the land of the former ones.",
            fields=problems,
            shapes=[shapely.to_geojson(shapely.union(missing, added))],
        )

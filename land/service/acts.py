"""What several acts share: the checks of a parcel's shape, and that no later act is overtaken."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from databases.errors import FieldProblem
from land import errors, tables, values
from land.repository import geometry, states
from land.rules import coordinates, parcels
from land.rules.topology import areas, overlaps
from land.rules.topology.measured import Measured

Warnings = tuple[FieldProblem, ...]


def measured(parcel: values.Parcel) -> Measured | None:
    """Give the parcel's shape with its survey; None where it was not surveyed."""
    if parcel.shape is None or parcel.survey is None:
        return None
    accuracy_m = float(parcel.survey.accuracy_m)
    return Measured(parcel.parcel_id, parcel.shape, parcel.survey.srid, accuracy_m)


def require_fit(
    session: Session, parcel: values.Parcel, *, on: date, beside: Sequence[str] = ()
) -> Warnings:
    """Refuse a parcel that contradicts itself, or takes land of parcels that stand on the day.

    Args:
        beside: parcels that end or are measured anew by the same act.

    Raises:
        WrongParcel, WrongLandUse: see `parcels.require_parcel`.
        UnknownZone: the survey is in none of the zones of VN-2000.
        OverlappingParcels: it takes land of others, more than the surveys can err.
    """
    parcels.require_parcel(parcel)
    if parcel.survey is not None:
        coordinates.require_zone(parcel.survey.srid)
    shape = measured(parcel)
    if shape is None or parcel.shape is None:
        return ()
    if parcel.is_parcel:
        around = geometry.list_neighbours(session, parcel.shape, on=on)
        others = [one for one in around if one.parcel_id not in beside]
        overlaps.require_no_overlap(shape, others)
    doubt = areas.find_area_doubt(shape, legal_area_m2=parcel.legal_area_m2)
    return () if doubt is None else (doubt,)


def require_latest(session: Session, right_ids: Sequence[str], *, on: date) -> None:
    """Refuse an act on rights on which something of a later day was built.

    Later holders would be undone in silence; a later mortgage or lease was granted by those who
    would no longer hold.

    Raises:
        LaterActRecorded: the holders changed, or a mortgage or lease was granted, on a later day.
    """
    for table, column in (
        (tables.right_holder, "right_id"),
        (tables.mortgage, "right_id"),
        (tables.land_right, "derived_from"),
    ):
        if states.has_later_version(session, table, column, right_ids, on=on):
            message = "The register holds a later act on this right; annul or correct that first."
            raise errors.LaterActRecorded.of_field("on", "act.later_recorded", message)

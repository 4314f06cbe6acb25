"""What several acts share: the checks of a parcel's shape, and that no later act is overtaken."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import Table
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from databases.changes import versions
from databases.errors import FieldProblem
from land import errors, tables, values
from land.repository import geometry, rows, states, use_lists
from land.rules import coordinates, parcels, use_codes
from land.rules.topology import areas, overlaps, shapes
from land.rules.topology.measured import Measured

Warnings = tuple[FieldProblem, ...]

_ON_RIGHTS = (
    (tables.right_holder, "right_id"),
    (tables.mortgage, "right_id"),
    (tables.land_right, "derived_from"),
)
_ON_ENDING_RIGHTS = ((tables.certificate_right, "right_id"),)
_ON_PARCELS = (
    tables.parcel,
    tables.land_use,
    tables.land_right,
    tables.legal_space,
    tables.restriction,
)


measured = rows.measured


def require_fit(
    session: Session, parcel: values.Parcel, *, valid: Range[date], beside: Sequence[str] = ()
) -> Warnings:
    """Refuse a parcel that is not sound, or takes land of others.

    Args:
        valid: days on which it is to hold; parcels that stand on any of them are looked at.
        beside: parcels that end or are measured anew by the same act.

    Raises:
        WrongParcel, WrongLandUse, UnknownZone, InvalidShape, MisplacedShape: see `require_sound`.
        OverlappingParcels: it takes land of others, more than the surveys can err.
    """
    doubts = require_sound(parcel)
    shape = measured(parcel)
    if shape is not None and parcel.is_parcel:
        require_free(session, shape, valid=valid, beside=beside)
    return doubts


def require_sound(parcel: values.Parcel) -> Warnings:
    """Refuse a parcel that contradicts itself, or is no land of Viet Nam.

    Returns:
        a warning where its survey does not confirm its area.

    Raises:
        WrongParcel, WrongLandUse: see `parcels.require_parcel`.
        UnknownZone: the survey is in none of the zones of VN-2000.
        InvalidShape, MisplacedShape: see `shapes.require_shape`.
    """
    parcels.require_parcel(parcel)
    if parcel.survey is not None:
        coordinates.require_zone(parcel.survey.srid)
    shape = measured(parcel)
    if shape is None:
        return ()
    shapes.require_shape(shape.shape, srid=shape.srid)
    doubt = areas.find_area_doubt(shape, legal_area_m2=parcel.legal_area_m2)
    return () if doubt is None else (doubt,)


def require_known_uses(session: Session, uses: Sequence[values.LandUse]) -> Warnings:
    """Refuse codes of land use that their list does not have; warn where the list may be wrong.

    Raises:
        WrongLandUse: see `use_codes.require_known_codes`.
    """
    if not any(use.code for use in uses):
        return ()
    return use_codes.require_known_codes(uses, use_lists.get_lists(session, uses))


def require_free(
    session: Session, parcel: Measured, *, valid: Range[date], beside: Sequence[str] = ()
) -> None:
    """Refuse a parcel that takes land of others on any day of a period.

    Args:
        beside: parcels that are not asked.

    Raises:
        OverlappingParcels: it takes land of others, more than the surveys can err.
    """
    around = geometry.list_neighbours(session, parcel.shape, valid=valid)
    others = [one for one in around if one.parcel_id not in beside]
    overlaps.require_no_overlap(parcel, others)


def require_latest(
    session: Session, right_ids: Sequence[str], *, on: date, ends: bool = False
) -> None:
    """Refuse an act on rights on which something of a later day was built.

    Later holders would be undone in silence; a later mortgage or lease was granted by those who
    would no longer hold.

    Args:
        ends: the act ends the rights, so that it would leave a later certificate without one.

    Raises:
        LaterActRecorded: the holders changed, a mortgage or lease was granted, or the right ended,
            on a later day.
    """
    require_rights_go_on(session, right_ids)
    for table, column in _ON_RIGHTS + (_ON_ENDING_RIGHTS if ends else ()):
        if states.has_later_version(session, table, column, right_ids, on=on):
            message = "The register holds a later act on this right; annul or correct that first."
            raise errors.LaterActRecorded.of_field("on", "act.later_recorded", message)


def require_rights_go_on(session: Session, right_ids: Sequence[str]) -> None:
    """Refuse to put something on rights that another act ended before their term.

    Raises:
        LaterActRecorded: one of them was; what is put on it would outlast it.
    """
    for right_id in right_ids:
        held = versions.list_current(session, tables.land_right, {"right_id": right_id})
        if held and held[-1]["valid"].upper not in (None, held[-1]["ends_on"]):
            message = "The register holds that this right ended; annul or correct that first."
            raise errors.LaterActRecorded.of_field("on", "act.later_recorded", message)


def require_parcel_goes_on(session: Session, parcel_id: str) -> None:
    """Refuse to put something on a parcel that was split, merged or otherwise ended.

    Raises:
        LaterActRecorded: it was; what is put on it would outlast it.
    """
    if states.find_end(session, parcel_id) is not None:
        message = "The register holds that this parcel ended; annul or correct that first."
        raise errors.LaterActRecorded.of_field("on", "act.later_recorded", message)


def require_latest_of_parcels(session: Session, parcel_ids: Sequence[str], *, on: date) -> None:
    """Refuse an act that ends parcels of which something of a later day is recorded.

    Raises:
        LaterActRecorded: a boundary, a use, a right, a space or a restriction is.
    """
    _require_nothing_later(session, _ON_PARCELS, parcel_ids, on=on)


def require_latest_use(session: Session, parcel_id: str, *, on: date) -> None:
    """Refuse to change what a parcel is used for before a day on which that changed again.

    Raises:
        LaterActRecorded: it did.
    """
    _require_nothing_later(session, [tables.land_use], [parcel_id], on=on)


def _require_nothing_later(
    session: Session, held: Iterable[Table], parcel_ids: Sequence[str], *, on: date
) -> None:
    for table in held:
        if states.has_later_version(session, table, "parcel_id", parcel_ids, on=on):
            message = "The register holds a later act on this parcel; annul or correct that first."
            raise errors.LaterActRecorded.of_field("on", "act.later_recorded", message)

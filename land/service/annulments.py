"""Annulling an act that should never have been recorded."""

from sqlalchemy.orm import Session

from databases.changes import annulling
from databases.changes.ledger import Act
from land import tables
from land.repository import geometry
from land.service import acts

# Records with the tables and columns that name them.
_NAMING = (
    (
        tables.parcel,
        (
            (tables.land_use, "parcel_id"),
            (tables.land_right, "parcel_id"),
            (tables.legal_space, "parcel_id"),
            (tables.restriction, "parcel_id"),
            (tables.source, "parcel_id"),
            (tables.lineage, "ancestor_id"),
        ),
    ),
    (tables.legal_space, ((tables.land_right, "legal_space_id"),)),
    (
        tables.land_right,
        (
            (tables.right_holder, "right_id"),
            (tables.mortgage, "right_id"),
            (tables.responsibility, "right_id"),
            (tables.certificate_right, "right_id"),
            (tables.land_right, "derived_from"),
        ),
    ),
    (
        tables.certificate,
        ((tables.certificate_right, "certificate_id"), (tables.certificate, "replaces")),
    ),
)


def annul_change(session: Session, *, act: Act, annulled: int) -> int:
    """Annul a former change as a whole: what it recorded ends, what it ended stands again.

    Returns:
        number of the change by which it was annulled.

    Raises:
        ChangeNotFound: the register has no change of that number.
        ChangeNotAnnullable: nothing of it stands, later acts were built on it, or something is
            recorded of a parcel, a right or a certificate that would be in the register no more.
        OverlappingParcels: a boundary that stands again takes land that others got since.
    """
    change = annulling.annul_change(
        session, tables.ledger, tables.metadata, act=act, annulled=annulled
    )
    for named, naming in _NAMING:
        annulling.require_no_orphans(session, named, naming, change=change)
    for written in geometry.list_written(session, change):
        acts.require_free(session, written.parcel, valid=written.valid)
    return change

"""Annulling an act that should never have been recorded."""

from sqlalchemy.orm import Session

from databases.changes import annulling
from databases.changes.ledger import Act
from land import tables
from land.repository import geometry
from land.service import acts


def annul_change(session: Session, *, act: Act, annulled: int) -> int:
    """Annul a former change as a whole: what it recorded ends, what it ended stands again.

    Returns:
        number of the change by which it was annulled.

    Raises:
        ChangeNotFound: the register has no change of that number.
        ChangeNotAnnullable: nothing of it stands, or later acts were built on it.
        OverlappingParcels: a boundary that stands again takes land that others got since.
    """
    change = annulling.annul_change(
        session, tables.ledger, tables.metadata, act=act, annulled=annulled
    )
    for written in geometry.list_written(session, change):
        acts.require_free(session, written.parcel, valid=written.valid)
    return change

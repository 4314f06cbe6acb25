"""Annulling an act that should never have been recorded."""

from sqlalchemy.orm import Session

from databases.changes import annulling
from databases.changes.ledger import Act
from enterprise import tables
from enterprise.repository import saving


def annul_change(session: Session, *, act: Act, annulled: int) -> int:
    """Annul a former change as a whole: what it recorded ends, what it ended stands again.

    Returns:
        number of the change by which it was annulled.

    Raises:
        ChangeNotFound: the register has no change of that number.
        ChangeNotAnnullable: nothing of it stands, later acts were built on it, or something is
            recorded of an enterprise that would be in the register no more.
    """
    change = annulling.annul_change(
        session, tables.ledger, tables.metadata, act=act, annulled=annulled
    )
    annulling.require_no_orphans(session, tables.enterprise, saving.NAMING, change=change)
    return change

"""Annulling an act that should never have been recorded."""

from sqlalchemy.orm import Session

from databases.changes import annulling
from databases.changes.ledger import Act
from population import tables
from population.repository import saving

_MEMBERS = ((tables.household_member, "household_id"),)


def annul_change(session: Session, *, act: Act, annulled: int) -> int:
    """Annul a former change as a whole: what it recorded ends, what it ended stands again.

    Returns:
        number of the change by which it was annulled.

    Raises:
        ChangeNotFound: the register has no change of that number.
        ChangeNotAnnullable: nothing of it stands, later acts were built on it, or something is
            recorded of a person or household who would be in the register no more.
    """
    change = annulling.annul_change(
        session, tables.ledger, tables.metadata, act=act, annulled=annulled
    )
    annulling.require_no_orphans(session, tables.person, saving.BEARING, change=change)
    annulling.require_no_orphans(session, tables.household, _MEMBERS, change=change)
    return change

"""Annulling a publication that should never have been made."""

from sqlalchemy.orm import Session

from databases.changes import annulling
from databases.changes.ledger import Act
from population_statistics import tables


def annul_change(session: Session, *, act: Act, annulled: int) -> int:
    """Annul a former change as a whole: what it recorded ends, what it ended stands again.

    Returns:
        number of the change by which it was annulled.

    Raises:
        ChangeNotFound: the register has no change of that number.
        ChangeNotAnnullable: nothing of it stands, or later acts were built on it.
    """
    return annulling.annul_change(
        session, tables.ledger, tables.metadata, act=act, annulled=annulled
    )

"""Annulling an act that should never have been recorded."""

from sqlalchemy.orm import Session

from databases.changes import annulling
from databases.changes.ledger import Act
from finance import tables
from finance.repository import saving


def annul_change(session: Session, *, act: Act, annulled: int) -> int:
    """Annul a former change as a whole: what it recorded ends, what it ended stands again.

    Returns:
        number of the change by which it was annulled.

    Raises:
        ChangeNotFound: the register has no change of that number.
        ChangeNotAnnullable: nothing of it stands, or later acts were built on it.
    """
    change = annulling.annul_change(
        session, tables.ledger, tables.metadata, act=act, annulled=annulled
    )
    saving.keep_budgets_in_use(session, change=change)
    return change

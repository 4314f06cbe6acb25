"""Annulling an act that should never have been recorded."""

from sqlalchemy.orm import Session

from databases.changes import ledger
from databases.changes.ledger import Act
from population import errors, tables
from population.repository import saving
from population.service import acts


def annul(session: Session, *, act: Act, annulled: int) -> int:
    """Annul a former change as a whole: what it recorded ends, what it ended stands again.

    The annulled change stays in the ledger and can be read as of its number.

    Args:
        session: of a writing transaction.
        act: who annuls it, when, why.
        annulled: number of the change.

    Returns:
        number of the change by which it was annulled.

    Raises:
        ChangeNotFound: the register has no change of that number.
        ChangeNotAnnullable: nothing of it stands, or later acts were built on it.
    """
    change = acts.open_act(session, act, "change.annulled")
    ledger.require_change(session, tables.ledger, annulled)
    if saving.count_overtaken(session, annulled):
        raise errors.ChangeNotAnnullable("Later acts were built on it; annul them first.")
    if not saving.undo(session, annulled, change=change):
        raise errors.ChangeNotAnnullable("Nothing that it recorded stands.")
    return change

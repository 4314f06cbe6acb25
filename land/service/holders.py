"""Correction of what a right says of one of its holders."""

from datetime import date

from sqlalchemy.orm import Session

from databases.changes import ledger
from databases.changes.ledger import Act, Recorded
from land import tables, values
from land.repository import rows, saving, states
from land.rules import disposals, shares


def correct_holder(
    session: Session,
    *,
    act: Act,
    right_id: str,
    party_ref: str,
    identity: values.Identity,
    valid_from: date,
) -> Recorded:
    """Correct the name, number or other particulars of a holder; share and role stay.

    Args:
        party_ref: of the holder as it is recorded.
        identity: all that is to be said of the holder.
        valid_from: first day for which it was recorded wrongly.

    Raises:
        RightNotFound: there is no such right on the day.
        NotTheHolder: nobody of that reference holds it on the day.
        WrongHolders, MalformedParty: what is said has no form, is another person, or names
            somebody who holds the right already.
        OverlappingValidity: the same, on a later day.
    """
    change = ledger.open_act(session, tables.ledger, act, "holder.corrected")
    right = states.get_right(session, right_id, on=valid_from)
    before, after = shares.correct_holder(right.holders, party_ref, identity)
    held, said = rows.holder_columns(right_id, before), rows.holder_columns(right_id, after)
    changed = {name: said[name] for name in said if held[name] != said[name]}
    key = {"right_id": right_id, "party_ref": party_ref}
    saving.amend(session, tables.right_holder, key, changed, on=valid_from, change=change)
    return Recorded(change, right_id, disposals.recipient_warnings(right.kind, [after]))

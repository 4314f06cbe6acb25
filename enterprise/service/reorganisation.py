"""Merger, consolidation, split, separation, conversion."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from databases import periods
from databases.changes import ledger
from databases.changes.ledger import Act, Recorded
from enterprise import tables, values
from enterprise.repository import saving
from enterprise.rules import registration as rules
from enterprise.rules import statuses
from enterprise.service import acts


def register_reorganisation(
    session: Session,
    *,
    act: Act,
    kind: values.SuccessionKind,
    predecessors: Sequence[str],
    successors: Sequence[str],
    on: date,
) -> Recorded:
    """Record that enterprises passed into others, all of which are registered already.

    Predecessors end on the day, save those that parts were separated from.

    Raises:
        WrongSuccession: the enterprises do not fit the kind.
        EnterpriseNotFound: one of them is not registered on the day.
        ActNotAllowedInStatus: the status of one of them does not allow it.
        DependentUnitStands: one that ends has a dependent unit on the day or later.
    """
    rules.require_reorganisation(kind, predecessors, successors)
    change = ledger.open_act(session, tables.ledger, act, "reorganisation.registered")
    for code in (*predecessors, *successors):
        acts.require_allowed(session, code, statuses.Act.REORGANISE, on=on)
    valid = periods.period(on)
    for code in predecessors:
        rows = [{"successor_code": other, "kind": kind.value} for other in successors]
        saving.add_entries(session, tables.succession, code, rows, valid=valid, change=change)
        if rules.ends_predecessor(kind):
            acts.require_no_units(session, code, on=on)
            end = {"status_code": int(values.Status.ENDED), "reason": act.reason}
            saving.add_entries(
                session, tables.status_period, code, [end], valid=valid, change=change
            )
    return Recorded(change, predecessors[0])

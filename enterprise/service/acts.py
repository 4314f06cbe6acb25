"""Opens the change of an act; every other file of the service begins with it."""

import dataclasses
from datetime import date

from sqlalchemy.orm import Session

from databases.changes import ledger
from enterprise import tables, values
from enterprise.repository import records
from enterprise.rules import statuses


def begin(session: Session, act: ledger.Act, name: str) -> int:
    """Open the change of an act under the act's own name, whatever name was handed in."""
    return ledger.open_change(session, tables.ledger, dataclasses.replace(act, name=name))


def require_allowed(
    session: Session, enterprise_code: str, act: statuses.Act, *, on: date
) -> values.Details:
    """Read an enterprise and refuse an act that its legal status on the day does not allow.

    Raises:
        EnterpriseNotFound: no enterprise of this code is registered on the day.
        ActNotAllowedInStatus: the status forbids the act.
    """
    details = records.get_details(session, enterprise_code, on=on)
    facts = records.list_status_facts(session, enterprise_code, on=on)
    statuses.require_act_allowed(act, statuses.status_of(facts))
    return details

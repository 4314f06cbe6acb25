"""What acts on enterprises share: which of them the legal status allows."""

from datetime import date

from sqlalchemy.orm import Session

from enterprise import errors, values
from enterprise.repository import states
from enterprise.rules import statuses


def require_allowed(
    session: Session, enterprise_code: str, act: statuses.Act, *, on: date
) -> values.Details:
    """Read an enterprise and refuse an act that its legal status on the day does not allow.

    Raises:
        EnterpriseNotFound: no enterprise of this code is registered on the day.
        ActNotAllowedInStatus: the status forbids the act.
    """
    details = states.get_details(session, enterprise_code, on=on)
    facts = states.list_status_facts(session, enterprise_code, on=on)
    statuses.require_act_allowed(act, statuses.status_of(facts))
    return details


def require_no_units(session: Session, enterprise_code: str, *, on: date) -> None:
    """Refuse to end an enterprise that has a dependent unit on a day or later.

    Raises:
        DependentUnitStands: it has one.
    """
    if states.has_units(session, enterprise_code, on=on):
        raise errors.DependentUnitStands("Close the dependent units of the enterprise first.")

"""What acts on enterprises share: which of them the legal status allows."""

from datetime import date

from sqlalchemy.orm import Session

from enterprise import values
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

"""Branches, representative offices and business locations."""

from datetime import date

from sqlalchemy.orm import Session

from databases import periods
from databases.changes import ledger, versions
from databases.changes.ledger import Act, Recorded
from enterprise import errors, tables, values
from enterprise.repository import rows, saving
from enterprise.rules import registration as rules
from enterprise.rules import statuses
from enterprise.service import acts


def register_dependent_unit(
    session: Session, *, act: Act, enterprise_code: str, unit: values.DependentUnit
) -> Recorded:
    """Register a unit of an enterprise from the day of its certificate on.

    Raises:
        WrongDependentUnit: its code does not fit, or was given before.
        EnterpriseNotFound, ActNotAllowedInStatus: the enterprise cannot open it.
    """
    rules.require_unit(enterprise_code, unit)
    change = ledger.open_act(session, tables.ledger, act, "dependent_unit.registered")
    acts.require_allowed(session, enterprise_code, statuses.Act.OPEN_UNIT, on=unit.registered_on)
    row = rows.unit_columns(unit)
    valid = periods.period(unit.registered_on)
    try:
        saving.add_entries(
            session, tables.dependent_unit, enterprise_code, [row], valid=valid, change=change
        )
    except versions.OverlappingValidity as error:
        raise errors.WrongDependentUnit("This code was given to another unit before.") from error
    return Recorded(change, unit.unit_code)


def close_dependent_unit(
    session: Session, *, act: Act, enterprise_code: str, unit_code: str, on: date
) -> Recorded:
    """Close a unit from a day on.

    Raises:
        DependentUnitNotFound: the enterprise has no such unit on the day.
    """
    change = ledger.open_act(session, tables.ledger, act, "dependent_unit.closed")
    if not saving.end_entry(
        session, tables.dependent_unit, enterprise_code, (unit_code,), on=on, change=change
    ):
        raise errors.DependentUnitNotFound("The enterprise has no such unit on this day.")
    return Recorded(change, unit_code)

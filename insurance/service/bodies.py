"""Acts on treatment facilities and employers."""

from datetime import date

from sqlalchemy import Table
from sqlalchemy.orm import Session

from databases import periods
from databases.changes import ledger, stretches, versions
from databases.changes.ledger import Act, Recorded
from databases.identifiers import EnterpriseCode
from insurance import errors, tables
from insurance.repository import rows, saving
from insurance.rules import bodies
from insurance.values import Address, require_facility_code, require_unit_code

_GIVEN = "The code was given before and holds on some of the days."


def register_facility(
    session: Session, *, act: Act, facility_code: str, name: str, address: Address, on: date
) -> Recorded:
    """Register a treatment facility from a day on.

    Raises:
        MalformedNumber: the code has not five digits.
        BodyAlreadyRegistered: the code holds from that day on, or later.
    """
    code = require_facility_code(facility_code)
    change = ledger.open_act(session, tables.ledger, act, "facility.registered")
    row = {"facility_code": code, "facility_name": name, **rows.address_columns(address)}
    _add(session, tables.facility, row, on, change=change)
    return Recorded(change, code)


def close_facility(session: Session, *, act: Act, facility_code: str, on: date) -> Recorded:
    """Record that a facility no longer treats from a day on.

    Raises:
        FacilityNotFound: no facility of this code holds on the day.
    """
    change = ledger.open_act(session, tables.ledger, act, "facility.closed")
    key = {"facility_code": facility_code}
    if not stretches.close_stretch(session, tables.facility, key, on=on, change=change):
        raise errors.FacilityNotFound("No facility of this code is registered on this day.")
    return Recorded(change, facility_code)


def register_employer(
    session: Session,
    *,
    act: Act,
    unit_code: str,
    name: str,
    address: Address,
    on: date,
    enterprise_code: str | None = None,
) -> Recorded:
    """Register an employer from a day on, linked to its enterprise code if it has one.

    Returns:
        the change; a warning where the unit code has an unusual form.

    Raises:
        MalformedNumber: the unit code holds other characters than letters, digits and hyphens.
        MalformedIdentifier: the enterprise code has a wrong form or check digit.
        BodyAlreadyRegistered: the unit code holds from that day on, or later.
    """
    enterprise = None if enterprise_code is None else EnterpriseCode.parse(enterprise_code).base
    change = ledger.open_act(session, tables.ledger, act, "employer.registered")
    row = {
        "unit_code": require_unit_code(unit_code),
        "enterprise_code": enterprise,
        "employer_name": name,
        **rows.address_columns(address),
    }
    _add(session, tables.employer, row, on, change=change)
    return Recorded(change, unit_code, bodies.list_unit_warnings(unit_code))


def amend_employer(
    session: Session,
    *,
    act: Act,
    unit_code: str,
    on: date,
    name: str,
    address: Address,
    enterprise_code: str | None,
) -> Recorded:
    """Record what an employer is called, where it is and which enterprise it is, from a day on.

    Raises:
        MalformedIdentifier: the enterprise code has a wrong form or check digit.
        EmployerNotFound: no employer of this code is registered on the day.
    """
    enterprise = None if enterprise_code is None else EnterpriseCode.parse(enterprise_code).base
    change = ledger.open_act(session, tables.ledger, act, "employer.amended")
    key = {"unit_code": unit_code}
    valid = stretches.find_stretch(session, tables.employer, key, on)
    if valid is None:
        raise errors.EmployerNotFound("No employer of this code is registered on this day.")
    columns = {
        "employer_name": name,
        "enterprise_code": enterprise,
        **rows.address_columns(address),
    }
    days = periods.period(on, valid.upper)
    versions.amend(session, tables.employer, key, columns, valid=days, change=change)
    return Recorded(change, unit_code)


def close_employer(session: Session, *, act: Act, unit_code: str, on: date) -> Recorded:
    """Record that an employer no longer pays contributions from a day on.

    Raises:
        EmployerNotFound: no employer of this code holds on the day.
    """
    change = ledger.open_act(session, tables.ledger, act, "employer.closed")
    key = {"unit_code": unit_code}
    if not stretches.close_stretch(session, tables.employer, key, on=on, change=change):
        raise errors.EmployerNotFound("No employer of this code is registered on this day.")
    return Recorded(change, unit_code)


def _add(session: Session, table: Table, row: rows.Columns, on: date, *, change: int) -> None:
    refusal = errors.BodyAlreadyRegistered(_GIVEN)
    prepared = [{**row, "valid": periods.period(on)}]
    saving.add(session, table, prepared, change=change, refusal=refusal)

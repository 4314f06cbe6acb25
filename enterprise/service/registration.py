"""First registration, changes of the registration, corrections, annulment."""

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from databases import periods
from databases.changes.ledger import Act
from databases.errors import FieldProblem
from databases.identifiers import EnterpriseCode, MalformedIdentifier
from enterprise import errors, tables, values
from enterprise.repository import records
from enterprise.rules import registration as rules
from enterprise.rules import statuses
from enterprise.service import acts


def register_enterprise(
    session: Session, *, act: Act, registration: values.Registration
) -> values.Recorded:
    """Register a new enterprise from the day of its certificate on.

    Raises:
        MalformedIdentifier: the code has a wrong check digit or belongs to a dependent unit.
        EnterpriseAlreadyRegistered: the code was given before, even if annulled.
        IncompleteDetails, WrongIndustryCode, WrongPrincipalLine, NoRepresentative, WrongOwner,
        WrongNumberOfOwners, SharesExceedWhole: the file breaks a rule.
    """
    code = _require_base_code(registration.enterprise_code)
    details = registration.details
    warnings = _require_lists(
        details,
        registration.lines,
        registration.representatives,
        registration.owners,
        registration.controllers,
    )
    change = acts.begin(session, act, "enterprise.enterprise.registered")
    if records.is_code_known(session, code):
        raise errors.EnterpriseAlreadyRegistered("This code was given before and is not reused.")
    records.add_enterprise(session, code, details, change=change)
    valid = periods.period(details.registered_on)
    lists = _rows(
        registration.lines,
        registration.representatives,
        registration.owners,
        registration.controllers,
    )
    for name, rows in lists.items():
        table = tables.metadata.tables[f"enterprise.{name}"]
        records.add_entries(session, table, code, rows or (), valid=valid, change=change)
    return values.Recorded(change, warnings)


def amend_enterprise(
    session: Session,
    *,
    act: Act,
    enterprise_code: str,
    on: date,
    changes: Mapping[str, Any] | None = None,
    lines: Sequence[values.IndustryLine] | None = None,
    representatives: Sequence[values.Representative] | None = None,
    owners: Sequence[values.Owner] | None = None,
    controllers: Sequence[values.Controller] | None = None,
) -> values.Recorded:
    """Change a registration from a day on; lists that are given replace those that are held.

    Args:
        changes: names of `values.Details` with their new values.

    Raises:
        EnterpriseNotFound: no enterprise of this code is registered on the day.
        ActNotAllowedInStatus: its legal status does not allow changes.
        IncompleteDetails: a name is none of the details, or the result breaks a rule.
        WrongIndustryCode, WrongPrincipalLine, NoRepresentative, WrongOwner, WrongNumberOfOwners,
        SharesExceedWhole: a list breaks a rule.
    """
    change = acts.begin(session, act, "enterprise.enterprise.amended")
    held = acts.require_allowed(session, enterprise_code, statuses.Act.AMEND, on=on)
    details = _changed(held, changes or {})
    warnings = _require_lists(details, lines, representatives, owners, controllers, on=on)
    _write_details(session, enterprise_code, held, details, valid_from=on, change=change)
    for name, rows in _rows(lines, representatives, owners, controllers).items():
        if rows is not None:
            table = tables.metadata.tables[f"enterprise.{name}"]
            records.replace_entries(session, table, enterprise_code, rows, on=on, change=change)
    return values.Recorded(change, warnings)


def correct_enterprise(
    session: Session,
    *,
    act: Act,
    enterprise_code: str,
    valid_from: date,
    valid_to: date | None,
    changes: Mapping[str, Any],
) -> values.Recorded:
    """Correct details that were recorded wrongly for the days of a half-open period.

    Raises:
        EnterpriseNotFound: no enterprise of this code is registered on the first day.
        IncompleteDetails: a name is none of the details, or the result breaks a rule.
    """
    change = acts.begin(session, act, "enterprise.enterprise.corrected")
    held = records.get_details(session, enterprise_code, on=valid_from)
    details = _changed(held, changes)
    _write_details(
        session,
        enterprise_code,
        held,
        details,
        valid_from=valid_from,
        valid_to=valid_to,
        change=change,
    )
    return values.Recorded(change)


def annul_enterprise(session: Session, *, act: Act, enterprise_code: str) -> values.Recorded:
    """Annul a registration that should never have been made; its code is not given again.

    Raises:
        EnterpriseNotFound: the register holds nothing under this code.
    """
    change = acts.begin(session, act, "enterprise.enterprise.annulled")
    if not records.annul_everything(session, enterprise_code, change=change):
        raise errors.EnterpriseNotFound("The register holds nothing under this code.")
    return values.Recorded(change)


def _require_base_code(text: str) -> str:
    code = EnterpriseCode.parse(text)
    if code.suffix is not None:
        message = "An enterprise has a code of ten digits; dependent units have their own act."
        problem = FieldProblem("enterprise_code", "enterprise_code.dependent_unit", message)
        raise MalformedIdentifier(message, fields=[problem])
    return code.base


def _require_lists(
    details: values.Details,
    lines: Sequence[values.IndustryLine] | None,
    representatives: Sequence[values.Representative] | None,
    owners: Sequence[values.Owner] | None,
    controllers: Sequence[values.Controller] | None,
    *,
    on: date | None = None,
) -> tuple[FieldProblem, ...]:
    rules.require_details(details)
    if lines is not None:
        rules.require_lines(lines)
    if representatives is not None:
        rules.require_representatives(representatives)
    if controllers is not None:
        rules.require_controllers(controllers)
    if owners is None:
        return ()
    return rules.require_owners(details.legal_type, owners, on=on or details.registered_on)


def _rows(
    lines: Sequence[values.IndustryLine] | None,
    representatives: Sequence[values.Representative] | None,
    owners: Sequence[values.Owner] | None,
    controllers: Sequence[values.Controller] | None,
) -> dict[str, list[dict[str, Any]] | None]:
    return {
        "industry_line": None if lines is None else [records.line_row(x) for x in lines],
        "legal_representative": None
        if representatives is None
        else [records.representative_row(x) for x in representatives],
        "ownership": None if owners is None else [records.owner_row(x) for x in owners],
        "control": None
        if controllers is None
        else [records.controller_row(x) for x in controllers],
    }


def _changed(held: values.Details, changes: Mapping[str, Any]) -> values.Details:
    known = {field.name for field in dataclasses.fields(values.Details)}
    unknown = sorted(changes.keys() - known)
    if unknown:
        problems = [FieldProblem(n, "details.unknown", "No such detail.") for n in unknown]
        raise errors.IncompleteDetails("Name only details of an enterprise.", fields=problems)
    details = dataclasses.replace(held, **changes)
    rules.require_details(details)
    return details


def _write_details(
    session: Session,
    enterprise_code: str,
    held: values.Details,
    details: values.Details,
    *,
    valid_from: date,
    valid_to: date | None = None,
    change: int,
) -> None:
    before, after = records.details_row(held), records.details_row(details)
    changed = {name: value for name, value in after.items() if before[name] != value}
    if changed:
        valid = periods.period(valid_from, valid_to)
        records.amend_details(session, enterprise_code, changed, valid=valid, change=change)

"""First registration, changes of the registration, corrections, annulment."""

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Table
from sqlalchemy.orm import Session

from databases import periods
from databases.changes import annulling, ledger
from databases.changes.ledger import Act, Recorded
from databases.errors import FieldProblem
from databases.identifiers import EnterpriseCode, MalformedIdentifier
from enterprise import errors, tables, values
from enterprise.repository import rows, saving, states
from enterprise.rules import registration as rules
from enterprise.rules import statuses
from enterprise.service import acts

# The lists of a registration, each with its table and what makes its columns.
_LISTS: tuple[tuple[Table, Callable[[Any], rows.Columns]], ...] = (
    (tables.industry_line, rows.line_columns),
    (tables.legal_representative, rows.representative_columns),
    (tables.ownership, rows.owner_columns),
    (tables.control, rows.controller_columns),
)


def register_enterprise(
    session: Session, *, act: Act, registration: values.Registration
) -> Recorded:
    """Register a new enterprise from the day of its certificate on.

    Raises:
        MalformedIdentifier: the code has a wrong check digit or belongs to a dependent unit.
        EnterpriseAlreadyRegistered: the code was given before, even if annulled.
        IncompleteDetails, WrongIndustryCode, WrongPrincipalLine, NoRepresentative, WrongOwner,
        WrongNumberOfOwners, SharesExceedWhole: the file breaks a rule.
    """
    code = _require_base_code(registration.enterprise_code)
    details = registration.details
    given = (
        registration.lines,
        registration.representatives,
        registration.owners,
        registration.controllers,
    )
    warnings = _require_lists(details, *given)
    change = ledger.open_act(session, tables.ledger, act, "enterprise.registered")
    if states.is_code_known(session, code):
        raise errors.EnterpriseAlreadyRegistered("This code was given before and is not reused.")
    saving.add_enterprise(session, code, details, change=change)
    valid = periods.period(details.registered_on)
    for table, entries in _entries(*given):
        saving.add_entries(session, table, code, entries, valid=valid, change=change)
    return Recorded(change, code, warnings)


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
) -> Recorded:
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
    change = ledger.open_act(session, tables.ledger, act, "enterprise.amended")
    held = acts.require_allowed(session, enterprise_code, statuses.Act.AMEND, on=on)
    details = _changed(held, changes or {})
    warnings = _require_lists(details, lines, representatives, owners, controllers, on=on)
    _write_details(session, enterprise_code, held, details, valid_from=on, change=change)
    for table, entries in _entries(lines, representatives, owners, controllers):
        saving.replace_entries(session, table, enterprise_code, entries, on=on, change=change)
    return Recorded(change, enterprise_code, warnings)


def correct_enterprise(
    session: Session,
    *,
    act: Act,
    enterprise_code: str,
    valid_from: date,
    valid_to: date | None,
    changes: Mapping[str, Any],
) -> Recorded:
    """Correct details that were recorded wrongly for the days of a half-open period.

    Raises:
        EnterpriseNotFound: no enterprise of this code is registered on the first day.
        IncompleteDetails: a name is none of the details, or the result breaks a rule.
    """
    change = ledger.open_act(session, tables.ledger, act, "enterprise.corrected")
    held = states.get_details(session, enterprise_code, on=valid_from)
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
    return Recorded(change, enterprise_code)


def annul_enterprise(session: Session, *, act: Act, enterprise_code: str) -> Recorded:
    """Annul a registration that should never have been made; its code is not given again.

    Raises:
        EnterpriseNotFound: the register holds nothing under this code.
        ChangeNotAnnullable: another enterprise passed into it.
    """
    change = ledger.open_act(session, tables.ledger, act, "enterprise.annulled")
    if not saving.annul_everything(session, enterprise_code, change=change):
        raise errors.EnterpriseNotFound("The register holds nothing under this code.")
    annulling.require_no_orphans(session, tables.enterprise, saving.NAMING, change=change)
    return Recorded(change, enterprise_code)


def _require_base_code(text: str) -> str:
    code = EnterpriseCode.parse(text)
    if code.suffix is not None:
        message = "An enterprise has a code of ten digits; dependent units have their own act."
        raise MalformedIdentifier.of_field(
            "enterprise_code", "enterprise_code.dependent_unit", message
        )
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


def _entries(*given: Sequence[Any] | None) -> Iterator[tuple[Table, list[rows.Columns]]]:
    """Give the entries of each list that is given, in the order of `_LISTS`, with their table."""
    for (table, columns_of), listed in zip(_LISTS, given, strict=True):
        if listed is not None:
            yield table, [columns_of(one) for one in listed]


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
    before, after = rows.details_columns(held), rows.details_columns(details)
    changed = {name: value for name, value in after.items() if before[name] != value}
    if changed:
        valid = periods.period(valid_from, valid_to)
        saving.amend_details(session, enterprise_code, changed, valid=valid, change=change)

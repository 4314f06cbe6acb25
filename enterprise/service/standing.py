"""Acts that change the legal status: suspension, address, revocation, winding up, end."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from databases import periods
from databases.changes import ledger, versions
from databases.changes.ledger import Act, Recorded
from enterprise import errors, tables
from enterprise.repository import saving, states
from enterprise.rules import statuses
from enterprise.service import acts
from enterprise.values import Status


@dataclass(frozen=True, slots=True)
class _Fact:
    """A fact that bears on the legal status.

    Args:
        name: noun of the acts that record and end it.
        status: the status that it leads to.
        permit: what the present status must allow for it to be recorded.
    """

    name: str
    status: Status
    permit: statuses.Act


_SUSPENSION = _Fact("suspension", Status.SUSPENDED, statuses.Act.SUSPEND)
_ABSENCE = _Fact("absence_from_address", Status.NOT_AT_ADDRESS, statuses.Act.MARK_NOT_AT_ADDRESS)
_REVOCATION = _Fact("revocation", Status.REVOKED, statuses.Act.REVOKE)
_WINDING_UP = _Fact("winding_up", Status.WINDING_UP, statuses.Act.START_WINDING_UP)
_BANKRUPTCY = _Fact("bankruptcy", Status.BANKRUPTCY, statuses.Act.START_BANKRUPTCY)
_END = _Fact("end", Status.ENDED, statuses.Act.END)


def register_suspension(
    session: Session,
    *,
    act: Act,
    enterprise_code: str,
    starts_on: date,
    ends_on: date,
    notified_on: date | None,
) -> Recorded:
    """Suspend an enterprise by its own notice; a later notice may prolong it, a year each.

    Args:
        starts_on: first day of the suspension.
        ends_on: first day after it.
        notified_on: day of the enterprise's notice; None warns.

    Raises:
        EnterpriseNotFound, ActNotAllowedInStatus, SuspensionTooLong, StatusAlreadyHeld.
    """
    statuses.require_suspension_period(starts_on, ends_on)
    change = _register(
        session,
        _SUSPENSION,
        act,
        enterprise_code,
        on=starts_on,
        until=ends_on,
        says={"notified_on": notified_on},
    )
    warnings = statuses.suspension_warnings(notified_on=notified_on, starts_on=starts_on)
    return Recorded(change, enterprise_code, warnings)


def close_suspension(session: Session, *, act: Act, enterprise_code: str, on: date) -> Recorded:
    """Resume business before the suspension would have ended.

    Raises:
        EnterpriseNotFound, StatusNotHeld.
    """
    return _close(session, _SUSPENSION, act, enterprise_code, on=on)


def register_absence_from_address(
    session: Session, *, act: Act, enterprise_code: str, on: date, decided_by: str, decision_no: str
) -> Recorded:
    """Record the tax authority's finding that the enterprise is not at its registered address.

    Raises:
        EnterpriseNotFound, ActNotAllowedInStatus, StatusAlreadyHeld.
    """
    by = (decided_by, decision_no)
    return _decide(session, _ABSENCE, act, enterprise_code, on=on, by=by)


def close_absence_from_address(
    session: Session, *, act: Act, enterprise_code: str, on: date
) -> Recorded:
    """Record the tax authority's finding that the enterprise is at its address again.

    Raises:
        EnterpriseNotFound, StatusNotHeld.
    """
    return _close(session, _ABSENCE, act, enterprise_code, on=on)


def register_revocation(
    session: Session, *, act: Act, enterprise_code: str, on: date, decided_by: str, decision_no: str
) -> Recorded:
    """Record that the certificate was revoked.

    Raises:
        EnterpriseNotFound, ActNotAllowedInStatus, StatusAlreadyHeld.
    """
    by = (decided_by, decision_no)
    return _decide(session, _REVOCATION, act, enterprise_code, on=on, by=by)


def close_revocation(session: Session, *, act: Act, enterprise_code: str, on: date) -> Recorded:
    """Record that a revocation was lifted.

    Raises:
        EnterpriseNotFound, StatusNotHeld.
    """
    return _close(session, _REVOCATION, act, enterprise_code, on=on)


def register_winding_up(
    session: Session, *, act: Act, enterprise_code: str, on: date, decided_by: str, decision_no: str
) -> Recorded:
    """Record that dissolution, division, consolidation or merger is under way.

    Raises:
        EnterpriseNotFound, ActNotAllowedInStatus, StatusAlreadyHeld.
    """
    by = (decided_by, decision_no)
    return _decide(session, _WINDING_UP, act, enterprise_code, on=on, by=by)


def close_winding_up(session: Session, *, act: Act, enterprise_code: str, on: date) -> Recorded:
    """Record that the enterprise gave up its dissolution.

    Raises:
        EnterpriseNotFound, StatusNotHeld.
    """
    return _close(session, _WINDING_UP, act, enterprise_code, on=on)


def register_bankruptcy_proceedings(
    session: Session, *, act: Act, enterprise_code: str, on: date, decided_by: str, decision_no: str
) -> Recorded:
    """Record that a court opened bankruptcy proceedings.

    Raises:
        EnterpriseNotFound, ActNotAllowedInStatus, StatusAlreadyHeld.
    """
    by = (decided_by, decision_no)
    return _decide(session, _BANKRUPTCY, act, enterprise_code, on=on, by=by)


def register_end(
    session: Session, *, act: Act, enterprise_code: str, on: date, decided_by: str, decision_no: str
) -> Recorded:
    """Record that an enterprise was dissolved or went bankrupt: it exists no longer.

    Raises:
        EnterpriseNotFound, ActNotAllowedInStatus, StatusAlreadyHeld.
        DependentUnitStands: it has a dependent unit on the day or later.
    """
    by = (decided_by, decision_no)
    recorded = _decide(session, _END, act, enterprise_code, on=on, by=by)
    acts.require_no_units(session, enterprise_code, on=on)
    return recorded


def _decide(
    session: Session, fact: _Fact, act: Act, enterprise_code: str, *, on: date, by: tuple[str, str]
) -> Recorded:
    says = dict(zip(("decided_by", "decision_no"), by, strict=True))
    change = _register(session, fact, act, enterprise_code, on=on, until=None, says=says)
    return Recorded(change, enterprise_code)


def _register(
    session: Session,
    fact: _Fact,
    act: Act,
    enterprise_code: str,
    *,
    on: date,
    until: date | None,
    says: Mapping[str, Any],
) -> int:
    change = ledger.open_act(session, tables.ledger, act, f"{fact.name}.registered")
    acts.require_allowed(session, enterprise_code, fact.permit, on=on)
    row = {"status_code": int(fact.status), "reason": act.reason, **says}
    valid = periods.period(on, until)
    try:
        saving.add_entries(
            session, tables.status_period, enterprise_code, [row], valid=valid, change=change
        )
    except versions.OverlappingValidity as error:
        message = "The register holds this status already on some of these days."
        raise errors.StatusAlreadyHeld(message) from error
    return change


def _close(session: Session, fact: _Fact, act: Act, enterprise_code: str, *, on: date) -> Recorded:
    change = ledger.open_act(session, tables.ledger, act, f"{fact.name}.closed")
    states.get_details(session, enterprise_code, on=on)
    key = (int(fact.status),)
    if not saving.end_entry(
        session, tables.status_period, enterprise_code, key, on=on, change=change
    ):
        raise errors.StatusNotHeld("The register does not hold this status on the day.")
    return Recorded(change, enterprise_code)

"""Acts that change the legal status: suspension, address, revocation, winding up, end."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from databases import periods
from databases.changes import versions
from databases.changes.ledger import Act
from enterprise import errors, tables, values
from enterprise.repository import records
from enterprise.rules import statuses
from enterprise.service import acts
from enterprise.values import Status


def register_suspension(
    session: Session,
    *,
    act: Act,
    enterprise_code: str,
    starts_on: date,
    ends_on: date,
    notified_on: date | None,
) -> values.Recorded:
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
        act=act,
        enterprise_code=enterprise_code,
        step=(statuses.Act.SUSPEND, Status.SUSPENDED, "enterprise.suspension.registered"),
        on=starts_on,
        until=ends_on,
        facts={"notified_on": notified_on},
    )
    warnings = statuses.suspension_warnings(notified_on=notified_on, starts_on=starts_on)
    return values.Recorded(change, warnings)


def close_suspension(
    session: Session, *, act: Act, enterprise_code: str, on: date
) -> values.Recorded:
    """Resume business before the suspension would have ended.

    Raises:
        EnterpriseNotFound, StatusNotHeld.
    """
    name = "enterprise.suspension.closed"
    return _close(session, act, name, enterprise_code, Status.SUSPENDED, on=on)


def register_absence_from_address(
    session: Session, *, act: Act, enterprise_code: str, on: date, decided_by: str, decision_no: str
) -> values.Recorded:
    """Record the tax authority's finding that the enterprise is not at its registered address.

    Raises:
        EnterpriseNotFound, ActNotAllowedInStatus, StatusAlreadyHeld.
    """
    step = (
        statuses.Act.MARK_NOT_AT_ADDRESS,
        Status.NOT_AT_ADDRESS,
        "enterprise.absence_from_address.registered",
    )
    return _decided(session, act, step, enterprise_code, on, decided_by, decision_no)


def close_absence_from_address(
    session: Session, *, act: Act, enterprise_code: str, on: date
) -> values.Recorded:
    """Record the tax authority's finding that the enterprise is at its address again.

    Raises:
        EnterpriseNotFound, StatusNotHeld.
    """
    name = "enterprise.absence_from_address.closed"
    return _close(session, act, name, enterprise_code, Status.NOT_AT_ADDRESS, on=on)


def register_revocation(
    session: Session, *, act: Act, enterprise_code: str, on: date, decided_by: str, decision_no: str
) -> values.Recorded:
    """Record that the certificate was revoked.

    Raises:
        EnterpriseNotFound, ActNotAllowedInStatus, StatusAlreadyHeld.
    """
    step = (statuses.Act.REVOKE, Status.REVOKED, "enterprise.revocation.registered")
    return _decided(session, act, step, enterprise_code, on, decided_by, decision_no)


def close_revocation(
    session: Session, *, act: Act, enterprise_code: str, on: date
) -> values.Recorded:
    """Record that a revocation was lifted.

    Raises:
        EnterpriseNotFound, StatusNotHeld.
    """
    name = "enterprise.revocation.closed"
    return _close(session, act, name, enterprise_code, Status.REVOKED, on=on)


def register_winding_up(
    session: Session, *, act: Act, enterprise_code: str, on: date, decided_by: str, decision_no: str
) -> values.Recorded:
    """Record that dissolution, division, consolidation or merger is under way.

    Raises:
        EnterpriseNotFound, ActNotAllowedInStatus, StatusAlreadyHeld.
    """
    step = (statuses.Act.START_WINDING_UP, Status.WINDING_UP, "enterprise.winding_up.registered")
    return _decided(session, act, step, enterprise_code, on, decided_by, decision_no)


def close_winding_up(
    session: Session, *, act: Act, enterprise_code: str, on: date
) -> values.Recorded:
    """Record that the enterprise gave up its dissolution.

    Raises:
        EnterpriseNotFound, StatusNotHeld.
    """
    name = "enterprise.winding_up.closed"
    return _close(session, act, name, enterprise_code, Status.WINDING_UP, on=on)


def register_bankruptcy_proceedings(
    session: Session, *, act: Act, enterprise_code: str, on: date, decided_by: str, decision_no: str
) -> values.Recorded:
    """Record that a court opened bankruptcy proceedings.

    Raises:
        EnterpriseNotFound, ActNotAllowedInStatus, StatusAlreadyHeld.
    """
    step = (statuses.Act.START_BANKRUPTCY, Status.BANKRUPTCY, "enterprise.bankruptcy.registered")
    return _decided(session, act, step, enterprise_code, on, decided_by, decision_no)


def register_end(
    session: Session, *, act: Act, enterprise_code: str, on: date, decided_by: str, decision_no: str
) -> values.Recorded:
    """Record that an enterprise was dissolved or went bankrupt: it exists no longer.

    Raises:
        EnterpriseNotFound, ActNotAllowedInStatus, StatusAlreadyHeld.
    """
    step = (statuses.Act.END, Status.ENDED, "enterprise.end.registered")
    return _decided(session, act, step, enterprise_code, on, decided_by, decision_no)


def _decided(
    session: Session,
    act: Act,
    step: tuple[statuses.Act, Status, str],
    enterprise_code: str,
    on: date,
    decided_by: str,
    decision_no: str,
) -> values.Recorded:
    facts = {"decided_by": decided_by, "decision_no": decision_no}
    change = _register(
        session, act=act, enterprise_code=enterprise_code, step=step, on=on, until=None, facts=facts
    )
    return values.Recorded(change)


def _register(
    session: Session,
    *,
    act: Act,
    enterprise_code: str,
    step: tuple[statuses.Act, Status, str],
    on: date,
    until: date | None,
    facts: Mapping[str, Any],
) -> int:
    kind, status, name = step
    change = acts.begin(session, act, name)
    acts.require_allowed(session, enterprise_code, kind, on=on)
    row = {"status_code": int(status), "reason": act.reason, **facts}
    try:
        records.add_entries(
            session,
            tables.status_period,
            enterprise_code,
            [row],
            valid=periods.period(on, until),
            change=change,
        )
    except versions.OverlappingValidity as error:
        message = "The register holds this status already on some of these days."
        raise errors.StatusAlreadyHeld(message) from error
    return change


def _close(
    session: Session, act: Act, name: str, enterprise_code: str, status: Status, *, on: date
) -> values.Recorded:
    change = acts.begin(session, act, name)
    records.get_details(session, enterprise_code, on=on)
    ended = records.close_entry(
        session,
        tables.status_period,
        enterprise_code,
        (int(status),),
        valid=periods.period(on),
        change=change,
    )
    if not ended:
        raise errors.StatusNotHeld("The register does not hold this status on the day.")
    return values.Recorded(change)

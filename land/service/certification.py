"""Issue, re-issue and revocation of certificates."""

from datetime import date

from sqlalchemy.orm import Session

from databases.changes import ledger
from databases.changes.ledger import Act, Recorded
from land import errors, tables, values
from land.repository import saving, states
from land.rules import registrations
from land.service import acts, registration


def register_certificate(
    session: Session, *, act: Act, certificate: values.Certificate, on: date
) -> Recorded:
    """Record the issue of a certificate for rights that are registered.

    Raises:
        WrongCertificate: it names no right, or one not registered on the day, or its number is on
            another certificate.
        AlreadyRegistered: the name was given before.
        LaterActRecorded: one of the rights ended on a later day.
    """
    change = ledger.open_act(session, tables.ledger, act, "certificate.registered")
    warnings = _issue(session, certificate, on=on, change=change)
    return Recorded(change, certificate.certificate_id, warnings)


def reissue_certificate(
    session: Session, *, act: Act, certificate: values.Certificate, replaces: str, on: date
) -> Recorded:
    """Record that a certificate was issued in place of another, which proves nothing any more.

    Raises:
        CertificateNotFound: the former one is not in force on the day.
        WrongCertificate, AlreadyRegistered, LaterActRecorded: as for `register_certificate`.
    """
    change = ledger.open_act(session, tables.ledger, act, "certificate.reissued")
    _end(session, replaces, values.CertificateStatus.REPLACED, on=on, change=change)
    warnings = _issue(session, certificate, on=on, change=change, replaces=replaces)
    return Recorded(change, certificate.certificate_id, warnings)


def close_certificate(session: Session, *, act: Act, certificate_id: str, on: date) -> Recorded:
    """Record that a certificate was revoked.

    Raises:
        CertificateNotFound: it is not in force on the day.
    """
    change = ledger.open_act(session, tables.ledger, act, "certificate.closed")
    _end(session, certificate_id, values.CertificateStatus.REVOKED, on=on, change=change)
    return Recorded(change, certificate_id)


def _issue(
    session: Session,
    certificate: values.Certificate,
    *,
    on: date,
    change: int,
    replaces: str | None = None,
) -> acts.Warnings:
    rights = states.list_rights(session, "right_id", certificate.right_ids, on=on)
    acts.require_rights_go_on(session, certificate.right_ids)
    registrations.require_certified([certificate], rights)
    return registration.add_certificates(
        session, [certificate], on=on, change=change, replaces=replaces
    )


def _end(
    session: Session,
    certificate_id: str,
    status: values.CertificateStatus,
    *,
    on: date,
    change: int,
) -> None:
    found = states.list_rows(session, tables.certificate, "certificate_id", [certificate_id], on=on)
    if not found or found[0]["status"] != values.CertificateStatus.IN_FORCE.value:
        raise errors.CertificateNotFound("No certificate of this name is in force on this day.")
    key = {"certificate_id": certificate_id}
    changed = {"status": status.value}
    saving.amend(session, tables.certificate, key, changed, on=on, change=change)

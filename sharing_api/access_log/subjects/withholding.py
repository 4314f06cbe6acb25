"""Entries that are withheld from their subject for a time, lawfully and on the record.

Nothing is taken out of the log: the subject's report shows place and hash of the entry, so the
proof that nothing is missing still counts it, and from the day on it is told in full. That it was
withheld is an entry of the log too.
"""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from databases import errors
from sharing_api.access_log import supervision
from sharing_api.access_log.entries import Entry
from sharing_api.access_log.subjects import repository

OPERATION = "withholding"


class InvalidWithholding(errors.Invalid):
    """An entry cannot be withheld like this; `fields` says why."""

    code = "access_log.invalid_withholding"


class AlreadyWithheld(errors.Conflict):
    """The entry is withheld already; a term is not prolonged."""

    code = "access_log.already_withheld"


@dataclass(frozen=True, slots=True)
class Order:
    """Who has an entry withheld, until when, and by which law.

    Args:
        until_on: day from which the subject is told.
        legal_basis: the provision that allows it.
        officer, second_officer: two persons: one asks, the other agrees.
        agency: for which they act.
    """

    until_on: date
    legal_basis: str
    officer: str
    second_officer: str
    agency: str


def withhold(session: Session, entry_id: uuid.UUID, order: Order, now: datetime) -> uuid.UUID:
    """Withhold an entry from its subject, and write that into the log in the same transaction.

    Returns:
        id of the log entry that tells of it.

    Raises:
        InvalidWithholding: there is no such entry, it is about nobody, the day has passed, or one
            person signs twice.
        AlreadyWithheld: it is withheld already.
    """
    row = repository.find_entry(session, entry_id)
    if row is None:
        raise InvalidWithholding("There is no such entry.", fields=_field("entry", "unknown"))
    if row["subject_tag"] is None:
        raise InvalidWithholding("The entry is about nobody.", fields=_field("entry", "subject"))
    for name in ("legal_basis", "officer", "second_officer", "agency"):
        if not getattr(order, name).strip():
            raise InvalidWithholding(f"Name the {name}.", fields=_field(name, "required"))
    if order.officer.strip() == order.second_officer.strip():
        text = "A second officer must agree."
        raise InvalidWithholding(text, fields=_field("second_officer", "second_person"))
    if order.until_on <= now.date():
        text = "The day must lie in the future."
        raise InvalidWithholding(text, fields=_field("until_on", "future"))
    if repository.list_withheld(session, [entry_id], date.min):
        raise AlreadyWithheld("The entry is withheld already; a term is not prolonged.")
    written = _entry(row["dataset"], entry_id, order, now)
    repository.insert_entry(session, written)
    repository.insert_withholding(
        session,
        entry_id=entry_id,
        until_on=order.until_on,
        legal_basis=order.legal_basis,
        officer=order.officer,
        second_officer=order.second_officer,
        log_entry_id=written.entry_id,
        recorded_at=now,
    )
    return written.entry_id


def _field(name: str, rule: str) -> list[errors.FieldProblem]:
    return [errors.FieldProblem(name, rule, "It must be as the message says.")]


def _entry(dataset: str, entry_id: uuid.UUID, order: Order, now: datetime) -> Entry:
    return supervision.make_entry(
        now,
        agency=order.agency,
        officer=order.officer,
        second_officer=order.second_officer,
        operation=OPERATION,
        purpose="log.withholding",
        rule="withheld",
        dataset=dataset,
        legal_basis=order.legal_basis,
        subject_tag=None,  # told to nobody: it would tell of what it withholds
        case_reference=str(entry_id),
        reach={"until": order.until_on.isoformat()},
    )

"""Acts by which participants enter the register, change, and have their books merged."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from databases import periods
from databases.changes import ledger, versions
from databases.changes.ledger import Act, Recorded
from databases.errors import FieldProblem
from databases.identifiers import Pin
from insurance import errors, tables
from insurance.repository import rows, states
from insurance.service import acts
from insurance.values import Participant, require_social_insurance_no


def register_participant(session: Session, *, act: Act, participant: Participant) -> Recorded:
    """Register a participant under the social insurance number, or the personal number alone.

    Raises:
        IncompleteParticipant: neither number is given, or no name.
        MalformedNumber, MalformedIdentifier: a number does not have its form.
        ParticipantAlreadyRegistered: a number is borne already.
        BookMerged: the number was merged into another and never returns.
    """
    _require_complete(participant)
    change = ledger.open_act(session, tables.ledger, act, "participant.registered")
    for number in (participant.social_insurance_no, participant.pin):
        _require_free(session, number)
    row = rows.participant_columns(participant)
    row["valid"] = periods.period(participant.birth.earliest)
    versions.add(session, tables.participant, [row], change=change)
    return Recorded(change, row["participant_no"])


def _require_complete(participant: Participant) -> None:
    if participant.social_insurance_no is None and participant.pin is None:
        message = "Give the social insurance number, the personal number, or both."
        raise errors.IncompleteParticipant.of_field(
            "social_insurance_no", "number.missing", message
        )
    if not participant.full_name.strip():
        message = "Give the full name."
        raise errors.IncompleteParticipant.of_field("full_name", "full_name.missing", message)
    if participant.social_insurance_no is not None:
        require_social_insurance_no(participant.social_insurance_no)
    if participant.pin is not None:
        Pin.parse(participant.pin)


def _require_free(session: Session, number: str | None) -> None:
    # A number belongs to its person for life, so that after an annulment it may come again.
    if number is None or states.find_present_no(session, number) is None:
        return
    if states.is_number_merged(session, number):
        raise errors.BookMerged("The book was merged into another; its number never returns.")
    raise errors.ParticipantAlreadyRegistered("A participant has this number.")


def amend_participant(
    session: Session, *, act: Act, participant_no: str, on: date, changes: Mapping[str, Any]
) -> Recorded:
    """Record that details of a participant changed from a day on.

    Args:
        changes: names of `values.Participant` with their new values, not the numbers.

    Raises:
        IncompleteParticipant: a name is none of the details.
        ParticipantNotFound, ParticipantDead, MalformedNumber: see `acts`.
    """
    change = ledger.open_act(session, tables.ledger, act, "participant.amended")
    participant = acts.get_living(session, participant_no, on)
    valid = periods.period(on)
    _write(session, participant.participant_no, changes, valid=valid, change=change)
    return Recorded(change, participant.participant_no)


def correct_participant(
    session: Session, *, act: Act, participant_no: str, on: date, changes: Mapping[str, Any]
) -> Recorded:
    """Correct details of a participant that were recorded wrongly, for all days.

    Args:
        on: day of the correction.
        changes: as in `amend_participant`.

    Raises:
        IncompleteParticipant: a name is none of the details.
        ParticipantNotFound, MalformedNumber: see `acts`.
    """
    change = ledger.open_act(session, tables.ledger, act, "participant.corrected")
    participant = states.get_participant(session, participant_no, on)
    valid = periods.period(None)
    _write(session, participant.participant_no, changes, valid=valid, change=change)
    return Recorded(change, participant.participant_no)


def _write(
    session: Session,
    participant_no: str,
    changes: Mapping[str, Any],
    *,
    valid: Range[date],
    change: int,
) -> None:
    unknown = sorted(changes.keys() - rows.DETAILS.keys())
    if unknown or not changes:
        problems = [FieldProblem(n, "details.unknown", "No such detail.") for n in unknown]
        raise errors.IncompleteParticipant("Name details of a participant.", fields=problems)
    columns: rows.Columns = {}
    for name, value in changes.items():
        columns |= rows.DETAILS[name](value)
    key = {"participant_no": participant_no}
    versions.amend(session, tables.participant, key, columns, valid=valid, change=change)

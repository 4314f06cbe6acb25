"""What acts on participants share: who may act, and what is doubted of units and facilities."""

from datetime import date

from sqlalchemy.orm import Session

from databases.errors import FieldProblem
from insurance.repository import states
from insurance.rules import bodies, participation
from insurance.values import ParticipantState


def get_living(session: Session, participant_no: str, on: date) -> ParticipantState:
    """Get a participant who may act on a day.

    Raises:
        MalformedNumber: neither a social insurance number nor a personal number.
        ParticipantNotFound: nobody bears the number on the day.
        ParticipantDead: the participant died before the day.
    """
    participant = states.get_participant(session, participant_no, on)
    participation.require_alive(participant, on)
    return participant


def list_unit_warnings(session: Session, unit_code: str, on: date) -> tuple[FieldProblem, ...]:
    """List the doubts about a unit: its code's form, and whether it is registered."""
    warnings = bodies.list_unit_warnings(unit_code)
    if states.is_employer_known(session, unit_code, on):
        return warnings
    unknown = FieldProblem("unit_code", "unit_code.unregistered", "No such unit on that day.")
    return (*warnings, unknown)


def list_facility_warnings(
    session: Session, facility_code: str | None, on: date
) -> tuple[FieldProblem, ...]:
    """List the doubts about a facility: whether it is registered."""
    if facility_code is None or states.is_facility_known(session, facility_code, on):
        return ()
    message = "No such facility is registered on that day."
    return (FieldProblem("facility_code", "facility_code.unregistered", message),)

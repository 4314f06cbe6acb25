"""Acts on the numbers of participants: one is given, two books become one."""

from datetime import date

from sqlalchemy.orm import Session

from databases import periods
from databases.changes import ledger, versions
from databases.changes.ledger import Act, Recorded
from databases.identifiers import Pin
from insurance import errors, tables
from insurance.repository import saving, states
from insurance.service import acts
from insurance.values import require_social_insurance_no

_NOT_MERGEABLE = "Both books hold spells or months for the same days; close one of them first."


def register_social_insurance_no(
    session: Session, *, act: Act, pin: str, social_insurance_no: str, on: date
) -> Recorded:
    """Give a social insurance number to a participant who was known by the personal number only.

    Raises:
        ParticipantAlreadyRegistered: the number is borne already: merge the books instead.
        BooksNotMergeable: the participant has another number.
        ParticipantNotFound, ParticipantDead, MalformedNumber: see `acts`.
    """
    number = require_social_insurance_no(social_insurance_no)
    change = ledger.open_act(session, tables.ledger, act, "number.registered")
    participant = acts.get_living(session, pin, on)
    if participant.numbers:
        raise errors.BooksNotMergeable("The participant has a number; merge the books instead.")
    if states.find_present_no(session, number) is not None:
        raise errors.ParticipantAlreadyRegistered("A participant has or had this number.")
    columns = {"participant_no": number, "social_insurance_no": number}
    saving.rename_participant(session, participant.participant_no, columns, change=change)
    _move(session, participant.participant_no, number, change=change)
    return Recorded(change, number)


def register_pin(
    session: Session, *, act: Act, social_insurance_no: str, pin: str, on: date
) -> Recorded:
    """Record the personal number of a participant of whom it was not known.

    Raises:
        ParticipantAlreadyRegistered: another participant has it: merge the books.
        BooksNotMergeable: the participant has another personal number.
        ParticipantNotFound, ParticipantDead, MalformedNumber, MalformedIdentifier: see `acts`.
    """
    number = Pin.parse(pin).number
    change = ledger.open_act(session, tables.ledger, act, "pin.registered")
    participant = acts.get_living(session, social_insurance_no, on)
    if participant.pin is not None:
        raise errors.BooksNotMergeable("The participant has a personal number already.")
    if states.find_present_no(session, number) is not None:
        raise errors.ParticipantAlreadyRegistered("Another participant has this personal number.")
    saving.amend_always(session, participant.participant_no, {"pin": number}, change=change)
    return Recorded(change, participant.participant_no)


def register_merger(
    session: Session, *, act: Act, old_no: str, new_no: str, decided_on: date
) -> Recorded:
    """Merge a book into another: all that it holds goes on under the number that stands.

    The merged number leads to the other one from now on and is given to nobody again; as of an
    earlier change both are read as they stood. A personal number, and a death, that only the
    merged book knew go with it.

    Raises:
        BooksNotMergeable: both are one, have different personal numbers, or hold spells, months or
            cover for the same days.
        ParticipantNotFound, ParticipantDead, MalformedNumber: see `acts`.
    """
    change = ledger.open_act(session, tables.ledger, act, "books.merged")
    old = states.get_participant(session, old_no, decided_on)
    new = acts.get_living(session, new_no, decided_on)
    if old.participant_no == new.participant_no:
        raise errors.BooksNotMergeable("Both numbers name one book already.")
    if old.pin and new.pin and old.pin != new.pin:
        raise errors.BooksNotMergeable("The two have different personal numbers.")
    versions.close(
        session,
        tables.participant,
        {"participant_no": old.participant_no},
        valid=periods.period(None),
        change=change,
    )
    _move(session, old.participant_no, new.participant_no, change=change)
    if old.pin and not new.pin:
        saving.amend_always(session, new.participant_no, {"pin": old.pin}, change=change)
    if old.died_on is not None:
        saving.record_death(session, new.participant_no, old.died_on, change=change)
    if old.numbers:
        _add_alias(session, act, old.participant_no, new.participant_no, decided_on, change)
    return Recorded(change, new.participant_no)


def _move(session: Session, old_no: str, new_no: str, *, change: int) -> None:
    refusal = errors.BooksNotMergeable(_NOT_MERGEABLE)
    saving.move_number(session, old_no, new_no, change=change, refusal=refusal)


def _add_alias(
    session: Session, act: Act, old_no: str, new_no: str, decided_on: date, change: int
) -> None:
    alias = {
        "old_no": old_no,
        "new_no": new_no,
        "reason": act.reason,
        "decided_on": decided_on,
        "valid": periods.period(None),
    }
    versions.add(session, tables.book_alias, [alias], change=change)

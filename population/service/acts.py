"""What acts on persons share: who may act, and which numbers are free."""

from datetime import date

from sqlalchemy.orm import Session

from databases.identifiers import Pin
from population import errors, rules
from population.repository import states
from population.values import PersonState


def get_living(session: Session, pin: str, on: date) -> PersonState:
    """Get a person who may act on a day.

    Raises:
        MalformedIdentifier: the number does not have its legal form.
        PersonNotFound: nobody has or had that number on that day.
        PersonNotAlive: the person died before that day.
    """
    person = states.get_person(session, Pin.parse(pin).number, on)
    rules.require_alive(person, on)
    return person


def require_free_number(session: Session, pin: str) -> None:
    """Refuse a number that somebody bears or bore.

    Raises:
        PersonAlreadyRegistered: somebody bears it.
        PinWasCancelled: somebody bore it; it never returns.
    """
    if states.find_bearer(session, pin) is not None:
        raise errors.PinWasCancelled("A cancelled number never returns; establish another one.")
    if states.has_person(session, pin):
        raise errors.PersonAlreadyRegistered("A person is registered under that number already.")

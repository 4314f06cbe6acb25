"""What acts on persons share: who may act, and which numbers are free."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from databases.changes import stretches
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


def require_latest(
    session: Session, table: Table, key: Mapping[str, Any], valid: Range[date]
) -> None:
    """Refuse an act that would undo in silence what is recorded from a later day of its period on.

    Raises:
        LaterActRecorded: a version of the record starts on a later day.
    """
    if stretches.begins_within(session, table, key, valid):
        message = "The register holds a later act on this; annul or correct that first."
        raise errors.LaterActRecorded.of_field("on", "act.later_recorded", message)

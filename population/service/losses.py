"""Death, declaration of missing, and return."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy.orm import Session

from databases import periods
from databases.changes import ledger, versions
from databases.changes.ledger import Act, Recorded
from databases.identifiers import Pin
from databases.periods import PartialDate
from population import errors, rules, tables
from population.repository import rows, states
from population.service import households, kinships, marriages
from population.values import (
    KinRole,
    Loss,
    LossKind,
    MaritalStatus,
    Member,
    PersonState,
    ResidenceKind,
)

_ENDING = (KinRole.SPOUSE, KinRole.REPRESENTATIVE, KinRole.REPRESENTED)


def register_death(
    session: Session,
    *,
    act: Act,
    pin: str,
    happened: PartialDate,
    on: date,
    remaining: Mapping[str, Sequence[Member]] | None = None,
) -> Recorded:
    """Record a death and what ends with it: residence, membership, marriage, representation.

    Args:
        pin: number of the dead, also a former one.
        happened: day of death, as precisely as it is known.
        on: day of registration.
        remaining: if the dead was head of a household, what those who stay become.

    Raises:
        PersonNotAlive: the death is registered already.
        ImpossibleDeath, OneHeadNeeded, PersonNotFound, MalformedIdentifier: see the rules.
    """
    change = ledger.open_act(session, tables.ledger, act, "death.registered")
    person = _get_not_dead(session, pin, happened, on)
    after = happened.latest + timedelta(days=1)
    _set_loss(session, person.pin, Loss(LossKind.DEAD, happened), happened.earliest, change)
    for kind in ResidenceKind:
        key = {"pin": person.pin, "kind": kind.value}
        versions.close(session, tables.residence, key, valid=periods.period(after), change=change)
    placed = {
        household: households.living_members(session, members, after)
        for household, members in (remaining or {}).items()
    }
    households.place_members(session, placed, leaving=[person.pin], start=after, change=change)
    if person.spouse_pin is not None:
        spouse = states.get_person(session, person.spouse_pin, happened.earliest)
        marriages.set_marital_status(
            session, spouse, MaritalStatus.WIDOWED, start=after, change=change
        )
    kinships.close_relations(session, person.pin, _ENDING, start=after, change=change)
    return Recorded(change, person.pin)


def register_missing(
    session: Session, *, act: Act, pin: str, happened: PartialDate, on: date
) -> Recorded:
    """Record that a court declared a person missing; nothing else ends with it.

    Raises:
        PersonNotAlive: the person is dead.
        ImpossibleDeath, PersonNotFound, MalformedIdentifier: see the rules.
    """
    change = ledger.open_act(session, tables.ledger, act, "missing.registered")
    person = _get_not_dead(session, pin, happened, on)
    _set_loss(session, person.pin, Loss(LossKind.MISSING, happened), happened.earliest, change)
    return Recorded(change, person.pin)


def close_missing(session: Session, *, act: Act, pin: str, on: date) -> Recorded:
    """Record that a missing person has returned, from a day on; a later death stays.

    Raises:
        PersonNotMissing: the person is not registered as missing on that day.
        PersonNotFound, MalformedIdentifier: see the rules.
    """
    change = ledger.open_act(session, tables.ledger, act, "missing.closed")
    person = states.get_person(session, Pin.parse(pin).number, on)
    if person.loss is None or person.loss.kind is not LossKind.MISSING:
        raise errors.PersonNotMissing("The person is not registered as missing on that day.")
    until = states.find_end_of_loss(session, person.pin, LossKind.MISSING, on)
    _set_loss(session, person.pin, None, on, change, until=until)
    return Recorded(change, person.pin)


def _get_not_dead(session: Session, pin: str, happened: PartialDate, on: date) -> PersonState:
    number = Pin.parse(pin).number
    today = states.get_person(session, number, on)
    if today.loss is not None and today.loss.kind is LossKind.DEAD:
        raise errors.PersonNotAlive("The death of the person is registered already.")
    rules.require_possible_death(today.birth, happened, on)
    # Who was married then; the day may be known to the year only and lie before the birth's day.
    then = max(happened.earliest, today.birth.earliest)
    return states.get_person(session, number, then)


def _set_loss(
    session: Session,
    pin: str,
    loss: Loss | None,
    start: date,
    change: int,
    *,
    until: date | None = None,
) -> None:
    versions.amend(
        session,
        tables.person,
        {"pin": pin},
        rows.loss_columns(loss),
        valid=periods.period(start, until),
        change=change,
    )

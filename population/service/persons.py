"""Acts by which persons enter the register and by which their items are corrected."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from databases import identifiers, periods
from databases.changes import ledger, versions
from databases.changes.ledger import Act, Recorded
from databases.errors import FieldProblem
from databases.identifiers import Pin
from population import errors, rules, tables
from population.repository import rows, saving, states
from population.service import acts, kinships
from population.values import KinRole, Person, Relative

_PARENTS = (KinRole.FATHER, KinRole.MOTHER)


def register_person(
    session: Session, *, act: Act, person: Person, on: date, relatives: Sequence[Relative] = ()
) -> Recorded:
    """Enter a person other than by birth, such as one who was never recorded or is naturalised.

    Args:
        person: the person; the number must have its legal form.
        on: day of registration.
        relatives: relatives of the person, each written for both.

    Returns:
        the change; its warnings name what in the number does not fit the record.

    Raises:
        MalformedIdentifier, NameMissing, ImpossibleBirth, PersonAlreadyRegistered, PinWasCancelled,
        ImpossibleKinship, PersonNotFound: see the rules.
    """
    change = ledger.open_act(session, tables.ledger, act, "person.registered")
    pin = Pin.parse(person.pin)
    warnings = rules.list_pin_warnings(pin, birth=person.birth, sex=person.sex)
    _enter(session, person, relatives, on=on, change=change)
    return Recorded(change, pin.number, warnings)


def register_birth(
    session: Session, *, act: Act, person: Person, on: date, relatives: Sequence[Relative] = ()
) -> Recorded:
    """Enter a person by birth.

    Args:
        person: the child.
        on: day of registration.
        relatives: parents and other relatives, each written for both.

    Returns:
        the change; a remark where the origin in the number could not be verified.

    Raises:
        PinContradictsRecord: year of birth or sex in the number are not those of the record.
        MalformedIdentifier, NameMissing, ImpossibleBirth, PersonAlreadyRegistered, PinWasCancelled,
        ImpossibleKinship, PersonNotFound: see the rules.
    """
    change = ledger.open_act(session, tables.ledger, act, "birth.registered")
    pin = Pin.parse(person.pin)
    rules.require_pin_fits(pin, birth=person.birth, sex=person.sex)
    warnings = rules.list_pin_warnings(pin, birth=person.birth, sex=person.sex)
    _enter(session, person, relatives, on=on, change=change)
    return Recorded(change, pin.number, warnings)


def _enter(
    session: Session, person: Person, relatives: Sequence[Relative], *, on: date, change: int
) -> None:
    rules.require_name(person.name)
    rules.require_birth_before(person.birth, on)
    if person.old_id_9 is not None:
        identifiers.require_old_id(person.old_id_9)
    acts.require_free_number(session, person.pin)
    born = periods.period(person.birth.earliest)
    row = {**rows.person_columns(person), "valid": born}
    versions.add(session, tables.person, [row], change=change)
    for relative in relatives:
        start = person.birth.earliest if relative.role in _PARENTS else on
        kinships.add_relation(
            session, person.pin, person.birth, relative, start=start, change=change
        )


def correct_item(
    session: Session,
    *,
    act: Act,
    pin: str,
    item: str,
    value: Any,
    valid: Range[date] | None = None,
) -> Recorded:
    """Correct an item, or record that it changed, for the days on which the value is true.

    Args:
        pin: number of the person, also a former one.
        item: name of an item of `values.Person`, not the number.
        value: the right value, of that item's type.
        valid: days, half-open; all days if it is not given. The date of birth holds on all days.

    Raises:
        ItemNotCorrectable: there is no such item.
        PinContradictsRecord: the number says another year of birth or sex: re-establish it.
        NothingToCorrect: the person is not registered on those days.
        MalformedIdentifier, NameMissing, PersonNotFound: see the rules.
    """
    change = ledger.open_act(session, tables.ledger, act, "item.corrected")
    bearer = _bearer(session, pin)
    if item not in rows.ITEMS:
        raise errors.ItemNotCorrectable("Name an item that is corrected, not changed by an act.")
    held = versions.list_current(session, tables.person, {"pin": bearer}, valid)
    if not held:
        raise errors.NothingToCorrect("The person is not registered on those days.")
    warnings = _check_item(bearer, item, value, held[0])
    columns = rows.ITEMS[item](value)
    if item == "birth":
        saving.reissue_person(session, bearer, columns, first_day=value.earliest, change=change)
    else:
        days = periods.period(None) if valid is None else valid
        versions.amend(session, tables.person, {"pin": bearer}, columns, valid=days, change=change)
    return Recorded(change, bearer, warnings)


def _check_item(pin: str, item: str, value: Any, held: dict[str, Any]) -> tuple[FieldProblem, ...]:
    birth = value if item == "birth" else rows.birth_of(held)
    sex = value if item == "sex" else rows.sex_of(held)
    if item == "name":
        rules.require_name(value)
    if item == "old_id_9" and value is not None:
        identifiers.require_old_id(value)
    if item in ("birth", "sex"):
        rules.require_pin_fits(Pin.parse(pin), birth=birth, sex=sex)
    return rules.list_pin_warnings(Pin.parse(pin), birth=birth, sex=sex)


def _bearer(session: Session, pin: str) -> str:
    number = Pin.parse(pin).number
    bearer = states.find_bearer(session, number) or number
    if not states.has_person(session, bearer):
        raise errors.PersonNotFound("No person has that number.")
    return bearer


def register_identity_card(
    session: Session,
    *,
    act: Act,
    pin: str,
    card_type: str,
    issued_on: date,
    issued_by: str,
    expires_on: date | None = None,
) -> Recorded:
    """Record the issue of an identity card; it takes the place of the one before.

    Raises:
        LaterActRecorded: a card of a later day is registered.
        PersonNotFound, PersonNotAlive, MalformedIdentifier: see the rules.
    """
    change = ledger.open_act(session, tables.ledger, act, "identity_card.registered")
    person = acts.get_living(session, pin, issued_on)
    from_then = periods.period(issued_on)
    key = {"pin": person.pin}
    acts.require_latest(session, tables.identity_card, key, from_then)
    versions.close(session, tables.identity_card, key, valid=from_then, change=change)
    row = {
        **key,
        "card_type": card_type,
        "issued_on": issued_on,
        "issued_by": issued_by,
        "expires_on": expires_on,
        "valid": from_then,
    }
    versions.add(session, tables.identity_card, [row], change=change)
    return Recorded(change, person.pin)

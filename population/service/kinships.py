"""Writes relations between persons, for both of them."""

from datetime import date

from sqlalchemy.orm import Session

from databases import periods
from databases.changes import ledger, versions
from databases.changes.ledger import Act, Recorded
from databases.identifiers import Pin, Sex
from databases.periods import PartialDate
from population import errors, rules, tables
from population.repository import states
from population.service import acts
from population.values import KinRole, Relative

_MIRRORED = {
    KinRole.FATHER: KinRole.CHILD,
    KinRole.MOTHER: KinRole.CHILD,
    KinRole.SPOUSE: KinRole.SPOUSE,
    KinRole.REPRESENTATIVE: KinRole.REPRESENTED,
    KinRole.REPRESENTED: KinRole.REPRESENTATIVE,
}


def register_relative(
    session: Session, *, act: Act, pin: str, relative: Relative, start: date
) -> Recorded:
    """Record a relative or representative of a person, from a day on; a spouse by marriage only.

    Raises:
        ItemNotCorrectable: the relative is a spouse.
        ImpossibleKinship, PersonNotFound, PersonNotAlive, MalformedIdentifier: see the rules.
        OverlappingValidity: the person has a father or mother already.
    """
    change = ledger.open_act(session, tables.ledger, act, "relative.registered")
    if relative.role is KinRole.SPOUSE:
        raise errors.ItemNotCorrectable("A spouse is recorded by the act of marriage.")
    person = acts.get_living(session, pin, start)
    add_relation(session, person.pin, person.birth, relative, start=start, change=change)
    return Recorded(change, person.pin)


def add_relation(
    session: Session,
    pin: str,
    birth: PartialDate,
    relative: Relative,
    *,
    start: date,
    change: int,
) -> None:
    """Write one relation; for both persons if the relative is in the register.

    Raises:
        ImpossibleKinship: a parent is not older, or the relative is the person.
        PersonNotFound: the relative's number is nobody's.
    """
    if relative.pin is None:
        _add(session, pin, relative, start, change)
        return
    number = Pin.parse(relative.pin, field="relative_pin").number
    if number == pin:
        raise errors.ImpossibleKinship("A person is no relative of themselves.")
    other, other_birth = states.get_birth(session, number)
    if relative.role in (KinRole.FATHER, KinRole.MOTHER):
        rules.require_parent_older(other_birth, birth)
    if relative.role is KinRole.CHILD:
        rules.require_parent_older(birth, other_birth)
    _add(session, pin, Relative(relative.role, other), start, change)
    _add(session, other, Relative(_mirrored(session, pin, relative, start), pin), start, change)


def _mirrored(session: Session, pin: str, relative: Relative, on: date) -> KinRole:
    if relative.role is not KinRole.CHILD:
        return _MIRRORED[relative.role]
    sex = states.get_person(session, pin, on).sex
    return KinRole.MOTHER if sex is Sex.FEMALE else KinRole.FATHER


def _add(session: Session, pin: str, relative: Relative, start: date, change: int) -> None:
    row = {
        "pin": pin,
        "role": relative.role.value,
        "ordinal": states.next_ordinal(session, pin, relative.role),
        "relative_pin": relative.pin,
        "relative_full_name": relative.full_name,
        "relative_old_id_9": relative.old_id_9,
        "relative_nationality_code": relative.nationality_code,
        "valid": periods.period(start),
    }
    versions.add(session, tables.kinship, [row], change=change)


def close_relations(
    session: Session, pin: str, roles: tuple[KinRole, ...], *, start: date, change: int
) -> None:
    """End the relations of a person in some roles from a day on, for both persons."""
    for key in states.list_kin_keys(session, pin, roles):
        versions.close(session, tables.kinship, key, valid=periods.period(start), change=change)

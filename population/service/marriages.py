"""Marriage and divorce."""

from datetime import date

from sqlalchemy.orm import Session

from databases import periods
from databases.changes import ledger, versions
from databases.changes.ledger import Act, Recorded
from population import rules, tables
from population.repository import states
from population.service import acts, kinships
from population.values import KinRole, MaritalStatus, PersonState, Relative

_PARENTS = (KinRole.FATHER, KinRole.MOTHER)


def register_marriage(
    session: Session, *, act: Act, first_pin: str, second_pin: str, on: date
) -> Recorded:
    """Record the marriage of two persons who are both in the register.

    Args:
        first_pin: number of one, also a former one.
        second_pin: number of the other.
        on: day of the marriage.

    Raises:
        ForbiddenMarriage, NotOldEnoughToMarry, AlreadyMarried: see the rules.
        PersonNotFound, PersonNotAlive, MalformedIdentifier: see the rules.
    """
    change = ledger.open_act(session, tables.ledger, act, "marriage.registered")
    first = acts.get_living(session, first_pin, on)
    second = acts.get_living(session, second_pin, on)
    rules.require_marriage_allowed(first, second, on)
    rules.require_not_close_kin(_close_kin(session, first.pin, on), second.pin)
    kinships.add_relation(
        session,
        first.pin,
        first.birth,
        Relative(KinRole.SPOUSE, second.pin),
        start=on,
        change=change,
    )
    for person in (first, second):
        set_marital_status(session, person, MaritalStatus.MARRIED, start=on, change=change)
    return Recorded(change, first.pin)


def _close_kin(session: Session, pin: str, on: date) -> set[str]:
    parents = states.list_kin(session, pin, on, _PARENTS)
    kin = {*parents, *states.list_kin(session, pin, on, (KinRole.CHILD,))}
    for parent in parents:
        kin.update(states.list_kin(session, parent, on, (KinRole.CHILD,)))
    return kin


def register_divorce(
    session: Session, *, act: Act, first_pin: str, second_pin: str, on: date
) -> Recorded:
    """Record that a marriage ended by divorce.

    Args:
        first_pin: number of one, also a former one.
        second_pin: number of the other.
        on: day from which the divorce has effect.

    Raises:
        NotMarried: the two are not married to each other on that day.
        PersonNotFound, PersonNotAlive, MalformedIdentifier: see the rules.
    """
    change = ledger.open_act(session, tables.ledger, act, "divorce.registered")
    first = acts.get_living(session, first_pin, on)
    second = acts.get_living(session, second_pin, on)
    rules.require_married_to_each_other(first, second)
    kinships.close_relations(session, first.pin, (KinRole.SPOUSE,), start=on, change=change)
    for person in (first, second):
        set_marital_status(session, person, MaritalStatus.DIVORCED, start=on, change=change)
    return Recorded(change, first.pin)


def set_marital_status(
    session: Session, person: PersonState, status: MaritalStatus, *, start: date, change: int
) -> None:
    """Set the marital status of a person from a day on."""
    versions.amend(
        session,
        tables.person,
        {"pin": person.pin},
        {"marital_status": status.value},
        valid=periods.period(start),
        change=change,
    )

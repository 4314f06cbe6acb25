"""Acts on where persons live."""

from datetime import date, timedelta

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from databases import periods
from databases.changes import ledger, stretches, versions
from databases.changes.ledger import Act, Recorded
from population import rules, tables
from population.repository import rows
from population.service import acts
from population.values import Address, ResidenceKind


def register_residence(
    session: Session,
    *,
    act: Act,
    pin: str,
    kind: ResidenceKind,
    address: Address,
    start: date,
    last_day: date | None = None,
) -> Recorded:
    """Register where a person lives from a day on; a move ends the place before of the same kind.

    Args:
        pin: number of the person, also a former one.
        kind: permanent, temporary or current.
        address: the place.
        start: first day.
        last_day: last day of a temporary residence, inclusive; none for other kinds.

    Raises:
        LaterActRecorded: a residence of the kind is registered from a later one of its days on.
        TermMissing, TemporaryResidenceTooLong, TemporaryResidenceNotElsewhere: see the rules.
        PersonNotFound, PersonNotAlive, MalformedIdentifier: see the rules.
    """
    change = ledger.open_act(session, tables.ledger, act, "residence.registered")
    person = acts.get_living(session, pin, start)
    rules.require_term(kind, last_day)
    days = periods.period(start)
    if last_day is not None:
        rules.require_temporary_term(start, last_day)
        place = (address.commune_version, address.commune_code)
        rules.require_temporary_elsewhere(person.permanent_commune, place)
        days = periods.period(start, last_day + timedelta(days=1))
    key = {"pin": person.pin, "kind": kind.value}
    acts.require_latest(session, tables.residence, key, days)
    versions.close(session, tables.residence, key, valid=days, change=change)
    row = {**key, **rows.address_columns(address), "expires_on": last_day, "valid": days}
    versions.add(session, tables.residence, [row], change=change)
    return Recorded(change, person.pin)


def correct_residence(
    session: Session,
    *,
    act: Act,
    pin: str,
    kind: ResidenceKind,
    address: Address,
    valid: Range[date],
) -> Recorded:
    """Correct the address of a residence on the days for which it was recorded wrongly.

    Raises:
        NothingToAmend: no residence of the kind is registered on those days.
        PersonNotFound, PersonNotAlive, MalformedIdentifier: see the rules.
    """
    change = ledger.open_act(session, tables.ledger, act, "residence.corrected")
    person = acts.get_living(session, pin, valid.lower or act.recorded_at.date())
    key = {"pin": person.pin, "kind": kind.value}
    columns = rows.address_columns(address)
    versions.amend(session, tables.residence, key, columns, valid=valid, change=change)
    return Recorded(change, person.pin)


def close_residence(
    session: Session, *, act: Act, pin: str, kind: ResidenceKind, start: date
) -> Recorded:
    """End a residence from a day on, such as when a person settles abroad.

    Raises:
        PersonNotFound, PersonNotAlive, MalformedIdentifier: see the rules.
        NothingToAmend: no residence of the kind is registered on that day.
    """
    change = ledger.open_act(session, tables.ledger, act, "residence.closed")
    person = acts.get_living(session, pin, start)
    key = {"pin": person.pin, "kind": kind.value}
    if not stretches.close_stretch(session, tables.residence, key, on=start, change=change):
        raise versions.NothingToAmend("No such residence is registered on that day.")
    return Recorded(change, person.pin)

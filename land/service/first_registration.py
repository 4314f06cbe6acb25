"""First registration of parcels, one or many: each is checked, all are written at once."""

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from databases import periods
from databases.changes import ledger, staged
from databases.changes.ledger import Act
from databases.errors import FieldProblem, RegisterError
from land import tables
from land.repository import first_registrations as repository
from land.rules import disposals, parcels, registrations, shares, use_codes
from land.rules.topology import overlaps
from land.service import acts
from land.values import FirstRegistration


@dataclass(frozen=True, slots=True)
class Given:
    """A registration that is asked for, and the first day of all that it says."""

    registration: FirstRegistration
    on: date


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a registration: refused, or recorded with warnings."""

    refusal: RegisterError | None = None
    warnings: acts.Warnings = ()


_RECORDED = Outcome()
# Registrations of a load share few first days.
_days_from = functools.lru_cache(maxsize=65_536)(periods.period)


def register(
    session: Session,
    *,
    act: Act,
    name: str,
    given: Sequence[Given],
    change: int | None = None,
) -> tuple[int | None, list[Outcome]]:
    """Record what breaks no rule in one change; what does is refused alone and leaves no trace.

    Of two that take the same land or name the first is recorded.

    Args:
        act: of the change.
        name: of the act, noun and verb.
        given: in the order in which they count.
        change: that was opened before; None opens one.

    Returns:
        number of the change, None where nothing is recorded; an outcome for each that was given.
    """
    staged.lock_register(session, tables.ledger)
    known = repository.read_known(session, [one.registration for one in given])
    outcomes: list[Outcome] = []
    taken: list[repository.Entry] = []
    for place, one in enumerate(given):
        valid = _days_from(one.on)
        try:
            warnings = _require(known, place, one, valid)
        except RegisterError as refusal:
            outcomes.append(Outcome(refusal))
        else:
            known.take(place, one.registration, valid)
            taken.append((one.registration, valid))
            outcomes.append(Outcome(warnings=warnings) if warnings else _RECORDED)
    if not taken:
        return change, outcomes
    if change is None:
        change = ledger.open_act(session, tables.ledger, act, name)
    repository.add_all(session, taken, change=change)
    return change, outcomes


def _require(
    known: repository.Known, place: int, given: Given, valid: Range[date]
) -> acts.Warnings:
    """Refuse a registration that breaks a rule, by itself or beside what the register has."""
    registration = given.registration
    parcel = registration.parcel
    registrations.require_complete(registration)
    for right in registration.rights:
        shares.require_holders(right.legal_form, right.holders)
    warnings: acts.Warnings = ()
    if known.is_sound[place]:
        parcels.require_parcel(parcel)
    else:
        warnings = acts.require_sound(parcel)
    measured = known.shapes[place]
    if measured is not None and parcel.is_parcel:
        around = known.list_neighbours(place, valid)
        if around:
            overlaps.require_no_overlap(measured, around)
    if any(use.code for use in parcel.uses):
        warnings += use_codes.require_known_codes(parcel.uses, known.use_lists)
    known.named.require_new(place, registration, valid)
    return warnings + tuple(_list_doubts(registration, given.on))


def _list_doubts(registration: FirstRegistration, on: date) -> Iterator[FieldProblem]:
    yield from parcels.term_warnings(registration.parcel.uses, on=on)
    for right in registration.rights:
        yield from disposals.recipient_warnings(right.kind, right.holders)
    for certificate in registration.certificates:
        yield from registrations.number_warnings(certificate)

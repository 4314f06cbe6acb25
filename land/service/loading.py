"""Loads first registrations of many parcels as one change, each parcel once."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from sqlalchemy.orm import Session

from databases.changes import staged
from databases.changes.ledger import Act
from databases.errors import RegisterError
from land import errors, tables
from land.repository import first_registrations, saving, states
from land.service import acts, first_registration
from land.service.first_registration import Given
from land.values import FirstRegistration, Parcel, Right

PARCELS_LOADED: Final = "parcels.loaded"
IsSame = Callable[[FirstRegistration, Parcel, Sequence[Right]], bool]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of a parcel: recorded with warnings, held before, or refused."""

    outcome: Literal["inserted", "unchanged", "refused"]
    refusal: RegisterError | None = None
    warnings: acts.Warnings = ()


def load_parcels(
    session: Session,
    *,
    act: Act,
    parcels: Sequence[Parcel],
    on: date,
    change: int | None = None,
) -> list[Loaded]:
    """Register parcels without rights that the register does not hold yet: one change, or none.

    A parcel that cannot be registered is refused alone; of two that take the same land the first
    is registered.

    Args:
        on: first day of all that is recorded; day on which is looked what is held.
        change: that was opened before for others of the same load.

    Returns:
        what became of each parcel, in the order given.
    """
    given = [Given(FirstRegistration(parcel), on) for parcel in parcels]
    return load(
        session,
        act=act,
        name=PARCELS_LOADED,
        given=given,
        on=on,
        is_same=lambda made, held, _: held == made.parcel,
        change=change,
    )


def load(
    session: Session,
    *,
    act: Act,
    name: str,
    given: Sequence[Given],
    on: date,
    is_same: IsSame,
    change: int | None = None,
) -> list[Loaded]:
    """Record the registrations of parcels that the register does not hold yet: one change, or none.

    Args:
        name: of the act, noun and verb.
        given: in the order in which they count.
        on: day on which is looked what is held.
        is_same: tells whether a registration says what is held of its parcel and the rights on it.
        change: that was opened before for others of the same load.

    Returns:
        what became of each, in the order given.
    """
    staged.prepare(session)
    staged.lock_register(session, tables.ledger)
    names = {one.registration.parcel.parcel_id for one in given}
    known = first_registrations.list_given(session, tables.parcel, names)
    held = states.find_parcels(session, known, on=on)
    rights: dict[str, list[Right]] = defaultdict(list)
    for right in states.list_rights(session, "parcel_id", held, on=on):
        rights[right.parcel_id].append(right)
    new = [one for one in given if one.registration.parcel.parcel_id not in known]
    _, recorded = first_registration.register(session, act=act, name=name, given=new, change=change)
    outcomes = iter(recorded)
    loaded = []
    for one in given:
        parcel_id = one.registration.parcel.parcel_id
        if parcel_id not in known:
            loaded.append(_of_new(next(outcomes)))
        elif parcel_id not in held:
            loaded.append(Loaded("refused", saving.name_given(tables.parcel)))
        elif is_same(one.registration, held[parcel_id], rights[parcel_id]):
            loaded.append(Loaded("unchanged"))
        else:
            loaded.append(Loaded("refused", _holds_other_values()))
    return loaded


def _of_new(outcome: first_registration.Outcome) -> Loaded:
    if outcome.refusal is not None:
        return Loaded("refused", outcome.refusal)
    return Loaded("inserted", warnings=outcome.warnings)


def _holds_other_values() -> RegisterError:
    message = "The register already holds this parcel with other values; correct that one."
    return errors.AlreadyRegistered.of_field("parcel_id", "register.holds_other_values", message)

"""What happened to the persons: marriages and their ends, households, losses, moves."""

from dataclasses import dataclass

import numpy as np

from sample_country import draws
from sample_country.draws import Flags, Numbers
from sample_country.geography import Geography
from sample_country.households import (
    ALONE,
    CHILD,
    HEAD,
    ONE_PARENT,
    PARENT,
    REFERENCE_DAY,
    SPOUSE,
)
from sample_country.names import MALE
from sample_country.people import Persons

NEVER = -(10**6)  # a day that no event has
SINGLE, MARRIED, DIVORCED, WIDOWED = range(4)
ALIVE, DEAD, MISSING = range(3)

_TODAY = draws.day_number(REFERENCE_DAY)
_AGE_OF_MAN, _AGE_OF_WOMAN = 20, 18  # Law on Marriage and Family 52/2014/QH13 art. 8 cl. 1 pt. a
_LOSSES_SINCE = _TODAY - 3650
_MISSING_SHARE = 0.0004
_AWAY_SHARE = 0.06
_REGISTERED_MAX = 730  # two years: Law on Residence 68/2020/QH14 art. 27
_EARLIEST_HOUSEHOLD = -365 * 2  # about 1968


@dataclass(frozen=True)
class Lives:
    """Events as columns, one element per person; `NEVER` where there is none.

    Args:
        married_on: day of the marriage.
        ended_on: day on which it ended by divorce or by the death of the other.
        ended_as: divorced or widowed.
        loss: alive, dead or missing; lost_on: the day of it.
        member_from: first day in the household.
        household_from: first day of the household, by household.
        is_away: who is registered temporarily elsewhere; away_from, away_in: since when, and in
            which old commune (a position).
    """

    married_on: Numbers
    ended_on: Numbers
    ended_as: Numbers
    loss: Numbers
    lost_on: Numbers
    member_from: Numbers
    household_from: Numbers
    is_away: Flags
    away_from: Numbers
    away_in: Numbers


def draw(rng: np.random.Generator, persons: Persons, places: Geography) -> Lives:
    """Draw the events in the order in which they depend on each other."""
    structure = persons.structure
    eldest = _extreme_births(persons, np.minimum)
    youngest = _extreme_births(persons, np.maximum)
    married_on = _draw_marriages(rng, persons, eldest)
    ended_on, ended_as = _draw_ends(rng, persons, married_on, youngest)
    household_from = _draw_household_starts(rng, persons, married_on)
    member_from = np.maximum(household_from[structure.household], persons.born)
    is_late = np.isin(structure.role, (HEAD, SPOUSE)) & (structure.spouse >= 0)
    member_from = np.where(is_late, np.maximum(member_from, married_on), member_from)
    lowest = np.maximum.reduce(
        [
            youngest[structure.household] + 1,
            married_on + 1,
            ended_on + 1,
            member_from + 1,
            np.full(structure.count, _LOSSES_SINCE),
        ]
    )
    loss, lost_on = _draw_losses(rng, persons, lowest)
    widowed = _is_widowed_by(structure.spouse, loss, lost_on)
    ended_on = np.where(widowed, lost_on[structure.spouse], ended_on)
    is_away, away_from, away_in = _draw_absences(rng, persons, places, loss)
    return Lives(
        married_on=married_on,
        ended_on=ended_on,
        ended_as=np.where(widowed, WIDOWED, ended_as),
        loss=loss,
        lost_on=lost_on,
        member_from=member_from,
        household_from=household_from,
        is_away=is_away,
        away_from=away_from,
        away_in=away_in,
    )


def _extreme_births(persons: Persons, ufunc: np.ufunc) -> Numbers:
    """Give the birth of the eldest or youngest child, by household; far off where there is none."""
    structure = persons.structure
    none = 10**6 if ufunc is np.minimum else NEVER
    births = np.full(int(structure.household[-1]) + 1, none, dtype=np.int64)
    children = structure.role == CHILD
    ufunc.at(births, structure.household[children], persons.born[children])
    return births


def _legal_days(persons: Persons) -> Numbers:
    """Give the first day on which both may marry; a year-only birth counts from its last day."""
    sex = persons.structure.sex
    latest = persons.born + np.select(
        [persons.precision == 2, persons.precision == 1], [365, 30], 0
    )
    own = np.where(
        sex == MALE, draws.same_day(latest, _AGE_OF_MAN), draws.same_day(latest, _AGE_OF_WOMAN)
    )
    spouse = persons.structure.spouse
    both: Numbers = np.where(spouse >= 0, np.maximum(own, own[spouse]), own)
    return both


def _draw_marriages(rng: np.random.Generator, persons: Persons, eldest: Numbers) -> Numbers:
    """Draw the day of marriage; both spouses of a couple get the same one."""
    structure = persons.structure
    household = structure.household
    heads = structure.role == HEAD
    head_born = np.empty(len(eldest), dtype=np.int64)
    head_born[household[heads]] = persons.born[heads]
    first_child = np.where(structure.role == PARENT, head_born[household], eldest[household])
    legal = _legal_days(persons)
    before_child = first_child - draws.between(
        rng, np.full(structure.count, 250), np.full(structure.count, 1100)
    )
    childless = legal + draws.between(
        rng, np.zeros(structure.count, np.int64), np.full(structure.count, 3650)
    )
    day = np.where(first_child < 10**6, before_child, childless)
    day = np.clip(day, legal, np.maximum(legal, _TODAY - 400))
    # One draw per couple: the row that comes first decides.
    spouse = structure.spouse
    rows = np.arange(structure.count)
    day = np.where((spouse >= 0) & (spouse < rows), day[spouse], day)
    alone = _draw_former_marriages(rng, persons)
    is_married = (structure.role == PARENT) | (spouse >= 0) | alone
    married: Numbers = np.where(is_married & (day < _TODAY - 60), day, NEVER)
    return married


def _draw_former_marriages(rng: np.random.Generator, persons: Persons) -> Flags:
    structure = persons.structure
    age = (_TODAY - persons.born) / 365.25
    share = np.select([structure.kind == ONE_PARENT, age >= 60, age >= 32], [0.85, 0.75, 0.3], 0.0)
    head_without_spouse = (structure.role == HEAD) & (structure.spouse < 0)
    flags: Flags = head_without_spouse & (rng.random(structure.count) < share)
    return flags


def _draw_ends(
    rng: np.random.Generator, persons: Persons, married_on: Numbers, youngest: Numbers
) -> tuple[Numbers, Numbers]:
    """End the marriages of those who live without a spouse."""
    structure = persons.structure
    is_over = (married_on > NEVER) & (structure.spouse < 0)
    after = np.maximum(married_on + 400, youngest[structure.household] + 30)
    head_of_parent = np.where(structure.role == PARENT, persons.born + 365 * 40, NEVER)
    day = draws.between(
        rng,
        np.minimum(np.maximum(after, head_of_parent), _TODAY - 30),
        np.full(structure.count, _TODAY - 10),
    )
    age = (_TODAY - persons.born) / 365.25
    divorced = rng.random(structure.count) < np.where(age < 55, 0.75, 0.15)
    is_divorced = divorced & (structure.role != PARENT)
    return np.where(is_over, day, NEVER), np.where(is_divorced, DIVORCED, WIDOWED)


def _draw_household_starts(
    rng: np.random.Generator, persons: Persons, married_on: Numbers
) -> Numbers:
    structure = persons.structure
    heads = structure.role == HEAD
    grown = draws.same_day(persons.born, _AGE_OF_WOMAN)[heads]
    earliest = np.maximum.reduce(
        [grown, married_on[heads], np.full(len(grown), _EARLIEST_HOUSEHOLD)]
    )
    width = np.maximum(_TODAY - 30 - earliest, 1)
    starts: Numbers = earliest + np.floor(rng.random(len(grown)) ** 1.5 * width).astype(np.int64)
    return starts


def _draw_losses(
    rng: np.random.Generator, persons: Persons, lowest: Numbers
) -> tuple[Numbers, Numbers]:
    """Draw deaths by age, and a few missing; never of a head who has others in the household."""
    structure = persons.structure
    age = (_TODAY - persons.born) / 365.25
    share = np.clip(0.005 * np.exp(0.062 * (age - 30)), 0.0005, 0.3)
    may = (structure.role != HEAD) | (structure.kind == ALONE)
    is_dead = may & (rng.random(structure.count) < share) & (lowest < _TODAY)
    is_missing = may & ~is_dead & (age > 16) & (lowest < _TODAY)
    is_missing &= rng.random(structure.count) < _MISSING_SHARE
    loss = np.select([is_dead, is_missing], [DEAD, MISSING], ALIVE)
    day = draws.between(rng, lowest, np.full(structure.count, _TODAY - 1))
    return loss, np.where(loss == ALIVE, NEVER, day)


def _is_widowed_by(spouse: Numbers, loss: Numbers, lost_on: Numbers) -> Flags:
    """Tell whose spouse died first; the survivor of two deaths was widowed for a while."""
    dies = (spouse >= 0) & (loss[spouse] == DEAD)
    flags: Flags = dies & ((loss == ALIVE) | (lost_on > lost_on[spouse]))
    return flags


def _draw_absences(
    rng: np.random.Generator, persons: Persons, places: Geography, loss: Numbers
) -> tuple[Flags, Numbers, Numbers]:
    """Draw who works or studies elsewhere, under a temporary registration of at most two years."""
    structure = persons.structure
    age = (_TODAY - persons.born) / 365.25
    may = (age > 18) & (age < 45) & (loss == ALIVE) & (structure.role != HEAD)
    is_away = may & (rng.random(structure.count) < _AWAY_SHARE)
    since = draws.between(
        rng,
        np.full(structure.count, _TODAY - _REGISTERED_MAX + 30),
        np.full(structure.count, _TODAY - 20),
    )
    attraction = np.where(places.senders < 0.35 * places.people, places.people, 0.05)
    where = places.draw_communes(rng, draws.pick(rng, attraction, structure.count))
    return is_away, since, where

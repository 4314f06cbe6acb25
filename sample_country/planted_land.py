"""What is knowingly wrong in the land register; `inconsistencies` tells what for."""

from dataclasses import replace

import numpy as np

from sample_country import cast_numbers, draws, estates, firms, inconsistencies
from sample_country.draws import Numbers
from sample_country.estates import Estates
from sample_country.households import REFERENCE_DAY
from sample_country.inconsistencies import Inconsistency, People

_TODAY = draws.day_number(REFERENCE_DAY)
_AGE_OF_HOLDER = 30
_SWAPPED = 10_000  # the fifth and fourth digit from the right change places


def plant(
    rng: np.random.Generator, people: People, drawn: Estates
) -> tuple[Estates, tuple[Inconsistency, ...]]:
    """Break some titles; no parcel is broken twice.

    Returns:
        the estates as the land register holds them, and what is wrong with them.
    """
    cases = people.cases
    may = (drawn.holder >= 0) & (drawn.second_holder < 0) & (drawn.burden == estates.UNBURDENED)
    may &= (drawn.lender < 0) & (drawn.since < _TODAY - 2 * inconsistencies.KNOWN_AFTER)
    since = int(np.median(drawn.since[may])) if may.any() else _TODAY
    dead = rng.permutation(_list_dead(people, since))[: 2 * cases]
    # A title must have been theirs before they died.
    early = rng.permutation(np.flatnonzero(may & (drawn.since < since)))[: len(dead)]
    rest = rng.permutation(np.flatnonzero(may))
    rest = rest[~np.isin(rest, early)]
    mistyped, unaccented = rest[:cases], rest[cases : 2 * cases]
    broken, found = _with_the_dead(people, drawn, early, dead[: len(early)])
    broken = _with_wrong_papers(people, broken, mistyped, unaccented)
    broken, more = _with_ended_firms(rng, people, broken)
    for kind, rows in (("land.number_mistyped", mistyped), ("land.name_unaccented", unaccented)):
        others = inconsistencies.pins(people.persons.pin[drawn.holder[rows]])
        found += inconsistencies.number_cases(kind, _parcels(rows), "population", others)
    # The one of the cast, see `cast_land`.
    found += inconsistencies.number_cases(
        "land.number_cancelled",
        [cast_numbers.UNTRUE_TITLE],
        "population",
        [cast_numbers.REESTABLISHED],
    )
    return broken, found + more


def _list_dead(people: People, since: int) -> Numbers:
    """List who died after a day on which they were of age to hold land."""
    is_adult = draws.same_day(people.persons.born, _AGE_OF_HOLDER) < since
    died_later = people.events.lost_on > since
    rows: Numbers = np.flatnonzero(people.is_long_dead() & is_adult & died_later)
    return rows


def _with_the_dead(
    people: People, drawn: Estates, rows: Numbers, dead: Numbers
) -> tuple[Estates, tuple[Inconsistency, ...]]:
    """Give parcels to the dead; for the second half the inheritance is recorded as open."""
    holder, number = drawn.holder.copy(), drawn.holder_number.copy()
    burden, burdened_on = drawn.burden.copy(), drawn.burdened_on.copy()
    holder[rows], number[rows] = dead, people.persons.pin[dead]
    half = len(rows) // 2
    opened = rows[half:]
    burden[opened] = estates.INHERITANCE_OPEN
    burdened_on[opened] = people.events.lost_on[dead[half:]] + 30
    pins = inconsistencies.pins(people.persons.pin[dead])
    cases = inconsistencies.number_cases
    known = cases("land.holder_dead", _parcels(rows[:half]), "population", pins[:half])
    recorded = cases("land.inheritance_open", _parcels(opened), "population", pins[half:])
    broken = replace(
        drawn, holder=holder, holder_number=number, burden=burden, burdened_on=burdened_on
    )
    return broken, known + recorded


def _with_wrong_papers(
    people: People, drawn: Estates, mistyped: Numbers, unaccented: Numbers
) -> Estates:
    number, is_unaccented = drawn.holder_number.copy(), drawn.is_unaccented.copy()
    number[mistyped] = _swap_digits(number[mistyped], people.persons.pin)
    is_unaccented[unaccented] = True
    return replace(drawn, holder_number=number, is_unaccented=is_unaccented)


def _swap_digits(numbers: Numbers, known: Numbers) -> Numbers:
    """Swap two neighbouring digits; where that changes nothing or hits somebody, change one."""
    high, low = numbers // _SWAPPED % 10, numbers // (_SWAPPED // 10) % 10
    swapped = numbers + (low - high) * (_SWAPPED - _SWAPPED // 10)
    taken = np.concatenate([known, [int(pin) for pin in cast_numbers.RESERVED_PINS]])
    while (hits := np.isin(swapped, taken)).any():
        last = swapped % 10
        swapped = np.where(hits, swapped - last + (last + 1) % 10, swapped)
    return swapped


def _with_ended_firms(
    rng: np.random.Generator, people: People, drawn: Estates
) -> tuple[Estates, tuple[Inconsistency, ...]]:
    """Let firms that ended hold the land of firms that operate."""
    ended = rng.permutation(np.flatnonzero(people.all_firms.status == firms.ENDED))
    rows = rng.permutation(np.flatnonzero((drawn.firm >= 0) & (drawn.lender < 0)))
    pairs: list[tuple[int, int]] = []
    for firm in ended.tolist():
        since, until = people.all_firms.registered_on[firm], people.all_firms.status_from[firm]
        taken = [row for row, _ in pairs]
        fits = rows[(drawn.since[rows] > since) & (drawn.since[rows] < until)]
        free = fits[~np.isin(fits, taken)]
        if len(free) and len(pairs) < people.cases:
            pairs.append((int(free[0]), firm))
    firm_of = drawn.firm.copy()
    for row, firm in pairs:
        firm_of[row] = firm
    ended_rows = np.array([firm for _, firm in pairs], dtype=np.int64)
    codes = inconsistencies.codes(people.all_firms.code[ended_rows])
    records = _parcels(np.array([row for row, _ in pairs], dtype=np.int64))
    cases = inconsistencies.number_cases("land.firm_ended", records, "enterprise", codes)
    return replace(drawn, firm=firm_of), cases


def _parcels(rows: Numbers) -> list[str]:
    return [estates.parcel_id(row) for row in rows.tolist()]

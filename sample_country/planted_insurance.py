"""What is knowingly wrong in the insurance register; `inconsistencies` tells what for."""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from sample_country import columns, draws, firms, inconsistencies, participation
from sample_country.draws import Flags, Numbers
from sample_country.inconsistencies import Inconsistency, People
from sample_country.lives import ALIVE
from sample_country.participation import Participants

_EPOCH = date(1970, 1, 1).toordinal()
_MONTHS = 12
_SECOND_NUMBERS = 98 * 10**8  # no province has the number 98


@dataclass(frozen=True)
class InsuranceBook:
    """The participants, and the firms (rows) whose code their insurance office mistyped."""

    participants: Participants
    mistyped_firms: Numbers


def plant(
    rng: np.random.Generator, people: People, drawn: Participants
) -> tuple[InsuranceBook, tuple[Inconsistency, ...]]:
    """Break some participants; nobody is broken twice.

    Returns:
        the participants as the insurance register holds them, and what is wrong with them.
    """
    cases = people.cases
    lasting = _list_lasting_jobs(drawn)
    broken, found = _pay_after_death(rng, people, drawn, lasting)
    broken, more = _keep_in_ended_firms(rng, people, broken, lasting)
    found += more
    is_sound = (drawn.died_on == columns.OPEN) & (drawn.group == participation.EMPLOYEE)
    is_sound &= people.persons.precision[drawn.person] == 0
    rest = rng.permutation(np.flatnonzero(is_sound & _may_swap(drawn.born)))
    taken = {case.record for case in found}
    rest = rest[[number not in taken for number in inconsistencies.codes(drawn.number[rest])]]
    swapped, missing, doubled = (rest[i * cases : (i + 1) * cases] for i in range(3))
    born, pin = broken.born.copy(), broken.pin.copy()
    born[swapped] = [_swap(day) for day in born[swapped].tolist()]
    pin[missing] = participation.NOBODY
    broken = _with_second_numbers(replace(broken, born=born, pin=pin), doubled)
    for kind, rows in (("birth_swapped", swapped), ("number_missing", missing)):
        found += _cases(f"insurance.{kind}", drawn.number[rows], people, drawn.person[rows])
    second = broken.number[drawn.count :]
    found += _cases("insurance.two_numbers", second, people, drawn.person[doubled])
    employing = np.unique(broken.spells.firm[broken.spells.firm >= 0])
    mistyped = rng.permutation(employing)[:cases]
    codes = inconsistencies.codes(people.all_firms.code[mistyped])
    units = [participation.firm_unit(firm) for firm in mistyped.tolist()]
    found += inconsistencies.number_cases("insurance.employer_mistyped", units, "enterprise", codes)
    return InsuranceBook(broken, mistyped), found


def _cases(
    kind: str, numbers: Numbers, people: People, person: Numbers
) -> tuple[Inconsistency, ...]:
    return inconsistencies.number_cases(
        kind,
        inconsistencies.codes(numbers),
        "population",
        inconsistencies.pins(people.persons.pin[person]),
    )


def _list_lasting_jobs(drawn: Participants) -> Numbers:
    """List the spells (positions) of each participant's last job."""
    spells = drawn.spells
    last = np.full(drawn.count, -1, dtype=np.int64)
    np.maximum.at(last, spells.participant, spells.start)
    rows: Numbers = np.flatnonzero((spells.firm >= 0) & (spells.start == last[spells.participant]))
    return rows


def _pay_after_death(
    rng: np.random.Generator, people: People, drawn: Participants, lasting: Numbers
) -> tuple[Participants, tuple[Inconsistency, ...]]:
    spells = drawn.spells
    until = participation.day_after(drawn.died_on)
    at_death = (spells.end[lasting] == until[spells.participant[lasting]]) & (
        drawn.died_on[spells.participant[lasting]] < columns.OPEN
    )
    candidates = np.unique(spells.participant[lasting[at_death]])
    candidates = candidates[people.is_long_dead()[drawn.person[candidates]]]
    chosen = rng.permutation(candidates)[: people.cases]
    died_on, end = drawn.died_on.copy(), spells.end.copy()
    died_on[chosen] = columns.OPEN
    end[lasting[np.isin(spells.participant[lasting], chosen)]] = columns.OPEN
    broken = replace(drawn, died_on=died_on, spells=replace(spells, end=end))
    kind = "insurance.paid_after_death"
    return broken, _cases(kind, drawn.number[chosen], people, drawn.person[chosen])


def _keep_in_ended_firms(
    rng: np.random.Generator, people: People, drawn: Participants, lasting: Numbers
) -> tuple[Participants, tuple[Inconsistency, ...]]:
    """Let jobs that go on be in firms that were there when they began, and ended since."""
    spells, all_firms = drawn.spells, people.all_firms
    goes_on = lasting[(spells.end[lasting] == columns.OPEN)]
    goes_on = goes_on[people.events.loss[drawn.person[spells.participant[goes_on]]] == ALIVE]
    firm = spells.firm.copy()
    chosen: list[int] = []
    employers: list[int] = []
    for ended in rng.permutation(np.flatnonzero(all_firms.status == firms.ENDED)).tolist():
        start = spells.start[goes_on]
        fits = (start > all_firms.registered_on[ended]) & (start < all_firms.status_from[ended])
        fits &= ~np.isin(spells.participant[goes_on], chosen)
        if len(chosen) < people.cases and fits.any():
            participant = int(spells.participant[goes_on[fits][0]])
            firm[goes_on[spells.participant[goes_on] == participant]] = ended
            chosen.append(participant)
            employers.append(ended)
    cases = inconsistencies.number_cases(
        "insurance.employer_ended",
        inconsistencies.codes(drawn.number[np.array(chosen, dtype=np.int64)]),
        "enterprise",
        inconsistencies.codes(all_firms.code[np.array(employers, dtype=np.int64)]),
    )
    return replace(drawn, spells=replace(spells, firm=firm)), cases


def _may_swap(born: Numbers) -> Flags:
    days = [date.fromordinal(_EPOCH + day) for day in born.tolist()]
    return np.array([day.day <= _MONTHS and day.day != day.month for day in days], dtype=np.bool_)


def _swap(born: int) -> int:
    day = date.fromordinal(_EPOCH + born)
    return draws.day_number(date(day.year, day.day, day.month))


def _with_second_numbers(drawn: Participants, doubled: Numbers) -> Participants:
    """Add a second, unknowing record of some participants: an old book that was never merged."""
    count = len(doubled)
    first = drawn.since[doubled]
    spells = participation.of_commune(
        np.arange(count) + drawn.count, first, np.full(count, columns.OPEN)
    )
    added = {
        "person": drawn.person[doubled],
        "number": _SECOND_NUMBERS + np.arange(count) + 1,
        "pin": np.full(count, participation.NOBODY),
        "born": drawn.born[doubled],
        "died_on": drawn.died_on[doubled],
        "group": np.full(count, participation.HOUSEHOLD),
        "since": first,
    }
    joined = {name: np.concatenate([getattr(drawn, name), rows]) for name, rows in added.items()}
    return Participants(**joined, spells=participation.with_spells(drawn.spells, spells))

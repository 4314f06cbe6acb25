"""Who is insured, in which group and through whom: participants and their spells.

Everybody in a spell lives in it, and works for a firm that exists; `planted_insurance` breaks that
knowingly.
"""

from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from sample_country import columns, draws
from sample_country.draws import Flags, Numbers
from sample_country.firms import Firms
from sample_country.geography import Geography
from sample_country.households import REFERENCE_DAY
from sample_country.lives import DEAD, Lives
from sample_country.people import Persons

# Groups of health insurance, by the two letters of Decision 1351/QĐ-BHXH.
GROUPS = ("DN", "TE", "HS", "SV", "GD", "HN", "HT", "LH", "CB")
EMPLOYEE, INFANT, PUPIL, STUDENT, HOUSEHOLD, POOR, PENSIONER, ELDER, VETERAN = range(len(GROUPS))
SCHEMES = ("compulsory", "voluntary", "health", "unemployment")
COMPULSORY, VOLUNTARY, HEALTH, UNEMPLOYMENT = range(len(SCHEMES))
NOBODY = -1

_TODAY = draws.day_number(REFERENCE_DAY)
_SINCE = draws.day_number(date(2010, 1, 1))
_EMPLOYMENT_SINCE = draws.day_number(date(2009, 1, 1))
_ELDERS_SINCE = draws.day_number(date(2025, 7, 1))  # social pension, Law 41/2024/QH15
_YEAR = 365.25
# From this age on: weights of the groups in their order, then of nobody's.
_BY_AGE: tuple[tuple[int, tuple[float, ...]], ...] = (
    (0, (0, 95, 0, 0, 0, 0, 0, 0, 0, 5)),
    (6, (0, 0, 82, 0, 0, 6, 0, 0, 0, 12)),
    (18, (14, 0, 0, 34, 10, 5, 0, 0, 0, 37)),
    (23, (44, 0, 0, 0, 16, 5, 0, 0, 0, 35)),
    (45, (27, 0, 0, 0, 30, 6, 0, 0, 0, 37)),
    (60, (0, 0, 0, 0, 36, 6, 30, 0, 4, 24)),
    (75, (0, 0, 0, 0, 8, 4, 22, 50, 6, 10)),
)
_MOST_JOBS, _FIRST_JOB_AGE, _YOUNGEST_WORKER = 3, 20, 18
_SHORTEST_JOB = 62
_VOLUNTARY_SHARE = 0.1
_LOG_SALARY, _SALARY_SPREAD = 16.0, 0.45  # of the logarithm: about nine million a month
_LOWEST_SALARY, _HIGHEST_SALARY, _STEP = 5_000_000, 46_800_000, 100_000


@dataclass(frozen=True)
class Spells:
    """Spells of participation as columns.

    Args:
        participant: position among the participants.
        scheme: position in `SCHEMES`.
        firm: the firm (a row) that pays, -1 for the commune's own unit.
        start, end: first day, and first day on which it no longer holds (`columns.OPEN`).
        salary: monthly, VND; 0 where none counts.
    """

    participant: Numbers
    scheme: Numbers
    firm: Numbers
    start: Numbers
    end: Numbers
    salary: Numbers


@dataclass(frozen=True)
class Participants:
    """The participants as the insurance register holds them.

    Args:
        person: row of the person.
        number: social insurance number, ten digits.
        pin: personal number that the register has, -1 for none.
        born: first day that the date of birth in the register can mean.
        died_on: day of a death notice, `columns.OPEN` without one.
        group: position in `GROUPS`.
        since: first day in the register.
        spells: their spells.
    """

    person: Numbers
    number: Numbers
    pin: Numbers
    born: Numbers
    died_on: Numbers
    group: Numbers
    since: Numbers
    spells: Spells

    @property
    def count(self) -> int:
        """Number of participants."""
        return len(self.person)


def draw(
    rng: np.random.Generator, persons: Persons, events: Lives, places: Geography, all_firms: Firms
) -> Participants:
    """Draw the participants, about seven of ten persons, and their spells."""
    group = _draw_groups(rng, persons)
    # Of the dead those are here whose insurance office was told.
    person = np.flatnonzero((group < len(GROUPS)) & (events.loss != 2))
    group = group[person]
    born = persons.born[person]
    died_on = np.where(events.loss[person] == DEAD, events.lost_on[person], columns.OPEN)
    until = day_after(died_on)
    jobs = _draw_jobs(rng, np.flatnonzero(group == EMPLOYEE), born, until, all_firms)
    since = _starts(rng, group, born)
    np.minimum.at(since, jobs.participant, jobs.start)
    keep = since < np.minimum(died_on, _TODAY - 10)
    keep &= (group != EMPLOYEE) | np.isin(np.arange(len(person)), jobs.participant)
    position = np.cumsum(keep) - 1
    spells = _join(
        [_renumber(jobs, position, keep), *_draw_covers(rng, (group, since, until, keep))]
    )
    person = person[keep]
    province = places.commune_province[persons.home[persons.structure.household[person]]]
    return Participants(
        person=person,
        number=draw_numbers(rng, places.province_code.astype(np.int64)[province]),
        pin=persons.pin[person],
        born=born[keep],
        died_on=died_on[keep],
        group=group[keep],
        since=since[keep],
        spells=spells,
    )


def draw_numbers(rng: np.random.Generator, province: Numbers) -> Numbers:
    """Draw social insurance numbers, all different: the province and eight digits."""
    numbers = np.zeros(len(province), dtype=np.int64)
    again = np.ones(len(province), dtype=np.bool_)
    while again.any():
        numbers[again] = province[again] * 10**8 + rng.integers(0, 10**8, int(again.sum()))
        _, first = np.unique(numbers, return_index=True)
        again = np.ones(len(province), dtype=np.bool_)
        again[first] = False
    return numbers


def day_after(died_on: Numbers) -> Numbers:
    """Give the day on which spells and cards end: the day of death still counts as lived."""
    after: Numbers = np.where(died_on < columns.OPEN, died_on + 1, columns.OPEN)
    return after


def _draw_groups(rng: np.random.Generator, persons: Persons) -> Numbers:
    """Draw a group by age; the number of groups stands for none."""
    age = (_TODAY - persons.born) / _YEAR
    group = np.full(persons.structure.count, len(GROUPS), dtype=np.int64)
    ends = [youngest for youngest, _ in _BY_AGE[1:]] + [200]
    for (youngest, weights), end in zip(_BY_AGE, ends, strict=True):
        rows = np.flatnonzero((age >= youngest) & (age < end))
        group[rows] = draws.pick(rng, weights, len(rows))
    return group


def _starts(rng: np.random.Generator, group: Numbers, born: Numbers) -> Numbers:
    """Draw the first day of cover of those who do not work for a firm."""
    lowest = np.select(
        [group == INFANT, group == PUPIL, group == STUDENT, group == ELDER, group == EMPLOYEE],
        [
            born + 7,
            draws.same_day(born, 6),
            draws.same_day(born, 18),
            np.maximum(_ELDERS_SINCE, draws.same_day(born, 75)),
            np.full(len(born), _TODAY),
        ],
        draws.same_day(born, 18),
    )
    lowest = np.maximum(lowest, _SINCE)
    is_prompt = np.isin(group, (INFANT, PUPIL, STUDENT, ELDER, EMPLOYEE))
    drawn = draws.between(rng, lowest, np.full(len(born), _TODAY - 30))
    starts: Numbers = np.where(is_prompt, lowest, drawn)
    return starts


def draw_salaries(rng: np.random.Generator, count: int) -> Numbers:
    """Draw monthly salaries between what is usual and the cap of the law."""
    drawn = np.exp(rng.normal(_LOG_SALARY, _SALARY_SPREAD, count))
    steps = np.clip(drawn, _LOWEST_SALARY, _HIGHEST_SALARY) // _STEP
    salaries: Numbers = steps.astype(np.int64) * _STEP
    return salaries


def _draw_jobs(
    rng: np.random.Generator, worker: Numbers, born: Numbers, until: Numbers, all_firms: Firms
) -> Spells:
    """Draw one to three jobs after each other; the last one goes on in a firm that operates."""
    many = 1 + draws.pick(rng, (5, 3, 2), len(worker))
    row = np.repeat(np.arange(len(worker)), many)
    place = np.arange(len(row)) - np.repeat(np.cumsum(many) - many, many)
    is_last = place == many[row] - 1
    begin = np.maximum(draws.same_day(born[worker], _FIRST_JOB_AGE), _EMPLOYMENT_SINCE)
    begin = np.minimum(begin, _TODAY - 200)
    cuts = np.sort(rng.random((len(worker), _MOST_JOBS)), axis=1)
    cuts[:, 0] = cuts[:, 0] * 0.3
    width = _TODAY - 100 - begin
    bound = begin[:, None] + np.floor(cuts * width[:, None]).astype(np.int64)
    start = bound[row, place]
    following = np.minimum(place + 1, _MOST_JOBS - 1)
    end = np.where(is_last, columns.OPEN, bound[row, following] - rng.integers(0, 120, len(row)))
    firm = _choose_firms(rng, all_firms, is_last)
    start = np.maximum(start, all_firms.registered_on[firm] + 1)
    start = np.maximum(start, draws.same_day(born[worker[row]], _YOUNGEST_WORKER))
    gone = np.where(all_firms.status[firm] == 1, columns.OPEN, all_firms.status_from[firm])
    end = np.minimum(np.minimum(end, gone), until[worker[row]])
    latest = np.where(end == columns.OPEN, _TODAY, end)
    keep = np.flatnonzero(latest - start >= _SHORTEST_JOB)
    keep = keep[_follows(row[keep], start[keep], end[keep])]
    salary = draw_salaries(rng, len(row))
    return _of_firm(worker[row[keep]], firm[keep], (start[keep], end[keep]), salary[keep])


def _follows(row: Numbers, start: Numbers, end: Numbers) -> Flags:
    """Tell which jobs begin after the one before: a firm founded late moves its jobs back."""
    flags = np.ones(len(row), dtype=np.bool_)
    last_end: dict[int, int] = {}
    for position, (one, first, until) in enumerate(
        zip(row.tolist(), start.tolist(), end.tolist(), strict=True)
    ):
        flags[position] = first >= last_end.get(one, first)
        if flags[position]:
            last_end[one] = until
    return flags


def _choose_firms(rng: np.random.Generator, all_firms: Firms, is_last: Flags) -> Numbers:
    """Choose employers: few large firms, many small ones; a job that goes on is in a live one."""
    size = np.exp(rng.normal(2.0, 1.1, all_firms.count))
    is_old = all_firms.registered_on < _TODAY - 200
    lives = is_old & (all_firms.status == 1)
    firm = draws.pick(rng, size * is_old, len(is_last))
    firm[is_last] = draws.pick(rng, size * lives, int(is_last.sum()))
    return firm


def _of_firm(
    participant: Numbers, firm: Numbers, days: tuple[Numbers, Numbers], salary: Numbers
) -> Spells:
    """Make the three schemes that a job comes with."""
    schemes = (COMPULSORY, HEALTH, UNEMPLOYMENT)
    return Spells(
        participant=np.tile(participant, len(schemes)),
        scheme=np.repeat(schemes, len(participant)),
        firm=np.tile(firm, len(schemes)),
        start=np.tile(days[0], len(schemes)),
        end=np.tile(days[1], len(schemes)),
        salary=np.tile(salary, len(schemes)),
    )


def of_commune(participant: Numbers, start: Numbers, end: Numbers) -> Spells:
    """Make health cover through the unit of the commune."""
    count = len(participant)
    return Spells(
        participant=participant,
        scheme=np.full(count, HEALTH),
        firm=np.full(count, NOBODY),
        start=start,
        end=end,
        salary=np.zeros(count, dtype=np.int64),
    )


def _draw_covers(
    rng: np.random.Generator, people: tuple[Numbers, Numbers, Numbers, Flags]
) -> tuple[Spells, Spells]:
    """Make the health cover of those without a job, and voluntary pensions for some of them."""
    group, since, until, keep = people
    rows = np.flatnonzero(keep & (group != EMPLOYEE))
    position = np.cumsum(keep) - 1
    may_save = np.isin(group[rows], (HOUSEHOLD, POOR)) & (until[rows] == columns.OPEN)
    savers = rows[may_save & (rng.random(len(rows)) < _VOLUNTARY_SHARE)]
    covers = of_commune(position[rows], since[rows], until[rows])
    savings = replace(
        of_commune(position[savers], since[savers], until[savers]),
        scheme=np.full(len(savers), VOLUNTARY),
        salary=rng.integers(15, 60, len(savers)) * _STEP,
    )
    return covers, savings


def _renumber(spells: Spells, position: Numbers, keep: Flags) -> Spells:
    chosen = keep[spells.participant]
    return Spells(
        participant=position[spells.participant[chosen]],
        scheme=spells.scheme[chosen],
        firm=spells.firm[chosen],
        start=spells.start[chosen],
        end=spells.end[chosen],
        salary=spells.salary[chosen],
    )


def _join(parts: list[Spells]) -> Spells:
    names = Spells.__dataclass_fields__
    return Spells(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


def with_spells(spells: Spells, further: Spells) -> Spells:
    """Add spells at the end."""
    return _join([spells, further])


def firm_unit(firm: int) -> str:
    """Name the unit of a firm (a row) as insurance offices do.

    >>> firm_unit(0)
    'YN000001Z'
    """
    return f"YN{firm + 1:06d}Z"

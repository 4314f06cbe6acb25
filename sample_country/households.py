"""Who lives with whom: households as columns, one row per person, ages first.

The reference day is the day of the sample country; every person and fact lies before it.
"""

from dataclasses import dataclass, fields
from datetime import date

import numpy as np

from sample_country import draws
from sample_country.draws import Flags, Numbers, Shares
from sample_country.names import FEMALE, MALE

REFERENCE_DAY = date(2025, 12, 31)
HEAD, SPOUSE, CHILD, PARENT = 0, 1, 2, 3
ALONE, COUPLE, FAMILY, ONE_PARENT, THREE_GENERATIONS = range(5)

_TODAY = draws.day_number(REFERENCE_DAY)
_YEAR = 365.25
_TYPE_WEIGHTS = (0.11, 0.15, 0.43, 0.07, 0.24)
_AGE_WINDOWS = ((18, 95), (21, 95), (23, 58), (24, 56), (25, 54))  # of the head, by type
_CHILD_WEIGHTS = (0.37, 0.46, 0.14, 0.03)  # one to four
_MOTHER_MIN, _MOTHER_MAX, _CHILD_LEAVES = 19.0, 43.0, 29.0
_MALE_HEADS = 0.72
_CHILD_GAP = 1.1
_SCHOOL_AGE = 0.6  # below 1: children of school age are more frequent than infants
_TWINS = 0.015
_BOYS = 0.517
_WIDOWS = 0.72  # of the elders who live without their spouse
_OLDEST = 99.0
_MOST_CHILDREN = 4
_MOST_MEMBERS = 6
_NOBODY = -1


@dataclass(frozen=True)
class Structure:
    """Persons in households: one element per person, households one after the other.

    Args:
        household: number of the household.
        role: head, spouse, child or parent of the head.
        sex: 0 male, 1 female.
        born: day of birth.
        kind: type of the household the person lives in.
        spouse, father, mother: row of the relative, -1 where none lives in the household.
    """

    household: Numbers
    role: Numbers
    sex: Numbers
    born: Numbers
    kind: Numbers
    spouse: Numbers
    father: Numbers
    mother: Numbers

    @property
    def count(self) -> int:
        """Number of persons."""
        return len(self.household)


@dataclass(frozen=True)
class _Plan:
    """What each household is to hold."""

    kind: Numbers
    head_sex: Numbers
    head_age: Shares
    spouse_age: Shares
    mother_age: Shares
    children: Numbers
    elders: Numbers

    def first(self, count: int) -> "_Plan":
        """Keep the first households only."""
        return _Plan(*(getattr(self, entry.name)[:count].copy() for entry in fields(self)))

    @property
    def has_spouse(self) -> Flags:
        """Tell which households hold a couple."""
        flags: Flags = np.isin(self.kind, (COUPLE, FAMILY, THREE_GENERATIONS))
        return flags


def build(rng: np.random.Generator, size: int) -> Structure:
    """Draw households until they hold exactly `size` persons."""
    plan = _draw_plan(rng, size + 8)  # enough even if everybody lived alone
    ends = np.cumsum(1 + plan.has_spouse + plan.children + plan.elders)
    whole = int(np.searchsorted(ends, size, side="right"))
    rest = size - (int(ends[whole - 1]) if whole else 0)
    # The household that would pass the size is replaced by people who live alone.
    plan = plan.first(whole + rest)
    plan.kind[whole:], plan.children[whole:], plan.elders[whole:] = ALONE, 0, 0
    return _ordered(_members(rng, plan), plan.kind)


def _draw_plan(rng: np.random.Generator, count: int) -> _Plan:
    kind = draws.pick(rng, _TYPE_WEIGHTS, count)
    ages = _draw_ages(rng, kind)
    male_share = np.select([kind == ONE_PARENT, kind == ALONE], [0.25, 0.45], _MALE_HEADS)
    head_sex = np.where(rng.random(count) < male_share, MALE, FEMALE)
    gap = np.clip(rng.normal(2.5, 3.0, count), -2, 12)
    spouse_age = np.clip(ages + np.where(head_sex == MALE, -gap, gap), 20.5, 97.0)
    has_spouse = np.isin(kind, (COUPLE, FAMILY, THREE_GENERATIONS))
    is_mother_spouse = (head_sex == MALE) & has_spouse
    mother_age = np.where(is_mother_spouse, spouse_age, ages)
    elders = np.where(kind == THREE_GENERATIONS, 1 + (rng.random(count) < 0.45), 0)
    room = _oldest_child(mother_age) - _youngest_child(mother_age)
    possible = np.where(room > 0.1, np.floor(room / _CHILD_GAP) + 1, 0).astype(np.int64)
    wanted = 1 + draws.pick(rng, _CHILD_WEIGHTS, count)
    children = np.minimum(np.minimum(wanted, possible), _MOST_MEMBERS - 2 - elders)
    children = np.where(np.isin(kind, (FAMILY, ONE_PARENT, THREE_GENERATIONS)), children, 0)
    return _Plan(kind, head_sex, ages, spouse_age, mother_age, children, elders)


def _draw_ages(rng: np.random.Generator, kind: Numbers) -> Shares:
    rows = draws.read_rows("age_pyramid.csv")
    starts = np.array([int(row["from_age"]) for row in rows])
    weights = np.array([float(row["male"]) + float(row["female"]) for row in rows])
    ages = np.zeros(len(kind))
    for number, (youngest, oldest) in enumerate(_AGE_WINDOWS):
        chosen = np.flatnonzero(kind == number)
        inside = np.where((starts + 5 > youngest) & (starts < oldest), weights, 0.0)
        drawn = starts[draws.pick(rng, inside, len(chosen))] + rng.random(len(chosen)) * 5
        ages[chosen] = np.clip(drawn, youngest, oldest)
    return ages


def _oldest_child(mother_age: Shares) -> Shares:
    return np.minimum(mother_age - _MOTHER_MIN, _CHILD_LEAVES)


def _youngest_child(mother_age: Shares) -> Shares:
    return np.maximum(mother_age - _MOTHER_MAX, 0.02)


def _child_ages(rng: np.random.Generator, plan: _Plan) -> Shares:
    """Draw ages of children, `_CHILD_GAP` years apart; unused places of the matrix stay at -1."""
    used = np.arange(_MOST_CHILDREN) < plan.children[:, None]
    places = np.where(used, rng.random(used.shape) ** _SCHOOL_AGE, 2.0)
    places.sort(axis=1)
    youngest = _youngest_child(plan.mother_age)
    room = _oldest_child(plan.mother_age) - youngest
    span = np.maximum(room - _CHILD_GAP * np.maximum(plan.children - 1, 0), 0.0)
    steps = _CHILD_GAP * np.arange(_MOST_CHILDREN)
    ages = youngest[:, None] + places * span[:, None] + steps
    twins = (rng.random(len(ages)) < _TWINS) & (plan.children > 1)
    ages[twins, 1] = ages[twins, 0]
    matrix: Shares = np.where(used, ages, -1.0)
    return matrix


def _members(
    rng: np.random.Generator, plan: _Plan
) -> list[tuple[Numbers, Numbers, Numbers, Shares]]:
    """List the members role by role: household, role, sex, age."""
    everyone = np.arange(len(plan.kind))
    parts = [(everyone, np.full(len(everyone), HEAD), plan.head_sex, plan.head_age)]
    spouses = everyone[plan.has_spouse]
    spouse_sex = 1 - plan.head_sex[spouses]
    parts.append((spouses, np.full(len(spouses), SPOUSE), spouse_sex, plan.spouse_age[spouses]))
    child_age = _child_ages(rng, plan)
    for place in range(_MOST_CHILDREN):
        rows = everyone[plan.children > place]
        sex = np.where(rng.random(len(rows)) < _BOYS, MALE, FEMALE)
        parts.append((rows, np.full(len(rows), CHILD), sex, child_age[rows, place]))
    is_widow = rng.random(len(everyone)) < _WIDOWS
    mother_older = 19.5 + rng.random(len(everyone)) * 14
    father_older = mother_older + 1.0 + rng.random(len(everyone)) * 5
    for parent_sex, older in ((FEMALE, mother_older), (MALE, father_older)):
        alone = (plan.elders == 1) & (is_widow == (parent_sex == FEMALE))
        rows = everyone[(plan.elders == 2) | alone]
        age = np.minimum(plan.head_age[rows] + older[rows], _OLDEST)
        parts.append((rows, np.full(len(rows), PARENT), np.full(len(rows), parent_sex), age))
    return parts


def _ordered(parts: list[tuple[Numbers, Numbers, Numbers, Shares]], kind: Numbers) -> Structure:
    household, role, sex = (np.concatenate([part[i] for part in parts]) for i in range(3))
    age = np.concatenate([part[3] for part in parts])
    order = np.argsort(household, kind="stable")
    household, role, sex = household[order], role[order], sex[order]
    born = _TODAY - 1 - np.floor(age[order] * _YEAR).astype(np.int64)
    number = int(household[-1]) + 1
    head = _row_of(household, role == HEAD, number)
    partner = _row_of(household, role == SPOUSE, number)
    elder_man = _row_of(household, (role == PARENT) & (sex == MALE), number)
    elder_woman = _row_of(household, (role == PARENT) & (sex == FEMALE), number)
    own = {
        name: rows[household]
        for name, rows in {
            "head": head,
            "partner": partner,
            "man": elder_man,
            "woman": elder_woman,
        }.items()
    }
    spouse = np.select(
        [role == HEAD, role == SPOUSE, (role == PARENT) & (sex == MALE), role == PARENT],
        [own["partner"], own["head"], own["woman"], own["man"]],
        _NOBODY,
    )
    head_is_man = sex[own["head"]] == MALE
    father = np.where(head_is_man, own["head"], own["partner"])
    mother = np.where(head_is_man, own["partner"], own["head"])
    father = np.select([role == CHILD, role == HEAD], [father, own["man"]], _NOBODY)
    mother = np.select([role == CHILD, role == HEAD], [mother, own["woman"]], _NOBODY)
    return Structure(household, role, sex, born, kind[household], spouse, father, mother)


def _row_of(household: Numbers, chosen: Flags, number: int) -> Numbers:
    rows = np.full(number, _NOBODY, dtype=np.int64)
    rows[household[chosen]] = np.flatnonzero(chosen)
    return rows

"""The frames about living together: residence, households, their members, kinship."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from sample_country import columns
from sample_country.columns import OPEN, Column, Frame
from sample_country.draws import Flags, Numbers
from sample_country.geography import Geography
from sample_country.households import CHILD, HEAD
from sample_country.lives import DEAD, NEVER, Lives
from sample_country.people import Persons

_RELATIONS: list[str | None] = ["HEAD", "SPOUSE", "CHILD", "PARENT"]
_SAYS_CURRENT = 0.25
_EARLIER_PLACE = 0.3
_TWO_YEARS = 730  # Law on Residence 68/2020/QH14 art. 27


@dataclass(frozen=True)
class Living:
    """What the frames are made from.

    Args:
        persons, events, places: the country.
        pin: personal numbers as text, by person.
        file_no: number of the household and of its residence file, by household.
        local: street and village, by household.
    """

    persons: Persons
    events: Lives
    places: Geography
    pin: Column
    file_no: Column
    local: tuple[Column, Column]

    @property
    def last_day(self) -> Numbers:
        """Day of death of the dead, `OPEN` for the others."""
        last: Numbers = np.where(self.events.loss == DEAD, self.events.lost_on, OPEN)
        return last


@dataclass(frozen=True)
class _Stay:
    """Stays of one kind: who, where, from when to when."""

    rows: Numbers
    kind: str
    local: tuple[Column, Column]
    old: Numbers
    new: Numbers
    start: Numbers
    end: Numbers


def residences(rng: np.random.Generator, living: Living) -> Frame:
    """Make permanent, temporary and current residence, each split at the reform."""
    stays = [
        _at_home(living),
        _earlier(rng, living),
        *_away(rng, living),
        _current_at_home(rng, living),
    ]
    return pa.concat_tables([_stay_frame(living, stay) for stay in stays]).combine_chunks()


def _at_home(living: Living) -> _Stay:
    household = living.persons.structure.household
    return _Stay(
        np.arange(living.persons.structure.count),
        "permanent",
        _take(living.local, household),
        living.persons.home[household],
        living.persons.new_home[household],
        living.events.member_from,
        living.last_day,
    )


def _earlier(rng: np.random.Generator, living: Living) -> _Stay:
    """Make the place of some heads before they founded their household."""
    persons, events, places = living.persons, living.events, living.places
    structure = persons.structure
    rows = np.flatnonzero(
        (structure.role == HEAD)
        & (persons.native != persons.home[structure.household])
        & (events.member_from - persons.born > 365)
        & (rng.random(structure.count) < _EARLIER_PLACE)
    )
    native = persons.native[rows]
    return _Stay(
        rows,
        "permanent",
        _local(rng, places, native),
        native,
        places.draw_successors(rng, native),
        persons.born[rows],
        events.member_from[rows],
    )


def _away(rng: np.random.Generator, living: Living) -> tuple[_Stay, _Stay]:
    """Make the temporary registration of those who are away; they live there, too."""
    events, places = living.events, living.places
    rows = np.flatnonzero(events.is_away)
    where, since = events.away_in[rows], events.away_from[rows]
    local, new = _local(rng, places, where), places.draw_successors(rng, where)
    registered = _Stay(rows, "temporary", local, where, new, since, since + _TWO_YEARS)
    living_there = _Stay(rows, "current", local, where, new, since, np.full_like(since, OPEN))
    return registered, living_there


def _current_at_home(rng: np.random.Generator, living: Living) -> _Stay:
    """Make the declared current place of some who live where they are registered."""
    home = _at_home(living)
    declared = rng.random(len(home.rows)) < _SAYS_CURRENT
    rows = np.flatnonzero(declared & ~living.events.is_away & (home.end == OPEN))
    local = _take(home.local, rows)
    return _Stay(
        rows, "current", local, home.old[rows], home.new[rows], home.start[rows], home.end[rows]
    )


def _local(rng: np.random.Generator, places: Geography, communes: Numbers) -> tuple[Column, Column]:
    region = places.region[places.commune_province[communes]]
    return columns.local_addresses(rng, region, places.is_town[communes])


def _take(local: tuple[Column, Column], rows: Numbers) -> tuple[Column, Column]:
    street, village = local
    return street.take(pa.array(rows)), village.take(pa.array(rows))


def _stay_frame(living: Living, stay: _Stay) -> Frame:
    count = len(stay.rows)
    is_limited = stay.kind == "temporary"
    base = columns.pick_frame(
        {
            "pin": living.pin.take(pa.array(stay.rows)),
            "kind": columns.same(stay.kind, count),
            "street": stay.local[0],
            "village": stay.local[1],
            "country_code": columns.same(columns.COUNTRY, count),
            "expires_on": columns.days(stay.end - 1, missing=np.full(count, not is_limited)),
        }
    )
    return columns.across_reform(
        base, living.places, old=stay.old, new=stay.new, start=stay.start, end=stay.end
    )


def households(living: Living) -> Frame:
    """Make the households; one that nobody is left of ends."""
    structure = living.persons.structure
    heads = structure.role == HEAD
    count = int(structure.household[-1]) + 1
    end = np.full(count, OPEN, dtype=np.int64)
    end[structure.household[heads]] = living.last_day[heads]
    base = columns.pick_frame(
        {
            "household_id": living.file_no,
            "residence_file_no": living.file_no,
            "street": living.local[0],
            "village": living.local[1],
            "country_code": columns.same(columns.COUNTRY, count),
        }
    )
    return columns.across_reform(
        base,
        living.places,
        old=living.persons.home,
        new=living.persons.new_home,
        start=living.events.household_from,
        end=end,
    )


def members(living: Living) -> Frame:
    """Make the members of the households; the dead were members until they died."""
    structure = living.persons.structure
    frame = columns.pick_frame(
        {
            "pin": living.pin,
            "household_id": living.file_no.take(pa.array(structure.household)),
            "relation_to_head": columns.words(_RELATIONS, structure.role),
        }
    )
    end = living.last_day
    return columns.with_period(frame, living.events.member_from, end, end == OPEN)


def kinships(living: Living) -> Frame:
    """Make the relations inside the households, each written for both persons."""
    structure = living.persons.structure
    born = living.persons.born
    ordinal = _child_ordinals(structure.household, structure.role == CHILD)
    parts = []
    for parent, role in ((structure.father, "FATHER"), (structure.mother, "MOTHER")):
        rows = np.flatnonzero(parent >= 0)
        one, never = np.ones(len(rows), dtype=np.int64), np.full(len(rows), OPEN)
        other = parent[rows]
        parts.append(_relation(living, rows, other, role, (one, born[rows], never)))
        parts.append(_relation(living, other, rows, "CHILD", (ordinal[rows], born[rows], never)))
    events = living.events
    rows = np.flatnonzero((structure.spouse >= 0) & (events.married_on > NEVER))
    spouse = structure.spouse[rows]
    # Whoever died first ended the marriage for both.
    end = np.minimum(living.last_day[rows], living.last_day[spouse])
    one = np.ones(len(rows), dtype=np.int64)
    married = (one, events.married_on[rows], end)
    parts.append(_relation(living, rows, spouse, "SPOUSE", married))
    return pa.concat_tables(parts).combine_chunks()


def _child_ordinals(household: Numbers, is_child: Flags) -> Numbers:
    """Count the children of a household from 1; whoever is not one is the only child: 1."""
    ordinal = np.ones(len(household), dtype=np.int64)
    rows = np.flatnonzero(is_child)
    if len(rows):
        own = household[rows]
        starts = np.flatnonzero(np.append([True], own[1:] != own[:-1]))
        lengths = np.diff(np.append(starts, len(rows)))
        ordinal[rows] = np.arange(len(rows)) - np.repeat(starts, lengths) + 1
    return ordinal


def _relation(
    living: Living,
    rows: Numbers,
    others: Numbers,
    role: str,
    fact: tuple[Numbers, Numbers, Numbers],
) -> Frame:
    """Make one kind of relation; the fact is ordinal, first day and end."""
    ordinal, start, end = fact
    frame = columns.pick_frame(
        {
            "pin": living.pin.take(pa.array(rows)),
            "role": columns.same(role, len(rows)),
            "ordinal": pa.array(ordinal),
            "relative_pin": living.pin.take(pa.array(others)),
        }
    )
    return columns.with_period(frame, start, end, end == OPEN)

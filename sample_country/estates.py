"""The estates: who holds which parcel since when, and what burdens it.

Parcels are homes and fields of households, business land of firms and land of communes. Holders
are living adults and firms that exist; `inconsistencies` breaks that knowingly, and lists it.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from sample_country import draws, firms
from sample_country.draws import Flags, Numbers
from sample_country.firms import Firms
from sample_country.geography import Geography
from sample_country.households import HEAD, REFERENCE_DAY
from sample_country.lives import ALIVE, NEVER, Lives
from sample_country.people import Persons

HOME, FIELD, BUSINESS, PUBLIC = range(4)
RECOGNISED, TRANSFERRED, GIVEN, INHERITED, LEASED, ALLOCATED = range(6)
UNBURDENED, DISPUTED, ATTACHED, PLANNED, INHERITANCE_OPEN = range(5)
NOBODY = -1

_TODAY = draws.day_number(REFERENCE_DAY)
_REGISTERS_SINCE = draws.day_number(date(2004, 7, 1))  # Law on Land 13/2003/QH11 in force
_HAS_HOME, _FIELDS_OF_FARMERS, _MOST_FIELDS = 0.76, 1.75, 6
_HAS_BUSINESS_LAND, _PUBLIC_PER_PERSON, _HAS_LENDER = 0.1, 0.01, 0.08
_LENDERS_PER_FIRM = 200
_BURDEN_WEIGHTS = (0.975, 0.004, 0.003, 0.018)
_HOME_ORIGINS = (5, 3, 1, 1)
_FIELD_ORIGINS = (8, 1, 0.5, 0.5)


@dataclass(frozen=True)
class Estates:
    """The parcels as columns, those of a commune one after the other.

    Args:
        kind: home, field, business land or land of the commune.
        commune, new_commune: positions before and since the reform.
        holder, second_holder: persons (rows), -1 for none; two are husband and wife.
        holder_number: personal number that the register has of the holder, -1 for none.
        is_unaccented: whose name the register has without its signs.
        firm: the firm (a row) that holds it, -1 for none.
        since: day of the registration of the holder.
        origin: how the right came about.
        lender: firm (a row) that holds a mortgage, -1 for none; lent_on: since when.
        burden: none, dispute, attachment, planning or an open inheritance; burdened_on: since
            when.
    """

    kind: Numbers
    commune: Numbers
    new_commune: Numbers
    holder: Numbers
    second_holder: Numbers
    holder_number: Numbers
    is_unaccented: Flags
    firm: Numbers
    since: Numbers
    origin: Numbers
    lender: Numbers
    lent_on: Numbers
    burden: Numbers
    burdened_on: Numbers

    @property
    def count(self) -> int:
        """Number of parcels."""
        return len(self.kind)


def parcel_id(row: int) -> str:
    """Name a parcel as the land register does.

    >>> parcel_id(0)
    'TD0000000001'
    """
    return f"TD{row + 1:010d}"


@dataclass(frozen=True)
class _Titles:
    """What belongs to the right of a holder: one element per parcel, not in order yet."""

    kind: Numbers
    commune: Numbers
    new_commune: Numbers
    holder: Numbers
    second_holder: Numbers
    firm: Numbers
    earliest: Numbers


def draw(
    rng: np.random.Generator, persons: Persons, events: Lives, places: Geography, all_firms: Firms
) -> Estates:
    """Draw the parcels, about one for two persons."""
    parts = [
        _of_households(rng, persons, events, places),
        _of_firms(rng, all_firms),
        _of_communes(rng, persons.structure.count, places),
    ]
    names = _Titles.__dataclass_fields__
    titles = _Titles(*(np.concatenate([getattr(p, name) for p in parts]) for name in names))
    order = np.argsort(titles.commune, kind="stable")
    titles = _Titles(*(getattr(titles, name)[order] for name in names))
    since = draws.between(rng, titles.earliest, np.full(len(order), _TODAY - 40))
    lender, lent_on = _draw_mortgages(rng, titles, since, all_firms)
    burden = draws.pick(rng, _BURDEN_WEIGHTS, len(order))
    burden[(titles.kind == PUBLIC) | (lender != NOBODY)] = UNBURDENED
    return Estates(
        kind=titles.kind,
        commune=titles.commune,
        new_commune=titles.new_commune,
        holder=titles.holder,
        second_holder=titles.second_holder,
        holder_number=np.where(titles.holder == NOBODY, NOBODY, persons.pin[titles.holder]),
        is_unaccented=np.zeros(len(order), dtype=np.bool_),
        firm=titles.firm,
        since=since,
        origin=_draw_origins(rng, titles),
        lender=lender,
        lent_on=lent_on,
        burden=burden,
        burdened_on=draws.between(rng, since + 1, np.full(len(order), _TODAY - 10)),
    )


def _of_households(
    rng: np.random.Generator, persons: Persons, events: Lives, places: Geography
) -> _Titles:
    """Give homes to most households, fields to those in the country; the head holds them.

    A couple that lives holds together, since the marriage.
    """
    structure = persons.structure
    heads = np.flatnonzero((structure.role == HEAD) & (events.loss == ALIVE))
    settled = events.household_from[structure.household[heads]] + 1
    heads, settled = heads[settled < _TODAY - 60], settled[settled < _TODAY - 60]
    has_home = rng.random(len(heads)) < _HAS_HOME
    is_farmer = ~places.is_town[persons.home[structure.household[heads]]]
    fields = np.minimum(rng.poisson(_FIELDS_OF_FARMERS, len(heads)), _MOST_FIELDS) * is_farmer
    row = np.concatenate([np.flatnonzero(has_home), np.repeat(np.arange(len(heads)), fields)])
    holder = heads[row]
    household = structure.household[holder]
    spouse = structure.spouse[holder]
    is_couple = (spouse >= 0) & (events.loss[spouse] == ALIVE) & (events.married_on[holder] > NEVER)
    earliest = np.maximum(settled[row], _REGISTERS_SINCE)
    earliest = np.where(is_couple, np.maximum(earliest, events.married_on[holder] + 1), earliest)
    return _Titles(
        kind=np.repeat([HOME, FIELD], [int(has_home.sum()), int(fields.sum())]),
        commune=persons.home[household],
        new_commune=persons.new_home[household],
        holder=holder,
        second_holder=np.where(is_couple, spouse, NOBODY),
        firm=np.full(len(row), NOBODY),
        earliest=earliest,
    )


def _of_firms(rng: np.random.Generator, all_firms: Firms) -> _Titles:
    has_land: Flags = (all_firms.status == 1) & (rng.random(all_firms.count) < _HAS_BUSINESS_LAND)
    row = np.flatnonzero(has_land & (all_firms.registered_on < _TODAY - 120))
    nobody = np.full(len(row), NOBODY)
    return _Titles(
        kind=np.full(len(row), BUSINESS),
        commune=all_firms.office[row],
        new_commune=all_firms.new_office[row],
        holder=nobody,
        second_holder=nobody,
        firm=row,
        earliest=np.maximum(all_firms.registered_on[row] + 30, _REGISTERS_SINCE),
    )


def _of_communes(rng: np.random.Generator, size: int, places: Geography) -> _Titles:
    count = max(10, int(size * _PUBLIC_PER_PERSON))
    commune = places.draw_communes(rng, draws.pick(rng, places.people, count))
    nobody = np.full(count, NOBODY)
    return _Titles(
        kind=np.full(count, PUBLIC),
        commune=commune,
        new_commune=places.draw_successors(rng, commune),
        holder=nobody,
        second_holder=nobody,
        firm=nobody,
        earliest=np.full(count, _REGISTERS_SINCE),
    )


def _draw_mortgages(
    rng: np.random.Generator, titles: _Titles, since: Numbers, all_firms: Firms
) -> tuple[Numbers, Numbers]:
    """Let a few companies that operate lend on homes and business land."""
    count = len(since)
    may_lend = (all_firms.legal_type == firms.JSC) & (all_firms.status == 1)
    lenders = np.flatnonzero(may_lend & (all_firms.registered_on < _TODAY - 400))
    lenders = lenders[: max(1, all_firms.count // _LENDERS_PER_FIRM)]
    lender = rng.choice(lenders, count) if len(lenders) else np.full(count, NOBODY)
    lent_on = draws.between(
        rng,
        np.maximum(since, all_firms.registered_on[lender]) + 7,
        np.full(count, _TODAY - 5),
    )
    may_pledge = np.isin(titles.kind, (HOME, BUSINESS)) & (lender != titles.firm)
    is_pledged = may_pledge & (lender != NOBODY) & (lent_on <= _TODAY - 5)
    is_pledged &= rng.random(count) < _HAS_LENDER
    return np.where(is_pledged, lender, NOBODY), np.where(is_pledged, lent_on, 0)


def _draw_origins(rng: np.random.Generator, titles: _Titles) -> Numbers:
    count = len(titles.kind)
    of_home = draws.pick(rng, _HOME_ORIGINS, count)
    of_field = draws.pick(rng, _FIELD_ORIGINS, count)
    origins: Numbers = np.select(
        [titles.kind == HOME, titles.kind == FIELD, titles.kind == BUSINESS],
        [of_home, of_field, np.full(count, LEASED)],
        ALLOCATED,
    )
    return origins

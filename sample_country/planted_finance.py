"""What is knowingly wrong in the finance register; `inconsistencies` tells what for."""

from dataclasses import replace
from datetime import date

import numpy as np

from sample_country import draws, estates, firms, inconsistencies, treasury
from sample_country.draws import Numbers
from sample_country.estates import Estates
from sample_country.inconsistencies import Inconsistency, People
from sample_country.treasury import Duties, Purse

_ASSESSED_ON = draws.day_number(date(2025, 10, 20))
_QUARTER, _AMOUNT = 3, 5_000_000


def plant(
    rng: np.random.Generator, people: People, own: Estates, drawn: Purse
) -> tuple[Purse, tuple[Inconsistency, ...]]:
    """Break some duties and assets.

    Returns:
        the purse as the finance register holds it, and what is wrong with it.
    """
    all_firms = people.all_firms
    is_gone = (all_firms.status == firms.ENDED) & (all_firms.status_from < _ASSESSED_ON - 200)
    ended = rng.permutation(np.flatnonzero(is_gone))[: people.cases]
    dead = rng.permutation(_list_dead(people))[: people.cases]
    may = np.flatnonzero((own.kind == estates.HOME) & (own.second_holder < 0))
    private = rng.permutation(may)[: people.cases]
    unknown = own.count + np.arange(people.cases)
    broken = replace(
        drawn,
        individuals=np.concatenate([drawn.individuals, dead]),
        duties=_with_late_duties(drawn.duties, ended, dead),
        asset_parcel=np.concatenate([drawn.asset_parcel, private, unknown]),
    )
    codes = inconsistencies.codes(all_firms.code[ended])
    pins = inconsistencies.pins(people.persons.pin[dead])
    taken, missing = _parcels(private), _parcels(unknown)
    first = len(drawn.asset_parcel)
    assets = [asset_code(first + n) for n in range(len(private) + len(unknown))]
    cases = inconsistencies.number_cases
    return broken, (
        *cases("finance.taxpayer_ended", codes, "enterprise", codes),
        *cases("finance.taxpayer_dead", pins, "population", pins),
        *cases("finance.asset_private", assets[: len(private)], "land", taken),
        *cases("finance.asset_unknown", assets[len(private) :], "land", missing),
    )


def asset_code(number: int) -> str:
    """Name a public asset.

    >>> asset_code(0)
    'TS0000000001'
    """
    return f"TS{number + 1:010d}"


def _list_dead(people: People) -> Numbers:
    """List who died as an adult, before the quarter that they are taxed for."""
    events, born = people.events, people.persons.born
    grown = draws.same_day(born, 25) < events.lost_on
    rows: Numbers = np.flatnonzero(
        people.is_long_dead() & grown & (events.lost_on < _ASSESSED_ON - 200)
    )
    return rows


def _with_late_duties(duties: Duties, ended: Numbers, dead: Numbers) -> Duties:
    count = len(ended) + len(dead)
    added = {
        "firm": np.concatenate([ended, np.full(len(dead), treasury.NOBODY)]),
        "person": np.concatenate([np.full(len(ended), treasury.NOBODY), dead]),
        "item": np.repeat([treasury.VALUE_ADDED, treasury.PERSONAL], [len(ended), len(dead)]),
        "quarter": np.full(count, _QUARTER),
        "amount": np.full(count, _AMOUNT),
        "paid": np.full(count, treasury.UNPAID),
        "assessed_on": np.full(count, _ASSESSED_ON),
    }
    return Duties(
        **{name: np.concatenate([getattr(duties, name), more]) for name, more in added.items()}
    )


def _parcels(rows: Numbers) -> list[str]:
    return [estates.parcel_id(row) for row in rows.tolist()]

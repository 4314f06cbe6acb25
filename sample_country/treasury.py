"""The public purse: budget units, taxpayers with their duties, customs, public assets."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from sample_country import draws, estates
from sample_country.draws import Numbers
from sample_country.estates import Estates
from sample_country.firms import Firms
from sample_country.households import REFERENCE_DAY
from sample_country.lives import ALIVE, Lives
from sample_country.people import Persons

# Items of revenue: Circular 324/2016/TT-BTC annex III.
VALUE_ADDED, CORPORATE, PERSONAL = 1701, 1052, 1001
NOBODY, UNPAID = -1, 0

_TODAY = draws.day_number(REFERENCE_DAY)
_QUARTERS = 4
_YEAR = 2025
_PAYS_PERSONAL, _PAID_SHARE, _TRADES_SHARE = 0.03, 0.93, 0.03
_MOST_DECLARATIONS = 4
_STEP = 100_000


@dataclass(frozen=True)
class Duties:
    """Duties as columns, and what was paid of them.

    Args:
        firm, person: rows of the taxpayer, -1 for the other kind.
        item: item of revenue.
        quarter: of the tax period, 0 for the whole year 2024.
        amount: dong; paid: dong, 0 where nothing was.
        assessed_on: day of the declaration.
    """

    firm: Numbers
    person: Numbers
    item: Numbers
    quarter: Numbers
    amount: Numbers
    paid: Numbers
    assessed_on: Numbers


@dataclass(frozen=True)
class Purse:
    """What the finance register holds of the drawn country, besides budgets.

    Args:
        individuals: persons (rows) who are registered as taxpayers.
        duties: of firms and individuals.
        traders: firms (rows) of the customs declarations, one for each.
        declared_on: day of each.
        asset_parcel: parcels (rows) that are public assets; -1 for one that nobody knows.
    """

    individuals: Numbers
    duties: Duties
    traders: Numbers
    declared_on: Numbers
    asset_parcel: Numbers


def draw(
    rng: np.random.Generator, persons: Persons, events: Lives, all_firms: Firms, own: Estates
) -> Purse:
    """Draw taxpayers, duties, declarations and assets."""
    age = (_TODAY - persons.born) / 365.25
    may_pay = (events.loss == ALIVE) & (age > 22) & (age < 65)
    individuals = np.flatnonzero(may_pay & (rng.random(len(age)) < _PAYS_PERSONAL))
    may_trade = (all_firms.status == 1) & (rng.random(all_firms.count) < _TRADES_SHARE)
    traders = np.flatnonzero(may_trade & (all_firms.registered_on < _TODAY - 200))
    traders = np.repeat(traders, rng.integers(1, _MOST_DECLARATIONS + 1, len(traders)))
    declared_on = draws.between(
        rng,
        np.maximum(all_firms.registered_on[traders] + 30, _TODAY - 720),
        np.full(len(traders), _TODAY - 10),
    )
    return Purse(
        individuals=individuals,
        duties=_draw_duties(rng, all_firms, individuals),
        traders=traders,
        declared_on=declared_on,
        asset_parcel=np.flatnonzero(own.kind == estates.PUBLIC),
    )


def _draw_duties(rng: np.random.Generator, all_firms: Firms, individuals: Numbers) -> Duties:
    """Draw value-added tax by quarter and the yearly tax, for those who were there then."""
    operating = np.flatnonzero(all_firms.status == 1)
    firm = np.repeat(operating, _QUARTERS)
    quarter = np.tile(np.arange(1, _QUARTERS + 1), len(operating))
    first = np.array([draws.day_number(date(_YEAR, 3 * q + 1, 1)) for q in range(_QUARTERS)])
    keep = all_firms.registered_on[firm] < first[quarter - 1]
    # The last quarter is declared in January, after the reference day.
    keep &= quarter < _QUARTERS
    firm, quarter = firm[keep], quarter[keep]
    due = np.array([draws.day_number(date(_YEAR, 3 * q + 4, 20)) for q in range(_QUARTERS - 1)])
    yearly = operating[all_firms.registered_on[operating] < first[0] - 90]
    march = draws.day_number(date(_YEAR, 3, 25))
    nobody, nothing = np.full(len(individuals), NOBODY), np.zeros(len(individuals), dtype=np.int64)
    duties = Duties(
        firm=np.concatenate([firm, yearly, nobody]),
        person=np.concatenate([np.full(len(firm) + len(yearly), NOBODY), individuals]),
        item=np.repeat([VALUE_ADDED, CORPORATE, PERSONAL], [len(firm), len(yearly), len(nobody)]),
        quarter=np.concatenate([quarter, np.zeros(len(yearly), dtype=np.int64), nothing]),
        amount=np.zeros(0, dtype=np.int64),
        paid=np.zeros(0, dtype=np.int64),
        assessed_on=np.concatenate(
            [due[quarter - 1], np.full(len(yearly) + len(individuals), march)]
        ),
    )
    return with_amounts(rng, duties)


def with_amounts(rng: np.random.Generator, duties: Duties) -> Duties:
    """Draw the amounts of duties, and which of them are paid."""
    count = len(duties.item)
    mean = np.where(duties.person >= 0, 14.5, 16.5)
    amount = (np.exp(rng.normal(mean, 1.0, count)) // _STEP).astype(np.int64) * _STEP + _STEP
    is_paid = rng.random(count) < _PAID_SHARE
    return Duties(
        firm=duties.firm,
        person=duties.person,
        item=duties.item,
        quarter=duties.quarter,
        amount=amount,
        paid=np.where(is_paid, amount, UNPAID),
        assessed_on=duties.assessed_on,
    )

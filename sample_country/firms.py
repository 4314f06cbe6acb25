"""The firms: codes, owners, chains of ownership, representatives and what became of them."""

from dataclasses import dataclass

import numpy as np

from sample_country import draws
from sample_country.draws import Flags, Numbers
from sample_country.geography import REFORM, Geography
from sample_country.households import REFERENCE_DAY
from sample_country.lives import ALIVE, Lives
from sample_country.people import Persons

LLC1, LLC2, JSC, PRIV, PART = range(5)
SUSPENDED, NOT_AT_ADDRESS, REVOKED, WINDING_UP, BANKRUPTCY, ENDED = 2, 3, 4, 5, 6, 7
CHECK_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)

_TODAY = draws.day_number(REFERENCE_DAY)
_REFORM_DAY = draws.day_number(REFORM)
_FEWEST = 50
_PERSONS_PER_FIRM = 10
_LEVELS = (0.9, 0.07, 0.022, 0.008)  # how many firms stand above in the chain of owners
_OWNERS = {LLC2: (2, 5), JSC: (3, 6), PART: (2, 3)}
_RESERVE = 12  # percent of a joint stock company that nobody holds at first
_CYCLES_PER = 2000
_AGE_OF_OWNER = 24
_STATUS_WEIGHTS = (79.0, 7.0, 5.0, 2.0, 2.0, 0.4, 4.6)
_EACH_STATUS = (SUSPENDED, NOT_AT_ADDRESS, REVOKED, WINDING_UP, BANKRUPTCY, ENDED)
_MERGED_SHARE = 0.15
_NOBODY = -1


@dataclass(frozen=True)
class Holdings:
    """Who holds how much: person or firm (rows; -1 for the other), percent, first day."""

    firm: Numbers
    person: Numbers
    owner_firm: Numbers
    percent: Numbers
    since: Numbers


@dataclass(frozen=True)
class Firms:
    """The firms as columns.

    Args:
        code: enterprise code as a whole number.
        legal_type: LLC1 …; trade: position in the list of trades.
        registered_on: day of the first certificate.
        office, new_office: communes (positions) of the head office before and since the reform.
        updated_on: day on which the office was re-registered under the new communes, 0 if never.
        holdings: owners, members and shareholders.
        representative, second_representative: persons (rows), -1 for none.
        status: legal status on the reference day, 1 to 7; status_from: since when.
        merged_into: firm (a row) that it went into, -1 for none.
    """

    code: Numbers
    legal_type: Numbers
    trade: Numbers
    registered_on: Numbers
    office: Numbers
    new_office: Numbers
    updated_on: Numbers
    holdings: Holdings
    representative: Numbers
    second_representative: Numbers
    status: Numbers
    status_from: Numbers
    merged_into: Numbers

    @property
    def count(self) -> int:
        """Number of firms."""
        return len(self.code)


def count_for(size: int) -> int:
    """Give the number of firms of a country.

    >>> count_for(10_000), count_for(100)
    (1000, 50)
    """
    return max(_FEWEST, size // _PERSONS_PER_FIRM)


def draw(
    rng: np.random.Generator,
    persons: Persons,
    events: Lives,
    places: Geography,
    *,
    reserved_codes: frozenset[int] = frozenset(),
) -> Firms:
    """Draw the firms; owners and representatives are adults of the population who live.

    Args:
        rng: source of randomness.
        persons, events: the population.
        places: provinces and communes.
        reserved_codes: codes that no firm drawn here may bear.
    """
    words = draws.read_words("firm_words.toml")
    count = count_for(persons.structure.count)
    legal_type = draws.pick(rng, [form["weight"] for form in words["forms"].values()], count)
    level = draws.pick(rng, _LEVELS, count)
    level[: min(count, 20)] = 0  # somebody must stand at the top
    level[~np.isin(legal_type, (LLC1, LLC2, JSC))] = 0
    parent = _draw_parents(rng, legal_type, level)
    firm, person, weight_total = _draw_members(rng, persons, events, legal_type, parent)
    representative, second = _representatives(rng, persons, events, firm, person, count)
    registered_on = _draw_registrations(rng, persons, (firm, person), representative, count)
    office = places.draw_communes(rng, draws.pick(rng, _firm_weights(places), count))
    may_update = (registered_on < _REFORM_DAY) & (rng.random(count) < 0.35)
    updated = draws.between(rng, np.full(count, _REFORM_DAY), np.full(count, _TODAY - 5))
    status, status_from = _draw_statuses(rng, registered_on, parent)
    return Firms(
        code=_draw_codes(rng, places.commune_province[office] + 1, reserved_codes),
        legal_type=legal_type,
        trade=draws.pick(rng, [trade["weight"] for trade in words["trades"]], count),
        registered_on=registered_on,
        office=office,
        new_office=places.draw_successors(rng, office),
        updated_on=np.where(may_update, updated, 0),
        holdings=_holdings(rng, legal_type, parent, (firm, person, weight_total), registered_on),
        representative=representative,
        second_representative=second,
        status=status,
        status_from=status_from,
        merged_into=_draw_mergers(rng, status, status_from, registered_on),
    )


def _firm_weights(places: Geography) -> draws.Shares:
    """Weigh provinces for firms: more of them where people move to."""
    receives = places.senders < 0.35 * places.people
    weights: draws.Shares = places.people * np.where(receives, 3.0, 1.0)
    return weights


def _draw_parents(rng: np.random.Generator, legal_type: Numbers, level: Numbers) -> Numbers:
    """Choose the firm that holds a part of each firm below the top of a chain."""
    parent = np.full(len(level), _NOBODY, dtype=np.int64)
    may_own = np.isin(legal_type, (LLC1, LLC2, JSC))  # Law on Enterprises 59/2020 art. 188 cl. 4
    for height in range(1, len(_LEVELS)):
        rows = np.flatnonzero(level == height)
        above = np.flatnonzero((level == height - 1) & may_own)
        if len(rows) and len(above):
            parent[rows] = rng.choice(above, len(rows))
    return parent


def _draw_members(
    rng: np.random.Generator,
    persons: Persons,
    events: Lives,
    legal_type: Numbers,
    parent: Numbers,
) -> tuple[Numbers, Numbers, Numbers]:
    """Draw the persons who hold each firm, without anybody twice in a firm.

    Returns:
        firm and person of each holding, and the percents that all persons hold, by firm.
    """
    many = np.ones(len(legal_type), dtype=np.int64)
    for kind, (low, high) in _OWNERS.items():
        rows = legal_type == kind
        many[rows] = rng.integers(low, high + 1, int(rows.sum()))
    belongs = (legal_type == LLC1) & (parent != _NOBODY)
    many[belongs] = 0
    many[(legal_type != LLC1) & (parent != _NOBODY)] -= 1
    firm = np.repeat(np.arange(len(many)), many)
    pool = adults(persons, events)
    person = rng.choice(pool, len(firm))
    while True:
        pairs = firm * persons.structure.count + person
        _, first = np.unique(pairs, return_index=True)
        again = np.ones(len(firm), dtype=np.bool_)
        again[first] = False
        if not again.any():
            break
        person[again] = rng.choice(pool, int(again.sum()))
    held_above = np.where(parent == _NOBODY, 0, rng.integers(26, 72, len(many)))
    total = 100 - held_above - np.where(legal_type == JSC, _RESERVE, 0)
    return firm, person, np.where(belongs, 0, total)


def adults(persons: Persons, events: Lives) -> Numbers:
    """Give the rows of the living who are old enough to own firms."""
    born_before = _TODAY - int(_AGE_OF_OWNER * 365.25)
    too_old = _TODAY - int(82 * 365.25)
    rows: Numbers = np.flatnonzero(
        (events.loss == ALIVE) & (persons.born < born_before) & (persons.born > too_old)
    )
    return rows


def _representatives(
    rng: np.random.Generator,
    persons: Persons,
    events: Lives,
    firm: Numbers,
    person: Numbers,
    count: int,
) -> tuple[Numbers, Numbers]:
    """Take the first person of a firm, where there is none or for some firms anybody else."""
    anybody = rng.choice(adults(persons, events), count)
    first, second = (np.full(count, _NOBODY, dtype=np.int64) for _ in range(2))
    starts = np.searchsorted(firm, np.arange(count + 1))
    has = np.diff(starts)
    first[has > 0] = person[starts[:-1][has > 0]]
    is_hired = (first == _NOBODY) | (rng.random(count) < 0.12)
    two = (has > 1) & ~is_hired & (rng.random(count) < 0.08)
    second[two] = person[starts[:-1][two] + 1]
    return np.where(is_hired, anybody, first), second


def _draw_registrations(
    rng: np.random.Generator,
    persons: Persons,
    held: tuple[Numbers, Numbers],
    representative: Numbers,
    count: int,
) -> Numbers:
    firm, person = held
    adult_on = draws.same_day(persons.born, 18) + 365
    earliest = np.maximum(adult_on[representative], draws.day_number(REFORM) - 365 * 25)
    np.maximum.at(earliest, firm, adult_on[person])
    width = np.maximum(_TODAY - 5 - earliest, 1)
    days: Numbers = earliest + np.floor(rng.random(count) ** 0.7 * width).astype(np.int64)
    return days


def _draw_codes(rng: np.random.Generator, office: Numbers, reserved: frozenset[int]) -> Numbers:
    """Draw codes with their check digit; numbers whose remainder is 0 are never issued.

    Source:
        Circular 105/2020/TT-BTC art. 5. The two first digits are the tax office's; here the
        position of the province stands in for its list, which is not published.
    """
    taken = np.array(sorted(reserved), dtype=np.int64)
    codes = np.zeros(len(office), dtype=np.int64)
    again = np.ones(len(office), dtype=np.bool_)
    while again.any():
        nine = office[again] * 10_000_000 + rng.integers(0, 10_000_000, int(again.sum()))
        codes[again] = np.where(_remainder(nine) == 0, 0, nine * 10 + 10 - _remainder(nine))
        _, first = np.unique(codes, return_index=True)
        again = np.ones(len(office), dtype=np.bool_)
        again[first] = False
        again |= (codes == 0) | np.isin(codes, taken)
    return codes


def _remainder(nine: Numbers) -> Numbers:
    total = np.zeros(len(nine), dtype=np.int64)
    for place, weight in enumerate(CHECK_WEIGHTS):
        total += nine // 10 ** (8 - place) % 10 * weight
    remainder: Numbers = total % 11
    return remainder


def _holdings(
    rng: np.random.Generator,
    legal_type: Numbers,
    parent: Numbers,
    members: tuple[Numbers, Numbers, Numbers],
    registered_on: Numbers,
) -> Holdings:
    firm, person, total = members
    percent = _split(rng, firm, total)
    rows = np.flatnonzero(parent != _NOBODY)
    reserve = np.where(legal_type[rows] == JSC, _RESERVE, 0)
    above = 100 - total[rows] - reserve
    above_since = np.maximum(registered_on[rows], registered_on[parent[rows]])
    one, other = _draw_cycles(rng, legal_type, parent)
    cross = np.concatenate([one, other])
    crossing = np.concatenate([other, one])
    cross_since = np.maximum(registered_on[cross], registered_on[crossing])
    nobody = np.full(len(rows) + len(cross), _NOBODY, dtype=np.int64)
    return Holdings(
        firm=np.concatenate([firm, rows, cross]),
        person=np.concatenate([person, nobody]),
        owner_firm=np.concatenate([np.full(len(firm), _NOBODY), parent[rows], crossing]),
        percent=np.concatenate([percent, above, rng.integers(3, _RESERVE, len(cross))]),
        since=np.concatenate([registered_on[firm], above_since, cross_since]),
    )


def _split(rng: np.random.Generator, firm: Numbers, total: Numbers) -> Numbers:
    """Part the whole of each firm into whole percents, one at least for everybody."""
    many = np.bincount(firm, minlength=len(total))
    weight = rng.random(len(firm)) + 0.05
    whole = np.bincount(firm, weights=weight, minlength=len(total))
    free = total - many
    percent = 1 + np.floor(weight / whole[firm] * free[firm]).astype(np.int64)
    given = np.bincount(firm, weights=percent, minlength=len(total)).astype(np.int64)
    starts = np.searchsorted(firm, np.arange(len(total)))
    has = np.flatnonzero(many > 0)
    percent[starts[has]] += total[has] - given[has]
    return percent


def _draw_cycles(
    rng: np.random.Generator, legal_type: Numbers, parent: Numbers
) -> tuple[Numbers, Numbers]:
    """Choose pairs of joint stock companies that hold a little of each other."""
    companies = np.flatnonzero((legal_type == JSC) & (parent == _NOBODY))
    pairs = min(max(1, len(legal_type) // _CYCLES_PER), len(companies) // 2)
    chosen = rng.permutation(companies)[: 2 * pairs]
    return chosen[:pairs], chosen[pairs:]


def _draw_statuses(
    rng: np.random.Generator, registered_on: Numbers, parent: Numbers
) -> tuple[Numbers, Numbers]:
    count = len(registered_on)
    status = 1 + draws.pick(rng, _STATUS_WEIGHTS, count)
    is_needed = np.zeros(count, dtype=np.bool_)
    is_needed[parent[parent != _NOBODY]] = True
    is_young = registered_on > _TODAY - 700
    # Some of each status, whatever the size of the country.
    old = np.flatnonzero(~is_young & ~is_needed)
    status[is_young | is_needed] = 1
    status[old[: len(_EACH_STATUS)]] = _EACH_STATUS[: len(old)]
    lowest = np.where(
        np.isin(status, (SUSPENDED, WINDING_UP)),
        np.maximum(_TODAY - 150, registered_on),
        np.maximum(_TODAY - 1800, registered_on + 300),
    )
    since = draws.between(rng, lowest, np.full(count, _TODAY - 10))
    return status, np.where(status == 1, registered_on, since)


def _draw_mergers(
    rng: np.random.Generator, status: Numbers, since: Numbers, registered_on: Numbers
) -> Numbers:
    """Let some of the firms that ended have gone into an operating one."""
    merged = np.full(len(status), _NOBODY, dtype=np.int64)
    ended = np.flatnonzero(status == ENDED)
    chosen: Flags = rng.random(len(ended)) < _MERGED_SHARE
    chosen[:1] = True
    operating = np.flatnonzero((status == 1) & (registered_on < _TODAY - 2200))
    if len(operating):
        rows = ended[chosen]
        into = rng.choice(operating, len(rows))
        fits = since[rows] > registered_on[into]
        merged[rows[fits]] = into[fits]
    return merged

"""The persons: origin, ethnic group, names, numbers and papers, on top of the households."""

from dataclasses import dataclass

import numpy as np

from sample_country import draws, names
from sample_country.draws import Flags, Numbers
from sample_country.geography import REFORM, Geography
from sample_country.households import CHILD, HEAD, REFERENCE_DAY, SPOUSE, Structure
from sample_country.names import MALE, Names

DAY, MONTH, YEAR = 0, 1, 2
_TODAY = draws.day_number(REFERENCE_DAY)
_REFORM_DAY = draws.day_number(REFORM)
_SAME_ORIGIN = 0.85
_YEAR_ONLY_BEFORE, _YEAR_ONLY_SHARE = 1962, 0.35
_MONTH_ONLY_BEFORE, _MONTH_ONLY_SHARE = 1975, 0.005
_OLD_CARD_BEFORE, _OLD_CARD_RARE_FROM = 2003, 1991
_SHARED_OLD_CARDS = 0.0005
_SERIALS = 1_000_000


@dataclass(frozen=True)
class Persons:
    """The persons as columns, in the order of the structure.

    Args:
        structure: who lives with whom.
        born: first day that the date of birth can mean.
        precision: day, month or year.
        home: old commune (a position) of the household, by household.
        new_home: new commune of the household, by household.
        birthplace: old commune of birth registration; meaningless for those born after the reform.
        native: old commune of the native place.
        ethnicity: number of the ethnic group.
        name: names, part by part.
        pin: personal number as a whole number.
        old_card: nine-digit card number, -1 where there is none.
    """

    structure: Structure
    born: Numbers
    precision: Numbers
    home: Numbers
    new_home: Numbers
    birthplace: Numbers
    native: Numbers
    ethnicity: Numbers
    name: Names
    pin: Numbers
    old_card: Numbers

    @property
    def is_born_after_reform(self) -> Flags:
        """Tell who was born under the new communes."""
        flags: Flags = self.born >= _REFORM_DAY
        return flags


def draw(
    rng: np.random.Generator,
    structure: Structure,
    places: Geography,
    *,
    reserved_pins: frozenset[int] = frozenset(),
) -> Persons:
    """Draw everything that belongs to a person alone.

    Args:
        rng: source of randomness.
        structure: who lives with whom.
        places: provinces and communes.
        reserved_pins: numbers that nobody drawn here may bear.
    """
    home, new_home = _draw_homes(rng, structure, places)
    birth_province, native = _draw_origins(rng, structure, places, home)
    same_home = places.commune_province[home[structure.household]] == birth_province
    birthplace = np.where(
        same_home & (structure.role == CHILD),
        home[structure.household],
        places.draw_communes(rng, birth_province),
    )
    born, precision = _blur(rng, structure.born)
    ethnicity = _draw_ethnicities(rng, structure, places, birth_province)
    return Persons(
        structure=structure,
        born=born,
        precision=precision,
        home=home,
        new_home=new_home,
        birthplace=birthplace,
        native=native,
        ethnicity=ethnicity,
        name=_draw_names(rng, structure, ethnicity, places.region[birth_province], born),
        pin=_draw_pins(
            rng,
            _origin_codes(structure, places, born, new_home, birth_province),
            structure.sex,
            draws.years_of(born),
            reserved_pins,
        ),
        old_card=_draw_old_cards(rng, born),
    )


def _draw_homes(
    rng: np.random.Generator, structure: Structure, places: Geography
) -> tuple[Numbers, Numbers]:
    number = int(structure.household[-1]) + 1
    home = places.draw_communes(rng, draws.pick(rng, places.people, number))
    return home, places.draw_successors(rng, home)


def _draw_origins(
    rng: np.random.Generator, structure: Structure, places: Geography, home: Numbers
) -> tuple[Numbers, Numbers]:
    """Draw where births were registered, and the native place: that of the head's family."""
    home_province = places.commune_province[home]
    head_origin = places.draw_origins(rng, home_province)
    native_commune = places.draw_communes(rng, head_origin)
    own_home, own_head = home_province[structure.household], head_origin[structure.household]
    is_elsewhere = (structure.role == SPOUSE) & (rng.random(structure.count) > _SAME_ORIGIN)
    province = np.where(
        structure.role == CHILD, own_home, np.where(is_elsewhere, own_home, own_head)
    )
    native = native_commune[structure.household]
    spouse_native = places.draw_communes(rng, province)
    return province, np.where(structure.role == SPOUSE, spouse_native, native)


def _draw_ethnicities(
    rng: np.random.Generator, structure: Structure, places: Geography, province: Numbers
) -> Numbers:
    """Give a household one ethnic group, that of its head; a few spouses are of another one."""
    heads = structure.role == HEAD
    by_household = places.draw_ethnicities(rng, province[heads])
    own = by_household[structure.household]
    is_mixed = (structure.role == SPOUSE) & (rng.random(structure.count) < 0.06)
    own[is_mixed] = places.draw_ethnicities(rng, province[is_mixed])
    return own


def _blur(rng: np.random.Generator, born: Numbers) -> tuple[Numbers, Numbers]:
    """Let some old records know the year or the month of birth only."""
    years = draws.years_of(born)
    luck = rng.random(len(born))
    year_only = (years < _YEAR_ONLY_BEFORE) & (luck < _YEAR_ONLY_SHARE)
    month_only = ~year_only & (years < _MONTH_ONLY_BEFORE) & (luck > 1 - _MONTH_ONLY_SHARE)
    months = born.astype("datetime64[D]").astype("datetime64[M]").astype("datetime64[D]")
    known = np.where(
        year_only, draws.first_days(years), np.where(month_only, months.astype(np.int64), born)
    )
    return known, np.select([year_only, month_only], [YEAR, MONTH], DAY)


def _draw_names(
    rng: np.random.Generator,
    structure: Structure,
    ethnicity: Numbers,
    region: Numbers,
    born: Numbers,
) -> Names:
    family = names.draw_families(rng, ethnicity=ethnicity, region=region, sex=structure.sex)
    own = family.copy()
    by_mother = names.is_inherited_from_mother(ethnicity)
    # Twice: heads inherit from their parents first, children from the head afterwards.
    takes_mother = (by_mother & (structure.mother >= 0)) | (structure.father < 0)
    giver = np.where(takes_mother, structure.mother, structure.father)
    for heirs in (structure.role == HEAD, structure.role == CHILD):
        rows = np.flatnonzero(heirs & (giver >= 0))
        own[rows] = own[giver[rows]]
    by_sex = names.is_family_word_by_sex(ethnicity)
    own[by_sex] = family[by_sex]
    return names.complete(
        rng, own, ethnicity=ethnicity, sex=structure.sex, birth_year=draws.years_of(born)
    )


def _origin_codes(
    structure: Structure,
    places: Geography,
    born: Numbers,
    new_home: Numbers,
    birth_province: Numbers,
) -> Numbers:
    """Give the first three digits: the province before the reform, its new code after."""
    old = places.province_code.astype(np.int64)[birth_province]
    new = places.new_province[new_home[structure.household]].astype(np.int64)
    codes: Numbers = np.where(born >= _REFORM_DAY, new, old)
    return codes


def _draw_pins(
    rng: np.random.Generator,
    origin: Numbers,
    sex: Numbers,
    years: Numbers,
    reserved: frozenset[int],
) -> Numbers:
    century_and_sex = 2 * ((years - 1900) // 100) + np.where(sex == MALE, 0, 1)
    stem = ((origin * 10 + century_and_sex) * 100 + years % 100) * _SERIALS
    pins = stem + rng.integers(0, _SERIALS, len(stem))
    taken = np.array(sorted(reserved), dtype=np.int64)
    while True:
        _, first = np.unique(pins, return_index=True)
        again = np.ones(len(pins), dtype=np.bool_)
        again[first] = False
        again |= np.isin(pins, taken)
        if not again.any():
            return pins
        pins[again] = stem[again] + rng.integers(0, _SERIALS, int(again.sum()))


def _draw_old_cards(rng: np.random.Generator, born: Numbers) -> Numbers:
    """Draw nine-digit numbers; a few of them belong to two persons, as they do in the world."""
    years = draws.years_of(born)
    share = np.select([years < _OLD_CARD_RARE_FROM, years < _OLD_CARD_BEFORE], [0.88, 0.5], 0.0)
    has_card = rng.random(len(born)) < share
    cards = np.where(has_card, rng.integers(10_000_000, 400_000_000, len(born)), -1)
    holders = np.flatnonzero(has_card)
    if len(holders) > 1:
        pairs = max(1, int(len(holders) * _SHARED_OLD_CARDS))
        cards[rng.choice(holders, pairs)] = cards[rng.choice(holders, pairs)]
    return cards

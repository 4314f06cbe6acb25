"""Drawing a whole country from a size and a seed: people first, then what refers to them."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from databases.code_lists import catalogue as catalogues
from sample_country import (
    cast_numbers,
    errors,
    estates,
    firm_names,
    firms,
    geography,
    households,
    inconsistencies,
    lives,
    participation,
    people,
    planted_finance,
    planted_insurance,
    planted_land,
    treasury,
)
from sample_country.columns import Column
from sample_country.estates import Estates
from sample_country.firms import Firms
from sample_country.geography import Districts, Geography
from sample_country.inconsistencies import Inconsistency
from sample_country.lives import Lives
from sample_country.people import Persons
from sample_country.planted_insurance import InsuranceBook
from sample_country.treasury import Purse

SMALLEST, LARGEST = 100, 2_000_000


class Topic(IntEnum):
    """What is drawn with randomness of its own; a new topic takes the next number, for good."""

    PEOPLE = 0
    POPULATION_FRAMES = 1
    FIRMS = 2
    FIRM_FRAMES = 3
    FIRM_NAMES = 4
    ESTATES = 5
    LAND_FRAMES = 6
    LAND_INCONSISTENCIES = 7
    PARTICIPATION = 8
    INSURANCE_FRAMES = 9
    INSURANCE_INCONSISTENCIES = 10
    TREASURY = 11
    FINANCE_FRAMES = 12
    FINANCE_INCONSISTENCIES = 13
    LAND_FORM = 14
    DIRTY_COPIES = 15


@dataclass(frozen=True)
class Country:
    """A drawn country, from which `chapters` make the frames of each register.

    The same size and seed give the same country. Each topic has randomness of its
    own (`randomness`), so that a further register does not alter the ones before it.

    Args:
        size: number of persons.
        seed: the seed.
        places: provinces and communes.
        persons: the persons; their rows are what the other columns refer to.
        events: marriages, losses and moves.
        all_firms: the firms; firm_names: their names.
        all_estates: the parcels and who holds them, as the land register has it.
        insured: the participants of insurance, as the insurance register has them.
        purse: taxpayers, duties and assets, as the finance register has them.
        districts: those that ended with the reform.
        planted: what knowingly disagrees between the registers.
    """

    size: int
    seed: int
    places: Geography
    persons: Persons
    events: Lives
    all_firms: Firms
    firm_names: Column
    all_estates: Estates
    insured: InsuranceBook
    purse: Purse
    districts: Districts
    planted: tuple[Inconsistency, ...]

    def randomness(self, topic: Topic) -> np.random.Generator:
        """Give the source of randomness of a topic."""
        return randomness(self.size, self.seed, topic)


def randomness(size: int, seed: int, topic: Topic) -> np.random.Generator:
    """Make the source of randomness of one topic of one country."""
    return np.random.default_rng([seed, size, topic])


def generate(catalogue: catalogues.Catalogue, *, size: int, seed: int) -> Country:
    """Draw a country.

    Args:
        catalogue: code lists with provinces and communes of both vintages.
        size: number of persons.
        seed: any whole number from 0 on.

    Raises:
        ImpossibleSize: the size is outside of what the sample is made for, or the seed negative.
    """
    if not SMALLEST <= size <= LARGEST or seed < 0:
        raise errors.ImpossibleSize(
            f"Choose a size from {SMALLEST} to {LARGEST} persons and a seed from 0 on."
        )
    places = geography.build(catalogue)
    rng = randomness(size, seed, Topic.PEOPLE)
    structure = households.build(rng, size)
    persons = people.draw(rng, structure, places, reserved_pins=cast_numbers.RESERVED_PINS)
    events = lives.draw(rng, persons, places)
    all_firms = firms.draw(
        randomness(size, seed, Topic.FIRMS),
        persons,
        events,
        places,
        reserved_codes=cast_numbers.RESERVED_CODES,
    )
    drawn_people = inconsistencies.People(persons, events, all_firms)
    all_estates, in_land = planted_land.plant(
        randomness(size, seed, Topic.LAND_INCONSISTENCIES),
        drawn_people,
        estates.draw(randomness(size, seed, Topic.ESTATES), persons, events, places, all_firms),
    )
    insured, in_insurance = planted_insurance.plant(
        randomness(size, seed, Topic.INSURANCE_INCONSISTENCIES),
        drawn_people,
        participation.draw(
            randomness(size, seed, Topic.PARTICIPATION), persons, events, places, all_firms
        ),
    )
    purse, in_finance = planted_finance.plant(
        randomness(size, seed, Topic.FINANCE_INCONSISTENCIES),
        drawn_people,
        all_estates,
        treasury.draw(
            randomness(size, seed, Topic.TREASURY), persons, events, all_firms, all_estates
        ),
    )
    return Country(
        size=size,
        seed=seed,
        places=places,
        persons=persons,
        events=events,
        all_firms=all_firms,
        firm_names=firm_names.draw(randomness(size, seed, Topic.FIRM_NAMES), all_firms),
        all_estates=all_estates,
        insured=insured,
        purse=purse,
        districts=geography.list_districts(catalogue),
        planted=(*in_land, *in_insurance, *in_finance),
    )

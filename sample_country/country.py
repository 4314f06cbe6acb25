"""Drawing a whole country from a size and a seed: people first, then what refers to them."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from databases.code_lists import catalogue as catalogues
from sample_country import cast_numbers, errors, firms, geography, households, lives, people
from sample_country.firms import Firms
from sample_country.geography import Geography
from sample_country.lives import Lives
from sample_country.people import Persons

SMALLEST, LARGEST = 100, 2_000_000


class Topic(IntEnum):
    """What is drawn with randomness of its own; a new topic takes the next number, for good."""

    PEOPLE = 0
    POPULATION_FRAMES = 1
    FIRMS = 2
    FIRM_FRAMES = 3


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
        all_firms: the firms.
    """

    size: int
    seed: int
    places: Geography
    persons: Persons
    events: Lives
    all_firms: Firms

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
    return Country(size, seed, places, persons, events, all_firms)

"""Drawing a whole country from a size and a seed; other registers extend the same one."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from databases.code_lists import catalogue as catalogues
from sample_country import (
    cast_numbers,
    errors,
    firm_frames,
    firms,
    geography,
    households,
    lives,
    people,
    population_frames,
)
from sample_country.columns import Frame
from sample_country.firms import Firms
from sample_country.geography import Geography
from sample_country.lives import Lives
from sample_country.people import Persons

SMALLEST, LARGEST = 100, 2_000_000
_PEOPLE, _POPULATION_FRAMES, _FIRMS, _FIRM_FRAMES = range(4)


@dataclass(frozen=True)
class Country:
    """A drawn country: columns to extend it by, frames to load it from.

    The same size and seed give the same frames, byte for byte. Each topic has randomness of its
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

    def randomness(self, topic: int) -> np.random.Generator:
        """Give the source of randomness of a topic."""
        return randomness(self.size, self.seed, topic)

    def population(self) -> Mapping[str, Frame]:
        """Make the frames of the population register, by name of the table."""
        rng = self.randomness(_POPULATION_FRAMES)
        return population_frames.build(rng, self.persons, self.events, self.places)

    def enterprise(self) -> Mapping[str, Frame]:
        """Make the frames of the enterprise register, by name of the table."""
        rng = self.randomness(_FIRM_FRAMES)
        return firm_frames.build(rng, self.all_firms, self.persons, self.places)


def randomness(size: int, seed: int, topic: int) -> np.random.Generator:
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
    rng = randomness(size, seed, _PEOPLE)
    structure = households.build(rng, size)
    persons = people.draw(rng, structure, places, reserved_pins=cast_numbers.RESERVED_PINS)
    events = lives.draw(rng, persons, places)
    all_firms = firms.draw(
        randomness(size, seed, _FIRMS),
        persons,
        events,
        places,
        reserved_codes=cast_numbers.RESERVED_CODES,
    )
    return Country(size, seed, places, persons, events, all_firms)

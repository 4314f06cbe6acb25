"""The chapters of the sample country, one for each register, in the order of their telling.

A later chapter refers to the people and firms of those before it: its part of `country.Country` is
drawn after theirs, its cast acts after theirs.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from sample_country import (
    cast_finance,
    cast_firms,
    cast_insurance,
    cast_land,
    cast_people,
    finance_frames,
    firm_frames,
    insurance_frames,
    land_frames,
    population_frames,
)
from sample_country.columns import Frame
from sample_country.country import Country


@dataclass(frozen=True)
class Chapter:
    """What a register holds of the sample country.

    Args:
        register: name of the register.
        enact_cast: writes the few of whom the documentation tells, by acts of the register's
            service; gives the number of the last change.
        build_frames: makes the rows of the many, by name of the table.
    """

    register: str
    enact_cast: Callable[[Session], int]
    build_frames: Callable[[Country], Mapping[str, Frame]]


def _no_cast(_session: Session) -> int:
    return 0


def _no_frames(_drawn: Country) -> Mapping[str, Frame]:
    return {}


CHAPTERS = (
    Chapter("population", cast_people.enact, population_frames.build),
    Chapter("enterprise", cast_firms.enact, firm_frames.build),
    Chapter("land", cast_land.enact, land_frames.build),
    Chapter("insurance", cast_insurance.enact, insurance_frames.build),
    Chapter("finance", cast_finance.enact, finance_frames.build),
    # Statistics are computed from what the corridor answers once the country is loaded.
    Chapter("population_statistics", _no_cast, _no_frames),
)

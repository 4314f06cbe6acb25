"""Budget units: kinds, levels, chapters and places."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class UnitKind(StrEnum):
    """Kinds of units that receive a budget code (Circular 185/2015/TT-BTC)."""

    ESTIMATE_UNIT = "estimate_unit"
    PROJECT = "project"
    OTHER = "other"


class Level(StrEnum):
    """Levels of the state budget; there is no district budget from budget year 2026 on."""

    CENTRAL = "1"
    PROVINCE = "2"
    DISTRICT = "3"
    COMMUNE = "4"


@dataclass(frozen=True, slots=True)
class ChapterBand:
    """The chapters of one budget level.

    Args:
        first, last: lowest and highest chapter.
        last_year: last budget year in which the band exists; None while it does.
    """

    level: Level
    first: int
    last: int
    last_year: int | None


@dataclass(frozen=True, slots=True)
class Place:
    """A place by codes; commune and province are of the same version of the list."""

    province_code: str
    commune_code: str | None = None
    commune_version: str = "19/2025"


@dataclass(frozen=True, slots=True)
class BudgetUnit:
    """A unit with a budget code, as the finance authority registers it.

    Args:
        unit_code: seven digits, for life.
        chapter_code: in the nomenclature of the year of the day it is read for.
        tax_code: ten-digit code of the unit as a taxpayer.
        agency_code: electronic identification code of the agency.
        closed_on: first day on which the unit exists no more.
    """

    unit_code: str
    name_vi: str
    kind: UnitKind
    level: Level
    chapter_code: str
    place: Place
    opened_on: date
    parent_unit_code: str | None = None
    agency_code: str | None = None
    tax_code: str | None = None
    closed_on: date | None = None

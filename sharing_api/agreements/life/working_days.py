"""Working days of state agencies: the clock that runs on a proposal."""

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from databases import periods
from sharing_api.agreements.life import errors

# Decree 194/2025/NĐ-CP art. 40 (amending): an account for connection is made within two working
# days of the request, or refused with reason; in force from 2025-08-19. Read in reports of the
# decree, not in its text. That a proposal of an agreement is such a request is our reading.
DAYS_TO_ANSWER = 2
_FOLDER = Path(__file__).parent / "holidays"
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Year:
    """What departs from the week in one year.

    Args:
        off: working days of the week that are holidays or taken off in exchange.
        worked: days of the weekend that are worked in exchange.
    """

    off: frozenset[date]
    worked: frozenset[date]


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day for an answer.

    Args:
        day: an answer on it is still in time.
        years_without_data: in which only weekends were counted as free, so that the day may be too
            early.
    """

    day: date
    years_without_data: tuple[int, ...] = ()


@functools.cache
def load_years() -> Mapping[int, Year]:
    """Read the years that there are data of.

    Raises:
        HolidaysUnsound: a day off lies on a weekend, a day worked does not, or outside its year.
    """
    return {int(path.stem): _read(path) for path in sorted(_FOLDER.glob("*.toml"))}


def is_working_day(day: date, years: Mapping[int, Year]) -> bool:
    """Test whether state agencies work on a day; without data of its year weekends alone are free.

    Source:
        Labour Code 45/2019/QH14 art. 112 (holidays), in force from 2021-01-01; the days of a year
        by the yearly notices that its file names.
    """
    year = years.get(day.year)
    if day.weekday() >= _SATURDAY:
        return year is not None and day in year.worked
    return year is None or day not in year.off


def find_deadline(proposed_at: datetime, days: int = DAYS_TO_ANSWER) -> Deadline:
    """Find the last day for an answer: the n-th working day after the day of the proposal.

    Args:
        proposed_at: moment with zone; its day is that of Viet Nam.

    Source:
        Civil Code 91/2015/QH13 art. 147 cl. 2 and art. 148 cl. 5 (the first day is not counted; a
        term ends with the last moment of its last working day), in force from 2017-01-01.
    """
    years = load_years()
    day = periods.day_in_vietnam(proposed_at)
    unknown: dict[int, None] = {}
    while days:
        day += timedelta(days=1)
        if day.year not in years:
            unknown[day.year] = None
        days -= is_working_day(day, years)
    return Deadline(day, tuple(unknown))


def _read(path: Path) -> Year:
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    off = frozenset(one["day"] for one in content["off"])
    worked = frozenset(one["day"] for one in content.get("worked", ()))
    wrong = [one for one in off if one.weekday() >= _SATURDAY]
    wrong += [one for one in worked if one.weekday() < _SATURDAY]
    wrong += [one for one in off | worked if str(one.year) != path.stem]
    if wrong:
        raise errors.HolidaysUnsound(f"{path.name} has days that are none of its kind.")
    return Year(off, worked)

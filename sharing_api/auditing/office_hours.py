"""When state offices work in Viet Nam, as dated data. Pure.

The exact hours are set by each province and season, within the working week; 7:00 to 18:00
takes them all in, so that only what no office does counts as outside. Agencies that work in shifts
are known by what they did before (`rules.out_of_hours`).
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from databases import periods
from databases.law import Confidence
from sharing_api.agreements.life import working_days


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """The hours of state offices on a working day, from a day on.

    Args:
        opens, closes: in the time of Viet Nam, half-open.
        valid_from, valid_to: half-open.
    """

    opens: time
    closes: time
    valid_from: date
    valid_to: date | None
    source: str
    confidence: Confidence


OFFICE_HOURS: tuple[OfficeHours, ...] = (
    OfficeHours(
        opens=time(7),
        closes=time(18),
        valid_from=date(1999, 10, 2),
        valid_to=None,
        source="Decision 188/1999/QĐ-TTg: a week of forty hours; the hours of the day are our "
        "reading",
        confidence="medium",
    ),
)


def on(day: date) -> OfficeHours:
    """Give the hours that hold on a day; before the first one, the first."""
    for one in reversed(OFFICE_HOURS):
        if one.valid_from <= day and (one.valid_to is None or day < one.valid_to):
            return one
    return OFFICE_HOURS[0]


@dataclass(frozen=True, slots=True)
class OpenDay:
    """A day on which state offices work, and when.

    Args:
        opens, closes: moments, half-open.
    """

    day: date
    opens: datetime
    closes: datetime


def list_open_days(first: date, last: date) -> list[OpenDay]:
    """List the days from one to another, both included, on which state offices work.

    Holidays, and days worked in exchange, are those of `agreements/life/holidays`; of years without
    data weekends alone are free.
    """
    years = working_days.load_years()
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [
        OpenDay(
            day,
            datetime.combine(day, on(day).opens, periods.VIETNAM),
            datetime.combine(day, on(day).closes, periods.VIETNAM),
        )
        for day in days
        if working_days.is_working_day(day, years)
    ]

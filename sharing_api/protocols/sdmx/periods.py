"""Time periods as SDMX writes them, as the days that they begin and end on. Pure."""

import calendar
import re
from datetime import date, timedelta

from sharing_api.protocols.sdmx import errors

_PARTS = {"A": 1, "S": 2, "T": 3, "Q": 4, "M": 12}
_MONTHS = {"A": 12, "S": 6, "T": 4, "Q": 3, "M": 1}
_PERIOD = re.compile(
    r"(?P<year>[12][0-9]{3})"
    r"(?:-(?:(?P<month>[01][0-9])(?:-(?P<day>[0-3][0-9]))?|(?P<kind>[ASTQM])(?P<part>[0-9]{1,2})))?",
    re.ASCII,
)


def read(text: str, place: str) -> tuple[date, date]:
    """Give the first and the last day of a time period.

    Years, months, days, and reporting periods of a year that begins in January.
    Source: SDMX 2.1 section 6 (technical notes), 4.2 "Time and time format".

    Args:
        place: part of the query, for the refusal.

    Raises:
        QueryNotParsed: it is no time period.

    >>> read("2026-Q2", "startPeriod")
    (datetime.date(2026, 4, 1), datetime.date(2026, 6, 30))
    """
    found = _PERIOD.fullmatch(text)
    try:
        if found:
            return _days(found)
    except ValueError:
        pass
    raise errors.QueryNotParsed.of_field(
        place, "sdmx.period", "Write a period like 2026, 2026-05, 2026-05-31 or 2026-Q2."
    )


def _days(found: re.Match[str]) -> tuple[date, date]:
    year = int(found["year"])
    if found["day"]:
        day = date(year, int(found["month"]), int(found["day"]))
        return day, day
    if found["month"]:
        return _months(year, int(found["month"]), 1)
    if found["kind"]:
        part, length = int(found["part"]), _MONTHS[found["kind"]]
        if not 1 <= part <= _PARTS[found["kind"]]:
            raise ValueError(part)
        return _months(year, (part - 1) * length + 1, length)
    return _months(year, 1, 12)


def _months(year: int, first: int, count: int) -> tuple[date, date]:
    last = first + count - 1
    return date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1])


def day_before(day: date) -> date:
    """Give the day before: for conditions that leave a period out."""
    return day - timedelta(days=1)


def day_after(day: date) -> date:
    """Give the day after: for conditions that leave a period out."""
    return day + timedelta(days=1)

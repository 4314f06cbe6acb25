"""Periods of days and dates known only to the month or the year. Pure."""

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from enum import StrEnum

from sqlalchemy.dialects.postgresql import Range

from databases import errors

VIETNAM = timezone(timedelta(hours=7))
_WRITTEN = re.compile(r"^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$", re.ASCII)


class ImpossibleDate(errors.Invalid):
    """A date that the calendar does not have, or that is written in another form."""

    code = "period.impossible_date"


class ImpossiblePeriod(errors.Invalid):
    """A period that ends before or on the day it starts."""

    code = "period.impossible_period"


def day_in_vietnam(moment: datetime) -> date:
    """Give the day in Viet Nam at a moment: law, agreements and validity count in its days."""
    return moment.astimezone(VIETNAM).date()


class Precision(StrEnum):
    """How much of a date is known."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


def period(start: date | None, end: date | None = None) -> Range[date]:
    """Make the half-open period [start, end); `None` means without limit.

    Raises:
        ImpossiblePeriod: the end is not after the start.

    >>> str(period(date(2025, 7, 1)).lower)
    '2025-07-01'
    """
    if start is not None and end is not None and end <= start:
        raise ImpossiblePeriod("A period must end after the day on which it starts.")
    return Range(start, end, bounds="[)")


def intersection(left: Range[date], right: Range[date]) -> Range[date] | None:
    """Give the days that two half-open periods share, or None."""
    common = left.intersection(right) if left.overlaps(right) else None
    return None if common is None or common.empty else common


def remainders(whole: Range[date], cut: Range[date]) -> tuple[Range[date], ...]:
    """Give what is left of `whole` when `cut` is taken out: none, one or two periods, in order.

    >>> [str(p.upper) for p in remainders(period(date(2020,1,1)), period(date(2021,1,1)))]
    ['2021-01-01']
    """
    parts: list[Range[date]] = []
    if cut.lower is not None and (whole.lower is None or whole.lower < cut.lower):
        parts.append(Range(whole.lower, cut.lower, bounds="[)"))
    if cut.upper is not None and (whole.upper is None or cut.upper < whole.upper):
        parts.append(Range(cut.upper, whole.upper, bounds="[)"))
    return tuple(parts)


def without(whole: Range[date], cuts: Iterable[Range[date]]) -> list[Range[date]]:
    """Give what is left of `whole` when all cuts are taken out, in order.

    >>> year = period(date(2020, 1, 1), date(2021, 1, 1))
    >>> [str(p.lower) for p in without(year, [period(date(2019, 1, 1), date(2020, 7, 1))])]
    ['2020-07-01']
    >>> without(year, [period(date(2021, 1, 1))]) == [year]
    True
    """
    left = [whole]
    for cut in cuts:
        left = [
            part for one in left for part in (remainders(one, cut) if one.overlaps(cut) else (one,))
        ]
    return left


@dataclass(frozen=True, slots=True, order=True)
class PartialDate:
    """A date known to the day, the month or the year.

    Args:
        earliest: first day that the written date can mean.
        precision: what was written; the rest of `earliest` is not information.
    """

    earliest: date
    precision: Precision = Precision.DAY

    @classmethod
    def parse(cls, text: str) -> "PartialDate":
        """Read YYYY, YYYY-MM or YYYY-MM-DD.

        Raises:
            ImpossibleDate: another form, or no such day.

        >>> PartialDate.parse("1984").precision
        <Precision.YEAR: 'year'>
        >>> str(PartialDate.parse("1984-02-29"))
        '1984-02-29'
        """
        match = _WRITTEN.match(text)
        if match is None:
            raise ImpossibleDate("Write a date as YYYY, YYYY-MM or YYYY-MM-DD.")
        year, month, day = match.groups()
        try:
            earliest = date(int(year), int(month or 1), int(day or 1))
        except ValueError as error:
            raise ImpossibleDate("The calendar has no such day.") from error
        known = Precision.DAY if day else Precision.MONTH if month else Precision.YEAR
        return cls(earliest, known)

    @property
    def latest(self) -> date:
        """Last day that the written date can mean (inclusive)."""
        if self.precision is Precision.YEAR:
            return date(self.earliest.year, 12, 31)
        if self.precision is Precision.MONTH:
            last = calendar.monthrange(self.earliest.year, self.earliest.month)[1]
            return self.earliest.replace(day=last)
        return self.earliest

    def __str__(self) -> str:
        """Write only what is known."""
        return self.earliest.isoformat()[: {"day": 10, "month": 7, "year": 4}[self.precision]]


def full_years(since: date, on: date) -> int:
    """Count the whole years from a day to another; a 29 February counts on 1 March.

    >>> full_years(date(2007, 7, 1), date(2025, 6, 30))
    17
    """
    return on.year - since.year - ((on.month, on.day) < (since.month, since.day))


def anniversary(day: date, years: int) -> date:
    """Give the same day some years later; a 29 February gives 1 March where there is none.

    >>> str(anniversary(date(2024, 2, 29), 1))
    '2025-03-01'
    """
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)

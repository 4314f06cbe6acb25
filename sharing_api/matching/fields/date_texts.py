"""Reading days as they are written: in six orders, with a month in letters, or the year alone."""

import re
from collections.abc import Sequence

Parts = tuple[int, int, int]  # year, month, day; 0 where unknown

UNKNOWN: Parts = (0, 0, 0)
_NUMBERS = re.compile(r"\d+")
_NAMED = re.compile(r"[^a-z0-9]*(\d{1,2})[ \-/.]*([a-z]{3})[a-z]*[ \-/.,]*(\d{2,4})", re.IGNORECASE)
_MONTH_NAMES = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_THIS_CENTURY_UP_TO = 30  # of years written with two digits
_EARLIEST, _LATEST = 1000, 2200


def read_all(texts: Sequence[str]) -> list[Parts]:
    """Read the dates of one column; day or month comes first as the column as a whole shows.

    >>> read_all(["25/12/1985", "1985", "03/1985", "1985-03-12", "", "19850312"])
    [(1985, 12, 25), (1985, 0, 0), (1985, 3, 0), (1985, 3, 12), (0, 0, 0), (1985, 3, 12)]
    >>> read_all(["12/25/1985", "03/04/1985", "1-Mar-85", "0000-00-00", "1985-02-31T00:00:00"])
    [(1985, 12, 25), (1985, 3, 4), (1985, 3, 1), (0, 0, 0), (1985, 2, 31)]
    >>> read_all(["1985 3 12", "3 12", "85", "12.3.85", "1985-3"])
    [(1985, 3, 12), (0, 0, 0), (0, 0, 0), (1985, 3, 12), (1985, 3, 0)]
    """
    found = [_numbers_of(text) for text in texts]
    month_first = _is_month_first(found)
    return [_read(parts, month_first=month_first) for parts in found]


def _numbers_of(text: str) -> list[str]:
    named = _NAMED.match(text)
    if named and named[2].lower() in _MONTH_NAMES:
        month = _MONTH_NAMES.index(named[2].lower()) + 1
        return [str(_full_year(named[3])), f"{month:02d}", named[1]]
    day = text.strip()
    if len(day) > 10:  # a moment: only its day counts
        day = re.split(r"[T ]", day, maxsplit=1)[0]
    parts = _NUMBERS.findall(day)
    if len(parts) == 1 and len(parts[0]) == 8:
        whole = parts[0]
        if 1800 <= int(whole[:4]) <= 2100:
            return [whole[:4], whole[4:6], whole[6:]]
        return [whole[:2], whole[2:4], whole[4:]]
    if len(parts) == 1 and len(parts[0]) == 6:
        return [parts[0][:4], parts[0][4:]]
    return parts


def _full_year(digits: str) -> int:
    year = int(digits)
    if len(digits) > 2:
        return year
    return year + (2000 if year <= _THIS_CENTURY_UP_TO else 1900)


def _is_month_first(found: Sequence[Sequence[str]]) -> bool:
    day_first = month_first = 0
    for parts in found:
        if len(parts) == 3 and len(parts[0]) < 3:
            day_first += int(parts[0]) > 12
            month_first += int(parts[1]) > 12
    return month_first > day_first


def _read(parts: Sequence[str], *, month_first: bool) -> Parts:
    if not 1 <= len(parts) <= 3:
        return UNKNOWN
    year_first = len(parts[0]) == 4
    digits, *rest = parts if year_first else reversed(parts)
    if len(parts) < 3 and len(digits) < 4:
        return UNKNOWN  # nobody knows which part is the year
    year = _full_year(digits)
    numbers = [int(part) for part in rest]
    if len(numbers) == 2 and month_first and not year_first:
        numbers.reverse()
    month, day = [*numbers, 0, 0][:2]
    if month > 12 >= day > 0:  # only the other order makes sense
        month, day = day, month
    if not _EARLIEST <= year <= _LATEST:
        return UNKNOWN
    if not 1 <= month <= 12:
        return (year, 0, 0)
    return (year, month, day if 1 <= day <= 31 else 0)

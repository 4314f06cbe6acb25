"""Reading days as they are written: in six orders, with a month in letters, or the year alone."""

import re
from collections.abc import Sequence

Parts = tuple[int, int, int]  # year, month, day; 0 where unknown

UNKNOWN: Parts = (0, 0, 0)
_NUMBERS = re.compile(r"\d+")
_TIME = re.compile(r"[T ]\d{1,2}:\d\d.*$")
_MOST_DIGITS = 8
_NAMED = re.compile(r"[^a-z0-9]*(\d{1,2})[ \-/.]*([a-z]{3})[a-z]*[ \-/.,]*(\d{2,4})", re.IGNORECASE)
_MONTH_NAMES = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_THIS_CENTURY_UP_TO = 30  # of years written with two digits
_EARLIEST, _LATEST = 1000, 2200
_NOT_KNOWN = (0, 88, 99)  # days and months that stand for what nobody knows
_LAST = 99


def read_all(texts: Sequence[str], *, month_first: bool | None = None) -> list[Parts]:
    """Read the dates of one column; day or month comes first as the column as a whole shows.

    Args:
        texts: as written.
        month_first: whether the month comes first, where these texts are only some of a column.

    >>> read_all(["25/12/1985", "1985", "03/1985", "1985-03-12", "", "19850312"])
    [(1985, 12, 25), (1985, 0, 0), (1985, 3, 0), (1985, 3, 12), (0, 0, 0), (1985, 3, 12)]
    >>> read_all(["12/25/1985", "03/04/1985", "1-Mar-85", "0000-00-00", "1985-02-31T00:00:00"])
    [(1985, 12, 25), (1985, 3, 4), (1985, 3, 1), (0, 0, 0), (1985, 2, 31)]
    >>> read_all(["1985 3 12", "3 12", "85", "12.3.85", "1985-3"])
    [(1985, 3, 12), (0, 0, 0), (0, 0, 0), (1985, 3, 12), (1985, 3, 0)]
    >>> read_all(["Ngày 12 tháng 3 năm 1985", "Tháng 3/1985", "12 / 03 / 1985 00:00", "031985"])
    [(1985, 3, 12), (1985, 3, 0), (1985, 3, 12), (1985, 3, 0)]
    >>> read_all(["201185", "1/1/" + "9" * 5000, "1/1/99999"])
    [(1985, 11, 20), (0, 0, 0), (0, 0, 0)]

    What cannot be is kept as it was written, for it is one error of typing away from what is meant;
    0, 88 and 99 stand for what is not known.

    >>> read_all(["1985-16-01", "1985-04-56", "1985-00-12", "1985-04-99", "1985-99-99"])
    [(1985, 16, 1), (1985, 4, 56), (1985, 0, 0), (1985, 4, 0), (1985, 0, 0)]
    """
    found = [_numbers_of(text) for text in texts]
    if month_first is None:
        month_first = sum(map(_first_is_month, found)) > 0
    return [_read(parts, month_first=month_first) for parts in found]


def _numbers_of(text: str) -> list[str]:
    named = _NAMED.match(text)
    if named and named[2].lower() in _MONTH_NAMES:
        month = _MONTH_NAMES.index(named[2].lower()) + 1
        return [str(_full_year(named[3])), f"{month:02d}", named[1]]
    parts = _NUMBERS.findall(_TIME.sub("", text))
    if len(parts) == 1:
        return _split_digits(parts[0])
    return parts


def _split_digits(digits: str) -> list[str]:
    """Part what is written without signs: by which four digits can be a year."""
    if len(digits) == 8:
        if _is_year(digits[:4]):
            return [digits[:4], digits[4:6], digits[6:]]
        return [digits[:2], digits[2:4], digits[4:]]
    if len(digits) == 6:
        if _is_year(digits[:4]) and 1 <= int(digits[4:]) <= 12:
            return [digits[:4], digits[4:]]
        if _is_year(digits[2:]):
            return [digits[:2], digits[2:]]
        return [digits[:2], digits[2:4], digits[4:]]
    return [digits]


def _is_year(digits: str) -> bool:
    return 1800 <= int(digits) <= 2100


def _full_year(digits: str) -> int:
    year = int(digits)
    if len(digits) > 2:
        return year
    return year + (2000 if year <= _THIS_CENTURY_UP_TO else 1900)


def count_month_first(texts: Sequence[str]) -> int:
    """Count the texts whose month comes first, less those whose day does, as far as they tell.

    >>> count_month_first(["12/25/1985", "03/04/1985", "1985-12-25"])
    1
    """
    return sum(_first_is_month(_numbers_of(text)) for text in texts)


def _first_is_month(parts: Sequence[str]) -> int:
    """Tell whether the month comes first: 1 if it must, -1 if the day must, 0 if it may be both."""
    if len(parts) != 3 or any(len(part) > 2 for part in parts[:2]):
        return 0
    return int(int(parts[1]) > 12) - int(int(parts[0]) > 12)


def _read(parts: Sequence[str], *, month_first: bool) -> Parts:
    if not 1 <= len(parts) <= 3 or any(len(part) > _MOST_DIGITS for part in parts):
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
    if month > 12 >= day > 0 and not year_first:  # only the other order makes sense
        month, day = day, month
    if not _EARLIEST <= year <= _LATEST:
        return UNKNOWN
    if month in _NOT_KNOWN or month > _LAST:
        return (year, 0, 0)
    return (year, month, 0 if day in _NOT_KNOWN or day > _LAST else day)

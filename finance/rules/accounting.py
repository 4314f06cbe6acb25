"""Journal entries: balance, accounting periods, days of posting."""

import re
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from decimal import Decimal

from databases.errors import FieldProblem
from finance import errors, legal
from finance.rules import amounts
from finance.values import EntryLine, Side

# A year, or a month of it; month 13 is the closing period of the year.
_PERIOD = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-3]))?", re.ASCII)
_CLOSING_MONTH = 13


def require_balanced(lines: Sequence[EntryLine]) -> None:
    """Refuse an entry whose debits and credits differ in any fund, or with an amount of nothing.

    Raises:
        EntryNotBalanced: it does not balance.

    Source:
        Law on Accounting 88/2015/QH13 art. 10 and Circular 132/2025/TT-BTC (double entry; clause
        not verified). That every fund balances by itself is a convention of the treasury (R-med)
        that follows from keeping funds apart.
    """
    if not all(amounts.is_exact(line.amount) and line.amount > 0 for line in lines):
        message = "An amount is above zero, with two decimals at most; its side says the direction."
        raise errors.EntryNotBalanced.of_field("lines", "entry.amount", message)
    sums: dict[str, Decimal] = {}
    for line in lines:
        signed = line.amount if line.side is Side.DEBIT else -line.amount
        sums[line.key.fund_code] = sums.get(line.key.fund_code, Decimal(0)) + signed
    if not lines or any(sums.values()):
        message = "Debits and credits of an entry are equal, in each fund."
        raise errors.EntryNotBalanced.of_field("lines", "entry.balance", message)


def period_of(posted_on: date, *, budget_year: int) -> tuple[str, tuple[FieldProblem, ...]]:
    """Name the accounting period of a day of posting, and doubts about it.

    Returns:
        YYYY-MM of the budget year, YYYY-13 in its closing period.

    Raises:
        PostedOutsideYear: the day belongs to neither.

    Source:
        State Budget Law 83/2015/QH13 art. 42: the closing period ends on 31 January of the next
        year; State Budget Law 89/2025/QH15 from 2026 on (article not verified: warns only).

    >>> period_of(date(2026, 1, 20), budget_year=2025)[0]
    '2025-13'
    """
    if posted_on.year == budget_year:
        return f"{posted_on:%Y-%m}", ()
    closing = f"{budget_year}-{_CLOSING_MONTH}"
    first_day = date(budget_year + 1, 1, 1)
    year_start = date(budget_year, 1, 1)
    limit = next((n for n in legal.CLOSING_DAYS if n.holds_on(year_start)), legal.CLOSING_DAYS[-1])
    if first_day <= posted_on < first_day + timedelta(days=limit.value):
        return closing, ()
    message = "Post an entry in its budget year, or in January after it."
    problem = FieldProblem("posted_on", "posted_on.outside_year", message)
    if limit.may_refuse or posted_on < first_day:
        raise errors.PostedOutsideYear(message, fields=[problem])
    return closing, (problem,)


def require_period(code: str) -> str:
    """Refuse what names no accounting period.

    Raises:
        MalformedBudgetCode: not YYYY or YYYY-MM with a month of 01 to 13.

    Source:
        Circular 132/2025/TT-BTC (accounting periods are months and years; clause not verified).
    """
    if not _PERIOD.fullmatch(code):
        message = "Write an accounting period as YYYY or YYYY-MM; 13 is the closing period."
        raise errors.MalformedBudgetCode.of_field("period", "period.shape", message)
    return code


def require_open_period(code: str, closed: Collection[str]) -> None:
    """Refuse to record in an accounting period that is closed, alone or with its year.

    Args:
        code: YYYY-MM.
        closed: periods and years that are closed.

    Raises:
        PeriodClosed: it is.

    Source:
        Law on Accounting 88/2015/QH13 art. 26 (books are closed at the end of a period; recalled,
        R-high); reopening needs a decision.
    """
    if code in closed or code[:4] in closed:
        message = "This accounting period is closed. Have it reopened by a decision first."
        raise errors.PeriodClosed.of_field("posted_on", "period.closed", message)

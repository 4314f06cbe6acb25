"""Amounts of money: what the register can write down exactly."""

from decimal import Decimal

_DECIMALS = 2
_LIMIT = Decimal(10) ** 22


def is_exact(amount: Decimal) -> bool:
    """Tell whether an amount is kept as it is given: finite, with at most two decimals.

    Args:
        amount: in dong or another currency, of any sign.

    Source:
        Follows from keeping money with two decimals: an amount that was rounded when it is written
        would unbalance its entry; no article of its own.

    >>> is_exact(Decimal("0.01")), is_exact(Decimal("0.005")), is_exact(Decimal("NaN"))
    (True, False, False)
    """
    if not amount.is_finite() or abs(amount) >= _LIMIT:
        return False
    return round(amount, _DECIMALS) == amount

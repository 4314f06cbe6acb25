"""Conditions on records: who is in the part of the population that an agreement reaches. Pure.

What is not known meets no condition but `is_known` with the value false: whoever cannot be shown to
be inside is outside.
"""

import re
from collections.abc import Mapping
from typing import Any

from sharing_api.agreements.values import Condition

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_ORDERS = ("lt", "le", "gt", "ge")


def is_meaningful(condition: Condition) -> bool:
    """Test whether a condition compares with something that it can be compared with."""
    value = condition.value
    match condition.operator:
        case "is_known":
            return value is None or isinstance(value, bool)
        case "in":
            return isinstance(value, list) and bool(value)
        case "eq" | "ne":
            return isinstance(value, str | int)
        case operator:
            return operator in _ORDERS and _is_ordered(value)


def holds(condition: Condition, value: Any) -> bool:
    """Test whether the value of a record's field meets a condition.

    Args:
        value: JSON-ready, as the register gives it. Of a code its code is compared, of a name the
            whole name; a list meets nothing but `is_known`. Days are compared with days only: of a
            birth of which the year alone is known, nobody can say that it lies before a day.
    """
    wanted = condition.value
    if condition.operator == "is_known":
        return (value not in (None, [], "")) is (wanted is not False)
    if isinstance(value, Mapping):
        value = value.get("code", value.get("full"))
    if value is None or isinstance(value, list | Mapping):
        return False
    match condition.operator:
        case "eq":
            return _is_same(value, wanted)
        case "ne":
            return not _is_same(value, wanted)
        case "in":
            return any(_is_same(value, one) for one in wanted)
    return _is_in_order(condition.operator, value, wanted)


def _is_same(value: Any, wanted: Any) -> bool:
    # True is 1 in Python; an agreement that says 1 does not mean true.
    return type(value) is type(wanted) and bool(value == wanted)


def _is_ordered(value: Any) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number or (isinstance(value, str) and _DAY.fullmatch(value) is not None)


def _is_in_order(operator: str, value: Any, wanted: Any) -> bool:
    if not (_is_ordered(value) and isinstance(value, str) == isinstance(wanted, str)):
        return False
    below, same = value < wanted, value == wanted
    return bool(
        {"lt": below, "le": below or same, "gt": not (below or same), "ge": not below}[operator]
    )

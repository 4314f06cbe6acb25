"""The accounting key: each segment is valid for the budget year and fits the unit."""

from databases.errors import FieldProblem
from finance import errors
from finance.rules import nomenclature
from finance.values import BudgetKey, BudgetUnit, Level

_LEVELS = frozenset(level.value for level in Level)


def require_key(
    key: BudgetKey, *, budget_year: int, unit: BudgetUnit | None = None
) -> tuple[FieldProblem, ...]:
    """Refuse a key of which a segment does not hold in the budget year or fits another badly.

    Args:
        key: whose segments have their form.
        budget_year: decides the version of the nomenclature.
        unit: the unit of the key, if its chapter is to be compared.

    Returns:
        doubts about codes of which the register has no certain list.

    Raises:
        SegmentNotInForce: `fields` names the segment.
        MalformedBudgetCode: a code of the nomenclature does not have its form.

    Source:
        Circular 132/2025/TT-BTC (twelve segments; before it Circular 123/2014/TT-BTC), with
        Circulars 324/2016/TT-BTC and 130/2025/TT-BTC for the codes. Structure: R-high.
    """
    nomenclature.version_of(budget_year)
    if key.level_code not in _LEVELS:
        message = "There is no such budget level."
        raise errors.SegmentNotInForce.of_field("level_code", "level.unknown", message)
    nomenclature.require_chapter(key.chapter_code, Level(key.level_code), budget_year=budget_year)
    nomenclature.category_of(key.category_code)
    nomenclature.item_of(key.item_code)
    if unit is not None:
        _require_unit_fits(key, unit, budget_year)
    return nomenclature.list_doubts(key.category_code, key.source_code)


def _require_unit_fits(key: BudgetKey, unit: BudgetUnit, budget_year: int) -> None:
    if key.chapter_code != nomenclature.chapter_in(unit.chapter_code, budget_year=budget_year):
        message = "The budget unit belongs to another chapter."
        raise errors.SegmentNotInForce.of_field("chapter_code", "chapter.unit", message)

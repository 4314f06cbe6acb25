"""Budget units: what their registration must say, and on which days they exist."""

import re
from datetime import date

from databases.errors import FieldProblem
from finance import errors, legal
from finance.rules import nomenclature
from finance.values import BudgetUnit, UnitKind

# Units older than the oldest nomenclature bear its chapters.
_EARLIEST_YEAR = legal.NOMENCLATURES[-1][0]
_CODE = re.compile(r"[0-9]{7}", re.ASCII)


def require_unit_code(code: str, *, field: str = "unit_code") -> str:
    """Refuse a unit code that is not seven digits.

    Raises:
        MalformedBudgetCode: another form.

    Source:
        Circular 185/2015/TT-BTC (codes of units related to the budget have seven digits).
    """
    if not _CODE.fullmatch(code):
        message = "A budget unit's code has 7 digits."
        raise errors.MalformedBudgetCode.of_field(field, "unit.shape", message)
    return code


def require_unit(unit: BudgetUnit, *, on: date) -> tuple[FieldProblem, ...]:
    """Refuse a registration whose code, chapter or level does not hold on a day.

    Args:
        on: first day for which the registration is to hold.

    Returns:
        a warning if the first digit is unusual for the kind of unit.

    Raises:
        MalformedBudgetCode, SegmentNotInForce: a code is wrong.
        IncompleteRecord: the name is missing, the unit is its own parent, or it is closed before
            it was opened.

    Source:
        Circular 185/2015/TT-BTC art. 4 (one code for the unit's whole life); Circulars
        324/2016/TT-BTC and 130/2025/TT-BTC (chapter and level). First digits: R-low, warn only.
    """
    require_unit_code(unit.unit_code)
    require_other_unit(unit.unit_code, unit.parent_unit_code, field="parent_unit_code")
    if unit.parent_unit_code is not None:
        require_unit_code(unit.parent_unit_code, field="parent_unit_code")
    if not unit.name_vi.strip():
        message = "The unit's name is missing."
        raise errors.IncompleteRecord.of_field("name_vi", "name.empty", message)
    nomenclature.require_chapter(
        unit.chapter_code, unit.level, budget_year=max(on.year, _EARLIEST_YEAR)
    )
    if unit.closed_on is not None and unit.closed_on < unit.opened_on:
        message = "The unit is closed before it was opened."
        raise errors.IncompleteRecord.of_field("closed_on", "unit.closed_early", message)
    is_project_code = unit.unit_code[0] in legal.PROJECT_FIRST_DIGITS
    if is_project_code == (unit.kind is UnitKind.PROJECT):
        return ()
    message = "Codes of investment projects usually start with 7 or 8, others do not."
    return (FieldProblem("unit_code", "unit.first_digit", message),)


def require_other_unit(unit_code: str, other_code: str | None, *, field: str) -> None:
    """Refuse a unit that is named as its own parent or successor.

    Args:
        other_code: the parent or successor; None if there is none.
        field: name of the input.

    Raises:
        IncompleteRecord: both codes are one.

    Source:
        Follows from what a parent and a successor are; no article of its own.
    """
    if other_code == unit_code:
        message = "A unit is not its own parent or successor."
        raise errors.IncompleteRecord.of_field(field, "unit.itself", message)


def require_open(unit: BudgetUnit, *, on: date) -> None:
    """Refuse an act on a unit before it was opened or after it was closed.

    Raises:
        BudgetUnitClosed: the unit does not exist on the day.

    Source:
        Circular 185/2015/TT-BTC art. 4: the code expires when the unit ends.
    """
    if on < unit.opened_on or (unit.closed_on is not None and on >= unit.closed_on):
        message = "The budget unit does not exist on this day."
        raise errors.BudgetUnitClosed.of_field("unit_code", "unit.closed", message)

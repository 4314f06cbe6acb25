"""Codes of the budget nomenclature: a code is read in the version of its budget year."""

import re

from databases.errors import FieldProblem
from finance import errors, legal
from finance.values import NO_CATEGORY, NO_ITEM, Level


def version_of(budget_year: int) -> str:
    """Name the version of the nomenclature that a budget year uses.

    Raises:
        SegmentNotInForce: the register keeps no nomenclature of so early a year.

    Source:
        Circular 324/2016/TT-BTC; Circular 130/2025/TT-BTC of 24/12/2025, in force from 01/01/2026.

    >>> version_of(2025), version_of(2026)
    ('324/2016', '130/2025')
    """
    for first_year, version in legal.NOMENCLATURES:
        if budget_year >= first_year:
            return version
    message = f"The register knows no nomenclature before {legal.NOMENCLATURES[-1][0]}."
    raise errors.SegmentNotInForce.of_field("budget_year", "nomenclature.none", message)


def require_chapter(code: str, level: Level, *, budget_year: int) -> None:
    """Refuse a chapter that does not exist in the year or belongs to another budget level.

    Raises:
        MalformedBudgetCode: not three digits.
        SegmentNotInForce: no band of the year holds it, or the band of another level does.

    Source:
        Circular 324/2016/TT-BTC annex I (bands by level); Circular 130/2025/TT-BTC (the district
        band 600-799 is abolished from budget year 2026 on).
    """
    _require_digits(code, 3, "chapter_code")
    band = next((b for b in legal.CHAPTER_BANDS if b.first <= int(code) <= b.last), None)
    if band is None:
        message = "No budget level has a chapter of this number."
        raise errors.SegmentNotInForce.of_field("chapter_code", "chapter.no_band", message)
    if band.last_year is not None and budget_year > band.last_year:
        successor = legal.SUCCEEDED_CHAPTERS.get(code)
        said = f" Use {successor}." if successor else ""
        message = f"Chapters of this band ended with budget year {band.last_year}.{said}"
        raise errors.SegmentNotInForce.of_field("chapter_code", "chapter.abolished", message)
    if band.level is not level:
        message = f"This chapter belongs to budget level {band.level.value}, not {level.value}."
        raise errors.SegmentNotInForce.of_field("chapter_code", "chapter.level", message)


def chapter_in(code: str, *, budget_year: int) -> str:
    """Give the chapter that stands for a former one in a budget year; the same where none does.

    Source:
        Circular 130/2025/TT-BTC: 754, 755, 756, 757 are 854, 855, 856, 857 from budget year 2026.

    >>> chapter_in("754", budget_year=2026), chapter_in("754", budget_year=2025)
    ('854', '754')
    """
    district = next(b for b in legal.CHAPTER_BANDS if b.level is Level.DISTRICT)
    if district.last_year is not None and budget_year > district.last_year:
        return legal.SUCCEEDED_CHAPTERS.get(code, code)
    return code


def category_of(code: str) -> str:
    """Give the category that a sub-category lies in; 000 has none and stays.

    Raises:
        MalformedBudgetCode: not three digits.
        SegmentNotInForce: below the first category.

    Source:
        Circular 324/2016/TT-BTC annex II: categories 010, 040, 070 …, each with the codes up to
        the next.

    >>> category_of("071"), category_of("340"), category_of("000")
    ('070', '340', '000')
    """
    _require_digits(code, 3, "category_code")
    if code == NO_CATEGORY:
        return code
    first, step = legal.CATEGORY_FIRST.value, legal.CATEGORY_STEP.value
    if int(code) < first:
        message = "Categories start at 010."
        raise errors.SegmentNotInForce.of_field("category_code", "category.no_range", message)
    return f"{first + (int(code) - first) // step * step:03d}"


def item_of(code: str) -> str:
    """Give the item that a sub-item lies in; 0000 has none and stays.

    Raises:
        MalformedBudgetCode: not four digits.

    Source:
        Circular 324/2016/TT-BTC annex III: items are multiples of 50, sub-items lie between.

    >>> item_of("6001"), item_of("6050"), item_of("0000")
    ('6000', '6050', '0000')
    """
    _require_digits(code, 4, "item_code")
    step = legal.ITEM_STEP.value
    return f"{int(code) // step * step:04d}"


def require_item(code: str) -> None:
    """Refuse an item where an allocation is decided that is no item as a whole.

    Raises:
        MalformedBudgetCode: not four digits, or a sub-item.

    Source:
        Circular 324/2016/TT-BTC annex III. That the register allocates by item, or for all items
        together (0000), is its own convention.
    """
    if item_of(code) != code:
        message = "Name an item (a multiple of 50), or 0000 for all items."
        raise errors.MalformedBudgetCode.of_field("item_code", "item.not_whole", message)


def is_expenditure_item(code: str) -> bool:
    """Tell whether an item is one of expenditure.

    Source:
        Circular 324/2016/TT-BTC annex III, as read from the list (R-med): callers only warn by it.
    """
    return code != NO_ITEM and int(code) >= legal.EXPENDITURE_ITEM_FIRST.value


def list_doubts(category_code: str, source_code: str) -> tuple[FieldProblem, ...]:
    """List what is unusual about codes of which the register has no certain list.

    Source:
        Circular 324/2016/TT-BTC annexes; natures of sources and the highest category are R-med.
    """
    doubts = []
    last = legal.CATEGORY_LAST.value + legal.CATEGORY_STEP.value
    if category_code != NO_CATEGORY and int(category_code) >= last:
        message = "The register knows no category this high."
        doubts.append(FieldProblem("category_code", "category.unknown", message))
    if source_code not in legal.KNOWN_SOURCES:
        message = "The register does not know this nature of a source by name."
        doubts.append(FieldProblem("source_code", "source.unknown", message))
    return tuple(doubts)


def _require_digits(code: str, width: int, field: str) -> None:
    if not re.fullmatch(rf"[0-9]{{{width}}}", code, re.ASCII):
        message = f"This code has {width} digits."
        raise errors.MalformedBudgetCode.of_field(field, "code.shape", message)

"""The accounting key of the treasury and the lines of a budget."""

import dataclasses
import re
from dataclasses import dataclass

from finance import errors

NO_ITEM = "0000"
NO_CATEGORY = "000"
NO_PROGRAMME = "00000"


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment of the accounting key: its name, width and what it may be made of."""

    name: str
    width: int
    pattern: str


def _digits(name: str, width: int) -> Segment:
    return Segment(name, width, f"[0-9]{{{width}}}")


# The order of the key (Circular 132/2025/TT-BTC; structure as under Circular 123/2014/TT-BTC).
SEGMENTS = (
    _digits("fund_code", 2),
    _digits("account_code", 4),
    _digits("item_code", 4),
    _digits("level_code", 1),
    _digits("unit_code", 7),
    Segment("area_code", 5, "[0-9A-Z]{5}"),
    _digits("chapter_code", 3),
    _digits("category_code", 3),
    _digits("programme_code", 5),
    _digits("treasury_code", 4),
    _digits("source_code", 2),
    _digits("reserve_code", 3),
)
KEY_LENGTH = sum(segment.width for segment in SEGMENTS)


@dataclass(frozen=True, slots=True)
class BudgetKey:
    """The accounting key of the treasury: twelve segments, 43 characters.

    Args:
        item_code: sub-item of revenue or expenditure, 0000 if none.
        level_code: see `Level`.
        area_code: administrative area; places above communes are filled up with letters.
        category_code: category or sub-category, 000 if none.
        programme_code: target programme or project, 00000 if none.
    """

    fund_code: str
    account_code: str
    item_code: str
    level_code: str
    unit_code: str
    area_code: str
    chapter_code: str
    category_code: str
    programme_code: str
    treasury_code: str
    source_code: str
    reserve_code: str

    @classmethod
    def parse(cls, text: str, *, field: str = "budget_key") -> "BudgetKey":
        """Take a key apart; dots or hyphens between segments are not allowed.

        Raises:
            MalformedBudgetCode: another length, or a segment of other characters.

        >>> key = BudgetKey.parse("0181136001210540070100140507100000001113000")
        >>> key.unit_code, key.chapter_code, key.category_code, str(key)[-5:]
        ('1054007', '405', '071', '13000')
        """
        if len(text) != KEY_LENGTH:
            message = f"An accounting key has {KEY_LENGTH} characters."
            raise errors.MalformedBudgetCode.of_field(field, "key.length", message)
        parts, start = {}, 0
        for segment in SEGMENTS:
            parts[segment.name] = text[start : start + segment.width]
            start += segment.width
        return cls.build(parts)

    @classmethod
    def build(cls, parts: dict[str, str]) -> "BudgetKey":
        """Make a key of its twelve segments.

        Raises:
            MalformedBudgetCode: a segment has other characters; it is named.
        """
        for segment in SEGMENTS:
            if not re.fullmatch(segment.pattern, parts[segment.name], re.ASCII):
                kind = "digits" if segment.pattern.startswith("[0-9]") else "digits and letters"
                message = f"This segment has {segment.width} {kind}."
                raise errors.MalformedBudgetCode.of_field(segment.name, "key.segment", message)
        return cls(**parts)

    def __str__(self) -> str:
        """Write it as the treasury does."""
        return "".join(dataclasses.astuple(self))


@dataclass(frozen=True, slots=True, order=True)
class BudgetLine:
    """What an amount of a unit's budget is for.

    Args:
        category_code: category or sub-category.
        item_code: item (a multiple of 50), or 0000 for all items; a sub-item in execution.
        programme_code: 00000 if none.
        source_code: nature of the source, two digits.
    """

    category_code: str
    item_code: str = NO_ITEM
    programme_code: str = NO_PROGRAMME
    source_code: str = "13"

"""What goes in and out of the finance register: codes, budget keys, entries, duties, assets."""

import dataclasses
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from finance import errors

NO_ITEM = "0000"
NO_CATEGORY = "000"
NO_PROGRAMME = "00000"


class UnitKind(StrEnum):
    """Kinds of units that receive a budget code (Circular 185/2015/TT-BTC)."""

    ESTIMATE_UNIT = "estimate_unit"
    PROJECT = "project"
    OTHER = "other"


class Level(StrEnum):
    """Levels of the state budget; there is no district budget from budget year 2026 on."""

    CENTRAL = "1"
    PROVINCE = "2"
    DISTRICT = "3"
    COMMUNE = "4"


class Stage(StrEnum):
    """What an amount of a unit's budget is: asked for, given, or confirmed as spent."""

    ESTIMATE = "estimate"
    ALLOCATION = "allocation"
    SETTLEMENT = "settlement"


class Side(StrEnum):
    """Side of a journal line."""

    DEBIT = "debit"
    CREDIT = "credit"


class Effect(StrEnum):
    """What a journal line does to the budget; `balance` concerns cash and claims only."""

    REVENUE = "revenue"
    EXPENDITURE = "expenditure"
    BALANCE = "balance"


class Ground(StrEnum):
    """Grounds on which the law lets more be spent than is allocated (see `legal.GROUNDS`)."""

    TEMPORARY_FUNDING = "temporary_funding"
    CARRIED_OVER = "carried_over"


class TaxpayerKind(StrEnum):
    """Who pays tax."""

    ORGANISATION = "organisation"
    INDIVIDUAL = "individual"


class DeclarationKind(StrEnum):
    """Direction of the goods of a customs declaration."""

    IMPORT = "import"
    EXPORT = "export"


class AssetKind(StrEnum):
    """Kinds of public assets."""

    LAND = "land"
    BUILDING = "building"
    VEHICLE = "vehicle"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class ChapterBand:
    """The chapters of one budget level.

    Args:
        first, last: lowest and highest chapter.
        last_year: last budget year in which the band exists; None while it does.
    """

    level: Level
    first: int
    last: int
    last_year: int | None


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
                message = f"This segment has {segment.width} digits."
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


@dataclass(frozen=True, slots=True)
class LineAmount:
    """An amount of dong on a line of a unit's budget."""

    line: BudgetLine
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Place:
    """A place by codes; commune and province are of the same version of the list."""

    province_code: str
    commune_code: str | None = None
    commune_version: str = "19/2025"


@dataclass(frozen=True, slots=True)
class BudgetUnit:
    """A unit with a budget code, as the finance authority registers it.

    Args:
        unit_code: seven digits, for life.
        chapter_code: in the nomenclature of the year of the day it is read for.
        tax_code: ten-digit code of the unit as a taxpayer.
        agency_code: electronic identification code of the agency.
        closed_on: first day on which the unit exists no more.
    """

    unit_code: str
    name_vi: str
    kind: UnitKind
    level: Level
    chapter_code: str
    place: Place
    opened_on: date
    parent_unit_code: str | None = None
    agency_code: str | None = None
    tax_code: str | None = None
    closed_on: date | None = None


@dataclass(frozen=True, slots=True)
class EntryLine:
    """A line of a journal entry; `amount` is above zero, in dong."""

    key: BudgetKey
    side: Side
    effect: Effect
    amount: Decimal

    @property
    def budget_line(self) -> BudgetLine:
        """Say which line of the unit's budget it concerns."""
        key = self.key
        return BudgetLine(key.category_code, key.item_code, key.programme_code, key.source_code)

    @property
    def spent(self) -> Decimal:
        """Say by how much it raises the expenditure of the unit."""
        if self.effect is not Effect.EXPENDITURE:
            return Decimal(0)
        return self.amount if self.side is Side.DEBIT else -self.amount


@dataclass(frozen=True, slots=True)
class Entry:
    """A journal entry of the treasury.

    Args:
        entry_no: number given by the treasury, never reused.
        posted_on: day that decides the accounting period.
        ground: why more may be spent than is allocated, with the decision that says so.
    """

    entry_no: str
    budget_year: int
    posted_on: date
    lines: tuple[EntryLine, ...]
    description: str = ""
    ground: Ground | None = None
    ground_decision: str | None = None


@dataclass(frozen=True, slots=True)
class Taxpayer:
    """A taxpayer.

    Args:
        taxpayer_code: enterprise code (ten digits, with suffix if dependent), or personal number.
        former_codes: ten-digit personal tax codes that the personal number replaced.
    """

    taxpayer_code: str
    kind: TaxpayerKind
    name: str
    tax_office_code: str
    registered_on: date
    former_codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Duty:
    """An assessed duty: item of revenue, tax period (2026, 2026-Q1 or 2026-05), dong."""

    taxpayer_code: str
    item_code: str
    tax_period: str
    amount: Decimal
    assessed_on: date
    due_on: date
    assessment_no: str


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment towards a duty, in dong."""

    payment_no: str
    taxpayer_code: str
    item_code: str
    tax_period: str
    amount: Decimal
    paid_on: date
    treasury_code: str


@dataclass(frozen=True, slots=True)
class Declaration:
    """A customs declaration in summary.

    Args:
        value_amount: customs value, in `value_currency`.
        duty_amount: all duties of the declaration, in dong.
        partner_country_code: origin of imports, destination of exports; ISO 3166-1 alpha-2.
    """

    declaration_no: str
    kind: DeclarationKind
    taxpayer_code: str
    customs_office_code: str
    procedure_code: str
    declared_on: date
    partner_country_code: str
    value_amount: Decimal
    value_currency: str
    duty_amount: Decimal
    cleared_on: date | None = None


@dataclass(frozen=True, slots=True)
class Asset:
    """A public asset.

    Args:
        unit_code: budget unit that holds it.
        parcel_id: parcel of the land register that it is, or stands on.
        area_m2: of land or floor.
        original_value_amount: in dong.
    """

    asset_code: str
    kind: AssetKind
    name_vi: str
    unit_code: str
    place: Place
    acquired_on: date
    original_value_amount: Decimal
    parcel_id: str | None = None
    area_m2: Decimal | None = None
    disposed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load of journal lines left in the register; no change when nothing was new."""

    change: int | None

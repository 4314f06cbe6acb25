"""Smallest valid records of the finance register; all names and numbers are invented."""

import dataclasses
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from databases.changes.ledger import Act
from finance import service, values
from finance.values import BudgetKey, BudgetLine, Effect, EntryLine, LineAmount, Side

SCHOOL, SUCCESSOR = "1054007", "1054008"
YEAR = 2026
FIRST_DAY = date(YEAR, 1, 1)
WAGES = BudgetLine("071", "6000", "00000", "13")
WAGES_BY_SCALE = BudgetLine("071", "6001", "00000", "13")
KEY = BudgetKey.parse("0181136001210540070100140507100000001113000")


def make_unit(**changes: Any) -> values.BudgetUnit:
    """Make a province's school."""
    unit = values.BudgetUnit(
        unit_code=SCHOOL,
        name_vi="Trường Mầm non Hoa Tưởng Tượng",
        kind=values.UnitKind.ESTIMATE_UNIT,
        level=values.Level.PROVINCE,
        chapter_code="405",
        place=values.Place("96", "32002"),
        opened_on=date(2018, 3, 1),
    )
    return dataclasses.replace(unit, **changes)


def register_unit(session: Session, act: Act, **changes: Any) -> str:
    """Register a school and give its code."""
    return service.register_budget_unit(session, act=act, unit=make_unit(**changes)).key


def amount(dong: int, line: BudgetLine = WAGES) -> LineAmount:
    """Make an amount on a line."""
    return LineAmount(line, Decimal(dong))


def allocate(session: Session, act: Act, *amounts: LineAmount, **changes: Any) -> str:
    """Allocate amounts to the school; give the name of its budget."""
    given: dict[str, Any] = {
        "unit_code": SCHOOL,
        "budget_year": YEAR,
        "on": FIRST_DAY,
        "decision_no": "01/QĐ-TEST",
        **changes,
    }
    return service.register_allocation(session, act=act, amounts=amounts, **given).key


def make_key(**changes: str) -> BudgetKey:
    """Make a key of the school's wages."""
    return dataclasses.replace(KEY, **changes)


def make_entry(dong: int = 100, **changes: Any) -> values.Entry:
    """Make an entry that pays wages out of the treasury's cash."""
    total = Decimal(dong)
    key = changes.pop("key", KEY)
    cash = dataclasses.replace(key, account_code="1112", item_code="0000", category_code="000")
    entry = values.Entry(
        entry_no="0011-000001",
        budget_year=YEAR,
        posted_on=date(YEAR, 5, 20),
        lines=(
            EntryLine(key, Side.DEBIT, Effect.EXPENDITURE, total),
            EntryLine(cash, Side.CREDIT, Effect.BALANCE, total),
        ),
        description="Lương tháng 5",
    )
    return dataclasses.replace(entry, **changes)


def make_taxpayer(**changes: Any) -> values.Taxpayer:
    """Make a person with a former personal tax code."""
    taxpayer = values.Taxpayer(
        taxpayer_code="096085000001",
        kind=values.TaxpayerKind.INDIVIDUAL,
        name="Lê Văn Tưởng",
        tax_office_code="9601",
        registered_on=date(2019, 4, 1),
        former_codes=("0314409058",),
    )
    return dataclasses.replace(taxpayer, **changes)


def make_duty(**changes: Any) -> values.Duty:
    """Make a duty of value added tax of the first quarter."""
    duty = values.Duty(
        taxpayer_code="096085000001",
        item_code="1701",
        tax_period="2026-Q1",
        amount=Decimal(5_000_000),
        assessed_on=date(2026, 4, 10),
        due_on=date(2026, 4, 30),
        assessment_no="TB-1",
    )
    return dataclasses.replace(duty, **changes)


def make_payment(**changes: Any) -> values.Payment:
    """Make a payment of a part of the duty."""
    payment = values.Payment(
        payment_no="NT-1",
        taxpayer_code="096085000001",
        item_code="1701",
        tax_period="2026-Q1",
        amount=Decimal(2_000_000),
        paid_on=date(2026, 4, 20),
        treasury_code="0011",
    )
    return dataclasses.replace(payment, **changes)


def make_declaration(**changes: Any) -> values.Declaration:
    """Make the declaration of an import."""
    declaration = values.Declaration(
        declaration_no="105123456780",
        kind=values.DeclarationKind.IMPORT,
        taxpayer_code="096085000001",
        customs_office_code="02CI",
        procedure_code="A11",
        declared_on=date(2026, 5, 4),
        partner_country_code="JP",
        value_amount=Decimal("12500.50"),
        value_currency="USD",
        duty_amount=Decimal(31_000_000),
    )
    return dataclasses.replace(declaration, **changes)


def make_asset(**changes: Any) -> values.Asset:
    """Make the house of the school."""
    asset = values.Asset(
        asset_code="TS-1054007-01",
        kind=values.AssetKind.BUILDING,
        name_vi="Nhà lớp học hai tầng",
        unit_code=SCHOOL,
        place=values.Place("96", "32002"),
        acquired_on=date(2020, 9, 1),
        original_value_amount=Decimal(9_000_000_000),
        parcel_id="320020000123",
        area_m2=Decimal("640.5"),
    )
    return dataclasses.replace(asset, **changes)

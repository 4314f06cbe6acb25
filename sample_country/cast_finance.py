"""The cast and the public purse: a unit that ended, one that spends, taxes, customs, an asset.

The district office of Ba Đình closed with the reform, and the office of the new commune took over:
it was given money, and spent some of it. `OPERATING_FIRM` imports and paid its tax, `TOP_FIRM` owes
some; `CITIZEN` pays tax under her personal number, which replaced a ten-digit code.
"""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from databases.changes.ledger import Act
from finance import service, values
from sample_country import cast_firms, cast_numbers
from sample_country.geography import REFORM

DISTRICT_UNIT = "1990001"
CITIZEN_FORMER_CODE, DECLARATION, ASSET = "9900000048", "109900000001", "TSMAU1"
ENTRY = "MAU-2025-001"
OPENED_ON, GIVEN_ON, SPENT_ON = date(2017, 1, 1), date(2025, 7, 10), date(2025, 9, 25)
DECLARED_ON, PAID_ON = date(2025, 4, 20), date(2025, 4, 28)

_BUDGET_LAW = "State Budget Law 83/2015/QH13"
_TAX_LAW = "Law on Tax Administration 38/2019/QH14"
_LINE = values.BudgetLine("341", "6000")
_GIVEN, _SPENT = Decimal(4_000_000_000), Decimal(1_250_000_000)
_PERIOD, _VALUE_ADDED = "2025-Q1", "1701"


def enact(session: Session) -> int:
    """Write the story of the purse, act by act.

    Returns:
        number of the last change.
    """
    _register_units(session)
    _spend(session)
    _tax(session)
    return _register_property(session)


def _act(on: date, reason: str, legal_basis: str) -> Act:
    """Describe an act recorded on the morning after its day."""
    return Act(
        name="finance.sample_country.cast",  # the service gives the act its own name
        recorded_at=datetime.combine(on + timedelta(days=1), time(2), tzinfo=UTC),
        recorded_by="sample country",
        reason=reason,
        legal_basis=legal_basis,
        source_document="invented file of the cast",
    )


def _register_units(session: Session) -> None:
    circular = "Circular 185/2015/TT-BTC art. 4"
    district = values.BudgetUnit(
        unit_code=DISTRICT_UNIT,
        name_vi="Văn phòng Ủy ban nhân dân quận Ba Đình (mẫu)",
        kind=values.UnitKind.ESTIMATE_UNIT,
        level=values.Level.DISTRICT,
        chapter_code="605",
        place=values.Place("01", None, "124/2004"),
        opened_on=OPENED_ON,
    )
    commune = values.BudgetUnit(
        unit_code=cast_numbers.COMMUNE_UNIT,
        name_vi="Văn phòng Ủy ban nhân dân phường Ngọc Hà (mẫu)",
        kind=values.UnitKind.ESTIMATE_UNIT,
        level=values.Level.COMMUNE,
        chapter_code="805",
        place=values.Place("01", "00008"),
        opened_on=REFORM,
    )
    for unit in (district, commune):
        act = _act(unit.opened_on, "a unit is opened", circular)
        service.register_budget_unit(session, act=act, unit=unit)
    service.close_budget_unit(
        session,
        act=_act(REFORM, "there are no districts any more", circular),
        unit_code=DISTRICT_UNIT,
        on=REFORM,
        successor_unit_code=cast_numbers.COMMUNE_UNIT,
    )


def _spend(session: Session) -> None:
    service.register_allocation(
        session,
        act=_act(GIVEN_ON, "the budget is allocated", _BUDGET_LAW + " art. 50"),
        unit_code=cast_numbers.COMMUNE_UNIT,
        budget_year=2025,
        amounts=[values.LineAmount(_LINE, _GIVEN)],
        decision_no="01/2025/QĐ-UBND",
        on=GIVEN_ON,
    )
    lines = tuple(
        values.EntryLine(_key(account, item), side, effect, _SPENT)
        for account, item, side, effect in (
            ("8113", "6001", values.Side.DEBIT, values.Effect.EXPENDITURE),
            ("1112", "0000", values.Side.CREDIT, values.Effect.BALANCE),
        )
    )
    service.record_execution(
        session,
        act=_act(SPENT_ON, "wages are paid", _BUDGET_LAW + " art. 56"),
        entry=values.Entry(ENTRY, 2025, SPENT_ON, lines, "Chi lương quý 3"),
    )


def _key(account: str, item: str) -> values.BudgetKey:
    return values.BudgetKey(
        fund_code="01",
        account_code=account,
        item_code=item,
        level_code="4",
        unit_code=cast_numbers.COMMUNE_UNIT,
        area_code="00008",
        chapter_code="805",
        category_code="341",
        programme_code="00000",
        treasury_code="0111",
        source_code="13",
        reserve_code="000",
    )


def _tax(session: Session) -> None:
    firms = (
        (cast_numbers.TOP_FIRM, "CÔNG TY TNHH MỘT THÀNH VIÊN ĐẦU TƯ MẪU MAI", cast_firms.TOP_ON),
        (cast_numbers.OPERATING_FIRM, "CÔNG TY CỔ PHẦN THỰC PHẨM MẪU BA MIỀN",
         cast_firms.OPERATING_ON),
    )  # fmt: skip
    for code, name, since in firms:
        taxpayer = values.Taxpayer(code, values.TaxpayerKind.ORGANISATION, name, "99", since)
        act = _act(since, "tax registration", _TAX_LAW + " art. 30")
        service.register_taxpayer(session, act=act, taxpayer=taxpayer)
        duty = values.Duty(
            taxpayer_code=code,
            item_code=_VALUE_ADDED,
            tax_period=_PERIOD,
            amount=Decimal(85_000_000),
            assessed_on=DECLARED_ON,
            due_on=date(2025, 4, 30),
            assessment_no=f"TK-{code}",
        )
        act = _act(DECLARED_ON, "a tax return", _TAX_LAW + " art. 44")
        service.assess_duty(session, act=act, duty=duty)
    service.record_payment(
        session,
        act=_act(PAID_ON, "a payment", _TAX_LAW + " art. 57"),
        payment=values.Payment(
            payment_no="GNTMAU1",
            taxpayer_code=cast_numbers.OPERATING_FIRM,
            item_code=_VALUE_ADDED,
            tax_period=_PERIOD,
            amount=Decimal(85_000_000),
            paid_on=PAID_ON,
            treasury_code="0111",
        ),
    )
    citizen = values.Taxpayer(
        taxpayer_code=cast_numbers.CITIZEN,
        kind=values.TaxpayerKind.INDIVIDUAL,
        name="Nguyễn Thị Mai",
        tax_office_code="99",
        registered_on=REFORM,
        former_codes=(CITIZEN_FORMER_CODE,),
    )
    act = _act(REFORM, "the personal number is the tax code", "Circular 86/2024/TT-BTC")
    service.register_taxpayer(session, act=act, taxpayer=citizen)


def _register_property(session: Session) -> int:
    service.register_customs_declaration(
        session,
        act=_act(PAID_ON, "goods are imported", "Law on Customs 54/2014/QH13 art. 29"),
        declaration=values.Declaration(
            declaration_no=DECLARATION,
            kind=values.DeclarationKind.IMPORT,
            taxpayer_code=cast_numbers.OPERATING_FIRM,
            customs_office_code="01B1",
            procedure_code="A11",
            declared_on=DECLARED_ON,
            partner_country_code="JP",
            value_amount=Decimal(120_000),
            value_currency="USD",
            duty_amount=Decimal(240_000_000),
            cleared_on=PAID_ON,
        ),
    )
    return service.register_public_asset(
        session,
        act=_act(REFORM, "an asset is taken over", "Law on Public Assets 15/2017/QH14"),
        asset=values.Asset(
            asset_code=ASSET,
            kind=values.AssetKind.BUILDING,
            name_vi="Trụ sở phường (mẫu)",
            unit_code=cast_numbers.COMMUNE_UNIT,
            place=values.Place("01", "00008"),
            acquired_on=REFORM,
            original_value_amount=Decimal(9_000_000_000),
            area_m2=Decimal(800),
        ),
    ).change

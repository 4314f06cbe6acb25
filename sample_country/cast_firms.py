"""The firms of the cast: a chain whose end is owned, in fact, by three people.

`OPERATING_FIRM` is held by `MIDDLE_FIRM` (50 %), `CORRECTED` (30 %) and `MOVED` (20 %),
`MIDDLE_FIRM` by `TOP_FIRM` (60 %) and `HUSBAND` (40 %), `TOP_FIRM` by `CITIZEN` alone. So the
citizen owns 30 % of it along the chain, her husband 20 %, and whoever moved controls it by
appointing its board.
"""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from databases.changes.ledger import Act
from enterprise import service, values
from sample_country import cast_numbers

TOP_ON, MIDDLE_ON, OPERATING_ON = date(2019, 3, 18), date(2020, 6, 2), date(2021, 9, 14)
BRANCH_ON, RESTED_ON, BACK_ON = date(2022, 4, 5), date(2023, 2, 1), date(2023, 8, 1)
MOVED_ON = date(2025, 9, 8)

_OLD, _NEW = "124/2004", "19/2025"
_OFFICE = values.Address(
    as_written="Số 12 Lý Tự Trọng, Phường Cống Vị, Quận Ba Đình, Thành phố Hà Nội, Việt Nam",
    status="exact",
    street="Số 12 Lý Tự Trọng",
    commune_code="00007",
    commune_version=_OLD,
    province_code="01",
)
_NEW_OFFICE = values.Address(
    as_written="Số 12 Lý Tự Trọng, Phường Ngọc Hà, Thành phố Hà Nội, Việt Nam",
    status="exact",
    street="Số 12 Lý Tự Trọng",
    commune_code="00008",
    commune_version=_NEW,
    province_code="01",
)
_BRANCH_OFFICE = values.Address(
    as_written="Số 5 Bà Triệu, Phường Hải Châu, Quận Hải Châu, Thành phố Đà Nẵng, Việt Nam",
    status="exact",
    street="Số 5 Bà Triệu",
    commune_code="20236",
    commune_version=_OLD,
    province_code="48",
)


_CITIZEN = (cast_numbers.CITIZEN, "Nguyễn Thị Mai", date(1990, 5, 20))
_HUSBAND = (cast_numbers.HUSBAND, "Trần Quốc Bảo", date(1988, 2, 11))
_CORRECTED = (cast_numbers.CORRECTED, "Lê Văn Hậu", date(1985, 3, 12))
_MOVED = (cast_numbers.MOVED, "Huỳnh Ngọc Lan", date(1992, 11, 3))
_TOP_NAME = "CÔNG TY TNHH MỘT THÀNH VIÊN ĐẦU TƯ MẪU MAI"
_MIDDLE_NAME = "CÔNG TY TNHH THƯƠNG MẠI MẪU BẢO MAI"
_OPERATING_NAME = "CÔNG TY CỔ PHẦN THỰC PHẨM MẪU BA MIỀN"


def enact(session: Session) -> int:
    """Write the story of the firms, act by act.

    Returns:
        number of the last change.
    """
    for registration in (_top(), _middle(), _operating()):
        on = registration.details.registered_on
        act = _act(on, "first registration", "Law on Enterprises 59/2020/QH14 art. 26")
        service.register_enterprise(session, act=act, registration=registration)
    service.register_dependent_unit(
        session,
        act=_act(BRANCH_ON, "a branch is opened", "Law on Enterprises 59/2020/QH14 art. 45"),
        enterprise_code=cast_numbers.OPERATING_FIRM,
        unit=_branch(),
    )
    service.register_suspension(
        session,
        act=_act(RESTED_ON, "business rests", "Law on Enterprises 59/2020/QH14 art. 206"),
        enterprise_code=cast_numbers.MIDDLE_FIRM,
        starts_on=RESTED_ON,
        ends_on=BACK_ON,
        notified_on=RESTED_ON - timedelta(days=10),
    )
    recorded = service.amend_enterprise(
        session,
        act=_act(MOVED_ON, "the office bears the new commune", "Decree 168/2025/NĐ-CP"),
        enterprise_code=cast_numbers.OPERATING_FIRM,
        on=MOVED_ON,
        changes={"address": _NEW_OFFICE, "registration_change_no": 1},
    )
    return recorded.change


def _act(on: date, reason: str, legal_basis: str) -> Act:
    """Describe an act recorded on the morning after its day."""
    return Act(
        name="enterprise.sample_country.cast",  # the service gives the act its own name
        recorded_at=datetime.combine(on + timedelta(days=1), time(2), tzinfo=UTC),
        recorded_by="sample country",
        reason=reason,
        legal_basis=legal_basis,
        source_document="invented file of the cast",
    )


def _owner(person: tuple[str, str, date], kind: values.OwnershipKind, share: str) -> values.Owner:
    pin, name, born = person
    return values.Owner(
        party=values.Party.parse(f"pin:{pin}"),
        name=name,
        kind=kind,
        capital_share=Decimal(share),
        birth_date=born,
        nationality_code="VN",
    )


def _firm_owner(code: str, name: str, kind: values.OwnershipKind, share: str) -> values.Owner:
    return values.Owner(
        party=values.Party.parse(f"enterprise:{code}"),
        name=name,
        kind=kind,
        capital_share=Decimal(share),
        nationality_code="VN",
    )


def _representative(person: tuple[str, str, date], title: str) -> values.Representative:
    pin, name, born = person
    return values.Representative(
        party=values.Party.parse(f"pin:{pin}"),
        name=name,
        title=title,
        birth_date=born,
        nationality_code="VN",
    )


def _details(name: str, legal_type: values.LegalType, on: date, capital: int) -> values.Details:
    return values.Details(
        name_vi=name,
        legal_type=legal_type,
        address=_OFFICE,
        registered_on=on,
        charter_capital_amount=Decimal(capital),
        tax_office_code="99",
    )


def _top() -> values.Registration:
    kind = values.OwnershipKind.OWNER
    return values.Registration(
        enterprise_code=cast_numbers.TOP_FIRM,
        details=_details(_TOP_NAME, values.LegalType.LLC1, TOP_ON, 9_000_000_000),
        lines=(values.IndustryLine("27/2018", "6499", is_principal=True),),
        representatives=(_representative(_CITIZEN, "Chủ tịch công ty"),),
        owners=(_owner(_CITIZEN, kind, "1"),),
    )


def _middle() -> values.Registration:
    kind = values.OwnershipKind.MEMBER
    return values.Registration(
        enterprise_code=cast_numbers.MIDDLE_FIRM,
        details=_details(_MIDDLE_NAME, values.LegalType.LLC2, MIDDLE_ON, 6_000_000_000),
        lines=(values.IndustryLine("27/2018", "4690", is_principal=True),),
        representatives=(_representative(_HUSBAND, "Giám đốc"),),
        owners=(
            _firm_owner(cast_numbers.TOP_FIRM, _TOP_NAME, kind, "0.6"),
            _owner(_HUSBAND, kind, "0.4"),
        ),
    )


def _operating() -> values.Registration:
    kind = values.OwnershipKind.SHAREHOLDER
    pin, name, born = _MOVED
    return values.Registration(
        enterprise_code=cast_numbers.OPERATING_FIRM,
        details=_details(_OPERATING_NAME, values.LegalType.JSC, OPERATING_ON, 20_000_000_000),
        lines=(
            values.IndustryLine("27/2018", "1079", is_principal=True),
            values.IndustryLine("27/2018", "4632"),
        ),
        representatives=(_representative(_CORRECTED, "Tổng giám đốc"),),
        owners=(
            _firm_owner(cast_numbers.MIDDLE_FIRM, _MIDDLE_NAME, kind, "0.5"),
            _owner(_CORRECTED, kind, "0.3"),
            _owner(_MOVED, kind, "0.2"),
        ),
        controllers=(
            values.Controller(
                party=values.Party.parse(f"pin:{pin}"),
                name=name,
                means=values.ControlMeans.APPOINT_MAJORITY,
                birth_date=born,
                nationality_code="VN",
            ),
        ),
    )


def _branch() -> values.DependentUnit:
    return values.DependentUnit(
        unit_code=f"{cast_numbers.OPERATING_FIRM}-001",
        kind=values.UnitKind.BRANCH,
        name_vi=f"CHI NHÁNH ĐÀ NẴNG - {_OPERATING_NAME}",
        address=_BRANCH_OFFICE,
        registered_on=BRANCH_ON,
    )

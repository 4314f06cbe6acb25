"""How each dataset of the later registers is asked, and the invented records that answer.

Each has one record in Cà Mau and one outside it. Numbers are of their own: other tests enter
records into the same registers.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy.orm import Session

from databases.changes.ledger import Act
from databases.datasets import Dataset
from databases.sessions import Databases
from finance import service as finance_service
from finance import values as finance_values
from insurance import service as insurance_service
from insurance import values as insurance_values
from land import service as land_service
from land import values as land_values
from sharing_api.disclosure import catalogue
from tests.factories import enterprise as firms
from tests.factories import finance as budgets
from tests.factories import insurance as insured
from tests.factories import land as parcels
from tests.factories import population_statistics as figures

HANOI = ("00004", "19/2025", "01")
UNIT, FAR_UNIT, NO_UNIT = "1096001", "1096002", "1096003"
YEAR = 2025  # other tests count the budgets of 2026
HOLDER, FAR_HOLDER, NO_HOLDER = "096084000881", "001084000882", "096084000883"
PAYER, FAR_PAYER, NO_PAYER = "096085000881", "096085000882", "096085000883"
ONE, FAR_ONE, NO_ONE = (insured.number(8_000_001 + n) for n in range(3))
EMPLOYER_OF = firms.code(31_440_981)
TOTAL = "POPULATION/A.VN.POP._T._T._T._T._T/2026-07-01"
SEXES = TOTAL.replace("POP._T", "POP.F")
_ON = date(2025, 9, 1)
_RECEIPT = "0190a1b2-0000-7000-8000-000000000000"


@dataclass(frozen=True)
class Case:
    """How one dataset is asked: about one inside Cà Mau, one outside it, and one unknown.

    A dataset without predicates is not searched; one without `malformed` takes any text as key.
    """

    inside: str
    outside: str
    unknown: str
    malformed: str | None
    rule: str
    fields: tuple[str, ...]
    claims: Mapping[str, Any]
    ungranted: str
    secret: str
    predicates: Mapping[str, Any] = field(default_factory=dict)


CASES = {
    "land/parcel": Case(
        inside="CASE1",
        outside="CASE2",
        unknown="CASE3",
        malformed="x-y",
        rule="name.shape",
        fields=("parcel_id", "location", "old_commune", "map_sheet_no", "parcel_no"),
        claims={"parcel_no": "881"},
        predicates={
            "commune": {"code": "32002", "version": "19/2025"},
            "map_sheet_no": "12",
            "parcel_no": "881",
        },
        ungranted="legal_area",
        secret="Ấp Thửa",
    ),
    "land/holding": Case(
        inside=HOLDER,
        outside=FAR_HOLDER,
        unknown=NO_HOLDER,
        malformed="12345",
        rule="enterprise_code.shape",
        fields=("party_number", "names", "rights", "has_land"),
        claims={"has_land": True},
        ungranted="mortgages",
        secret="Phạm Văn Đất",
    ),
    "land/certificate": Case(
        inside="CE881001",
        outside="CE881002",
        unknown="CE881003",
        malformed="12345",
        rule="issue_number.shape",
        fields=("issue_number", "register_number"),
        claims={"register_number": "vào-sổ-881"},
        ungranted="holders",
        secret="vào-sổ-881",
    ),
    "insurance/participant": Case(
        inside=ONE,
        outside=FAR_ONE,
        unknown=NO_ONE,
        malformed="12345",
        rule="participant_no.shape",
        fields=("participant_no", "full_name", "date_of_birth"),
        claims={"full_name": "vu thi kin"},
        predicates={"name": "Vũ Thị Kín", "date_of_birth": "1985-05-06"},
        ungranted="phone",
        secret="Vũ Thị Kín",
    ),
    "insurance/eligibility": Case(
        inside=ONE,
        outside=FAR_ONE,
        unknown=NO_ONE,
        malformed="12345",
        rule="card_code.shape",
        fields=("full_name", "is_valid"),
        claims={"full_name": "vu thi kin"},
        ungranted="five_years_on",
        secret="Vũ Thị Kín",
    ),
    "insurance/contribution": Case(
        inside=ONE,
        outside=FAR_ONE,
        unknown=NO_ONE,
        malformed="12345",
        rule="participant_no.shape",
        fields=("participant_no", "full_name"),
        claims={"full_name": "vu thi kin"},
        ungranted="spells",
        secret="Vũ Thị Kín",
    ),
    "insurance/facility": Case(
        inside="96881",
        outside="96882",
        unknown="96883",
        malformed="x-y",
        rule="facility_code.shape",
        fields=("facility_code", "facility_name"),
        claims={"facility_name": "trạm khuất"},
        ungranted="address",
        secret="Trạm Khuất",
    ),
    "insurance/employer": Case(
        inside="YN0881Z",
        outside="YN0882Z",
        unknown="YN0883Z",
        malformed="?!",
        rule="unit_code.shape",
        fields=("unit_code", "employer_name", "enterprise_code"),
        claims={"employer_name": "xưởng khuất"},
        predicates={"enterprise_code": EMPLOYER_OF},
        ungranted="address",
        secret="Xưởng Khuất",
    ),
    "finance/budget_unit": Case(
        inside=UNIT,
        outside=FAR_UNIT,
        unknown=NO_UNIT,
        malformed="12345",
        rule="unit.shape",
        fields=("unit_code", "name_vi"),
        claims={"name_vi": "truong khuat"},
        predicates={"name": "Trường Khuất"},
        ungranted="agency_code",
        secret="Trường Khuất",
    ),
    "finance/budget_execution": Case(
        inside=f"{UNIT}-{YEAR}",
        outside=f"{FAR_UNIT}-{YEAR}",
        unknown=f"{NO_UNIT}-{YEAR}",
        malformed="12345",
        rule="budget_id.shape",
        fields=("budget_id", "unit_code", "allocations"),
        claims={"unit_code": UNIT},
        predicates={"unit_code": UNIT},
        ungranted="execution",
        secret="881/QĐ-KHUẤT",
    ),
    "finance/taxpayer": Case(
        inside=PAYER,
        outside=FAR_PAYER,
        unknown=NO_PAYER,
        malformed="12345",
        rule="enterprise_code.shape",
        fields=("taxpayer_code", "name"),
        claims={"name": "vu thi kin"},
        predicates={"name": "Vũ Thị Kín"},
        ungranted="payments",
        secret="Vũ Thị Kín",
    ),
    "finance/customs_declaration": Case(
        inside="105881000010",
        outside="105881000020",
        unknown="105881000030",
        malformed="12345",
        rule="declaration.shape",
        fields=("declaration_no", "taxpayer_code", "procedure_code"),
        claims={"procedure_code": "A11"},
        predicates={"taxpayer_code": PAYER},
        ungranted="duties",
        secret=PAYER,
    ),
    "finance/public_asset": Case(
        inside="TS-881-01",
        outside="TS-881-02",
        unknown="TS-881-03",
        malformed="?!",
        rule="asset.shape",
        fields=("asset_code", "name_vi", "unit_code"),
        claims={"name_vi": "nha khuat"},
        predicates={"unit_code": UNIT},
        ungranted="original_value",
        secret="Nhà Khuất",
    ),
    "population_statistics/observation": Case(
        inside=TOTAL,
        outside=SEXES,
        unknown=TOTAL.replace("2026", "1926"),
        malformed=None,
        rule="",
        fields=("observation_key", "flow", "ref_area", "indicator", "sex", "source_receipt"),
        claims={"indicator": "POP"},
        ungranted="obs_value",
        secret=_RECEIPT,
    ),
    "population_statistics/publication": Case(
        inside="2026-07-01",
        outside="2025-07-01",
        unknown="1926-07-01",
        malformed="12345",
        rule="key.not_a_day",
        fields=("reference_day", "source_receipt"),
        claims={"source_receipt": _RECEIPT},
        ungranted="budgets",
        secret=_RECEIPT,
    ),
}
# Each has a fixed set of keys, all of which are found: they have tests of their own.
ASKED_ELSEWHERE = {
    "land/parcel_tile",
    "population/identity_history",
    "population/person_count",
}


def dataset_of(name: str) -> Dataset:
    """Give a dataset by register and name."""
    return catalogue.DATASETS[name]


def enter(databases: Databases) -> None:
    """Enter the records of all cases."""
    at = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
    act = Act("test.recorded", at, "tester", "a test", "none", "invented")
    entering: dict[str, Callable[[Session, Act], None]] = {
        "land": _enter_land,
        "insurance": _enter_insurance,
        "finance": _enter_finance,
    }
    for register, enter_one in entering.items():
        with databases.writing(register) as session:
            enter_one(session, act)
    figures.publish(databases)


def _enter_land(session: Session, act: Act) -> None:
    near = ("32002", "19/2025", "96")
    for number, (holder, name, place) in enumerate(
        ((HOLDER, "Phạm Văn Đất", near), (FAR_HOLDER, "Trần Xa", HANOI)), start=1
    ):
        commune, version, province = place
        key = f"CASE{number}"
        parcel = parcels.make_parcel(
            key,
            shape=parcels.make_shape(number, row=4_000),
            parcel_no=f"88{number}",
            commune_code=commune,
            commune_version=version,
            province_code=province,
            address_text="Ấp Thửa" if number == 1 else "Ấp Xa",
            old_commune_code=None,
            old_commune_version=None,
        )
        owner = parcels.make_holder(land_values.Party(f"pin:{holder}"), name=name)
        certificate = parcels.make_certificate(
            f"{key}C",
            f"{key}R",
            number_as_written=f"CE 88100{number}",
            register_number=f"vào-sổ-88{number}",
        )
        registration = land_values.FirstRegistration(
            parcel=parcel,
            rights=(parcels.make_right(f"{key}R", key, holders=(owner,)),),
            certificates=(certificate,),
        )
        land_service.register_parcel(session, act=act, registration=registration, on=_ON)


def _enter_insurance(session: Session, act: Act) -> None:
    far = insurance_values.Address("Ngõ Xa", *HANOI)
    for number, place in enumerate((insured.PLACE, far)):
        name = "Vũ Thị Kín" if number == 0 else "Vũ Thị Xa"
        insured.register(session, act, 8_000_001 + number, full_name=name, pin=None, address=place)
        insured.card(session, act, (ONE, FAR_ONE)[number], f"DN496{(ONE, FAR_ONE)[number]}")
        hidden = "Khuất" if number == 0 else "Xa"
        on = date(2010, 1, 1)
        insurance_service.register_facility(
            session,
            act=act,
            facility_code=f"9688{number + 1}",
            name=f"Trạm {hidden}",
            address=place,
            on=on,
        )
        insurance_service.register_employer(
            session,
            act=act,
            unit_code=f"YN088{number + 1}Z",
            name=f"Xưởng {hidden}",
            address=place,
            on=on,
            enterprise_code=EMPLOYER_OF if number == 0 else None,
        )


def _enter_finance(session: Session, act: Act) -> None:
    hanoi = finance_values.Place("01", "00004")
    for number, (unit, payer) in enumerate(((UNIT, PAYER), (FAR_UNIT, FAR_PAYER))):
        is_near = number == 0
        hidden = "Khuất" if is_near else "Xa"
        place = budgets.make_unit().place if is_near else hanoi
        budgets.register_unit(session, act, unit_code=unit, name_vi=f"Trường {hidden}", place=place)
        budgets.allocate(
            session,
            act,
            budgets.amount(1000),
            unit_code=unit,
            budget_year=YEAR,
            on=date(YEAR, 1, 1),
            decision_no="881/QĐ-KHUẤT" if is_near else "882/QĐ",
        )
        name = "Vũ Thị Kín" if is_near else "Vũ Thị Xa"
        taxpayer = budgets.make_taxpayer(taxpayer_code=payer, name=name, former_codes=())
        finance_service.register_taxpayer(session, act=act, taxpayer=taxpayer)
        declaration = budgets.make_declaration(
            declaration_no=f"1058810000{number + 1}0", taxpayer_code=payer
        )
        finance_service.register_customs_declaration(session, act=act, declaration=declaration)
        asset = replace(
            budgets.make_asset(),
            asset_code=f"TS-881-0{number + 1}",
            name_vi=f"Nhà {hidden}",
            unit_code=unit,
            place=place,
            parcel_id=None,
        )
        finance_service.register_public_asset(session, act=act, asset=asset)

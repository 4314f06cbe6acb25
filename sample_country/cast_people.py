"""The people of the cast: a family, and four persons to whom one thing happened each.

All of them enter the register on `OPENED_ON`; what happens later is an act of its own, so that the
register can be read as it was before and after.
"""

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy.orm import Session

from databases.changes.ledger import Act
from databases.identifiers import Pin
from databases.periods import PartialDate
from population import service, values
from population.values import KinRole, Member, RelationToHead, Relative, ResidenceKind
from sample_country import cast_numbers
from sample_country.geography import REFORM

OPENED_ON = date(2021, 7, 1)
MARRIED_ON, FOUNDED_ON = date(2014, 8, 16), date(2016, 1, 10)
REESTABLISHED_ON, CORRECTED_ON = date(2023, 9, 12), date(2024, 3, 11)
DIED_ON, MOVED_ON = date(2024, 4, 30), date(2025, 10, 6)
WRONG_BIRTH, RIGHT_BIRTH = PartialDate.parse("1985-12-03"), PartialDate.parse("1985-03-12")
FORMER_BIRTH, TRUE_BIRTH = PartialDate.parse("1977-06-30"), PartialDate.parse("1978-06-30")
HOUSEHOLD = "CAST00001"

_OLD, _NEW = "124/2004", "19/2025"
_HANOI = values.Address("12 Lý Tự Trọng", "Tổ dân phố 4", "00007", _OLD, "01")
_HANOI_NEW = values.Address("12 Lý Tự Trọng", "Tổ dân phố 4", "00008", _NEW, "01")
_SAIGON = values.Address("48 Lê Lai", "Khu phố 2", "27139", _OLD, "79")
_SAIGON_NEW = values.Address("48 Lê Lai", "Khu phố 2", "27139", _NEW, "79")
_DANANG = values.Address("7 Duy Tân", "Tổ dân phố 11", "20245", _OLD, "48")
_DANANG_NEW = values.Address("7 Duy Tân", "Tổ dân phố 11", "20257", _NEW, "48")
_CANTHO = values.Address("23 Ngô Quyền", "Khu vực 3", "31144", _OLD, "92")
_CANTHO_NEW = values.Address("23 Ngô Quyền", "Khu vực 3", "31135", _NEW, "92")
_CANTHO_FLAT = values.Address("105 Hai Bà Trưng", "Khu vực 1", "31135", _NEW, "92")
_NAMDINH = values.Address(None, "Tổ dân phố 6", "14215", _OLD, "36")

_FAMILY = (cast_numbers.CITIZEN, cast_numbers.HUSBAND, cast_numbers.CHILD)
_OTHERS = (
    (cast_numbers.CORRECTED, "Lê Văn Hậu", WRONG_BIRTH, _SAIGON, date(2012, 5, 7)),
    (cast_numbers.MOVED, "Huỳnh Ngọc Lan", PartialDate.parse("1992-11-03"), _DANANG,
     date(2015, 2, 2)),
    (cast_numbers.DEAD, "Phạm Văn Tư", PartialDate.parse("1948"), _NAMDINH, date(1985, 9, 1)),
    (cast_numbers.FORMER_NUMBER, "Võ Minh Tâm", FORMER_BIRTH, _CANTHO, date(2009, 3, 30)),
)  # fmt: skip


def enact(session: Session) -> int:
    """Write the stories of the people, act by act, in the order of their recording.

    Returns:
        number of the last change.
    """
    _register_family(session)
    for pin, name, birth, home, since in _OTHERS:
        person = _person(pin, name, birth, home)
        service.register_person(session, act=_entry(), person=person, on=OPENED_ON)
        _settle(session, pin, home, since, _entry())
    _reestablish(session)
    _correct(session)
    _bury(session)
    return _cross_reform(session)


def _act(on: date, reason: str, legal_basis: str) -> Act:
    """Describe an act recorded on the morning after its day."""
    return Act(
        name="population.sample_country.cast",  # the service gives the act its own name
        recorded_at=datetime.combine(on + timedelta(days=1), time(2), tzinfo=UTC),
        recorded_by="sample country",
        reason=reason,
        legal_basis=legal_basis,
        source_document="invented file of the cast",
    )


def _entry() -> Act:
    return _act(OPENED_ON, "the register is opened", "Law on Identity 26/2023/QH15 art. 9")


def _person(pin: str, name: str, birth: PartialDate, home: values.Address) -> values.Person:
    family, *middle, given = name.split()
    place = values.Address(
        commune_code=home.commune_code,
        commune_version=home.commune_version,
        province_code=home.province_code,
    )
    return values.Person(
        pin=pin,
        name=values.PersonName(name, family, " ".join(middle), given),
        birth=birth,
        sex=Pin.parse(pin).sex,
        place_of_birth=place,
        birth_registration_place=place,
        native_place=place,
        ethnicity_code="01",
        marital_status=values.MaritalStatus.SINGLE,
    )


def _settle(session: Session, pin: str, home: values.Address, since: date, act: Act) -> int:
    return service.register_residence(
        session, act=act, pin=pin, kind=ResidenceKind.PERMANENT, address=home, start=since
    ).change


def _register_family(session: Session) -> None:
    citizen, husband, child = _FAMILY
    for pin, name, born in (
        (citizen, "Nguyễn Thị Mai", "1990-05-20"),
        (husband, "Trần Quốc Bảo", "1988-02-11"),
    ):
        person = _person(pin, name, PartialDate.parse(born), _HANOI)
        service.register_person(session, act=_entry(), person=person, on=OPENED_ON)
    service.register_marriage(
        session, act=_entry(), first_pin=husband, second_pin=citizen, on=MARRIED_ON
    )
    service.register_birth(
        session,
        act=_entry(),
        person=_person(child, "Trần Bảo An", PartialDate.parse("2015-10-04"), _HANOI),
        on=OPENED_ON,
        relatives=(Relative(KinRole.FATHER, husband), Relative(KinRole.MOTHER, citizen)),
    )
    service.register_household(
        session,
        act=_entry(),
        household_id=HOUSEHOLD,
        address=_HANOI,
        members=(
            Member(citizen, RelationToHead.HEAD),
            Member(husband, RelationToHead.SPOUSE),
            Member(child, RelationToHead.CHILD),
        ),
        start=FOUNDED_ON,
        residence_file_no=HOUSEHOLD,
    )
    for pin in _FAMILY:
        _settle(session, pin, _HANOI, FOUNDED_ON, _entry())
    service.register_identity_card(
        session,
        act=_act(date(2021, 9, 1), "a card is issued", "Law on Identity 26/2023/QH15 art. 19"),
        pin=citizen,
        card_type=values.CardType.CCCD_CHIP,
        issued_on=date(2021, 9, 1),
        issued_by="Cục Cảnh sát quản lý hành chính về trật tự xã hội",
        expires_on=date(2030, 5, 20),
    )


def _reestablish(session: Session) -> None:
    service.reestablish_number(
        session,
        act=_act(REESTABLISHED_ON, "the year of birth was wrong", "Circular 59/2021/TT-BCA art. 6"),
        pin=cast_numbers.FORMER_NUMBER,
        new_pin=cast_numbers.REESTABLISHED,
        reason=values.AliasReason.BIRTH_YEAR_CORRECTED,
        decided_on=REESTABLISHED_ON,
        birth=TRUE_BIRTH,
    )


def _correct(session: Session) -> None:
    service.correct_item(
        session,
        act=_act(CORRECTED_ON, "day and month were swapped", "Law on Identity 26/2023/QH15"),
        pin=cast_numbers.CORRECTED,
        item="birth",
        value=RIGHT_BIRTH,
    )


def _bury(session: Session) -> None:
    service.register_death(
        session,
        act=_act(
            DIED_ON + timedelta(days=3), "a death is registered", "Law on Civil Status 60/2014"
        ),
        pin=cast_numbers.DEAD,
        happened=PartialDate(DIED_ON),
        on=DIED_ON + timedelta(days=3),
    )


def _cross_reform(session: Session) -> int:
    """Give the homes their new communes on the day of the reform; one person moves afterwards."""
    reform = _act(REFORM, "the communes were rearranged", "Decision 19/2025/QĐ-TTg")
    for pin in _FAMILY:
        _settle(session, pin, _HANOI_NEW, REFORM, reform)
    _settle(session, cast_numbers.CORRECTED, _SAIGON_NEW, REFORM, reform)
    _settle(session, cast_numbers.MOVED, _DANANG_NEW, REFORM, reform)
    _settle(session, cast_numbers.REESTABLISHED, _CANTHO_NEW, REFORM, reform)
    move = _act(MOVED_ON, "a move is registered", "Law on Residence 68/2020/QH14 art. 22")
    return _settle(session, cast_numbers.MOVED, _CANTHO_FLAT, MOVED_ON, move)

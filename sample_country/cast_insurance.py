"""The cast and their insurance: a career with all three cards, a child, and somebody who died.

`CITIZEN` works for `TOP_FIRM` since 2019, and her salary rose once. She has the card of each form
that was issued meanwhile, all valid side by side. `CHILD` is insured as a pupil; `DEAD` drew a
pension, had two books that were merged, and everything of his ended with his death.
"""

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy.orm import Session

from databases.changes.ledger import Act
from databases.identifiers import Sex
from databases.periods import PartialDate
from insurance import service, values
from sample_country import cast_firms, cast_numbers, cast_people

HIRED_ON, RAISED_ON, SECOND_CARD_ON = date(2019, 4, 1), date(2024, 7, 1), date(2021, 4, 1)
THIRD_CARD_ON, PUPIL_SINCE = date(2025, 8, 15), date(2021, 9, 1)
RETIRED_ON, MERGED_ON = date(2008, 6, 1), date(2019, 5, 6)
FIRST_CARD = f"DN401{cast_numbers.CITIZEN_INSURANCE}"
EMPLOYER, SCHOOL = "YN990030Z", "TH990001Z"

_SALARY, _RAISED_SALARY, _PENSION = 12_000_000, 15_000_000, 4_200_000
_PAID_TO = date(2026, 1, 1)
_HANOI = values.Address("12 Lý Tự Trọng", "00007", "124/2004", "01")
_NAMDINH = values.Address(None, "14215", "124/2004", "36")
_SOCIAL, _HEALTH = "Law on Social Insurance 58/2014/QH13", "Law on Health Insurance 25/2008/QH12"


def enact(session: Session) -> int:
    """Write the story of the insured, act by act.

    Returns:
        number of the last change.
    """
    _open_bodies(session)
    _register_participants(session)
    _insure_citizen(session)
    _insure_child(session)
    return _bury(session)


def _act(on: date, reason: str, legal_basis: str) -> Act:
    """Describe an act recorded on the morning after its day."""
    return Act(
        name="insurance.sample_country.cast",  # the service gives the act its own name
        recorded_at=datetime.combine(on + timedelta(days=1), time(2), tzinfo=UTC),
        recorded_by="sample country",
        reason=reason,
        legal_basis=legal_basis,
        source_document="invented file of the cast",
    )


def _open_bodies(session: Session) -> None:
    opened = date(2005, 1, 1)
    act = _act(opened, "the register is opened", _HEALTH)
    service.register_facility(
        session,
        act=act,
        facility_code=cast_numbers.FACILITY,
        name="Bệnh viện đa khoa Mẫu",
        address=_HANOI,
        on=opened,
    )
    for unit, name, code, on in (
        (EMPLOYER, "CÔNG TY TNHH MỘT THÀNH VIÊN ĐẦU TƯ MẪU MAI", cast_numbers.TOP_FIRM, HIRED_ON),
        (SCHOOL, "Trường Tiểu học Mẫu Ba Đình", None, opened),
    ):
        service.register_employer(
            session,
            act=_act(on, "a unit is registered", _SOCIAL),
            unit_code=unit,
            name=name,
            address=_HANOI,
            on=max(on, cast_firms.TOP_ON) if code else on,
            enterprise_code=code,
        )


def _register_participants(session: Session) -> None:
    people = (
        ("Nguyễn Thị Mai", "1990-05-20", Sex.FEMALE, cast_numbers.CITIZEN_INSURANCE, "CITIZEN"),
        ("Trần Bảo An", "2015-10-04", Sex.FEMALE, cast_numbers.CHILD_INSURANCE, "CHILD"),
        ("Phạm Văn Tư", "1948", Sex.MALE, cast_numbers.DEAD_INSURANCE, "DEAD"),
        ("Phạm Văn Tư", "1948", Sex.MALE, cast_numbers.DEAD_FORMER_BOOK, None),
    )
    for name, birth, sex, number, pin in people:
        participant = values.Participant(
            full_name=name,
            birth=PartialDate.parse(birth),
            sex=sex,
            social_insurance_no=number,
            pin=getattr(cast_numbers, pin) if pin else None,
            address=_HANOI if sex is Sex.FEMALE else _NAMDINH,
        )
        act = _act(HIRED_ON, "a book is opened", _SOCIAL)
        service.register_participant(session, act=act, participant=participant)


def _insure_citizen(session: Session) -> None:
    number = cast_numbers.CITIZEN_INSURANCE
    for scheme in (values.Scheme.COMPULSORY, values.Scheme.UNEMPLOYMENT, values.Scheme.HEALTH):
        is_health = scheme is values.Scheme.HEALTH
        service.register_spell(
            session,
            act=_act(HIRED_ON, "a contract of employment begins", _SOCIAL),
            participant_no=number,
            scheme=scheme,
            unit_code=EMPLOYER,
            days=values.Days(HIRED_ON),
            terms=values.Terms(salary_amount=_SALARY, object_code="DN" if is_health else None),
        )
        service.amend_spell(
            session,
            act=_act(RAISED_ON, "the salary rises", _SOCIAL),
            participant_no=number,
            scheme=scheme,
            unit_code=EMPLOYER,
            on=RAISED_ON,
            changes={"salary_amount": _RAISED_SALARY},
        )
    for first, end, salary in (
        (HIRED_ON, RAISED_ON, _SALARY),
        (RAISED_ON, _PAID_TO, _RAISED_SALARY),
    ):
        paid = values.Contribution(number, values.Scheme.COMPULSORY, EMPLOYER, first, end, salary)
        act = _act(end, "contributions are paid", _SOCIAL)
        service.register_contributions(session, act=act, contributions=[paid])
    for code, on in (
        (FIRST_CARD, HIRED_ON),
        (number, SECOND_CARD_ON),
        (cast_numbers.CITIZEN, THIRD_CARD_ON),
    ):
        _issue(session, number, code, "DN", on)


def _issue(session: Session, number: str, code: str, group: str, on: date) -> None:
    card = values.Card(
        code=code,
        object_code=group,
        issued_on=on,
        valid=values.Days(on),
        facility_code=cast_numbers.FACILITY,
    )
    act = _act(on, "a card is issued", _HEALTH)
    service.register_card(session, act=act, participant_no=number, card=card)


def _insure_child(session: Session) -> None:
    service.register_spell(
        session,
        act=_act(PUPIL_SINCE, "school begins", _HEALTH),
        participant_no=cast_numbers.CHILD_INSURANCE,
        scheme=values.Scheme.HEALTH,
        unit_code=SCHOOL,
        days=values.Days(PUPIL_SINCE),
        terms=values.Terms(object_code="HS"),
    )
    number = cast_numbers.CHILD_INSURANCE
    _issue(session, number, number, "HS", PUPIL_SINCE)


def _bury(session: Session) -> int:
    number = cast_numbers.DEAD_INSURANCE
    service.register_merger(
        session,
        act=_act(MERGED_ON, "one person had two books", _SOCIAL),
        old_no=cast_numbers.DEAD_FORMER_BOOK,
        new_no=number,
        decided_on=MERGED_ON,
    )
    pension = values.Benefit(
        decision_no="MAU/2008",
        kind=values.BenefitKind.RETIREMENT,
        amount=_PENSION,
        valid=values.Days(RETIRED_ON),
    )
    service.register_benefit(
        session,
        act=_act(MERGED_ON, "an older decision is entered", _SOCIAL),
        participant_no=number,
        benefit=pension,
    )
    noticed_on = cast_people.DIED_ON + timedelta(days=4)
    return service.register_death(
        session,
        act=_act(noticed_on, "the population register told of a death", _SOCIAL),
        participant_no=number,
        died_on=cast_people.DIED_ON,
        on=noticed_on,
    ).change

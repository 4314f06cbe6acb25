"""Acts on a real PostgreSQL: what they record, what they refuse, what history keeps."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from databases import periods
from databases.changes import annulling, ledger, versions
from databases.changes.ledger import Act
from databases.changes.versions import AsOf
from databases.identifiers import MalformedIdentifier, Sex
from databases.periods import PartialDate
from population import errors, service, tables
from population.datasets import CITIZEN
from population.values import (
    Address,
    KinRole,
    Member,
    PersonName,
    RelationToHead,
    Relative,
    ResidenceKind,
)
from tests.factories import population as factory
from tests.integration.population.reading import read

ON = factory.ON
NOBODY = "001090999999"


class TestRegisterBirth:
    def test_enters_the_child_with_both_parents(self, session: Session, act: Act) -> None:
        man, woman = factory.register_couple(session, act)
        parents = (Relative(KinRole.FATHER, man), Relative(KinRole.MOTHER, woman))
        child = factory.make_person(3, "2021-07-08")

        outcome = service.register_birth(session, act=act, person=child, on=ON, relatives=parents)

        assert outcome.change == ledger.last_change(session, tables.ledger)
        assert [(r["role"], r["pin"]) for r in read(session, child.pin, "relations")] == [
            ("FATHER", man),
            ("MOTHER", woman),
        ]
        assert ("CHILD", child.pin) in [
            (r["role"], r["pin"]) for r in read(session, woman, "relations")
        ]

    def test_names_its_act_itself(self, session: Session, act: Act) -> None:
        factory.register(session, act)

        name = session.execute(select(tables.ledger.change.c.act)).scalar_one()

        assert name == "population.birth.registered"

    @pytest.mark.parametrize(
        ("changes", "error"),
        [
            ({"pin": "00109000001"}, MalformedIdentifier),
            ({"pin": "001190000001"}, errors.PinContradictsRecord),
            ({"pin": "001091000001"}, errors.PinContradictsRecord),
            ({"name": PersonName("", "", "", "")}, errors.NameMissing),
            ({"old_id_9": "12"}, MalformedIdentifier),
        ],
    )
    def test_refuses(
        self, session: Session, act: Act, changes: dict[str, Any], error: type[Exception]
    ) -> None:
        with pytest.raises(error):
            service.register_birth(session, act=act, person=factory.make_person(**changes), on=ON)

    def test_refuses_a_number_twice_and_a_child_older_than_the_parent(
        self, session: Session, act: Act
    ) -> None:
        pin = factory.register(session, act)

        with pytest.raises(errors.PersonAlreadyRegistered):
            factory.register(session, act)
        with pytest.raises(errors.ImpossibleKinship):
            service.register_birth(
                session,
                act=act,
                person=factory.make_person(2, "1980-01-01"),
                on=ON,
                relatives=(Relative(KinRole.FATHER, pin),),
            )


class TestRegisterPerson:
    def test_flags_a_number_that_does_not_fit(self, session: Session, act: Act) -> None:
        person = factory.make_person(pin="199191000001")

        outcome = service.register_person(session, act=act, person=person, on=ON)

        assert [r.rule for r in outcome.warnings] == ["pin.birth_year", "pin.sex", "pin.origin"]
        assert read(session, person.pin, "full_name") == "Hoàng Văn Thử1"


class TestRegisterResidence:
    def test_a_move_ends_the_place_before(self, session: Session, act: Act) -> None:
        pin = factory.register(session, act)
        for address, start in ((factory.CITY, date(2000, 1, 1)), (factory.VILLAGE, ON)):
            service.register_residence(
                session,
                act=act,
                pin=pin,
                kind=ResidenceKind.PERMANENT,
                address=address,
                start=start,
            )

        before = read(session, pin, "permanent_residence", on=date(2026, 3, 1))
        after = read(session, pin, "permanent_residence")

        assert before["commune"] == {"code": "00001", "version": "124/2004"}
        assert after["village"] == "Thôn Mây"

    def test_temporary_residence_ends_with_its_last_day(self, session: Session, act: Act) -> None:
        pin = factory.register(session, act)
        service.register_residence(
            session,
            act=act,
            pin=pin,
            kind=ResidenceKind.TEMPORARY,
            address=factory.VILLAGE,
            start=ON,
            last_day=date(2028, 3, 1),
        )

        assert read(session, pin, "temporary_residence", on=date(2028, 3, 1))["street"] == "Số 2"
        assert read(session, pin, "temporary_residence", on=date(2028, 3, 2)) is None

    def test_a_correction_leaves_what_was_known_readable(self, session: Session, act: Act) -> None:
        pin = factory.register(session, act)
        first = service.register_residence(
            session,
            act=act,
            pin=pin,
            kind=ResidenceKind.CURRENT,
            address=factory.CITY,
            start=date(2020, 1, 1),
        )
        service.correct_residence(
            session,
            act=act,
            pin=pin,
            kind=ResidenceKind.CURRENT,
            address=Address(street="Số 11"),
            valid=periods.period(date(2020, 1, 1)),
        )

        known_then = read(session, pin, "current_residence", change=first.change)

        assert known_then["street"] == "Số 1, đường Tưởng Tượng"
        assert read(session, pin, "current_residence")["street"] == "Số 11"

    def test_closing_what_is_not_there_is_refused(self, session: Session, act: Act) -> None:
        pin = factory.register(session, act)

        with pytest.raises(versions.NothingToAmend):
            service.close_residence(session, act=act, pin=pin, kind=ResidenceKind.CURRENT, start=ON)


class TestHouseholds:
    @pytest.fixture
    def couple(self, session: Session, act: Act) -> tuple[str, str]:
        man, woman = factory.register_couple(session, act)
        service.register_household(
            session,
            act=act,
            household_id="H1",
            address=factory.CITY,
            members=[Member(man, RelationToHead.HEAD), Member(woman, RelationToHead.SPOUSE)],
            start=date(2021, 1, 1),
        )
        return man, woman

    def test_is_read_with_head_and_members(self, session: Session, couple: tuple[str, str]) -> None:
        household = read(session, couple[1], "household")

        assert household["head"]["pin"] == couple[0]
        assert [m["pin"] for m in household["members"]] == sorted(couple)
        assert read(session, couple[1], "relation_to_head")["code"] == "SPOUSE"

    def test_a_head_who_leaves_needs_a_successor(
        self, session: Session, act: Act, couple: tuple[str, str]
    ) -> None:
        man, woman = couple
        other = factory.register(session, act, 5)
        service.register_household(
            session,
            act=act,
            household_id="H2",
            address=factory.CITY,
            members=[Member(other, RelationToHead.HEAD)],
            start=date(2021, 1, 1),
        )
        moving = {
            "household_id": "H2",
            "members": [Member(man, RelationToHead.SIBLING)],
            "start": ON,
        }

        with pytest.raises(errors.OneHeadNeeded), session.begin_nested():
            service.amend_household(session, act=act, **moving)
        service.amend_household(
            session, act=act, remaining={"H1": [Member(woman, RelationToHead.HEAD)]}, **moving
        )

        assert read(session, woman, "relation_to_head")["code"] == "HEAD"
        assert read(session, man, "household")["household_no"] == "H2"
        assert read(session, man, "household", on=date(2026, 3, 1))["household_no"] == "H1"

    def test_two_heads_are_refused_by_the_database_too(
        self, session: Session, act: Act, couple: tuple[str, str]
    ) -> None:
        number = ledger.open_change(session, tables.ledger, act)
        row = ("001090000009", "H1", "HEAD", number)

        with pytest.raises(DBAPIError, match="one_head"):
            session.execute(
                text(
                    "INSERT INTO population.household_member"
                    " (pin, household_id, relation_to_head, from_change, valid)"
                    " VALUES (:a, :b, :c, :d, '[2022-01-01,)')"
                ),
                dict(zip("abcd", row, strict=True)),
            )

    def test_an_unknown_household_and_a_doubled_member_are_refused(
        self, session: Session, act: Act, couple: tuple[str, str]
    ) -> None:
        member = Member(couple[0], RelationToHead.HEAD)

        with pytest.raises(errors.HouseholdNotFound):
            service.amend_household(session, act=act, household_id="H9", members=[member], start=ON)
        with pytest.raises(errors.MemberTwice):
            service.amend_household(
                session, act=act, household_id="H1", members=[member, member], start=ON
            )


class TestMarriage:
    def test_a_divorce_ends_what_a_marriage_began(self, session: Session, act: Act) -> None:
        man, woman = factory.register_couple(session, act)
        service.register_divorce(session, act=act, first_pin=woman, second_pin=man, on=ON)

        married = read(session, man, "marital_status", "relations", on=date(2026, 3, 1))
        divorced = read(session, man, "marital_status", "relations")

        assert married["marital_status"]["code"] == "2"
        assert married["relations"][0]["name"]["full"] == "Hoàng Văn Thử2"
        assert divorced["marital_status"]["code"] == "3"
        assert divorced["relations"] == []

    def test_monogamy_and_brothers_and_sisters(self, session: Session, act: Act) -> None:
        man, woman = factory.register_couple(session, act)
        parent = (Relative(KinRole.FATHER, man),)
        child = {}
        for number, sex in ((11, Sex.MALE), (12, Sex.FEMALE)):
            person = factory.make_person(number, "2006-01-01", sex)
            child[sex] = service.register_birth(
                session, act=act, person=person, on=ON, relatives=parent
            ).key

        with pytest.raises(errors.ForbiddenMarriage):
            service.register_marriage(
                session,
                act=act,
                first_pin=child[Sex.MALE],
                second_pin=child[Sex.FEMALE],
                on=ON,
            )
        with pytest.raises(errors.AlreadyMarried):
            service.register_marriage(
                session, act=act, first_pin=man, second_pin=child[Sex.FEMALE], on=ON
            )
        with pytest.raises(errors.NotMarried):
            service.register_divorce(
                session, act=act, first_pin=woman, second_pin=child[Sex.MALE], on=ON
            )


class TestCorrectItem:
    def test_holds_for_the_days_named(self, session: Session, act: Act) -> None:
        pin = factory.register(session, act)
        service.correct_item(
            session,
            act=act,
            pin=pin,
            item="mobile_no",
            value="0900000001",
            valid=periods.period(date(2024, 1, 1), date(2025, 1, 1)),
        )

        values = [
            read(session, pin, "mobile_no", on=day)
            for day in (date(2023, 12, 31), date(2024, 1, 1), date(2025, 1, 1))
        ]

        assert values == [None, "0900000001", None]

    def test_a_birth_date_moves_the_first_day(self, session: Session, act: Act) -> None:
        pin = factory.register(session, act)
        service.correct_item(
            session, act=act, pin=pin, item="birth", value=PartialDate.parse("1990-02")
        )

        assert read(session, pin, "date_of_birth", on=date(1990, 2, 1)) == "1990-02"
        assert read(session, pin, "date_of_birth", on=date(1990, 1, 31)) is None

    def test_a_name_is_found_by_its_new_key(self, session: Session, act: Act) -> None:
        pin = factory.register(session, act)
        name = PersonName("Lý Thị Hòa", "Lý", "Thị", "Hòa")
        service.correct_item(session, act=act, pin=pin, item="name", value=name)

        found = CITIZEN.search(
            session, {"name": "LÍ THỊ HOÀ"}, frozenset({"full_name"}), AsOf(ON), 10
        )

        assert found.records == {pin: {"full_name": "Lý Thị Hòa"}}

    @pytest.mark.parametrize(
        ("item", "value", "error"),
        [
            ("sex", Sex.FEMALE, errors.PinContradictsRecord),
            ("birth", PartialDate.parse("1991"), errors.PinContradictsRecord),
            ("name", PersonName("", "", "", ""), errors.NameMissing),
            ("pin", NOBODY, errors.ItemNotCorrectable),
            ("old_id_9", "x", MalformedIdentifier),
        ],
    )
    def test_refuses(
        self, session: Session, act: Act, item: str, value: object, error: type[Exception]
    ) -> None:
        pin = factory.register(session, act)

        with pytest.raises(error):
            service.correct_item(session, act=act, pin=pin, item=item, value=value)

    def test_refuses_days_before_birth_and_unknown_persons(
        self, session: Session, act: Act
    ) -> None:
        pin = factory.register(session, act)

        with pytest.raises(errors.NothingToCorrect):
            service.correct_item(
                session,
                act=act,
                pin=pin,
                item="email",
                value="a@example.org",
                valid=periods.period(date(1980, 1, 1), date(1981, 1, 1)),
            )
        with pytest.raises(errors.PersonNotFound):
            service.correct_item(session, act=act, pin=NOBODY, item="email", value=None)


class TestRegisterRelative:
    def test_a_representative_is_written_for_both(self, session: Session, act: Act) -> None:
        ward, guardian = factory.register(session, act, 1), factory.register(session, act, 2)
        service.register_relative(
            session,
            act=act,
            pin=ward,
            relative=Relative(KinRole.REPRESENTATIVE, guardian),
            start=ON,
        )

        assert read(session, guardian, "relations")[0]["role"] == "REPRESENTED"

    def test_a_relative_outside_the_register_goes_by_name(self, session: Session, act: Act) -> None:
        pin = factory.register(session, act)
        abroad = Relative(KinRole.MOTHER, full_name="Jane Invented", nationality_code="FR")
        service.register_relative(session, act=act, pin=pin, relative=abroad, start=ON)

        mother = read(session, pin, "relations")[0]

        assert mother["name"]["full"] == "Jane Invented"
        assert [c["code"] for c in mother["nationality"]] == ["FR"]

    def test_a_second_mother_is_refused(self, session: Session, act: Act) -> None:
        pin = factory.register(session, act)
        abroad = Relative(KinRole.MOTHER, full_name="Jane Invented")
        service.register_relative(session, act=act, pin=pin, relative=abroad, start=ON)

        with pytest.raises(versions.OverlappingValidity):
            service.register_relative(session, act=act, pin=pin, relative=abroad, start=ON)


class TestRegisterIdentityCard:
    def test_the_newest_card_is_read(self, session: Session, act: Act) -> None:
        pin = factory.register(session, act)
        for year in (2016, 2024):
            service.register_identity_card(
                session,
                act=act,
                pin=pin,
                card_type="CAN_CUOC" if year > 2020 else "CCCD_BARCODE",
                issued_on=date(year, 8, 1),
                issued_by="Bộ Công an",
            )

        assert read(session, pin, "id_card")["issued_on"] == "2024-08-01"
        assert read(session, pin, "id_card", on=date(2024, 7, 31))["type"] == "CCCD_BARCODE"


class TestAnnul:
    def test_a_change_that_others_built_on_stands(self, session: Session, act: Act) -> None:
        pin = factory.register(session, act)
        born = ledger.last_change(session, tables.ledger)
        moved = service.correct_item(session, act=act, pin=pin, item="email", value="a@b.example")

        with pytest.raises(annulling.ChangeNotAnnullable):
            service.annul_change(session, act=act, annulled=born)
        service.annul_change(session, act=act, annulled=moved.change)
        assert read(session, pin, "email") is None

    def test_an_annulled_birth_is_gone_but_stays_in_history(
        self, session: Session, act: Act
    ) -> None:
        pin = factory.register(session, act)
        born = ledger.last_change(session, tables.ledger)

        service.annul_change(session, act=act, annulled=born)

        assert read(session, pin, "pin") is None
        assert read(session, pin, "pin", change=born) == pin

    def test_what_is_not_there_cannot_be_annulled(self, session: Session, act: Act) -> None:
        with pytest.raises(ledger.ChangeNotFound):
            service.annul_change(session, act=act, annulled=99)

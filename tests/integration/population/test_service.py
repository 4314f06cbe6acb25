"""Acts on a real PostgreSQL: what they record, what they refuse, what history keeps."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from databases import periods
from databases.changes import ledger, versions
from databases.changes.ledger import Act
from databases.changes.versions import AsOf
from databases.identifiers import MalformedIdentifier, Sex
from databases.periods import PartialDate
from population import errors, service, tables
from population.datasets import CITIZEN
from population.values import (
    Address,
    AliasReason,
    KinRole,
    Member,
    PersonName,
    RelationToHead,
    Relative,
    ResidenceKind,
)
from tests.factories import population as factory

ON = factory.ON
NOBODY = "001090999999"


@pytest.fixture
def session(population_session: Session) -> Session:
    return population_session


def read(session: Session, pin: str, *fields: str, on: date = ON, change: int | None = None) -> Any:
    found = CITIZEN.fetch(session, [pin], frozenset(fields), AsOf(on, change)).records
    record = found.get(pin)
    return record if record is None or len(fields) != 1 else record[fields[0]]


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

        assert [r.rule for r in outcome.remarks] == ["pin.birth_year", "pin.sex", "pin.origin"]
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
            service.change_household(session, act=act, **moving)
        service.change_household(
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
            service.change_household(
                session, act=act, household_id="H9", members=[member], start=ON
            )
        with pytest.raises(errors.MemberTwice):
            service.change_household(
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


class TestReestablishNumber:
    @pytest.fixture
    def moved(self, session: Session, act: Act) -> tuple[str, str, str, int]:
        man, woman = factory.register_couple(session, act)
        service.register_residence(
            session,
            act=act,
            pin=man,
            kind=ResidenceKind.PERMANENT,
            address=factory.CITY,
            start=date(2020, 1, 1),
        )
        outcome = service.reestablish_number(
            session,
            act=act,
            pin=man,
            new_pin="001089000077",
            reason=AliasReason.BIRTH_YEAR_CORRECTED,
            decided_on=ON,
            birth=PartialDate.parse("1989-05-06"),
        )
        return man, outcome.key, woman, outcome.change

    def test_the_old_number_finds_the_person_under_the_new_one(
        self, session: Session, moved: tuple[str, str, str, int]
    ) -> None:
        old, new, woman, _ = moved

        record = read(session, old, "pin", "date_of_birth", "permanent_residence", "relations")

        assert (record["pin"], record["date_of_birth"]) == (new, "1989-05-06")
        assert record["permanent_residence"]["street"] == "Số 1, đường Tưởng Tượng"
        assert record["relations"][0]["pin"] == woman
        assert read(session, woman, "relations")[0]["pin"] == new
        assert read(session, new, "pin") == new

    def test_history_under_the_old_number_stays_readable(
        self, session: Session, moved: tuple[str, str, str, int]
    ) -> None:
        old, new, _, change = moved

        then = read(session, old, "pin", "date_of_birth", "permanent_residence", change=change - 1)

        assert (then["pin"], then["date_of_birth"]) == (old, "1990-05-06")
        assert then["permanent_residence"] is not None
        assert read(session, new, "pin", change=change - 1) is None

    def test_a_chain_of_numbers_leads_to_the_last(
        self, session: Session, act: Act, moved: tuple[str, str, str, int]
    ) -> None:
        old, new, _, _ = moved
        service.reestablish_number(
            session,
            act=act,
            pin=old,
            new_pin="001189000078",
            reason=AliasReason.SEX_REDETERMINED,
            decided_on=ON,
            sex=Sex.FEMALE,
        )

        assert read(session, old, "pin") == read(session, new, "pin") == "001189000078"

    def test_the_old_number_never_returns(
        self, session: Session, act: Act, moved: tuple[str, str, str, int]
    ) -> None:
        with pytest.raises(errors.PinWasCancelled):
            factory.register(session, act, 1)

    def test_the_database_keeps_it_out_too(
        self, session: Session, act: Act, moved: tuple[str, str, str, int]
    ) -> None:
        change = ledger.open_change(session, tables.ledger, act)

        with pytest.raises(DBAPIError, match="never returns"):
            session.execute(
                text(
                    "INSERT INTO population.person (pin, full_name, family_name, middle_name,"
                    " given_name, name_key, birth_date, birth_precision, sex, nationality_codes,"
                    " blood_group, marital_status, temporary_absence, other, valid, from_change)"
                    " VALUES (:pin, 'a', 'a', '', 'a', 'a', '1990-01-01', 'day', 'male', '{VN}',"
                    " 'unknown', 'single', 'none', '{}', '[1990-01-01,)', :change)"
                ),
                {"pin": moved[0], "change": change},
            )

    def test_annulled_it_is_as_before(
        self, session: Session, act: Act, moved: tuple[str, str, str, int]
    ) -> None:
        old, new, woman, change = moved

        service.annul(session, act=act, annulled=change)

        assert read(session, old, "pin", "date_of_birth") == {
            "pin": old,
            "date_of_birth": "1990-05-06",
        }
        assert read(session, new, "pin") is None
        assert read(session, woman, "relations")[0]["pin"] == old

    def test_refuses_without_ground(self, session: Session, act: Act) -> None:
        pin = factory.register(session, act)

        with pytest.raises(errors.NoGroundForNewNumber):
            service.reestablish_number(
                session,
                act=act,
                pin=pin,
                new_pin="001090000055",
                reason=AliasReason.SEX_REDETERMINED,
                decided_on=ON,
            )


class TestRegisterDeath:
    def test_ends_marriage_residence_and_membership(self, session: Session, act: Act) -> None:
        man, woman = factory.register_couple(session, act)
        service.register_residence(
            session,
            act=act,
            pin=man,
            kind=ResidenceKind.PERMANENT,
            address=factory.CITY,
            start=date(2020, 1, 1),
        )
        service.register_household(
            session,
            act=act,
            household_id="H1",
            address=factory.CITY,
            members=[Member(man, RelationToHead.HEAD), Member(woman, RelationToHead.SPOUSE)],
            start=date(2021, 1, 1),
        )
        service.register_death(
            session,
            act=act,
            pin=man,
            happened=PartialDate.parse("2026-02-01"),
            on=ON,
            remaining={"H1": [Member(woman, RelationToHead.HEAD)]},
        )

        dead = read(session, man, "is_alive", "death_or_missing_date", "permanent_residence")

        assert dead == {
            "is_alive": False,
            "death_or_missing_date": {"date": "2026-02-01", "kind": "dead"},
            "permanent_residence": None,
        }
        assert read(session, man, "is_alive", on=date(2026, 1, 31)) is True
        assert read(session, man, "permanent_residence", on=date(2026, 2, 1)) is not None
        assert read(session, woman, "marital_status")["code"] == "3"
        assert read(session, woman, "relations") == []
        assert read(session, woman, "household")["head"]["pin"] == woman

    def test_the_dead_do_not_act_and_die_once(self, session: Session, act: Act) -> None:
        pin = factory.register(session, act)
        happened = PartialDate.parse("2026-02-01")
        service.register_death(session, act=act, pin=pin, happened=happened, on=ON)

        with pytest.raises(errors.PersonNotAlive):
            service.register_residence(
                session,
                act=act,
                pin=pin,
                kind=ResidenceKind.CURRENT,
                address=factory.CITY,
                start=ON,
            )
        with pytest.raises(errors.PersonNotAlive):
            service.register_death(session, act=act, pin=pin, happened=happened, on=ON)

    def test_a_death_in_the_future_is_refused(self, session: Session, act: Act) -> None:
        pin = factory.register(session, act)

        with pytest.raises(errors.ImpossibleDeath):
            service.register_death(
                session, act=act, pin=pin, happened=PartialDate.parse("2027"), on=ON
            )


class TestRegisterMissing:
    def test_the_missing_may_return(self, session: Session, act: Act) -> None:
        pin = factory.register(session, act)
        service.register_missing(
            session, act=act, pin=pin, happened=PartialDate.parse("2020"), on=ON
        )
        assert read(session, pin, "is_alive") is None

        service.close_missing(session, act=act, pin=pin, on=ON)

        assert read(session, pin, "is_alive") is True
        assert read(session, pin, "is_alive", on=date(2026, 3, 1)) is None
        with pytest.raises(errors.PersonNotMissing):
            service.close_missing(session, act=act, pin=pin, on=ON)


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

        with pytest.raises(errors.ChangeNotAnnullable):
            service.annul(session, act=act, annulled=born)
        service.annul(session, act=act, annulled=moved.change)
        assert read(session, pin, "email") is None

    def test_an_annulled_birth_is_gone_but_stays_in_history(
        self, session: Session, act: Act
    ) -> None:
        pin = factory.register(session, act)
        born = ledger.last_change(session, tables.ledger)

        service.annul(session, act=act, annulled=born)

        assert read(session, pin, "pin") is None
        assert read(session, pin, "pin", change=born) == pin

    def test_what_is_not_there_cannot_be_annulled(self, session: Session, act: Act) -> None:
        with pytest.raises(ledger.ChangeNotFound):
            service.annul(session, act=act, annulled=99)

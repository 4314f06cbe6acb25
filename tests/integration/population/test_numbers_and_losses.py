"""New numbers for persons, deaths and missing persons: what is recorded and what is refused."""

from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from databases.changes import ledger
from databases.changes.ledger import Act
from databases.identifiers import Sex
from databases.periods import PartialDate
from population import errors, service, tables
from population.values import (
    AliasReason,
    Member,
    RelationToHead,
    ResidenceKind,
)
from tests.factories import population as factory
from tests.integration.population.reading import read

ON = factory.ON


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

        service.annul_change(session, act=act, annulled=change)

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

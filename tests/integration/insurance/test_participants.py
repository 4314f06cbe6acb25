"""Acts on participants, their numbers and employers, on a real PostgreSQL."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from databases import periods
from databases.changes import ledger, versions
from databases.changes.ledger import Act
from databases.changes.versions import AsOf
from databases.identifiers import MalformedIdentifier
from insurance import datasets, errors, service, tables
from tests.factories import insurance as factory

ONE, TWO = factory.number(1), factory.number(2)
PIN = factory.pin(1)
ON = date(2026, 3, 2)
START = date(2025, 9, 1)


def read(session: Session, key: str, field: str, on: date = ON, **more: Any) -> Any:
    dataset = next(one for one in datasets.DATASETS.values() if field in one.fields)
    found = dataset.fetch(session, [key], frozenset({field}), AsOf(on, **more))
    return found.records[key][field]


def read_employer(session: Session, on: date) -> Any:
    fields = frozenset({"enterprise_code"})
    found = datasets.EMPLOYER.fetch(session, [factory.UNIT], fields, AsOf(on))
    return found.records[factory.UNIT]["enterprise_code"]


class TestRegisterParticipant:
    def test_opens_one_change_under_the_act_s_own_name(
        self, insurance_session: Session, act: Act
    ) -> None:
        factory.register(insurance_session, act)

        row = insurance_session.execute(select(tables.ledger.change)).one()
        assert row.act == "insurance.participant.registered"
        assert ledger.last_change(insurance_session, tables.ledger) == row.change_id

    @pytest.mark.parametrize(
        ("changes", "refusal"),
        [
            ({"social_insurance_no": None, "pin": None}, errors.IncompleteParticipant),
            ({"full_name": " "}, errors.IncompleteParticipant),
            ({"social_insurance_no": "960000001"}, errors.MalformedNumber),
            ({"pin": "1"}, MalformedIdentifier),
        ],
        ids=["no number", "no name", "nine digits", "no personal number"],
    )
    def test_refuses_what_is_incomplete(
        self, insurance_session: Session, act: Act, changes: dict[str, Any], refusal: Any
    ) -> None:
        with pytest.raises(refusal):
            factory.register(insurance_session, act, **changes)

    def test_gives_a_number_and_a_personal_number_once(
        self, insurance_session: Session, act: Act
    ) -> None:
        factory.register(insurance_session, act)

        with pytest.raises(errors.ParticipantAlreadyRegistered):
            factory.register(insurance_session, act, pin=None)
        with pytest.raises(errors.ParticipantAlreadyRegistered):
            factory.register(insurance_session, act, social_insurance_no=TWO)

    def test_the_database_keeps_a_personal_number_to_one(
        self, insurance_session: Session, act: Act
    ) -> None:
        factory.register(insurance_session, act)
        held = versions.list_current(insurance_session, tables.participant, {"pin": PIN})
        change = ledger.open_change(insurance_session, tables.ledger, act)
        other = {**versions.record_of(held[0]), "participant_no": TWO, "social_insurance_no": TWO}

        with pytest.raises(IntegrityError, match="one_pin"):
            versions.add(
                insurance_session,
                tables.participant,
                [{**other, "valid": periods.period(START)}],
                change=change,
            )


class TestAmendParticipant:
    def test_changes_details_from_a_day(self, insurance_session: Session, act: Act) -> None:
        factory.register(insurance_session, act)

        service.amend_participant(
            insurance_session, act=act, participant_no=PIN, on=ON, changes={"phone": "0290"}
        )

        assert read(insurance_session, ONE, "phone") == "0290"
        assert read(insurance_session, ONE, "phone", START) is None

    @pytest.mark.parametrize("changes", [{"pin": PIN}, {"colour": "red"}, {}])
    def test_refuses_what_is_no_detail(
        self, insurance_session: Session, act: Act, changes: dict[str, Any]
    ) -> None:
        factory.register(insurance_session, act)

        with pytest.raises(errors.IncompleteParticipant):
            service.amend_participant(
                insurance_session, act=act, participant_no=ONE, on=ON, changes=changes
            )


class TestCorrectParticipant:
    def test_changes_details_on_all_days(self, insurance_session: Session, act: Act) -> None:
        factory.register(insurance_session, act)

        service.correct_participant(
            insurance_session, act=act, participant_no=ONE, on=ON, changes={"full_name": "Lê Thu"}
        )

        assert read(insurance_session, ONE, "full_name", START) == "Lê Thu"


class TestRegisterSocialInsuranceNo:
    def test_lets_all_that_is_recorded_go_on_under_it(
        self, insurance_session: Session, act: Act
    ) -> None:
        factory.register(insurance_session, act, social_insurance_no=None)
        factory.card(insurance_session, act, PIN, PIN)

        service.register_social_insurance_no(
            insurance_session, act=act, pin=PIN, social_insurance_no=ONE, on=ON
        )

        assert read(insurance_session, PIN, "participant_no") == ONE
        assert read(insurance_session, ONE, "cards")[0]["card_code"] == PIN

    def test_refuses_a_number_that_somebody_has(self, insurance_session: Session, act: Act) -> None:
        factory.register(insurance_session, act, 1, social_insurance_no=None)
        factory.register(insurance_session, act, 2)

        with pytest.raises(errors.ParticipantAlreadyRegistered):
            service.register_social_insurance_no(
                insurance_session, act=act, pin=PIN, social_insurance_no=TWO, on=ON
            )


class TestRegisterPin:
    def test_makes_the_participant_known_by_it(self, insurance_session: Session, act: Act) -> None:
        factory.register(insurance_session, act, pin=None)

        service.register_pin(insurance_session, act=act, social_insurance_no=ONE, pin=PIN, on=ON)

        assert read(insurance_session, PIN, "participant_no") == ONE

    def test_refuses_one_that_another_has(self, insurance_session: Session, act: Act) -> None:
        factory.register(insurance_session, act, 1, pin=None)
        factory.register(insurance_session, act, 2)

        with pytest.raises(errors.ParticipantAlreadyRegistered):
            service.register_pin(
                insurance_session, act=act, social_insurance_no=ONE, pin=factory.pin(2), on=ON
            )


class TestRegisterMerger:
    def merge(self, session: Session, act: Act) -> int:
        return service.register_merger(
            session, act=act, old_no=TWO, new_no=ONE, decided_on=ON
        ).change

    def test_moves_everything_and_keeps_the_past(
        self, insurance_session: Session, act: Act
    ) -> None:
        factory.register(insurance_session, act, 1, pin=None)
        factory.register(insurance_session, act, 2)
        factory.spell(insurance_session, act, ONE, date(2015, 1, 1), date(2016, 1, 1))
        before = factory.spell(insurance_session, act, TWO, START)

        self.merge(insurance_session, act)

        assert len(read(insurance_session, TWO, "spells")) == 2
        assert read(insurance_session, factory.pin(2), "participant_no") == ONE
        assert read(insurance_session, TWO, "participant_no", change=before) == TWO
        assert len(read(insurance_session, TWO, "spells", change=before)) == 1
        with pytest.raises(errors.BookMerged):
            factory.register(insurance_session, act, 2, pin=None)

    def test_follows_a_chain_in_one_step(self, insurance_session: Session, act: Act) -> None:
        three = factory.number(3)
        for position in (1, 2, 3):
            factory.register(insurance_session, act, position, pin=None)
        service.register_merger(insurance_session, act=act, old_no=three, new_no=TWO, decided_on=ON)

        self.merge(insurance_session, act)

        assert read(insurance_session, three, "merged_numbers") == [TWO, three]

    def test_refuses_two_persons(self, insurance_session: Session, act: Act) -> None:
        factory.register(insurance_session, act, 1)
        factory.register(insurance_session, act, 2)

        with pytest.raises(errors.BooksNotMergeable):
            self.merge(insurance_session, act)

    def test_refuses_spells_for_the_same_days(self, insurance_session: Session, act: Act) -> None:
        factory.register(insurance_session, act, 1, pin=None)
        factory.register(insurance_session, act, 2, pin=None)
        for number in (ONE, TWO):
            factory.spell(insurance_session, act, number, START)

        with pytest.raises(errors.BooksNotMergeable):
            self.merge(insurance_session, act)


class TestRegisterEmployer:
    def test_checks_the_enterprise_code_and_doubts_the_unit_code(
        self, insurance_session: Session, act: Act
    ) -> None:
        given: dict[str, Any] = {"name": "Ai đó", "address": factory.PLACE, "on": START}

        with pytest.raises(MalformedIdentifier):
            service.register_employer(
                insurance_session, act=act, unit_code="AB1", enterprise_code="0100233489", **given
            )
        recorded = service.register_employer(insurance_session, act=act, unit_code="AB1", **given)

        assert [warning.rule for warning in recorded.warnings] == ["unit_code.unusual"]
        with pytest.raises(errors.BodyAlreadyRegistered):
            service.register_employer(insurance_session, act=act, unit_code="AB1", **given)


class TestAmendEmployer:
    def test_links_the_enterprise_from_a_day(self, insurance_session: Session, act: Act) -> None:
        given: dict[str, Any] = {"name": "Ai đó", "address": factory.PLACE}
        service.register_employer(
            insurance_session, act=act, unit_code=factory.UNIT, on=START, **given
        )

        service.amend_employer(
            insurance_session,
            act=act,
            unit_code=factory.UNIT,
            on=ON,
            enterprise_code="0100233488",
            **given,
        )

        assert read_employer(insurance_session, ON) == "0100233488"
        assert read_employer(insurance_session, START) is None

    def test_refuses_an_employer_that_is_not_registered(
        self, insurance_session: Session, act: Act
    ) -> None:
        with pytest.raises(errors.EmployerNotFound):
            service.amend_employer(
                insurance_session,
                act=act,
                unit_code=factory.UNIT,
                on=ON,
                name="Ai đó",
                address=factory.PLACE,
                enterprise_code=None,
            )

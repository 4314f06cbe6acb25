"""Acts on household cover, cards, benefits and deaths, on a real PostgreSQL."""

import dataclasses
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from databases.changes import annulling
from databases.changes.ledger import Act
from databases.changes.versions import AsOf
from insurance import datasets, errors, service
from insurance.values import Benefit, BenefitKind, Days
from tests.factories import insurance as factory

ONE, TWO = factory.number(1), factory.number(2)
PIN = factory.pin(1)
ON = date(2026, 3, 2)
START = date(2025, 9, 1)


def read(session: Session, key: str, field: str, on: date = ON, **more: Any) -> Any:
    dataset = next(one for one in datasets.DATASETS.values() if field in one.fields)
    found = dataset.fetch(session, [key], frozenset({field}), AsOf(on, **more))
    return found.records[key][field]


class TestRegisterHouseholdCover:
    def cover(self, session: Session, act: Act, *members: str, household: str = "H1") -> None:
        service.register_household_cover(
            session,
            act=act,
            household_no=household,
            members=members,
            days=Days(date(2026, 1, 1), date(2027, 1, 1)),
        )

    def test_refuses_a_member_twice_in_any_writing(
        self, insurance_session: Session, act: Act
    ) -> None:
        factory.register(insurance_session, act)

        with pytest.raises(errors.WrongHousehold):
            self.cover(insurance_session, act, ONE, PIN)

    def test_refuses_a_member_of_another_household_and_a_position_that_is_taken(
        self, insurance_session: Session, act: Act
    ) -> None:
        for position in (1, 2):
            factory.register(insurance_session, act, position)
        self.cover(insurance_session, act, ONE)

        for member, household in ((ONE, "H2"), (TWO, "H1")):
            with pytest.raises(errors.AlreadyCovered):
                self.cover(insurance_session, act, member, household=household)

    def test_ends_for_one_member(self, insurance_session: Session, act: Act) -> None:
        for position in (1, 2):
            factory.register(insurance_session, act, position)
        self.cover(insurance_session, act, ONE, TWO)

        service.close_household_cover(insurance_session, act=act, participant_no=ONE, on=ON)

        assert read(insurance_session, ONE, "household") is None
        assert read(insurance_session, TWO, "household")["ordinal"] == 2


class TestRegisterCard:
    @pytest.mark.parametrize(
        ("code", "changes", "refusal"),
        [
            (TWO, {}, errors.CardContradictsParticipant),
            (factory.pin(2), {}, errors.CardContradictsParticipant),
            (f"HN296{ONE}", {}, errors.CardContradictsParticipant),
            (ONE, {"issued_on": date(2021, 3, 31)}, errors.CardFormNotIssued),
            (PIN, {"issued_on": date(2025, 8, 14)}, errors.CardFormNotIssued),
            (f"DN496{ONE}", {"issued_on": date(2021, 4, 1)}, errors.CardFormNotIssued),
            (ONE, {"facility_code": "1"}, errors.MalformedNumber),
        ],
        ids=["number", "pin", "group", "too early", "too early pin", "too late", "facility"],
    )
    def test_refuses(
        self, insurance_session: Session, act: Act, code: str, changes: Any, refusal: Any
    ) -> None:
        factory.register(insurance_session, act)

        with pytest.raises(refusal):
            factory.card(insurance_session, act, ONE, code, **changes)

    def test_takes_the_number_of_a_merged_book(self, insurance_session: Session, act: Act) -> None:
        factory.register(insurance_session, act, 1)
        factory.register(insurance_session, act, 2, pin=None)
        service.register_merger(insurance_session, act=act, old_no=TWO, new_no=ONE, decided_on=ON)

        factory.card(insurance_session, act, ONE, f"DN496{TWO}")

        assert read(insurance_session, f"DN496{TWO}", "participant_no") == ONE

    def test_refuses_a_card_that_holds(self, insurance_session: Session, act: Act) -> None:
        factory.register(insurance_session, act)
        factory.card(insurance_session, act, ONE, ONE)

        with pytest.raises(errors.CardAlreadyIssued):
            factory.card(insurance_session, act, ONE, ONE)


class TestRegisterReplacement:
    def test_ends_the_card_that_it_takes_the_place_of(
        self, insurance_session: Session, act: Act
    ) -> None:
        factory.register(insurance_session, act)
        factory.card(insurance_session, act, ONE, ONE)
        new = factory.make_card(PIN, issued_on=ON, valid=Days(ON))

        service.register_replacement(insurance_session, act=act, replaced_code=ONE, card=new)

        cards = read(insurance_session, ONE, "cards")
        assert [(one["card_code"], one["valid_to"]) for one in cards] == [
            (PIN, None),
            (ONE, "2026-03-02"),
        ]

    def test_refuses_a_card_that_does_not_hold(self, insurance_session: Session, act: Act) -> None:
        factory.register(insurance_session, act)

        with pytest.raises(errors.CardNotFound):
            service.register_replacement(
                insurance_session, act=act, replaced_code=ONE, card=factory.make_card(PIN)
            )


class TestRegisterBenefit:
    def test_a_pension_on_too_few_months_is_warned_of(
        self, insurance_session: Session, act: Act
    ) -> None:
        factory.register(insurance_session, act)
        pension = Benefit("7/QĐ", BenefitKind.RETIREMENT, 3_000_000, Days(ON))

        recorded = service.register_benefit(
            insurance_session, act=act, participant_no=ONE, benefit=pension
        )

        assert [warning.rule for warning in recorded.warnings] == ["benefit.pension_months"]
        assert read(insurance_session, ONE, "benefit_decisions")[0]["amount"] == 3_000_000

    def test_refuses_no_amount_and_a_number_twice(
        self, insurance_session: Session, act: Act
    ) -> None:
        factory.register(insurance_session, act)
        benefit = Benefit("7/QĐ", BenefitKind.SICKNESS, 1, Days(ON))
        service.register_benefit(insurance_session, act=act, participant_no=ONE, benefit=benefit)

        nothing = dataclasses.replace(benefit, amount=0)
        for given, refusal in (
            (nothing, errors.WrongBenefit),
            (benefit, errors.BenefitAlreadyDecided),
        ):
            with pytest.raises(refusal):
                service.register_benefit(
                    insurance_session, act=act, participant_no=ONE, benefit=given
                )

    def test_survivors_get_what_the_dead_cannot(self, insurance_session: Session, act: Act) -> None:
        factory.register(insurance_session, act)
        service.register_death(insurance_session, act=act, participant_no=ONE, died_on=START, on=ON)
        sick = Benefit("8/QĐ", BenefitKind.SICKNESS, 1, Days(ON))
        survivors = Benefit("9/QĐ", BenefitKind.SURVIVORS, 1, Days(ON))

        with pytest.raises(errors.ParticipantDead):
            service.register_benefit(insurance_session, act=act, participant_no=ONE, benefit=sick)
        service.register_benefit(insurance_session, act=act, participant_no=ONE, benefit=survivors)

    def test_ends(self, insurance_session: Session, act: Act) -> None:
        factory.register(insurance_session, act)
        benefit = Benefit("7/QĐ", BenefitKind.SICKNESS, 1, Days(START))
        service.register_benefit(insurance_session, act=act, participant_no=ONE, benefit=benefit)

        service.close_benefit(insurance_session, act=act, decision_no="7/QĐ", on=ON)

        assert read(insurance_session, ONE, "benefit_decisions")[0]["valid_to"] == "2026-03-02"
        with pytest.raises(errors.BenefitNotFound):
            service.close_benefit(insurance_session, act=act, decision_no="7/QĐ", on=ON)


class TestRegisterDeath:
    def test_ends_spells_and_cards_with_the_day(self, insurance_session: Session, act: Act) -> None:
        factory.register(insurance_session, act)
        factory.spell(insurance_session, act, ONE, START)
        factory.card(insurance_session, act, ONE, PIN)

        service.register_death(
            insurance_session, act=act, participant_no=ONE, died_on=date(2026, 1, 15), on=ON
        )

        assert read(insurance_session, ONE, "spells")[0]["valid_to"] == "2026-01-16"
        assert read(insurance_session, ONE, "cards")[0]["valid_to"] == "2026-01-16"
        assert read(insurance_session, ONE, "is_alive", date(2026, 1, 15))
        assert not read(insurance_session, ONE, "is_alive", date(2026, 1, 16))

    @pytest.mark.parametrize("died_on", [date(1985, 5, 5), date(2026, 3, 3)])
    def test_refuses_impossible_days(
        self, insurance_session: Session, act: Act, died_on: date
    ) -> None:
        factory.register(insurance_session, act)

        with pytest.raises(errors.ImpossibleDeath):
            service.register_death(
                insurance_session, act=act, participant_no=ONE, died_on=died_on, on=ON
            )


class TestAnnulChange:
    def test_brings_back_what_stood_before(self, insurance_session: Session, act: Act) -> None:
        factory.register(insurance_session, act)
        factory.card(insurance_session, act, ONE, ONE)
        closed = service.close_card(insurance_session, act=act, card_code=ONE, on=ON).change

        service.annul_change(insurance_session, act=act, annulled=closed)

        assert read(insurance_session, ONE, "is_valid")
        with pytest.raises(annulling.ChangeNotAnnullable):
            service.annul_change(insurance_session, act=act, annulled=closed)

"""What the register publishes, read from a real PostgreSQL."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from databases import datasets as kernel
from databases.changes.ledger import Act
from databases.changes.versions import AsOf
from databases.identifiers import Sex
from insurance import datasets, errors, service
from insurance.values import Benefit, BenefitKind, Days, Scheme
from tests.factories import insurance as factory

TODAY = AsOf(date(2026, 3, 2))
ONE, PIN = factory.number(1), factory.pin(1)
OLD_CARD, NEAR_POOR = f"DN496{ONE}", f"CN396{ONE}"


def read(
    session: Session, dataset: kernel.Dataset, key: str, as_of: AsOf = TODAY
) -> dict[str, Any]:
    found = dataset.fetch(session, [key], frozenset(dataset.fields), as_of)
    return dict(found.records[key])


def ask(session: Session, key: str, on: date = TODAY.valid_on) -> dict[str, Any]:
    return read(session, datasets.ELIGIBILITY, key, AsOf(on))


class TestEveryDataset:
    @pytest.mark.parametrize("name", datasets.DATASETS)
    def test_reads_every_field_in_one_statement(
        self, insurance_session: Session, act: Act, name: str
    ) -> None:
        factory.register_bodies(insurance_session, act)
        factory.register(insurance_session, act)
        dataset = datasets.DATASETS[name]
        keys = {"facility_code": factory.FACILITY, "unit_code": factory.UNIT}
        seen: list[str] = []
        connection = insurance_session.connection()
        event.listen(connection, "before_cursor_execute", lambda *given: seen.append(given[2]))

        record = read(insurance_session, dataset, keys.get(dataset.key, ONE))

        assert len(seen) == 1
        assert set(record) == set(dataset.fields)

    @pytest.mark.parametrize("name", datasets.DATASETS)
    def test_gives_the_change_when_nobody_is_found(
        self, insurance_session: Session, act: Act, name: str
    ) -> None:
        factory.register(insurance_session, act)
        dataset = datasets.DATASETS[name]

        found = dataset.fetch(insurance_session, ["9699999999"], frozenset(dataset.fields), TODAY)

        assert (found.change, found.records) == (1, {})

    def test_derived_fields_name_fields_of_the_dataset(self) -> None:
        for dataset in datasets.DATASETS.values():
            for field in dataset.fields.values():
                assert set(field.sources) <= set(dataset.fields)
            for predicate in dataset.predicates.values():
                assert set(predicate.fields) <= set(dataset.fields)
                assert set(predicate.needs) <= set(dataset.predicates)
            assert {dataset.key, *dataset.territory_of} <= set(dataset.fields)


class TestParticipant:
    def test_is_found_by_number_merged_number_and_personal_number(
        self, insurance_session: Session, act: Act
    ) -> None:
        factory.register(insurance_session, act, 1)
        factory.register(insurance_session, act, 2, pin=None)
        service.register_merger(
            insurance_session,
            act=act,
            old_no=factory.number(2),
            new_no=ONE,
            decided_on=date(2026, 1, 1),
        )

        for key in (ONE, PIN, factory.number(2)):
            record = read(insurance_session, datasets.PARTICIPANT, key)
            assert record["participant_no"] == ONE
            assert record["merged_numbers"] == [factory.number(2)]
        assert record["residence"]["province"] == {
            "code": "96",
            "list": "province",
            "version": "19/2025",
        }
        assert record["sex"]["code"] == "1"

    def test_who_has_no_insurance_number_is_found_by_the_personal_number(
        self, insurance_session: Session, act: Act
    ) -> None:
        factory.register(insurance_session, act, social_insurance_no=None)

        record = read(insurance_session, datasets.PARTICIPANT, PIN)

        assert (record["participant_no"], record["social_insurance_no"]) == (PIN, None)

    def test_household_says_position_and_part_of_the_premium(
        self, insurance_session: Session, act: Act
    ) -> None:
        members = [factory.register(insurance_session, act, position) for position in (1, 2)]
        service.register_household_cover(
            insurance_session,
            act=act,
            household_no="HO-1",
            members=members,
            days=Days(date(2026, 1, 1), date(2027, 1, 1)),
        )

        record = read(insurance_session, datasets.PARTICIPANT, members[1])

        assert record["household"] == {
            "household_no": "HO-1",
            "members": 2,
            "ordinal": 2,
            "premium_part": "0.7",
        }

    def test_is_searched_by_name_and_date_of_birth_together(
        self, insurance_session: Session, act: Act
    ) -> None:
        factory.register(insurance_session, act, 1)
        factory.register(insurance_session, act, 2, sex=Sex.UNKNOWN)
        dataset = datasets.PARTICIPANT

        asked = {"name": "le van thu2", "date_of_birth": "1985-05-06"}
        found = dataset.search(insurance_session, asked, frozenset({"full_name"}), TODAY, 10)

        assert list(found.records) == [factory.number(2)]
        with pytest.raises(kernel.PredicatesTooWide):
            dataset.search(insurance_session, {"name": "le"}, frozenset({"pin"}), TODAY, 10)


class TestEligibility:
    def test_three_forms_of_a_card_are_valid_side_by_side(
        self, insurance_session: Session, act: Act
    ) -> None:
        factory.register_bodies(insurance_session, act)
        factory.register(insurance_session, act)
        for code in (OLD_CARD, ONE, PIN):
            factory.card(insurance_session, act, ONE, code)

        for code in (OLD_CARD, ONE, PIN):
            answer = ask(insurance_session, code)
            assert (answer["card_code"], answer["is_valid"]) == (code, True)
            assert answer["participant_no"] == ONE
        assert answer["benefit_percentage"] == 80
        assert answer["payer"] == "employee_and_employer"
        assert answer["initial_facility"] == {
            "facility_code": factory.FACILITY,
            "facility_name": "Trạm y tế Mây",
        }

    def test_the_level_is_that_of_the_day_whatever_the_card_says(
        self, insurance_session: Session, act: Act
    ) -> None:
        factory.register(insurance_session, act)
        factory.card(insurance_session, act, ONE, NEAR_POOR, object_code="CN")

        before = ask(insurance_session, NEAR_POOR, date(2025, 12, 31))
        after = ask(insurance_session, NEAR_POOR, date(2026, 1, 1))

        assert (before["benefit_level"]["code"], before["benefit_percentage"]) == ("3", 95)
        assert (after["benefit_level"]["code"], after["benefit_percentage"]) == ("2", 100)

    def test_an_ended_card_is_found_and_not_valid(
        self, insurance_session: Session, act: Act
    ) -> None:
        factory.register(insurance_session, act)
        factory.card(insurance_session, act, ONE, ONE)
        service.close_card(insurance_session, act=act, card_code=ONE, on=date(2026, 1, 1))

        assert ask(insurance_session, ONE, date(2025, 12, 31))["is_valid"]
        assert not ask(insurance_session, ONE, date(2026, 1, 1))["is_valid"]
        assert ask(insurance_session, ONE, date(2026, 1, 1))["valid_to"] == "2026-01-01"

    def test_a_personal_number_finds_the_card_that_is_valid(
        self, insurance_session: Session, act: Act
    ) -> None:
        factory.register(insurance_session, act)
        factory.card(insurance_session, act, ONE, OLD_CARD)
        factory.card(insurance_session, act, ONE, ONE)
        service.close_card(insurance_session, act=act, card_code=ONE, on=date(2026, 1, 1))

        answer = ask(insurance_session, PIN)

        assert (answer["card_code"], answer["is_valid"]) == (OLD_CARD, True)

    def test_who_has_no_card_is_not_eligible(self, insurance_session: Session, act: Act) -> None:
        factory.register(insurance_session, act)

        answer = ask(insurance_session, PIN)

        assert (answer["card_code"], answer["is_valid"]) == (None, False)
        assert answer["benefit_level"] is None

    def test_the_dead_are_not_eligible(self, insurance_session: Session, act: Act) -> None:
        factory.register(insurance_session, act)
        factory.card(insurance_session, act, ONE, ONE)
        service.register_death(
            insurance_session,
            act=act,
            participant_no=ONE,
            died_on=date(2026, 2, 1),
            on=date(2026, 2, 3),
        )

        assert ask(insurance_session, ONE, date(2026, 2, 1))["is_valid"]
        assert not ask(insurance_session, ONE, date(2026, 2, 2))["is_valid"]

    def test_a_card_as_of_an_earlier_change_is_as_it_stood(
        self, insurance_session: Session, act: Act
    ) -> None:
        factory.register(insurance_session, act)
        issued = factory.card(insurance_session, act, ONE, ONE)
        service.close_card(insurance_session, act=act, card_code=ONE, on=date(2026, 1, 1))

        as_of = AsOf(TODAY.valid_on, issued)

        assert read(insurance_session, datasets.ELIGIBILITY, ONE, as_of)["is_valid"]

    def test_five_consecutive_years_are_computed_from_cover(
        self, insurance_session: Session, act: Act
    ) -> None:
        factory.register(insurance_session, act)
        first = date(2021, 3, 2)
        factory.spell(insurance_session, act, ONE, first, scheme=Scheme.HEALTH, object_code="DN")
        factory.card(insurance_session, act, ONE, PIN)

        assert ask(insurance_session, PIN)["five_years_on"] == "2026-03-02"
        assert ask(insurance_session, PIN)["has_five_years"]
        assert not ask(insurance_session, PIN, date(2026, 3, 1))["has_five_years"]


class TestContribution:
    def test_months_and_gaps_are_counted(self, insurance_session: Session, act: Act) -> None:
        factory.register(insurance_session, act)
        factory.spell(insurance_session, act, ONE, date(2010, 1, 1), date(2012, 1, 1))
        factory.spell(insurance_session, act, ONE, date(2012, 6, 1))
        paid = [
            factory.make_contribution(ONE, date(2010, 1, 1), date(2012, 1, 1)),
            factory.make_contribution(ONE, date(2012, 6, 1), date(2026, 3, 1)),
        ]
        service.register_contributions(insurance_session, act=act, contributions=paid)

        record = read(insurance_session, datasets.CONTRIBUTION, ONE)

        assert record["months"] == {"compulsory": 24 + 165}
        assert record["pension_months"] == 24 + 165
        assert (record["pension_months_needed"], record["has_pension_months"]) == (180, True)
        assert record["gaps"] == [
            {"scheme": "compulsory", "from": "2012-01-01", "to": "2012-06-01"}
        ]
        assert record["spells"][0]["salary"] == factory.SALARY
        assert record["contributions"][1]["first_month"] == "2012-06-01"

    def test_the_law_of_the_day_decides_on_a_pension(
        self, insurance_session: Session, act: Act
    ) -> None:
        factory.register(insurance_session, act)
        paid = factory.make_contribution(ONE, date(2008, 1, 1), date(2024, 1, 1))
        service.register_contributions(insurance_session, act=act, contributions=[paid])

        before = read(insurance_session, datasets.CONTRIBUTION, ONE, AsOf(date(2025, 6, 30)))
        after = read(insurance_session, datasets.CONTRIBUTION, ONE, AsOf(date(2025, 7, 1)))

        assert (before["pension_months_needed"], before["has_pension_months"]) == (240, False)
        assert (after["pension_months_needed"], after["has_pension_months"]) == (180, True)

    def test_months_paid_out_at_once_no_longer_count(
        self, insurance_session: Session, act: Act
    ) -> None:
        factory.register(insurance_session, act)
        paid = factory.make_contribution(ONE, date(2020, 1, 1), date(2022, 1, 1))
        service.register_contributions(insurance_session, act=act, contributions=[paid])
        payout = Benefit("1/QĐ", BenefitKind.ONE_TIME, 40_000_000, Days(date(2021, 1, 1)))
        service.register_benefit(insurance_session, act=act, participant_no=ONE, benefit=payout)

        record = read(insurance_session, datasets.CONTRIBUTION, ONE)

        assert (record["months"], record["pension_months"]) == ({"compulsory": 24}, 12)


class TestKeyRules:
    def test_a_card_is_asked_for_in_any_form_and_writing(self) -> None:
        rule = datasets.ELIGIBILITY.key_rule

        assert rule("dn 4 96 9600000001") == OLD_CARD
        assert rule(PIN) == PIN

    @pytest.mark.parametrize("text", ["", "12345", "DN6969600000001", "A1969600000001", "٩" * 10])
    def test_another_form_is_refused(self, text: str) -> None:
        with pytest.raises(errors.MalformedNumber):
            datasets.ELIGIBILITY.key_rule(text)
        with pytest.raises(errors.MalformedNumber):
            datasets.PARTICIPANT.key_rule(text)


class TestBodies:
    def test_an_enterprise_finds_its_units(self, insurance_session: Session, act: Act) -> None:
        factory.register_bodies(insurance_session, act)
        dataset = datasets.EMPLOYER
        asked = {"enterprise_code": "0100233488"}

        found = dataset.search(insurance_session, asked, frozenset({"unit_code"}), TODAY, 10)

        assert list(found.records) == [factory.UNIT, factory.OTHER_UNIT]

    def test_a_closed_facility_is_found_no_more(self, insurance_session: Session, act: Act) -> None:
        factory.register_bodies(insurance_session, act)
        service.close_facility(
            insurance_session, act=act, facility_code=factory.FACILITY, on=TODAY.valid_on
        )

        found = datasets.FACILITY.fetch(
            insurance_session, [factory.FACILITY], frozenset({"address"}), TODAY
        )

        assert found.records == {}

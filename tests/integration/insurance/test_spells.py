"""Acts on spells and contribution months, on a real PostgreSQL."""

import dataclasses
from datetime import date
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from databases import periods
from databases.changes import ledger, versions
from databases.changes.ledger import Act
from databases.changes.versions import AsOf
from insurance import datasets, errors, service, tables
from insurance.values import Days, Scheme
from tests.factories import insurance as factory

ONE = factory.number(1)
ON = date(2026, 3, 2)
START = date(2025, 9, 1)


def read(session: Session, key: str, field: str, on: date = ON, **more: Any) -> Any:
    dataset = next(one for one in datasets.DATASETS.values() if field in one.fields)
    found = dataset.fetch(session, [key], frozenset({field}), AsOf(on, **more))
    return found.records[key][field]


def salaries(session: Session) -> list[tuple[str, str | None, int]]:
    spells = read(session, ONE, "spells")
    return [(one["valid_from"], one["valid_to"], one["salary"]) for one in spells]


class TestRegisterSpell:
    def test_refuses_another_spell_of_the_scheme_through_any_unit(
        self, insurance_session: Session, act: Act
    ) -> None:
        factory.register(insurance_session, act)
        factory.spell(insurance_session, act, ONE, START)

        for unit in (factory.UNIT, factory.OTHER_UNIT):
            with pytest.raises(errors.SpellOverlaps):
                factory.spell(insurance_session, act, ONE, ON, unit_code=unit)

    def test_allows_other_schemes_and_accidents_through_several_units(
        self, insurance_session: Session, act: Act
    ) -> None:
        factory.register(insurance_session, act)
        factory.spell(insurance_session, act, ONE, START)
        factory.spell(insurance_session, act, ONE, START, scheme=Scheme.UNEMPLOYMENT)
        for unit in (factory.UNIT, factory.OTHER_UNIT):
            factory.spell(
                insurance_session, act, ONE, START, scheme=Scheme.ACCIDENT, unit_code=unit
            )

        assert len(read(insurance_session, ONE, "spells")) == 4

    def test_the_database_refuses_an_overlap_too(
        self, insurance_session: Session, act: Act
    ) -> None:
        factory.register(insurance_session, act)
        factory.spell(insurance_session, act, ONE, START)
        change = ledger.open_change(insurance_session, tables.ledger, act)
        row = {
            "participant_no": ONE,
            "scheme": "compulsory",
            "unit_code": factory.OTHER_UNIT,
            "valid": periods.period(ON),
        }

        with pytest.raises(IntegrityError, match="one_unit"):
            versions.add(insurance_session, tables.spell, [row], change=change)

    def test_warns_of_units_groups_and_rates_that_are_not_certain(
        self, insurance_session: Session, act: Act
    ) -> None:
        factory.register(insurance_session, act)

        recorded = service.register_spell(
            insurance_session,
            act=act,
            participant_no=ONE,
            scheme=Scheme.HEALTH,
            unit_code="X-1",
            days=Days(START),
            terms=factory.make_terms(object_code="ZZ", rate="0.1"),
        )

        assert [warning.rule for warning in recorded.warnings] == [
            "rate.unusual",
            "object_code.unknown",
            "unit_code.unusual",
            "unit_code.unregistered",
        ]

    def test_refuses_the_dead(self, insurance_session: Session, act: Act) -> None:
        factory.register(insurance_session, act)
        service.register_death(insurance_session, act=act, participant_no=ONE, died_on=START, on=ON)

        with pytest.raises(errors.ParticipantDead):
            factory.spell(insurance_session, act, ONE, ON)


class TestAmendSpell:
    def amend(self, session: Session, act: Act, on: date, **changes: Any) -> None:
        service.amend_spell(
            session,
            act=act,
            participant_no=ONE,
            scheme=Scheme.COMPULSORY,
            unit_code=factory.UNIT,
            on=on,
            changes=changes,
        )

    def test_the_salary_holds_from_the_day(self, insurance_session: Session, act: Act) -> None:
        factory.register(insurance_session, act)
        factory.spell(insurance_session, act, ONE, START)

        self.amend(insurance_session, act, ON, salary_amount=9_000_000)

        assert salaries(insurance_session) == [
            ("2025-09-01", "2026-03-02", factory.SALARY),
            ("2026-03-02", None, 9_000_000),
        ]

    def test_refuses_a_salary_outside_the_bounds(
        self, insurance_session: Session, act: Act
    ) -> None:
        factory.register(insurance_session, act)
        factory.spell(insurance_session, act, ONE, START)

        with pytest.raises(errors.SalaryOutsideBounds):
            self.amend(insurance_session, act, ON, salary_amount=2_339_999)

    def test_refuses_a_day_without_a_spell(self, insurance_session: Session, act: Act) -> None:
        factory.register(insurance_session, act)

        with pytest.raises(errors.SpellNotFound):
            self.amend(insurance_session, act, ON, salary_amount=factory.SALARY)


class TestCorrectSpell:
    def test_sets_what_was_wrong_for_some_days(self, insurance_session: Session, act: Act) -> None:
        factory.register(insurance_session, act)
        factory.spell(insurance_session, act, ONE, START)

        service.correct_spell(
            insurance_session,
            act=act,
            participant_no=ONE,
            scheme=Scheme.COMPULSORY,
            unit_code=factory.UNIT,
            days=Days(START, date(2025, 10, 1)),
            changes={"salary_amount": 7_000_000},
        )

        assert salaries(insurance_session) == [
            ("2025-09-01", "2025-10-01", 7_000_000),
            ("2025-10-01", None, factory.SALARY),
        ]


class TestCloseSpell:
    def test_makes_room_for_the_next_one(self, insurance_session: Session, act: Act) -> None:
        factory.register(insurance_session, act)
        factory.spell(insurance_session, act, ONE, START)
        keys = {"scheme": Scheme.COMPULSORY, "unit_code": factory.UNIT, "on": ON}

        service.close_spell(insurance_session, act=act, participant_no=ONE, **keys)
        factory.spell(insurance_session, act, ONE, ON, unit_code=factory.OTHER_UNIT)

        assert [one["valid_to"] for one in read(insurance_session, ONE, "spells")] == [
            "2026-03-02",
            None,
        ]
        with pytest.raises(errors.SpellNotFound):
            service.close_spell(insurance_session, act=act, participant_no=ONE, **keys)


class TestRegisterContributions:
    def test_refuses_a_month_that_is_paid(self, insurance_session: Session, act: Act) -> None:
        factory.register(insurance_session, act)
        months = factory.make_contribution(ONE, date(2025, 9, 1), date(2026, 1, 1))
        service.register_contributions(insurance_session, act=act, contributions=[months])
        again = dataclasses.replace(
            months, first_month=date(2025, 12, 1), unit_code=factory.OTHER_UNIT
        )

        with pytest.raises(errors.MonthAlreadyPaid):
            service.register_contributions(insurance_session, act=act, contributions=[again])

    def test_refuses_parts_of_months_and_nothing(
        self, insurance_session: Session, act: Act
    ) -> None:
        factory.register(insurance_session, act)
        part = factory.make_contribution(ONE, date(2025, 9, 2), date(2026, 1, 1))

        for given in ([], [part]):
            with pytest.raises(errors.WrongContribution):
                service.register_contributions(insurance_session, act=act, contributions=given)


class TestCorrectContribution:
    def test_changes_the_months_named(self, insurance_session: Session, act: Act) -> None:
        factory.register(insurance_session, act)
        months = factory.make_contribution(ONE, date(2025, 9, 1), date(2026, 1, 1))
        service.register_contributions(insurance_session, act=act, contributions=[months])
        right = dataclasses.replace(months, first_month=date(2025, 12, 1), salary_amount=9_000_000)

        service.correct_contribution(insurance_session, act=act, contribution=right)

        paid = read(insurance_session, ONE, "contributions")
        assert [(one["first_month"], one["salary"]) for one in paid] == [
            ("2025-09-01", factory.SALARY),
            ("2025-12-01", 9_000_000),
        ]


class TestAnnulContribution:
    def test_takes_months_back(self, insurance_session: Session, act: Act) -> None:
        factory.register(insurance_session, act)
        months = factory.make_contribution(ONE, date(2025, 9, 1), date(2026, 1, 1))
        service.register_contributions(insurance_session, act=act, contributions=[months])

        service.annul_contribution(
            insurance_session,
            act=act,
            participant_no=ONE,
            scheme=Scheme.COMPULSORY,
            unit_code=factory.UNIT,
            first_month=date(2025, 10, 1),
            end_month=date(2025, 11, 1),
        )

        assert read(insurance_session, ONE, "months") == {"compulsory": 3}

"""What an officer's slip, or somebody who means harm, must not leave in the insurance register."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from databases.changes import annulling
from databases.changes.ledger import Act
from databases.changes.versions import AsOf
from insurance import datasets, errors, service
from insurance.values import Benefit, BenefitKind, Days, Scheme
from tests.factories import insurance as factory

ONE, TWO = factory.number(1), factory.number(2)
ON = date(2026, 3, 2)
DEATH = date(2026, 1, 10)
DAY_AFTER = DEATH + timedelta(days=1)
SPELL = {"participant_no": ONE, "scheme": Scheme.COMPULSORY, "unit_code": factory.UNIT}


@pytest.fixture
def session(insurance_session: Session, act: Act) -> Session:
    factory.register(insurance_session, act)
    return insurance_session


def read(session: Session, key: str, field: str, on: date = ON, **more: Any) -> Any:
    dataset = next(one for one in datasets.DATASETS.values() if field in one.fields)
    found = dataset.fetch(session, [key], frozenset({field}), AsOf(on, **more))
    return found.records[key][field]


def spells(session: Session) -> list[tuple[str, str | None, int]]:
    return [
        (one["valid_from"], one["valid_to"], one["salary"]) for one in read(session, ONE, "spells")
    ]


def die(session: Session, act: Act, number: str = ONE) -> None:
    service.register_death(session, act=act, participant_no=number, died_on=DEATH, on=ON)


class TestTwoSpellsThroughOneUnit:
    @pytest.fixture(autouse=True)
    def twice(self, session: Session, act: Act) -> None:
        factory.spell(session, act, ONE, date(2025, 9, 1), date(2025, 12, 1))
        factory.spell(session, act, ONE, date(2026, 2, 1))

    def test_a_close_between_them_is_refused(self, session: Session, act: Act) -> None:
        with pytest.raises(errors.SpellNotFound):
            service.close_spell(session, act=act, on=date(2026, 1, 1), **SPELL)

    def test_a_close_before_both_is_refused(self, session: Session, act: Act) -> None:
        with pytest.raises(errors.SpellNotFound):
            service.close_spell(session, act=act, on=date(2015, 1, 1), **SPELL)

    def test_a_close_of_the_first_leaves_the_second(self, session: Session, act: Act) -> None:
        service.close_spell(session, act=act, on=date(2025, 10, 1), **SPELL)

        assert spells(session) == [
            ("2025-09-01", "2025-10-01", factory.SALARY),
            ("2026-02-01", None, factory.SALARY),
        ]

    def test_a_raise_in_the_first_is_none_in_the_second(self, session: Session, act: Act) -> None:
        changes = {"salary_amount": 9_000_000}

        service.amend_spell(session, act=act, on=date(2025, 10, 1), changes=changes, **SPELL)

        assert [salary for *_, salary in spells(session)] == [
            factory.SALARY,
            9_000_000,
            factory.SALARY,
        ]


class TestTerms:
    @pytest.mark.parametrize(
        "terms",
        [
            {"salary_amount": -1},
            {"allowance_amount": -1},
            {"rate": "1.5"},
            {"object_code": "dn"},
        ],
        ids=lambda terms: next(iter(terms)),
    )
    def test_that_cannot_be_are_refused_by_name(
        self, session: Session, act: Act, terms: dict[str, Any]
    ) -> None:
        with pytest.raises(errors.WrongTerms) as refusal:
            factory.spell(session, act, ONE, ON, scheme=Scheme.VOLUNTARY, **terms)

        assert [problem.field for problem in refusal.value.fields] == list(terms)

    def test_of_a_card_too(self, session: Session, act: Act) -> None:
        with pytest.raises(errors.WrongTerms):
            factory.card(session, act, ONE, ONE, object_code="dn")

    def test_of_unemployment_insurance_have_another_cap(self, session: Session, act: Act) -> None:
        above = 46_800_001

        factory.spell(session, act, ONE, ON, scheme=Scheme.UNEMPLOYMENT, salary_amount=above)

        with pytest.raises(errors.SalaryOutsideBounds):
            factory.spell(session, act, ONE, ON, salary_amount=above)


class TestContributions:
    def test_keep_to_the_bounds_of_spells(self, session: Session, act: Act) -> None:
        months = factory.make_contribution(
            ONE, date(2025, 9, 1), date(2025, 10, 1), salary_amount=2_339_999
        )

        with pytest.raises(errors.SalaryOutsideBounds):
            service.register_contributions(session, act=act, contributions=[months])


class TestDeath:
    def test_is_not_outlived_by_what_is_recorded_late(self, session: Session, act: Act) -> None:
        die(session, act)

        with pytest.raises(errors.ParticipantDead):
            factory.spell(session, act, ONE, date(2025, 9, 1))
        with pytest.raises(errors.ParticipantDead):
            service.register_household_cover(
                session,
                act=act,
                household_no="H1",
                members=[ONE],
                days=Days(DEATH, DAY_AFTER + timedelta(days=1)),
            )

    def test_leaves_room_for_the_days_lived(self, session: Session, act: Act) -> None:
        die(session, act)

        factory.spell(session, act, ONE, date(2025, 9, 1), DAY_AFTER)

        assert spells(session) == [("2025-09-01", "2026-01-11", factory.SALARY)]

    def test_ends_a_pension_and_not_what_survivors_get(self, session: Session, act: Act) -> None:
        for number, kind in (("1", BenefitKind.RETIREMENT), ("2", BenefitKind.SURVIVORS)):
            benefit = Benefit(number, kind, 3_000_000, Days(date(2025, 1, 1)))
            service.register_benefit(session, act=act, participant_no=ONE, benefit=benefit)

        die(session, act)

        decisions = read(session, ONE, "benefit_decisions")
        assert [(one["decision_no"], one["valid_to"]) for one in decisions] == [
            ("1", "2026-01-11"),
            ("2", None),
        ]

    def test_is_the_last_day_of_eligibility(self, session: Session, act: Act) -> None:
        factory.card(session, act, ONE, ONE)

        die(session, act)

        assert read(session, ONE, "is_valid", DEATH) is True
        assert read(session, ONE, "is_valid", DAY_AFTER) is False

    def test_goes_along_when_books_are_merged(self, session: Session, act: Act) -> None:
        factory.register(session, act, 2, pin=None)
        factory.spell(session, act, ONE, date(2025, 9, 1))
        die(session, act, TWO)

        service.register_merger(session, act=act, old_no=TWO, new_no=ONE, decided_on=ON)

        assert read(session, ONE, "death_date") == DEATH.isoformat()
        assert spells(session) == [("2025-09-01", "2026-01-11", factory.SALARY)]


class TestAnnulledRegistration:
    def test_leaves_the_number_to_its_person(self, session: Session, act: Act) -> None:
        wrong = service.register_participant(
            session, act=act, participant=factory.make_participant(2, full_name="Lê Văn Nhầm")
        )
        service.annul_change(session, act=act, annulled=wrong.change)

        factory.register(session, act, 2)

        assert read(session, TWO, "full_name") == "Lê Văn Thử2"

    def test_is_refused_while_something_names_the_participant(
        self, session: Session, act: Act
    ) -> None:
        registered = service.register_participant(
            session, act=act, participant=factory.make_participant(2)
        )
        factory.spell(session, act, TWO, ON)

        with pytest.raises(annulling.ChangeNotAnnullable):
            service.annul_change(session, act=act, annulled=registered.change)

    def test_of_a_merger_gives_both_books_back(self, session: Session, act: Act) -> None:
        factory.register(session, act, 2, pin=None)
        factory.spell(session, act, TWO, ON)
        merged = service.register_merger(session, act=act, old_no=TWO, new_no=ONE, decided_on=ON)

        service.annul_change(session, act=act, annulled=merged.change)

        assert read(session, TWO, "participant_no") == TWO
        assert spells(session) == []


class TestMergedCard:
    def test_of_the_first_form_finds_the_book_that_stands(self, session: Session, act: Act) -> None:
        factory.register(session, act, 2, pin=None)
        card = f"DN496{TWO}"
        factory.card(session, act, TWO, card)

        service.register_merger(session, act=act, old_no=TWO, new_no=ONE, decided_on=ON)

        assert read(session, card, "participant_no") == ONE
        assert read(session, card, "is_valid") is True


class TestBodies:
    def test_are_not_closed_before_they_were_registered(self, session: Session, act: Act) -> None:
        factory.register_bodies(session, act)
        before = date(2009, 12, 31)

        with pytest.raises(errors.FacilityNotFound):
            service.close_facility(session, act=act, facility_code=factory.FACILITY, on=before)
        with pytest.raises(errors.EmployerNotFound):
            service.close_employer(session, act=act, unit_code=factory.UNIT, on=before)


class TestTheStateBeforeEverything:
    @pytest.mark.parametrize("name", sorted(datasets.DATASETS))
    def test_knows_nobody(self, session: Session, name: str) -> None:
        dataset = datasets.DATASETS[name]

        found = dataset.fetch(session, [ONE], frozenset(dataset.fields), AsOf(ON, 0))

        assert found.records == {}

"""What an officer's slip, or somebody who means harm, must not leave in the finance register."""

import dataclasses
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from databases.changes import annulling
from databases.changes.ledger import Act
from databases.changes.versions import AsOf
from finance import datasets, errors, service, values
from finance.repository import states
from finance.values import Ground
from tests.factories import finance as make

BUDGET = f"{make.SCHOOL}-{make.YEAR}"
JUNE = date(make.YEAR, 6, 1)
MARCH = date(make.YEAR, 3, 2)


@pytest.fixture
def session(finance_session: Session) -> Session:
    return finance_session


@pytest.fixture
def school(session: Session, act: Act) -> str:
    return make.register_unit(session, act)


def allocate(session: Session, act: Act, dong: int) -> int:
    return service.register_allocation(
        session,
        act=act,
        unit_code=make.SCHOOL,
        budget_year=make.YEAR,
        amounts=[make.amount(dong)],
        on=make.FIRST_DAY,
        decision_no="01/QĐ-TEST",
    ).change


def adjust(session: Session, act: Act, dong: int, on: date = JUNE) -> int:
    return service.amend_allocation(
        session,
        act=act,
        unit_code=make.SCHOOL,
        budget_year=make.YEAR,
        amounts=[make.amount(dong)],
        on=on,
        decision_no="02/QĐ-TEST",
    ).change


def spend(session: Session, act: Act, dong: int, **changes: object) -> int:
    entry = make.make_entry(dong, **changes)
    return service.record_execution(session, act=act, entry=entry).change


def settle(session: Session, act: Act, dong: int) -> int:
    return service.register_settlement(
        session,
        act=act,
        unit_code=make.SCHOOL,
        budget_year=make.YEAR,
        amounts=[make.amount(dong)],
        on=date(make.YEAR + 1, 9, 1),
        decision_no="QT-1",
    ).change


class TestAnnulledAllocation:
    def test_is_refused_once_it_was_spent(self, session: Session, act: Act, school: str) -> None:
        allocated = allocate(session, act, 1000)
        spend(session, act, 600)

        with pytest.raises(errors.AllocationBelowExecution):
            service.annul_change(session, act=act, annulled=allocated)

    def test_is_refused_where_a_raise_was_spent(
        self, session: Session, act: Act, school: str
    ) -> None:
        allocate(session, act, 500)
        raised = adjust(session, act, 1000, MARCH)
        spend(session, act, 600)

        with pytest.raises(errors.AllocationBelowExecution):
            service.annul_change(session, act=act, annulled=raised)

    def test_leaves_temporary_funding(self, session: Session, act: Act, school: str) -> None:
        grounds = {"ground": Ground.TEMPORARY_FUNDING, "ground_decision": "03/QĐ-TEST"}
        spend(session, act, 100, **grounds)
        allocated = allocate(session, act, 1000)

        service.annul_change(session, act=act, annulled=allocated)

        assert states.list_allocated(session, [BUDGET], on=JUNE) == {}

    def test_in_error_may_be_decided_again(self, session: Session, act: Act, school: str) -> None:
        allocated = allocate(session, act, 1000)
        service.annul_change(session, act=act, annulled=allocated)

        allocate(session, act, 900)

        held = states.list_allocated(session, [BUDGET], on=JUNE)
        assert held == {BUDGET: {make.WAGES: Decimal(900)}}


class TestAnnulledEntry:
    def test_that_paid_back_what_was_spent_again_is_refused(
        self, session: Session, act: Act, school: str
    ) -> None:
        allocate(session, act, 1000)
        spend(session, act, 1000)
        turned = {values.Side.DEBIT: values.Side.CREDIT, values.Side.CREDIT: values.Side.DEBIT}
        lines = tuple(
            dataclasses.replace(line, side=turned[line.side]) for line in make.make_entry(400).lines
        )
        back = spend(session, act, 400, entry_no="2", lines=lines)
        spend(session, act, 400, entry_no="3")

        with pytest.raises(errors.AllocationBelowExecution):
            service.annul_change(session, act=act, annulled=back)

    def test_of_a_closed_period_is_refused(self, session: Session, act: Act, school: str) -> None:
        allocate(session, act, 1000)
        spent = spend(session, act, 100)
        service.close_period(
            session, act=act, period_code="2026-05", on=date(2026, 3, 1), decision_no="K-1"
        )

        with pytest.raises(errors.PeriodClosed):
            service.annul_change(session, act=act, annulled=spent)

    def test_of_a_settled_budget_is_refused(self, session: Session, act: Act, school: str) -> None:
        allocate(session, act, 1000)
        spent = spend(session, act, 600)
        settled = settle(session, act, 600)

        with pytest.raises(errors.BudgetSettled), session.begin_nested():
            service.annul_change(session, act=act, annulled=spent)

        service.annul_change(session, act=act, annulled=settled)
        service.annul_change(session, act=act, annulled=spent)
        assert states.list_spent(session, [BUDGET]) == {}


class TestSettledBudget:
    def test_takes_nothing_for_earlier_days(self, session: Session, act: Act, school: str) -> None:
        allocate(session, act, 1000)
        spend(session, act, 600)
        settle(session, act, 600)

        with pytest.raises(errors.BudgetSettled):
            spend(session, act, 100, entry_no="2")
        with pytest.raises(errors.BudgetSettled):
            adjust(session, act, 2000)


class TestAllocationThatWasCut:
    def test_is_not_spent_by_entries_of_earlier_days(
        self, session: Session, act: Act, school: str
    ) -> None:
        allocate(session, act, 1000)
        adjust(session, act, 700)

        with pytest.raises(errors.AllocationExceeded):
            spend(session, act, 800, posted_on=date(2026, 5, 1))

    def test_is_not_raised_by_a_decision_of_an_earlier_day(
        self, session: Session, act: Act, school: str
    ) -> None:
        allocate(session, act, 1000)
        adjust(session, act, 700)

        with pytest.raises(errors.BudgetLineAlreadyDecided):
            adjust(session, act, 1200, MARCH)


class TestAmounts:
    @pytest.mark.parametrize("text", ["0.005", "NaN", "Infinity", "-1", "1e22"])
    def test_that_cannot_be_written_are_refused(
        self, session: Session, act: Act, school: str, text: str
    ) -> None:
        amount = Decimal(text)
        entry = make.make_entry()
        lines = tuple(dataclasses.replace(line, amount=amount) for line in entry.lines)

        with pytest.raises(errors.EntryNotBalanced):
            spend(session, act, 1, lines=lines)
        with pytest.raises(errors.IncompleteRecord):
            make.allocate(session, act, values.LineAmount(make.WAGES, amount))
        with pytest.raises(errors.IncompleteRecord):
            service.assess_duty(session, act=act, duty=make.make_duty(amount=amount))
        with pytest.raises(errors.IncompleteRecord):
            service.record_payment(session, act=act, payment=make.make_payment(amount=amount))


class TestCorrectedUnit:
    CLOSED = date(2026, 5, 20)

    def correct(self, session: Session, act: Act, until: date | None, **changes: object) -> None:
        service.correct_budget_unit(
            session,
            act=act,
            unit_code=make.SCHOOL,
            valid_from=date(2018, 3, 1),
            valid_to=until,
            changes=changes,
        )

    def test_stays_closed(self, session: Session, act: Act, school: str) -> None:
        service.close_budget_unit(session, act=act, unit_code=school, on=self.CLOSED)

        self.correct(session, act, None, name_vi="Trường Mầm non Mây")

        unit = states.get_unit(session, school, on=self.CLOSED)
        assert (unit.name_vi, unit.closed_on) == ("Trường Mầm non Mây", self.CLOSED)

    def test_is_open_again_where_the_closing_is_corrected(
        self, session: Session, act: Act, school: str
    ) -> None:
        service.close_budget_unit(session, act=act, unit_code=school, on=self.CLOSED)

        self.correct(session, act, None, closed_on=None)

        make.allocate(session, act, make.amount(1000))
        spend(session, act, 100)

    def test_keeps_to_the_rules_on_all_its_days(
        self, session: Session, act: Act, school: str
    ) -> None:
        with pytest.raises(errors.SegmentNotInForce):
            self.correct(session, act, None, level=values.Level.COMMUNE)

    def test_is_not_its_own_parent_or_successor(
        self, session: Session, act: Act, school: str
    ) -> None:
        with pytest.raises(errors.IncompleteRecord):
            self.correct(session, act, None, parent_unit_code=school)
        with pytest.raises(errors.IncompleteRecord):
            service.close_budget_unit(
                session, act=act, unit_code=school, on=JUNE, successor_unit_code=school
            )


class TestAnnulledRegistration:
    def test_of_a_unit_is_refused_while_it_has_a_budget(self, session: Session, act: Act) -> None:
        unit = service.register_budget_unit(session, act=act, unit=make.make_unit())
        make.allocate(session, act, make.amount(1000))

        with pytest.raises(annulling.ChangeNotAnnullable):
            service.annul_change(session, act=act, annulled=unit.change)

    def test_of_a_taxpayer_is_refused_while_duties_stand(self, session: Session, act: Act) -> None:
        taxpayer = service.register_taxpayer(session, act=act, taxpayer=make.make_taxpayer())
        service.assess_duty(session, act=act, duty=make.make_duty())

        with pytest.raises(annulling.ChangeNotAnnullable):
            service.annul_change(session, act=act, annulled=taxpayer.change)


class TestFormerTaxCode:
    def test_is_nobody_else_s_code(self, session: Session, act: Act) -> None:
        person = make.make_taxpayer()
        service.register_taxpayer(session, act=act, taxpayer=person)
        firm = values.Taxpayer(
            person.former_codes[0],
            values.TaxpayerKind.ORGANISATION,
            "Công ty Hoàng Hôn",
            "9601",
            date(2020, 1, 1),
        )

        with pytest.raises(errors.TaxpayerAlreadyRegistered):
            service.register_taxpayer(session, act=act, taxpayer=firm)


class TestAssetOfAClosedUnit:
    def test_is_disposed_of(self, session: Session, act: Act, school: str) -> None:
        asset = service.register_public_asset(session, act=act, asset=make.make_asset()).key
        service.close_budget_unit(session, act=act, unit_code=school, on=MARCH)

        service.amend_public_asset(
            session, act=act, asset_code=asset, on=JUNE, changes={"disposed_on": JUNE}
        )

        found = datasets.PUBLIC_ASSET.fetch(
            session, [asset], frozenset({"disposed_on"}), AsOf(JUNE)
        )
        assert found.records[asset]["disposed_on"] == JUNE.isoformat()


class TestReopenPeriod:
    def test_is_refused_for_days_before_it_was_closed(self, session: Session, act: Act) -> None:
        closing = {"act": act, "period_code": "2026-01", "decision_no": "K-1"}
        service.close_period(session, on=MARCH, **closing)

        with pytest.raises(errors.PeriodNotClosed):
            service.reopen_period(session, on=date(2026, 3, 1), **closing)

        assert states.list_closed_periods(session, on=MARCH) == {"2026-01"}


class TestTheStateBeforeEverything:
    @pytest.mark.parametrize("name", sorted(datasets.DATASETS))
    def test_knows_nothing(self, session: Session, school: str, name: str) -> None:
        dataset = datasets.DATASETS[name]
        keys = [school, BUDGET]

        found = dataset.fetch(session, keys, frozenset(dataset.fields), AsOf(JUNE, 0))

        assert found.records == {}

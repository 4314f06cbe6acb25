"""Acts of the finance register on a real PostgreSQL: what they leave and what they refuse."""

import dataclasses
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from databases.changes.ledger import Act
from finance import errors, service, values
from finance.repository import states
from finance.values import BudgetLine, Ground, Side, Stage
from tests.factories import finance as make

BUDGET = f"{make.SCHOOL}-{make.YEAR}"


@pytest.fixture
def session(finance_session: Session) -> Session:
    return finance_session


@pytest.fixture
def school(session: Session, act: Act) -> str:
    return make.register_unit(session, act)


def spent(session: Session) -> Decimal:
    lines = states.list_spent(session, [BUDGET], without=()).get(BUDGET, {})
    return sum(lines.values(), Decimal(0))


class TestRegisterBudgetUnit:
    def test_gives_a_code_once(self, session: Session, act: Act, school: str) -> None:
        with pytest.raises(errors.BudgetUnitAlreadyRegistered):
            make.register_unit(session, act)

    def test_does_not_give_an_annulled_code_again(self, session: Session, act: Act) -> None:
        done = service.register_budget_unit(session, act=act, unit=make.make_unit())
        service.annul_change(session, act=act, annulled=done.change)

        with pytest.raises(errors.BudgetUnitAlreadyRegistered):
            make.register_unit(session, act)


class TestCloseBudgetUnit:
    def test_keeps_the_code_with_its_days(self, session: Session, act: Act, school: str) -> None:
        closed_on = date(2026, 7, 1)

        service.close_budget_unit(session, act=act, unit_code=school, on=closed_on)

        assert states.get_unit(session, school, on=date(2026, 6, 30)).closed_on is None
        assert states.get_unit(session, school, on=closed_on).closed_on == closed_on

    def test_ends_its_execution(self, session: Session, act: Act, school: str) -> None:
        make.allocate(session, act, make.amount(1000))
        service.close_budget_unit(session, act=act, unit_code=school, on=date(2026, 5, 20))

        with pytest.raises(errors.BudgetUnitClosed):
            service.record_execution(session, act=act, entry=make.make_entry())

        earlier = make.make_entry(posted_on=date(2026, 5, 19))
        service.record_execution(session, act=act, entry=earlier)

    def test_happens_once(self, session: Session, act: Act, school: str) -> None:
        service.close_budget_unit(session, act=act, unit_code=school, on=date(2026, 5, 20))

        with pytest.raises(errors.BudgetUnitClosed):
            service.close_budget_unit(session, act=act, unit_code=school, on=date(2026, 6, 1))


class TestAmendBudgetUnit:
    def test_moves_a_district_unit_to_the_commune(self, session: Session, act: Act) -> None:
        district = make.make_unit(level=values.Level.DISTRICT, chapter_code="754")
        service.register_budget_unit(session, act=act, unit=district)
        with pytest.raises(errors.SegmentNotInForce):
            make.allocate(session, act, make.amount(1000))

        service.amend_budget_unit(
            session,
            act=act,
            unit_code=make.SCHOOL,
            on=make.FIRST_DAY,
            changes={"level": values.Level.COMMUNE, "chapter_code": "854"},
        )

        assert make.allocate(session, act, make.amount(1000)) == BUDGET

    def test_keeps_the_code(self, session: Session, act: Act, school: str) -> None:
        with pytest.raises(errors.IncompleteRecord):
            service.amend_budget_unit(
                session,
                act=act,
                unit_code=school,
                on=make.FIRST_DAY,
                changes={"unit_code": "1054999"},
            )


class TestRegisterAllocation:
    def test_decides_a_line_once(self, session: Session, act: Act, school: str) -> None:
        make.allocate(session, act, make.amount(1000))

        with pytest.raises(errors.BudgetLineAlreadyDecided):
            make.allocate(session, act, make.amount(2000), on=date(2026, 2, 1))

    def test_needs_a_registered_unit(self, session: Session, act: Act) -> None:
        with pytest.raises(errors.BudgetUnitNotFound):
            make.allocate(session, act, make.amount(1000))


class TestAmendAllocation:
    def adjust(self, session: Session, act: Act, dong: int) -> None:
        service.amend_allocation(
            session,
            act=act,
            unit_code=make.SCHOOL,
            budget_year=make.YEAR,
            amounts=[make.amount(dong)],
            on=date(2026, 6, 1),
            decision_no="02/QĐ-TEST",
        )

    def test_keeps_former_revisions(self, session: Session, act: Act, school: str) -> None:
        make.allocate(session, act, make.amount(1000))

        self.adjust(session, act, 800)

        for day, amount, revision in ((date(2026, 5, 31), 1000, 0), (date(2026, 6, 1), 800, 1)):
            held = states.list_amounts(session, BUDGET, Stage.ALLOCATION, on=day)[make.WAGES]
            assert (held["amount"], held["revision_no"]) == (amount, revision)

    def test_cannot_fall_below_what_was_spent(
        self, session: Session, act: Act, school: str
    ) -> None:
        make.allocate(session, act, make.amount(1000))
        service.record_execution(session, act=act, entry=make.make_entry(900))

        with pytest.raises(errors.AllocationBelowExecution):
            self.adjust(session, act, 899)

        self.adjust(session, act, 900)

    def test_needs_an_allocation(self, session: Session, act: Act, school: str) -> None:
        with pytest.raises(errors.BudgetLineNotFound):
            self.adjust(session, act, 800)


class TestRecordExecution:
    def test_spends_up_to_the_allocation(self, session: Session, act: Act, school: str) -> None:
        make.allocate(session, act, make.amount(1000))
        service.record_execution(session, act=act, entry=make.make_entry(600))

        with pytest.raises(errors.AllocationExceeded) as refusal:
            service.record_execution(
                session, act=act, entry=make.make_entry(401, entry_no="0011-000002")
            )

        assert refusal.value.fields[0].field == "line 071-6000-00000-13"

    def test_takes_exactly_what_is_left(self, session: Session, act: Act, school: str) -> None:
        make.allocate(session, act, make.amount(1000))
        service.record_execution(session, act=act, entry=make.make_entry(600))

        rest = make.make_entry(400, entry_no="0011-000002")
        service.record_execution(session, act=act, entry=rest)

        assert spent(session) == 1000

    def test_pays_back_by_a_credit(self, session: Session, act: Act, school: str) -> None:
        make.allocate(session, act, make.amount(1000))
        service.record_execution(session, act=act, entry=make.make_entry(600))
        paid = make.make_entry(200, entry_no="0011-000002")
        back = tuple(
            dataclasses.replace(line, side=Side.CREDIT if line.side is Side.DEBIT else Side.DEBIT)
            for line in paid.lines
        )

        service.record_execution(session, act=act, entry=dataclasses.replace(paid, lines=back))

        assert spent(session) == 400

    def test_wants_a_ground_for_more(self, session: Session, act: Act, school: str) -> None:
        entry = make.make_entry(
            ground=Ground.TEMPORARY_FUNDING, ground_decision="03/QĐ-TEST", posted_on=make.FIRST_DAY
        )

        done = service.record_execution(session, act=act, entry=entry)

        assert "ground.used" in {warning.rule for warning in done.warnings}

    def test_ends_temporary_funding_with_the_allocation(
        self, session: Session, act: Act, school: str
    ) -> None:
        make.allocate(session, act, make.amount(50))
        entry = make.make_entry(ground=Ground.TEMPORARY_FUNDING, ground_decision="03/QĐ-TEST")

        with pytest.raises(errors.GroundNotApplicable):
            service.record_execution(session, act=act, entry=entry)

    def test_does_not_count_what_was_carried_over(
        self, session: Session, act: Act, school: str
    ) -> None:
        make.allocate(session, act, make.amount(100))
        carried = make.make_entry(
            500, ground=Ground.CARRIED_OVER, ground_decision="04/QĐ-TEST", entry_no="0011-000009"
        )
        service.record_execution(session, act=act, entry=carried)

        service.record_execution(session, act=act, entry=make.make_entry(100))

        assert spent(session) == 600

    def test_refuses_a_ground_without_decision(
        self, session: Session, act: Act, school: str
    ) -> None:
        with pytest.raises(errors.IncompleteRecord):
            service.record_execution(
                session, act=act, entry=make.make_entry(ground=Ground.CARRIED_OVER)
            )

    def test_refuses_a_number_used_before(self, session: Session, act: Act, school: str) -> None:
        make.allocate(session, act, make.amount(1000))
        done = service.record_execution(session, act=act, entry=make.make_entry())
        service.annul_change(session, act=act, annulled=done.change)

        with pytest.raises(errors.EntryAlreadyRecorded):
            service.record_execution(session, act=act, entry=make.make_entry())

    def test_refuses_a_chapter_of_another_unit(
        self, session: Session, act: Act, school: str
    ) -> None:
        make.allocate(session, act, make.amount(1000))
        entry = make.make_entry(key=make.make_key(chapter_code="412"))

        with pytest.raises(errors.SegmentNotInForce) as refusal:
            service.record_execution(session, act=act, entry=entry)

        assert refusal.value.fields[0].rule == "chapter.unit"

    def test_leaves_nothing_when_it_is_refused(
        self, session: Session, act: Act, school: str
    ) -> None:
        make.allocate(session, act, make.amount(50))
        with pytest.raises(errors.AllocationExceeded), session.begin_nested():
            service.record_execution(session, act=act, entry=make.make_entry(100))

        assert spent(session) == 0


class TestClosePeriod:
    def at(self, act: Act, day: int) -> Act:
        return dataclasses.replace(act, recorded_at=datetime(2026, 6, day, 8, tzinfo=UTC))

    @pytest.mark.parametrize("period", ["2026-05", "2026"])
    def test_refuses_entries_until_it_is_reopened(
        self, session: Session, act: Act, school: str, period: str
    ) -> None:
        make.allocate(session, act, make.amount(1000))
        service.close_period(
            session, act=act, period_code=period, on=date(2026, 6, 5), decision_no="K-1"
        )
        service.reopen_period(
            session, act=act, period_code=period, on=date(2026, 6, 9), decision_no="K-2"
        )

        for day, number in ((4, "a"), (9, "b")):
            entry = make.make_entry(entry_no=number)
            service.record_execution(session, act=self.at(act, day), entry=entry)
        with pytest.raises(errors.PeriodClosed):
            service.record_execution(
                session, act=self.at(act, 8), entry=make.make_entry(entry_no="c")
            )

    def test_leaves_other_periods_open(self, session: Session, act: Act, school: str) -> None:
        make.allocate(session, act, make.amount(1000))
        service.close_period(
            session, act=act, period_code="2026-04", on=date(2026, 1, 1), decision_no="K-1"
        )

        service.record_execution(session, act=act, entry=make.make_entry())

    def test_is_done_once(self, session: Session, act: Act) -> None:
        close = {"period_code": "2026-05", "decision_no": "K-1"}
        service.close_period(session, act=act, on=date(2026, 6, 5), **close)

        with pytest.raises(errors.PeriodClosed):
            service.close_period(session, act=act, on=date(2026, 6, 6), **close)

    def test_cannot_be_undone_where_it_was_not_done(self, session: Session, act: Act) -> None:
        with pytest.raises(errors.PeriodNotClosed):
            service.reopen_period(
                session, act=act, period_code="2026-05", on=date(2026, 6, 9), decision_no="K-2"
            )


class TestRegisterSettlement:
    def settle(self, session: Session, act: Act, dong: int) -> tuple[str, ...]:
        done = service.register_settlement(
            session,
            act=act,
            unit_code=make.SCHOOL,
            budget_year=make.YEAR,
            amounts=[make.amount(dong)],
            on=date(2027, 3, 1),
            decision_no="QT-1",
        )
        return tuple(warning.rule for warning in done.warnings)

    @pytest.fixture(autouse=True)
    def spending(self, session: Session, act: Act, school: str) -> None:
        make.allocate(session, act, make.amount(1000))
        service.record_execution(session, act=act, entry=make.make_entry(600))

    def test_confirms_what_was_spent(self, session: Session, act: Act) -> None:
        assert self.settle(session, act, 600) == ()

    def test_warns_of_what_is_not_confirmed(self, session: Session, act: Act) -> None:
        assert self.settle(session, act, 599) == ("settlement.below",)

    def test_confirms_no_more(self, session: Session, act: Act) -> None:
        with pytest.raises(errors.SettlementAboveExecution):
            self.settle(session, act, 601)

    def test_is_done_once(self, session: Session, act: Act) -> None:
        self.settle(session, act, 600)

        with pytest.raises(errors.BudgetSettled):
            self.settle(session, act, 600)


class TestAnnulChange:
    def test_leaves_a_budget_that_others_are_recorded_in(
        self, session: Session, act: Act, school: str
    ) -> None:
        first = service.register_estimate(
            session,
            act=act,
            unit_code=school,
            budget_year=make.YEAR,
            amounts=[make.amount(1000)],
            on=make.FIRST_DAY,
            decision_no="DT-1",
        )
        make.allocate(session, act, make.amount(1000))

        service.annul_change(session, act=act, annulled=first.change)

        assert states.find_budget(session, BUDGET, on=make.FIRST_DAY) is not None
        assert not states.list_amounts(session, BUDGET, Stage.ESTIMATE, on=make.FIRST_DAY)

    def test_takes_a_budget_away_that_nothing_is_left_of(
        self, session: Session, act: Act, school: str
    ) -> None:
        done = service.register_allocation(
            session,
            act=act,
            unit_code=school,
            budget_year=make.YEAR,
            amounts=[make.amount(1000, BudgetLine("071"))],
            on=make.FIRST_DAY,
            decision_no="DT-1",
        )

        service.annul_change(session, act=act, annulled=done.change)

        assert states.find_budget(session, BUDGET, on=make.FIRST_DAY) is None


class TestTaxes:
    def test_are_assessed_under_a_former_code(self, session: Session, act: Act) -> None:
        service.register_taxpayer(session, act=act, taxpayer=make.make_taxpayer())

        done = service.assess_duty(
            session, act=act, duty=make.make_duty(taxpayer_code="0314409058")
        )

        assert done.key == "096085000001"

    def test_of_an_unknown_taxpayer_are_refused(self, session: Session, act: Act) -> None:
        with pytest.raises(errors.TaxpayerNotFound):
            service.assess_duty(session, act=act, duty=make.make_duty())

    def test_are_assessed_once(self, session: Session, act: Act) -> None:
        service.register_taxpayer(session, act=act, taxpayer=make.make_taxpayer())
        service.assess_duty(session, act=act, duty=make.make_duty())

        with pytest.raises(errors.DutyAlreadyAssessed):
            service.assess_duty(session, act=act, duty=make.make_duty())

    def test_paid_too_much_are_kept_and_warned_of(self, session: Session, act: Act) -> None:
        service.register_taxpayer(session, act=act, taxpayer=make.make_taxpayer())
        service.assess_duty(session, act=act, duty=make.make_duty())
        service.record_payment(session, act=act, payment=make.make_payment())

        more = make.make_payment(payment_no="NT-2", amount=Decimal(3_000_001))
        done = service.record_payment(session, act=act, payment=more)

        assert [warning.rule for warning in done.warnings] == ["payment.excess"]

    def test_former_codes_belong_to_one_taxpayer(self, session: Session, act: Act) -> None:
        service.register_taxpayer(session, act=act, taxpayer=make.make_taxpayer())

        with pytest.raises(errors.TaxpayerAlreadyRegistered):
            service.register_taxpayer(
                session, act=act, taxpayer=make.make_taxpayer(taxpayer_code="096085000002")
            )


class TestHoldings:
    def test_a_declaration_needs_a_taxpayer(self, session: Session, act: Act) -> None:
        with pytest.raises(errors.TaxpayerNotFound):
            service.register_customs_declaration(
                session, act=act, declaration=make.make_declaration()
            )

    def test_a_declaration_is_cleared_later(self, session: Session, act: Act) -> None:
        service.register_taxpayer(session, act=act, taxpayer=make.make_taxpayer())
        service.register_customs_declaration(session, act=act, declaration=make.make_declaration())

        done = service.correct_customs_declaration(
            session,
            act=act,
            declaration_no="105123456780",
            valid_from=date(2026, 5, 6),
            valid_to=None,
            changes={"cleared_on": date(2026, 5, 6)},
        )

        assert done.key == "105123456780"

    def test_an_asset_goes_to_an_open_unit_only(
        self, session: Session, act: Act, school: str
    ) -> None:
        service.register_public_asset(session, act=act, asset=make.make_asset())

        with pytest.raises(errors.BudgetUnitNotFound):
            service.amend_public_asset(
                session,
                act=act,
                asset_code="TS-1054007-01",
                on=make.FIRST_DAY,
                changes={"unit_code": make.SUCCESSOR},
            )

"""What may be spent and settled on the lines of a budget."""

from decimal import Decimal

import pytest

from finance import errors
from finance.rules import budgets
from finance.values import BudgetLine, Ground, LineAmount
from tests.factories import finance as make

ALL = BudgetLine("071")
WAGES, BY_SCALE = make.WAGES, make.WAGES_BY_SCALE
OFFICE = BudgetLine("071", "6551")


def dong(amount: int) -> Decimal:
    return Decimal(amount)


class TestRequireAmounts:
    def test_lets_items_and_all_items_pass(self) -> None:
        amounts = [LineAmount(WAGES, dong(0)), LineAmount(ALL, dong(5))]

        assert budgets.require_amounts(amounts) == ()

    @pytest.mark.parametrize(
        "amounts",
        [
            [],
            [LineAmount(WAGES, dong(1)), LineAmount(WAGES, dong(2))],
            [LineAmount(WAGES, dong(-1))],
        ],
        ids=["nothing", "a line twice", "below zero"],
    )
    def test_refuses(self, amounts: list[LineAmount]) -> None:
        with pytest.raises(errors.IncompleteRecord):
            budgets.require_amounts(amounts)

    def test_refuses_a_sub_item(self) -> None:
        with pytest.raises(errors.MalformedBudgetCode):
            budgets.require_amounts([LineAmount(BY_SCALE, dong(1))])


class TestCoveringLine:
    @pytest.mark.parametrize(
        ("allocated", "cover"),
        [({WAGES, ALL}, WAGES), ({ALL}, ALL), ({WAGES}, WAGES), (set(), WAGES)],
    )
    def test_is_the_narrow_one_before_the_wide(
        self, allocated: set[BudgetLine], cover: BudgetLine
    ) -> None:
        assert budgets.covering_line(BY_SCALE, dict.fromkeys(allocated, dong(1))) == cover


class TestListOverspent:
    @pytest.mark.parametrize(("spent", "over"), [(100, ()), (101, (WAGES,))])
    def test_compares_with_the_item(self, spent: int, over: tuple[BudgetLine, ...]) -> None:
        allocated = {WAGES: dong(100)}

        assert budgets.list_overspent(allocated, {BY_SCALE: dong(spent)}) == over

    def test_adds_up_what_one_line_covers(self) -> None:
        spent = {BY_SCALE: dong(60), OFFICE: dong(41)}

        assert budgets.list_overspent({ALL: dong(100)}, spent) == (ALL,)

    def test_keeps_programmes_and_sources_apart(self) -> None:
        other = BudgetLine("071", "6001", "00000", "12")

        assert budgets.list_overspent({WAGES: dong(100)}, {other: dong(1)}) == (
            BudgetLine("071", "6000", "00000", "12"),
        )


class TestRequireWithinAllocation:
    def test_needs_a_ground_for_more(self) -> None:
        with pytest.raises(errors.AllocationExceeded):
            budgets.require_within_allocation({}, {BY_SCALE: dong(1)}, ground=None)

    def test_warns_under_a_ground(self) -> None:
        warnings = budgets.require_within_allocation(
            {}, {BY_SCALE: dong(1)}, ground=Ground.TEMPORARY_FUNDING
        )

        assert [one.rule for one in warnings] == ["ground.used"]

    def test_refuses_temporary_funding_of_an_allocated_line(self) -> None:
        with pytest.raises(errors.GroundNotApplicable):
            budgets.require_within_allocation(
                {WAGES: dong(1)}, {BY_SCALE: dong(2)}, ground=Ground.TEMPORARY_FUNDING
            )

    def test_asks_for_no_ground_within_the_allocation(self) -> None:
        allocated = {WAGES: dong(1)}

        assert budgets.require_within_allocation(allocated, {BY_SCALE: dong(1)}, ground=None) == ()


class TestSharingCover:
    def test_gives_what_counts_against_the_same_allocation(self) -> None:
        spent = {BY_SCALE: dong(60), OFFICE: dong(30)}
        lines = [BY_SCALE]

        apart = budgets.sharing_cover(spent, lines, {WAGES: dong(1), ALL: dong(1)})
        together = budgets.sharing_cover(spent, lines, {ALL: dong(1)})

        assert (apart, together) == ({BY_SCALE: dong(60)}, spent)


class TestRequireStillAllowed:
    @pytest.mark.parametrize(
        ("allocated", "spent", "ungrounded"),
        [
            pytest.param({WAGES: dong(60)}, dong(60), dong(60), id="all of it"),
            pytest.param({}, dong(60), dong(0), id="temporary funding"),
        ],
    )
    def test_lets_pass(
        self, allocated: dict[BudgetLine, Decimal], spent: Decimal, ungrounded: Decimal
    ) -> None:
        budgets.require_still_allowed(allocated, {BY_SCALE: spent}, {BY_SCALE: ungrounded})

    @pytest.mark.parametrize(
        ("allocated", "spent", "ungrounded"),
        [
            pytest.param({WAGES: dong(59)}, dong(60), dong(0), id="counts against the allocation"),
            pytest.param({}, dong(60), dong(1), id="not all was temporary funding"),
        ],
    )
    def test_refuses(
        self, allocated: dict[BudgetLine, Decimal], spent: Decimal, ungrounded: Decimal
    ) -> None:
        with pytest.raises(errors.AllocationBelowExecution):
            budgets.require_still_allowed(allocated, {BY_SCALE: spent}, {BY_SCALE: ungrounded})


class TestRequireSettlement:
    def test_refuses_more_than_was_spent(self) -> None:
        with pytest.raises(errors.SettlementAboveExecution):
            budgets.require_settlement({WAGES: dong(101)}, {BY_SCALE: dong(100)})

    def test_refuses_a_line_that_nothing_was_spent_on(self) -> None:
        with pytest.raises(errors.SettlementAboveExecution):
            budgets.require_settlement({WAGES: dong(1)}, {OFFICE: dong(1)})

    def test_warns_of_a_line_left_out(self) -> None:
        spent = {BY_SCALE: dong(100), OFFICE: dong(1)}

        warnings = budgets.require_settlement({WAGES: dong(100)}, spent)

        assert [one.field for one in warnings] == ["line 071-6550-00000-13"]

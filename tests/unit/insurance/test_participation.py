"""Spells, salaries, contribution months and the time for a pension."""

from datetime import date
from decimal import Decimal

import pytest

from databases.periods import PartialDate
from insurance import errors
from insurance.rules import participation
from insurance.values import Contribution, Days, ParticipantState, Scheme, Terms

LEVEL = 2_340_000
REFORM = date(2025, 7, 1)
EVE = date(2025, 6, 30)
UNVERIFIED = date(2026, 7, 1)


def paid(first: date, end: date, scheme: Scheme = Scheme.COMPULSORY) -> Contribution:
    return Contribution("9600000001", scheme, "YN0123Z", first, end, 8_000_000)


class TestRequireAlive:
    def test_lets_the_dead_act_on_the_day_of_death_and_not_after(self) -> None:
        died_on = date(2026, 1, 15)
        birth = PartialDate.parse("1985")
        person = ParticipantState("9600000001", None, frozenset(), birth, died_on)

        participation.require_alive(person, died_on)
        with pytest.raises(errors.ParticipantDead):
            participation.require_alive(person, date(2026, 1, 16))


class TestRequireAliveThroughout:
    DIED_ON = date(2026, 1, 15)

    def require(self, end: date | None, died_on: date | None = DIED_ON) -> None:
        birth = PartialDate.parse("1985")
        person = ParticipantState("9600000001", None, frozenset(), birth, died_on)
        participation.require_alive_throughout(person, Days(date(2025, 1, 1), end))

    def test_lets_days_end_with_the_day_of_death(self) -> None:
        self.require(date(2026, 1, 16))
        self.require(None, died_on=None)

    @pytest.mark.parametrize("end", [date(2026, 1, 17), None])
    def test_refuses_days_after_it(self, end: date | None) -> None:
        with pytest.raises(errors.ParticipantDead):
            self.require(end)


class TestRequireTerms:
    def test_lets_the_bounds_pass(self) -> None:
        participation.require_terms(Terms(1, 0, Decimal(1), "DN"))
        participation.require_terms(Terms())

    @pytest.mark.parametrize(
        "terms",
        [Terms(0), Terms(1, -1), Terms(1, 0, Decimal("1.00001")), Terms(1, 0, Decimal(1), "D1")],
    )
    def test_refuses_what_is_outside(self, terms: Terms) -> None:
        with pytest.raises(errors.WrongTerms):
            participation.require_terms(terms)


class TestRequirePossibleDeath:
    @pytest.mark.parametrize("died_on", [date(1985, 5, 6), date(2026, 3, 2)])
    def test_allows_the_day_of_birth_and_of_registration(self, died_on: date) -> None:
        birth = PartialDate.parse("1985-05-06")

        participation.require_possible_death(birth, died_on, on=date(2026, 3, 2))


class TestRequireNoOverlap:
    HELD = (Days(date(2025, 1, 1), date(2025, 7, 1)),)

    @pytest.mark.parametrize(
        "new",
        [
            Days(date(2025, 6, 30)),
            Days(date(2024, 1, 1), date(2025, 1, 2)),
            Days(date(2024, 1, 1)),
            Days(date(2025, 3, 1), date(2025, 4, 1)),
        ],
        ids=["last day", "first day", "around", "inside"],
    )
    def test_refuses_a_shared_day(self, new: Days) -> None:
        with pytest.raises(errors.SpellOverlaps):
            participation.require_no_overlap(Scheme.HEALTH, self.HELD, new)

    @pytest.mark.parametrize(
        "new",
        [Days(date(2025, 7, 1)), Days(date(2024, 1, 1), date(2025, 1, 1))],
        ids=["after", "before"],
    )
    def test_allows_neighbours(self, new: Days) -> None:
        participation.require_no_overlap(Scheme.HEALTH, self.HELD, new)

    def test_allows_several_employers_to_insure_against_accidents(self) -> None:
        participation.require_no_overlap(Scheme.ACCIDENT, self.HELD, Days(date(2025, 1, 1)))


class TestListGaps:
    def test_finds_the_days_between(self) -> None:
        spells = [
            Days(date(2025, 5, 1)),
            Days(date(2024, 1, 1), date(2024, 6, 1)),
            Days(date(2024, 6, 1), date(2025, 1, 1)),
        ]

        assert participation.list_gaps(spells) == (Days(date(2025, 1, 1), date(2025, 5, 1)),)

    def test_finds_none_beside_a_longer_spell(self) -> None:
        spells = [
            Days(date(2024, 1, 1), date(2025, 1, 1)),
            Days(date(2024, 2, 1), date(2024, 3, 1)),
            Days(date(2025, 1, 1)),
            Days(date(2026, 1, 1)),
        ]

        assert participation.list_gaps(spells) == ()


class TestRequireSalary:
    @pytest.mark.parametrize(
        ("amount", "on", "rule"),
        [
            (LEVEL - 1, REFORM, "salary.floor"),
            (20 * LEVEL + 1, REFORM, "salary.cap"),
            (20 * LEVEL + 1, EVE, "salary.cap"),
        ],
        ids=["below the floor", "above the cap", "above the cap before the reform"],
    )
    def test_refuses_outside_the_bounds(self, amount: int, on: date, rule: str) -> None:
        with pytest.raises(errors.SalaryOutsideBounds) as refusal:
            participation.require_salary(Scheme.COMPULSORY, amount, on=on)

        assert [problem.rule for problem in refusal.value.fields] == [rule]

    @pytest.mark.parametrize(
        ("scheme", "amount", "on"),
        [
            (Scheme.COMPULSORY, LEVEL, REFORM),
            (Scheme.COMPULSORY, 20 * LEVEL, REFORM),
            (Scheme.COMPULSORY, LEVEL - 1, EVE),
            (Scheme.VOLUNTARY, 1_500_000, REFORM),
            (Scheme.HEALTH, None, REFORM),
            (Scheme.COMPULSORY, 1, date(2019, 6, 30)),
        ],
        ids=["floor", "cap", "no floor yet", "voluntary", "no salary", "no number known"],
    )
    def test_allows_the_bounds_themselves(
        self, scheme: Scheme, amount: int | None, on: date
    ) -> None:
        assert participation.require_salary(scheme, amount, on=on) == ()

    def test_only_warns_by_a_number_that_is_not_certain(self) -> None:
        warnings = participation.require_salary(Scheme.COMPULSORY, LEVEL - 1, on=UNVERIFIED)

        assert [warning.rule for warning in warnings] == ["salary.floor"]


class TestListSalaryBounds:
    def test_says_what_the_rule_says(self) -> None:
        bounds = participation.list_salary_bounds()

        assert [(bound.days, bound.lowest, bound.highest) for bound in bounds] == [
            (Days(date(2024, 7, 1), REFORM), 0, 20 * LEVEL),
            (Days(REFORM, UNVERIFIED), LEVEL, 20 * LEVEL),
        ]


class TestListRateWarnings:
    @pytest.mark.parametrize(
        ("scheme", "rate", "on", "doubts"),
        [
            (Scheme.COMPULSORY, "0.25", REFORM, 0),
            (Scheme.COMPULSORY, "0.24", REFORM, 1),
            (Scheme.COMPULSORY, "0.24", EVE, 0),
            (Scheme.ACCIDENT, "0.003", REFORM, 0),
            (Scheme.ACCIDENT, "0.004", REFORM, 1),
        ],
        ids=["usual", "other", "before the law", "special case", "neither"],
    )
    def test_doubts_other_rates(self, scheme: Scheme, rate: str, on: date, doubts: int) -> None:
        warnings = participation.list_rate_warnings(scheme, Decimal(rate), on=on)

        assert len(warnings) == doubts

    def test_takes_no_rate_as_that_of_the_law(self) -> None:
        assert participation.list_rate_warnings(Scheme.HEALTH, None, on=REFORM) == ()


class TestCountPensionMonths:
    def test_counts_a_month_of_two_schemes_once(self) -> None:
        both = [
            paid(date(2024, 1, 1), date(2025, 1, 1)),
            paid(date(2024, 7, 1), date(2025, 7, 1), Scheme.VOLUNTARY),
            paid(date(2010, 1, 1), date(2020, 1, 1), Scheme.HEALTH),
        ]

        assert participation.count_pension_months(both, on=date(2026, 1, 1)) == 18
        assert participation.count_months(both) == 18 + 120

    def test_leaves_out_the_month_that_runs(self) -> None:
        months = [paid(date(2026, 1, 1), date(2026, 4, 1))]

        assert participation.count_pension_months(months, on=date(2026, 2, 28)) == 1
        assert participation.count_pension_months(months, on=date(2026, 3, 1)) == 2

    def test_leaves_out_what_was_paid_out(self) -> None:
        months = [paid(date(2020, 1, 1), date(2022, 1, 1))]
        counted = participation.count_pension_months(
            months, on=date(2026, 1, 1), paid_out_on=date(2021, 3, 15)
        )

        assert counted == 10


class TestPensionMonthsNeeded:
    @pytest.mark.parametrize(
        ("on", "months"),
        [(date(2015, 12, 31), None), (date(2016, 1, 1), 240), (EVE, 240), (REFORM, 180)],
    )
    def test_follows_the_law_of_the_day(self, on: date, months: int | None) -> None:
        assert participation.pension_months_needed(on) == months


class TestListPensionWarnings:
    @pytest.mark.parametrize(
        ("months", "on", "doubts"), [(180, REFORM, 0), (179, REFORM, 1), (239, EVE, 1)]
    )
    def test_doubts_too_few_months(self, months: int, on: date, doubts: int) -> None:
        assert len(participation.list_pension_warnings(months, on=on)) == doubts


class TestRequireWholeMonths:
    @pytest.mark.parametrize(
        ("first", "end"),
        [
            (date(2026, 1, 2), date(2026, 2, 1)),
            (date(2026, 1, 1), date(2026, 1, 31)),
            (date(2026, 1, 1), date(2026, 1, 1)),
        ],
        ids=["first", "end", "nothing"],
    )
    def test_refuses_parts_of_months(self, first: date, end: date) -> None:
        with pytest.raises(errors.WrongContribution):
            participation.require_whole_months(paid(first, end))

"""Benefit levels by day, cards in three forms, households, five consecutive years."""

from datetime import date

import pytest

from databases.periods import PartialDate
from insurance import errors, legal
from insurance.rules import bodies, health
from insurance.values import CardCode, CardForm, Days, ParticipantState, Payer

NUMBER, MERGED, PIN = "9600000001", "9600000002", "096085000001"
BIRTH = PartialDate.parse("1985")
HOLDER = ParticipantState(NUMBER, PIN, frozenset({NUMBER, MERGED}), BIRTH, None)


def level(object_code: str, on: date) -> int | None:
    found = health.find_benefit_level(object_code, on=on)
    return None if found is None else found.value


class TestFindBenefitLevel:
    @pytest.mark.parametrize(
        ("object_code", "on", "expected"),
        [
            ("CN", date(2025, 12, 31), 3),
            ("CN", date(2026, 1, 1), 2),
            ("LH", date(2025, 6, 30), None),
            ("LH", date(2025, 12, 31), 4),
            ("LH", date(2026, 1, 1), 2),
            ("TE", date(2026, 1, 1), 1),
            ("QN", date(2026, 1, 1), 5),
            ("DN", date(2014, 12, 31), None),
            ("ZZ", date(2026, 1, 1), None),
        ],
    )
    def test_is_that_of_the_day(self, object_code: str, on: date, expected: int | None) -> None:
        assert level(object_code, on) == expected

    def test_is_known_today_for_every_group_that_has_a_payer(self) -> None:
        today = date(2026, 11, 22)

        assert {code: level(code, today) for code in legal.PAYERS if not level(code, today)} == {}
        assert set(legal.BENEFIT_LEVELS) == set(legal.PAYERS)

    def test_gives_a_part_of_the_costs(self) -> None:
        assert [health.benefit_percentage(one) for one in range(1, 6)] == [100, 100, 95, 80, 100]


class TestFindPayer:
    @pytest.mark.parametrize(
        ("object_code", "payer"),
        [("DN", Payer.EMPLOYEE_AND_EMPLOYER), ("GD", Payer.HOUSEHOLD), ("ZZ", None)],
    )
    def test_follows_the_group(self, object_code: str, payer: Payer | None) -> None:
        assert health.find_payer(object_code) == payer


class TestRequireCardFits:
    @pytest.mark.parametrize("code", [f"DN496{NUMBER}", f"DN396{MERGED}", NUMBER, MERGED, PIN])
    def test_allows_every_number_of_the_holder(self, code: str) -> None:
        health.require_card_fits(CardCode.parse(code), HOLDER, "DN")

    @pytest.mark.parametrize(
        ("code", "rule"),
        [
            ("9600000003", "card_code.other_number"),
            ("096085000002", "card_code.other_number"),
            (f"HN296{NUMBER}", "card_code.other_group"),
        ],
    )
    def test_refuses_other_holders_and_groups(self, code: str, rule: str) -> None:
        with pytest.raises(errors.CardContradictsParticipant) as refusal:
            health.require_card_fits(CardCode.parse(code), HOLDER, "DN")

        assert [problem.rule for problem in refusal.value.fields] == [rule]


class TestRequireFormIssued:
    @pytest.mark.parametrize(
        ("form", "first", "last"),
        [
            (CardForm.GROUPED, date(1995, 1, 1), date(2021, 3, 31)),
            (CardForm.BOOK, date(2021, 4, 1), date(2030, 1, 1)),
            (CardForm.PERSONAL, date(2025, 8, 15), date(2030, 1, 1)),
        ],
    )
    def test_allows_its_time(self, form: CardForm, first: date, last: date) -> None:
        health.require_form_issued(form, issued_on=first)
        health.require_form_issued(form, issued_on=last)

    @pytest.mark.parametrize(
        ("form", "on"),
        [
            (CardForm.GROUPED, date(2021, 4, 1)),
            (CardForm.BOOK, date(2021, 3, 31)),
            (CardForm.PERSONAL, date(2025, 8, 14)),
        ],
    )
    def test_refuses_the_days_beside(self, form: CardForm, on: date) -> None:
        with pytest.raises(errors.CardFormNotIssued):
            health.require_form_issued(form, issued_on=on)


class TestIsCardValid:
    VALID = Days(date(2026, 1, 1), date(2027, 1, 1))

    @pytest.mark.parametrize(
        ("on", "died_on", "expected"),
        [
            (date(2025, 12, 31), None, False),
            (date(2026, 1, 1), None, True),
            (date(2026, 12, 31), None, True),
            (date(2027, 1, 1), None, False),
            (date(2026, 5, 1), date(2026, 5, 1), True),
            (date(2026, 5, 2), date(2026, 5, 1), False),
        ],
    )
    def test_holds_inside_its_days_while_the_holder_lives(
        self, on: date, died_on: date | None, expected: bool
    ) -> None:
        assert health.is_card_valid(self.VALID, died_on=died_on, on=on) is expected


class TestFindFiveYearsDay:
    ON = date(2026, 3, 2)

    @pytest.mark.parametrize(
        ("cover", "expected"),
        [
            ([Days(date(2022, 1, 1))], date(2027, 1, 1)),
            ([Days(date(2020, 2, 29))], date(2025, 3, 1)),
            ([Days(date(2020, 1, 1), date(2021, 1, 1)), Days(date(2021, 4, 1))], date(2025, 1, 1)),
            ([Days(date(2020, 1, 1), date(2021, 1, 1)), Days(date(2021, 4, 2))], date(2026, 4, 2)),
            ([Days(date(2023, 1, 1), date(2025, 12, 2))], date(2028, 1, 1)),
            ([Days(date(2023, 1, 1), date(2025, 12, 1))], None),
            ([Days(date(2026, 3, 3))], None),
            ([], None),
        ],
        ids=[
            "one spell", "29 February", "break of three months", "longer break", "may still go on",
            "ended", "later", "none",
        ],
    )  # fmt: skip
    def test_counts_from_the_first_day_without_a_long_break(
        self, cover: list[Days], expected: date | None
    ) -> None:
        assert health.find_five_years_day(cover, on=self.ON) == expected

    def test_reads_cover_in_any_order(self) -> None:
        cover = [Days(date(2021, 1, 1)), Days(date(2020, 1, 1), date(2021, 1, 1))]

        assert health.find_five_years_day(cover, on=self.ON) == date(2025, 1, 1)


class TestHouseholdPart:
    def test_decreases_to_the_fifth_member(self) -> None:
        parts = [f"{health.household_part(ordinal)}" for ordinal in range(1, 8)]

        assert parts == ["1", "0.7", "0.6", "0.5", "0.4", "0.4", "0.4"]


class TestFindHouseholdPremium:
    @pytest.mark.parametrize(
        ("ordinal", "on", "amount"),
        [
            (1, date(2026, 1, 1), 105_300),
            (2, date(2026, 1, 1), 73_710),
            (6, date(2026, 1, 1), 42_120),
            (1, date(2024, 6, 30), 81_000),
            (1, date(2018, 12, 31), None),
        ],
    )
    def test_follows_the_base_of_the_day(self, ordinal: int, on: date, amount: int | None) -> None:
        assert health.find_household_premium(ordinal, on=on) == amount


class TestRequireMembers:
    @pytest.mark.parametrize("members", [[], [NUMBER, NUMBER]], ids=["none", "twice"])
    def test_refuses(self, members: list[str]) -> None:
        with pytest.raises(errors.WrongHousehold):
            health.require_members(members)


class TestListUnitWarnings:
    @pytest.mark.parametrize(("code", "doubts"), [("YN0123Z", 0), ("TB12345", 0), ("1234", 1)])
    def test_only_doubts(self, code: str, doubts: int) -> None:
        assert len(bodies.list_unit_warnings(code)) == doubts

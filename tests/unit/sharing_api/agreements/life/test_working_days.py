"""The clock on proposals: weekends, holidays, days worked in exchange, years without data."""

from datetime import UTC, date, datetime

import pytest

from sharing_api.agreements.life import working_days

YEARS = working_days.load_years()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


class TestFindDeadline:
    @pytest.mark.parametrize(
        ("proposed", "last"),
        [
            pytest.param("2026-03-02T08:00", "2026-03-04", id="a_monday"),
            pytest.param("2026-03-05T08:00", "2026-03-09", id="over_a_weekend"),
            pytest.param("2026-03-07T08:00", "2026-03-10", id="on_a_saturday"),
            pytest.param("2026-03-02T16:59", "2026-03-04", id="before_midnight_in_viet_nam"),
            pytest.param("2026-03-02T17:00", "2026-03-05", id="after_midnight_in_viet_nam"),
            pytest.param("2026-02-13T08:00", "2026-02-24", id="over_the_lunar_new_year"),
            pytest.param("2026-04-24T08:00", "2026-04-29", id="holiday_on_a_sunday_is_made_up"),
            pytest.param("2026-01-08T08:00", "2026-01-10", id="a_saturday_worked_in_exchange"),
            pytest.param("2026-08-28T08:00", "2026-09-04", id="a_monday_taken_off_in_exchange"),
            pytest.param("2025-12-31T08:00", "2026-01-06", id="over_the_year"),
        ],
    )
    def test_counts_the_days_that_agencies_work(self, proposed: str, last: str) -> None:
        deadline = working_days.find_deadline(at(proposed))

        assert deadline == working_days.Deadline(date.fromisoformat(last))

    def test_says_when_it_knows_no_holidays_of_the_year(self) -> None:
        deadline = working_days.find_deadline(at("2031-12-30T08:00"))

        assert deadline.day == date(2032, 1, 1)
        assert deadline.years_without_data == (2031, 2032)


class TestYears:
    @pytest.mark.parametrize("year", YEARS)
    def test_have_the_days_off_of_the_labour_code(self, year: int) -> None:
        # New year 1, lunar new year 5, 30 April, 1 May, national day 2; the Kings' day can fall on
        # a weekend and is made up then.
        free = YEARS[year].off

        assert {date(year, 1, 1), date(year, 4, 30), date(year, 5, 1), date(year, 9, 2)} <= free
        assert len(free) - len(YEARS[year].worked) == 11

"""Legal statuses: precedence, what they allow, suspension."""

from datetime import date
from itertools import combinations

import pytest

from enterprise import errors
from enterprise.rules import statuses
from enterprise.rules.statuses import Act
from enterprise.values import Status


class TestStatusOf:
    def test_no_fact_means_operating(self) -> None:
        assert statuses.status_of([]) is Status.OPERATING

    @pytest.mark.parametrize("other", [2, 4, 5, 6, 7], ids=lambda n: f"art35-status-{n}")
    def test_absence_from_the_address_gives_way_to_every_other(self, other: int) -> None:
        assert statuses.status_of([3, other]) == other

    def test_every_set_of_facts_gives_one_of_them(self) -> None:
        for size in range(1, 7):
            for facts in combinations(range(2, 8), size):
                assert statuses.status_of(facts) in facts


class TestRequireActAllowed:
    @pytest.mark.parametrize(
        ("act", "status", "is_allowed"),
        [
            (Act.AMEND, 1, True),
            (Act.AMEND, 3, True),
            (Act.AMEND, 4, False),
            (Act.AMEND, 5, False),
            (Act.AMEND, 7, False),
            (Act.SUSPEND, 2, True),
            (Act.SUSPEND, 5, False),
            (Act.MARK_NOT_AT_ADDRESS, 2, True),
            (Act.MARK_NOT_AT_ADDRESS, 7, False),
            (Act.REVOKE, 5, True),
            (Act.START_WINDING_UP, 4, True),
            (Act.START_WINDING_UP, 6, False),
            (Act.END, 1, False),
            (Act.END, 5, True),
            (Act.REORGANISE, 7, False),
            (Act.OPEN_UNIT, 2, False),
        ],
    )
    def test_follows_the_table(self, act: Act, status: int, is_allowed: bool) -> None:
        if is_allowed:
            statuses.require_act_allowed(act, Status(status))
        else:
            with pytest.raises(errors.ActNotAllowedInStatus):
                statuses.require_act_allowed(act, Status(status))


class TestRequireSuspensionPeriod:
    @pytest.mark.parametrize(
        ("starts", "ends"),
        [
            (date(2025, 3, 1), date(2026, 3, 1)),
            (date(2024, 2, 29), date(2025, 3, 1)),
            (date(2025, 3, 1), date(2025, 3, 2)),
        ],
    )
    def test_a_year_is_allowed(self, starts: date, ends: date) -> None:
        statuses.require_suspension_period(starts, ends)

    @pytest.mark.parametrize("ends", [date(2026, 3, 2), date(2025, 3, 1), date(2025, 2, 28)])
    def test_a_day_more_or_no_day_is_refused(self, ends: date) -> None:
        with pytest.raises(errors.SuspensionTooLong):
            statuses.require_suspension_period(date(2025, 3, 1), ends)


class TestSuspensionWarnings:
    @pytest.mark.parametrize(
        ("notified", "is_late"),
        [
            (date(2025, 9, 3), False),  # Wednesday, Thursday, Friday before Monday the 8th
            (date(2025, 9, 4), True),
            (date(2025, 9, 6), True),
        ],
    )
    def test_three_working_days_are_counted(self, notified: date, is_late: bool) -> None:
        found = statuses.suspension_warnings(notified_on=notified, starts_on=date(2025, 9, 8))

        assert bool(found) is is_late

    def test_a_missing_notice_warns(self) -> None:
        found = statuses.suspension_warnings(notified_on=None, starts_on=date(2025, 9, 8))

        assert [problem.rule for problem in found] == ["suspension.notice_missing"]

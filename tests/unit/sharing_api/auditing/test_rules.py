"""What each rule of the auditor takes for unusual, and what it lets pass."""

import dataclasses
from datetime import UTC, date, datetime, timedelta

import pytest

from sharing_api.agreements.values import Fit
from sharing_api.auditing import rules
from sharing_api.auditing.values import Hour, Past, Volume

AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
USUAL = Past(hours=40, median_subjects=5)


def hour(**changes: object) -> Hour:
    """An hour of an officer who asks five questions, each about somebody else."""
    usual = Hour("H26", "one-stop", "cb-01", AT, 5, 5, 0, 0, 5, 0, 4, 2_400.0, 2_000_000.0)
    return dataclasses.replace(usual, **changes)  # type: ignore[arg-type]  # fields by name


def evenly(count: int, seconds: float, spread: float) -> Hour:
    """An hour of so many answers, their intervals of a mean and a coefficient of variation."""
    gaps = count - 1
    squares = gaps * (seconds**2) * (1 + spread**2)
    return hour(
        entries=count, answers=count, subjects=count, gaps=gaps,
        gap_sum=gaps * seconds, gap_squares=squares,
    )  # fmt: skip


def names(one: Hour, past: Past = USUAL) -> list[tuple[str, object]]:
    return [(s.rule, s.figures.get("sign")) for s in rules.judge_hour(one, past)]


class TestJudgeHour:
    @pytest.mark.parametrize(
        ("one", "told"),
        [
            (hour(), []),
            (hour(entries=40, missed=20), [("enumeration", "misses")]),
            (hour(entries=40, missed=19), []),
            (hour(entries=100, missed=29), []),
            (hour(entries=100, missed=30), [("enumeration", "misses")]),
            (evenly(60, 20, 0.1), [("enumeration", "rhythm")]),
            (evenly(59, 20, 0.1), []),
            (hour(entries=60, subjects=60, answers=3), [("enumeration", "breadth")]),
            (hour(entries=59, subjects=59), []),
            (hour(entries=40, refused=20), [("refused_burst", None)]),
            (hour(entries=41, refused=20), []),
            (hour(entries=20, refused=19), []),
        ],
        ids=[
            "usual", "misses", "fewer_misses", "small_share", "share", "even", "too_few",
            "breadth", "narrower", "refused", "half_is_not_reached", "fewer_refused",
        ],
    )  # fmt: skip
    def test_tells_at_the_number_and_not_below(self, one: Hour, told: list[object]) -> None:
        assert names(one) == told

    def test_lets_people_ask_much_when_they_usually_do(self) -> None:
        one = hour(entries=70, subjects=70)

        assert names(one, Past(hours=40, median_subjects=12)) == []

    def test_knows_no_breadth_without_a_past(self) -> None:
        assert names(hour(entries=70, subjects=70), Past(hours=19, median_subjects=1)) == []

    def test_takes_uneven_intervals_for_people(self) -> None:
        assert names(evenly(60, 20, 0.9), Past(hours=40, median_subjects=30)) == []

    def test_lets_systems_ask_evenly(self) -> None:
        assert names(dataclasses.replace(evenly(500, 2, 0.01), officer="")) == []

    @pytest.mark.parametrize(
        ("share", "officer", "told"),
        [(0.09, "cb-01", ["out_of_hours"]), (0.10, "cb-01", []), (0.0, "", [])],
        ids=["offices", "shifts", "systems"],
    )
    def test_tells_what_happens_at_night(self, share: float, officer: str, told: list[str]) -> None:
        one = hour(outside=1, officer=officer)

        found = rules.judge_hour(one, Past(40, 5, outside_share=share))

        assert [signal.rule for signal in found] == told


class TestJudgeSilence:
    @pytest.mark.parametrize(("days", "told"), [(89, 0), (90, 1)])
    def test_counts_days(self, days: int, told: int) -> None:
        assert len(list(rules.judge_silence([hour()], AT - timedelta(days=days)))) == told

    def test_is_none_of_a_new_account(self) -> None:
        assert list(rules.judge_silence([hour()], None)) == []

    def test_is_seen_inside_a_stretch(self) -> None:
        later = hour(hour_at=AT + timedelta(days=120))

        (signal,) = rules.judge_silence([hour(), later], None)

        assert signal.figures == {"silent_days": 120}


class TestJudgeVolume:
    def volume(self, entries: int, *before: int) -> Volume:
        return Volume("H26", AT, entries, before)

    def test_is_not_misled_by_one_former_burst(self) -> None:
        signal = rules.judge_volume(self.volume(200, 40, 41, 5_000, 38, 42, 40))

        assert signal is not None
        assert signal.figures["usual"] == 40.5

    @pytest.mark.parametrize(
        "volume",
        [(60, 40, 41, 39, 38, 42, 40), (49, 1, 1, 1, 1, 1, 1), (500, 1, 1, 1, 1, 1)],
        ids=["scatter", "few", "young"],
    )
    def test_lets_pass(self, volume: tuple[int, ...]) -> None:
        assert rules.judge_volume(self.volume(*volume)) is None


COUNTS = {("register", "birth"): 500, ("transfer", "land"): 500, ("transfer", "birth"): 2}
FORM = {"population/citizen": frozenset({"full_name"})}


class TestJudgeUse:
    def test_tells_a_pair_that_never_goes_together(self) -> None:
        assert rules.judge_use("transfer", "birth", COUNTS) is not None

    def test_lets_usual_pairs_pass(self) -> None:
        assert rules.judge_use("transfer", "land", COUNTS) is None

    def test_knows_nothing_of_an_agency_that_began(self) -> None:
        few = {("register", "birth"): 100, ("transfer", "land"): 100, ("transfer", "birth"): 1}

        assert rules.judge_use("transfer", "birth", few) is None


class TestJudgeFit:
    FITS = (Fit(frozenset({"birth"}), date(2026, 1, 1), date(2026, 7, 1)),)

    @pytest.mark.parametrize(
        ("purpose", "on", "told"),
        [
            ("birth", date(2026, 1, 1), False),
            ("other", date(2026, 1, 1), True),
            ("other", date(2025, 12, 31), False),
            ("other", date(2026, 6, 30), True),
            ("other", date(2026, 7, 1), False),
        ],
    )
    def test_tells_a_purpose_that_is_none_of_the_procedure(
        self, purpose: str, on: date, told: bool
    ) -> None:
        assert (rules.judge_fit(purpose, self.FITS, on) is not None) is told


class TestJudgeForm:
    @pytest.mark.parametrize(
        ("dataset", "fields", "beyond"),
        [
            ("population/citizen", ("full_name",), None),
            ("population/citizen", ("full_name", "religion"), "religion"),
            ("land/holding", ("rights",), "rights"),
        ],
    )
    def test_tells_what_goes_beyond(
        self, dataset: str, fields: tuple[str, ...], beyond: str | None
    ) -> None:
        found = rules.judge_form(dataset, fields, FORM)

        assert (found or {}).get("beyond") == beyond

    def test_knows_nothing_of_other_procedures(self) -> None:
        assert rules.judge_form("land/holding", ("rights",), None) is None


class TestRules:
    def test_have_a_reason_and_a_source_each(self) -> None:
        assert all(rule.reason and rule.source for rule in rules.RULES)
        assert len(rules.BY_NAME) == len(rules.RULES)

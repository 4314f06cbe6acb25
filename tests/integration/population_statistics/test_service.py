"""Publications in a real register: vintages, history, days too close, budgets."""

import dataclasses
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from databases import periods
from databases.changes import ledger, versions
from databases.changes.ledger import Act, Recorded
from databases.changes.versions import AsOf
from databases.datasets import PredicateMalformed
from population_statistics import datasets, errors, legal, service, tables, values
from population_statistics.repository import states
from population_statistics.values import Source
from tests.factories import population_statistics as figures

TOTAL = "POPULATION/A.VN.POP._T._T._T._T._T/2026-07-01"
HIDDEN = f"POPULATION/{figures.SUPPRESSED}/2026-07-01"
NOW = AsOf(date(2026, 11, 22))
FIELDS = frozenset({"observation_key", "obs_value", "obs_status", "conf_status", "vintage"})


@pytest.fixture
def session(population_statistics_session: Session) -> Session:
    return population_statistics_session


def publish(session: Session, act: Act, more: int = 0, day: date = figures.DAY) -> Recorded:
    source = Source(7, "entry")
    return service.register_publication(
        session, act=act, reference_day=day, counts=figures.make_counts(more), source=source
    )


def look_up(session: Session, *keys: str, as_of: AsOf = NOW) -> dict[str, Any]:
    return dict(datasets.OBSERVATION.fetch(session, keys, FIELDS, as_of).records)


def search(session: Session, as_of: AsOf = NOW, **asked: Any) -> dict[str, Any]:
    found = datasets.OBSERVATION.search(session, asked, FIELDS, as_of, 100_000)
    return dict(found.records)


class TestRegisterPublication:
    def test_publishes_figures(self, session: Session, act: Act) -> None:
        publish(session, act)

        found = look_up(session, TOTAL)[TOTAL]

        assert float(found["obs_value"]) == figures.HISTORY[0]
        assert (found["obs_status"], found["conf_status"], found["vintage"]) == ("A", "F", 1)

    def test_marks_small_cells_and_keeps_their_number_back(
        self, session: Session, act: Act
    ) -> None:
        publish(session, act)

        found = look_up(session, HIDDEN)[HIDDEN]

        assert (found["obs_value"], found["obs_status"], found["conf_status"]) == (None, "Q", "N")

    def test_gives_the_same_figures_for_the_same_counts(self, session: Session, act: Act) -> None:
        publish(session, act)
        once = search(session, flow="POPULATION")
        publish(session, act)

        again = search(session, flow="POPULATION")

        assert {key: row["obs_value"] for key, row in once.items()} == {
            key: row["obs_value"] for key, row in again.items()
        }

    def test_gives_a_day_published_before_a_new_vintage(self, session: Session, act: Act) -> None:
        first = publish(session, act)
        second = publish(session, act, more=40)

        assert second.key == "2026/2"
        assert float(look_up(session, TOTAL)[TOTAL]["obs_value"]) == figures.HISTORY[1]
        then = dataclasses.replace(NOW, change=first.change)
        assert float(look_up(session, TOTAL, as_of=then)[TOTAL]["obs_value"]) == figures.HISTORY[0]

    def test_refuses_days_that_lie_close_together(self, session: Session, act: Act) -> None:
        publish(session, act)
        apart = timedelta(days=legal.DAYS_BETWEEN_REFERENCE_DAYS.value)

        publish(session, act, day=figures.DAY + apart)
        with pytest.raises(errors.ReferenceDaysTooClose):
            publish(session, act, day=figures.DAY - apart + timedelta(days=1))

    def test_refuses_counts_without_a_table(self, session: Session, act: Act) -> None:
        counts = figures.make_counts()
        del counts["births"]

        with pytest.raises(errors.CountsIncomplete):
            service.register_publication(
                session,
                act=act,
                reference_day=figures.DAY,
                counts=counts,
                source=Source(7, "entry"),
            )

    def test_holds_back_a_correction_of_fewer_than_the_smallest_number(
        self, session: Session, act: Act
    ) -> None:
        publish(session, act)
        few = legal.SMALLEST_CELL.value - 1

        publish(session, act, more=few)
        held = look_up(session, TOTAL)[TOTAL]
        publish(session, act, more=few + 1)

        assert float(held["obs_value"]) == figures.HISTORY[0]
        shown = look_up(session, TOTAL)[TOTAL]
        assert float(shown["obs_value"]) == figures.HISTORY[0] + few + 1

    def test_respects_the_figures_of_the_year_before_in_its_rates(
        self, session: Session, act: Act
    ) -> None:
        publish(session, act, day=service.year_before(figures.DAY))

        publish(session, act)

        days = (service.year_before(figures.DAY), figures.DAY)
        first, second = (states.find_former(session, day) for day in days)
        assert first is not None
        assert second is not None
        assert first.kept is not None
        assert second.kept is not None
        before = second.kept[service.BEFORE].witnesses
        assert set(map(str, first.kept["persons_by_age"].witnesses)) <= set(map(str, before))

    def test_refuses_a_day_whose_figures_kept_no_counts(self, session: Session, act: Act) -> None:
        change = ledger.open_act(session, tables.ledger, act, "publication.registered")
        as_it_was = {
            "reference_day": figures.DAY,
            "time_period": "2026",
            "vintage": 1,
            "population_change": 7,
            "rule_version": "1",
            "source_receipt": "entry",
            "witnesses": {},
            "budgets": [],
            "valid": periods.period(None),
        }
        versions.add(session, tables.publication, [as_it_was], change=change)

        with pytest.raises(errors.FormerCountsNotKept):
            publish(session, act)


class TestComputeAgain:
    @pytest.mark.parametrize("number", [1, 2])
    def test_gives_the_figures_of_every_vintage_once_more(
        self, session: Session, act: Act, number: int
    ) -> None:
        more = {1: 0, 2: 40}
        for one in more.values():
            publish(session, act, more=one)
        vintage = service.get_vintage(session, reference_day=figures.DAY, number=number)

        again = service.compute_again(
            session,
            vintage,
            reference_day=figures.DAY,
            counts=figures.make_counts(more[number]),
        )

        assert again == service.list_figures(session, vintage)

    def test_tells_when_the_counts_were_others(self, session: Session, act: Act) -> None:
        publish(session, act)
        vintage = service.get_vintage(session, reference_day=figures.DAY, number=1)

        again = service.compute_again(
            session, vintage, reference_day=figures.DAY, counts=figures.make_counts(40)
        )

        assert again != service.list_figures(session, vintage)


class TestGetVintage:
    @pytest.mark.parametrize(("number", "vintage"), [(1, 1), (2, 2), (0, 2), (-1, 1)])
    def test_counts_from_the_first_or_from_the_last(
        self, session: Session, act: Act, number: int, vintage: int
    ) -> None:
        publish(session, act)
        publish(session, act, more=40)

        found = service.get_vintage(session, reference_day=figures.DAY, number=number)

        assert found.vintage == vintage
        assert (found.population_change, found.rule_version) == (7, values.RULE_VERSION)

    def test_refuses_what_the_day_does_not_have(self, session: Session, act: Act) -> None:
        with pytest.raises(errors.NothingPublished):
            service.get_vintage(session, reference_day=figures.DAY, number=1)
        publish(session, act)
        with pytest.raises(errors.VintageNotFound):
            service.get_vintage(session, reference_day=figures.DAY, number=2)


class TestSearch:
    def test_finds_by_dimensions_and_period(self, session: Session, act: Act) -> None:
        publish(session, act)

        found = search(
            session,
            flow="POPULATION",
            ref_area=["VN", "2025-79"],
            indicator="POP",
            sex=["M", "F"],
            age="Y0T4",
            marital_status="_T",
            period_from="2026-01-01",
            period_to="2026-12-31",
        )

        assert len(found) == 4

    def test_gives_every_vintage_when_history_is_asked_for(
        self, session: Session, act: Act
    ) -> None:
        publish(session, act)
        publish(session, act, more=40)
        series = {"flow": "POPULATION", "ref_area": "VN", "indicator": "POP", "sex": "_T"}
        rest = {"age": "_T", "urbanisation": "_T", "marital_status": "_T", "ethnicity": "_T"}

        found = search(session, **series, **rest, has_history=True)

        assert [float(row["obs_value"]) for row in found.values()] == figures.HISTORY

    def test_refuses_a_day_that_the_calendar_lacks(self, session: Session) -> None:
        with pytest.raises(PredicateMalformed):
            search(session, flow="POPULATION", period_from="2026-02-30")


class TestListBudgets:
    def test_says_how_much_of_each_table_is_published(self, session: Session, act: Act) -> None:
        publish(session, act)

        budgets = {
            one.table: one for one in service.list_budgets(session, reference_day=figures.DAY)
        }

        assert budgets["persons_by_age"].small == budgets["persons_by_age"].witnesses == 54
        assert 0 < budgets["persons_by_age"].suppressed < budgets["persons_by_age"].figures

    def test_refuses_a_day_without_figures(self, session: Session) -> None:
        with pytest.raises(errors.NothingPublished):
            service.list_budgets(session, reference_day=figures.DAY)

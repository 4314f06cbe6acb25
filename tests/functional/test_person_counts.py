"""The statistics office asks for counts through the corridor, and nobody else may."""

from datetime import date

import pytest
from sqlalchemy import func, select

from command_line import counts as asking
from databases.changes import versions
from databases.changes.versions import AsOf
from population import tables
from sharing_api.client import ExchangeRefused
from tests.factories.exchange import LAW, PURPOSE
from tests.functional.conftest import Exchange

USE = {"purpose": PURPOSE, "legal_basis": LAW}
DAY = date(2026, 7, 1)


def count_persons(exchange: Exchange) -> int:
    """Count the living; other tests may have registered some."""
    person = tables.person
    statement = select(func.count()).where(
        versions.is_as_of(person, AsOf(DAY)), person.c.loss_kind.is_(None)
    )
    with exchange.databases.reading("population") as session:
        return int(session.execute(statement).scalar_one())


class TestAskCounts:
    def test_gives_the_tables_with_change_and_log_entry(self, exchange: Exchange) -> None:
        with exchange.logged() as fresh:
            counts, change, receipt = asking.ask_counts(exchange.client("full"), USE, DAY, None)

        assert sum(counts["persons_by_age"].counts.values()) == count_persons(exchange)
        assert change == fresh[0]["register_change"]
        assert receipt in {str(one["answer_id"]) for one in fresh} | {
            str(one["entry_id"]) for one in fresh
        }
        assert {one["dataset"] for one in fresh} == {"population/person_count"}

    def test_gives_the_same_counts_as_of_the_same_change(self, exchange: Exchange) -> None:
        office = exchange.client("full")
        counts, change, _ = asking.ask_counts(office, USE, DAY, None)

        again, same, _ = asking.ask_counts(office, USE, DAY, change)

        assert (again, same) == (counts, change)

    def test_is_refused_without_an_agreement_about_counts(self, exchange: Exchange) -> None:
        with pytest.raises(ExchangeRefused):
            asking.ask_counts(exchange.client("by-key"), USE, DAY, None)

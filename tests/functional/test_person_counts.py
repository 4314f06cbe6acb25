"""The statistics office asks for counts through the corridor, and nobody else may."""

from datetime import date

import pytest

from command_line import counts as asking
from sharing_api.client import ExchangeRefused
from tests.factories.exchange import LAW, PURPOSE
from tests.functional.conftest import Exchange

USE = {"purpose": PURPOSE, "legal_basis": LAW}
DAY = date(2026, 7, 1)


class TestAskCounts:
    def test_gives_the_tables_with_change_and_log_entry(self, exchange: Exchange) -> None:
        with exchange.logged() as fresh:
            counts, change, receipt = asking.ask_counts(exchange.client("full"), USE, DAY, None)

        assert sum(counts["persons_by_age"].counts.values()) == 3
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

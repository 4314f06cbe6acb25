"""Processes that reserve at the same moment never get more than the quota together."""

import threading
from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import select, text

from databases.sessions import Databases
from databases.settings import Settings
from sharing_api import tables
from sharing_api.agreements import repository

_DAY = date(2026, 3, 2)
_QUOTA = 100
_WANTED = 60


@pytest.fixture
def databases(settings: Settings) -> Iterator[Databases]:
    opened = Databases(settings, "test", pool_size=8)
    yield opened
    opened.dispose()


def _reserve(databases: Databases, agreement: str, wanted: int = _WANTED) -> int:
    with databases.writing("exchange") as session:
        return repository.reserve_quota(
            session, agreement_hash=agreement, day=_DAY, quota=_QUOTA, wanted=wanted
        )


class TestReserveQuota:
    def test_gives_the_quota_once_to_two_that_reserve_first_on_the_same_day(
        self, databases: Databases
    ) -> None:
        given: list[int] = []
        with databases.writing("exchange") as first:
            given.append(
                repository.reserve_quota(
                    first, agreement_hash="first", day=_DAY, quota=_QUOTA, wanted=_WANTED
                )
            )
            second = threading.Thread(target=lambda: given.append(_reserve(databases, "first")))
            second.start()
            _wait_until_blocked(databases)
        second.join()

        assert given == [60, 40]

    def test_gives_the_rest_and_then_nothing(self, databases: Databases) -> None:
        given = [_reserve(databases, "rest") for _ in range(3)]

        assert given == [60, 40, 0]

    def test_never_gives_more_to_many_at_once(self, databases: Databases) -> None:
        given: list[int] = []

        def take() -> None:
            given.extend(_reserve(databases, "many", 7) for _ in range(5))

        threads = [threading.Thread(target=take) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        with databases.reading("exchange") as session:
            window = tables.quota_window
            reserved = session.execute(
                select(window.c.reserved).where(window.c.agreement_hash == "many")
            ).scalar_one()
        assert sum(given) == reserved == _QUOTA


def _wait_until_blocked(databases: Databases) -> None:
    for _ in range(200):
        with databases.writing("exchange") as session:
            blocked = session.execute(
                text(
                    "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)"
                    " WHERE NOT granted AND datname = current_database()"
                )
            ).scalar_one()
        if blocked:
            return
        threading.Event().wait(0.02)
    pytest.fail("the second reservation did not wait for the first")

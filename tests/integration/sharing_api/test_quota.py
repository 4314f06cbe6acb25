"""Daily quotas, counted by several processes at once, are never exceeded."""

import threading
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from databases import periods
from databases.sessions import Databases
from databases.settings import Settings
from sharing_api import errors, tables
from sharing_api.agreements import repository
from sharing_api.agreements.values import Decision, Window
from sharing_api.disclosure import forms
from sharing_api.disclosure.decision import QuotaKeeper
from sharing_api.disclosure.inquiry import Inquiry
from tests.factories.exchange import make_question

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@pytest.fixture
def processes(settings: Settings) -> Iterator[list[Databases]]:
    opened = [Databases(settings, f"process-{number}", pool_size=8) for number in range(2)]
    yield opened
    for one in opened:
        one.dispose()


def make_inquiry(
    agreement: str,
    quota: int | None,
    keys: int = 1,
    limit: int = 0,
    now: datetime = NOW,
    a_minute: int | None = None,
) -> Inquiry:
    return Inquiry(
        answer_id=uuid.uuid4(),
        received_at=now,
        question=make_question(),
        client="one-stop",
        officer="",
        case_reference="",
        request_hash=b"",
        form=forms.JSON,
        transport={},
        keys=tuple(str(number) for number in range(keys)),
        limit=limit,
        decision=Decision(True, agreement, daily_quota=quota, minute_quota=a_minute),
    )


def new_agreement() -> str:
    return uuid.uuid4().hex * 2


class TestTake:
    def test_gives_a_small_quota_to_the_last_record(self, processes: list[Databases]) -> None:
        keeper, agreement = QuotaKeeper(processes[0]), new_agreement()

        given = [keeper.take(make_inquiry(agreement, 3)) is None for _ in range(5)]

        assert given == [True, True, True, False, False]

    def test_counts_records_and_not_questions(self, processes: list[Databases]) -> None:
        keeper, agreement = QuotaKeeper(processes[0]), new_agreement()

        assert keeper.take(make_inquiry(agreement, 10, keys=8)) is None
        assert keeper.take(make_inquiry(agreement, 10, keys=3)) is not None
        assert keeper.take(make_inquiry(agreement, 10, keys=0, limit=2)) is None

    def test_says_when_to_come_again_and_starts_anew_then(self, processes: list[Databases]) -> None:
        keeper, agreement = QuotaKeeper(processes[0]), new_agreement()
        keeper.take(make_inquiry(agreement, 1))

        refused = keeper.take(make_inquiry(agreement, 1))

        assert isinstance(refused, errors.TooMany)
        assert refused.retry_after_seconds == 9 * 3600 + 1  # midnight in Viet Nam is 17:00 UTC
        later = NOW + timedelta(seconds=refused.retry_after_seconds)
        assert periods.day_in_vietnam(later) != periods.day_in_vietnam(NOW)
        assert keeper.take(make_inquiry(agreement, 1, now=later)) is None

    @pytest.mark.parametrize("quota", [1, 7, 250])
    def test_never_gives_more_than_the_quota_in_two_processes(
        self, processes: list[Databases], quota: int
    ) -> None:
        keepers = [QuotaKeeper(one) for one in processes]
        agreement = new_agreement()

        def ask(number: int) -> bool:
            return keepers[number % 2].take(make_inquiry(agreement, quota)) is None

        with ThreadPoolExecutor(8) as pool:
            given = sum(pool.map(ask, range(quota + 40)))

        assert given == quota

    def test_refuses_when_it_cannot_count(self, settings: Settings) -> None:
        url = settings.values["NATDB_EXCHANGE_URL"].replace("exchange_service", "nobody_at_all")
        broken = Databases(Settings(settings.home, {"NATDB_EXCHANGE_URL": url}))

        refused = QuotaKeeper(broken).take(make_inquiry(new_agreement(), 5))

        broken.dispose()
        assert isinstance(refused, errors.LogUnavailable)


class TestTakeOfAMinute:
    def test_counts_questions_and_not_records(self, processes: list[Databases]) -> None:
        keeper, agreement = QuotaKeeper(processes[0]), new_agreement()

        given = [
            keeper.take(make_inquiry(agreement, None, keys=500, a_minute=2)) is None
            for _ in range(3)
        ]

        assert given == [True, True, False]

    def test_says_when_to_come_again_and_starts_anew_then(self, processes: list[Databases]) -> None:
        keeper, agreement = QuotaKeeper(processes[0]), new_agreement()
        at = NOW.replace(second=48)
        keeper.take(make_inquiry(agreement, None, now=at, a_minute=1))

        refused = keeper.take(make_inquiry(agreement, None, now=at, a_minute=1))

        assert isinstance(refused, errors.TooMany)
        assert refused.retry_after_seconds == 13
        later = at + timedelta(seconds=12)
        assert keeper.take(make_inquiry(agreement, None, now=later, a_minute=1)) is None

    @pytest.mark.parametrize("quota", [1, 7, 250])
    def test_never_gives_more_than_the_quota_in_two_processes(
        self, processes: list[Databases], quota: int
    ) -> None:
        keepers = [QuotaKeeper(one) for one in processes]
        agreement = new_agreement()

        def ask(number: int) -> bool:
            asked = make_inquiry(agreement, None, a_minute=quota)
            return keepers[number % 2].take(asked) is None

        with ThreadPoolExecutor(8) as pool:
            given = sum(pool.map(ask, range(quota + 40)))

        assert given == quota

    def test_a_refused_minute_leaves_the_day_alone(self, processes: list[Databases]) -> None:
        keeper, agreement = QuotaKeeper(processes[0]), new_agreement()
        keeper.take(make_inquiry(agreement, 2, a_minute=1))
        keeper.take(make_inquiry(agreement, 2, a_minute=1))
        later = NOW + timedelta(minutes=1)

        assert keeper.take(make_inquiry(agreement, 2, now=later, a_minute=1)) is None

    def test_of_the_past_is_removed(self, processes: list[Databases]) -> None:
        agreement = new_agreement()
        for minutes in (0, 1, 15):
            now = NOW + timedelta(minutes=minutes)
            QuotaKeeper(processes[0]).take(make_inquiry(agreement, None, now=now, a_minute=5))

        minute = tables.quota_minute
        with processes[0].reading("exchange") as session:
            kept = session.execute(
                select(minute.c.minute).where(minute.c.agreement_hash == agreement)
            ).scalars()
            assert list(kept) == [NOW + timedelta(minutes=15)]


class TestReserveQuota:
    def test_gives_each_of_two_first_writers_only_its_own(self, processes: list[Databases]) -> None:
        window = Window(new_agreement(), periods.day_in_vietnam(NOW), 10)
        first_has_written = threading.Event()
        got: dict[str, int] = {}

        def second() -> None:
            first_has_written.wait(5)
            with processes[1].writing("exchange") as session:
                got["second"] = repository.reserve_quota(session, window=window, wanted=4)

        thread = threading.Thread(target=second)
        thread.start()
        with processes[0].writing("exchange") as session:
            got["first"] = repository.reserve_quota(session, window=window, wanted=4)
            first_has_written.set()
            thread.join(0.3)  # the second one waits for this transaction
        thread.join(5)

        assert got == {"first": 4, "second": 4}

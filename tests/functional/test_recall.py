"""The feed of changes over HTTP, and wrong values that are recalled from those who were told."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx2
import pytest

from databases import periods, walks
from databases.changes.ledger import Act
from databases.identifiers import Sex
from databases.periods import PartialDate
from population import service
from population.values import Address, MergeDecision, Person, PersonName, ResidenceKind
from sharing_api import app
from sharing_api.disclosure.in_house import Errand
from sharing_api.notices import repository as notices
from sharing_api.notices.values import Kind
from sharing_api.protocols import feed
from sharing_api.recalls.recall import Done, Recall
from tests.factories.exchange import LAW, PURPOSE, make_message
from tests.functional import world
from tests.functional.conftest import Exchange, require_problem
from tests.functional.world import CA_MAU, HANOI

CITIZEN = "population/citizen"
PATH = f"/v1/{CITIZEN}/changes"
ERRAND = Errand("recalling", "th-01", PURPOSE, LAW, "recall")
_pins = iter(range(701, 800))


def act() -> Act:
    at = datetime.now(UTC)  # noqa: TID251  records of a test are made now
    return Act("test.recorded", at, "tester", "a test", "none", "invented")


def born(exchange: Exchange, day: str = "1990-02-28", address: Address = HANOI) -> str:
    """Register somebody whose day of birth is recorded wrongly; give the number."""
    pin = f"001190000{next(_pins)}"
    name = PersonName("Đỗ Thị Sót", "Đỗ", "Thị", "Sót")
    person = Person(pin, name, PartialDate.parse(day), Sex.FEMALE)
    with exchange.databases.writing("population") as session:
        service.register_person(session, act=act(), person=person, on=date(2020, 1, 1))
        service.register_residence(
            session, act=act(), pin=pin, kind=ResidenceKind.PERMANENT, address=address,
            start=date(2020, 1, 1),
        )  # fmt: skip
    return pin


def correct(exchange: Exchange, pin: str, item: str, value: Any) -> int:
    with exchange.databases.writing("population") as session:
        done = service.correct_item(session, act=act(), pin=pin, item=item, value=value)
    return done.change


def look_up(exchange: Exchange, client: str, pin: str, *fields: str) -> httpx2.Response:
    message = make_message(fields=list(fields), key=pin)
    answer = exchange.ask(CITIZEN, "look-up", message, client=client)
    assert answer.status_code == 200, answer.text
    return answer


def read(exchange: Exchange, client: str, query: str, path: str = PATH) -> httpx2.Response:
    token = {"authorization": f"Bearer {exchange.client(client).token()}"}
    return exchange._http.get(f"{exchange.address}{path}?{query}", headers=token)


def last_change(exchange: Exchange) -> int:
    link = read(exchange, "following", "after=0&limit=1")
    assert link.status_code == 200, link.text
    with exchange.databases.reading("population") as session:
        from sqlalchemy import text

        return int(session.scalar(text("SELECT last_change FROM population.change_head")) or 0)


def follow(exchange: Exchange, client: str, after: int, limit: int = 100) -> list[dict[str, Any]]:
    """Read a feed to its end, page by page; notices left out."""
    query: str | None = f"after={after}&limit={limit}"
    events = []
    while query is not None:
        answer = read(exchange, client, query)
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == feed.MEDIA_TYPE
        events += [one for one in answer.json() if "notice" not in one["type"]]
        target, relation = re.fullmatch(
            r'<[^?]+\?([^>]+)>; rel="(next|latest)"', answer.headers["link"]
        ).groups()  # type: ignore[union-attr]  # it matches, or the test fails
        query = target if relation == "next" else None
    return events


@pytest.fixture(scope="module")
def recall(exchange: Exchange) -> Iterator[Recall]:
    with app.open_corridor(exchange.site) as corridor:
        recalling = Recall(corridor, ERRAND, lambda: datetime.now(UTC), page=7)  # noqa: TID251  a run is now
        recalling.run()  # what other tests corrected
        yield recalling


def open_notices(exchange: Exchange, agency: str) -> list[Any]:
    with exchange.databases.reading("exchange") as session:
        return notices.list_open(session, recipient=agency)


class TestFeed:
    def test_tells_what_changed_in_granted_fields_and_no_value(self, exchange: Exchange) -> None:
        after = last_change(exchange)
        pin = born(exchange)
        change = correct(exchange, pin, "birth", PartialDate.parse("1990-03-28"))

        full, naming = (follow(exchange, one, after) for one in ("following", "naming"))

        mine = [(one["type"].rpartition(".")[2], one["data"]["change"]) for one in full]
        assert mine == [("registered", change - 2), ("changed", change - 1), ("corrected", change)]
        assert full[2]["data"]["fields"] == ["age", "date_of_birth", "is_adult"]
        assert full[2]["data"]["pin"] == pin
        assert [one["data"]["change"] for one in naming] == [change - 2]  # no name was corrected
        assert set(naming[0]["data"]["fields"]) == set(world.NAMING)
        assert "1990-03-28" not in json.dumps(full)

    def test_is_the_same_in_pages_of_any_size(self, exchange: Exchange) -> None:
        after = last_change(exchange)
        with exchange.databases.writing("population") as session:
            one_act = act()
            for _ in range(3):
                pin = f"001190000{next(_pins)}"
                person = Person(
                    pin, PersonName("Đỗ Thị Lẻ", "Đỗ", "Thị", "Lẻ"), PartialDate.parse("1990"),
                    Sex.FEMALE,
                )  # fmt: skip
                service.register_person(session, act=one_act, person=person, on=date(2020, 1, 1))

        whole = follow(exchange, "following", after)

        assert len(whole) == 3
        assert follow(exchange, "following", after, limit=1) == whole
        assert follow(exchange, "following", after, limit=2) == whole
        assert [one["data"]["change"] for one in whole] == sorted(
            one["data"]["change"] for one in whole
        )

    @pytest.mark.parametrize("limit", [1, 2, 100])
    def test_is_the_same_after_a_load_of_a_register(
        self, exchange: Exchange, monkeypatch: pytest.MonkeyPatch, limit: int
    ) -> None:
        small = follow(exchange, "following", 0)
        monkeypatch.setattr(walks, "_FEW", 0)  # as if every change had touched very many

        assert len(small) > 10
        assert follow(exchange, "following", 0, limit=limit) == small

    def test_shows_no_day_to_whom_the_year_is_granted(self, exchange: Exchange) -> None:
        pin, after = born(exchange), last_change(exchange)
        correct(exchange, pin, "birth", PartialDate.parse("1990-03-28"))

        assert follow(exchange, "yearly", after) == []
        assert len(follow(exchange, "following", after)) == 1

    def test_names_by_pseudonym_where_that_is_granted(self, exchange: Exchange) -> None:
        after = last_change(exchange)
        pin = born(exchange)
        told = look_up(exchange, "yearly", pin, "pin").json()["records"][0]["pin"]

        (event,) = follow(exchange, "yearly", after)

        assert event["data"]["pin"] == told != pin
        assert pin not in json.dumps(event)

    def test_ends_at_the_territory(self, exchange: Exchange) -> None:
        after = last_change(exchange)
        far, near = born(exchange), born(exchange, address=CA_MAU)
        correct(exchange, far, "sex", Sex.FEMALE)

        events = follow(exchange, "nearby", after)

        assert {one["data"]["pin"] for one in events} == {near}

    def test_leaves_an_entry_for_each_record_before_it_is_told(self, exchange: Exchange) -> None:
        after = last_change(exchange)
        pin = born(exchange)

        with exchange.logged() as rows:
            answer = read(exchange, "following", f"after={after}")

        (row,) = rows
        assert (row["operation"], row["rule"], row["fields"]) == ("feed", "changed", ["pin"])
        assert row["subject_tag"] is not None
        assert answer.headers["exchange-receipt"]
        assert pin not in str(row)

    def test_leaves_an_entry_about_nobody_when_there_is_nothing(self, exchange: Exchange) -> None:
        with exchange.logged() as rows:
            read(exchange, "following", f"after={last_change(exchange)}")

        assert [(row["rule"], row["subject_tag"]) for row in rows][-1] == ("nothing_found", None)

    def test_needs_its_operation(self, exchange: Exchange) -> None:
        refused = require_problem(read(exchange, "full", "after=0"), 403)

        assert refused["fields"][0]["rule"] == "operation.not_granted"

    @pytest.mark.parametrize(
        ("query", "status"),
        [
            ("after=-1", 422),
            ("after=x", 422),
            ("after=%D9%A1", 422),
            (f"after={2**60}", 422),
            ("after=900000000", 404),
            ("limit=0", 422),
            ("limit=201", 422),
            ("after=1&after=2", 422),
            ("since=1", 422),
            ("page=", 422),
            ("page=AAAA", 422),
            ("page=%20%00", 422),
            ("after=0&page=" + "A" * 5_000, 422),
        ],
    )
    def test_refuses_bad_pages(self, exchange: Exchange, query: str, status: int) -> None:
        require_problem(read(exchange, "following", query), status)

    def test_is_no_way_in_without_a_token(self, exchange: Exchange) -> None:
        require_problem(exchange.get(f"{PATH}?after=0"), 401)


class TestRecall:
    def test_notifies_who_was_told_what_was_wrong_and_nobody_else(
        self, exchange: Exchange, recall: Recall
    ) -> None:
        pin = born(exchange)
        told = look_up(exchange, "following", pin, "full_name", "date_of_birth")
        look_up(exchange, "naming", pin, "full_name")
        look_up(exchange, "yearly", pin, "date_of_birth")
        change = correct(exchange, pin, "birth", PartialDate.parse("1990-03-28"))
        look_up(exchange, "full", pin, "date_of_birth")  # told what is right

        done = recall.run()

        assert (done.corrections, done.notices) == (1, 1)
        assert open_notices(exchange, "H81") == open_notices(exchange, "H82") == []
        assert open_notices(exchange, "H90") == []
        (notice,) = [one for one in open_notices(exchange, "H80") if one.register_change == change]
        assert (notice.fields, notice.cases) == (("date_of_birth",), ("H-7",))
        receipt = told.headers["exchange-receipt"].split(".")[1]
        from joserfc.util import urlsafe_b64decode

        claims = json.loads(urlsafe_b64decode(receipt.encode()))
        assert [str(one) for one in notice.entries] == [claims["entry_id"]]

    def test_tells_the_year_when_the_year_was_wrong(
        self, exchange: Exchange, recall: Recall
    ) -> None:
        pin = born(exchange)
        look_up(exchange, "yearly", pin, "date_of_birth")
        change = correct(exchange, pin, "birth", PartialDate.parse("1990"))
        recall.run()
        before = open_notices(exchange, "H82")
        with exchange.databases.writing("population") as session:
            service.annul_change(session, act=act(), annulled=change)

        recall.run()

        assert before == open_notices(exchange, "H82") == []  # the year was right all the time

    def test_follows_an_annulment(self, exchange: Exchange, recall: Recall) -> None:
        pin = born(exchange)
        wrong = correct(exchange, pin, "birth", PartialDate.parse("1990-09-09"))
        recall.run()
        look_up(exchange, "following", pin, "date_of_birth")
        with exchange.databases.writing("population") as session:
            annulled = service.annul_change(session, act=act(), annulled=wrong)

        recall.run()

        changes = [one.register_change for one in open_notices(exchange, "H80")]
        assert annulled in changes

    def test_follows_persons_who_are_parted_again(self, exchange: Exchange, recall: Recall) -> None:
        one, other = born(exchange), born(exchange, day="1990-11-11")
        decision = MergeDecision("QĐ-7", "the same face", "cb-01", "cb-02")
        with exchange.databases.writing("population") as session:
            service.merge_persons(
                session, act=act(), surviving=one, absorbed=other, decision=decision,
                on=date(2026, 1, 5),
            )  # fmt: skip
        recall.run()
        wrong = look_up(exchange, "following", other, "pin", "date_of_birth").json()["records"]
        with exchange.databases.writing("population") as session:
            parted = service.unmerge_persons(session, act=act(), absorbed=other)

        recall.run()

        (notice,) = [n for n in open_notices(exchange, "H80") if n.register_change == parted.change]
        assert wrong[0]["pin"] == one  # was told the other one's record
        assert set(notice.fields) == {"pin", "date_of_birth"}

    def test_the_second_time_does_nothing(self, recall: Recall) -> None:
        recall.run()

        assert recall.run() == Done()

    def test_notices_come_with_every_page_until_acknowledged(
        self, exchange: Exchange, recall: Recall
    ) -> None:
        pin = born(exchange)
        look_up(exchange, "following", pin, "full_name")
        correct(exchange, pin, "name", PersonName("Đỗ Thị Sửa", "Đỗ", "Thị", "Sửa"))
        recall.run()
        number = max(one.notice_id for one in open_notices(exchange, "H80"))
        place = f"/v1/notices/{number}/acknowledgement"

        def told() -> list[int]:
            page = read(exchange, "following", f"after={last_change(exchange)}").json()
            listed = read(exchange, "following", "", path="/v1/notices").json()
            shown = [one["data"]["notice"] for one in page]
            assert shown == [one["data"]["notice"] for one in listed]
            return shown

        assert told().count(number) == 1
        post = self.acknowledger(exchange)
        require_problem(post("naming", place, {}), 404, "notices.notice_not_found")
        first = post("following", place, {"officer": "cb-02", "remark": "record renewed"})
        again = post("following", place, {"officer": "cb-03"})

        assert first.json()["acknowledged_by"] == "following, cb-02"
        assert again.json() == first.json()
        assert told().count(number) == 0

    def test_overdue_ones_are_listed(self, exchange: Exchange, recall: Recall) -> None:
        pin = born(exchange)
        look_up(exchange, "following", pin, "date_of_birth")
        change = correct(exchange, pin, "birth", PartialDate.parse("1990-04-28"))
        recall.run()
        today = periods.day_in_vietnam(datetime.now(UTC))  # noqa: TID251  a run is now

        def overdue(on: date) -> set[int]:
            with exchange.databases.reading("exchange") as session:
                found = notices.list_all(session, kind=Kind.CORRECTION, overdue_on=on, limit=1_000)
            return {one.register_change for one in found}

        assert change not in overdue(today + timedelta(days=10))
        assert change in overdue(today + timedelta(days=11))

    @staticmethod
    def acknowledger(exchange: Exchange) -> Any:
        def post(client: str, path: str, message: Any) -> httpx2.Response:
            token = {"authorization": f"Bearer {exchange.client(client).token()}"}
            body = message if isinstance(message, bytes) else json.dumps(message).encode()
            return exchange._http.post(exchange.address + path, content=body, headers=token)

        return post

    @pytest.mark.parametrize(
        ("path", "message", "status"),
        [
            ("/v1/notices/0/acknowledgement", {}, 422),
            ("/v1/notices/x/acknowledgement", {}, 422),
            (f"/v1/notices/{2**62}/acknowledgement", {}, 422),
            ("/v1/notices/999999/acknowledgement", {}, 404),
            ("/v1/notices/999999/acknowledgement", [], 400),
            ("/v1/notices/999999/acknowledgement", b"", 400),
            ("/v1/notices/999999/acknowledgement", {"remark": 7}, 422),
            ("/v1/notices/999999/acknowledgement", {"remark": "\x00"}, 422),
            ("/v1/notices/999999/acknowledgement", b'{"remark": "\\ud800"}', 422),
            ("/v1/notices/999999/acknowledgement", {"else": "x"}, 422),
        ],
    )
    def test_bad_acknowledgements_are_refused(
        self, exchange: Exchange, path: str, message: Any, status: int
    ) -> None:
        require_problem(self.acknowledger(exchange)("following", path, message), status)

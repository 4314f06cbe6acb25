"""Kept questions are erased by an act of the log; entries and their hashes stay as they are."""

import dataclasses
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from databases import settings as settings_module
from databases.settings import Settings
from sharing_api import app
from sharing_api.access_log import entries, erasing, repository
from sharing_api.access_log.erasing import Erasure, InvalidErasure
from sharing_api.disclosure.in_house import Errand
from sharing_api.replay import service
from sharing_api.replay.values import Outcome, Reason
from tests.conftest import copied_databases, read_clock
from tests.factories.exchange import LAW
from tests.functional import world
from tests.functional.conftest import Exchange, Row, run_exchange

ROOT = Path(__file__).resolve().parents[2]
CITIZEN = "population/citizen"
LAWS = "Law 91/2025/QH15 art. 14"


@pytest.fixture(scope="module")
def exchange(
    settings: Settings, cluster_url: str, worker: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Exchange]:
    """An exchange of its own: what others asked stays."""
    for copied in copied_databases(
        settings, cluster_url, worker, "erase", settings_module.DATABASES
    ):
        site = dataclasses.replace(copied, home=tmp_path_factory.mktemp("erase"))
        yield from run_exchange(site, cluster_url)


def ask(exchange: Exchange, operation: str, *keys: str) -> Row:
    """Ask, and give the first entry of the answer."""
    with exchange.logged() as rows:
        exchange.ask(CITIZEN, operation, world.question(CITIZEN, operation, *keys))
    return rows[0]


def erasure(exchange: Exchange, pin: str, **changes: Any) -> Erasure:
    tag = entries.subject_tag(exchange.keys.subject, "population", pin)
    one = Erasure(tag, "population", None, LAWS, "tt-01", "tt-02", "G20")
    return dataclasses.replace(one, **changes)


def erase(exchange: Exchange, order: Erasure, at: datetime | None = None) -> int:
    with exchange.databases.writing("exchange") as session:
        act = erasing.begin(session, order, at or read_clock())
    total, place = 0, 0
    while True:
        with exchange.databases.writing("exchange") as session:
            erased, reached = erasing.erase_some(session, act, place)
        total += erased
        if reached is None:
            return total
        place = reached


def find(exchange: Exchange, row: Row) -> Mapping[str, Any]:
    return next(one for one in exchange.entries() if one["entry_id"] == row["entry_id"])


class TestErase:
    def test_takes_the_questions_about_a_person_and_leaves_all_else(
        self, exchange: Exchange
    ) -> None:
        alone = ask(exchange, "look-up", world.TU)
        among_others = ask(exchange, "batch", world.MO, world.TU)
        other = ask(exchange, "look-up", world.MO)
        before = exchange.entries()

        assert erase(exchange, erasure(exchange, world.TU)) == 2

        after = exchange.entries()[: len(before)]
        gone = {alone["entry_id"], among_others["entry_id"]}
        for then, now_ in zip(before, after, strict=True):
            assert {**then, "question": None} == {**now_, "question": None}
            assert entries.leaf_hash(repository.to_entry(now_)) == bytes(now_["leaf_hash"])
            assert now_["question"] == (None if then["entry_id"] in gone else then["question"])
        assert find(exchange, other)["question"] is not None

    def test_is_told_to_the_person_and_to_auditors(self, exchange: Exchange) -> None:
        ask(exchange, "look-up", world.LAN)
        with exchange.logged() as rows:
            erase(exchange, erasure(exchange, world.LAN))

        (act,) = rows
        assert (act["operation"], act["legal_basis"]) == (erasing.OPERATION, LAWS)
        assert act["subject_tag"] == erasure(exchange, world.LAN).subject_tag
        assert act["transport"] == {"second-officer": "tt-02"}

    def test_makes_answers_that_cannot_be_made_again(self, exchange: Exchange) -> None:
        row = ask(exchange, "look-up", world.LAN)
        erase(exchange, erasure(exchange, world.LAN))
        later = ask(exchange, "look-up", world.LAN)
        errand = Errand("full", "tt-01", service.PURPOSE, LAW, "KT-4")

        with app.open_replayer(exchange.site, errand) as replayer:
            found, kept = (replayer.replay_entry(one["entry_id"]) for one in (row, later))

        assert found.outcome is Outcome.NOT_REPLAYABLE
        assert [one.reason for one in found.causes] == [Reason.ERASED]
        assert kept.outcome is Outcome.SAME

    def test_takes_all_before_a_day_once_the_log_was_kept_long_enough(
        self, exchange: Exchange
    ) -> None:
        row = ask(exchange, "look-up", world.MO)
        much_later = read_clock() + timedelta(days=800)
        day = (read_clock() + timedelta(days=1)).date()
        order = erasure(exchange, "", subject_tag=None, register="", before=day)

        assert erase(exchange, order, much_later) > 0
        assert find(exchange, row)["question"] is None
        assert all(one["question"] is None for one in exchange.entries())

    def test_goes_on_where_it_broke_off(
        self, exchange: Exchange, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(erasing, "_AT_ONCE", 1)
        for _ in range(3):
            ask(exchange, "look-up", world.TU)

        assert erase(exchange, erasure(exchange, world.TU)) == 3


class TestRefusals:
    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"legal_basis": " "}, "legal_basis"),
            ({"officer": ""}, "officer"),
            ({"agency": ""}, "agency"),
            ({"second_officer": "tt-01 "}, "second_officer"),
            ({"subject_tag": None}, "subject"),
            ({"before": date(2020, 1, 1)}, "subject"),
        ],
    )
    def test_name_the_field(
        self, exchange: Exchange, changes: Mapping[str, Any], field: str
    ) -> None:
        with pytest.raises(InvalidErasure) as refused:
            erase(exchange, erasure(exchange, world.LAN, **changes))
        assert [one.field for one in refused.value.fields] == [field]

    def test_meet_days_within_the_last_twelve_months(self, exchange: Exchange) -> None:
        day = (read_clock() - timedelta(days=365)).date()
        with pytest.raises(InvalidErasure) as refused:
            erase(exchange, erasure(exchange, "", subject_tag=None, before=day))
        assert [one.field for one in refused.value.fields] == ["before"]

    def test_meet_who_names_no_act(self, exchange: Exchange) -> None:
        row = ask(exchange, "look-up", world.LAN)
        for act in (uuid.UUID(int=0), row["entry_id"]):
            with (
                pytest.raises(DBAPIError, match="no act of the log"),
                exchange.databases.writing("exchange") as session,
            ):
                erasing.erase_some(
                    session, dataclasses.replace(repository.to_entry(row), entry_id=act)
                )

    @pytest.mark.parametrize(
        "change",
        [
            "question = NULL, officer = 'x'",
            "question = '\\x00'",
            "rule = 'x'",
            "leaf_hash = '\\x00'",
        ],
    )
    def test_meet_the_owner_who_changes_more_than_that(
        self, exchange: Exchange, change: str
    ) -> None:
        row = ask(exchange, "look-up", world.LAN)
        owner = exchange.databases.engine("exchange", "owner")
        statement = text(f"UPDATE exchange.access_entry SET {change} WHERE entry_id = :one")
        with pytest.raises(DBAPIError, match="append-only"), owner.connect() as connection:
            connection.execute(statement, {"one": row["entry_id"]})


class TestCommand:
    def test_tells_how_many_and_by_which_entry(self, exchange: Exchange) -> None:
        ask(exchange, "look-up", world.LAN)
        words = ("--legal-basis", LAWS, "--officer", "a", "--agency", "G20", "--second-officer")

        done = natdb(exchange, f"population:{world.LAN}", *words, "b")
        alone = natdb(exchange, f"population:{world.LAN}", *words, "a")
        wrong = natdb(exchange, "nowhere:1", *words, "b")

        assert done.returncode == 0, done.stderr
        assert "questions erased; entry " in done.stdout
        assert world.LAN not in done.stdout
        assert alone.returncode != 0
        assert "A second officer must agree." in alone.stderr + alone.stdout
        assert "Traceback" not in alone.stderr
        assert wrong.returncode == 2


def natdb(exchange: Exchange, *words: str) -> subprocess.CompletedProcess[str]:
    site = exchange.site
    return subprocess.run(
        [sys.executable, "-m", "command_line.main", "audit", "erase-questions", *words],
        cwd=ROOT,
        env={**os.environ, **site.values, "NATDB_HOME": str(site.home)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

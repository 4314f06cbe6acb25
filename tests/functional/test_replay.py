"""Answers made again: alike on an untouched site, and what is wrong is named on another."""

import dataclasses
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import NullPool, create_engine, text

from databases import settings as settings_module
from databases.datasets import Dataset, FormerField
from databases.settings import Settings
from population.values import PersonName
from sharing_api import app, errors
from sharing_api.agreements import repository
from sharing_api.disclosure import again, catalogue
from sharing_api.disclosure.in_house import Desk, Errand, Scope
from sharing_api.protocols.fhir import systems
from sharing_api.replay import service
from sharing_api.replay.service import Replayer
from sharing_api.replay.values import Outcome, Reason, Replayed
from tests.conftest import copied_databases, read_clock
from tests.factories.exchange import LAW, PURPOSE, make_message
from tests.functional import cases, test_recall, world
from tests.functional.conftest import Exchange, run_exchange

ROOT = Path(__file__).resolve().parents[2]
CITIZEN = "population/citizen"
ERRAND = Errand("full", "tt-01", service.PURPOSE, LAW, "KT-3")


@pytest.fixture(scope="module")
def exchange(
    settings: Settings, cluster_url: str, worker: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Exchange]:
    """An exchange of its own: registers are tampered with."""
    for copied in copied_databases(
        settings, cluster_url, worker, "again", settings_module.DATABASES
    ):
        site = dataclasses.replace(copied, home=tmp_path_factory.mktemp("again"))
        yield from run_exchange(site, cluster_url)


@contextmanager
def opened(exchange: Exchange) -> Iterator[Replayer]:
    with app.open_replayer(exchange.site, ERRAND) as replayer:
        yield replayer


def replay_since(exchange: Exchange, since: datetime) -> list[Replayed]:
    with opened(exchange) as replayer:
        return list(replayer.replay(replayer.list_since(since)))


def ask(exchange: Exchange, message: Mapping[str, Any], client: str = "full") -> Any:
    """Look up and give the id of the answer's entry."""
    with exchange.logged() as rows:
        exchange.ask(CITIZEN, "look-up", message, client)
    return rows[0]["entry_id"]


def replay(exchange: Exchange, entry_id: Any) -> Replayed:
    with opened(exchange) as replayer:
        return replayer.replay_entry(entry_id)


def reasons(found: Replayed) -> set[tuple[Reason, str]]:
    return {(one.reason, one.what) for one in found.causes}


def get(exchange: Exchange, path: str, client: str = "full", **headers: str) -> int:
    token = {"authorization": f"Bearer {exchange.client(client).token()}"}
    answer = exchange._http.get(exchange.address + path, headers=token | headers)
    return answer.status_code


def ask_everything(exchange: Exchange) -> None:
    """Ask in every operation, form and dialect; what is found, unknown, outside and refused."""
    for dataset, operation in world.ASKABLE:
        exchange.ask(dataset, operation, world.question(dataset, operation))
        exchange.ask(dataset, operation, world.question(dataset, operation), "ca-mau")
        exchange.ask(dataset, operation, world.question(dataset, operation), "by-key")
        exchange.ask(dataset, operation, world.question(dataset, operation), "late")
        exchange.ask(dataset, operation, world.question(dataset, operation), "stranger")
    xml = {"accept": "application/xml"}
    exchange.ask(CITIZEN, "look-up", world.question(CITIZEN, "look-up"), **xml)
    exchange.ask(CITIZEN, "look-up", world.question(CITIZEN, "look-up", world.NOBODY), **xml)
    veiled = make_message(fields=["pin", "date_of_birth"], key=world.LAN)
    exchange.ask(CITIZEN, "look-up", veiled, "veiled")
    then = world.question(CITIZEN, "look-up", as_of=1, valid_on="2021-05-05")
    exchange.ask(CITIZEN, "look-up", then, x_road_client="VN/GOV/H90/one-stop")
    exchange.ask(CITIZEN, "look-up", world.question(CITIZEN, "look-up", as_of=10**9))
    urgent = {"reason": "Bất tỉnh sau tai nạn.", "legal_basis": LAW}
    emergency = {"key": world.LAN, "fields": ["full_name"], "officer": "b", "case": "c"}
    exchange.ask(CITIZEN, "emergency", {**emergency, "emergency": urgent}, "urgent")


def ask_in_dialects(exchange: Exchange) -> None:
    headers = {"exchange-officer": quote("cán bộ 1"), "exchange-case": "H-7"}
    for path in (
        "/sdmx/2.1/data/POPULATION/A.VN.POP._T._T._T._T._T",
        "/sdmx/3.0/availability/dataflow/*/POPULATION/*",
        "/ogc/collections/parcels/items?limit=5&bbox=102,8,110,24",
        "/ogc/tiles/parcels/14/7300/13000",
        f"/fhir/Coverage?identifier={quote(systems.HEALTH_CARD.uri)}|GD4010000000071",
        f"/fhir/Patient?identifier={quote(systems.PIN.uri)}|{world.LAN}",
    ):
        get(exchange, path, **headers)
    get(exchange, f"/v1/{CITIZEN}/changes?after=0&limit=2", "following")
    get(exchange, f"/v1/{CITIZEN}/changes?after=1&limit=200", "nearby")


class TestAnUntouchedSite:
    def test_gives_every_answer_again(self, exchange: Exchange) -> None:
        cases.enter(exchange.databases)
        since = read_clock()
        ask_everything(exchange)
        ask_in_dialects(exchange)

        found = replay_since(exchange, since)

        asked = {one["answer_id"] for one in exchange.entries() if one["logged_at"] >= since}
        assert len(found) > 150
        assert {one.answer_id for one in found} < asked
        assert [one for one in found if one.outcome is not Outcome.SAME] == []
        operations = {"look-up", "verify", "batch", "search", "feed"}
        assert {one.operation for one in found} == operations

    def test_gives_again_what_its_own_work_asked(self, exchange: Exchange) -> None:
        since = read_clock()
        errand = Errand("recalling", "th-01", PURPOSE, LAW, "night-1")
        with app.open_corridor(exchange.site) as corridor:
            desk = Desk(corridor, read_clock)
            desk.ask(errand, CITIZEN, [world.LAN, world.NOBODY], ("pin", "full_name"))
            scope = Scope(CITIZEN, ("pin",), ("land",), read_clock().date(), page=2)
            with pytest.raises(errors.AgreementRefuses):
                next(desk.read_all(errand, scope))

        found = replay_since(exchange, since)

        assert [one.outcome for one in found] == [Outcome.SAME] * 2
        assert {one.operation for one in found} == {"batch", "linkage"}

    def test_gives_again_what_was_corrected_since(self, exchange: Exchange) -> None:
        pin = test_recall.born(exchange)
        entry = ask(exchange, make_message(fields=["full_name", "date_of_birth"], key=pin))
        name = PersonName("Đỗ Thị Sửa", "Đỗ", "Thị", "Sửa")
        test_recall.correct(exchange, pin, "name", name)

        assert replay(exchange, entry).outcome is Outcome.SAME


class TestReplays:
    def test_are_entries_of_those_who_were_asked_about_and_tell_nothing(
        self, exchange: Exchange
    ) -> None:
        entry = ask(exchange, world.question(CITIZEN, "look-up"))
        with exchange.logged() as rows:
            replay(exchange, entry)

        (original,) = (one for one in exchange.entries() if one["entry_id"] == entry)
        (row,) = rows
        assert row["subject_tag"] == original["subject_tag"]
        assert (row["operation"], row["purpose"]) == (again.OPERATION, service.PURPOSE)
        assert (row["officer"], row["rule"], row["fields"]) == ("tt-01", "same", [])
        assert row["answer_hash"] == original["answer_hash"]
        assert row["question"] is None

    def test_are_not_told_when_they_cannot_be_logged(
        self, exchange: Exchange, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        entry = ask(exchange, world.question(CITIZEN, "look-up"))

        def fail(*_: Any) -> None:
            raise OSError("disk full")

        monkeypatch.setattr(again.repository, "append", fail)
        with pytest.raises(errors.LogUnavailable):
            replay(exchange, entry)

    def test_of_replays_have_no_answer(self, exchange: Exchange) -> None:
        with exchange.logged() as rows:
            replay(exchange, ask(exchange, world.question(CITIZEN, "look-up")))

        assert reasons(replay(exchange, rows[-1]["entry_id"])) == {(Reason.NO_ANSWER, "")}

    def test_are_refused_to_systems_that_are_not_active(self, exchange: Exchange) -> None:
        errand = dataclasses.replace(ERRAND, client="nobody")
        with pytest.raises(service.AuditorUnknown):  # noqa: SIM117  opened, then used
            with app.open_replayer(exchange.site, errand):
                pytest.fail("it was opened")

    def test_of_entries_that_are_not_there_are_refused(self, exchange: Exchange) -> None:
        entry = ask(exchange, world.question(CITIZEN, "look-up"))
        with pytest.raises(service.EntryNotFound):
            replay(exchange, type(entry)(int=1))

    @pytest.mark.parametrize("wanted", [1, 3, 10_000])
    def test_are_drawn_each_once(self, exchange: Exchange, wanted: int) -> None:
        for _ in range(4):
            ask(exchange, world.question(CITIZEN, "look-up"))
        with opened(exchange) as replayer:
            drawn = replayer.draw(wanted)
            everything = replayer.list_since(datetime(2020, 1, 1, tzinfo=UTC))

        assert len(drawn) == len(set(drawn)) == min(wanted, len(everything))
        assert set(drawn) <= set(everything)


class TestTampering:
    def test_with_a_value_names_its_field(self, exchange: Exchange) -> None:
        pin = test_recall.born(exchange)
        entry = ask(exchange, make_message(fields=["pin", "full_name", "sex"], key=pin))
        assert replay(exchange, entry).outcome is Outcome.SAME

        rename(exchange, pin, "Kẻ Khác")
        found = replay(exchange, entry)

        assert (found.outcome, found.decided) == (Outcome.ANSWER_DIFFERS, "same")
        assert reasons(found) == {(Reason.FIELD, "full_name")}
        assert "Kẻ Khác" not in str(found)

    def test_with_the_kept_question_is_found(self, exchange: Exchange) -> None:
        first, second = (ask(exchange, world.question(CITIZEN, "look-up")) for _ in range(2))
        swap = (
            "UPDATE exchange.access_entry SET question = (SELECT question FROM"
            f" exchange.access_entry WHERE entry_id = '{second}') WHERE entry_id = '{first}'"
        )
        overwrite(exchange, swap)

        assert reasons(replay(exchange, first)) == {(Reason.UNREADABLE, "")}
        overwrite(
            exchange,
            f"UPDATE exchange.access_entry SET question = NULL WHERE entry_id = '{second}'",
        )
        assert reasons(replay(exchange, second)) == {(Reason.NOT_KEPT, "")}

    def test_with_what_was_answered_or_decided_is_found(self, exchange: Exchange) -> None:
        told, refused = (
            ask(exchange, world.question(CITIZEN, "look-up"), client) for client in ("full", "late")
        )
        overwrite(
            exchange,
            f"UPDATE exchange.access_entry SET answer_hash = sha256('x') WHERE entry_id = '{told}'",
        )
        overwrite(
            exchange,
            "UPDATE exchange.access_entry SET decision = 'permitted', rule = 'found'"
            f" WHERE entry_id = '{refused}'",
        )

        assert reasons(replay(exchange, told)) == {(Reason.FORM, "")}
        assert replay(exchange, refused).outcome is Outcome.DECISION_DIFFERS

    def test_with_the_agreement_is_found(self, exchange: Exchange) -> None:
        entry = ask(exchange, world.question(CITIZEN, "look-up"), "careful")
        statement = (
            "UPDATE exchange.agreement SET content = convert_to(replace("
            "convert_from(content, 'UTF8'), '2.001', '2.002'), 'UTF8')"
            " WHERE agreement_name = 'G01-H96'"
        )
        overwrite(exchange, statement)
        found = replay(exchange, entry)

        assert found.outcome is Outcome.DECISION_DIFFERS
        assert {one.reason for one in found.causes} == {Reason.AGREEMENT}


class TestTheAgreementOfThen:
    def test_decides_after_it_was_suspended_or_replaced(self, exchange: Exchange) -> None:
        message = make_message(fields=["pin", "date_of_birth"], key=world.LAN)
        entry = ask(exchange, message, "veiled")
        with exchange.databases.writing("exchange") as session:
            made = session.execute(
                text("SELECT agreement_hash FROM exchange.agreement WHERE agreement_name='G01-H98'")
            ).scalar_one()
            session.execute(
                text(
                    "INSERT INTO exchange.agreement_event (agreement_hash, happened_at, act,"
                    " from_state, to_state, party_code, agency_code, client, officer, reason,"
                    " legal_basis) VALUES (:one, now() + interval '5 s', 'suspend', 'in_force',"
                    " 'suspended', 'G01', 'G01', 'x', '', 'r', 'l')"
                ),
                {"one": made},
            )
            repository.set_agreement_status(session, agreement_hash=made, status="suspended")
        refused: list[int] = []

        def is_refused() -> bool:
            refused.append(exchange.ask(CITIZEN, "look-up", message, "veiled").status_code)
            return refused[-1] == 403

        exchange.until(is_refused)

        assert replay(exchange, entry).outcome is Outcome.SAME


class TestMigrations:
    def test_that_renamed_a_field_are_followed(
        self, exchange: Exchange, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        entry = ask(exchange, make_message(fields=["pin", "sex"], key=world.LAN))
        publish(monkeypatch, FormerField(field("sex"), "0099", now="gender"), _renamed)

        assert replay(exchange, entry).outcome is Outcome.SAME

    def test_that_dropped_a_field_are_named(
        self, exchange: Exchange, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        entry = ask(exchange, make_message(fields=["pin", "sex"], key=world.LAN))
        refused = ask(exchange, make_message(fields=["pin", "sex"], key=world.LAN), "late")
        publish(monkeypatch, FormerField(field("sex"), "0099"), _dropped)
        found = replay(exchange, entry)

        assert (found.outcome, found.decided) == (Outcome.NOT_REPLAYABLE, "same")
        assert reasons(found) == {(Reason.DROPPED, "sex")}
        assert found.causes[0].detail == "dropped by migration 0099"
        assert replay(exchange, refused).outcome is Outcome.SAME

    def test_that_nobody_recorded_are_not_taken_for_sameness(
        self, exchange: Exchange, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        entry = ask(exchange, make_message(fields=["pin", "sex"], key=world.LAN))
        publish(monkeypatch, None, _dropped)

        assert replay(exchange, entry).outcome is Outcome.DECISION_DIFFERS


def field(name: str) -> Any:
    return catalogue.DATASETS[CITIZEN].fields[name]


def _dropped(dataset: Dataset) -> Dataset:
    """Publish citizens without their sex; to read it is an error."""
    fields = {name: one for name, one in dataset.fields.items() if name != "sex"}
    return dataclasses.replace(dataset, fields=fields)


def _renamed(dataset: Dataset) -> Dataset:
    """Publish the sex of citizens as their gender, as if a column had got another name."""
    read = dataset.fetch

    def fetch(session: Any, keys: Any, fields: frozenset[str], as_of: Any) -> Any:
        assert "sex" not in fields
        then = frozenset("sex" if name == "gender" else name for name in fields)
        result = read(session, keys, then, as_of)
        records = {
            key: {("gender" if name == "sex" else name): one for name, one in record.items()}
            for key, record in result.records.items()
        }
        return dataclasses.replace(result, records=records)

    fields = {
        **_dropped(dataset).fields,
        "gender": dataclasses.replace(field("sex"), name="gender"),
    }
    return dataclasses.replace(dataset, fields=fields, fetch=fetch)


def publish(monkeypatch: pytest.MonkeyPatch, former: FormerField | None, change: Any) -> None:
    """Publish citizens as a later version of the register would."""
    changed = change(catalogue.DATASETS[CITIZEN])
    if former is not None:
        changed = dataclasses.replace(changed, former=(former,))
    several = MappingProxyType({**catalogue.DATASETS, CITIZEN: changed})
    monkeypatch.setattr(catalogue, "DATASETS", several)
    facts = MappingProxyType({**catalogue.FACTS, CITIZEN: catalogue.facts_of(changed)})
    monkeypatch.setattr(catalogue, "FACTS", facts)


class TestCommand:
    def test_tells_sums_and_what_differs_without_values(self, exchange: Exchange) -> None:
        pin = test_recall.born(exchange)
        same = ask(exchange, world.question(CITIZEN, "look-up"))
        changed = ask(exchange, make_message(fields=["full_name"], key=pin))
        rename(exchange, pin, "Kẻ Lạ")

        one = natdb(exchange, str(same))
        other = natdb(exchange, str(changed))
        sample = natdb(exchange, "--sample", "5")
        wrong = natdb(exchange, "no-id")
        nothing = natdb(exchange)

        assert (one.returncode, other.returncode) == (0, 1), one.stderr + other.stderr
        assert "answers made again" in sample.stdout
        assert "field full_name" in other.stdout
        assert "Kẻ Lạ" not in other.stdout + other.stderr
        assert pin not in other.stdout + other.stderr
        assert (wrong.returncode, nothing.returncode) == (2, 2)


def natdb(exchange: Exchange, *words: str) -> subprocess.CompletedProcess[str]:
    site = exchange.site
    usual = ("--client", "full", "--legal-basis", LAW, "--case", "KT-3")
    return subprocess.run(
        [sys.executable, "-m", "command_line.main", "audit", "replay", *words, *usual],
        cwd=ROOT,
        env={**os.environ, **site.values, "NATDB_HOME": str(site.home)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def rename(exchange: Exchange, pin: str, name: str) -> None:
    """Change a recorded name as only a superuser can, past all guards."""
    statement = f"UPDATE population.person SET full_name = '{name}' WHERE pin = '{pin}'"
    _past_all_guards(exchange, "population", ["population.person"], statement)


def overwrite(exchange: Exchange, statement: str) -> None:
    """Change the exchange's database as only a superuser can."""
    guarded = ["exchange.access_entry", "exchange.agreement"]
    _past_all_guards(exchange, "exchange", guarded, statement)


def _past_all_guards(
    exchange: Exchange, database: str, guarded: Iterable[str], statement: str
) -> None:
    url = exchange.superuser.url.set(database=exchange.site.url(database, "owner").database)
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        for table in guarded:
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))
        assert connection.execute(text(statement)).rowcount > 0
        for table in guarded:
            connection.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER ALL"))

"""`./natdb match run | review | calibrate`: killed and continued, looked at, calibrated."""

import csv
import dataclasses
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import Engine, NullPool, create_engine, make_url, select, text

from databases import settings as settings_module
from databases.sessions import Databases
from databases.settings import Settings
from sample_country import load
from sharing_api import bootstrap, tables
from sharing_api import keys as keys_module
from sharing_api import settings as exchange_settings
from tests.conftest import copied_databases
from tests.functional.conftest import Exchange, require_problem, serve

ROOT = Path(__file__).resolve().parents[2]
SIZE, SEED = 800, 714
TABLES = (
    "link_event", "link", "link_member", "link_entity", "link_mention", "link_touched",
    "link_cursor", "link_likeness", "link_run",
)  # fmt: skip
LINKS = (
    "SELECT comparison, left_tag, right_tag, state, round(weight::numeric, 3), evidence::text,"
    " (SELECT count(*) FROM exchange.link_event e WHERE e.link_id = l.link_id)"
    " FROM exchange.link l ORDER BY 1, 2, 3"
)


@pytest.fixture(scope="module")
def site(
    settings: Settings,
    cluster_url: str,
    worker: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Settings]:
    """A site with a sample country: the commands commit what they find."""
    everything = settings_module.DATABASES
    for copied in copied_databases(settings, cluster_url, worker, "linking", everything):
        made = dataclasses.replace(copied, home=tmp_path_factory.mktemp("linking"))
        load.load_sample_country(made, SIZE, SEED, lambda *_: None)
        bootstrap.prepare_demo_exchange(made)
        yield made


@pytest.fixture(scope="module")
def admin(site: Settings, cluster_url: str) -> Iterator[Engine]:
    name = site.url("exchange", "owner").database
    engine = create_engine(make_url(cluster_url).set(database=name), poolclass=NullPool)
    yield engine
    engine.dispose()


def start(site: Settings, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "command_line.main", "match", *words],
        cwd=ROOT,
        env={**os.environ, **site.values, "NATDB_HOME": str(site.home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def natdb(site: Settings, *words: str) -> subprocess.CompletedProcess[str]:
    process = start(site, *words)
    out, err = process.communicate(timeout=240)
    return subprocess.CompletedProcess(words, process.returncode, out, err)


def read(admin: Engine, statement: str) -> list[tuple[Any, ...]]:
    with admin.connect() as connection:
        return [tuple(map(plain, row)) for row in connection.execute(text(statement))]


def plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


def forget(admin: Engine) -> None:
    """Remove all links as if none had ever been made: only a superuser can, in a test."""
    with admin.begin() as connection:
        connection.execute(text("ALTER TABLE exchange.link_event DISABLE TRIGGER USER"))
        names = ", ".join(f"exchange.{name}" for name in TABLES)
        connection.execute(text(f"TRUNCATE {names}"))
        for guard in ("rewriting", "truncating"):
            name = f"link_event_refuse_{guard}"
            connection.execute(
                text(f"ALTER TABLE exchange.link_event ENABLE ALWAYS TRIGGER {name}")
            )


def kill_when(process: subprocess.Popen[str], is_time: Callable[[], bool]) -> None:
    """Kill a run and all its processes, without warning, as soon as something is seen."""
    until = time.monotonic() + 120
    while not is_time():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < until
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


@pytest.fixture(scope="module")
def linked(site: Settings, admin: Engine) -> list[tuple[Any, ...]]:
    """The links of a run that nobody broke off."""
    done = natdb(site, "run")
    assert done.returncode == 0, done.stderr
    assert re.search(r"run \d+: \d+ records read, \d+ links judged", done.stdout)
    return read(admin, LINKS)


class TestRun:
    def test_killed_while_it_reads_and_while_it_writes_it_gives_the_same_links(
        self, site: Settings, admin: Engine, linked: list[tuple[Any, ...]]
    ) -> None:
        forget(admin)

        kill_when(
            start(site, "run"),
            lambda: len(read(admin, "SELECT 1 FROM exchange.link_cursor")) >= 2,
        )
        read_before = len(read(admin, "SELECT 1 FROM exchange.link_mention"))
        kill_when(
            start(site, "run"), lambda: bool(read(admin, "SELECT 1 FROM exchange.link LIMIT 1"))
        )
        written_before = len(read(admin, "SELECT 1 FROM exchange.link"))
        done = natdb(site, "run")

        assert done.returncode == 0, done.stderr
        again = read(admin, LINKS)
        assert read_before > 0
        assert 0 < written_before < len(linked)
        assert again == linked
        assert not list((site.home / "links").glob("*"))
        assert len(read(admin, "SELECT 1 FROM exchange.link_run")) == 1
        assert re.search(r"run \d+: 0 records read, 0 links", natdb(site, "run").stdout)

    def test_is_refused_without_an_agreement_and_for_what_is_not_known(
        self, site: Settings
    ) -> None:
        refused = natdb(site, "run", "--client", "hospital")
        unknown = natdb(site, "run", "--comparison", "sea.person")

        assert (refused.returncode, unknown.returncode) == (1, 1)
        assert "agreement" in refused.stderr.lower()
        assert "Known comparisons are" in unknown.stderr


class TestReview:
    def test_lists_evidence_and_nothing_of_anybody(
        self, site: Settings, linked: list[tuple[Any, ...]]
    ) -> None:
        listed = natdb(site, "review", "list", "--comparison", "insurance.person", "--state",
                       "automatic", "--limit", "500")  # fmt: skip

        assert listed.returncode == 0, listed.stderr
        assert "personal_number same" in listed.stdout
        assert not re.search(r"\d{12}", listed.stdout)

    def test_shows_decides_and_undoes(self, site: Settings, linked: list[tuple[Any, ...]]) -> None:
        listed = natdb(
            site, "review", "list", "--comparison", "land.person", "--state", "automatic"
        )
        number = listed.stdout.split()[0]

        shown = natdb(site, "review", "show", number)
        accepted = natdb(site, "review", "accept", number, "--reason", "seen", "--officer", "cb-01")
        undone = natdb(site, "review", "undo", number, "--reason", "no", "--officer", "cb-02")
        nowhere = natdb(site, "review", "reject", number, "--reason", "no")

        assert re.search(r"personal_number: \d{12}", shown.stdout)
        assert "kin: " in shown.stdout or "population/identity_history" in shown.stdout
        assert "automatic → accepted by cb-01: seen" in accepted.stdout
        assert "accepted → undone by cb-02: no" in undone.stdout
        assert nowhere.returncode == 1
        assert "The link is undone" in nowhere.stderr

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (("review", "show", "999999999"), "no link of that number"),
            (("review", "list", "--state", "shut"), "there is no state shut"),
            (("review", "accept", "1", "--reason", " "), "Say why"),
            (("calibrate", "draw", "land.nobody"), "Known comparisons"),
        ],
    )
    def test_names_bad_input(
        self, site: Settings, linked: list[tuple[Any, ...]], words: tuple[str, ...], said: str
    ) -> None:
        refused = natdb(site, *words)

        assert refused.returncode != 0
        assert said in refused.stderr
        assert "Traceback" not in refused.stderr


class TestCalibrate:
    def test_draws_reads_and_says_what_is_missing(
        self, site: Settings, linked: list[tuple[Any, ...]], tmp_path: Path
    ) -> None:
        sample = tmp_path / "sample.csv"
        drawn = natdb(
            site, "calibrate", "draw", "finance.enterprise", "--precision", "0.99",
            "--labels", "30", "--out", str(sample),
        )  # fmt: skip
        with sample.open(encoding="utf-8", newline="") as opened:
            rows = list(csv.DictReader(opened))
        with sample.open("w", encoding="utf-8", newline="") as opened:
            writer = csv.DictWriter(opened, list(rows[0]))
            writer.writeheader()
            writer.writerows({**row, "same": "yes"} for row in rows)

        verdict = natdb(site, "calibrate", "read", str(sample), "--precision", "0.99")

        assert "30 links drawn" in drawn.stdout
        assert "no threshold reaches 0.99" in verdict.stdout
        assert re.search(r"At least \d+ more labels are needed", verdict.stdout)


@pytest.fixture(scope="module")
def served(site: Settings, linked: list[tuple[Any, ...]], admin: Engine) -> Iterator[Exchange]:
    """The API of the site, asked by the systems of the sample agreements."""
    settings = exchange_settings.load(site)
    databases = Databases(site, "natdb-tests", pool_size=2)
    running = Exchange(
        site=site,
        settings=settings,
        keys=keys_module.load(settings),
        databases=databases,
        superuser=admin,
        client_keys={
            name: keys_module.to_jwk(keys_module.make_private(site.keys / f"client_{name}.key"))
            for name in ("linking", "hospital")
        },
        changes={},
    )
    for _ in serve(running):
        yield running
        running.close()
    databases.dispose()


def call(
    served: Exchange, path: str, body: dict[str, Any] | None = None, client: str = "linking"
) -> httpx2.Response:
    headers = {"authorization": f"Bearer {served.client(client).token()}"}
    address = f"{served.address}/v1/matching/links{path}"
    if body is None:
        return httpx2.get(address, headers=headers, timeout=20)
    return httpx2.post(address, headers=headers, json=body, timeout=20)


ASKED = {
    "officer": "cb-11",
    "purpose": "registers.linkage",
    "legal_basis": "Data Law 60/2024/QH15 art. 12 and 17",
    "case": "HS-1",
}


class TestApi:
    def test_lists_shows_and_decides(self, served: Exchange) -> None:
        listed = call(served, "?comparison=insurance.person&state=automatic&limit=2")
        number = listed.json()[0]["link"]

        shown = call(served, f"/{number}/look-up", ASKED)
        decision = {**ASKED, "decision": "accept", "reason": "seen"}
        decided = call(served, f"/{number}/decision", decision)

        assert listed.status_code == 200
        assert len(listed.json()) == 2
        assert not re.search(r"\d{12}", listed.text)
        name = shown.json()["fields"]["full_name"]
        assert name["left"]
        assert "".join(one["left"] for one in name["stretches"]) == name["left"][0]
        assert decided.json()["state"] == "accepted"
        assert decided.json()["history"][-1]["officer"] == "cb-11"
        with served.databases.reading("exchange") as session:
            entry = tables.access_entry
            found = session.execute(
                select(entry.c.dataset, entry.c.subject_tag)
                .where(entry.c.officer == "cb-11", entry.c.case_reference == "HS-1")
                .distinct()
            ).all()
        assert {row.dataset for row in found} >= {
            "insurance/participant", "population/identity_history",
        }  # fmt: skip
        assert all(row.subject_tag is not None for row in found)

    def test_is_refused_to_who_does_not_link_registers(self, served: Exchange) -> None:
        number = call(served, "?limit=1").json()[0]["link"]

        require_problem(call(served, "", client="hospital"), 403, "links.not_granted")
        require_problem(call(served, f"/{number}/look-up", ASKED, client="hospital"), 403)
        other = {**ASKED, "purpose": "something.else"}
        require_problem(call(served, f"/{number}/look-up", other), 403)

    @pytest.mark.parametrize(
        ("path", "body", "status"),
        [
            ("/999999999/look-up", ASKED, 404),
            ("/1/look-up", {}, 422),
            ("/1/decision", {**ASKED, "decision": "burn", "reason": "why"}, 422),
            ("/1/decision", {**ASKED, "decision": "accept", "reason": "  "}, 422),
            ("/1/look-up", {**ASKED, "more": "x"}, 422),
            ("/0/look-up", ASKED, 422),
            ("?state=shut", None, 422),
        ],
    )
    def test_names_bad_input(
        self, served: Exchange, path: str, body: dict[str, Any] | None, status: int
    ) -> None:
        require_problem(call(served, path, body), status)

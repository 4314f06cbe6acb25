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

import pytest
from sqlalchemy import Engine, NullPool, create_engine, make_url, text

from databases import settings as settings_module
from databases.settings import Settings
from sample_country import load
from sharing_api import bootstrap
from tests.conftest import copied_databases

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

"""`./natdb audit anomalies | search | officers | report`: a story from the terminal."""

import csv
import dataclasses
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pyarrow.parquet as pq
import pytest

from databases import settings as settings_module
from databases.sessions import Databases
from databases.settings import Settings
from sample_country import cast_numbers
from sharing_api import bootstrap, keys
from sharing_api import settings as exchange_settings
from sharing_api.access_log import entries, repository
from sharing_api.protocols import log
from tests.conftest import copied_databases
from tests.factories.exchange import make_entry

ROOT = Path(__file__).resolve().parents[2]
AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def site(
    settings: Settings, cluster_url: str, worker: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Settings]:
    everything = settings_module.DATABASES
    for copied in copied_databases(settings, cluster_url, worker, "auditing", everything):
        made = dataclasses.replace(copied, home=tmp_path_factory.mktemp("auditing"))
        bootstrap.prepare_demo_exchange(made)
        secret = keys.load(exchange_settings.load(made)).subject
        tag = entries.subject_tag(secret, "population", cast_numbers.CITIZEN)
        written = [
            make_entry(
                number, agency="G15", client="moj-civil-status", officer="mai",
                dataset="population/citizen", logged_at=AT + timedelta(seconds=number),
                subject_tag=tag if number == 0 else bytes([number]) * 32,
            )
            for number in range(5)
        ]  # fmt: skip
        databases = Databases(made, "test")
        with databases.committing("exchange") as connection:
            repository.append(connection, written, [entries.leaf_hash(one) for one in written])
        databases.dispose()
        assert natdb(made, "anomalies", "run").returncode == 0
        yield made


def natdb(site: Settings, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "command_line.main", "audit", *words],
        cwd=ROOT,
        env={**os.environ, **site.values, "NATDB_HOME": str(site.home)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="module")
def published(site: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    settings = exchange_settings.load(site)
    path = tmp_path_factory.mktemp("keys") / "keys.json"
    path.write_text(json.dumps(log.published_keys(keys.load(settings), settings)))
    return path


class TestAnomalies:
    def test_are_shown_settled_and_told(self, site: Settings) -> None:
        listed = natdb(site, "anomalies", "list", "--severity", "high")
        number = listed.stdout.split()[0]

        shown = natdb(site, "anomalies", "show", number)
        settled = natdb(
            site, "anomalies", "settle", number, "--state", "accepted", "--outcome", "warned"
        )

        assert "open self_look_up (high): an officer asked about themselves" in listed.stdout
        assert "1 of 1 entries kept as evidence" in shown.stdout
        assert "look-up population/citizen" in shown.stdout
        assert f"{number} accepted self_look_up (high)" in settled.stdout
        assert "audit run: new to open" in shown.stdout
        assert cast_numbers.CITIZEN not in listed.stdout + shown.stdout

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (("list", "--state", "shut"), "there is no state shut"),
            (("list", "--severity", "huge"), "there is no severity huge"),
            (("show", "999999"), "no finding of that number"),
            (("settle", "1", "--state", "accepted", "--outcome", " "), "Say why"),
            (("settle", "1", "--state", "resolved", "--outcome", "x"), "cannot become resolved"),
            (("run", "--client", "nobody"), "No active system"),
        ],
    )
    def test_refuse_in_a_sentence(self, site: Settings, words: tuple[str, ...], said: str) -> None:
        if "run" in words:  # something to ask kin about
            said = "run"
        refused = natdb(site, "anomalies", *words)

        assert said in refused.stderr + refused.stdout
        assert "Traceback" not in refused.stderr


class TestSearch:
    def test_is_saved_exported_and_signed(
        self, site: Settings, tmp_path: Path, published: Path
    ) -> None:
        saved = natdb(site, "search", "--officer", "mai", "--save", "mai")
        assert saved.stdout.endswith("5 entries, oldest first.\n")
        paths = [tmp_path / f"log.{ending}" for ending in ("csv", "parquet", "html")]
        for path in paths:
            done = natdb(site, "search", "--saved", "mai", "--export", str(path))
            assert done.returncode == 0, done.stderr

        with paths[0].open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        checked = natdb(site, "check-report", str(paths[2]), "--keys", str(published))
        paths[2].write_bytes(paths[2].read_bytes().replace(b"mai", b"lan", 1))
        altered = natdb(site, "check-report", str(paths[2]), "--keys", str(published))

        stored = pq.read_table(paths[1]).to_pylist()
        assert [one["entry_id"] for one in stored] == [one["entry_id"] for one in rows]
        assert {one["officer"] for one in stored} == {"mai"}
        assert checked.stdout.startswith("SIGNED")
        assert (altered.returncode, altered.stdout[:10]) == (1, "NOT SIGNED")
        assert "mai: officer mai" in natdb(site, "searches").stdout

    def test_finds_a_subject_by_number(self, site: Settings) -> None:
        found = natdb(
            site, "search", "--subject", f"population:{cast_numbers.CITIZEN}", "--agency", "G15"
        )

        assert found.stdout.endswith("1 entries, oldest first.\n")

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (("--saved", "nobody"), "No search was saved"),
            (("--save", "a b"), "A name has 1 to 64"),
            (("--days", "0"), "Search 1 to 3660 days back"),
            (("--subject", "x"), "register:key"),
            (("--export", "log.pdf"), ".csv, .parquet or .html"),
            (("--since", "2026-03-02", "--until", "2026-03-01"), "ends before it begins"),
        ],
    )
    def test_refuses_in_a_sentence(self, site: Settings, words: tuple[str, ...], said: str) -> None:
        refused = natdb(site, "search", *words)

        assert refused.returncode != 0
        assert said in re.sub(r"[\s│]+", " ", refused.stderr)
        assert "Traceback" not in refused.stderr


class TestReport:
    def test_tells_who_shared_what_with_whom(
        self, site: Settings, tmp_path: Path, published: Path
    ) -> None:
        done = natdb(site, "report", "2026Q1", "--out", str(tmp_path))

        assert done.returncode == 0, done.stderr
        page = tmp_path / "sharing-2026Q1.html"
        with (tmp_path / "sharing-2026Q1.csv").open(encoding="utf-8", newline="") as file:
            (flow,) = csv.DictReader(file)
        assert (flow["consumer"], flow["questions"], flow["subjects"]) == ("G15", "5", "5")
        assert "Bộ Tư pháp" in page.read_text(encoding="utf-8")
        assert natdb(site, "check-report", str(page), "--keys", str(published)).returncode == 0

    def test_refuses_a_quarter_that_is_none(self, site: Settings) -> None:
        assert "2026Q1" in natdb(site, "report", "2026Q9").stderr


class TestOfficers:
    def test_are_filed_as_a_whole_or_not_at_all(self, site: Settings, tmp_path: Path) -> None:
        path = tmp_path / "officers.csv"
        path.write_text("agency_code,officer,pin\nG15,one,001190000018\nG15,two,12\n")

        refused = natdb(site, "officers", "file", str(path))
        counted = natdb(site, "officers", "count")

        assert refused.returncode == 1
        assert "line 3" in refused.stderr
        assert "       2 G15" in counted.stdout


class TestRecalls:
    def test_are_run_and_listed(self, site: Settings) -> None:
        done = natdb(site, "recalls", "run")
        listed = natdb(site, "recalls", "--overdue")

        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith("0 records corrected")
        assert listed.stdout == "notices: 0, not acknowledged: 0, overdue: 0\n"


class TestBreach:
    def test_tells_whose_data_which_and_how_much(self, site: Settings, tmp_path: Path) -> None:
        period = ("--since", AT.date().isoformat(), "--until", "2026-03-03")
        detected = ("--detected", "2026-03-02T12:00:00")

        done = natdb(site, "breach", *period, *detected, "--officer", "mai", "--out", str(tmp_path))

        assert done.returncode == 0, done.stderr
        assert "until 2026-03-05 12:00 UTC" in done.stdout
        text = (tmp_path / "breach-subjects.csv").read_text(encoding="utf-8")
        rows = list(csv.DictReader(text.splitlines()))
        assert len(rows) == 5
        assert {row["datasets"] for row in rows} == {"population/citizen"}
        assert all(row["answers"] == "1" and row["fields"] for row in rows)
        page = (tmp_path / "breach.html").read_text(encoding="utf-8")
        assert "moj-civil-status" in page
        assert "overdue" in page

    def test_of_nobody_is_nothing(self, site: Settings, tmp_path: Path) -> None:
        period = ("--since", "2026-01-01", "--until", "2026-01-02")

        done = natdb(site, "breach", *period, "--out", str(tmp_path))

        assert "data subjects: 0; entries: 0" in done.stdout

    def test_refuses_a_period_that_ends_first(self, site: Settings, tmp_path: Path) -> None:
        period = ("--since", "2026-03-03", "--until", "2026-03-02")

        done = natdb(site, "breach", *period, "--out", str(tmp_path))

        assert done.returncode == 1
        assert "ends before it begins" in done.stderr
        assert not list(tmp_path.iterdir())


class TestEmergencies:
    def test_are_listed_and_looked_at(self, site: Settings) -> None:
        listed, due = natdb(site, "emergencies"), natdb(site, "emergencies", "due")

        assert listed.stdout == "emergencies: 0\n"
        assert due.stdout == "reviews missed: 0\n"

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (("--state", "shut"), "there is no state shut"),
            (("review", "x", "--justified", "--outcome", "y"), "an answer id is a UUID"),
            (("review", str(UUID(int=7)), "--justified", "--outcome", " "), "Say what came"),
            (("review", str(UUID(int=7)), "--unjustified", "--outcome", "y"), "No emergency"),
        ],
    )
    def test_refuse_in_a_sentence(self, site: Settings, words: tuple[str, ...], said: str) -> None:
        refused = natdb(site, "emergencies", *words)

        assert refused.returncode != 0
        assert said in refused.stderr
        assert "Traceback" not in refused.stderr

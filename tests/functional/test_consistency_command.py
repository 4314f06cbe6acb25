"""`./natdb consistency`: run, list and settle, from the terminal."""

import dataclasses
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from databases import settings as settings_module
from databases.settings import Settings
from sample_country import load
from sharing_api import bootstrap
from tests.conftest import copied_databases

ROOT = Path(__file__).resolve().parents[2]
SIZE, SEED = 1_000, 714


@pytest.fixture(scope="module")
def site(
    settings: Settings,
    cluster_url: str,
    worker: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Settings]:
    """A site with a sample country: the commands commit what they find."""
    everything = settings_module.DATABASES
    for copied in copied_databases(settings, cluster_url, worker, "worklist", everything):
        made = dataclasses.replace(copied, home=tmp_path_factory.mktemp("worklist"))
        load.load_sample_country(made, SIZE, SEED, lambda *_: None)
        bootstrap.prepare_demo_exchange(made)
        assert natdb(made, "run").returncode == 0
        yield made


def natdb(site: Settings, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "command_line.main", "consistency", *words],
        cwd=ROOT,
        env={**os.environ, **site.values, "NATDB_HOME": str(site.home)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


class TestRun:
    def test_the_second_time_reads_nothing_and_shows_the_worklist(self, site: Settings) -> None:
        shown = natdb(site, "run")

        assert shown.returncode == 0, shown.stderr
        assert re.search(r"run \d+: 0 records read", shown.stdout)
        assert re.search(r"\d+ open +finance.asset_unknown: a public asset lies", shown.stdout)

    def test_is_refused_to_a_system_without_agreement(self, site: Settings) -> None:
        refused = natdb(site, "run", "--client", "hospital")

        assert refused.returncode == 1
        assert "natdb: The agreement" in refused.stderr or "No agreement" in refused.stderr


class TestList:
    def test_shows_what_the_records_say_now(self, site: Settings) -> None:
        shown = natdb(site, "list", "--rule", "insurance.birth_swapped", "--steward", "G12")

        assert shown.returncode == 0, shown.stderr
        assert shown.stdout.endswith("findings shown: 2\n")
        assert len(re.findall(r'"date_of_birth": "\d{4}-\d\d-\d\d"', shown.stdout)) == 4

    def test_refuses_a_state_that_is_none(self, site: Settings) -> None:
        assert "there is no state shut" in natdb(site, "list", "--state", "shut").stderr


class TestSettle:
    def test_keeps_state_and_reason(self, site: Settings) -> None:
        listed = natdb(site, "list", "--rule", "land.firm_ended").stdout
        number = listed.split()[0]

        settled = natdb(site, "settle", number, "--state", "accepted", "--reason", "to be mended")

        assert settled.returncode == 0, settled.stderr
        again = natdb(site, "list", "--state", "accepted").stdout
        assert again.startswith(f"{number} accepted land.firm_ended (certain, G10)")
        assert "– to be mended" in again

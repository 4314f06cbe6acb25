"""`./natdb persons`: merge, tell, part, and name who was told, from the terminal."""

import dataclasses
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from databases import settings as settings_module
from databases.changes.ledger import Act
from databases.sessions import Databases
from databases.settings import Settings
from sharing_api import app, bootstrap
from sharing_api.disclosure.in_house import Desk, Errand, Scope
from tests.conftest import copied_databases, read_clock
from tests.factories import population as factory

ROOT = Path(__file__).resolve().parents[2]
LAW = "Data Law 60/2024/QH15 art. 12 and 17"
ERRAND = Errand("consistency", "cb-09", "registers.consistency", LAW, "night-1")
CITIZEN = "population/citizen"
DECISION = (
    "--decision", "QĐ-17/2026", "--evidence", "one birth certificate",
    "--first-reviewer", "cb-01", "--second-reviewer", "cb-02", "--reason", "entered twice",
)  # fmt: skip
PARTING = ("--reason", "two persons after all", "--document", "QĐ-18/2026")


@pytest.fixture(scope="module")
def site(
    settings: Settings,
    cluster_url: str,
    worker: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Settings]:
    """A site with three persons of whom two are one."""
    everything = settings_module.DATABASES
    for copied in copied_databases(settings, cluster_url, worker, "persons", everything):
        made = dataclasses.replace(copied, home=tmp_path_factory.mktemp("persons"))
        databases = Databases(made, "natdb-test", 1)
        act = Act("test.recorded", read_clock(), "tester", "a test", "none", "invented")
        with databases.writing("population") as session:
            for number in (1, 2, 3):
                factory.register(session, act, number)
        databases.dispose()
        bootstrap.prepare_demo_exchange(made)
        yield made


def natdb(site: Settings, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "command_line.main", *words],
        cwd=ROOT,
        env={**os.environ, **site.values, "NATDB_HOME": str(site.home)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def done(site: Settings, *words: str) -> str:
    ended = natdb(site, *words)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


class TestMergeDiscloseUnmerge:
    def test_states_are_equal_and_recipients_are_named(self, site: Settings) -> None:
        one, other, third = (factory.make_pin(number) for number in (1, 2, 3))
        before = done(site, "audit", "state", "population")
        with app.open_corridor(site) as corridor:
            desk = Desk(corridor, read_clock)
            early = dataclasses.replace(ERRAND, officer="cb-early")
            desk.ask(early, CITIZEN, [one], ("pin",))

            assert "Merged by change" in done(site, "persons", "merge", one, other, *DECISION)
            merged = done(site, "audit", "state", "population")
            told = desk.ask(ERRAND, CITIZEN, [other], ("pin", "full_name"))
            desk.ask(dataclasses.replace(ERRAND, officer="cb-third"), CITIZEN, [third], ("pin",))
            scope = Scope(
                CITIZEN, ("pin",), ("enterprise", "land", "insurance", "finance"), date(2026, 12, 1)
            )
            list(desk.read_all(dataclasses.replace(ERRAND, officer="cb-walk"), scope))
            parted = done(site, "persons", "unmerge", other, *PARTING)
            late = dataclasses.replace(ERRAND, officer="cb-late")
            desk.ask(late, CITIZEN, [one], ("pin",))

        assert told[other]["pin"] == one
        assert merged != before
        assert done(site, "audit", "state", "population") == before
        assert re.findall(r"told: (\S+) by (\S+), officer (\S+): (\d+) answers, (\d+)", parted) == [
            ("G01", "consistency", "cb-09", "1", "0"),
            ("G01", "consistency", "cb-walk", "0", "1"),
        ]
        assert "full_name, pin" in parted
        changes = re.findall(r"change (\d+)", parted)
        listed = done(
            site, "audit", "recipients", f"population:{one}",
            "--from-change", changes[0], "--until-change", changes[1],
        )  # fmt: skip
        assert listed.endswith("2 recipients.\n")

    def test_later_acts_are_named_before_and_left_out_in_part(self, site: Settings) -> None:
        two, three = factory.make_pin(2), factory.make_pin(3)
        done(site, "persons", "merge", two, three, *DECISION)
        databases = Databases(site, "natdb-test", 1)
        act = Act("test.recorded", read_clock(), "tester", "a test", "none", "invented")
        from population import service

        with databases.writing("population") as session:
            service.correct_item(session, act=act, pin=three, item="mobile_no", value="0900000001")
        databases.dispose()

        listed = done(site, "persons", "since-merge", three)
        refused = natdb(site, "persons", "unmerge", three, *PARTING)
        parted = done(site, "persons", "unmerge", three, *PARTING, "--partly")

        assert "population.item.corrected: recorded person of surviving record" in listed
        assert refused.returncode == 1
        assert "Acts since the merge" in refused.stderr
        assert "population.item.corrected" in refused.stderr
        assert three not in refused.stderr
        assert "to be decided: change" in parted

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (("persons", "unmerge", "001090000099", *PARTING), "No merge stands"),
            (("persons", "merge", "12", "34", *DECISION), "12 digits"),
            (("audit", "state", "sea"), "no register sea"),
            (
                ("audit", "recipients", "x", "--from-change", "1", "--until-change", "2"),
                "register:key",
            ),
        ],
    )
    def test_bad_input_is_named(self, site: Settings, words: tuple[str, ...], said: str) -> None:
        refused = natdb(site, *words)

        assert refused.returncode != 0
        assert said in refused.stderr
        assert "Traceback" not in refused.stderr

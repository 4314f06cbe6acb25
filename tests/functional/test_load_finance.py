"""`./natdb load finance`: journal lines of a file, from the terminal to the register."""

import csv
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from databases.changes.ledger import Act
from databases.sessions import Databases
from databases.settings import Settings
from finance import tables
from tests.conftest import copied_databases
from tests.factories import finance as make
from tests.functional.test_load_command import load

HEADER = "line_id,entry_no,budget_year,posted_on,budget_key,side,effect,amount,description\n"
CASH = make.make_key(account_code="1112", item_code="0000", category_code="000")


@pytest.fixture(scope="module", name="settings")
def own_settings(settings: Settings, cluster_url: str, worker: str) -> Iterator[Settings]:
    """A register with one school: the command commits what it loads."""
    for copy in copied_databases(settings, cluster_url, worker, "treasury", ["finance"]):
        databases = Databases(copy, "natdb-tests")
        act = Act("", datetime(2026, 1, 2, tzinfo=UTC), "tester", "a test", "none", "invented")
        with databases.writing("finance") as session:
            make.register_unit(session, act)
            make.allocate(session, act, make.amount(1000))
        yield copy
        databases.dispose()


def entry(number: str, amount: str, **segments: str) -> str:
    key = make.make_key(**segments)
    return (
        f"{number}/1,{number},2026,20/05/2026,{key},Nợ,Chi,{amount},Lương\n"
        f"{number}/2,{number},2026,2026-05-20,{CASH},Có,Cân đối,{amount},Lương\n"
    )


class TestLoad:
    def test_records_good_entries_and_names_the_others(
        self, settings: Settings, tmp_path: Path
    ) -> None:
        file = tmp_path / "journal.csv"
        not_allocated = entry("b", "1", category_code="072")
        file.write_text(HEADER + entry("a", "600") + not_allocated + entry("c", "-5"), "utf-8")

        done = load(settings, tmp_path, "finance", str(file), "--json")

        assert done.returncode == 0, done.stderr
        summary = json.loads(done.stdout)
        assert (summary["read"], summary["accepted"], summary["rejected"]) == (6, 2, 4)
        databases = Databases(settings, "natdb-tests")
        with databases.reading("finance") as session:
            lines = session.execute(select(func.count()).select_from(tables.journal_line))
            assert lines.scalar_one() == summary["accepted"]
        databases.dispose()
        with (tmp_path / "out" / "journal.rejects.csv").open(encoding="utf-8") as stream:
            rules = {row["rule"] for row in csv.DictReader(stream)}
        assert {"allocation.exceeded", "entry.refused", "integer.minimum"} <= rules

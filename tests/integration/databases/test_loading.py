"""Loads on a real PostgreSQL, into a register made for the test."""

import csv
import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import psycopg2.errors
import pytest
from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    NullPool,
    Text,
    create_engine,
    make_url,
    select,
    text,
)
from sqlalchemy.orm import Session

from databases import base
from databases.changes import ledger, versions
from databases.changes.ledger import Act
from databases.loading import errors, mapping, run
from databases.loading.cells import Reference
from databases.loading.report import Summary
from databases.loading.run import Job
from databases.loading.targets import Target
from migrations import assets

metadata = base.new_metadata("enterprise")
the_ledger = ledger.define_ledger(metadata)
firm = versions.versioned_table(
    "firm",
    metadata,
    Column("code", Text, nullable=False, comment="which"),
    Column("name", Text, comment="how it is called"),
    Column("capital", BigInteger, comment="what it has"),
    Column("since", Date, comment="from when"),
    key=("code",),
    comment="a table of this test",
)
DAY = date(2026, 3, 2)
REFERENCE = Reference(DAY)
HEADER = "code,name,capital,since\n"
GOOD = "0100233488,Công ty A,5,2020-01-31\n"
OTHER = "0100047516,Công ty B,7,2021-05-01\n"
MAPPING = """
[mapping]
name = "firms"
title = "Firms of a test"
register = "enterprise"
key = "code"
legal_basis = "none: invented"
[columns.code]
type = "enterprise_code"
required = true
[columns.name]
type = "text"
required = true
[columns.capital]
type = "integer"
minimum = 0
[columns.since]
type = "date"
"""

_COMPARE = """
CREATE TEMPORARY TABLE merge_outcome ON COMMIT DROP AS
SELECT code, CASE WHEN f.code IS NULL THEN 'inserted'
    WHEN (f.name, f.capital, f.since) IS DISTINCT FROM (s.name, s.capital, s.since) THEN 'amended'
    ELSE 'unchanged' END AS outcome
FROM {staging} s LEFT JOIN enterprise.firm f USING (code)
WHERE f.to_change IS NULL AND (f.valid IS NULL OR f.valid @> CAST(:on AS date))
"""
_END = """
UPDATE enterprise.firm f SET to_change = :change FROM merge_outcome o
WHERE o.outcome = 'amended' AND f.code = o.code AND f.to_change IS NULL
"""
_ADD = """
INSERT INTO enterprise.firm (code, name, capital, since, valid, from_change)
SELECT s.code, s.name, s.capital, s.since, daterange(:on, NULL), :change
FROM {staging} s JOIN merge_outcome o USING (code) WHERE o.outcome <> 'unchanged'
"""


def compare(session: Session, staged: str, on: date) -> None:
    session.execute(text("DROP TABLE IF EXISTS pg_temp.merge_outcome"))
    session.execute(text(_COMPARE.format(staging=staged)), {"on": on})


def merge(session: Session, staged: str, on: date, act: Act) -> int | None:
    compare(session, staged, on)
    changed = text("SELECT count(*) FROM merge_outcome WHERE outcome <> 'unchanged'")
    if not session.execute(changed).scalar_one():
        return None
    change = ledger.open_change(session, the_ledger, act)
    for statement in (_END, _ADD):
        session.execute(text(statement.format(staging=staged)), {"on": on, "change": change})
    return change


TARGET = Target(
    register="enterprise",
    act="enterprise.firm.loaded",
    key="code",
    staging_columns={"code": "text", "name": "text", "capital": "bigint", "since": "date"},
    merge=merge,
)
OpenSession = Callable[[], AbstractContextManager[Session]]


@pytest.fixture(scope="module")
def register_url(settings: object, cluster_url: str, worker: str) -> Iterator[str]:
    name = f"{worker}_loading"
    admin = create_engine(cluster_url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    url = make_url(cluster_url).set(database=name)
    with create_engine(url, poolclass=NullPool).begin() as connection:
        connection.execute(text("CREATE EXTENSION btree_gist"))
        connection.execute(text("CREATE SCHEMA enterprise"))
        metadata.create_all(connection)
        connection.execute(text(assets.read("ledger_0001", schema="enterprise")))
        sql = assets.read("versioned_table_0001", schema="enterprise", table="firm", key="'code'")
        connection.execute(text(sql))
    yield url.set(username="enterprise_service", password="only-for-tests").render_as_string(
        hide_password=False
    )
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture
def open_session(register_url: str) -> Iterator[OpenSession]:
    """Opens savepoints of one transaction that is rolled back after the test."""
    engine = create_engine(register_url, poolclass=NullPool)
    with engine.connect() as connection:
        outer = connection.begin()

        @contextmanager
        def opened() -> Iterator[Session]:
            mode = "create_savepoint"
            with Session(connection, join_transaction_mode=mode) as session, session.begin():
                yield session
            # What ON COMMIT DROP does where the transaction really ends.
            connection.execute(text("DROP TABLE IF EXISTS load_staging, merge_outcome"))

        yield opened
        outer.rollback()


@pytest.fixture
def job(tmp_path: Path, now: datetime) -> Job:
    path = tmp_path / "firms.toml"
    path.write_text(MAPPING, encoding="utf-8")
    return Job(
        source=tmp_path / "firms.csv",
        mapping=mapping.read_mapping(path),
        folder=tmp_path / "out",
        on=DAY,
        as_of=None,
        recorded_at=now,
        recorded_by="a steward",
        chunk_rows=2,
    )


def nothing(step: str, done: int, expected: int) -> None:
    """Show no progress."""


def load(open_session: OpenSession, job: Job, content: str | None = None) -> Summary:
    if content is not None:
        job.source.write_text(content, encoding="utf-8")
    return run.load(open_session, TARGET, job, REFERENCE, nothing)


def table(path: str) -> list[dict[str, str]]:
    with Path(path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def names(open_session: OpenSession) -> list[str]:
    with open_session() as session:
        rows = session.execute(select(firm.c.name).where(firm.c.to_change.is_(None)))
        return sorted(rows.scalars())


class TestLoad:
    def test_records_good_rows_in_one_change_and_names_the_bad_ones(
        self, open_session: OpenSession, job: Job
    ) -> None:
        bad = '0100233480,,-5,"2020-02-30"\n1,2\n'

        summary = load(open_session, job, HEADER + GOOD + bad + OTHER)

        assert (summary.read, summary.accepted, summary.rejected) == (4, 2, 2)
        assert summary.change == 1
        assert names(open_session) == ["Công ty A", "Công ty B"]
        assert [(r["line"], r["column"], r["rule"]) for r in table(summary.rejects_file)] == [
            ("3", "code", "enterprise_code.check_digit"),
            ("3", "name", "value.missing"),
            ("3", "capital", "integer.minimum"),
            ("3", "since", "date.impossible"),
            ("4", "", "row.ragged"),
        ]
        assert [(r["line"], r["key"], r["outcome"]) for r in table(summary.accepted_file)] == [
            ("2", "0100233488", "inserted"),
            ("5", "0100047516", "inserted"),
        ]

    def test_several_processes_find_what_one_finds(
        self, open_session: OpenSession, job: Job
    ) -> None:
        rows = HEADER + GOOD + "".join(f"x{n},,,\n" for n in range(9)) + OTHER

        summary = load(open_session, replace(job, workers=2), rows)

        assert names(open_session) == ["Công ty A", "Công ty B"]
        lines = [int(row["line"]) for row in table(summary.rejects_file)]
        assert lines == sorted(lines)
        assert set(lines) == set(range(3, 12))

    def test_a_second_run_changes_nothing(self, open_session: OpenSession, job: Job) -> None:
        load(open_session, job, HEADER + GOOD + OTHER)

        summary = load(open_session, job)

        assert summary.change is None
        assert summary.outcomes == {"unchanged": 2}
        with open_session() as session:
            assert ledger.last_change(session, the_ledger) == 1

    def test_of_equal_rows_the_first_is_recorded(self, open_session: OpenSession, job: Job) -> None:
        summary = load(open_session, job, HEADER + GOOD + OTHER + GOOD)

        (reject,) = table(summary.rejects_file)
        assert (reject["line"], reject["rule"]) == ("4", "key.duplicate")
        assert reject["reason"] == "Duplicate of line 2."
        assert summary.accepted == 2

    def test_of_contradicting_rows_none_is_recorded(
        self, open_session: OpenSession, job: Job
    ) -> None:
        summary = load(open_session, job, HEADER + GOOD + OTHER + GOOD.replace("A", "C"))

        assert names(open_session) == ["Công ty B"]
        assert [(r["line"], r["rule"]) for r in table(summary.rejects_file)] == [
            ("2", "key.contradiction"),
            ("4", "key.contradiction"),
        ]

    def test_a_row_that_contradicts_the_register_is_refused_without_a_day(
        self, open_session: OpenSession, job: Job
    ) -> None:
        load(open_session, job, HEADER + GOOD)

        summary = load(open_session, job, HEADER + GOOD.replace("A", "C") + OTHER)

        assert names(open_session) == ["Công ty A", "Công ty B"]
        assert [r["rule"] for r in table(summary.rejects_file)] == ["register.holds_other_values"]
        assert summary.outcomes == {"inserted": 1}

    def test_a_newer_list_amends_from_its_day(self, open_session: OpenSession, job: Job) -> None:
        load(open_session, job, HEADER + GOOD + OTHER)

        summary = load(
            open_session, replace(job, as_of=DAY), HEADER + GOOD.replace("A", "C") + OTHER
        )

        assert names(open_session) == ["Công ty B", "Công ty C"]
        assert summary.outcomes == {"amended": 1, "unchanged": 1}
        assert [r["outcome"] for r in table(summary.accepted_file)] == ["amended", "unchanged"]

    def test_the_change_names_the_file(self, open_session: OpenSession, job: Job) -> None:
        load(open_session, job, HEADER + GOOD)

        with open_session() as session:
            row = session.execute(select(the_ledger.change)).one()
        assert (row.act, row.recorded_by) == ("enterprise.firm.loaded", "a steward")
        assert row.source_document.startswith("firms.csv sha256:")

    def test_nothing_is_recorded_when_rows_get_lost(
        self, open_session: OpenSession, job: Job
    ) -> None:
        def forgetful(session: Session, staged: str, on: date, act: Act) -> int | None:
            change = merge(session, staged, on, act)
            session.execute(text("DELETE FROM merge_outcome WHERE code = '0100047516'"))
            return change

        job.source.write_text(HEADER + GOOD + OTHER, encoding="utf-8")
        with pytest.raises(errors.RowsLost, match="2 rows were read, 1 accepted"):
            run.load(open_session, replace(TARGET, merge=forgetful), job, REFERENCE, nothing)

        assert names(open_session) == []

    def test_a_mapping_that_does_not_fit_the_register_is_refused(
        self, open_session: OpenSession, job: Job
    ) -> None:
        few = replace(TARGET, staging_columns={"code": "text", "name": "text"})
        job.source.write_text(HEADER + GOOD, encoding="utf-8")

        with pytest.raises(errors.BadMapping, match="takes no column capital, since"):
            run.load(open_session, few, job, REFERENCE, nothing)

    def test_a_file_of_a_header_only_is_refused(self, open_session: OpenSession, job: Job) -> None:
        with pytest.raises(errors.UnreadableFile, match="no rows"):
            load(open_session, job, HEADER)

    def test_a_file_of_bad_rows_only_records_no_change(
        self, open_session: OpenSession, job: Job
    ) -> None:
        summary = load(open_session, job, HEADER + "1,2,3,4\n")

        assert (summary.change, summary.accepted, summary.rejected) == (None, 0, 1)


class TestStaging:
    """Chunks are staged while others are checked."""

    @pytest.mark.parametrize("workers", [0, 2])
    def test_what_staging_fails_with_ends_the_load(
        self, open_session: OpenSession, job: Job, workers: int
    ) -> None:
        wrong = replace(TARGET, staging_columns={**TARGET.staging_columns, "since": "boolean"})
        job.source.write_text(HEADER + (GOOD + OTHER) * 5, encoding="utf-8")

        with pytest.raises(psycopg2.errors.InvalidTextRepresentation):
            run.load(open_session, wrong, replace(job, workers=workers), REFERENCE, nothing)

        assert names(open_session) == []

    def test_what_checking_finds_late_leaves_no_trace(
        self, open_session: OpenSession, job: Job
    ) -> None:
        job.source.write_bytes((HEADER + (GOOD + OTHER) * 5).encode() + b"\xff,,,\n")

        with pytest.raises(errors.UnreadableFile, match="not UTF-8"):
            load(open_session, job)

        assert names(open_session) == []


class TestResuming:
    def test_goes_on_after_the_chunks_that_are_done(
        self, open_session: OpenSession, job: Job
    ) -> None:
        def stop(step: str, done: int, expected: int) -> None:
            if done >= 2:
                raise KeyboardInterrupt

        job.source.write_text(HEADER + GOOD + "x,,,\n" + OTHER, encoding="utf-8")
        with pytest.raises(KeyboardInterrupt):
            run.load(open_session, TARGET, job, REFERENCE, stop)

        summary = load(open_session, job)

        assert summary.resumed == 1
        assert (summary.accepted, summary.rejected) == (2, 1)
        assert not job.beside("loading").exists()

    def test_starts_over_when_the_file_has_changed(
        self, open_session: OpenSession, job: Job
    ) -> None:
        def stop(step: str, done: int, expected: int) -> None:
            if done >= 2:
                raise KeyboardInterrupt

        job.source.write_text(HEADER + GOOD + "x,,,\n" + OTHER, encoding="utf-8")
        with pytest.raises(KeyboardInterrupt):
            run.load(open_session, TARGET, job, REFERENCE, stop)

        summary = load(open_session, job, HEADER + GOOD + OTHER)

        assert (summary.resumed, summary.accepted) == (0, 2)

    def test_survives_being_killed(
        self, register_url: str, open_session: OpenSession, job: Job
    ) -> None:
        rows = "".join(f"x{n},,,\n" for n in range(60_000))
        job.source.write_text(HEADER + GOOD + rows, encoding="utf-8")
        script = job.folder.parent / "load.py"
        script.write_text(
            _SCRIPT.format(root=str(Path.cwd()), folder=str(job.folder.parent), url=register_url)
        )
        child = subprocess.Popen([sys.executable, str(script)])
        deadline = time.monotonic() + 60
        work = job.beside("loading")
        while (
            child.poll() is None
            and len(list(work.glob("chunk-*.json"))) < 3
            and time.monotonic() < deadline
        ):
            time.sleep(0.005)
        child.send_signal(signal.SIGKILL)
        child.wait()

        summary = load(open_session, replace(job, chunk_rows=500))

        assert summary.resumed >= 3
        assert (summary.read, summary.accepted, summary.rejected) == (60_001, 1, 60_000)
        assert json.loads(summary.as_json())["change"] == 1


_SCRIPT = """
import sys
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timezone
from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.orm import Session

sys.path.insert(0, {root!r})
from databases.loading import mapping, run
from databases.loading.cells import Reference
from databases.loading.run import Job
from tests.integration.databases import test_loading

folder = Path({folder!r})
job = Job(folder / "firms.csv", mapping.read_mapping(folder / "firms.toml"), folder / "out",
    date(2026, 3, 2), None, datetime(2026, 3, 2, tzinfo=timezone.utc), "killed", 500)

@contextmanager
def open_session():
    with Session(create_engine({url!r})) as session, session.begin():
        yield session

run.load(open_session, test_loading.TARGET, job, Reference(date(2026, 3, 2)), lambda *_: None)
"""

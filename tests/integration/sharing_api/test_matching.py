"""A steward's file held against a register: found, and every record that is shown is logged."""

import csv
import dataclasses
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from sqlalchemy import func, select

from databases import vietnamese
from sharing_api import errors, tables
from sharing_api.access_log import entries
from sharing_api.disclosure.corridor import Corridor
from sharing_api.disclosure.in_house import Desk, Errand, Scope
from sharing_api.matching.files import mapping, run
from sharing_api.matching.files.registers import SOURCES, Register
from tests.conftest import read_clock

ON = date(2026, 12, 1)
LAW = "Data Law 60/2024/QH15 art. 12 and 17"
ERRAND = Errand("matching", "steward-01", "registers.linkage", LAW, "match file")
MAPPING = """
record_id = "no"
[columns]
full_name = "name"
birth_date = "born"
sex = "sex"
"""


@pytest.fixture
def desk(corridor: Corridor) -> Desk:
    return Desk(corridor, read_clock)


@pytest.fixture
def job(desk: Desk, tmp_path: Path) -> run.Job:
    """A file of the first two hundred citizens, without signs, against the register."""
    scope = Scope("population/citizen", ("pin", "full_name", "date_of_birth", "sex"), ("file",), ON)
    page = next(desk.read_all(ERRAND, dataclasses.replace(scope, page=200)))
    file, described = tmp_path / "people.csv", tmp_path / "mapping.toml"
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow(("no", "name", "born", "sex"))
        for pin, one in page.records.items():
            name = vietnamese.fold(one["full_name"]).upper()
            writer.writerow((pin, name, one["date_of_birth"], one["sex"]["code"]))
    described.write_text(MAPPING, encoding="utf-8")
    register = Register("population", desk, ERRAND, ON)
    return run.Job(file, register, mapping.read_mapping(described), tmp_path / "out")


def count_entries(corridor: Corridor) -> int:
    with corridor.databases.reading("exchange") as session:
        statement = select(func.count()).select_from(tables.access_entry)
        return int(session.execute(statement).scalar_one())


def tags_since(corridor: Corridor, known: int) -> list[Any]:
    column = tables.access_entry.c.subject_tag
    with corridor.databases.reading("exchange") as session:
        statement = select(column).order_by(tables.access_entry.c.position).offset(known)
        return [tag for tag in session.execute(statement).scalars() if tag is not None]


class TestMatchAgainstARegister:
    def test_finds_the_persons_of_the_file(self, job: run.Job) -> None:
        run.match(job, lambda *_: None)

        pairs = pq.read_table(job.folder / "pairs.parquet").to_pylist()
        found = [(one["left"], one["right"]) for one in pairs if one["probability"] >= 0.5]
        assert sum(left == right for left, right in found) >= 190
        # Other tests leave persons in the register who stand there twice.
        assert sum(left != right for left, right in found) <= 20

    def test_logs_everybody_whose_record_is_written_and_nobody_else(
        self, job: run.Job, corridor: Corridor
    ) -> None:
        known = count_entries(corridor)

        run.match(job, lambda *_: None)

        pairs = pq.read_table(job.folder / "pairs.parquet").column("right").to_pylist()
        groups = pq.read_table(job.folder / "clusters.parquet").to_pylist()
        shown = {*pairs, *(one["record"] for one in groups if one["file"] == "right")}
        key = corridor.subject_key
        assert {bytes(tag) for tag in tags_since(corridor, known)} == {
            entries.subject_tag(key, "population", pin) for pin in shown
        }

    def test_writes_nothing_when_nothing_can_be_logged(
        self, job: run.Job, without_log: Callable[[], None]
    ) -> None:
        without_log()

        with pytest.raises(errors.LogUnavailable):
            run.match(job, lambda *_: None)

        assert not (job.folder / "pairs.parquet").exists()
        assert not (job.folder / "report.html").exists()

    def test_is_refused_without_an_agreement(self, job: run.Job, desk: Desk) -> None:
        stranger = dataclasses.replace(ERRAND, client="hospital")
        refused = dataclasses.replace(job, right=Register("population", desk, stranger, ON))

        with pytest.raises(errors.AgreementRefuses):
            run.match(refused, lambda *_: None)


class TestSources:
    @pytest.mark.parametrize("name", sorted(SOURCES))
    def test_give_all_fields_of_all_records(self, desk: Desk, name: str) -> None:
        register = Register(name, desk, ERRAND, ON)

        table = register.read(list(SOURCES[name].fields), lambda *_: None)

        assert table.count > 20
        filled = {
            field: sum(map(bool, column.to_pylist())) for field, column in table.columns.items()
        }
        assert set(filled) == set(SOURCES[name].fields)
        assert all(filled.values()), filled

"""Files of spells and contribution months, from the disk to the register."""

import csv
import functools
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from command_line import steward
from command_line.steward import InsuranceFile
from databases.changes.ledger import Act
from databases.changes.versions import AsOf
from databases.loading import mapping, run
from databases.loading.cells import Reference
from databases.loading.report import Summary
from databases.sessions import Databases
from databases.settings import Settings
from insurance import datasets, service
from tests.conftest import ROOT, copied_databases
from tests.factories import insurance as factory

ON = date(2026, 3, 2)
ONE, TWO, THREE, DEAD = (factory.number(position) for position in (1, 2, 3, 4))
SPELL_HEADER = (
    "record_id,number,scheme,unit,from,until,object,salary_vnd,allowance_vnd,rate_permille,"
    "place_of_work,job\n"
)
MONTH_HEADER = "record_id,number,scheme,unit,from,until,salary_vnd\n"
Load = Callable[..., Summary]
Open = Callable[[], AbstractContextManager[Session]]


@pytest.fixture(scope="module")
def open_register(settings: Settings, cluster_url: str, worker: str) -> Iterator[Open]:
    """A register of its own: loads commit."""
    for own in copied_databases(settings, cluster_url, worker, "spells", ["insurance"]):
        databases = Databases(own, "natdb test")
        act = Act("test", datetime(2026, 3, 2, tzinfo=UTC), "tester", "a test", "none", "invented")
        with databases.writing("insurance") as session:
            for position in (1, 2, 3, 4):
                pin = None if position == 3 else factory.pin(position)
                factory.register(session, act, position, pin=pin)
            service.register_merger(session, act=act, old_no=THREE, new_no=TWO, decided_on=ON)
            died_on = date(2024, 1, 1)
            service.register_death(session, act=act, participant_no=DEAD, died_on=died_on, on=ON)
        yield functools.partial(databases.writing, "insurance")
        databases.dispose()


@pytest.fixture
def load(open_register: Open, tmp_path: Path) -> Load:
    def load(kind: InsuranceFile, text: str) -> Summary:
        source = tmp_path / f"{kind.value}.csv"
        source.write_text(text, encoding="utf-8")
        job = run.Job(
            source=source,
            mapping=mapping.read_mapping(ROOT / "insurance" / "mappings" / f"{kind.value}.toml"),
            folder=tmp_path,
            on=ON,
            as_of=None,
            recorded_at=datetime(2026, 3, 2, tzinfo=UTC),
            recorded_by="tester",
        )
        target = steward.insurance_target(kind)
        return run.load(open_register, target, job, Reference(ON), lambda *_: None)

    return load


def rejects(summary: Summary) -> dict[str, str]:
    with Path(summary.rejects_file).open(encoding="utf-8", newline="") as file:
        return {row["line"]: row["rule"] for row in csv.DictReader(file)}


def read(open_register: Open, number: str, field: str) -> list[dict[str, object]]:
    with open_register() as session:
        found = datasets.CONTRIBUTION.fetch(session, [number], frozenset({field}), AsOf(ON))
    listed: list[dict[str, object]] = found.records[number][field]
    return listed


class TestSpells:
    GOOD = (
        f"a1,{ONE},BHXH bắt buộc,YN0123Z,01/09/2025,,,8000000,500000,250,Cà Mau,Kế toán\n"
        f"a2,{THREE},BHYT,YN0123Z,2020-01-01,2021-01-01,DN,,,45,,\n"
        f"a3,{factory.pin(2)},BHYT,YN0456Z,2021-01-01,,DN,,,45,,\n"
    )

    def test_are_recorded_once_under_the_number_that_stands(
        self, load: Load, open_register: Open
    ) -> None:
        first = load(InsuranceFile.SPELLS, SPELL_HEADER + self.GOOD)
        second = load(InsuranceFile.SPELLS, SPELL_HEADER + self.GOOD)

        assert (first.accepted, first.rejected, first.outcomes) == (3, 0, {"inserted": 3})
        assert (second.change, second.outcomes) == (None, {"unchanged": 3})
        spells = read(open_register, TWO, "spells")
        assert [(one["valid_from"], one["rate"]) for one in spells] == [
            ("2020-01-01", "0.045"),
            ("2021-01-01", "0.045"),
        ]

    def test_are_refused_one_by_one_with_their_reason(self, load: Load) -> None:
        load(InsuranceFile.SPELLS, SPELL_HEADER + self.GOOD)
        rows = [
            "b1,9699999999,BHYT,YN0123Z,2025-01-01,,DN,,,,,",
            f"b2,{DEAD},BHYT,YN0123Z,2024-01-02,,DN,,,,,",
            f"b3,{ONE},BHYT,YN0123Z,2025-02-01,2025-02-01,DN,,,,,",
            f"b4,{ONE},BHYT,YN0123Z,2025-01-01,,d1,,,,,",
            f"b5,{ONE},BHYT,YN0123Z,2025-01-01,,DN,,,1001,,",
            f"b6,{ONE},BHTN,YN0123Z,2025-07-01,,,2339999,,,,",
            f"b7,{ONE},BHXH bắt buộc,YN0456Z,2026-01-01,,,8000000,,,,",
            f"b8,{ONE},BHXH tự nguyện,YN0123Z,2015-01-01,2016-01-01,,3000000,,,,",
            f"b9,{ONE},BHXH tự nguyện,YN0456Z,2015-12-31,2017-01-01,,3000000,,,,",
            f"c1,{ONE},Bảo hiểm xe,YN0123Z,2015-01-01,,,3000000,,,,",
            f"c2,{ONE},BHTNLĐ-BNN,YN0123Z,2026-01-01,,,8000000,,,,",
            f"c3,{ONE},BHTNLĐ-BNN,YN0456Z,2026-01-01,,,8000000,,,,",
            f"c4,{DEAD},BHYT,YN0123Z,2023-01-01,,DN,,,,,",
            f"c5,{DEAD},BHYT,YN0123Z,2023-01-01,2024-01-02,DN,,,,,",
            f"c6,{ONE},BHTN,YN0123Z,2025-07-01,,,60000000,,,,",
            f"c7,{ONE},BHXH bắt buộc,YN0456Z,2025-07-01,2025-08-01,,60000000,,,,",
        ]

        summary = load(InsuranceFile.SPELLS, SPELL_HEADER + "\n".join(rows) + "\n")

        assert rejects(summary) == {
            "2": "participant.unknown",
            "3": "participant.dead",
            "4": "period.impossible",
            "5": "object_code.shape",
            "6": "rate.impossible",
            "7": "salary.bounds",
            "8": "scheme.overlaps_in_register",
            "9": "scheme.overlaps_in_file",
            "10": "scheme.overlaps_in_file",
            "11": "choice.unknown",
            "14": "participant.dead",
            "17": "salary.bounds",
        }
        assert summary.outcomes == {"inserted": 4}


class TestContributions:
    def test_are_recorded_for_whole_months(self, load: Load, open_register: Open) -> None:
        text = MONTH_HEADER + (
            f"m1,{TWO},BHXH bắt buộc,YN0123Z,2025-01-01,2025-07-01,7000000\n"
            f"m2,{TWO},BHXH bắt buộc,YN0123Z,2025-07-01,2025-09-02,7000000\n"
            f"m3,{TWO},BHXH bắt buộc,YN0123Z,2025-09-01,,7000000\n"
        )

        summary = load(InsuranceFile.CONTRIBUTIONS, text)

        assert rejects(summary) == {"3": "contribution.months", "4": "value.missing"}
        paid = read(open_register, TWO, "contributions")
        assert [(one["first_month"], one["end_month"]) for one in paid] == [
            ("2025-01-01", "2025-07-01")
        ]

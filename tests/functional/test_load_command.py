"""`./natdb load enterprise`: a file of a province, from the terminal to the register and back."""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from databases.settings import Settings
from tests.conftest import copied_databases

ROOT = Path(__file__).resolve().parents[2]
HEADER = (
    "enterprise_code,name,head_office_address,charter_capital_vnd,main_line_code,business_lines,"
    "issue_date,enterprise_type\n"
)
GOOD = (
    '0100233488,CÔNG TY THỬ A,"Số 1, Phường 6, Thành phố Cà Mau, Tỉnh Cà Mau, Việt Nam",1000,'
    '4661,"4661:Bán buôn, bán lẻ,4690:Khác",1994-04-27,Công ty cổ phần\n'
    '0100047516,CÔNG TY THỬ B,"Số 2, Tỉnh Cà Mau, Việt Nam",2000,,--,2004-01-08,'
    "Doanh nghiệp tư nhân\n"
)
BAD = (
    '0100233480,CÔNG TY THỬ C,"Số 3, Phường 6, Thành phố Cà Mau, Tỉnh Cà Mau",-1,,--,2004-02-30,'
    "Câu lạc bộ\n"
)


@pytest.fixture(scope="module", name="settings")
def own_settings(settings: Settings, cluster_url: str, worker: str) -> Iterator[Settings]:
    """Registers of their own: the command commits what it loads."""
    yield from copied_databases(settings, cluster_url, worker, "steward")


def natdb(settings: Settings, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "command_line.main", *words],
        cwd=ROOT,
        env={**os.environ, **settings.values, "NATDB_HOME": str(settings.home)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def load(settings: Settings, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return natdb(settings, "load", *words, "--out", str(folder / "out"))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "few.csv"
    path.write_text(HEADER + GOOD + BAD, encoding="utf-8")
    return path


class TestLoadEnterprise:
    def test_records_what_is_right_names_what_is_not_and_changes_nothing_twice(
        self, settings: Settings, file: Path, tmp_path: Path
    ) -> None:
        first = load(settings, tmp_path, "enterprise", str(file), "--json")
        second = load(settings, tmp_path, "enterprise", str(file), "--json")

        assert first.returncode == 0, first.stderr
        summary, again = json.loads(first.stdout), json.loads(second.stdout)
        assert (summary["read"], summary["accepted"], summary["rejected"]) == (3, 2, 1)
        assert summary["outcomes"] == {"inserted": 2}
        assert again["outcomes"] == {"unchanged": 2}
        assert again["change"] is None
        assert "checking rows" in first.stderr
        with Path(summary["rejects_file"]).open(encoding="utf-8", newline="") as rejects:
            assert {(row["line"], row["column"]) for row in csv.DictReader(rejects)} == {
                ("4", "enterprise_code"),
                ("4", "charter_capital_vnd"),
                ("4", "issue_date"),
                ("4", "enterprise_type"),
            }

    def test_says_in_one_sentence_why_a_file_cannot_be_loaded(
        self, settings: Settings, tmp_path: Path
    ) -> None:
        path = tmp_path / "old.csv"
        path.write_text(HEADER + GOOD, encoding="utf-16")

        done = load(settings, tmp_path, "enterprise", str(path))

        assert done.returncode == 1
        assert "UTF-16" in done.stderr
        assert "Traceback" not in done.stderr

    def test_refuses_a_day_to_come(self, settings: Settings, file: Path, tmp_path: Path) -> None:
        done = load(settings, tmp_path, "enterprise", str(file), "--as-of", "2999-01-01")

        assert done.returncode == 2
        assert "has not been yet" in done.stderr


class TestLoadCodeList:
    def test_adds_codes_once_to_every_register(self, settings: Settings, tmp_path: Path) -> None:
        path = tmp_path / "classes.csv"
        path.write_text("code,name\n0111,Trồng lúa\n0112,Trồng ngô\n", encoding="utf-8")

        first = natdb(settings, "load", "code-list", "vsic", "36/2025", str(path))
        second = natdb(settings, "load", "code-list", "vsic", "36/2025", str(path))

        assert first.returncode == 0, first.stderr
        assert "2 codes of vsic 36/2025, 2 not in the package" in first.stdout
        for register in ("population", "enterprise"):
            assert f"{register}: 0 added, 0 changed" in second.stdout


class TestLoadParcels:
    def test_a_second_run_says_that_nothing_is_new(
        self, settings: Settings, tmp_path: Path
    ) -> None:
        path = tmp_path / "zone.geojsonl"
        ring = [[20.0, 47.0], [20.001, 47.0], [20.001, 47.001], [20.0, 47.001], [20.0, 47.0]]
        square = {"id": "1", "geometry": {"type": "Polygon", "coordinates": [ring]}}
        path.write_text(json.dumps(square) + "\n", encoding="utf-8")

        first = load(settings, tmp_path, "parcels", str(path))
        second = load(settings, tmp_path, "parcels", str(path))

        assert "1 shapes = 1 registered + 0 unchanged + 0 refused\n" in first.stdout, first.stderr
        assert (
            "1 shapes = 0 registered + 1 unchanged + 0 refused; nothing new: no change was recorded"
            in second.stdout
        )

"""Matching on Spark finds what matching on one machine finds; skips without PySpark or Java."""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from databases.code_lists import reading
from sample_country import dirty_copies

ROOT = Path(__file__).parents[2]
MAPPING = """
record_id = "record_id"
[columns]
full_name = "full_name"
birth_date = "birth_date"
sex = "sex"
address = "address"
"""
NUMBERS = 'personal_number = "personal_number"\ntelephone = "telephone"\n'

_COMMAND = (sys.executable, "-P", "-m", "command_line.main", "match", "file")

needs_spark = pytest.mark.skipif(
    importlib.util.find_spec("pyspark") is None or shutil.which("java") is None,
    reason="needs PySpark (./natdb setup spark) and Java 17",
)


def match(folder: Path, files: list[Path], *options: str) -> subprocess.CompletedProcess[str]:
    described = str(folder / "mapping.toml")
    return subprocess.run(
        [*_COMMAND, *map(str, files), "--mapping", described, *options],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "NATDB_HOME": str(folder / "home")},
        timeout=600,
    )


@needs_spark
class TestSpark:
    def test_finds_the_same_duplicates(self, tmp_path: Path) -> None:
        people = dirty_copies.build(reading.load_catalogue(), persons=1500, copies=500, seed=11)
        self.compare(tmp_path, [people], MAPPING)

    def test_finds_the_same_across_files_where_a_third_bears_one_name(self, tmp_path: Path) -> None:
        people = dirty_copies.build(reading.load_catalogue(), persons=1500, copies=500, seed=12)
        many = np.random.default_rng(3).random(people.num_rows) < 1 / 3
        names = pa.array(
            [
                "Nguyễn Thị Lan" if is_hers else name.as_py()
                for is_hers, name in zip(many, people["full_name"], strict=True)
            ]
        )
        people = people.set_column(people.schema.get_field_index("full_name"), "full_name", names)
        half = people.num_rows // 2
        self.compare(tmp_path, [people.slice(0, half), people.slice(half)], MAPPING + NUMBERS)

    @staticmethod
    def compare(folder: Path, tables: list[pa.Table], mapping: str) -> None:
        (folder / "mapping.toml").write_text(mapping, encoding="utf-8")
        files = [folder / f"{number}.parquet" for number in range(len(tables))]
        for table, path in zip(tables, files, strict=True):
            dirty_copies.write(table, path)

        here = match(folder, files, "--out", "here")
        spark = match(
            folder, files, "--out", "there", "--engine", "spark", "--spark-master", "local[2]"
        )

        assert here.returncode == 0, here.stderr
        assert spark.returncode == 0, spark.stderr
        pairs, same = (pq.read_table(folder / out / "pairs.parquet") for out in ("here", "there"))
        assert pairs.num_rows > 100
        exact = [name for name in pairs.column_names if name not in ("weight", "probability")]
        order = [("left", "ascending"), ("right", "ascending")]
        pairs, same = pairs.sort_by(order), same.sort_by(order)
        assert same.select(exact).equals(pairs.select(exact))
        np.testing.assert_allclose(same["weight"], pairs["weight"], atol=1e-3)
        groups, same_groups = (
            pq.read_table(folder / out / "clusters.parquet") for out in ("here", "there")
        )
        assert same_groups.equals(groups)
        assert not list((folder / "there").glob(".matching-*"))
        assert "log4j" not in spark.stderr


class TestEngines:
    @pytest.mark.skipif(importlib.util.find_spec("pyspark") is None, reason="needs PySpark")
    def test_says_what_is_missing(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PATH", str(tmp_path))
        monkeypatch.delenv("JAVA_HOME", raising=False)
        (tmp_path / "mapping.toml").write_text(MAPPING, encoding="utf-8")
        people = dirty_copies.build(reading.load_catalogue(), persons=20, copies=5, seed=1)
        dirty_copies.write(people, tmp_path / "people.parquet")

        refused = match(tmp_path, [tmp_path / "people.parquet"], "--engine", "spark")

        assert refused.returncode == 1
        assert "apt-get install openjdk-17-jre-headless" in refused.stderr
        assert "Traceback" not in refused.stderr

    def test_knows_no_other(self, tmp_path: Path) -> None:
        (tmp_path / "mapping.toml").write_text(MAPPING, encoding="utf-8")
        (tmp_path / "people.csv").write_text("record_id\n", encoding="utf-8")

        refused = match(tmp_path, [tmp_path / "people.csv"], "--engine", "flink")

        assert refused.returncode == 2
        assert "known are local and spark" in refused.stderr

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq

from databases.code_lists import reading
from sample_country import dirty_copies

MAPPING = """
record_id = "record_id"
[columns]
full_name = "full_name"
birth_date = "birth_date"
sex = "sex"
telephone = "telephone"
"""
# A small file in many ranges, each slow enough to be killed in.
RUN = """
import sys, time
from sharing_api.matching import linkage
linkage._PAIRS_AT_A_TIME = 10_000
compare = linkage._Task._compare
linkage._Task._compare = lambda task, *range_: (time.sleep({pause}), compare(task, *range_))[1]
sys.argv = ["natdb", "match", "file", {file!r}, "--mapping", {mapping!r}, "--out", {out!r}]
from command_line import main
main.main()
"""


class TestKilledMatching:
    def test_goes_on_where_it_was_and_finds_the_same(self, tmp_path: Path) -> None:
        people, described = tmp_path / "people.csv", tmp_path / "mapping.toml"
        table = dirty_copies.build(reading.load_catalogue(), persons=3000, copies=500, seed=3)
        dirty_copies.write(table, people)
        described.write_text(MAPPING, encoding="utf-8")
        killed, whole = tmp_path / "killed", tmp_path / "whole"

        process = self.start(people, described, killed, pause=0.5)
        kept = self.wait_for_ranges(killed, 2)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        before = {path: path.stat().st_mtime_ns for path in kept if path.exists()}
        assert not (killed / "pairs.parquet").exists()
        work = kept[0].parent
        again = self.start(people, described, killed, pause=0.0)
        taken_up = self.still_there(work, before)

        assert again.wait(timeout=120) == 0
        assert self.start(people, described, whole, pause=0.0).wait(timeout=120) == 0
        assert len(before) >= 2
        assert taken_up
        assert pq.read_table(killed / "pairs.parquet").equals(
            pq.read_table(whole / "pairs.parquet")
        )
        assert not list(killed.glob(".matching-*"))

    @staticmethod
    def start(people: Path, mapping: Path, out: Path, pause: float) -> subprocess.Popen[bytes]:
        code = RUN.format(file=str(people), mapping=str(mapping), out=str(out), pause=pause)
        return subprocess.Popen(
            [sys.executable, "-c", code],
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    @staticmethod
    def wait_for_ranges(out: Path, number: int) -> list[Path]:
        until = time.monotonic() + 120
        while time.monotonic() < until:
            kept = sorted(out.glob(".matching-*/pairs-*.npz"))
            if len(kept) >= number:
                return kept
            time.sleep(0.02)
        raise AssertionError("nothing was put aside")

    @staticmethod
    def still_there(work: Path, before: dict[Path, int]) -> bool:
        """Watch until the run is over: what was kept is never written again."""
        until = time.monotonic() + 120
        untouched = True
        while work.exists() and time.monotonic() < until:
            for path, written in before.items():
                try:
                    untouched &= path.stat().st_mtime_ns == written
                except FileNotFoundError:
                    break
            time.sleep(0.05)
        return untouched

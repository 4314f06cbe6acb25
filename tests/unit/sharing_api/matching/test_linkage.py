from itertools import combinations
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from databases.code_lists import reading
from sample_country import dirty_copies
from sharing_api.matching import evaluation, linkage, model, records
from sharing_api.matching.linkage import Linkage

MODEL = model.read_model()
FIELDS = ("full_name", "birth_date", "sex", "address", "telephone", "personal_number")
THRESHOLDS = (0.5, 0.999)


@pytest.fixture(scope="module")
def copies() -> pa.Table:
    catalogue = reading.load_catalogue()
    return dirty_copies.build(catalogue, persons=6_000, copies=2_000, seed=77)


def link(table: pa.Table, fields: tuple[str, ...], folder: Path, workers: int = 0) -> Linkage:
    columns = {field: table[field].combine_chunks() for field in fields}
    data = records.read(MODEL, "person", columns)
    return linkage.link(data, MODEL, folder, lambda *_: None, workers=workers)


def judge(found: Linkage, table: pa.Table) -> evaluation.Evaluation:
    truth = table["person"].to_numpy().astype(np.int64)
    return evaluation.evaluate(found, truth, None, THRESHOLDS)


class TestLink:
    def test_finds_who_was_written_down_twice(self, copies: pa.Table, tmp_path: Path) -> None:
        judged = judge(link(copies, FIELDS, tmp_path), copies)

        assert judged.thresholds[0.5].f1 > 0.99
        assert judged.thresholds[0.999].precision >= 0.999
        assert judged.thresholds[0.999].recall > 0.9
        assert judged.groups.f1 > 0.99

    def test_finds_them_without_any_number(self, copies: pa.Table, tmp_path: Path) -> None:
        judged = judge(link(copies, FIELDS[:4], tmp_path), copies)

        assert judged.thresholds[0.5].f1 > 0.97

    def test_tells_those_who_live_together_apart(self, tmp_path: Path) -> None:
        catalogue = reading.load_catalogue()
        table = dirty_copies.build(catalogue, persons=6_000, copies=2_000, seed=78, homes=True)
        homes = table["address"].to_pylist()

        judged = judge(link(table, FIELDS[:4], tmp_path), table)

        assert len(set(homes)) < 0.7 * len(homes), "people live together"
        assert judged.thresholds[0.5].f1 > 0.98
        assert judged.thresholds[0.999].precision >= 0.999

    @pytest.mark.parametrize(
        "fields",
        [*((field,) for field in FIELDS), *combinations(FIELDS[:4], 2), FIELDS[3:], FIELDS[2:5]],
    )
    def test_finds_copies_whatever_is_missing(
        self, copies: pa.Table, tmp_path: Path, fields: tuple[str, ...]
    ) -> None:
        """Rows of one person, equal in all but the missing fields, are met and not held against."""
        present = [name for name in FIELDS if name not in fields]
        table = copies.slice(0, 600)
        emptied = {
            name: table[name].combine_chunks()
            if name in present
            else pa.array([""] * table.num_rows)
            for name in FIELDS
        }
        full = {name: table[name].combine_chunks() for name in FIELDS}
        columns = records.concatenate(full, emptied)
        data = records.read(MODEL, "person", columns, table.num_rows)

        found = linkage.link(data, MODEL, tmp_path, lambda *_: None)

        own = found.pairs.left + table.num_rows == found.pairs.right
        assert own.sum() >= 0.97 * table.num_rows

    def test_gives_the_same_in_two_processes(self, copies: pa.Table, tmp_path: Path) -> None:
        alone = link(copies, FIELDS, tmp_path / "alone")
        together = link(copies, FIELDS, tmp_path / "together", workers=2)

        assert np.array_equal(alone.pairs.left, together.pairs.left)
        assert np.array_equal(alone.pairs.log_odds, together.pairs.log_odds)
        assert np.array_equal(alone.groups, together.groups)

    def test_takes_up_what_an_earlier_run_put_aside(
        self, copies: pa.Table, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(linkage, "_PAIRS_AT_A_TIME", 20_000)
        first = link(copies, FIELDS, tmp_path)
        kept = sorted(tmp_path.glob("pairs-*.npz"))
        for path in kept[1::2]:  # as if it had been killed half-way
            path.unlink()
        before = {path: path.stat().st_mtime_ns for path in kept[::2]}

        again = link(copies, FIELDS, tmp_path)

        assert len(kept) > 3
        assert {path: path.stat().st_mtime_ns for path in kept[::2]} == before
        assert np.array_equal(first.pairs.log_odds, again.pairs.log_odds)

    def test_says_nothing_of_one_record(self, tmp_path: Path) -> None:
        data = records.read(MODEL, "person", {"full_name": pa.array(["Trần Văn An"])})

        found = linkage.link(data, MODEL, tmp_path, lambda *_: None)

        assert len(found.pairs.left) == 0
        assert found.groups.tolist() == [0]

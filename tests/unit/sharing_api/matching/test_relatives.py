"""Files in which people live together: those of one household are not taken for one person."""

import dataclasses
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from sharing_api.matching import evaluation, explanation, linkage, model, records
from sharing_api.matching.linkage import Linkage
from sharing_api.matching.records import Records

MODEL = model.read_model()
WITHOUT = dataclasses.replace(
    MODEL, relatives=dataclasses.replace(MODEL.relatives, own=frozenset())
)
HOUSEHOLDS = 700
LETTERS = list("abcdefghijklmnoprstuvxyz")


def word(rng: np.random.Generator) -> str:
    return "".join(rng.choice(LETTERS, 7))


@pytest.fixture(scope="module")
def census() -> pa.Table:
    """Write down households of one family name and one street; some persons once more."""
    rng = np.random.default_rng(5)
    names, families = [word(rng) for _ in range(150)], [word(rng) for _ in range(400)]
    rows: list[list[str]] = []
    for _ in range(HOUSEHOLDS):
        family, street = str(rng.choice(families)), f"{rng.integers(1, 300)} {word(rng)}"
        for _ in range(rng.integers(2, 6)):
            born = f"{rng.integers(1930, 2020)}-{rng.integers(1, 13):02d}-{rng.integers(1, 29):02d}"
            row = [f"{rng.choice(names)} {family}", born, street, f"{len(rows):05d}"]
            rows.append(row)
            if rng.random() < 0.25:
                moved = f"{rng.integers(1, 300)} {word(rng)}" if rng.random() < 0.2 else street
                rows.append([row[0][1:] if rng.random() < 0.2 else row[0], born, moved, row[3]])
    whole = list(zip(*rows, strict=True))
    return pa.table(dict(zip(("full_name", "birth_date", "street", "person"), whole, strict=True)))


def read(table: pa.Table) -> Records:
    columns = {name: table[name].combine_chunks() for name in table.column_names[:3]}
    return records.read(MODEL, "person", columns)


def link(table: pa.Table, folder: Path, chosen: model.Model = MODEL) -> Linkage:
    return linkage.link(read(table), chosen, folder, lambda *_: None)


def precision_and_recall(found: Linkage, table: pa.Table) -> tuple[float, float]:
    truth = np.unique(table["person"].to_pylist(), return_inverse=True)[1].astype(np.int64)
    judged = evaluation.evaluate(found, truth, None, (0.5,)).thresholds[0.5]
    return judged.precision, judged.recall


class TestRelatives:
    def test_are_told_from_the_same_person(self, census: pa.Table, tmp_path: Path) -> None:
        precision, recall = precision_and_recall(link(census, tmp_path), census)

        assert precision > 0.97
        assert recall > 0.97

    def test_would_be_taken_for_the_same_by_two_classes(
        self, census: pa.Table, tmp_path: Path
    ) -> None:
        precision, _ = precision_and_recall(link(census, tmp_path, WITHOUT), census)

        assert precision < 0.7

    def test_explain_what_they_take_off(self, census: pa.Table, tmp_path: Path) -> None:
        found, data = link(census, tmp_path), read(census)
        unsure = np.argsort(np.abs(found.pairs.log_odds))[:20]
        left, right = found.pairs.left[unsure], found.pairs.right[unsure]

        explained = explanation.explain(data, found.weights, left, right)

        bits = found.pairs.log_odds[unsure] * explanation.BITS
        assert [sum(part.bits for part in parts) for parts in explained] == pytest.approx(
            bits.tolist(), abs=0.2
        )
        doubts = [
            part.bits
            for parts in explained
            for part in parts
            if part.field == explanation.RELATIVES
        ]
        assert doubts
        assert max(doubts) < 0

    def test_are_not_supposed_where_nothing_tells_them_apart(self, tmp_path: Path) -> None:
        table = pa.table({"street": ["1 a", "1 a", "2 b"], "city": ["x", "x", "y"]})
        columns = {name: table[name].combine_chunks() for name in table.column_names}
        data = records.read(MODEL, "person", columns)

        assert linkage.link(data, MODEL, tmp_path, lambda *_: None).weights.relatives is None

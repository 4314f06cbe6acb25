"""What was learned gives the same weights without the records that it was learned from."""

import dataclasses

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pytest

from databases.code_lists import reading
from sample_country import dirty_copies
from sharing_api.matching import errors, frequencies, learned, linkage, model, records
from sharing_api.matching.frequencies import HERE, Tally
from sharing_api.matching.linkage import Linkage
from sharing_api.matching.records import Records

MODEL = model.read_model()
FIELDS = ("full_name", "birth_date", "sex", "address", "telephone", "personal_number")


def hashes(*values: int) -> npt.NDArray[np.uint64]:
    return np.array(values, dtype=np.uint64)


@pytest.fixture(scope="module")
def columns() -> dict[str, pa.Array]:
    table = dirty_copies.build(reading.load_catalogue(), persons=3_000, copies=1_000, seed=11)
    return {field: table[field].combine_chunks() for field in FIELDS}


@pytest.fixture(scope="module")
def linked(
    columns: dict[str, pa.Array], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Records, Linkage]:
    data = records.read(MODEL, "person", columns)
    return data, linkage.link(data, MODEL, tmp_path_factory.mktemp("link"), lambda *_: None)


class TestLearned:
    def test_weighs_the_same_records_alike_after_being_written_and_read(
        self, columns: dict[str, pa.Array], linked: tuple[Records, Linkage]
    ) -> None:
        data, found = linked
        kept = learned.of(data, found.weights, MODEL, "person", own=2).to_bytes()

        read = learned.from_bytes(kept, MODEL)
        again = linkage.scorer(read.read(columns), read.weights)
        odds = again(found.pairs.left, found.pairs.right)

        assert list(read.kinds) == list(data.kinds)
        assert np.array_equal(odds, found.pairs.log_odds)

    def test_weighs_a_few_records_as_it_weighs_all(
        self, columns: dict[str, pa.Array], linked: tuple[Records, Linkage]
    ) -> None:
        """A partition of the records needs no other record, only what was counted."""
        data, found = linked
        kept = learned.of(data, found.weights, MODEL, "person", own=2)
        rows = np.concatenate([found.pairs.left[:50], found.pairs.right[:50]])
        some = {name: column.take(pa.array(rows)) for name, column in columns.items()}

        odds = linkage.scorer(kept.read(some), kept.weights)(np.arange(50), np.arange(50, 100))

        assert np.array_equal(odds, found.pairs.log_odds[:50])

    def test_leaving_fields_out_is_not_knowing_them(
        self, columns: dict[str, pa.Array], linked: tuple[Records, Linkage]
    ) -> None:
        data, found = linked
        whole = learned.of(data, found.weights, MODEL, "person", own=2)
        some = {name: columns[name] for name in ("birth_date", "full_name", "address")}
        left, right = found.pairs.left, found.pairs.right

        part = whole.select([*some, "address_street"])

        assert list(part.kinds) == [name for name in whole.kinds if name in part.kinds]
        assert np.allclose(
            linkage.scorer(part.read(some), part.weights)(left, right),
            linkage.scorer(whole.read(some), whole.weights)(left, right),
            atol=1e-4,
        )

    def test_refuses_a_field_that_it_knows_nothing_of(
        self, linked: tuple[Records, Linkage]
    ) -> None:
        data, found = linked
        kept = learned.of(data, found.weights, MODEL, "person")

        with pytest.raises(errors.UnknownField, match="shoe_size"):
            kept.read({"shoe_size": pa.array(["41"])})

    @pytest.mark.parametrize("written", [b"", b"PK\x03\x04 and no more", b"\x00" * 100])
    def test_refuses_other_bytes(self, written: bytes) -> None:
        with pytest.raises(errors.NotLearned):
            learned.from_bytes(written, MODEL)


class TestLearnAlone:
    def test_takes_nobody_in_a_register_for_somebody_else(
        self, columns: dict[str, pa.Array]
    ) -> None:
        """What two strangers share is counted; namesakes of one birthday stay strangers."""
        persons = {name: column.slice(0, 3_000) for name, column in columns.items()}
        data = records.read(MODEL, "person", persons)

        kept = learned.learn_alone(data, MODEL, "person")
        rng = np.random.default_rng(3)
        left, right = rng.integers(0, 3_000, 5_000), rng.integers(0, 3_000, 5_000)
        left, right = left[left != right], right[left != right]
        strangers = linkage.scorer(kept.read(persons), kept.weights)
        itself = np.arange(3_000)

        assert kept.records == 3_000
        assert strangers(left, right).max() < 0
        assert np.mean(strangers(itself, itself) > 0) > 0.99

    def test_knows_that_people_live_together(self, columns: dict[str, pa.Array]) -> None:
        """Who is asked for by home and family name alone may be any of those who share them."""
        persons = {name: column.slice(0, 3_000) for name, column in columns.items()}
        data = records.read(MODEL, "person", persons)
        kept = learned.learn_alone(data, MODEL, "person")
        asked = {
            "full_name": pa.array(["Đỗ Thị Quỳnh", "Đỗ Văn Khôi"]),
            "address": pa.array(["Số 5, phố Hàng Thử, phường Hoàn Kiếm, Hà Nội"] * 2),
            "birth_date": pa.array(["", "1951-01-31"]),
        }
        read = kept.read(asked)
        alone = dataclasses.replace(kept.weights, relatives=None)
        pair = np.array([0]), np.array([1])

        doubted = linkage.scorer(read, kept.weights)(*pair)
        believed = linkage.scorer(read, alone)(*pair)

        assert doubted[0] < believed[0] - 0.5
        assert kept.weights.relatives is not None


class TestCounts:
    def test_counts_elsewhere_what_it_counts_here(self) -> None:
        codes = hashes(7, 0, 9, 7, 7, 5)
        tally = Tally(codes, rare_alike=False)

        counts = frequencies.collect({"value": tally})

        assert counts.count("value", tally).tolist() == [3, 0, 1, 3, 3, 1]
        assert HERE.count("value", tally).tolist() == [3, 0, 1, 3, 3, 1]
        assert counts.known("value", tally) == HERE.known("value", tally) == 5

    def test_does_not_keep_what_stands_once_where_it_makes_no_difference(self) -> None:
        counts = frequencies.collect({"value": Tally(hashes(7, 9, 7))})

        assert counts.values["value"].tolist() == [7]
        assert counts.count("value", Tally(hashes(9, 7, 4))).tolist() == [0, 2, 0]

    def test_shares_a_record_out_among_its_codes(self) -> None:
        codes = np.array([[4, 6], [4, 0], [0, 0]], dtype=np.uint64)
        tally = Tally(codes, np.array([[0.5, 0.5], [1, 1], [1, 1]]), rare_alike=False)

        counts = frequencies.collect({"place": tally})

        assert counts.count("place", tally).tolist() == [[1.5, 0.5], [1.5, 0], [0, 0]]
        assert HERE.count("place", tally).tolist() == [[1.5, 0.5], [1.5, 0], [0, 0]]
        assert counts.known("place", tally) == 2

    def test_knows_nothing_of_an_empty_file(self) -> None:
        counts = frequencies.collect({"value": Tally(hashes())})

        assert counts.count("value", Tally(hashes(3))).tolist() == [0]
        assert counts.known("value", Tally(hashes(3))) == 1

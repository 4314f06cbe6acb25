"""Records with several values of a field: the two closest count, and many values count for less."""

import numpy as np
import pyarrow as pa
import pytest

from sharing_api.matching import model, records, subgroups
from sharing_api.matching.fields import numbers, several
from sharing_api.matching.fields.numbers import Telephones
from sharing_api.matching.fields.person_name import SAME, PersonNames
from sharing_api.matching.fields.several import MOST_VALUES, Several

ROWS = np.arange(4)


def names(*lists: list[str] | None) -> Several:
    return Several(pa.array(lists, pa.list_(pa.string())), PersonNames)


class TestCompare:
    def test_takes_the_closest_values(self) -> None:
        field = names(["Trần Thị Mây", "Nguyễn Thị Mây"], ["Lê Văn Gió", "Nguyễn Thị Mây"])

        assert field.compare(np.array([0]), np.array([1])).tolist() == [SAME]

    def test_is_the_same_in_any_order(self) -> None:
        field = names(["A Văn B", "C Thị D"], ["C Thị D"], ["C Thị Đ", "X"], [])
        left, right = (side.ravel() for side in np.meshgrid(ROWS, ROWS))

        there, back = field.compare(left, right), field.compare(right, left)

        assert there.tolist() == back.tolist()

    def test_of_one_value_each_is_as_without_lists(self) -> None:
        texts = ["Nguyễn Văn An", "Nguyen Van An", "Trần An", "", "Lê Thị Hoà", "Lê Thị Hòa"]
        alone = PersonNames(pa.array(texts))
        field = Several(several.as_lists(pa.array(texts)), PersonNames)
        left, right = (side.ravel() for side in np.meshgrid(np.arange(6), np.arange(6)))

        levels = field.compare(left, right)

        assert levels.tolist() == alone.compare(left, right).tolist()
        for level in np.unique(levels[levels > 0]).tolist():
            rows = np.flatnonzero(levels == level)
            ours, theirs = (one.chance(level, left[rows], right[rows]) for one in (field, alone))
            assert (ours is None) == (theirs is None)
            if ours is not None and theirs is not None:
                assert ours == pytest.approx(np.minimum(theirs, 1.0))

    @pytest.mark.parametrize("unknown", [[], None, [""], [None]])
    def test_nothing_is_neither_match_nor_mismatch(self, unknown: list[str] | None) -> None:
        field = names(["A Văn B"], unknown)

        assert field.compare(np.array([0, 1]), np.array([1, 1])).tolist() == [0, 0]
        assert field.is_known.tolist() == [True, False]

    def test_one_unknown_value_does_not_hide_the_other(self) -> None:
        field = names(["", "A Văn B"], ["A Văn B"])

        assert field.compare(np.array([0]), np.array([1])).tolist() == [SAME]


class TestChance:
    def test_grows_with_the_number_of_values(self) -> None:
        rare = [[f"09{number:08d}"] for number in range(100)]
        many = [*rare, ["0912345678", "0987654321", "0911111112"], ["0912345678"]]
        field = Several(pa.array(many), Telephones)
        short = Several(pa.array([*rare, ["0912345678"], ["0912345678"]]), Telephones)
        pair = np.array([100]), np.array([101])

        long_rate, short_rate = (one.chance(numbers.SAME, *pair) for one in (field, short))

        assert long_rate is not None
        assert short_rate is not None
        assert long_rate[0] == pytest.approx(3 * short_rate[0], rel=0.05)


class TestKeys:
    def test_records_meet_by_any_value(self) -> None:
        field = names(["Trần Thị Mây", "Nguyễn Thị Mây"], ["Nguyễn Thị Mây"])

        keys = field.keys()["name"]

        assert {int(vector[1]) for vector in keys} & {int(vector[0]) for vector in keys} != {0}

    def test_only_so_many_values_are_compared(self) -> None:
        field = names([f"Tên Số {number}" for number in range(50)])

        assert len(field.keys()["name"]) == MOST_VALUES


class TestRecords:
    def test_reads_lists_beside_texts(self) -> None:
        columns = {
            "full_name": pa.array([["Nguyễn Thị Mây"], ["Trần Mây", "Nguyễn Thị Mây"]]),
            "address": pa.array([["Số 1, xã Ba Vì, Hà Nội"], ["Số 9, phường Hồng Hà, Hà Nội"]]),
            "sex": pa.array(["nữ", "nữ"]),
        }

        data = records.read(model.read_model(), "person", columns)

        assert list(data.fields) == ["full_name", "address", "address_street", "sex"]
        assert data.compare(np.array([0]), np.array([1]))[0, 0] == SAME
        assert subgroups.list_subgroups(data)["women"].tolist() == [True, True]

    def test_one_side_may_have_lists(self) -> None:
        joined = records.concatenate(
            {"telephone": pa.array(["0912345678", ""])},
            {"telephone": pa.array([["0987654321", "0912345678"]])},
        )

        assert joined["telephone"].to_pylist() == [
            ["0912345678"],
            [],
            ["0987654321", "0912345678"],
        ]


class TestGather:
    def test_makes_lists_record_by_record(self) -> None:
        columns = [pa.array(["a", None, "c"]), pa.array(["d", "e", ""])]

        assert several.gather(columns).to_pylist() == [["a", "d"], ["e"], ["c"]]

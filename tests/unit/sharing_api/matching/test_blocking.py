from itertools import combinations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharing_api.matching import blocking, model, records, rules
from sharing_api.matching.records import Records

MODEL = model.read_model()
WORDS = st.sampled_from(["", "an", "binh", "chi", "dung", "an binh", "chi dung", "binh an"])
ALL = ("occupation.text",)


def read(values: list[str], left: int | None = None) -> Records:
    return records.read(MODEL, "person", {"occupation": pa.array(values)}, left)


def pairs_of(index: blocking.Index, first: int, last: int) -> set[tuple[int, int]]:
    left, right = index.expand(first, last)
    assert len(left) == len({*zip(left.tolist(), right.tolist(), strict=True)}), "a pair twice"
    return {*zip(left.tolist(), right.tolist(), strict=True)}


class TestIndex:
    @given(st.lists(WORDS, min_size=1, max_size=40).filter(any), st.integers(0, 40))
    def test_brings_all_together_that_share_a_key(self, values: list[str], cut: int) -> None:
        data = read(values)
        index = blocking.index(data, ALL, largest=1000)
        cut = min(cut, len(values))

        met = pairs_of(index, 0, cut) | pairs_of(index, cut, len(values))

        assert met == {
            (one, other)
            for one, other in combinations(range(len(values)), 2)
            if values[one] and values[one] == values[other]
        }

    @given(st.lists(WORDS, min_size=2, max_size=40).filter(any), st.data())
    def test_links_only_across(self, values: list[str], data: st.DataObject) -> None:
        left = data.draw(st.integers(1, len(values) - 1))
        index = blocking.index(read(values, left), ALL, largest=1000)

        assert pairs_of(index, 0, left) == {
            (one, other)
            for one in range(left)
            for other in range(left, len(values))
            if values[one] and values[one] == values[other]
        }

    def test_lets_each_meet_only_the_next_where_a_key_says_too_little(self) -> None:
        index = blocking.index(read(["an"] * 50 + ["binh"] * 2), ALL, largest=10)

        assert pairs_of(index, 0, 52) == {*((n, n + 1) for n in range(49)), (50, 51)}
        assert index.oversize == 50


class TestChooseRules:
    @staticmethod
    def choose(columns: dict[str, list[str]], per_record: float) -> list[rules.Rule]:
        data = records.read(MODEL, "person", {n: pa.array(c) for n, c in columns.items()})
        limits = model.Blocking(per_record, 0, 10_000, 3)
        count = blocking.counting(data, limits.largest_group, map)
        return rules.choose_rules(data.implied, data.count, limits, count)

    def test_takes_a_wide_rule_where_it_is_cheap(self) -> None:
        names = [f"person{number // 2:03d}" for number in range(200)]
        rules = self.choose({"occupation": names, "sex": ["Nam", "Nữ"] * 100}, 1.0)

        assert ("occupation.text",) in rules

    def test_joins_what_alone_brings_too_many_together(self) -> None:
        rng = np.random.default_rng(1)
        families = rng.choice(["nguyen", "tran", "le"], 600).tolist()
        born = [f"{day:02d}/{month:02d}/1990" for day, month in rng.integers(1, 13, (600, 2))]
        rules = self.choose({"occupation": families, "birth_date": born}, 2.0)

        assert ALL not in rules
        assert any(len(rule) == 2 and "occupation.text" in rule for rule in rules)

    def test_makes_no_more_pairs_for_each_where_a_third_bears_one_name(self) -> None:
        made = {}
        for count in (4_000, 16_000):
            rng = np.random.default_rng(count)
            words = [f"{a}{b}" for a in "bcdghklmnt" for b in "aeiou"]
            names = np.where(
                rng.random(count) < 1 / 3,
                "Nguyễn Thị Lan",
                [" ".join(three) for three in rng.choice(words, (count, 3))],
            )
            born = [
                f"{d:02d}/{m:02d}/{1940 + y}"
                for d, m, y in zip(
                    rng.integers(1, 29, count),
                    rng.integers(1, 13, count),
                    rng.integers(0, 80, count),
                    strict=True,
                )
            ]
            columns = {"full_name": pa.array(names.tolist()), "birth_date": pa.array(born)}
            data = records.read(MODEL, "person", columns)
            limits = model.Blocking(1.0, 0, 100, 3)
            chosen = rules.choose_rules(
                data.implied, count, limits, blocking.counting(data, 100, map)
            )
            pairs = sum(blocking.index(data, rule, 100).pairs for rule in chosen)
            made[count] = pairs / count
            assert pairs <= len(chosen) * count * 1.5

        assert 0 < made[16_000] <= 1.5 * made[4_000]

    def test_leaves_out_what_another_rule_implies(self) -> None:
        names = [f"Trần Văn Thứ{number}" for number in range(300)]
        rules = self.choose({"full_name": names, "sex": ["Nam"] * 300}, 5.0)

        assert not any(set(one) < set(other) for one in rules for other in rules)

    def test_never_supposes_an_agreement_that_need_not_be(self) -> None:
        """Whatever a key is said to imply must agree whenever the key does."""
        rng = np.random.default_rng(5)
        words = ["Lê", "Vân", "LêVân", "Anh", "Văn", "An", "Ân", "Minh Anh", "mai"]
        names = [" ".join(rng.choice(words, rng.integers(1, 4))) for _ in range(300)]
        codes = [f"{number:04d}"[: rng.integers(1, 5)] for number in rng.integers(0, 60, 300)]
        born = [f"{d:02d}/{m:02d}/198{y}" for d, m, y in rng.integers(1, 4, (300, 3))]
        columns = {"full_name": names, "postcode": codes, "birth_date": born}
        data = records.read(MODEL, "person", {n: pa.array(c) for n, c in columns.items()})

        for key, implied in data.implied.items():
            for other in implied - {key}:
                met, needed = (
                    pairs_of(blocking.index(data, (one,), 10_000), 0, 300) for one in (key, other)
                )
                assert met <= needed, f"{key} does not imply {other}"

    @pytest.mark.parametrize("copies", [1, 12])
    def test_keeps_rules_where_everybody_stands_several_times(self, copies: int) -> None:
        rng = np.random.default_rng(2)
        people = [
            (f"Trần Thị N{person}", f"{rng.integers(1, 28):02d}/05/{rng.integers(1930, 2010)}", "x")
            for person in range(300)
        ]
        rows = [person for person in people for _ in range(copies)]
        names, born, jobs = (list(column) for column in zip(*rows, strict=True))
        rules = self.choose({"full_name": names, "birth_date": born, "occupation": jobs}, 0.1)

        assert rules or copies == 1


class TestEntriesAtOnce:
    def test_gives_what_rules_give_one_by_one(self) -> None:
        texts = ["Trần Văn An", "Lê Thị Bình", "", "Nguyễn Văn Cường Em"]
        data = records.read(
            MODEL,
            "person",
            {
                "full_name": pa.array(texts),
                "birth_date": pa.array(["1990", "", "1-2-1980", "1985"]),
            },
        )
        rules = [*MODEL.index.rules("person"), ("full_name.ends", "birth_date.birth_year")]
        known = [rule for rule in rules if all(name in data.keys for name in rule)]

        rows, hashes = blocking.entries_at_once(rules, data.keys)

        one_by_one = [pair for rule in known for pair in blocking.entries(rule, data.keys)]
        expected = {
            (int(row), int(code))
            for some, codes in one_by_one
            for row, code in zip(some, codes, strict=True)
        }
        assert len(expected) > 10
        assert set(zip(rows.tolist(), hashes.tolist(), strict=True)) == expected

"""What is kept of records compares, weighs and is met exactly as the records themselves."""

import hashlib
from collections.abc import Mapping
from typing import Any

import numpy as np
import orjson
import pyarrow as pa
import pytest

from databases.code_lists import reading
from sample_country import dirty_copies
from sharing_api.matching import explanation, learned, learning, model, records
from sharing_api.matching.fields import column_texts
from sharing_api.matching.fields.kinds import Encoded
from sharing_api.matching.frequencies import HERE
from sharing_api.matching.index import values
from sharing_api.matching.learned import Learned
from sharing_api.matching.records import Records

MODEL = model.read_model()
PERSON = ("full_name", "birth_date", "sex", "address", "telephone", "personal_number")
PEOPLE: dict[str, list[str | None]] = {
    "full_name": [
        "Nguyễn Thị Thu Hà",
        "NGUYEN THI THU HA",
        "Ngô  Văn\u00a0Hòa",
        "Ngô Văn Hoà",
        "H'Hen Niê K'sor",
        "NguyÔn V¨n Hïng",
        "Nguye64n Va8n A",
        "Trần_Văn-An (An em)",
        "Anna Maria Theresia von und zu Hohenfels Graf",
        "一郎 山田",
        "",
        None,
        "…",
    ],
    "birth_date": [
        "1985-03-12", "12/03/1985", "03/1985", "1985", "1985-02-31", "99/99/1985", "", None,
        "1-Mar-85", "1/1/1", "201185", "1985-16-01", "31/12/1899",
    ],
    "sex": ["nam", "Nữ", "male", "2", "0", "", None, "F", "x", "nu", "man", "woman", "1"],
    "personal_number": [
        "001185012345", "001 185 012 345", "000000000", "khong", "", None, "12-34 x", "999",
        "İ12", "na", "1111111", "K9", "012345678",
    ],
    "address": [
        "Số 5, phố Hàng Thử, phường Hoàn Kiếm, Hà Nội",
        "xã Tam Kỳ, Quảng Nam",
        "Tam Kỳ, Quảng Nam, Việt Nam",
        "nowhere at all",
        "",
        None,
        *["P. Bến Nghé, Q.1, TP. Hồ Chí Minh"] * 7,
    ],
}  # fmt: skip
FIRMS = {
    "name": [
        "Công ty TNHH An Bình",
        "An Bình TNHH",
        "CÔNG TY CỔ PHẦN XÂY DỰNG",
        "",
        "Bình An Phát",
    ],
    "enterprise_code": ["0101234567", "0101234576", "", "0312345678", "0312345678-001"],
    "issue_date": ["2010-01-02", "02/01/2010", "2010", "", "2011-02-30"],
    "address": [
        "Số 5, phố Hàng Thử, phường Hoàn Kiếm, Hà Nội",
        "xã Tam Kỳ, Quảng Nam",
        "Tam Kỳ, Quảng Nam",
        "",
        "nowhere",
    ],
    "legal_form": ["TNHH", "tnhh", "CP", "", "CP"],
}
# Whoever changes what a value is read as, how it is written down, or what is counted of a field,
# sets this anew together with `values.KEPT`, and all indexes are made anew.
PINNED = (2, "0792109794c8e490")


@pytest.fixture(scope="module")
def people() -> dict[str, pa.Array]:
    table = dirty_copies.build(reading.load_catalogue(), persons=3_000, copies=1_000, seed=5)
    return {field: table[field].combine_chunks() for field in PERSON}


def learn(subject: str, columns: Mapping[str, Any]) -> Learned:
    return learned.learn_alone(records.read(MODEL, subject, columns), MODEL, subject)


def several(column: pa.Array) -> pa.Array:
    """Give each record its own value and that of the next but one, some none."""
    texts = column.to_pylist()
    lists = [[one, other] for one, other in zip(texts, texts[2:] + texts[:2], strict=True)]
    lists[3], lists[4] = [], None
    return pa.array(lists, pa.list_(pa.string()))


def require_the_same(taught: Learned, texts: Mapping[str, Any], encoded: Mapping[str, Any]) -> None:
    read, kept = taught.read(texts), taught.read(encoded)
    rng = np.random.default_rng(7)
    left, right = rng.integers(0, read.count, 6_000), rng.integers(0, read.count, 6_000)
    left[: read.count] = right[: read.count] = np.arange(read.count)

    levels = read.compare(left, right)
    chances = [weigh_chances(taught, one, left, right) for one in (read, kept)]
    odds = [
        taught.weights.log_odds(one, levels, chance, left)
        for one, chance in zip((read, kept), chances, strict=True)
    ]

    assert len(np.unique(levels)) > 3
    assert np.array_equal(kept.compare(left, right), levels)
    assert np.array_equal(*chances)
    assert np.array_equal(*odds)
    for name, vectors in read.keys.items():
        assert all(map(np.array_equal, vectors, kept.keys[name])), name
    few = left[:50], right[:50]
    explained = [explanation.explain(one, taught.weights, *few) for one in (read, kept)]
    assert explained[0] == explained[1]


def weigh_chances(taught: Learned, data: Records, left: Any, right: Any) -> Any:
    return learning.log_chances(
        data, taught.weights.strangers, data.compare(left, right), left, right
    )


class TestEncode:
    def test_weighs_persons_as_the_texts_do(self, people: dict[str, pa.Array]) -> None:
        taught = learn("person", people)

        require_the_same(taught, people, stored(taught.read(people)))

    def test_weighs_firms_as_the_texts_do(self) -> None:
        firms = {name: pa.array(texts * 40) for name, texts in FIRMS.items()}
        taught = learn("enterprise", firms)

        require_the_same(taught, firms, stored(taught.read(firms)))

    def test_weighs_several_values_as_the_texts_do(self, people: dict[str, pa.Array]) -> None:
        lists = {name: several(people[name]) for name in ("full_name", "address", "telephone")}
        taught = learn("person", people)

        require_the_same(taught, lists, stored(taught.read(lists)))

    def test_holds_one_value_against_several(self, people: dict[str, pa.Array]) -> None:
        """A question gives one name; a register knows those of before too."""
        taught = learn("person", people)
        one = {"full_name": people["full_name"].slice(0, 500)}
        many = {"full_name": several(people["full_name"].slice(0, 500))}
        texts = records.concatenate(one, many)
        left, right = np.arange(500), np.arange(500, 1_000)

        joined = stored(taught.read(one))["full_name"].followed_by(
            stored(taught.read(many))["full_name"]
        )
        kept = taught.read({"full_name": joined}, 500).compare(left, right)

        assert np.array_equal(kept, taught.read(texts, 500).compare(left, right))
        assert (kept[:, 0] == 1).sum() > 400

    def test_is_pinned_to_the_version_of_what_is_kept(self) -> None:
        """Entries of an index outlive the code that wrote them."""
        told: list[dict[str, Any]] = []
        for subject, columns in (
            ("person", {name: pa.array(texts) for name, texts in PEOPLE.items()}),
            ("enterprise", {name: pa.array(texts) for name, texts in FIRMS.items()}),
        ):
            kinds = records.kinds_of(MODEL, subject, list(columns))
            read = records.read_as(kinds, dict.fromkeys(kinds, HERE), columns)
            told.append({name: one.values for name, one in read.encode().items()})
            told.append({name: sorted(one.tallies) for name, one in read.fields.items()})

        digest = hashlib.sha256(orjson.dumps(told)).hexdigest()[:16]

        assert (values.KEPT, digest) == PINNED


def stored(data: Records) -> dict[str, Encoded]:
    """Encode records as an index stores them."""
    return {
        name: Encoded(orjson.loads(orjson.dumps(one.values)), one.is_several)
        for name, one in data.encode().items()
    }


class TestFewTexts:
    def test_are_read_as_many_are(
        self, people: dict[str, pa.Array], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Few texts go by Python, many by Arrow: both read the same."""
        written = [*PEOPLE["full_name"], *people["full_name"].to_pylist()[:450]]
        numbers = [*PEOPLE["personal_number"], *people["telephone"].to_pylist()[:450]]
        firms = [*FIRMS["name"], "Chi nhánh Cty CP XNK Đại_Dương", "株式会社 co ltd"]
        asked = (("full_name", written), ("personal_number", numbers), ("telephone", numbers))
        person = [encode("person", name, texts) for name, texts in asked]
        firm = encode("enterprise", "name", firms)
        assert max(len(written), len(numbers)) <= column_texts.FEW

        monkeypatch.setattr(column_texts, "FEW", -1)

        assert [encode("person", name, texts) for name, texts in asked] == person
        assert encode("enterprise", "name", firms) == firm


def encode(subject: str, name: str, texts: list[str | None]) -> Any:
    return MODEL.kind_of(subject, name).read(pa.array(texts, pa.string())).encode()

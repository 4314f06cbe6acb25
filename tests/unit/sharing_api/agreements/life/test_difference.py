"""Versions in words: every member is told, nothing is told of what is the same."""

import copy
from typing import Any

import pytest

from sharing_api.agreements.life import difference
from sharing_api.standards import catalogue
from tests.factories.exchange import make_agreement

DATASET = "population/citizen"


def titles(dataset: str, field: str) -> str:
    return "Tôn giáo" if field == "religion" else ""


def change(pointer: tuple[str, ...], value: Any) -> tuple[difference.Difference, ...]:
    old = make_agreement()
    new = copy.deepcopy(old)
    place = new
    for part in pointer[:-1]:
        place = place[part]
    place[pointer[-1]] = value
    return difference.compare(old, new, titles)


class TestCompare:
    def test_says_nothing_of_the_same(self) -> None:
        assert difference.compare(make_agreement(), make_agreement(), titles) == ()

    @pytest.mark.parametrize(
        ("pointer", "value", "sentences"),
        [
            (
                ("datasets", DATASET, "fields", "religion"),
                "full",
                [
                    "gained (thêm): field religion of population/citizen, as full (Tôn giáo)",
                ],
            ),
            (
                ("datasets", DATASET, "fields", "born"),
                "year_only",
                [
                    "changed (thay đổi): field born of population/citizen, from full to year_only "
                    "(trường dữ liệu)",
                ],
            ),
            (
                ("datasets", DATASET, "operations"),
                ["look-up", "verify", "batch"],
                ["lost (bớt): operation search of population/citizen (hình thức khai thác)"],
            ),
            (
                ("purposes",),
                ["tax"],
                [
                    "gained (thêm): purpose tax (mục đích)",
                    "lost (bớt): purpose public_service.residence (mục đích)",
                ],
            ),
            (
                ("quota",),
                {"per_day": 5, "per_minute": None},
                ["changed (thay đổi): quota, from none to per_day 5, per_minute none (hạn mức)"],
            ),
            (
                ("delegates",),
                [{"agency": "H91"}],
                ["gained (thêm): delegate agency H91 (cơ quan được ủy quyền)"],
            ),
        ],
    )
    def test_tells_each_kind(self, pointer: tuple[str, ...], value: Any, sentences: Any) -> None:
        assert [one.sentence for one in change(pointer, value)] == sentences

    def test_tells_every_member_of_the_standard(self) -> None:
        schema = catalogue.get_json_schema("agreement", "1.2")
        names = set(schema["properties"]) - {
            *("standard", "agreement", "version", "previous", "provider", "consumer"),
        }

        silent = {name for name in names if not change((name,), {"x": {}})}

        assert silent == set()

    def test_tells_every_member_of_a_dataset(self) -> None:
        terms = catalogue.get_json_schema("agreement", "1.2")["$defs"]["dataset_terms"]

        silent = {
            name
            for name in terms["properties"]
            if not change(("datasets", DATASET, name), {"x": "full"})
        }

        assert silent == set()

"""Wherever one register is named, every register is named: none is forgotten in a list."""

import configparser
import re
import tomllib
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from databases import settings
from sample_country import chapters
from sharing_api.disclosure import catalogue
from tests.architecture import code


def find_left_out(content: Any, registers: Sequence[str]) -> list[str]:
    """Name the lists of a configuration in which not all registers stand alike, by their place."""
    return [
        place
        for place, items in _lists(content, "")
        if len({_about(register, items) for register in registers}) > 1
    ]


def _lists(content: Any, place: str) -> Iterator[tuple[str, list[str]]]:
    if isinstance(content, dict):
        for name, value in content.items():
            yield from _lists(value, f"{place}.{name}".lstrip("."))
    elif isinstance(content, list) and all(isinstance(one, str) for one in content):
        yield place, content
    elif isinstance(content, list):
        for number, value in enumerate(content):
            yield from _lists(value, f"{place}[{number}]")


def _about(register: str, items: list[str]) -> frozenset[str]:
    """Give what a list says of a register, without its name; `a | b` are two items."""
    word = re.compile(rf"\b{register}\b")
    parts = [part for item in items for part in item.split(" | ")]
    return frozenset(word.sub("", part) for part in parts if word.search(part))


class TestRegisters:
    def test_stand_alike_in_the_lists_of_the_project(self) -> None:
        content = tomllib.loads((code.ROOT / "pyproject.toml").read_text(encoding="utf-8"))

        assert find_left_out(content, settings.REGISTERS) == []

    def test_that_are_left_out_are_found(self) -> None:
        planted = {"a": {"list": ["land.rules", "sea.rules"], "other": ["land | sky", "sea.rules"]}}

        assert find_left_out(planted, ["land", "sea"]) == ["a.other"]

    def test_have_a_line_of_migrations(self) -> None:
        parser = configparser.ConfigParser(interpolation=None)
        parser.read(code.ROOT / "alembic.ini", encoding="utf-8")

        assert set(parser.sections()) == set(settings.DATABASES)

    def test_are_told_of_in_the_sample_country(self) -> None:
        told = [chapter.register for chapter in chapters.CHAPTERS]

        assert sorted(told) == sorted(settings.REGISTERS)

    @pytest.mark.parametrize("register", settings.REGISTERS)
    def test_publish_datasets_in_a_standard(self, register: str) -> None:
        published = [one for one in catalogue.DATASETS.values() if one.register == register]

        assert published
        for dataset in published:
            folder = code.ROOT / "standards" / dataset.standard / dataset.standard_version
            assert (folder / "standard.toml").is_file(), folder

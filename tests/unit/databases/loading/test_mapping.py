"""What a mapping file must say, and what a file must have for it."""

from pathlib import Path

import pytest

from databases.loading import errors, mapping

GOOD = """
[mapping]
name = "few"
title = "A few firms"
register = "enterprise"
key = "code"
legal_basis = "invented"
ignored = ["remark"]
[columns.code]
type = "text"
[columns.lines]
from = ["main", "others"]
type = "text"
"""
SHIPPED = Path(__file__).parents[4] / "enterprise" / "mappings"


def read(tmp_path: Path, text: str) -> mapping.FileMapping:
    path = tmp_path / "few.toml"
    path.write_text(text, encoding="utf-8")
    return mapping.read_mapping(path)


class TestReadMapping:
    def test_reads_columns_and_their_sources(self, tmp_path: Path) -> None:
        found = read(tmp_path, GOOD)

        assert found.sources == ("code", "main", "others")
        assert found.key == "code"

    @pytest.mark.parametrize(
        ("old", "new", "said"),
        [
            ('name = "few"', "", "lacks name"),
            ('key = "code"', 'key = "pin"', "the key pin"),
            ('type = "text"', 'type = "txt"', "needs a type"),
            ("[mapping]", "[head]", r"no table \[mapping\]"),
            ("[mapping]", "[mapping", "not a TOML"),
        ],
    )
    def test_refuses_what_is_incomplete(
        self, tmp_path: Path, old: str, new: str, said: str
    ) -> None:
        with pytest.raises(errors.BadMapping, match=said):
            read(tmp_path, GOOD.replace(old, new))

    @pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.toml")), ids=lambda p: p.stem)
    def test_reads_every_mapping_that_ships(self, path: Path) -> None:
        assert mapping.read_mapping(path).name == path.stem


class TestRequireHeader:
    def test_gives_the_columns_that_nobody_reads(self, tmp_path: Path) -> None:
        header = ("remark", "others", "main", "code", "colour")

        assert mapping.require_header(read(tmp_path, GOOD), header) == ("colour",)

    def test_names_missing_and_doubled_columns(self, tmp_path: Path) -> None:
        with pytest.raises(errors.ColumnsMissing, match=r"missing: others.*twice: code"):
            mapping.require_header(read(tmp_path, GOOD), ("code", "code", "main"))

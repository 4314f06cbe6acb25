"""Columns and checks that tables of all registers share."""

from enum import StrEnum

from sqlalchemy import Column, Integer, Table
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from databases import base
from databases.changes import versions


class Kind(StrEnum):
    """Two kinds."""

    ONE = "one"
    TWO = "two"


metadata = base.new_metadata("land")
plain = Table("plain", metadata, Column("id", Integer, comment="a number"))
tree = versions.versioned_table(
    "tree",
    metadata,
    base.text_column("tree_code", "number of the tree", nullable=False),
    base.text_column("kind", "one or two"),
    base.one_of("kind", Kind, name="kind"),
    base.digits("tree_code", 6, name="code_shape"),
    key=("tree_code",),
    comment="a tree",
)


def ddl(element: CreateTable | CreateIndex) -> str:
    return str(element.compile(dialect=postgresql.dialect()))  # type: ignore[no-untyped-call]


class TestChecks:
    def test_say_which_values_a_column_holds(self) -> None:
        written = ddl(CreateTable(tree))

        assert "CONSTRAINT ck_tree_kind CHECK (kind IN ('one', 'two'))" in written
        assert "CONSTRAINT ck_tree_code_shape CHECK (tree_code ~ '^[0-9]{6}$')" in written


class TestListTables:
    def test_gives_the_versioned_ones(self) -> None:
        assert versions.list_tables(metadata) == [tree]
        assert versions.key_of(tree) == ("tree_code",)


class TestCurrentIndex:
    def test_holds_the_versions_that_stand(self) -> None:
        index = versions.current_index("ix_tree_kind", tree.c.kind, where=tree.c.kind != "one")

        assert ddl(CreateIndex(index)).endswith("WHERE to_change IS NULL AND kind != 'one'")

    def test_of_trigrams_serves_parts_of_texts(self) -> None:
        index = versions.current_trigrams("ix_tree_part", tree.c.kind)

        written = ddl(CreateIndex(index))
        assert "USING gin (kind gin_trgm_ops)" in written
        assert written.endswith("WHERE to_change IS NULL")

"""Every table and column says what it holds."""

import importlib

import pytest
from sqlalchemy import Column, MetaData, Table, Text

from databases.settings import EXCHANGE, REGISTERS

MODULES = {**{name: f"{name}.tables" for name in REGISTERS}, EXCHANGE: "sharing_api.tables"}


def find_without_comment(metadata: MetaData) -> list[str]:
    """Name the tables and columns that do not say what they hold."""
    found = []
    for table in metadata.sorted_tables:
        if not table.comment:
            found.append(table.name)
        found += [f"{table.name}.{c.name}" for c in table.columns if not c.comment]
    return found


class TestTables:
    @pytest.mark.parametrize("database", MODULES)
    def test_say_what_they_hold(self, database: str) -> None:
        metadata = importlib.import_module(MODULES[database]).metadata

        assert metadata.tables
        assert find_without_comment(metadata) == []

    @pytest.mark.parametrize("database", MODULES)
    def test_lie_in_the_schema_of_their_database(self, database: str) -> None:
        metadata = importlib.import_module(MODULES[database]).metadata

        assert {table.schema for table in metadata.sorted_tables} == {database}

    def test_that_do_not_are_found(self) -> None:
        metadata = MetaData()
        Table("a", metadata, Column("b", Text), Column("c", Text, comment="c"))

        assert find_without_comment(metadata) == ["a", "a.b"]

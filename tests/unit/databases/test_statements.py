"""Statements of what registers publish: which versions they read, and what is rendered."""

import pytest
from sqlalchemy import Column, MetaData, Table, Text, select
from sqlalchemy.dialects.postgresql import DATERANGE

from databases import statements
from databases.changes import ledger

METADATA = MetaData(schema="garden")
TREE = Table(
    "tree",
    METADATA,
    Column("tree_no", Text),
    Column("kind", Text),
    Column("valid", DATERANGE),
    Column("from_change", Text),
    Column("to_change", Text),
)
LEDGER = ledger.define_ledger(METADATA)
t = TREE.alias("t")


class TestIsKnown:
    def test_now_asks_for_what_was_not_ended(self) -> None:
        assert str(statements.is_known(t, False)) == "t.to_change IS NULL"

    def test_at_a_change_binds_it(self) -> None:
        assert str(statements.is_known(t, True)) == (
            "t.from_change <= :change AND (t.to_change IS NULL OR t.to_change > :change)"
        )


class TestIsHeld:
    def test_is_written_like_the_index_of_current_versions(self) -> None:
        assert str(statements.is_held(t, False)) == (
            "t.to_change IS NULL"
            " AND coalesce(upper(t.valid), 'infinity'::date) > :valid_on"
            " AND coalesce(lower(t.valid), '-infinity'::date) <= :valid_on"
        )


class TestListColumns:
    def test_prefers_what_is_read_in_place_of_a_column(self) -> None:
        derived = {"kind": lambda at_change: t.c.tree_no if at_change else t.c.kind}

        columns = statements.list_columns(t, derived, ["tree_no", "kind"], True)

        assert [column.name for column in columns] == ["tree_no", "kind"]
        assert str(select(columns[1])).startswith("SELECT t.tree_no AS kind")

    def test_an_unknown_name_fails(self) -> None:
        with pytest.raises(KeyError):
            statements.list_columns(t, {}, ["height"], False)


class TestFoundKeys:
    def test_finds_before_it_orders(self) -> None:
        found = statements.found_keys(t, "tree_no", [t.c.kind == "oak"], False)

        rendered = statements.render(found, head=LEDGER.head)
        assert "found AS MATERIALIZED" in rendered.sql
        assert "ORDER BY found.tree_no \n LIMIT %(limit)s" in rendered.sql


class TestRender:
    def test_reads_the_last_change_even_if_nothing_is_found(self) -> None:
        rendered = statements.render(select(t.c.tree_no.label("key")), head=LEDGER.head)

        assert "LEFT OUTER JOIN" in rendered.sql
        assert rendered.sql.startswith(f"SELECT {LEDGER.head.fullname}.last_change")

    def test_keeps_constants_beside_the_text(self) -> None:
        rendered = statements.render(select(t.c.tree_no).where(t.c.kind == "o'k"), head=LEDGER.head)

        assert rendered.constants == {"kind_1": "o'k"}
        assert "o'k" not in rendered.sql

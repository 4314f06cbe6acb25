"""Every database goes up, down and up again; what stands there is what the tables say."""

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Engine, text

from population import tables
from tests.integration.migrations.conftest import Site

# Everything that a migration can leave behind in a schema, with what it is made of.
_OBJECTS = """
WITH place AS (SELECT oid FROM pg_namespace WHERE nspname = :schema)
SELECT 'relation', concat(c.relkind, ' ', c.relname),
       coalesce(obj_description(c.oid, 'pg_class'), '')
  FROM pg_class c, place WHERE c.relnamespace = place.oid
UNION ALL
SELECT 'column', c.relname || '.' || a.attname, concat_ws(' ',
       format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,
       pg_get_expr(d.adbin, d.adrelid), col_description(c.oid, a.attnum))
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum, place
  WHERE c.relnamespace = place.oid AND c.relkind = 'r'
UNION ALL
SELECT 'index', c.relname, pg_get_indexdef(c.oid)
  FROM pg_class c, place WHERE c.relnamespace = place.oid AND c.relkind = 'i'
UNION ALL
SELECT 'constraint', conname, pg_get_constraintdef(k.oid)
  FROM pg_constraint k, place WHERE k.connamespace = place.oid
UNION ALL
SELECT 'trigger', c.relname || '.' || t.tgname, concat(t.tgenabled, pg_get_triggerdef(t.oid))
  FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid, place
  WHERE c.relnamespace = place.oid AND NOT t.tgisinternal
UNION ALL
SELECT 'function', p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')', p.prosrc
  FROM pg_proc p, place WHERE p.pronamespace = place.oid
UNION ALL
SELECT 'type', t.typname, t.typtype::text FROM pg_type t, place WHERE t.typnamespace = place.oid
UNION ALL
SELECT 'grant', c.relname, concat_ws(' ', g.grantee::regrole, g.privilege_type)
  FROM pg_class c, aclexplode(c.relacl) g, place WHERE c.relnamespace = place.oid
UNION ALL
SELECT 'column grant', c.relname || '.' || a.attname,
       concat_ws(' ', g.grantee::regrole, g.privilege_type)
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid, aclexplode(a.attacl) g, place
  WHERE c.relnamespace = place.oid
UNION ALL
SELECT 'schema grant', nspname, concat_ws(' ', g.grantee::regrole, g.privilege_type)
  FROM pg_namespace, aclexplode(coalesce(nspacl, acldefault('n', nspowner))) g
  WHERE nspname = :schema
"""
_VERSION_TABLE = "alembic_version"


def _objects(engine: Engine, schema: str) -> set[tuple[str, str, str]]:
    with engine.connect() as connection:
        rows = connection.execute(text(_OBJECTS), {"schema": schema}).all()
    return {(kind, name, what) for kind, name, what in rows if _VERSION_TABLE not in name}


class TestMigrations:
    def test_go_up_down_and_up_without_a_trace(self, empty_site: Site) -> None:
        owner, schema = empty_site.engines["owner"], empty_site.database
        with owner.begin() as connection:
            connection.execute(text(f"CREATE SCHEMA {schema}"))
        empty = _objects(owner, schema)

        command.upgrade(empty_site.config, "head")
        first = _objects(owner, schema)
        command.downgrade(empty_site.config, "base")
        left = _objects(owner, schema)
        command.upgrade(empty_site.config, "head")
        second = _objects(owner, schema)

        assert len(first) > 100
        assert left == empty
        assert second == first

    def test_go_up_and_down_one_by_one(self, empty_site: Site) -> None:
        owner, schema = empty_site.engines["owner"], empty_site.database
        states = []
        command.upgrade(empty_site.config, "+1")
        states.append(_objects(owner, schema))
        head = ScriptDirectory.from_config(empty_site.config).get_current_head() or ""
        for _ in range(int(head) - 1):
            command.upgrade(empty_site.config, "+1")
            states.append(_objects(owner, schema))

        for expected in states[-2::-1]:
            command.downgrade(empty_site.config, "-1")

            assert _objects(owner, schema) == expected


class TestCheck:
    def test_finds_nothing_at_head(self, empty_site: Site) -> None:
        command.upgrade(empty_site.config, "head")

        command.check(empty_site.config)

    @pytest.mark.parametrize(
        ("drift", "undo"),
        [
            (
                "COMMENT ON COLUMN population.person.pin IS 'planted'",
                "COMMENT ON COLUMN population.person.pin IS '{column_comment}'",
            ),
            (
                "COMMENT ON TABLE population.person IS 'planted'",
                "COMMENT ON TABLE population.person IS '{table_comment}'",
            ),
            (
                "ALTER TABLE population.person ADD COLUMN planted text",
                "ALTER TABLE population.person DROP COLUMN planted",
            ),
            ("CREATE TABLE population.planted (a text)", "DROP TABLE population.planted"),
            (
                "CREATE INDEX planted ON population.person (pin)",
                "DROP INDEX population.planted",
            ),
        ],
        ids=["column comment", "table comment", "column", "table", "index"],
    )
    def test_finds_drift(self, sites: dict[str, Site], drift: str, undo: str) -> None:
        site = sites["population"]
        undo = undo.format(
            column_comment=tables.person.c.pin.comment, table_comment=tables.person.comment
        )
        command.check(site.config)  # so that what is found is this drift
        with site.engines["owner"].begin() as connection:
            connection.execute(text(drift))

        try:
            with pytest.raises(CommandError, match="New upgrade operations detected"):
                command.check(site.config)
        finally:
            with site.engines["owner"].begin() as connection:
                connection.execute(text(undo))

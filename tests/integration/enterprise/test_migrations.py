"""The migrations of the register go up, down and up again, and agree with the tables."""

from alembic import command
from sqlalchemy import NullPool, create_engine, inspect

from databases.settings import Settings
from enterprise import tables
from tests.conftest import alembic_config


class TestMigrations:
    def test_up_down_up_leaves_what_the_tables_say(self, settings: Settings) -> None:
        url = settings.url("enterprise", "owner")
        config = alembic_config("enterprise", url.render_as_string(hide_password=False))
        engine = create_engine(url, poolclass=NullPool)

        command.check(config)
        command.downgrade(config, "base")
        assert inspect(engine).get_table_names(schema="enterprise") == ["alembic_version"]
        command.upgrade(config, "head")
        command.check(config)

        assert "enterprise" in inspect(engine).get_table_names(schema="enterprise")

    def test_every_table_and_column_says_what_it_holds(self) -> None:
        for table in tables.metadata.sorted_tables:
            assert table.comment, table.name
            assert all(column.comment for column in table.columns), table.name

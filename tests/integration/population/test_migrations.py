"""The migrations of the register go up, down and up again, and agree with the tables."""

from alembic import command
from sqlalchemy import NullPool, create_engine, inspect

from databases.settings import Settings
from population import tables
from tests.conftest import ROOT, alembic_config


class TestMigrations:
    def test_up_down_up_leaves_what_the_tables_say(self, settings: Settings) -> None:
        url = settings.url("population", "owner")
        config = alembic_config("population", url.render_as_string(hide_password=False))
        engine = create_engine(url, poolclass=NullPool)

        command.check(config)
        command.downgrade(config, "base")
        assert inspect(engine).get_table_names(schema="population") == ["alembic_version"]
        command.upgrade(config, "head")
        command.check(config)

        assert "person" in inspect(engine).get_table_names(schema="population")

    def test_the_head_file_names_the_last_revision(self) -> None:
        folder = ROOT / "migrations" / "population"
        last = max(path.name[:4] for path in folder.glob("[0-9]*.py"))

        assert (folder / "HEAD").read_text(encoding="utf-8").strip() == last

    def test_every_table_and_column_says_what_it_holds(self) -> None:
        for table in tables.metadata.sorted_tables:
            assert table.comment, table.name
            assert all(column.comment for column in table.columns), table.name

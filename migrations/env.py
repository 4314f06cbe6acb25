"""Alembic's environment for every database; the section of alembic.ini says which one."""

import importlib
from typing import Any

from alembic import context
from sqlalchemy import MetaData, NullPool, create_engine, text

from databases import settings as settings_module

# Writers of one database must not migrate it twice at the same time.
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('migrations'))"


def _metadata(database: str) -> MetaData:
    module = "sharing_api.tables" if database == settings_module.EXCHANGE else f"{database}.tables"
    metadata: MetaData = importlib.import_module(module).metadata
    return metadata


def _include_name(name: str | None, kind: str, parents: Any) -> bool:
    return kind != "schema" or name == database


database = context.config.config_ini_section
options: dict[str, Any] = {
    "target_metadata": _metadata(database),
    "version_table_schema": database,
    "include_schemas": True,
    "include_name": _include_name,
    "compare_server_default": False,
    "transaction_per_migration": True,
}

if context.is_offline_mode():
    context.configure(dialect_name="postgresql", literal_binds=True, **options)
    with context.begin_transaction():
        context.run_migrations()
else:
    url = context.config.attributes.get("url") or settings_module.load().url(database, "owner")
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {database}"))
        connection.commit()
        context.configure(connection=connection, **options)
        with context.begin_transaction():
            connection.execute(text(_LOCK))
            context.run_migrations()
    engine.dispose()

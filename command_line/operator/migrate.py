"""Brings the databases to their newest revision, and tells where they are."""

from dataclasses import dataclass
from pathlib import Path

import psycopg2
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import NullPool, create_engine
from sqlalchemy.exc import OperationalError

from command_line.operator import code_lists, machine, terminal
from databases import errors, local_cluster
from databases import settings as settings_module
from databases.local_cluster import reports
from databases.settings import Settings

_ROOT = Path(__file__).resolve().parents[2]


class UnknownDatabase(errors.Invalid):
    """There is no database of this name."""

    code = "operator.unknown_database"


@dataclass(frozen=True, slots=True)
class State:
    """Where a database is.

    Args:
        head: newest revision in this checkout; empty when there is none.
        at: revision of the database; empty when it was never migrated, None when the database
            cannot be reached.
        pending: revisions still to come, oldest first.
    """

    database: str
    head: str
    at: str | None
    pending: tuple[str, ...]


def migrate(
    settings: Settings, database: str | None = None, report: reports.Reporter | None = None
) -> None:
    """Bring one database, or all of them, to the newest revision.

    Raises:
        UnknownDatabase: there is no database of this name.
    """
    told = report or reports.Silent()
    for name in _chosen(database):
        pending = read_state(settings, name).pending
        if not pending:
            continue
        with told.step(f"Migrating {name} to {pending[-1]}"):
            command.upgrade(_config(settings, name), "heads")


def read_state(settings: Settings, database: str) -> State:
    """Read where a database is and what is pending."""
    scripts = ScriptDirectory.from_config(_config(settings, database))
    heads = scripts.get_heads()
    at = _revision(settings, database)
    walked = list(scripts.walk_revisions()) if heads else []
    known = {revision.revision for revision in walked}
    pending: list[str] = []
    for revision in walked:
        if at == revision.revision:
            break
        pending.append(revision.revision)
    # A revision that this checkout does not know is newer than it: nothing is pending then.
    newer = bool(at) and at not in known
    return State(database, ", ".join(heads), at, () if newer else tuple(reversed(pending)))


def run(database: str | None) -> None:
    """Migrate from the command line, then bring the code lists; starts the private cluster."""
    chosen = _chosen(database)
    report = terminal.Terminal()
    settings = machine.open_databases(report)
    migrate(settings, database, report)
    code_lists.install(settings, chosen, report)
    show(settings)


def show_states() -> None:
    """Print where every database is."""
    show(local_cluster.load_settings(machine.home_path()))


def show(settings: Settings) -> None:
    """Print a table of all databases."""
    rows = []
    for name in settings_module.DATABASES:
        state = read_state(settings, name)
        at = "not reachable" if state.at is None else state.at or "empty"
        pending = ", ".join(state.pending) if state.pending else "none"
        if state.at is None:
            pending = "unknown"
        rows.append((name, state.head or "none", at, pending))
    terminal.print_table(("database", "head here", "at", "pending"), rows)


def _chosen(database: str | None) -> tuple[str, ...]:
    if database is None:
        return settings_module.DATABASES
    if database not in settings_module.DATABASES:
        raise UnknownDatabase(
            f"There is no database {database}; there are {', '.join(settings_module.DATABASES)}."
        )
    return (database,)


def _config(settings: Settings, database: str) -> Config:
    config = Config(_ROOT / "alembic.ini", ini_section=database)
    try:
        config.attributes["url"] = settings.url(database, "owner")
    except settings_module.MissingSetting:
        # Reading the revisions of this checkout needs no database.
        return config
    return config


def _revision(settings: Settings, database: str) -> str | None:
    try:
        url = settings.url(database, "owner")
    except settings_module.MissingSetting:
        return None
    engine = create_engine(url, poolclass=NullPool, connect_args={"connect_timeout": 5})
    try:
        with engine.connect() as connection:
            options = {"version_table_schema": database}
            return MigrationContext.configure(connection, opts=options).get_current_revision() or ""
    except (OperationalError, psycopg2.OperationalError):
        return None
    finally:
        engine.dispose()

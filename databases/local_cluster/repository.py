"""All SQL about the cluster itself: roles, databases, extensions, versions."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import psycopg2
from psycopg2 import extensions, sql
from sqlalchemy.engine import URL

from databases import settings

_ROLES: tuple[settings.Role, ...] = ("owner", "service", "reader")


@contextmanager
def connect(url: URL) -> Iterator[extensions.cursor]:
    """Open a connection outside any transaction, as CREATE DATABASE wants it."""
    dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
    connection = psycopg2.connect(dsn, connect_timeout=5, application_name="natdb-operator")
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


def roles_of(database: str) -> tuple[settings.Role, ...]:
    """Name the roles that a database has; the exchange also has the log's integrator."""
    return (*_ROLES, "integrator") if database == settings.EXCHANGE else _ROLES


def role_name(database: str, role: settings.Role) -> str:
    """Name a role as the server knows it.

    >>> role_name("population", "reader")
    'population_reader'
    """
    return f"{database}_{role}"


def set_role(cursor: extensions.cursor, name: str, password: str) -> None:
    """Make a login role, or give the one that is there this password."""
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (name,))
    verb = sql.SQL("ALTER" if cursor.fetchone() else "CREATE")
    cursor.execute(
        sql.SQL("{} ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD {}").format(
            verb, sql.Identifier(name), sql.Literal(password)
        )
    )


def create_database(cursor: extensions.cursor, database: str) -> None:
    """Make a database for its owner, closed to everybody else but its roles."""
    name, owner = sql.Identifier(database), sql.Identifier(role_name(database, "owner"))
    cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", (database,))
    if cursor.fetchone() is None:
        cursor.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(name, owner))
    cursor.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name))
    others = [sql.Identifier(role_name(database, r)) for r in roles_of(database) if r != "owner"]
    cursor.execute(
        sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(name, sql.SQL(", ").join(others))
    )
    # Loads stage their rows in temporary tables.
    service = sql.Identifier(role_name(database, "service"))
    cursor.execute(sql.SQL("GRANT TEMPORARY ON DATABASE {} TO {}").format(name, service))


def create_extensions(cursor: extensions.cursor, names: Sequence[str]) -> None:
    """Make extensions in the database of this connection."""
    for name in names:
        cursor.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(name)))


def grant_reference_systems(cursor: extensions.cursor, database: str) -> None:
    """Let the owner of a database of maps add the zones that PostGIS lacks."""
    owner = sql.Identifier(role_name(database, "owner"))
    cursor.execute(sql.SQL("GRANT INSERT ON spatial_ref_sys TO {}").format(owner))


def create_schema(cursor: extensions.cursor, database: str) -> None:
    """Make the schema of a database, owned by the owner of the database."""
    owner = sql.Identifier(role_name(database, "owner"))
    cursor.execute(
        sql.SQL("CREATE SCHEMA IF NOT EXISTS {} AUTHORIZATION {}").format(
            sql.Identifier(database), owner
        )
    )


def server_version(cursor: extensions.cursor) -> int:
    """Read the version number of the server, such as 150018."""
    cursor.execute("SHOW server_version_num")
    row = cursor.fetchone()
    return int(row[0]) if row else 0


def list_extensions(cursor: extensions.cursor) -> set[str]:
    """List the extensions that the database of this connection has."""
    cursor.execute("SELECT extname FROM pg_extension")
    return {str(row[0]) for row in cursor.fetchall()}

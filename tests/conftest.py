"""A real PostgreSQL for the tests: a database per register and worker, built by the migrations."""

import os
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, NullPool, create_engine, make_url, text
from sqlalchemy.orm import Session

from databases import settings as settings_module
from databases.changes.ledger import Act
from databases.local_cluster import sites
from databases.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
_ROLES: tuple[settings_module.Role, ...] = ("owner", "service", "reader")
_URLS: tuple[settings_module.Role, ...] = (*_ROLES, "integrator")
_PASSWORD = "only-for-tests"


def read_clock() -> datetime:
    """Read the clock that servers and commands under test read: a fixed now would pass by."""
    return datetime.now(UTC)  # noqa: TID251  the edge


@pytest.fixture(scope="session")
def cluster_url() -> str:
    """URL of the superuser of the test cluster."""
    given = os.environ.get("NATDB_TEST_CLUSTER_URL")
    if given:
        return given
    from databases import local_cluster

    return local_cluster.start_test_cluster(settings_module.default_home())


@pytest.fixture(scope="session")
def worker(request: pytest.FixtureRequest) -> str:
    """Name of the xdist worker: each has databases of its own."""
    prefix = os.environ.get("NATDB_TEST_PREFIX", "test")
    return prefix + "_" + getattr(request.config, "workerinput", {}).get("workerid", "main")


def _execute(url: str, *statements: str) -> None:
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def _create_roles(cluster_url: str) -> None:
    roles = [f"{d}_{r}" for d in settings_module.DATABASES for r in _ROLES]
    for role in [*roles, "exchange_integrator"]:
        _execute(
            cluster_url,
            "SELECT pg_advisory_lock(714)",  # workers start together
            f"""DO $$ BEGIN
                IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN
                    CREATE ROLE {role} LOGIN PASSWORD '{_PASSWORD}';
                END IF;
            END $$""",
        )


def _create_database(cluster_url: str, database: str, name: str) -> None:
    _execute(
        cluster_url,
        f"DROP DATABASE IF EXISTS {name} WITH (FORCE)",
        f"CREATE DATABASE {name} OWNER {database}_owner",
    )
    inside = make_url(cluster_url).set(database=name).render_as_string(hide_password=False)
    _execute(inside, *(f"CREATE EXTENSION {e}" for e in sites.needed_extensions(database)))
    if database in settings_module.NEEDS_POSTGIS:
        _execute(inside, f"GRANT INSERT ON spatial_ref_sys TO {database}_owner")


def alembic_config(database: str, url: str) -> Config:
    """Point Alembic at one database."""
    config = Config(ROOT / "alembic.ini", ini_section=database)
    config.attributes["url"] = url
    return config


@pytest.fixture(scope="session")
def settings(
    cluster_url: str, worker: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Settings]:
    """Settings of this worker: fresh databases at the newest migration."""
    _create_roles(cluster_url)
    values = {}
    names = []
    for database in settings_module.DATABASES:
        name = f"{worker}_{database}"
        names.append(name)
        _create_database(cluster_url, database, name)
        base = make_url(cluster_url).set(database=name, password=_PASSWORD)
        for role in _URLS:
            url = base.set(username=f"{database}_{role}")
            values[settings_module.variable(database, role)] = url.render_as_string(
                hide_password=False
            )
        if (ROOT / "migrations" / database).exists():
            owner = values[settings_module.variable(database, "owner")]
            command.upgrade(alembic_config(database, owner), "head")
    yield Settings(home=tmp_path_factory.mktemp("home"), values=values)
    for name in names:
        _execute(cluster_url, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def copied_databases(
    settings: Settings,
    cluster_url: str,
    worker: str,
    name: str,
    databases: Sequence[str] = settings_module.REGISTERS,
) -> Iterator[Settings]:
    """Copy empty databases of this worker, for tests that commit."""
    values = dict(settings.values)
    admin = create_engine(cluster_url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    copies = {database: f"{worker}_{name}_{database}" for database in databases}
    with admin.connect() as connection:
        for database, copy in copies.items():
            source = settings.url(database, "owner").database
            connection.execute(text(f"DROP DATABASE IF EXISTS {copy} WITH (FORCE)"))
            connection.execute(
                text(f"CREATE DATABASE {copy} TEMPLATE {source} OWNER {database}_owner")
            )
            for role in _URLS:
                variable = settings_module.variable(database, role)
                url = make_url(values[variable]).set(database=copy)
                values[variable] = url.render_as_string(hide_password=False)
    yield Settings(home=settings.home, values=values)
    with admin.connect() as connection:
        for copy in copies.values():
            connection.execute(text(f"DROP DATABASE {copy} WITH (FORCE)"))


def rolled_back(settings: Settings, database: str) -> Iterator[Session]:
    """Open a session of which nothing is left."""
    engine: Engine = create_engine(settings.url(database, "service"), poolclass=NullPool)
    with engine.connect() as connection:
        outer = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            yield session
        outer.rollback()
    engine.dispose()


@pytest.fixture
def population_session(settings: Settings) -> Iterator[Session]:
    """A session of the population register; what it writes is gone after the test."""
    yield from rolled_back(settings, "population")


@pytest.fixture
def enterprise_session(settings: Settings) -> Iterator[Session]:
    """A session of the enterprise register; what it writes is gone after the test."""
    yield from rolled_back(settings, "enterprise")


@pytest.fixture
def land_session(settings: Settings) -> Iterator[Session]:
    """A session of the land register; what it writes is gone after the test."""
    yield from rolled_back(settings, "land")


@pytest.fixture
def insurance_session(settings: Settings) -> Iterator[Session]:
    """A session of the insurance register; what it writes is gone after the test."""
    yield from rolled_back(settings, "insurance")


@pytest.fixture
def finance_session(settings: Settings) -> Iterator[Session]:
    """A session of the finance register; what it writes is gone after the test."""
    yield from rolled_back(settings, "finance")


@pytest.fixture
def population_statistics_session(settings: Settings) -> Iterator[Session]:
    """A session of the statistics register; what it writes is gone after the test."""
    yield from rolled_back(settings, "population_statistics")


@pytest.fixture
def exchange_session(settings: Settings) -> Iterator[Session]:
    """A session of the exchange; what it writes is gone after the test."""
    yield from rolled_back(settings, "exchange")


@pytest.fixture
def now() -> datetime:
    """The moment of every test."""
    return datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@pytest.fixture
def act(now: datetime) -> Act:
    """An act of a test."""
    return Act("test.recorded", now, "tester", "a test", "none", "invented")

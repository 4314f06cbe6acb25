"""A database of its own for each register: these tests take its tables away and bring them back."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, NullPool, create_engine, make_url

from databases import settings as settings_module
from tests import conftest


@dataclass(frozen=True)
class Site:
    """An empty database, and engines for its roles."""

    database: str
    config: Config
    engines: dict[str, Engine]


def _make(cluster_url: str, name: str, database: str) -> Site:
    conftest._create_roles(cluster_url)
    conftest._create_database(cluster_url, database, name)
    base = make_url(cluster_url).set(database=name, password=conftest._PASSWORD)
    urls = {
        role: base.set(username=f"{database}_{role}") for role in ("owner", "service", "reader")
    }
    config = conftest.alembic_config(database, urls["owner"].render_as_string(hide_password=False))
    engines = {role: create_engine(url, poolclass=NullPool) for role, url in urls.items()}
    return Site(database, config, engines)


def _drop(cluster_url: str, name: str) -> None:
    conftest._execute(cluster_url, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture(params=settings_module.DATABASES)
def empty_site(request: pytest.FixtureRequest, cluster_url: str, worker: str) -> Iterator[Site]:
    """A database without any table."""
    name = f"{worker}_empty_{request.param}"
    yield _make(cluster_url, name, request.param)
    _drop(cluster_url, name)


@pytest.fixture(scope="module")
def sites(cluster_url: str, worker: str) -> Iterator[dict[str, Site]]:
    """All databases at their newest revision."""
    made = {}
    for database in settings_module.DATABASES:
        made[database] = _make(cluster_url, f"{worker}_grants_{database}", database)
        command.upgrade(made[database].config, "head")
    yield made
    for database in made:
        _drop(cluster_url, f"{worker}_grants_{database}")

"""A small sample country with an exchange before it: loaded once for all tests of this folder."""

import dataclasses
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import NullPool, create_engine, make_url, text
from sqlalchemy.orm import Session

from databases import settings as settings_module
from databases.settings import Settings
from sample_country import load
from sharing_api import app, bootstrap
from sharing_api.disclosure.corridor import Corridor
from tests.conftest import copied_databases

SIZE, SEED = 1_500, 77


@pytest.fixture(scope="session")
def compared(
    settings: Settings,
    cluster_url: str,
    worker: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Settings]:
    """A site of its own, because what is compared is committed."""
    everything = settings_module.DATABASES
    for copied in copied_databases(settings, cluster_url, worker, "compared", everything):
        site = dataclasses.replace(copied, home=tmp_path_factory.mktemp("compared"))
        load.load_sample_country(site, SIZE, SEED, lambda *_: None)
        bootstrap.prepare_demo_exchange(site)
        yield site


@pytest.fixture(scope="session")
def corridor(compared: Settings) -> Iterator[Corridor]:
    """The corridor of that site."""
    with app.open_corridor(compared) as opened:
        yield opened


@pytest.fixture
def without_log(compared: Settings, cluster_url: str) -> Iterator[Callable[[], None]]:
    """Call it, and nobody can write the log until the test ends."""
    database = compared.url("exchange", "owner").database
    admin = create_engine(create_engine(cluster_url).url.set(database=database), poolclass=NullPool)

    def run(statement: str) -> None:
        with admin.begin() as connection:
            connection.execute(text(statement))

    yield lambda: run("REVOKE INSERT ON exchange.access_entry FROM exchange_service")
    run("GRANT INSERT ON exchange.access_entry TO exchange_service")
    admin.dispose()


@pytest.fixture
def superuser_session(settings: Settings, cluster_url: str) -> Iterator[Session]:
    """A session of a superuser of the exchange's database; what it writes is gone afterwards."""
    database = settings.url("exchange", "owner").database
    engine = create_engine(make_url(cluster_url).set(database=database), poolclass=NullPool)
    with engine.connect() as connection:
        outer = connection.begin()
        connection.execute(text("SET timezone = 'UTC'"))
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            yield session
        outer.rollback()

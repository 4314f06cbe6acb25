"""A session of the insurance register."""

from collections.abc import Iterator

import pytest
from sqlalchemy import NullPool, create_engine
from sqlalchemy.orm import Session

from databases.settings import Settings


@pytest.fixture
def insurance_session(settings: Settings) -> Iterator[Session]:
    """A session of the insurance register; what it writes is gone after the test."""
    engine = create_engine(settings.url("insurance", "service"), poolclass=NullPool)
    with engine.connect() as connection:
        outer = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            yield session
        outer.rollback()
    engine.dispose()

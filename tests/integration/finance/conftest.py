"""A session of the finance register."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from databases.settings import Settings
from tests import conftest


@pytest.fixture
def finance_session(settings: Settings) -> Iterator[Session]:
    """A session of the finance register; what it writes is gone after the test."""
    yield from conftest._session(settings, "finance")

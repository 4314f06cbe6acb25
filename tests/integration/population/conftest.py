"""The session of these tests is that of the population register."""

import pytest
from sqlalchemy.orm import Session


@pytest.fixture
def session(population_session: Session) -> Session:
    return population_session

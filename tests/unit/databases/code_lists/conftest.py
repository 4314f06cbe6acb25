import pytest

from databases.code_lists import catalogue as catalogues
from databases.code_lists import reading


@pytest.fixture(scope="session")
def catalogue() -> catalogues.Catalogue:
    return reading.load_catalogue()

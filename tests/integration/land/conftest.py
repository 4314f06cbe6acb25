"""A session of the land register with the lists of land uses."""

import pytest
from sqlalchemy.orm import Session

from databases.code_lists import reading, repository
from databases.code_lists.catalogue import Catalogue
from land import tables


@pytest.fixture(scope="session")
def land_uses() -> Catalogue:
    """The lists of land uses, without all others."""
    whole = reading.load_catalogue()
    versions = [one for one in whole.list_versions() if one.list_code == "land_use"]
    return Catalogue(versions, whole.list_codes("land_use"), [])


@pytest.fixture
def land_session(land_session: Session, land_uses: Catalogue) -> Session:
    """A session of the land register that knows the land uses."""
    repository.install(land_session, land_uses, code_tables=tables.code_lists)
    return land_session

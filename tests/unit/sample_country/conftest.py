"""A small country, drawn once for all tests of the sample."""

import pytest

from databases.code_lists import reading
from databases.code_lists.catalogue import Catalogue
from sample_country import country
from sample_country.country import Country


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return reading.load_catalogue()


@pytest.fixture(scope="session")
def drawn(catalogue: Catalogue) -> Country:
    return country.generate(catalogue, size=8_000, seed=714)

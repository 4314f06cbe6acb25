"""One busy site for all tests of this folder; each leaves it running."""

import random
from collections.abc import Iterator

import pytest

from tests.resilience import kill_nine
from tests.resilience import site as sites


@pytest.fixture(scope="package")
def site() -> Iterator[sites.Site]:
    """A site with two workers."""
    with sites.open_site(workers=2) as opened:
        yield opened


@pytest.fixture(scope="package")
def ordeal(site: sites.Site) -> kill_nine.Ordeal:
    """The way of that site through disasters: each checkpoint must continue the one before."""
    return kill_nine.Ordeal(site, random.Random(9), clients=8, hold=0.5)

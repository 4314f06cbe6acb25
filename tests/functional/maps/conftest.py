"""The running exchange with parcels in its land register."""

import pytest

from tests.functional import parcels
from tests.functional.conftest import Exchange


@pytest.fixture(scope="session")
def live(exchange: Exchange) -> Exchange:
    """The running exchange with parcels, and a system that may see little of them."""
    parcels.enter(exchange.databases)
    parcels.enter_mapper(exchange)
    return exchange

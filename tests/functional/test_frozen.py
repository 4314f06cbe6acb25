"""Open endpoints answer in time although the exchange's database stands still."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx2
import pytest
from sqlalchemy import text

from sharing_api import client as client_module
from sharing_api import tables
from sharing_api.disclosure import coalescing
from tests.functional.conftest import Exchange, require_problem

LOG_PATHS = (
    "/v1/log/checkpoint",
    "/v1/log/entries/00000000-0000-7000-8000-000000000000/proof",
    "/v1/log/answers/00000000-0000-7000-8000-000000000000/proof",
    "/v1/log/consistency?old=0&new=0",
)


@pytest.fixture(autouse=True)
def _short_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coalescing, "PATIENCE_SECONDS", 0.3)


@contextmanager
def frozen(exchange: Exchange, *names: str) -> Iterator[None]:
    """Hold tables so that whoever wants to read or write them waits."""
    with exchange.superuser.connect() as connection:
        connection.execute(text(f"LOCK TABLE {', '.join(names)} IN ACCESS EXCLUSIVE MODE"))
        yield
        connection.rollback()


def get_token(exchange: Exchange) -> str:
    """Get a token that nobody has kept from before."""
    key = exchange.client_keys["full"]
    issuer = exchange.settings.issuer
    with httpx2.Client(timeout=20) as http:
        asking = client_module.ExchangeClient(exchange.address, "full", key, issuer, _http=http)
        return asking.token()


class TestFrozenDatabase:
    def test_gives_no_token_but_an_answer(self, exchange: Exchange) -> None:
        with (
            frozen(exchange, "exchange.assertion_use"),
            pytest.raises(client_module.ExchangeRefused) as refused,
        ):
            get_token(exchange)

        assert refused.value.answer.status == 503
        assert refused.value.answer.document["error"] == "temporarily_unavailable"
        assert get_token(exchange)

    @pytest.mark.parametrize("path", LOG_PATHS)
    def test_gives_no_proof_but_an_answer(self, exchange: Exchange, path: str) -> None:
        journal = tables.journal
        held = [table.fullname for table in (journal.leaf, journal.checkpoint)]
        with frozen(exchange, *held, "exchange.access_entry"):
            response = exchange.get(path)

        require_problem(response, 503, "exchange.log_unavailable")
        assert response.headers["retry-after"]
        assert exchange.get(path).status_code in (200, 404)

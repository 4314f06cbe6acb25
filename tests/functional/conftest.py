"""The real exchange on a port of this machine, before real registers with invented records."""

import dataclasses
import http.client
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2
import pytest
import uvicorn
from joserfc.jwk import OKPKey
from joserfc.util import urlsafe_b64decode
from sqlalchemy import Engine, NullPool, create_engine, event, make_url, select, update

from databases import settings as settings_module
from databases.sessions import Databases
from databases.settings import Settings
from sharing_api import app as app_module
from sharing_api import client as client_module
from sharing_api import keys as keys_module
from sharing_api import settings as exchange_settings
from sharing_api import tables
from sharing_api.access_log import entries, integrator
from sharing_api.access_log.subjects import committer
from sharing_api.agreements import repository
from sharing_api.keys import ExchangeKeys
from sharing_api.settings import ExchangeSettings
from sharing_api.standards import validate
from tests.conftest import copied_databases
from tests.factories.exchange import PURPOSE
from tests.functional import cases, world

Row = Mapping[str, Any]


@dataclass
class Exchange:
    """A running exchange and what its tests may touch."""

    site: Settings
    settings: ExchangeSettings
    keys: ExchangeKeys
    databases: Databases
    superuser: Engine
    client_keys: Mapping[str, OKPKey]
    changes: Mapping[str, int]
    port: int = 0
    app: Any = None
    _clients: dict[str, client_module.ExchangeClient] = field(default_factory=dict)
    _http: httpx2.Client = field(default_factory=lambda: httpx2.Client(timeout=20))

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def client(self, name: str) -> client_module.ExchangeClient:
        if name not in self._clients:
            self._clients[name] = client_module.ExchangeClient(
                self.address, name, self.client_keys[name], self.settings.issuer, _http=self._http
            )
        return self._clients[name]

    def ask(
        self,
        dataset: str,
        operation: str,
        message: Mapping[str, Any] | bytes,
        client: str | None = "full",
        **headers: str,
    ) -> httpx2.Response:
        """Ask; `headers` with underscores for hyphens are laid over the usual ones."""
        body = message if isinstance(message, bytes) else json.dumps(message).encode()
        usual = {"content-type": "application/json", "accept": "application/json"}
        if client is not None:
            usual["authorization"] = f"Bearer {self.client(client).token()}"
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return self._http.post(
            f"{self.address}/v1/{dataset}/{operation}", content=body, headers=usual | given
        )

    def get(self, path: str) -> httpx2.Response:
        """Get a public document."""
        return self._http.get(self.address + path)

    def send_raw(
        self, method: str, path: str, body: bytes = b"", **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        """Send a path exactly as it is written."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.putrequest(method, path, skip_accept_encoding=True)
        connection.putheader("Content-Length", str(len(body)))
        for name, value in headers.items():
            connection.putheader(name.replace("_", "-"), value)
        connection.endheaders(body)
        response = connection.getresponse()
        answer = response.read()
        connection.close()
        lowered = {name.lower(): value for name, value in response.getheaders()}
        return response.status, lowered, answer

    def rows(self, table: str) -> list[Row]:
        """All rows of a table of the exchange."""
        with self.databases.reading("exchange") as session:
            found = session.execute(select(tables.metadata.tables[f"exchange.{table}"]))
            return [dict(row) for row in found.mappings()]

    def entries(self) -> list[Row]:
        """All rows of the access log in order."""
        statement = select(tables.access_entry).order_by(tables.access_entry.c.position)
        with self.databases.reading("exchange") as session:
            return [dict(row) for row in session.execute(statement).mappings()]

    @contextmanager
    def logged(self) -> Iterator[list[Row]]:
        """Collect the entries that the block leaves behind."""
        before = len(self.entries())
        fresh: list[Row] = []
        yield fresh
        fresh.extend(self.entries()[before:])

    def close(self) -> None:
        self._http.close()

    def integrate(self) -> int:
        signer = self.keys.log_signer(self.settings.log_name)
        return integrator.integrate_all(self.databases, signer)

    def commit_subjects(self) -> None:
        """Bring all chains of subjects up to date and put the commitment under a checkpoint."""
        self.integrate()
        while committer.extend_once(self.databases, self.keys.log_keys(self.settings.log_name)):
            self.integrate()

    def suspend(self, client: str) -> None:
        with self.databases.writing("exchange") as session:
            session.execute(
                update(tables.client)
                .where(tables.client.c.client_id == client)
                .values(status="suspended")
            )
            repository.announce(session)

    def until(self, is_true: Callable[[], bool], *, seconds: float = 5.0) -> float:
        """Wait until something holds; give how long it took."""
        start = time.monotonic()
        while not is_true():
            if time.monotonic() - start > seconds:
                pytest.fail("it did not happen in time")
            time.sleep(0.01)
        return time.monotonic() - start


def require_problem(response: httpx2.Response, status: int, code: str = "") -> dict[str, Any]:
    """Check that a refusal is a problem document of the published standard, and give it."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    document: dict[str, Any] = response.json()
    assert validate.find_problems("problem", "1.0", document) == ()
    assert document["status"] == status
    if code:
        assert document["code"] == code
    return document


def require_entry(exchange: Exchange, row: Row, dataset: str, subject: str | None) -> None:
    """Check that an entry names its subject by tag only, and holds no name and no value."""
    register = dataset.partition("/")[0]
    tag = subject and entries.subject_tag(exchange.keys.subject, register, subject)
    assert row["subject_tag"] == tag
    assert (row["dataset"], row["purpose"]) == (dataset, PURPOSE)
    assert (row["officer"], row["case_reference"]) == ("cb-01", "H-7")
    # Hashes as hex: shown as letters, their bytes spell a short word now and then.
    written = str([_shown(value) for name, value in row.items() if name != "position"])
    for secret in (*(world.CASES[dataset].secret.split()), subject or "no subject"):
        assert secret not in written


def _shown(value: Any) -> Any:
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else value


def read_receipt(response: httpx2.Response) -> dict[str, Any]:
    return read_payload(response.headers["exchange-receipt"])


def read_payload(receipt: str) -> dict[str, Any]:
    return dict(json.loads(urlsafe_b64decode(receipt.split(".")[1].encode())))


@pytest.fixture(scope="session")
def site(
    settings: Settings,
    cluster_url: str,
    worker: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Settings]:
    """Databases of their own, copied from the empty ones, because the exchange commits."""
    everything = settings_module.DATABASES
    for copy in copied_databases(settings, cluster_url, worker, "live", everything):
        yield dataclasses.replace(copy, home=tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="session")
def exchange(site: Settings, cluster_url: str) -> Iterator[Exchange]:
    """The running exchange with its world."""
    yield from run_exchange(site, cluster_url)


def run_exchange(site: Settings, cluster_url: str) -> Iterator[Exchange]:
    """Run the exchange of a site, with the world of these tests entered."""
    settings = exchange_settings.load(site)
    keys_module.make_missing(settings)
    databases = Databases(site, "natdb-tests", pool_size=2)
    superuser = create_engine(
        make_url(cluster_url).set(database=site.url("exchange", "owner").database),
        poolclass=NullPool,
    )
    changes = world.people(databases)
    world.enterprises(databases)
    running = Exchange(
        site=site,
        settings=settings,
        keys=keys_module.load(settings),
        databases=databases,
        superuser=superuser,
        client_keys=world.rights(databases, site.keys),
        changes=changes,
    )
    for _ in serve(running):
        yield running
        running.close()
    databases.dispose()


def serve(running: Exchange) -> Iterator[None]:
    """Serve the app of a site on a free port, in a thread, while the caller goes on."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    running.port = listening.getsockname()[1]
    running.app = app_module.create_app(running.site)
    config = uvicorn.Config(
        running.app, http="httptools", loop="asyncio", log_level="error", access_log=False
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    running.until(lambda: server.started)
    yield
    server.should_exit = True
    thread.join(timeout=15)
    listening.close()
    assert not thread.is_alive()


@pytest.fixture(scope="session")
def every_register(exchange: Exchange) -> None:
    """What the cases of the later registers ask about."""
    cases.enter(exchange.databases)


@pytest.fixture(scope="session")
def namesakes(exchange: Exchange) -> None:
    """People who bear one name, so that searches find several."""
    world.namesakes(exchange.databases)


@pytest.fixture
def statements(exchange: Exchange) -> Iterator[list[tuple[str, str]]]:
    """What the exchange sends to databases during the test: (database, statement)."""
    seen: list[tuple[str, str]] = []
    names = {exchange.site.url(one, "owner").database: one for one in settings_module.DATABASES}

    def note(connection: Any, _: Any, statement: str, *__: Any) -> None:
        seen.append((names.get(connection.engine.url.database, ""), statement))

    event.listen(Engine, "before_cursor_execute", note)
    yield seen
    event.remove(Engine, "before_cursor_execute", note)

"""Every operation of the API is behind the door, but for a short list that is open by name."""

from pathlib import Path
from typing import Any

import pytest

from databases.settings import DATABASES, Settings, variable
from sharing_api import app, keys
from sharing_api import settings as exchange_settings

OPEN = {
    ("get", "/catalogue"),
    ("get", "/fhir/metadata"),
    ("get", "/health"),
    ("get", "/ogc"),
    ("get", "/ogc/collections"),
    ("get", "/ogc/collections/{name}"),
    ("get", "/ogc/collections/{name}/queryables"),
    ("get", "/ogc/collections/{name}/tiles"),
    ("get", "/ogc/conformance"),
    ("get", "/sdmx/2.1/schema/{resource}/{agency}/{name}/{version}"),
    ("get", "/sdmx/2.1/{resource}/{agency}/{name}/{version}"),
    ("get", "/sdmx/3.0/schema/{resource}/{agency}/{name}/{version}"),
    ("get", "/sdmx/3.0/structure/{resource}/{agency}/{name}/{version}"),
    ("get", "/standards"),
    ("get", "/standards/{name}/{version}/{file_name}"),
    ("get", "/v1/datasets"),
    ("get", "/v1/emergencies"),
    ("get", "/v1/keys"),
    ("get", "/v1/log/answers/{answer_id}/proof"),
    ("get", "/v1/log/checkpoint"),
    ("get", "/v1/log/consistency"),
    ("get", "/v1/log/entries/{entry_id}/proof"),
    ("post", "/v1/log/cosignatures"),  # the signature in its body is the credential
    ("post", "/v1/token"),  # the assertion in its body is the credential
}
_NOWHERE = "postgresql://nobody@127.0.0.1:1/nothing"


@pytest.fixture(scope="module")
def operations(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], dict[str, Any]]:
    """The operations of the API reference of a site whose databases are never asked."""
    home: Path = tmp_path_factory.mktemp("home")
    values = {variable(name, role): _NOWHERE for name in DATABASES for role in ("service",)}
    site = Settings(home=home, values=values)
    keys.make_missing(exchange_settings.load(site))
    document = app.create_app(site).openapi()
    return {
        (method, path): operation
        for path, item in document["paths"].items()
        for method, operation in item.items()
    }


class TestOperations:
    def test_have_security_or_are_open_by_name(
        self, operations: dict[tuple[str, str], dict[str, Any]]
    ) -> None:
        without = {
            place for place, operation in operations.items() if not operation.get("security")
        }

        assert without == OPEN

    def test_say_that_they_are_open(
        self, operations: dict[tuple[str, str], dict[str, Any]]
    ) -> None:
        assert [place for place in OPEN if operations[place].get("security") != []] == []

    def test_have_an_id_each(self, operations: dict[tuple[str, str], dict[str, Any]]) -> None:
        ids = [operation["operationId"] for operation in operations.values()]

        assert len(ids) == len(set(ids))

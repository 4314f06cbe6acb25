"""Lets a kept message come in by the front door again, to be answered again."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import orjson
from joserfc.jwk import OKPKey

from sharing_api.access_log.entries import Entry
from sharing_api.access_log.questions import Message
from sharing_api.agreements import credentials
from sharing_api.agreements.credentials import Assertion
from sharing_api.disclosure import request
from sharing_api.protocols import dialects
from sharing_api.protocols.front_door import SharingApi

_LIFE = timedelta(minutes=5)


class WayIn:
    """Makes the request of a message, and hands it in.

    Args:
        doors: of all protocols, with nothing behind them that answers.
        issuer, key: of access tokens: the caller of then comes in with one made for this.
        clock: gives the moment of the token.
    """

    def __init__(
        self, doors: SharingApi, issuer: str, key: OKPKey, clock: Callable[[], datetime]
    ) -> None:
        self._doors = doors
        self._issuer = issuer
        self._key = key
        self._clock = clock

    async def __call__(self, message: Message, entry: Entry) -> str:
        """Hand in a message; give the code of its refusal: whatever is asked is refused.

        Args:
            entry: of the log; tells who asked, and what headers said that are not kept twice.
        """
        headers = {**message.headers, **_headers(entry), "authorization": self._token(entry)}
        scope: dict[str, Any] = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": message.method,
            "scheme": headers.pop(dialects.SCHEME, "http"),
            "path": message.path,
            "raw_path": message.path.encode(),
            "query_string": message.query.encode("latin-1"),
            "root_path": "",
            "headers": [
                (name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()
            ],
            "client": None,
            "server": None,
        }
        said: list[Mapping[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": message.body, "more_body": False}

        async def send(part: Any) -> None:
            said.append(part)

        await self._doors(scope, receive, send)
        return _code(said)

    def _token(self, entry: Entry) -> str:
        now = self._clock()
        assertion = Assertion(entry.client, "", now + _LIFE)
        token = credentials.issue_token(
            assertion,
            entry.agency,
            issuer=self._issuer,
            key=self._key,
            now=int(now.timestamp()),
            seconds=int(_LIFE.total_seconds()),
        )
        return f"Bearer {token}"


def _headers(entry: Entry) -> dict[str, str]:
    """Give the headers that the log holds: why it was asked, and those of X-Road."""
    said = {
        dialects.PURPOSE: entry.purpose,
        dialects.LEGAL_BASIS: entry.legal_basis,
        dialects.PROCEDURE: entry.procedure,
        dialects.OFFICER: entry.officer,
        dialects.CASE: entry.case_reference,
    }
    transport = {
        name: value for name, value in entry.transport.items() if name in request.TRANSPORT_HEADERS
    }
    return {**{name: quote(value) for name, value in said.items() if value}, **transport}


def _code(said: list[Mapping[str, Any]]) -> str:
    """Read the code of a refusal; of a form that has none, its status."""
    status = next((one["status"] for one in said if one["type"] == "http.response.start"), 0)
    body = b"".join(one.get("body", b"") for one in said)
    try:
        return str(orjson.loads(body)["code"])
    except (ValueError, KeyError, TypeError):
        return f"status {status}"

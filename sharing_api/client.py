"""The client that a ministry's developer starts from: token, question, receipt.

It shares nothing with the server but the published protocol.
"""

import json
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
from joserfc import jwt
from joserfc.jwk import OKPKey
from joserfc.util import urlsafe_b64decode
from lxml import etree

from databases import errors

_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_ASSERTION_SECONDS = 60


class ExchangeUnreachable(errors.Unavailable):
    """The exchange does not answer at this address."""

    code = "client.unreachable"


class ExchangeRefused(errors.Refused):
    """The exchange answered with a problem document."""

    code = "client.refused"

    def __init__(self, answer: "Answer") -> None:
        self.answer = answer
        members = answer.document
        super().__init__(
            str(members.get("detail") or members.get("error_description") or "No reason given."),
            fields=[errors.FieldProblem(**one) for one in members.get("fields", ())],
        )


@dataclass(frozen=True)
class Answer:
    """An answer with everything that proves it.

    Args:
        question, body: exact bytes; receipts hash them.
        receipt: compact JWS, empty when the question did not reach the corridor.
    """

    status: int
    media_type: str
    question: bytes
    body: bytes
    receipt: str

    @property
    def document(self) -> dict[str, Any]:
        """The body read as JSON, or the members of a problem in XML; else empty."""
        if "problem+xml" in self.media_type:
            parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
            root = etree.fromstring(self.body, parser)
            return {etree.QName(one).localname: one.text for one in root if not len(one)}
        if "json" not in self.media_type:
            return {}
        document: dict[str, Any] = json.loads(self.body)
        return document

    @property
    def claims(self) -> dict[str, Any]:
        """What the receipt says; verify it before believing it."""
        payload = self.receipt.split(".")[1]
        claims: dict[str, Any] = json.loads(urlsafe_b64decode(payload.encode()))
        return claims

    @property
    def proof_path(self) -> str:
        """Path of the proof that the answer's entries stand in the log."""
        claims = self.claims
        if "leaf_hash" in claims:
            return f"/v1/log/entries/{claims['entry_id']}/proof"
        return f"/v1/log/answers/{claims['entry_id']}/proof"

    def save(self, folder: Path) -> None:
        """Keep question, answer and receipt as files that `verify_receipt.py` reads."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "question.json").write_bytes(self.question)
        (folder / ("answer.json" if "json" in self.media_type else "answer.xml")).write_bytes(
            self.body
        )
        (folder / "receipt.jws").write_text(self.receipt + "\n", encoding="ascii")


@dataclass
class ExchangeClient:
    """Asks the exchange in the name of one system of an agency.

    Args:
        address: such as http://127.0.0.1:8714.
        client_id: name of the system, as registered.
        key: its private key.
        issuer: identifier of the exchange's token issuer: the audience of assertions.
    """

    address: str
    client_id: str
    key: OKPKey
    issuer: str
    _token: str = ""
    _token_ends: float = 0.0
    _http: httpx2.Client = field(default_factory=lambda: httpx2.Client(timeout=30))

    def token(self) -> str:
        """Give an access token, a new one when the last is about to expire.

        Raises:
            ExchangeUnreachable, ExchangeRefused: there is none to be had.
        """
        if time.monotonic() < self._token_ends:
            return self._token
        now = int(time.time())
        claims = {
            "iss": self.client_id,
            "sub": self.client_id,
            "aud": self.issuer,
            "jti": str(uuid.uuid4()),
            "iat": now,
            "exp": now + _ASSERTION_SECONDS,
        }
        header = {"alg": "Ed25519", "kid": self.key.thumbprint()}
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": _ASSERTION_TYPE,
            "client_assertion": jwt.encode(header, claims, self.key, algorithms=["Ed25519"]),
        }
        response = self._send("POST", "/v1/token", data=form)
        answer = _answer(b"", response)
        if answer.status != httpx2.codes.OK:
            raise ExchangeRefused(answer)
        self._token = answer.document["access_token"]
        self._token_ends = time.monotonic() + answer.document["expires_in"] - 30
        return self._token

    def ask(
        self,
        dataset: str,
        operation: str,
        question: Mapping[str, Any],
        *,
        accept: str = "application/json",
    ) -> Answer:
        """Ask one question.

        Args:
            dataset: `register/dataset`.
            operation: look-up, verify, batch or search.
            question: members of the published standard `question`.
            accept: application/json or application/xml.

        Raises:
            ExchangeUnreachable: nobody answers at the address.
        """
        body = json.dumps(question, ensure_ascii=False).encode()
        response = self._send(
            "POST",
            f"/v1/{dataset}/{operation}",
            content=body,
            headers={
                "Authorization": f"Bearer {self.token()}",
                "Content-Type": "application/json",
                "Accept": accept,
            },
        )
        return _answer(body, response)

    def find_candidates(self, question: Mapping[str, Any]) -> Answer:
        """Ask who may be meant by what is known.

        Args:
            question: members of the published standard `candidates_question`.

        Raises:
            ExchangeUnreachable: nobody answers at the address.
        """
        return self.ask("matching", "candidates", question)

    def read(self, path: str) -> bytes:
        """Read a public document of the exchange, such as its keys or a proof.

        Raises:
            ExchangeUnreachable: nobody answers.
            ExchangeRefused: there is no such document (yet).
        """
        response = self._send("GET", path)
        if response.status_code != httpx2.codes.OK:
            raise ExchangeRefused(_answer(b"", response))
        return bytes(response.content)

    def _send(self, method: str, path: str, **arguments: Any) -> httpx2.Response:
        try:
            return self._http.request(method, self.address + path, **arguments)
        except httpx2.HTTPError as error:
            raise ExchangeUnreachable(
                f"Nobody answers at {self.address}. Start the exchange: ./natdb up"
            ) from error


def _answer(question: bytes, response: httpx2.Response) -> Answer:
    return Answer(
        status=response.status_code,
        media_type=response.headers.get("content-type", ""),
        question=question,
        body=bytes(response.content),
        receipt=response.headers.get("exchange-receipt", ""),
    )

"""Clients that never stop asking and remember everything they were told."""

import asyncio
import base64
import hashlib
import http.client
import json
import random
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from joserfc.jwk import OKPKey

from sharing_api import client as exchange_client
from tests.resilience import site as sites

CLIENT = "moj-civil-status"
DATASET = "population/citizen"
ISSUER = "https://exchange.natdb.example"
HANG_SECONDS = 10.0
_GIVE_UP_SECONDS = 20.0
_COMMON = {
    "purpose": "civil_status.registration",
    "legal_basis": "Decree 194/2025/NĐ-CP art. 16",
    "officer": "an-officer",
    "case": "T-2026-1",
}
_PROBLEM_MEMBERS = {"type", "title", "status", "detail", "instance", "code", "fields"}


@dataclass(frozen=True, slots=True)
class Question:
    """One question as it goes over the wire."""

    operation: str
    body: bytes

    def request(self, token: str) -> bytes:
        """Write the whole request."""
        head = (
            f"POST /v1/{DATASET}/{self.operation} HTTP/1.1\r\nHost: exchange\r\n"
            f"Authorization: Bearer {token}\r\nContent-Type: application/json\r\n"
            f"Accept: application/json\r\nContent-Length: {len(self.body)}\r\n\r\n"
        )
        return head.encode() + self.body


@dataclass(frozen=True, slots=True)
class Answer:
    """One whole answer as a client received it."""

    status: int
    media_type: str
    receipt: str
    body: bytes
    question: Question
    received: float


@dataclass(frozen=True, slots=True)
class Receipt:
    """An answer that came with a promise: what must be found in the log."""

    status: int
    signed: bytes
    signature: bytes
    promise: dict[str, Any]
    body_hash: str
    question_hash: str


@dataclass
class Heard:
    """Everything that the clients were told while they asked.

    Args:
        receipts: of answers that were received whole.
        statuses: how many answers of each status.
        cut: questions whose connection was closed before the answer was whole.
        answered: moments of answers with status 200.
        slowest: longest time until a question was answered or cut.
        faults: what must never happen, in words.
    """

    receipts: list[Receipt] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    cut: int = 0
    answered: list[float] = field(default_factory=list)
    slowest: float = 0.0
    faults: list[str] = field(default_factory=list)

    def note(self, answer: Answer) -> None:
        """Remember an answer and judge its form."""
        self.statuses[answer.status] += 1
        if answer.status == 200:
            self.answered.append(answer.received)
        if answer.receipt:
            self.receipts.append(_read_receipt(answer))
        elif answer.status == 200:
            self.faults.append("data without a receipt")
        if answer.status != 200:
            self.faults.extend(find_faults(answer))


def find_faults(answer: Answer) -> list[str]:
    """Find what is wrong with a refusal: it must be a problem document and hold nothing else."""
    if not answer.media_type.startswith("application/problem+json"):
        return [f"{answer.status} with {answer.media_type}"]
    more = set(json.loads(answer.body)) - _PROBLEM_MEMBERS
    found = [f"{answer.status} holds {sorted(more)}"] if more else []
    if answer.status not in (403, 404, 503):
        found.append(f"status {answer.status}: {answer.body[:200]!r}")
    return found


def questions(chance: random.Random, count: int) -> list[Question]:
    """Make questions of every operation, and some that are refused or find nobody."""
    return [_question(chance) for _ in range(count)]


def look_up() -> Question:
    """Make a plain question that is permitted and finds somebody."""
    return _write("look-up", key=sites.pin(1), fields=["pin", "full_name"])


def _question(chance: random.Random) -> Question:
    key = sites.pin(chance.randrange(sites.PERSONS))
    kind = chance.random()
    if kind < 0.6:
        return _write("look-up", key=key, fields=["pin", "full_name", "permanent_residence"])
    if kind < 0.8:
        keys = [sites.pin(one) for one in chance.sample(range(sites.PERSONS + 20), 5)]
        return _write("batch", keys=keys, fields=["pin", "date_of_birth"])
    if kind < 0.9:
        return _write("verify", key=key, claims={"sex": "1", "date_of_birth": "1984-01-03"})
    if kind < 0.95:
        return _write("look-up", key=key, fields=["religion"])
    return _write("look-up", key="001084099999", fields=["pin"])


def _write(operation: str, **members: Any) -> Question:
    return Question(operation, json.dumps({**_COMMON, **members}, ensure_ascii=False).encode())


def get_token(site: sites.Site) -> str:
    """Get an access token as a ministry's system does."""
    key = OKPKey.import_key((site.home.path / "keys" / f"client_{CLIENT}.key").read_bytes())
    client = exchange_client.ExchangeClient(site.address, CLIENT, key, ISSUER)
    try:
        return client.token()
    finally:
        client._http.close()


class Load:
    """A closed loop of connections in a thread of its own, from `start` until `stop`."""

    def __init__(self, port: int, requests: Sequence[tuple[Question, bytes]], clients: int) -> None:
        self.heard = Heard()
        self._port = port
        self._requests = requests
        self._clients = clients
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._run, name="load")

    def start(self) -> None:
        """Begin to ask."""
        self._thread.start()

    def stop(self) -> Heard:
        """Let every client hear the answer to its last question."""
        self._ends.set()
        self._thread.join()
        return self.heard

    def wait_for_answer(self, *, after: float, seconds: float) -> float | None:
        """Wait for data that were received after a moment; None when there were none in time."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if self.heard.answered and self.heard.answered[-1] > after:
                return next(one for one in self.heard.answered if one > after)
            time.sleep(0.01)
        return None

    def _run(self) -> None:
        asyncio.run(self._ask_all())

    async def _ask_all(self) -> None:
        await asyncio.gather(*(self._ask(number) for number in range(self._clients)))

    async def _ask(self, number: int) -> None:
        while not self._ends.is_set():
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
            except OSError:
                await asyncio.sleep(0.02)
                continue
            try:
                number = await self._ask_on(reader, writer, number)
            except (OSError, asyncio.IncompleteReadError):
                self.heard.cut += 1
            finally:
                writer.close()

    async def _ask_on(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, number: int
    ) -> int:
        while not self._ends.is_set():
            question, request = self._requests[number % len(self._requests)]
            number += self._clients
            begun = time.monotonic()
            try:
                writer.write(request)
                async with asyncio.timeout(_GIVE_UP_SECONDS):
                    answer = await _read_answer(reader, question)
            except TimeoutError:
                self.heard.faults.append(f"no answer within {_GIVE_UP_SECONDS} s")
                raise
            finally:
                self.heard.slowest = max(self.heard.slowest, time.monotonic() - begun)
            self.heard.note(answer)
            # Who is told to come again later does not come again at once.
            await asyncio.sleep(0.05 if answer.status == 503 else 0.002)
        return number


async def _read_answer(reader: asyncio.StreamReader, question: Question) -> Answer:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.strip().split("\r\n")
    headers = {name.lower(): value for name, _, value in (one.partition(": ") for one in lines)}
    body = await reader.readexactly(int(headers["content-length"]))
    return Answer(
        int(first.split()[1]),
        headers.get("content-type", ""),
        headers.get("exchange-receipt", ""),
        body,
        question,
        time.monotonic(),
    )


def ask_once(port: int, question: Question, token: str) -> Answer:
    """Ask one question on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_GIVE_UP_SECONDS)
    try:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        connection.request("POST", f"/v1/{DATASET}/{question.operation}", question.body, headers)
        response = connection.getresponse()
        return Answer(
            response.status,
            response.headers.get("Content-Type", ""),
            response.headers.get("Exchange-Receipt", ""),
            response.read(),
            question,
            time.monotonic(),
        )
    finally:
        connection.close()


def _read_receipt(answer: Answer) -> Receipt:
    signed, _, signature = answer.receipt.rpartition(".")
    return Receipt(
        answer.status,
        signed.encode(),
        decode(signature),
        json.loads(decode(signed.partition(".")[2])),
        hashlib.sha256(answer.body).hexdigest(),
        hashlib.sha256(answer.question.body).hexdigest(),
    )


def decode(text: str) -> bytes:
    """Read base64url without padding."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))

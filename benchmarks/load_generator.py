"""A load generator in a process of its own: closed loop and open loop over plain HTTP/1.1.

Closed loop: each client asks again as soon as it is answered. Open loop: questions start at a fixed
rate whatever the answers do, and latency counts from the moment a question should have started, so
that waiting in a queue is not forgotten.
"""

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import uvloop

_END_OF_HEAD = b"\r\n\r\n"
_LENGTH = b"content-length: "


@dataclass
class Result:
    """Latencies in seconds of answers with status 200, and how many had another one."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    failures: int = 0


class Client(asyncio.Protocol):
    """One connection that asks one question at a time."""

    def __init__(self) -> None:
        self._buffer = b""
        self._waiting: asyncio.Future[int] | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the connection."""
        self._transport = transport  # type: ignore[assignment]  # a stream transport

    def connection_lost(self, error: Exception | None) -> None:
        """Count a cut connection as a failed answer."""
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(0)

    def data_received(self, data: bytes) -> None:
        """Collect one answer."""
        self._buffer += data
        end = self._buffer.find(_END_OF_HEAD)
        if end < 0:
            return
        head = self._buffer[:end].lower()
        start = head.find(_LENGTH) + len(_LENGTH)
        stop = head.find(b"\r\n", start)
        length = int(head[start : stop if stop > 0 else None])
        if len(self._buffer) >= end + len(_END_OF_HEAD) + length:
            status = int(self._buffer[9:12])
            self._buffer = b""
            if self._waiting is not None and not self._waiting.done():
                self._waiting.set_result(status)

    async def ask(self, request: bytes) -> int:
        """Send a request and wait for the status of its answer."""
        self._waiting = asyncio.get_running_loop().create_future()
        if self._transport is None or self._transport.is_closing():
            return 0
        self._transport.write(request)
        return await self._waiting


async def _connect(port: int, clients: int) -> list[Client]:
    loop = asyncio.get_running_loop()
    return [(await loop.create_connection(Client, "127.0.0.1", port))[1] for _ in range(clients)]


async def closed_loop(port: int, requests: Sequence[bytes], clients: int, seconds: float) -> Result:
    """Let each client ask again as soon as it is answered."""
    result = Result()
    ends = time.perf_counter() + seconds

    async def run(client: Client, first: int) -> None:
        number = first
        while (begun := time.perf_counter()) < ends:
            status = await client.ask(requests[number % len(requests)])
            number += clients
            if status == 200:
                result.latencies.append(time.perf_counter() - begun)
            else:
                result.failures += 1

    begun = time.perf_counter()
    connected = await _connect(port, clients)
    await asyncio.gather(*(run(client, i) for i, client in enumerate(connected)))
    result.seconds = time.perf_counter() - begun
    return result


async def open_loop(
    port: int, requests: Sequence[bytes], clients: int, seconds: float, rate: float
) -> Result:
    """Start questions at a fixed rate, spread over the clients."""
    result = Result()
    begun = time.perf_counter()
    connected = await _connect(port, clients)

    async def run(client: Client, first: int) -> None:
        number = first
        while (due := begun + number / rate) < begun + seconds:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            status = await client.ask(requests[number % len(requests)])
            number += clients
            if status == 200:
                result.latencies.append(time.perf_counter() - due)
            else:
                result.failures += 1

    await asyncio.gather(*(run(client, i) for i, client in enumerate(connected)))
    result.seconds = time.perf_counter() - begun
    return result


def read_requests(path: Path) -> list[bytes]:
    """Read requests that `write_requests` wrote."""
    data = path.read_bytes()
    requests = []
    position = 0
    while position < len(data):
        size = int.from_bytes(data[position : position + 4], "big")
        requests.append(data[position + 4 : position + 4 + size])
        position += 4 + size
    return requests


def write_requests(path: Path, requests: Sequence[bytes]) -> None:
    """Write whole requests, head and body, each behind its length."""
    path.write_bytes(b"".join(len(one).to_bytes(4, "big") + one for one in requests))


def percentile(ordered: Sequence[float], share: float) -> float:
    """Give the value below which a share of ordered values lies."""
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def main() -> None:
    """Run one load and print its figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--requests", type=Path, required=True)
    parser.add_argument("--clients", type=int, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument(
        "--rate", type=float, default=0.0, help="questions a second; 0: closed loop"
    )
    arguments = parser.parse_args()
    requests = read_requests(arguments.requests)
    load = (
        open_loop(arguments.port, requests, arguments.clients, arguments.seconds, arguments.rate)
        if arguments.rate
        else closed_loop(arguments.port, requests, arguments.clients, arguments.seconds)
    )
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        result = runner.run(load)
    ordered = sorted(result.latencies)
    if not ordered:
        sys.exit(f"no answer with status 200; {result.failures} others")
    json.dump(
        {
            "answers": len(ordered),
            "failures": result.failures,
            "rate": len(ordered) / result.seconds,
            **{f"p{p}": percentile(ordered, p / 100) * 1000 for p in (50, 95, 99)},
            "max": ordered[-1] * 1000,
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()

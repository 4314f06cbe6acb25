"""Whether the time of a refusal tells what its words do not: who is in the register, and where.

A system whose agreement reaches one province asks in turn, in an order that is drawn anew for each
round, about a person of that province, about a number that nobody has, about a person of another
province, and for a field that it was not granted, of a person and of nobody. Two refusals that must
not be told apart are compared by their ranks (Mann-Whitney): a small p says that they can be.

    python -m benchmarks.refusals --rounds 2000
"""

import argparse
import http.client
import json
import math
import random
import socket
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from joserfc.jwk import OKPKey

from benchmarks import site
from databases.local_cluster import ports
from databases.settings import Settings
from sharing_api import bootstrap
from sharing_api import settings as exchange_settings
from sharing_api.client import ExchangeClient

PORT = 18716
CLIENT = "hanoi-one-stop"
PROVINCE = "01"
PATH = "/v1/population/citizen/look-up"
GRANTED, UNGRANTED = ["pin", "sex"], ["pin", "religion"]
WARM_ROUNDS = 50
_RESIDENTS = (
    "SELECT DISTINCT pin FROM population.residence"
    " WHERE kind = 'permanent' AND to_change IS NULL AND upper_inf(valid)"
    " AND (province_code = :province) = :inside"
)
PAIRS = (
    ("nobody", "of another province"),
    ("ungranted field, of a person", "ungranted field, of nobody"),
)


@dataclass
class Case:
    """One kind of question: whom it is about, and what its answers were like.

    Args:
        keys: people (or nobody) to ask about, in turn.
        milliseconds: of every answer that counts.
        lengths: (status, bytes of body, bytes of headers) of all answers.
    """

    keys: Sequence[str]
    fields: Sequence[str] = ()
    milliseconds: list[float] = field(default_factory=list)
    lengths: set[tuple[int, int, int]] = field(default_factory=set)

    def question(self, number: int) -> bytes:
        """Write the question of a round."""
        members = {
            "key": self.keys[number % len(self.keys)],
            "fields": list(self.fields),
            "purpose": "public_service.residence",
            "legal_basis": bootstrap.usual_legal_basis(CLIENT),
            "officer": "officer-0042",
            "case": "2026/0001234",
        }
        return json.dumps(members, ensure_ascii=False).encode()


def make_cases(settings: Settings) -> Mapping[str, Case]:
    """Choose whom to ask about."""

    def residents(*, inside: bool) -> list[str]:
        found = site.count(settings, "population", _RESIDENTS, province=PROVINCE, inside=inside)
        return [str(pin) for pin in found]

    near, far = residents(inside=True), residents(inside=False)
    # Whoever has a residence on both sides is a case of its own.
    insiders = sorted(set(near) - set(far))
    outsiders = sorted(set(far) - set(near))
    draw = random.Random(site.SEED)
    draw.shuffle(outsiders)
    nobody = list(_numbers_of_nobody(settings, insiders, draw))
    return {
        "of the province: found": Case(insiders, GRANTED),
        "nobody": Case(nobody, GRANTED),
        "of another province": Case(outsiders[: len(insiders)], GRANTED),
        "ungranted field, of a person": Case(insiders, UNGRANTED),
        "ungranted field, of nobody": Case(nobody, UNGRANTED),
    }


def _numbers_of_nobody(
    settings: Settings, pins: Sequence[str], draw: random.Random
) -> Iterator[str]:
    """Give numbers of the same form that no person has or had."""
    given = set(site.count(settings, "population", "SELECT pin FROM population.person"))
    for pin in pins:
        other = pin
        while other in given:
            other = f"{pin[:6]}{draw.randrange(10**6):06d}"
        yield other


def ask_in_turn(settings: Settings, cases: Mapping[str, Case], rounds: int) -> None:
    """Ask the questions of all cases in every round, in an order of its own."""
    key = OKPKey.import_key((settings.keys / f"client_{CLIENT}.key").read_bytes())
    issuer = exchange_settings.load(settings).issuer
    asking = ExchangeClient(f"http://{ports.HOST}:{PORT}", CLIENT, key, issuer)
    connection = http.client.HTTPConnection(ports.HOST, PORT, timeout=30)
    connection.connect()
    connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    draw = random.Random(site.SEED)
    order = list(cases.values())
    for number in range(-WARM_ROUNDS, rounds):
        draw.shuffle(order)
        headers = {
            "Authorization": f"Bearer {asking.token()}",
            "Content-Type": "application/json",
        }
        for case in order:
            took = _ask(connection, case, number, headers)
            if number >= 0:
                case.milliseconds.append(took)
    connection.close()


def _ask(
    connection: http.client.HTTPConnection, case: Case, number: int, headers: Mapping[str, str]
) -> float:
    body = case.question(number)
    began = time.perf_counter()
    connection.request("POST", PATH, body, dict(headers))
    response = connection.getresponse()
    answer = response.read()
    took = (time.perf_counter() - began) * 1000
    head = sum(len(name) + len(value) for name, value in response.getheaders())
    case.lengths.add((response.status, len(answer), head))
    return took


def compare_ranks(ones: Sequence[float], others: Sequence[float]) -> tuple[float, float]:
    """Compare two samples by rank: Mann-Whitney U, normal approximation, corrected for ties.

    Returns:
        how often one of the first is slower than one of the second (0.5: nothing to tell), and the
        two-sided p.

    >>> share, p = compare_ranks([1.0, 2.0, 3.0] * 20, [1.0, 2.0, 3.0] * 20)
    >>> share, round(p, 3)
    (0.5, 1.0)
    >>> compare_ranks(range(100), range(40, 140))[1] < 1e-6
    True
    """
    first, second = len(ones), len(others)
    whole = first + second
    ranks = pd.Series([*ones, *others], dtype=float).rank()
    above = float(ranks[:first].sum()) - first * (first + 1) / 2
    ties = ranks.value_counts()
    corrected = whole + 1 - float((ties**3 - ties).sum()) / (whole * (whole - 1))
    spread = math.sqrt(first * second / 12 * corrected)
    z = (above - first * second / 2) / spread
    return above / (first * second), math.erfc(abs(z) / math.sqrt(2))


def _lines(cases: Mapping[str, Case]) -> Iterator[str]:
    yield f"{'question':<32} {'p25 ms':>8} {'p50':>8} {'p75':>8}  status, bytes of body, of headers"
    for name, case in cases.items():
        quartiles = pd.Series(case.milliseconds).quantile([0.25, 0.5, 0.75])
        figures = " ".join(f"{one:>8.3f}" for one in quartiles)
        lengths = "; ".join(", ".join(map(str, one)) for one in sorted(case.lengths))
        yield f"{name:<32} {figures}   {lengths}"
    for one, other in PAIRS:
        share, p = compare_ranks(cases[one].milliseconds, cases[other].milliseconds)
        yield f"{one} slower than {other}: {share:.3f} of all pairs, p = {p:.3f}"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=10_000, help="persons in the register")
    parser.add_argument("--rounds", type=int, default=2_000)
    arguments: Any = parser.parse_args()
    settings = site.prepare(arguments.size)
    cases = make_cases(settings)
    with (
        site.running(settings, "sharing_api.access_log.integrator"),
        site.running(settings, "sharing_api.main", "--port", str(PORT), port=PORT),
    ):
        ask_in_turn(settings, cases, arguments.rounds)
    print(site.machine())
    for line in _lines(cases):
        print(line)


if __name__ == "__main__":
    main()

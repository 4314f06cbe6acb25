"""Eligibility in FHIR against the plain look-up of the same rows, both through the corridor.

The three ways to ask take turns, so that what else the machine does meets them alike. An answer
counts only when its log entry is durable.

    python -m benchmarks.eligibility --size 100000
"""

import argparse
import functools
import json
import statistics
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import quote

from joserfc.jwk import OKPKey
from sqlalchemy import text

from benchmarks import lookup, site
from command_line.operator import migrate
from databases import local_cluster
from databases.changes import ledger
from databases.sessions import Databases
from databases.settings import Settings
from insurance import tables
from sharing_api import bootstrap
from sharing_api import settings as exchange_settings
from sharing_api.client import ExchangeClient

CLIENT: Final = "hospital"
FIELDS: Final = ("benefit_level", "benefit_percentage", "is_valid")
PURPOSE: Final = "health_insurance.eligibility"
CARD_SYSTEM: Final = "urn:natdb:fhir:identifier:health-insurance-card"
ASKED: Final = 20_000
# Invented participants, every one with a card of ten digits.
_FILL = (
    """
    INSERT INTO insurance.participant (participant_no, social_insurance_no, full_name, name_key,
        birth_date, birth_precision, sex, nationality_code, valid, from_change)
    SELECT '96' || lpad(n::text, 8, '0'), '96' || lpad(n::text, 8, '0'), 'Lê Văn Thử',
        'le van thu', '1985-05-06', 'day', 'male', 'VN', daterange('1985-05-06', NULL), :change
    FROM generate_series(1, :size) AS n
    """,
    """
    INSERT INTO insurance.health_card (card_code, participant_no, object_code, issued_on, valid,
        from_change)
    SELECT '96' || lpad(n::text, 8, '0'), '96' || lpad(n::text, 8, '0'),
        (ARRAY['DN', 'HT', 'TE', 'CN', 'GD'])[1 + n % 5], '2021-04-01',
        daterange('2021-04-01', NULL), :change
    FROM generate_series(1, :size) AS n
    """,
)


def prepare(size: int) -> Settings:
    """Make or reuse the site of a size, a number of participants."""
    home = site.ROOT / ".natdb" / f"benchmark-eligibility-{size}"
    local_cluster.start_cluster(home)
    settings = local_cluster.load_settings(home, {})
    migrate.migrate(settings)
    bootstrap.prepare_demo_exchange(settings)
    databases = Databases(settings, "benchmark")
    with databases.reading("insurance") as session:
        held = session.execute(text("SELECT count(*) FROM insurance.participant")).scalar_one()
    if not held:
        _fill(databases, size)
    databases.dispose()
    return settings


def _fill(databases: Databases, size: int) -> None:
    now = datetime.now(UTC)  # noqa: TID251  a benchmark is an edge
    act = ledger.Act("participant.registered", now, "benchmark", "fill", "none", "none")
    with databases.writing("insurance") as session:
        change = ledger.open_change(session, tables.ledger, act)
        for statement in _FILL:
            session.execute(text(statement), {"size": size, "change": change})
    with databases.engine("insurance", "owner").connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("ANALYZE")


def make_requests(token: str, cards: list[str]) -> dict[str, list[bytes]]:
    """Write the same questions in three ways."""
    return {
        "plain look-up": [_look_up(token, card) for card in cards],
        "FHIR eligibility": [_eligibility(token, card) for card in cards],
        "FHIR search of Coverage": [_search(token, card) for card in cards],
    }


@functools.cache
def _legal_basis() -> str:
    return bootstrap.usual_legal_basis(CLIENT)


def _look_up(token: str, card: str) -> bytes:
    question = {
        "key": card,
        "fields": FIELDS,
        "purpose": PURPOSE,
        "legal_basis": _legal_basis(),
    }
    return _post("/v1/insurance/eligibility/look-up", question, "application/json", token)


def _eligibility(token: str, card: str) -> bytes:
    request = {
        "resourceType": "CoverageEligibilityRequest",
        "status": "active",
        "purpose": ["validation", "benefits"],
        "patient": {"display": "the bearer of the card"},
        "created": "2026-03-02",
        "insurer": {"display": "health insurance"},
        "insurance": [{"coverage": {"identifier": {"system": CARD_SYSTEM, "value": card}}}],
    }
    path = "/fhir/CoverageEligibilityRequest/$submit"
    return _post(path, request, "application/fhir+json", token)


def _search(token: str, card: str) -> bytes:
    return _head("GET", f"/fhir/Coverage?identifier={quote(f'{CARD_SYSTEM}|{card}')}", token) + (
        b"\r\n\r\n"
    )


def _post(path: str, message: dict[str, Any], media: str, token: str) -> bytes:
    data = json.dumps(message, ensure_ascii=False).encode()
    head = _head("POST", path, token)
    rest = f"\r\nContent-Type: {media}\r\nContent-Length: {len(data)}\r\n\r\n"
    return head + rest.encode() + data


def _head(method: str, path: str, token: str) -> bytes:
    lines = [
        f"{method} {path} HTTP/1.1",
        "Host: 127.0.0.1",
        f"Authorization: Bearer {token}",
        f"Exchange-Purpose: {PURPOSE}",
        f"Exchange-Legal-Basis: {quote(_legal_basis(), safe=' /.')}",
    ]
    return "\r\n".join(lines).encode()


def run(size: int, clients: int, seconds: float, rounds: int) -> None:
    """Measure and print."""
    settings = prepare(size)
    with (
        site.running(settings, "sharing_api.access_log.integrator"),
        site.running(
            settings, "sharing_api.main", "--port", str(site.API_PORT), port=site.API_PORT
        ),
    ):
        cards = [f"96{number:08d}" for number in range(1, min(size, ASKED) + 1)]
        ways = make_requests(_token(settings), cards)
        rates: dict[str, list[float]] = {name: [] for name in ways}
        middles: dict[str, list[float]] = {name: [] for name in ways}
        before = site.count(settings, "exchange", lookup.ENTRIES)[0]
        answers = 0
        for _ in range(rounds):
            for name, requests in ways.items():
                figures = lookup.measure(site.API_PORT, requests, clients=clients, seconds=seconds)
                rates[name].append(figures["rate"])
                middles[name].append(figures["p50"])
                answers += figures["answers"]
        logged = site.count(settings, "exchange", lookup.ENTRIES)[0] - before
    plain = statistics.median(rates["plain look-up"])
    for name in ways:
        rate, p50 = statistics.median(rates[name]), statistics.median(middles[name])
        print(f"{size:>9,} {clients:>3} clients {name:<24} {rate:>7,.0f}/s {p50:>7.1f} ms"
              f" {rate / plain:>6.2f}")  # fmt: skip
    durable = "all durable" if logged >= answers else "NOT ALL DURABLE"
    print(f"{answers:,} answers, {logged:,} entries: {durable}")


def _token(settings: Settings) -> str:
    key = OKPKey.import_key((settings.keys / f"client_{CLIENT}.key").read_bytes())
    issuer = exchange_settings.load(settings).issuer
    return ExchangeClient(f"http://127.0.0.1:{site.API_PORT}", CLIENT, key, issuer).token()


def main() -> None:
    """Measure with one client and with many."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=100_000)
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 32])
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    print(site.machine())
    for clients in arguments.clients:
        run(arguments.size, clients, arguments.seconds, arguments.rounds)


if __name__ == "__main__":
    main()

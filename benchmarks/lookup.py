"""The audited look-up against its peers, on the same rows in one session.

Peers: a bare FastAPI + SQLAlchemy + psycopg2 look-up of the same columns, and pgbench doing the
same select with an insert of a log row and a commit. An answer of ours counts only when its log
entry is durable: the entries in the log must equal the answers received.

    python -m benchmarks.lookup --sizes 100000 1000000
"""

import argparse
import json
import os
import random
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from joserfc.jwk import OKPKey

from benchmarks import site
from benchmarks.load_generator import write_requests
from databases import periods
from databases.changes import ledger, versions
from databases.sessions import Databases
from databases.settings import Settings
from population import tables
from sharing_api import settings as exchange_settings
from sharing_api.client import ExchangeClient

FIELDS = ("pin", "full_name", "date_of_birth", "sex", "permanent_residence")
CLIENT = "moj-civil-status"
ENTRIES = "SELECT count(*) FROM exchange.access_entry"
BATCH = 500
VERSIONS = 100
_PGBENCH_SCRIPTS = 100

Figures = dict[str, Any]


def make_request(path: str, body: dict[str, Any], token: str = "") -> bytes:
    """Write a request as it goes over the wire."""
    data = json.dumps(body, ensure_ascii=False).encode()
    head = [
        f"POST {path} HTTP/1.1",
        "Host: 127.0.0.1",
        "Content-Type: application/json",
        f"Content-Length: {len(data)}",
    ]
    if token:
        head.append(f"Authorization: Bearer {token}")
    return "\r\n".join(head).encode() + b"\r\n\r\n" + data


def _question(**members: Any) -> dict[str, Any]:
    return {
        **members,
        "fields": list(FIELDS),
        "purpose": "civil_status.registration",
        "legal_basis": "Decree 194/2025/NĐ-CP art. 16",
        "officer": "officer-0042",
        "case": "2026/0001234",
    }


def measure(
    port: int, requests: Iterable[bytes], *, clients: int, seconds: float, rate: float = 0.0
) -> Figures:
    """Run the load generator in a process of its own."""
    with tempfile.NamedTemporaryFile() as file:
        write_requests(Path(file.name), list(requests))
        command = [sys.executable, "-m", "benchmarks.load_generator", "--port", str(port)]
        command += ["--requests", file.name, "--clients", str(clients)]
        command += ["--seconds", str(seconds), "--rate", str(rate)]
        run = subprocess.run(command, cwd=site.ROOT, capture_output=True, text=True, check=False)  # noqa: S603  our own program
    if run.returncode != 0:
        raise RuntimeError(run.stderr)
    figures: Figures = json.loads(run.stdout)
    return figures


def token(settings: Settings, port: int) -> str:
    """Get an access token for the benchmark's system."""
    key = OKPKey.import_key((settings.keys / f"client_{CLIENT}.key").read_bytes())
    issuer = exchange_settings.load(settings).issuer
    return ExchangeClient(f"http://127.0.0.1:{port}", CLIENT, key, issuer).token()


def make_long_histories(settings: Settings, pins: Sequence[str]) -> None:
    """Give records a hundred versions: the telephone number changes every ten days."""
    databases = Databases(settings, "benchmark")
    now = datetime.now(UTC)  # noqa: TID251  a benchmark is an edge
    act = ledger.Act("population.item.corrected", now, "benchmark", "history", "none", "none")
    first = date(2023, 1, 1)
    with databases.writing("population") as session:
        held = versions.list_current(session, tables.person, {"pin": pins[0]})
        if len(held) > VERSIONS:
            return
    for number in range(VERSIONS):
        with databases.writing("population") as session:
            change = ledger.open_change(session, tables.ledger, act)
            for pin in pins:
                versions.amend(
                    session,
                    tables.person,
                    {"pin": pin},
                    {"mobile_no": f"09{number:08d}"},
                    valid=periods.period(first + timedelta(days=10 * number)),
                    change=change,
                )
    databases.dispose()


def pgbench(settings: Settings, pins: Sequence[str], *, clients: int, seconds: float) -> Figures:
    """Run the same select with an insert and a commit through pgbench."""
    url = settings.url("population", "owner")
    environment = {**os.environ, "PGPASSWORD": str(url.password)}
    where = ["-h", url.query.get("host", url.host), "-p", url.query.get("port", str(url.port))]
    where += ["-U", str(url.username)]
    program = _program("pgbench")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        scripts = []
        for number, pin in enumerate(pins[:_PGBENCH_SCRIPTS]):
            (folder / f"{number}.sql").write_text(_SCRIPT.replace("$pin$", pin))
            scripts += ["-f", str(folder / f"{number}.sql")]
        (folder / "setup.sql").write_text(_SETUP)
        base = [str(part) for part in where]
        subprocess.run(  # noqa: S603  PostgreSQL's own client
            [
                _program("psql"),
                "-q",
                *base,
                "-d",
                str(url.database),
                "-f",
                str(folder / "setup.sql"),
            ],
            env=environment,
            check=True,
            capture_output=True,
        )
        command = [program, "-n", "-M", "prepared", "-c", str(clients), "-j", "1"]
        command += ["-T", str(int(seconds)), *scripts, *base, "-d", str(url.database)]
        run = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)  # noqa: S603  pgbench
    found = re.search(r"tps = ([0-9.]+)", run.stdout)
    if found is None:
        raise RuntimeError(run.stdout + run.stderr)
    return {"rate": float(found[1])}


def _program(name: str) -> str:
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for folder in folders:
        if (folder / name).exists():
            return str(folder / name)
    return name


_SETUP = """
CREATE TABLE IF NOT EXISTS population.benchmark_log (
    position bigint GENERATED ALWAYS AS IDENTITY UNIQUE, entry_id uuid PRIMARY KEY,
    logged_at timestamptz NOT NULL, subject_tag bytea, text_members text NOT NULL,
    request_hash bytea NOT NULL, answer_hash bytea NOT NULL, leaf_hash bytea NOT NULL);
CREATE INDEX IF NOT EXISTS benchmark_log_subject
    ON population.benchmark_log (subject_tag, position);
"""
_SCRIPT = """
BEGIN;
SELECT p.pin, p.full_name, p.birth_date, p.sex, r.street, r.village, r.commune_code,
       r.commune_version, r.province_code, r.country_code
FROM population.person p LEFT JOIN population.residence r ON r.pin = p.pin
     AND r.kind = 'permanent' AND r.to_change IS NULL
     AND coalesce(upper(r.valid), 'infinity'::date) > current_date
WHERE p.pin = '$pin$' AND p.to_change IS NULL
     AND coalesce(upper(p.valid), 'infinity'::date) > current_date;
INSERT INTO population.benchmark_log
    (entry_id, logged_at, subject_tag, text_members, request_hash, answer_hash, leaf_hash)
VALUES (gen_random_uuid(), now(), decode(repeat('ab', 32), 'hex'), repeat('x', 300),
    decode(repeat('ab', 32), 'hex'), decode(repeat('cd', 32), 'hex'),
    decode(repeat('ef', 32), 'hex'));
COMMIT;
"""


def run_size(size: int, seconds: float) -> list[Figures]:
    """Measure one size; returns a row per measurement."""
    settings = site.prepare(size)
    pins = site.count(
        settings,
        "population",
        "SELECT DISTINCT pin FROM population.person WHERE to_change IS NULL"
        " AND loss_kind IS NULL LIMIT 20000",
    )
    random.Random(site.SEED).shuffle(pins)
    long_pins, pins = pins[:20], pins[20:]
    make_long_histories(settings, long_pins)
    rows: list[Figures] = []

    def note(what: str, figures: Figures, **more: Any) -> Figures:
        rows.append({"size": size, "what": what, **figures, **more})
        print(_line(rows[-1]), flush=True)
        return rows[-1]

    with (
        site.running(settings, "sharing_api.access_log.integrator"),
        site.running(
            settings, "sharing_api.main", "--port", str(site.API_PORT), port=site.API_PORT
        ),
        site.running(
            settings, "benchmarks.bare_api", "--port", str(site.BARE_PORT), port=site.BARE_PORT
        ),
    ):
        access = token(settings, site.API_PORT)
        path = "/v1/population/citizen/look-up"
        ours = [make_request(path, _question(key=pin), access) for pin in pins]
        bare = [make_request("/look-up", {"key": pin}) for pin in pins]
        batches = [
            make_request(
                "/v1/population/citizen/batch",
                _question(keys=pins[start : start + BATCH]),
                access,
            )
            for start in range(0, len(pins) - BATCH, BATCH)
        ]
        for port, requests in ((site.API_PORT, ours), (site.BARE_PORT, bare)):
            measure(port, requests, clients=8, seconds=2)  # warm
        for clients in (1, 32):
            before = site.count(settings, "exchange", ENTRIES)[0]
            one = measure(site.API_PORT, ours, clients=clients, seconds=seconds)
            logged = site.count(settings, "exchange", ENTRIES)[0] - before
            peer = measure(site.BARE_PORT, bare, clients=clients, seconds=seconds)
            raw = pgbench(settings, pins, clients=clients, seconds=seconds)
            note(f"audited look-up, {clients} clients", one, durable=logged)
            note(f"bare FastAPI, {clients} clients", peer, ratio=one["rate"] / peer["rate"])
            note(f"pgbench, {clients} clients", raw, ratio=one["rate"] / raw["rate"])
        half = rows[3]["rate"] * 0.6
        note(
            f"audited look-up, open loop {half:.0f}/s",
            measure(site.API_PORT, ours, clients=32, seconds=seconds, rate=half),
        )
        batch = measure(site.API_PORT, batches, clients=4, seconds=seconds)
        batch["rate"] *= BATCH
        note(
            f"batch of {BATCH}, 4 clients (records/s)", batch, ratio=batch["rate"] / rows[3]["rate"]
        )
        plain = measure(site.API_PORT, ours[:20], clients=1, seconds=seconds)
        long = [make_request(path, _question(key=pin), access) for pin in long_pins]
        many = measure(site.API_PORT, long, clients=1, seconds=seconds)
        note("20 ordinary records, 1 client", plain)
        note(f"20 records of {VERSIONS} versions, 1 client", many, ratio=many["p50"] / plain["p50"])
    bytes_logged = site.count(
        settings,
        "exchange",
        "SELECT pg_total_relation_size('exchange.access_entry') / greatest(count(*), 1)"
        " FROM exchange.access_entry",
    )[0]
    note("bytes logged per entry, indexes included", {"rate": float(bytes_logged)})
    return rows


def _line(row: Figures) -> str:
    parts = [f"{row['size']:>9,}", f"{row['what']:<44}", f"{row['rate']:>10,.0f}"]
    for name in ("p50", "p95", "p99"):
        parts.append(f"{row[name]:>8.1f}" if name in row else " " * 8)
    parts.append(f"{row['ratio']:>7.2f}" if "ratio" in row else " " * 7)
    if "durable" in row:
        same = "all durable" if row["durable"] >= row["answers"] else "NOT ALL DURABLE"
        parts.append(f"  {row['answers']:,} answers, {row['durable']:,} entries: {same}")
    return " ".join(parts)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[100_000])
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--out", type=Path, help="write the rows as JSON")
    arguments = parser.parse_args()
    print(site.machine())
    print(f"{'persons':>9} {'':<44} {'per second':>10} {'p50 ms':>8} {'p95':>8} {'p99':>8}   ratio")
    rows = [row for size in arguments.sizes for row in run_size(size, arguments.seconds)]
    if arguments.out:
        arguments.out.write_text(json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()

"""How long a simulation of a new version takes against many logged questions.

The log of a site of its own is filled with questions of one agency: 97 officers, 250 procedures'
cases, a third of a million persons, a twentieth refused. They are no answers that anybody got; the
site is not verified afterwards.

    python -m benchmarks.simulation --questions 1000000
"""

import argparse
import json
import resource
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import create_engine, text

from benchmarks import site
from databases.sessions import Databases
from databases.settings import Settings
from sharing_api import app
from sharing_api.agreements import documents
from sharing_api.agreements.life.repository import versions
from sharing_api.agreements.life.values import State
from sharing_api.disclosure import drafts
from sharing_api.simulation import service

AGENCY = "H26"
DATASET = "population/citizen"
_FILL = """
INSERT INTO exchange.access_entry (entry_id, answer_id, logged_at, agency, client, officer,
    subject_tag, dataset, operation, purpose, legal_basis, procedure, case_reference,
    agreement_hash, decision, rule, fields, request_hash, answer_hash, register_change, valid_on,
    transport, leaf_hash)
SELECT id, id, now() - make_interval(secs => number % 2500000), :agency, 'hanoi-one-stop',
       'officer-' || number % 97, sha256(CAST(CAST(number % 333333 AS text) AS bytea)), :dataset,
       (ARRAY['look-up', 'verify'])[1 + number % 2], 'public_service.residence', :basis, '',
       'H26-' || number % 250, :hash,
       CASE WHEN number % 20 = 0 THEN 'refused' ELSE 'permitted' END,
       CASE WHEN number % 20 = 0 THEN 'field.not_granted' ELSE 'found' END,
       CASE WHEN number % 20 = 0 THEN CAST(ARRAY[] AS text[])
            WHEN number % 3 = 0 THEN ARRAY['pin', 'sex'] ELSE ARRAY['birth_full_name', 'pin'] END,
       sha256(CAST(CAST(number AS text) AS bytea)), sha256(CAST(CAST(number AS text) AS bytea)), 7,
       current_date,
       CASE WHEN number % 20 = 0 THEN CAST('{"asked": "religion;;;;"}' AS jsonb) ELSE '{}' END,
       sha256(CAST(CAST(number AS text) AS bytea))
  FROM (SELECT number, gen_random_uuid() AS id FROM generate_series(1, :count) AS number) AS drawn
"""


def fill(settings: Settings, found: Any, count: int) -> None:
    """Fill the log with questions of the agency up to a number."""
    engine = create_engine(settings.url("exchange", "owner"))
    with engine.begin() as connection:
        known = connection.execute(
            text("SELECT count(*) FROM exchange.access_entry WHERE agreement_hash = :hash"),
            {"hash": found.agreement_hash},
        ).scalar_one()
        if known < count:
            values = {
                "agency": AGENCY,
                "dataset": DATASET,
                "basis": found.content["legal_basis"][0],
                "hash": found.agreement_hash,
                "count": count - known,
            }
            connection.execute(text(_FILL), values)
    engine.dispose()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=1_600, help="persons in the register")
    parser.add_argument("--questions", type=int, default=1_000_000)
    arguments: Any = parser.parse_args()
    settings = site.prepare(arguments.size)
    databases = Databases(settings, "benchmark")
    with databases.writing("exchange") as session:
        known = versions.list_versions(session, parties=[AGENCY], states=[State.IN_FORCE])
        found = next(one for one in known if DATASET in one.content["datasets"])
    fill(settings, found, arguments.questions)
    content = json.loads(json.dumps(found.content))
    content |= {"version": found.number + 1, "previous": found.agreement_hash}
    del content["datasets"][DATASET]["fields"]["sex"]
    content["datasets"][DATASET]["fields"]["religion"] = "full"
    began = time.perf_counter()
    with databases.writing("exchange") as session:
        simulated = service.simulate(
            session,
            documents.canonical(content),
            agency=AGENCY,
            since=timedelta(days=30),
            now=datetime.now(UTC),  # noqa: TID251  a benchmark asks now
            check=drafts.find_problems,
            vintages=app.province_vintages,
        )
    took = time.perf_counter() - began
    databases.dispose()
    outcome = simulated.outcome
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(site.machine())
    print(
        f"{outcome.questions} questions of {outcome.groups} kinds in {took:.1f} s, "
        f"{megabytes:.0f} MB; differences in words: {len(simulated.differences)}"
    )
    for title, changes in (("stopped", outcome.stopped), ("started", outcome.started)):
        for change in changes.values():
            print(
                f"{title}: {change.questions} {change.operation}, {change.reason}, "
                f"{len(change.persons)} persons"
            )
    print(f"persons lost {outcome.persons_lost}, gained {outcome.persons_gained}")


if __name__ == "__main__":
    main()

"""One record against a register: how soon and how surely who is meant is found, beside two peers.

Persons of the sample country are asked for as an erring hand writes them: signs lost, letters and
digits wrong, the year alone, old addresses missing. The peers find candidates by the same question
in the same run: trigrams of the name (pg_trgm, the register's own index), and a table of hashed
keys (name and year, last word and day, number); both rank by RapidFuzz.

    python -m benchmarks.candidates --sizes 100000
"""

import argparse
import gc
import json
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pyarrow as pa
from rapidfuzz import fuzz
from sqlalchemy import text
from sqlalchemy.orm import Session

from benchmarks import lookup as look_ups
from benchmarks import site
from databases import local_cluster, vietnamese
from databases.changes.versions import AsOf
from databases.settings import Settings
from sample_country import dirt
from sharing_api import app, bootstrap
from sharing_api.disclosure import catalogue
from sharing_api.disclosure.corridor import Corridor
from sharing_api.disclosure.in_house import Desk, Errand
from sharing_api.matching.index import repository, sources
from sharing_api.matching.index.filling import Filler
from sharing_api.matching.index.keeping import Keeper
from sharing_api.matching.index.lookup import Lookup
from sharing_api.matching.index.values import Kept
from sharing_api.matching.model import read_model

CITIZEN = "population/citizen"
_NUMBERS = ("personal_number", "old_card_number", "telephone")
_ASKED = ("full_name", "birth_date", "sex", "address", "personal_number")
_BATCH = 1_000
_DRAWN = 4_000
Person = Mapping[str, str]
Ask = Callable[[Person], Sequence[str]]


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251  a benchmark happens now


def _err(person: Person, dice: np.random.Generator) -> dict[str, str]:
    """Write a person down as an erring hand does: about one error in each."""
    written = {name: value for name, value in person.items() if name != "key"}
    chance = dice.random(8)
    if chance[0] < 0.3:
        written["full_name"] = dirt.lose_signs(written["full_name"], dice)
    if chance[1] < 0.08:
        written["full_name"] = dirt.err_in_letter(written["full_name"], dice)
    if chance[2] < 0.05:
        written["full_name"] = dirt.change_middle(written["full_name"], dice)
    if chance[3] < 0.08:
        written["birth_date"] = written["birth_date"][:4]
    if chance[4] < 0.15:
        written.pop("address", None)
    if chance[5] < 0.03:
        written.pop("sex", None)
    for name in _NUMBERS:
        if name in written and chance[6] < 0.05:
            written[name] = dirt.err_in_digit(written[name], dice)
        if chance[7] < 0.5 and name != "personal_number":
            written.pop(name, None)
    return written


def _misspell(name: str, dice: np.random.Generator) -> str:
    """Make an error in two words of a name: a letter changed, put in or left out."""
    words = vietnamese.fold(name).split()
    for place in dice.choice(len(words), 2, replace=False):
        wrong = dirt.err_in_letter(words[place], dice)
        words[place] = wrong if wrong != words[place] else wrong + wrong[-1]
    return " ".join(words)


def _misspelt(people: Sequence[Person]) -> tuple[list[Person], list[Person]]:
    """Give those with long names, and questions by these names with two words misspelt."""
    dice = np.random.default_rng(1)
    long = [one for one in people if len(one["full_name"].split()) > 2]
    return long, [{"full_name": _misspell(one["full_name"], dice)} for one in long]


def _draw(session: Session) -> list[dict[str, str]]:
    """Draw persons out of the register, as it publishes them, the same ones each time."""
    drawn = text(
        "SELECT pin FROM population.person WHERE to_change IS NULL ORDER BY md5(pin) LIMIT :most"
    )
    keys = list(session.scalars(drawn, {"most": _DRAWN}))
    wanted = frozenset(sources.published_fields(CITIZEN))
    read = catalogue.DATASETS[CITIZEN].fetch(session, keys, wanted, AsOf(_now().date(), None))
    people = [
        {name: str(value) for name, value in {**sources.say(CITIZEN, one), "key": key}.items()}
        for key, one in read.records.items()
    ]
    return [one for one in people if {"full_name", "birth_date"} <= one.keys()]


def _measure(ask: Ask, people: Sequence[Person], asked: Sequence[Person]) -> str:
    spent, first = [], 0
    for person, question in zip(people, asked, strict=True):
        start = time.perf_counter()
        found = ask(question)
        spent.append(time.perf_counter() - start)
        first += bool(found) and found[0] == person["key"]
    p50, p95, p99 = np.percentile(spent, [50, 95, 99]) * 1_000
    return f"{p50:8.2f} {p95:8.2f} {p99:8.2f} {first / len(people):8.4f}"


def _ours(session: Session, lookup: Lookup, least: float) -> Ask:
    def ask(question: Person) -> Sequence[str]:
        columns = {name: pa.array([value]) for name, value in question.items()}
        return lookup.find(session, CITIZEN, columns, most=20, least=least).key

    return ask


def _likeness(question: Person, name: str, born: str) -> float:
    said = f"{vietnamese.name_key(question['full_name'])} {question.get('birth_date', '')}"
    return fuzz.ratio(said, f"{vietnamese.name_key(name)} {born}")


def _rank(question: Person, rows: Sequence[Any]) -> Sequence[str]:
    ranked = sorted(rows, key=lambda row: -_likeness(question, row[1], str(row[2])))
    return [row[0] for row in ranked[:5]]


def _by_trigrams(session: Session) -> Ask:
    statement = text(
        "SELECT pin, full_name, birth_date FROM population.person"
        " WHERE to_change IS NULL AND name_key % :name"
        " ORDER BY similarity(name_key, :name) DESC LIMIT 50"
    )

    def ask(question: Person) -> Sequence[str]:
        name = vietnamese.name_key(question["full_name"])
        return _rank(question, session.execute(statement, {"name": name}).all())

    return ask


def _peer_keys(name: str, born: str, number: str) -> list[str]:
    plain = vietnamese.fold(name)
    last = plain.rpartition(" ")[2]
    return [one for one in (f"a{plain}{born[:4]}", f"b{last}{born}", f"c{number}") if len(one) > 1]


def _make_peer_table(settings: Settings) -> None:
    from databases.sessions import Databases

    databases = Databases(settings, "benchmark")
    with databases.writing("population", "owner") as session:
        session.execute(text("DROP TABLE IF EXISTS population.benchmark_keys"))
        session.execute(
            text(
                "CREATE UNLOGGED TABLE population.benchmark_keys AS"
                " SELECT hashtextextended(key, 0) AS key, pin, full_name, birth_date FROM ("
                " SELECT pin, full_name, birth_date, unnest(ARRAY["
                "  'a' || name_key || to_char(birth_date, 'YYYY'),"
                "  'b' || substring(name_key from '[^ ]+$') || birth_date,"
                "  'c' || pin]) AS key FROM population.person WHERE to_change IS NULL) AS keyed"
            )
        )
        session.execute(text("CREATE INDEX ON population.benchmark_keys (key)"))
        session.execute(text("GRANT SELECT ON population.benchmark_keys TO population_reader"))
        session.execute(text("ANALYZE population.benchmark_keys"))
    databases.dispose()


def _by_hashed_keys(session: Session) -> Ask:
    statement = text(
        "SELECT DISTINCT hit.pin, hit.full_name, hit.birth_date"
        " FROM unnest(CAST(:keys AS text[])) AS asked (key)"
        " CROSS JOIN LATERAL (SELECT * FROM population.benchmark_keys AS own"
        " WHERE own.key = hashtextextended(asked.key, 0) LIMIT 50) AS hit"
    )

    def ask(question: Person) -> Sequence[str]:
        name = vietnamese.name_key(question["full_name"])
        number = question.get("personal_number", "")
        keys = _peer_keys(name, question.get("birth_date", ""), number)
        return _rank(question, session.execute(statement, {"keys": keys}).all())

    return ask


def _print(what: str, figures: str) -> None:
    print(f"  {what:58} {figures}", flush=True)


def measure(settings: Settings, size: int, questions: int) -> None:
    """Measure one size by so many questions; the peers, who are slower, by a tenth of them."""
    gc.set_threshold(100_000)
    basis = bootstrap.usual_legal_basis("matching")
    errand = Errand("matching", "benchmark", "registers.linkage", basis, "index")
    with app.open_corridor(settings) as corridor:
        keeper, model = Keeper(corridor.subject_key), read_model()
        filler = Filler(Desk(corridor, _now), corridor.databases, keeper, errand, model)
        start = time.perf_counter()
        read = filler.update(CITIZEN, _now().date(), lambda *_: None)
        seconds = time.perf_counter() - start
        if read:
            _print(
                "read, keyed, sealed, written and learned (records/s)", f"{read / seconds:8,.0f}"
            )
        lookup = Lookup(keeper, model)
        dice = np.random.default_rng(714)
        with corridor.databases.reading("population") as session:
            drawn = _draw(session)
        people = drawn[:questions]
        asked = [_err(one, dice) for one in drawn]
        with corridor.databases.reading("exchange") as session:
            _measure_ours(session, lookup, people, asked[:questions])
        _measure_peers(settings, corridor, people[: questions // 10], asked[: questions // 10])
        _measure_batch(corridor, filler, lookup, asked)
        _measure_storage(corridor, size)
    _measure_exchange(settings, asked[:questions])


def _measure_ours(
    session: Session, lookup: Lookup, people: Sequence[Person], asked: Sequence[Person]
) -> None:
    ask = _ours(session, lookup, 0.5)
    _print("first 20 questions of a process", _measure(ask, people[:20], asked[:20]))
    _print("all that is known", _measure(ask, people, asked))
    bare = [{n: v for n, v in one.items() if n not in _NUMBERS} for one in asked]
    _print("no numbers", _measure(ask, people, bare))
    few = [{n: v for n, v in one.items() if n in ("full_name", "birth_date")} for one in asked]
    _print("name and day of birth", _measure(ask, people, few))
    names = [{"full_name": one["full_name"]} for one in asked]
    by_name = _ours(session, lookup, 0.0)
    _print("name only, however improbable", _measure(by_name, people, names))
    long, wrong = _misspelt(people)
    _print("name only, two words of it misspelt", _measure(by_name, long, wrong))
    told = sum(one["key"] in by_name(asked) for one, asked in zip(long, wrong, strict=True))
    _print("  share of partners among 20", f"{'':26} {told / len(long):8.4f}")


def _measure_peers(
    settings: Settings, corridor: Corridor, people: Sequence[Person], asked: Sequence[Person]
) -> None:
    _make_peer_table(settings)
    with corridor.databases.reading("population") as session:
        by_name = _by_trigrams(session)
        _print("peer: trigrams of the name + RapidFuzz", _measure(by_name, people, asked))
        _print("peer: the same, two words of it misspelt", _measure(by_name, *_misspelt(people)))
        ask = _by_hashed_keys(session)
        _print("peer: table of hashed keys + RapidFuzz", _measure(ask, people, asked))


def _measure_batch(
    corridor: Corridor, filler: Filler, lookup: Lookup, asked: Sequence[Person]
) -> None:
    """Match new records, each a different person, against all before them, and insert them."""
    with corridor.databases.writing("exchange") as session:
        index = repository.open_index(session, CITIZEN, filler.version).index_id
    made: list[Kept] = []
    start = time.perf_counter()
    for first in range(0, len(asked), _BATCH):
        some = asked[first : first + _BATCH]
        columns = {name: pa.array([one.get(name) for one in some]) for name in _ASKED}
        records = {
            f"new-{first + number}": {
                "full_name": one["full_name"],
                "date_of_birth": one.get("birth_date"),
                "pin": one.get("personal_number"),
            }
            for number, one in enumerate(some)
        }
        with corridor.databases.writing("exchange") as session:
            lookup.find(session, CITIZEN, columns, most=3, least=0.1)
            kept = filler.make_entries(CITIZEN, records, 1)
            repository.replace(session, (), kept, index)
        made += kept
    seconds = time.perf_counter() - start
    what = f"{len(made):,} new records matched and inserted (records/s)"
    _print(what, f"{len(made) / seconds:8,.0f}")
    with corridor.databases.writing("exchange") as session:
        repository.replace(session, [one.record_tag for one in made], (), index)


def _measure_storage(corridor: Corridor, size: int) -> None:
    with corridor.databases.reading("exchange") as session:
        taken = session.scalar(text("SELECT pg_total_relation_size('exchange.matching_entry')"))
    _print("bytes for each record, indexes included", f"{int(taken or 0) / size:8,.0f}")


def _measure_exchange(settings: Settings, asked: Sequence[Person]) -> None:
    with site.running(
        settings, "sharing_api.main", "--port", str(site.API_PORT), port=site.API_PORT
    ):
        token = look_ups.token(settings, site.API_PORT)
        requests = [
            look_ups.make_request("/v1/matching/candidates", _question(one), token)
            for one in asked
            if {"full_name", "birth_date"} <= one.keys()
        ]
        look_ups.measure(site.API_PORT, requests, clients=1, seconds=5)
        for clients in (1, 4):
            found = look_ups.measure(site.API_PORT, requests, clients=clients, seconds=10)
            _print(f"through the exchange, {clients} clients: {json.dumps(found)}", "")


def _question(person: Person) -> dict[str, Any]:
    return {
        "subject": "person",
        "given": {name: person[name] for name in _ASKED if name in person},
        "fields": ["pin", "full_name"],
        "purpose": "civil_status.registration",
        "legal_basis": "Decree 194/2025/NĐ-CP art. 16",
        "officer": "officer-0042",
        "case": "2026/0001234",
    }


def main() -> None:
    """Measure the sizes that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[100_000])
    parser.add_argument("--questions", type=int, default=1_000)
    parser.add_argument("--again", action="store_true", help="use the site of an earlier run")
    options = parser.parse_args()
    print(site.machine())
    for size in options.sizes:
        home = site.ROOT / ".natdb" / f"benchmark-{size}"
        if options.again:
            local_cluster.start_cluster(home)
            settings = local_cluster.load_settings(home, {})
        else:
            settings = site.prepare(size)
        print(f"{size:,} persons; milliseconds p50, p95, p99; share of partners on top")
        measure(settings, size, options.questions)


if __name__ == "__main__":
    main()

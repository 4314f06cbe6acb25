"""What a page of the feed of changes costs, and to follow a correction to those who were told.

python -m benchmarks.feeds --size 100000
"""

import argparse
import time
from datetime import UTC, datetime

from benchmarks import site
from databases.changes.ledger import Act
from databases.periods import PartialDate
from databases.sessions import Databases
from databases.settings import Settings
from population import service
from sharing_api import app, bootstrap
from sharing_api.disclosure.in_house import Desk, Errand, Scope
from sharing_api.disclosure.inquiry import FeedPage
from sharing_api.recalls.recall import Recall

_CITIZEN = "population/citizen"
_FIELDS = ("pin", "full_name", "birth_full_name", "date_of_birth", "permanent_residence")


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251  a benchmark happens now


def _errand(client: str, purpose: str) -> Errand:
    return Errand(client, "benchmark", purpose, bootstrap.usual_legal_basis(client), "benchmark")


def _correct(databases: Databases, pins: list[str]) -> int:
    """Correct the day of birth of some people, one change each; give the change before."""
    first = 0
    day = _now().minute  # another in the next run
    for pin in pins:
        act = Act("benchmark", _now(), "benchmark", "a benchmark", "none", "invented")
        with databases.writing("population") as session:
            born = PartialDate.parse(f"{_year(pin)}-07-{day % 28 + 1:02}")
            done = service.correct_item(session, act=act, pin=pin, item="birth", value=born)
        first = first or done.change - 1
    return first


def _year(pin: str) -> int:
    """Read the year of birth out of a personal number (Decree 62/2021/NĐ-CP, as the sample has)."""
    return 1900 + 100 * (int(pin[3]) // 2) + int(pin[4:6])


def _print(what: str, count: int, seconds: float) -> None:
    print(f"{what:52} {count:8,} {seconds:8.2f} s {1000 * seconds / max(1, count):9.2f} ms each")


def measure(settings: Settings, corrections: int) -> None:
    """Tell some people's records, correct them, read the feed, recall."""
    reading = _errand("recall", "registers.recall")
    telling = _errand("consistency", "registers.consistency")
    with app.open_corridor(settings) as corridor:
        desk = Desk(corridor, _now)
        fields = ("pin", "date_of_birth")
        scope = Scope(_CITIZEN, fields, ("land",), _now().date(), page=corrections)
        records = next(iter(desk.read_all(telling, scope))).records
        pins = [key for key, one in records.items() if one["pin"] == key]
        desk.ask(telling, _CITIZEN, pins, fields)
        start = time.perf_counter()
        before = _correct(corridor.databases, pins)
        _print("corrections recorded", len(pins), time.perf_counter() - start)
        for limit in (1, 10, 100):
            page = FeedPage(before, "", limit)
            desk.read_changes(reading, _CITIZEN, _FIELDS, page)
            start = time.perf_counter()
            found = len(desk.read_changes(reading, _CITIZEN, _FIELDS, page).events)
            _print(f"a page of {limit} of the feed, records", found, time.perf_counter() - start)
        page = FeedPage(0, "", 100)
        start = time.perf_counter()
        found = len(desk.read_changes(reading, _CITIZEN, _FIELDS, page).events)
        _print("a page of 100 of the first load, records", found, time.perf_counter() - start)
        start = time.perf_counter()
        done = Recall(corridor, reading, _now).run()
        _print("corrections recalled", done.corrections, time.perf_counter() - start)
        print(f"{done.answers} answers compared, {done.notices} notices sent")


def main() -> None:
    """Measure one size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=100_000)
    parser.add_argument("--corrections", type=int, default=200)
    arguments = parser.parse_args()
    print(site.machine())
    measure(site.prepare(arguments.size), arguments.corrections)


if __name__ == "__main__":
    main()

"""What it costs to keep the question of an answer, and to make answers again.

python -m benchmarks.replay --size 2000 --answers 1000
"""

import argparse
import statistics
import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

from benchmarks import site
from databases.settings import Settings
from sharing_api import app, bootstrap
from sharing_api.access_log import entries
from sharing_api.access_log.questions import Kept, Message, QuestionSealer
from sharing_api.agreements.credentials import Caller
from sharing_api.disclosure import own_questions, request
from sharing_api.disclosure.corridor import Corridor
from sharing_api.disclosure.in_house import Desk, Errand, Scope
from sharing_api.replay.service import PURPOSE

_CITIZEN = "population/citizen"
_BODY = (
    '{"key":"001190000018","fields":["pin","full_name","date_of_birth","sex","permanent_residence"]'
    ',"purpose":"civil_status.registration","legal_basis":"Decree 194/2025/NĐ-CP art. 16",'
    '"officer":"mai","case":"H-2026-118"}'
)
_HEADERS = {"content-type": "application/json", "accept": "application/json"}
_SEALED = 20_000
_ROUND, _ROUNDS = 32, 300


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251  a benchmark happens now


def _errand(client: str, purpose: str) -> Errand:
    return Errand(client, "benchmark", purpose, bootstrap.usual_legal_basis(client), "benchmark")


def _ask(settings: Settings, answers: int) -> tuple[datetime, float]:
    """Ask for one person after the other; give when it began and the seconds that it took."""
    errand = _errand("consistency", "registers.consistency")
    with app.open_corridor(settings) as corridor:
        desk = Desk(corridor, _now)
        scope = Scope(_CITIZEN, ("pin",), ("land",), _now().date(), page=answers)
        pins = list(next(iter(desk.read_all(errand, scope))).records)
        _seal(corridor.sealer)
        _compare_rounds(corridor, errand, pins)
        since, start = _now(), time.perf_counter()
        for number in range(answers):
            desk.ask(errand, _CITIZEN, [pins[number % len(pins)]], ("pin", "date_of_birth"))
        taken = time.perf_counter() - start
    return since, taken


def _compare_rounds(corridor: Corridor, errand: Errand, pins: Sequence[str]) -> None:
    """Answer rounds of questions whose message is kept or not, by turns, and compare them."""
    agency = str(corridor.registry.rights.clients[errand.client]["agency_code"])
    caller = Caller(agency, errand.client, 0)
    taken: dict[bool, list[float]] = {True: [], False: []}
    for number in range(_ROUNDS):
        inquiries = []
        for place in range(_ROUND):
            key = pins[(number * _ROUND + place) % len(pins)]
            asked = request.Asked(
                _CITIZEN, "batch", ("pin", "date_of_birth"), errand.purpose, errand.legal_basis,
                keys=(key,),
            )  # fmt: skip
            inquiry = own_questions.inquire(caller, asked, _BODY.encode(), _now())
            if number % 2:
                inquiry.message = Message(own_questions.METHOD, "", "", {}, _BODY.encode())
            inquiries.append(inquiry)
        start = time.perf_counter()
        corridor.answer_all(inquiries)
        taken[bool(number % 2)].append(time.perf_counter() - start)
        assert all(one.is_logged and one.is_open for one in inquiries)  # noqa: S101  else no figure
    kept, not_kept = (1000 * statistics.median(taken[one]) for one in (True, False))
    print(
        f"a round of {_ROUND} in the corridor: {kept:.2f} ms with questions kept, {not_kept:.2f} "
        f"ms without, {kept / not_kept:.2f} x"
    )


def _seal(sealer: QuestionSealer) -> None:
    """Measure what keeping a look-up adds to its answer, and what it takes in the log."""
    message = Message("POST", f"/v1/{_CITIZEN}/look-up", "", _HEADERS, _BODY.encode())
    kept = Kept(message, "citizen/1.0", dict.fromkeys(("", "pin", "full_name", "sex"), 3 << 30))
    answer_id = entries.new_answer_id(_now())
    start = time.perf_counter()
    for _ in range(_SEALED):
        sealed = sealer.seal(answer_id, kept)
    taken = 1e6 * (time.perf_counter() - start) / _SEALED
    print(f"a question of {len(_BODY)} bytes sealed in {taken:.1f} µs, {len(sealed)} bytes kept")


def measure(settings: Settings, answers: int) -> None:
    """Give answers, then make them again."""
    since, taken = _ask(settings, answers)
    print(f"{answers:,} answers given, one after the other: {1000 * taken / answers:.2f} ms each")
    with app.open_replayer(settings, _errand("auditor", PURPOSE)) as replayer:
        start = time.perf_counter()
        found = Counter(one.outcome for one in replayer.replay(replayer.draw(answers, since)))
        again = time.perf_counter() - start
    print(
        f"{found.total():,} of them made again: {1000 * again / found.total():.2f} ms each, "
        f"{again / taken * answers / found.total():.2f} x the answer; {dict(found)}"
    )


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=2_000, help="people of the country")
    parser.add_argument("--answers", type=int, default=1_000)
    arguments = parser.parse_args()
    print(site.machine())
    measure(site.prepare(arguments.size), arguments.answers)


if __name__ == "__main__":
    main()

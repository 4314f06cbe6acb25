"""A person learns who asked about them, and that this is all; checked by the program others use."""

import copy
import json
import shutil
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from sharing_api.access_log import entries
from sharing_api.access_log import repository as log_repository
from sharing_api.access_log.subjects import report, withholding
from sharing_api.standards import validate
from tests.factories.exchange import LAW
from tests.functional import world
from tests.functional.conftest import Exchange, require_problem
from tests.functional.world import question

ROOT = Path(__file__).resolve().parents[2]
CITIZEN = "population/citizen"
PATH = "/v1/log/subject-reports"
Report = dict[str, Any]


def look_up(exchange: Exchange, pin: str = world.LAN) -> None:
    message = question(CITIZEN, "look-up", pin)
    assert exchange.client("full").ask(CITIZEN, "look-up", message).status == 200


def send(exchange: Exchange, client: str | None = "portal", **changes: Any) -> httpx2.Response:
    message = {"keys": {CITIZEN: world.LAN}, "legal_basis": LAW, "officer": "cb-01", "case": "H-7"}
    return exchange.ask("log", "subject-reports", {**message, **changes}, client)


def ask(exchange: Exchange) -> Report:
    response = send(exchange)
    assert response.status_code == 200, response.text
    document = dict(response.json())
    validate.validate_message("subject_report", "1.0", document)
    return document


def check(exchange: Exchange, folder: Path, document: Report, *more: str) -> dict[str, str]:
    """Run the verifier on a report, far from the code; gives what it said of each part."""
    shutil.copy(ROOT / "verify_receipt.py", folder)
    (folder / "report.json").write_text(json.dumps(document))
    (folder / "keys.json").write_bytes(exchange.client("full").read("/v1/keys"))
    command = ["verify_receipt.py", "--subject-report", "report.json", "--keys", "keys.json"]
    done = subprocess.run(
        [sys.executable, "-I", *command, *more, "--json"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    told = json.loads(done.stdout)
    assert (done.returncode == 0) is told["verified"]
    return {one["what"]: one["status"] + ": " + one["why"] for one in told["checks"]}


def failed(told: dict[str, str]) -> str:
    return " ".join(one for one in told.values() if one.startswith("FAILED"))


@pytest.fixture
def document(exchange: Exchange) -> Report:
    """A report about a person of several entries."""
    for _ in range(3):
        look_up(exchange)
    look_up(exchange, world.TU)
    exchange.commit_subjects()
    return ask(exchange)


class TestReport:
    def test_tells_every_entry_and_proves_that_it_is_all(
        self, exchange: Exchange, document: Report, tmp_path: Path
    ) -> None:
        tag = entries.subject_tag(exchange.keys.subject, "population", world.LAN)
        mine = [row for row in exchange.entries() if row["subject_tag"] == tag]

        (chain,) = document["chains"]

        told = [one["entry"]["entry_id"] for one in chain["entries"]]
        assert told == [str(row["entry_id"]) for row in mine][: len(told)]
        assert len(told) == chain["count"] == len(mine) - 1  # the question for the report is later
        newest = chain["entries"][-1]["entry"]
        assert newest["agency"] == "H90"
        assert newest["officer"] == "cb-01"
        assert "full_name" in newest["fields"]
        assert all(newest[name] for name in ("purpose", "agreement_hash", "logged_at"))
        assert failed(check(exchange, tmp_path, document)) == ""

    def test_is_itself_told_in_the_next(self, exchange: Exchange, document: Report) -> None:
        exchange.commit_subjects()
        (chain,) = ask(exchange)["chains"]

        assert chain["entries"][-1]["entry"]["purpose"] == "subject.access"
        assert chain["entries"][-1]["entry"]["agency"] == "H88"

    def test_leaves_an_entry(self, exchange: Exchange, document: Report) -> None:
        with exchange.logged() as fresh:
            ask(exchange)

        (row,) = fresh
        assert row["subject_tag"] == entries.subject_tag(
            exchange.keys.subject, "population", world.LAN
        )

    def test_names_entries_after_the_commitment_apart(
        self, exchange: Exchange, document: Report, tmp_path: Path
    ) -> None:
        look_up(exchange)
        exchange.integrate()

        later = ask(exchange)

        (chain,) = later["chains"]
        assert len(chain["later"]) >= 1
        assert failed(check(exchange, tmp_path, later)) == ""

    def test_names_walks_over_everybody(self, exchange: Exchange, document: Report) -> None:
        assert document["walks"] == []

    def test_of_nobody_asked_about_proves_absence(
        self, exchange: Exchange, document: Report, tmp_path: Path
    ) -> None:
        empty = build(exchange, [report.Subject("population", bytes(32))])

        assert empty["chains"][0]["count"] == 0
        assert failed(check(exchange, tmp_path, empty)) == ""

    def test_fits_no_other_person(
        self, exchange: Exchange, document: Report, tmp_path: Path
    ) -> None:
        document["chains"][0]["subject_tag"] = "ab" * 32

        assert "somebody else" in failed(check(exchange, tmp_path, document))


class TestRefusals:
    def test_of_an_agency_without_the_purpose(self, exchange: Exchange) -> None:
        require_problem(send(exchange, "full"), 403)

    def test_of_a_stranger(self, exchange: Exchange) -> None:
        require_problem(send(exchange, None), 401)

    def test_of_somebody_outside_or_unknown(self, exchange: Exchange) -> None:
        require_problem(send(exchange, keys={CITIZEN: world.NOBODY}), 404)

    @pytest.mark.parametrize(
        ("changes", "status"),
        [
            ({"keys": {}}, 422),
            ({"keys": "x"}, 422),
            ({"keys": {"population/nothing": "1"}}, 422),
            ({"keys": {"land/parcel": "1"}}, 422),
            ({"keys": {CITIZEN: 7}}, 422),
            ({"keys": {CITIZEN: "seven"}}, 422),
            ({"legal_basis": ""}, 422),
            ({"officer": 7}, 422),
            ({"officer": "a\x00b"}, 422),
            ({"more": "x"}, 422),
        ],
    )
    def test_of_what_breaks_the_rules(
        self, exchange: Exchange, changes: dict[str, Any], status: int
    ) -> None:
        problem = require_problem(send(exchange, **changes), status)

        assert problem["fields"]

    def test_before_the_commitment_is_under_a_checkpoint(
        self, exchange: Exchange, document: Report
    ) -> None:
        from sharing_api.access_log.subjects import committer

        look_up(exchange)
        exchange.integrate()
        keys = exchange.keys.log_keys(exchange.settings.log_name)
        assert committer.extend_once(exchange.databases, keys) > 0

        response = send(exchange)

        require_problem(response, 503, "access_log.report_not_ready")
        assert response.headers["retry-after"] == "1"
        exchange.integrate()
        assert send(exchange).status_code == 200


def build(
    exchange: Exchange, subjects: list[report.Subject], session: Session | None = None
) -> Report:
    on = datetime.now(UTC).date()  # noqa: TID251  the exchange of these tests lives today
    name = exchange.settings.log_name
    if session is not None:
        return dict(json.loads(report.build(session, name, subjects, on)))
    with exchange.databases.reading("exchange") as own:
        log_repository.read_one_snapshot(own)
        return dict(json.loads(report.build(own, name, subjects, on)))


def _drop(chain: Report) -> None:
    del chain["entries"][1]


def _drop_and_count(chain: Report) -> None:
    _drop(chain)
    chain["count"] -= 1


def _swap(chain: Report) -> None:
    chain["entries"][0], chain["entries"][1] = chain["entries"][1], chain["entries"][0]


def _swap_in_place(chain: Report) -> None:
    first, second = chain["entries"][:2]
    first["entry"], second["entry"] = second["entry"], first["entry"]


def _twice(chain: Report) -> None:
    chain["entries"].insert(1, copy.deepcopy(chain["entries"][0]))


def _alter(chain: Report) -> None:
    chain["entries"][0]["entry"]["officer"] = "somebody else"


def _hide(chain: Report) -> None:
    told = chain["entries"][0]
    told["withheld_until"], told["leaf_hash"] = "2999-01-01", "A" * 43
    del told["entry"]


def _claim_absence(chain: Report) -> None:
    chain.update(entries=[], count=0, head="A" * 43)


def _cut_the_way(chain: Report) -> None:
    chain["tree_path"] = chain["tree_path"][:-1]
    _claim_absence(chain)


class TestForgedReport:
    @pytest.mark.parametrize(
        "forge",
        [
            _drop,
            _drop_and_count,
            _swap,
            _swap_in_place,
            _twice,
            _alter,
            _hide,
            _claim_absence,
            _cut_the_way,
        ],
    )
    def test_is_found(
        self,
        exchange: Exchange,
        document: Report,
        tmp_path: Path,
        forge: Callable[[Report], None],
    ) -> None:
        assert failed(check(exchange, tmp_path, document)) == ""

        forge(document["chains"][0])

        assert failed(check(exchange, tmp_path, document)) != ""

    def test_with_an_older_commitment_says_what_it_covers(
        self, exchange: Exchange, document: Report, tmp_path: Path
    ) -> None:
        covers = document["covers"]
        document["covers"] = covers + 1

        assert "another size" in failed(check(exchange, tmp_path, document))


@contextmanager
def tampering(exchange: Exchange) -> Iterator[Session]:
    """A superuser's session in which the guards are off; whatever it does is undone."""
    with exchange.superuser.connect() as connection:
        outer = connection.begin()
        for name in (
            "access_entry",
            "log_leaf",
            "log_tile",
            "log_checkpoint",
            "subject_commitment",
        ):
            connection.execute(text(f"ALTER TABLE exchange.{name} DISABLE TRIGGER ALL"))
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            yield session
        outer.rollback()


# What a superuser does to the entries of one person, in every table that knows of them.
_OF = "(SELECT entry_id FROM exchange.access_entry WHERE subject_tag = :tag ORDER BY position"
ATTACKS = {
    "one entry taken away": [f"DELETE FROM exchange.access_entry WHERE entry_id = {_OF} LIMIT 1)"],
    "all taken away": [
        "DELETE FROM exchange.access_entry WHERE subject_tag = :tag",
        "DELETE FROM exchange.subject_state WHERE subject_tag = :tag",
    ],
    "one given to another": [
        "UPDATE exchange.access_entry SET subject_tag = sha256('x')"
        f" WHERE entry_id = {_OF} LIMIT 1)",
    ],
    "one given to another, and counted so": [
        "UPDATE exchange.access_entry SET subject_tag = sha256('x')"
        f" WHERE entry_id = {_OF} LIMIT 1)",
        "UPDATE exchange.subject_state SET entries = entries - 1 WHERE subject_tag = :tag",
    ],
    "one put in": [
        "UPDATE exchange.access_entry SET subject_tag = :tag"
        " WHERE entry_id = (SELECT entry_id FROM exchange.access_entry"
        " WHERE subject_tag <> :tag ORDER BY position LIMIT 1)",
    ],
    "two swapped in the log": [
        "UPDATE exchange.log_leaf SET leaf_index = -1 - leaf_index"
        f" WHERE entry_id IN {_OF} LIMIT 2)",
        "UPDATE exchange.log_leaf l SET leaf_index = -1 - (SELECT o.leaf_index FROM"
        " exchange.log_leaf o WHERE o.leaf_index < 0 AND o.entry_id <> l.entry_id)"
        " WHERE l.leaf_index < 0",
    ],
    "two answers' hashes swapped": [
        "UPDATE exchange.access_entry SET answer_hash = sha256(answer_hash)"
        f" WHERE entry_id IN {_OF} LIMIT 2)",
    ],
    "back-dated": [
        "UPDATE exchange.access_entry SET logged_at = logged_at - interval '1 day'"
        f" WHERE entry_id = {_OF} LIMIT 1)",
    ],
}


class TestTampering:
    """By someone with full power over the database: the report that comes of it does not verify."""

    @pytest.mark.parametrize("attack", ATTACKS)
    def test_is_found_by_the_person(
        self, exchange: Exchange, document: Report, tmp_path: Path, attack: str
    ) -> None:
        tag = entries.subject_tag(exchange.keys.subject, "population", world.LAN)
        subject = report.Subject("population", tag)
        with tampering(exchange) as session:
            session.execute(text("ALTER TABLE exchange.log_leaf DROP CONSTRAINT ck_log_leaf_index"))
            session.execute(
                text("ALTER TABLE exchange.withholding DROP CONSTRAINT fk_withholding_entry_id")
            )
            for statement in ATTACKS[attack]:
                session.execute(text(statement), {"tag": tag})

            forged = build(exchange, [subject], session)

        assert failed(check(exchange, tmp_path, forged)) != ""


class TestWithholding:
    @pytest.fixture
    def entry_id(self, exchange: Exchange, document: Report) -> uuid.UUID:
        look_up(exchange)
        exchange.commit_subjects()
        (chain,) = ask(exchange)["chains"]
        return uuid.UUID(chain["entries"][-1]["entry"]["entry_id"])

    def order(self, **changes: Any) -> withholding.Order:
        values = {
            "until_on": self.today() + timedelta(days=30),
            "legal_basis": "Law 99/2015/QH13, art. 173",
            "officer": "dtv-01",
            "second_officer": "ksv-02",
            "agency": "G01",
        }
        return withholding.Order(**{**values, **changes})

    @staticmethod
    def today() -> date:
        return datetime.now(UTC).date()  # noqa: TID251  as above

    def withhold(self, exchange: Exchange, entry_id: uuid.UUID, **changes: Any) -> uuid.UUID:
        now = datetime.now(UTC)  # noqa: TID251  as above
        with exchange.databases.writing("exchange") as session:
            return withholding.withhold(session, entry_id, self.order(**changes), now)

    def test_hides_the_entry_and_still_counts_it(
        self, exchange: Exchange, entry_id: uuid.UUID, tmp_path: Path
    ) -> None:
        told = self.withhold(exchange, entry_id)
        exchange.commit_subjects()

        document = ask(exchange)

        (chain,) = document["chains"]
        (hidden,) = [one for one in chain["entries"] if "entry" not in one]
        assert hidden.keys() == {"leaf_index", "leaf_hash", "withheld_until", "path"}
        assert str(entry_id) not in json.dumps(document)
        assert "1 withheld" in check(exchange, tmp_path, document)["subject in population"]
        assert failed(check(exchange, tmp_path, document)) == ""
        (row,) = [row for row in exchange.entries() if row["entry_id"] == told]
        assert (row["operation"], row["case_reference"]) == ("withholding", str(entry_id))
        assert row["transport"]["second-officer"] == "ksv-02"

    def test_ends_on_its_day(self, exchange: Exchange, entry_id: uuid.UUID, tmp_path: Path) -> None:
        self.withhold(exchange, entry_id)
        tag = entries.subject_tag(exchange.keys.subject, "population", world.LAN)
        name = exchange.settings.log_name

        def hidden(on: date) -> int:
            with exchange.databases.reading("exchange") as session:
                log_repository.read_one_snapshot(session)
                made = report.build(session, name, [report.Subject("population", tag)], on)
            return sum(
                one.get("withheld_until") == self.order().until_on.isoformat()
                for one in json.loads(made)["chains"][0]["entries"]
            )

        due = self.order().until_on
        assert hidden(due - timedelta(days=1)) > 0
        assert hidden(due) == 0

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"second_officer": "dtv-01"}, "second_officer"),
            ({"second_officer": " "}, "second_officer"),
            ({"legal_basis": ""}, "legal_basis"),
            ({"until_on": date(2020, 1, 1)}, "until_on"),
        ],
    )
    def test_needs_law_day_and_two_persons(
        self, exchange: Exchange, entry_id: uuid.UUID, changes: dict[str, Any], field: str
    ) -> None:
        with pytest.raises(withholding.InvalidWithholding) as refused:
            self.withhold(exchange, entry_id, **changes)

        assert [one.field for one in refused.value.fields] == [field]

    def test_is_not_prolonged(self, exchange: Exchange, entry_id: uuid.UUID) -> None:
        self.withhold(exchange, entry_id)

        with pytest.raises(withholding.AlreadyWithheld):
            self.withhold(exchange, entry_id, until_on=self.today() + timedelta(days=300))

    def test_of_an_unknown_entry_is_refused(self, exchange: Exchange) -> None:
        with pytest.raises(withholding.InvalidWithholding):
            self.withhold(exchange, uuid.uuid4())

"""What proves an answer, checked by the program that others would use; and that nothing leaves
without it."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc.util import urlsafe_b64decode
from sqlalchemy import text
from sqlalchemy.orm import Session

from databases.journal import notes
from log_checker import run
from sharing_api import client as client_module
from sharing_api.access_log import repository
from sharing_api.protocols import log as log_protocol
from tests.functional import world
from tests.functional.conftest import Exchange
from tests.functional.world import question

ROOT = Path(__file__).resolve().parents[2]
CITIZEN = "population/citizen"


class Evidence:
    """The files of one answer, in a folder far from the code."""

    def __init__(self, folder: Path, exchange: Exchange, answer: client_module.Answer) -> None:
        shutil.copy(ROOT / "verify_receipt.py", folder)
        self.folder = folder
        self.exchange = exchange
        answer.save(folder)
        (folder / "keys.json").write_bytes(exchange.client("full").read("/v1/keys"))

    def prove(self, path: str) -> None:
        proof = self.exchange.client("full").read(path)
        (self.folder / "proof.json").write_bytes(proof)

    def flip(self, name: str) -> None:
        """Change one byte of a file so that it is still text."""
        content = bytearray((self.folder / name).read_bytes())
        place = len(content) // 2
        content[place] = ord("A") if content[place] != ord("A") else ord("B")
        (self.folder / name).write_bytes(content)

    def verify(self, *more: str) -> dict[str, str]:
        """Run the verifier; give what it checked and how that ended."""
        files = ["--receipt", "receipt.jws", "--answer", "answer.json", "--keys", "keys.json"]
        files += ["--request", "question.json"]
        if (self.folder / "proof.json").exists():
            files += ["--proof", "proof.json"]
        done = subprocess.run(
            [sys.executable, "-I", "verify_receipt.py", *files, *more, "--json"],
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        report = json.loads(done.stdout)
        statuses = {one["what"]: one["status"] for one in report["checks"]}
        assert (done.returncode == 0) is ("FAILED" not in statuses.values())
        return statuses


def ask(exchange: Exchange, operation: str = "look-up", *keys: str) -> client_module.Answer:
    message = question(CITIZEN, operation, *keys)
    return exchange.client("full").ask(CITIZEN, operation, message)


def entry_of(answer: client_module.Answer) -> str:
    payload = json.loads(urlsafe_b64decode(answer.receipt.split(".")[1].encode()))
    return str(payload["entry_id"])


class TestReceipt:
    def test_is_proved_by_the_verifier_that_stands_alone(
        self, exchange: Exchange, tmp_path: Path
    ) -> None:
        answer = ask(exchange)
        evidence = Evidence(tmp_path, exchange, answer)
        before = evidence.verify()
        exchange.integrate()
        evidence.prove(f"/v1/log/entries/{entry_of(answer)}/proof")

        after = evidence.verify()

        assert set(before.values()) == {"ok", "not checked"}
        assert list(before.values()).count("ok") >= 3
        assert list(after.values()).count("ok") > list(before.values()).count("ok")
        assert "FAILED" not in after.values()

    def test_of_a_batch_proves_every_subject(self, exchange: Exchange, tmp_path: Path) -> None:
        answer = ask(exchange, "batch", world.LAN, world.TU, world.NOBODY)
        exchange.integrate()
        evidence = Evidence(tmp_path, exchange, answer)
        evidence.prove(f"/v1/log/answers/{entry_of(answer)}/proof")

        assert "FAILED" not in evidence.verify().values()

    @pytest.mark.parametrize("name", ["answer.json", "question.json", "receipt.jws", "proof.json"])
    def test_shows_one_flipped_byte(self, exchange: Exchange, tmp_path: Path, name: str) -> None:
        answer = ask(exchange)
        exchange.integrate()
        evidence = Evidence(tmp_path, exchange, answer)
        evidence.prove(f"/v1/log/entries/{entry_of(answer)}/proof")
        assert "FAILED" not in evidence.verify().values()

        evidence.flip(name)

        files = {one.name for one in tmp_path.iterdir()}
        assert name in files
        assert "FAILED" in evidence.verify().values()

    def test_of_another_answer_does_not_fit(self, exchange: Exchange, tmp_path: Path) -> None:
        evidence = Evidence(tmp_path, exchange, ask(exchange))
        other = ask(exchange, "look-up", world.LAN)

        (tmp_path / "answer.json").write_bytes(other.body)

        assert "FAILED" in evidence.verify().values()

    def test_is_given_for_refusals_too(self, exchange: Exchange, tmp_path: Path) -> None:
        message = question(CITIZEN, "look-up", purpose="something else")
        answer = exchange.client("full").ask(CITIZEN, "look-up", message)

        assert answer.status == 403
        assert "FAILED" not in Evidence(tmp_path, exchange, answer).verify().values()


class TestLogEndpoints:
    def test_have_no_proof_before_the_entry_is_integrated(self, exchange: Exchange) -> None:
        exchange.integrate()
        path = f"/v1/log/entries/{entry_of(ask(exchange))}/proof"

        status, headers, _ = exchange.send_raw("GET", path)
        exchange.integrate()

        assert (status, headers["content-type"]) == (404, "application/problem+json")
        assert exchange.send_raw("GET", path)[0] == 200

    def test_prove_that_the_log_only_grew(self, exchange: Exchange, tmp_path: Path) -> None:
        ask(exchange)
        exchange.integrate()
        old = checkpoint(exchange)
        answer = ask(exchange)
        exchange.integrate()
        new = checkpoint(exchange)
        evidence = Evidence(tmp_path, exchange, answer)
        evidence.prove(f"/v1/log/entries/{entry_of(answer)}/proof")
        path = f"/v1/log/consistency?old={old.tree_size}&new={new.tree_size}"
        (tmp_path / "consistency.json").write_bytes(exchange.client("full").read(path))

        statuses = evidence.verify("--consistency", "consistency.json")

        assert new.tree_size == old.tree_size + 1
        assert set(statuses.values()) == {"ok"}

    def test_do_not_prove_that_the_log_shrank(self, exchange: Exchange) -> None:
        ask(exchange)
        exchange.integrate()
        size = checkpoint(exchange).tree_size

        status, _, _ = exchange.send_raw("GET", f"/v1/log/consistency?old={size}&new={size - 1}")

        assert status in (404, 422)

    def test_count_every_entry_once(self, exchange: Exchange) -> None:
        ask(exchange, "batch", world.LAN, world.TU)
        exchange.integrate()

        assert checkpoint(exchange).tree_size == len(exchange.entries())
        assert exchange.integrate() == 0

    @pytest.mark.parametrize(
        ("path", "status"),
        [
            ("/v1/log/entries/00000000-0000-7000-8000-000000000000/proof", 404),
            ("/v1/log/answers/00000000-0000-7000-8000-000000000000/proof", 404),
            ("/v1/log/entries/7/proof", 422),
            ("/v1/log/consistency?old=1&new=999999999", 404),
            ("/v1/log/consistency?old=-1&new=1", 422),
            ("/v1/log/consistency?old=x", 422),
        ],
    )
    def test_refuse_what_is_not_there(self, exchange: Exchange, path: str, status: int) -> None:
        ask(exchange)
        exchange.integrate()

        answered, headers, body = exchange.send_raw("GET", path)

        assert answered == status, body
        assert headers["content-type"] == "application/problem+json"


def checkpoint(exchange: Exchange) -> notes.Checkpoint:
    note = exchange.client("full").read("/v1/log/checkpoint").decode()
    return notes.open_checkpoint(note, verifier(exchange))


def verifier(exchange: Exchange) -> notes.Verifier:
    return exchange.keys.log_signer(exchange.settings.log_name).verifier


@contextmanager
def tampering(exchange: Exchange) -> Iterator[Session]:
    """A superuser's session in which the guards are off; whatever it does is undone."""
    with exchange.superuser.connect() as connection:
        outer = connection.begin()
        for table in ("access_entry", "log_leaf", "log_tile", "log_checkpoint"):
            connection.execute(text(f"ALTER TABLE exchange.{table} DISABLE TRIGGER ALL"))
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            yield session
        outer.rollback()


def verify(session: Session, exchange: Exchange, *anchors: str, keys: Any = None) -> run.Verdict:
    published = keys or log_protocol.published_keys(exchange.keys, exchange.settings)
    cursor = session.connection().connection.cursor()
    return run.verify_with(cursor, run.Wishes("", published, anchors, workers=1))


class TestVerification:
    """The log as the exchange wrote it; what attacks do to one is tested beside the checker."""

    @pytest.fixture
    def victim(self, exchange: Exchange) -> str:
        answers = [ask(exchange) for _ in range(3)]
        exchange.commit_subjects()
        return entry_of(answers[1])

    def test_finds_nothing_in_an_honest_log(self, exchange: Exchange, victim: str) -> None:
        kept = exchange.client("full").read("/v1/log/checkpoint").decode()
        with exchange.databases.reading("exchange") as session:
            repository.read_one_snapshot(session)
            verdict = verify(session, exchange, kept)

        assert verdict.problem == ""
        assert verdict.entries == len(exchange.entries())
        assert verdict.waiting == 0
        assert verdict.covers > 0

    def test_in_processes_of_its_own_says_the_same(self, exchange: Exchange, victim: str) -> None:
        url = exchange.site.url("exchange", "reader").set(drivername="postgresql")
        published = log_protocol.published_keys(exchange.keys, exchange.settings)
        dsn = url.render_as_string(hide_password=False)

        alone = run.verify(run.Wishes(dsn, published, workers=1))
        together = run.verify(run.Wishes(dsn, published, workers=2))

        assert alone == together
        assert alone.problem == ""

    def test_names_the_entry_that_was_altered(self, exchange: Exchange, victim: str) -> None:
        with tampering(exchange) as session:
            session.execute(
                text("UPDATE exchange.access_entry SET officer = 'x' WHERE entry_id = :id"),
                {"id": victim},
            )
            verdict = verify(session, exchange)

        assert victim in verdict.problem

    def test_does_not_believe_another_key(self, exchange: Exchange, victim: str) -> None:
        stranger = notes.Signer(exchange.settings.log_name, Ed25519PrivateKey.generate())
        keys = {"log_keys": [stranger.verifier.key_string()]}

        with exchange.databases.reading("exchange") as session:
            verdict = verify(session, exchange, keys=keys)

        assert "No known key" in verdict.problem

"""The witness program before the running exchange, and before exchanges that lie."""

import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from databases.journal import notes, tree
from sharing_api import keys as keys_module
from sharing_api.access_log.receipts import encode
from sharing_api.access_log.witnesses import service
from tests.functional.conftest import Exchange, require_problem
from tests.functional.test_evidence import Evidence, ask, entry_of

ROOT = Path(__file__).resolve().parents[2]
SIGNER = notes.Signer("log.test", Ed25519PrivateKey.from_private_bytes(bytes(32)))


class Witness:
    """A witness in a folder far from the code."""

    def __init__(self, folder: Path, keys: dict[str, Any] | bytes, name: str = "w.example") -> None:
        folder.mkdir()
        shutil.copy(ROOT / "witness.py", folder)
        raw = keys if isinstance(keys, bytes) else json.dumps(keys).encode()
        (folder / "keys.json").write_bytes(raw)
        self.folder = folder
        self.state = folder / "state"
        self.key = self.run("init", "--name", name, "--folder", "state", "--keys", "keys.json")[1]

    def run(self, *arguments: str) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-I", "witness.py", *arguments],
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return done.returncode, (done.stdout + done.stderr).strip()

    def look(self, address: str) -> tuple[int, str]:
        return self.run("run", "--once", "--exchange", address, "--folder", "state")

    def compare(self, other: "Witness", *more: str) -> tuple[int, str]:
        return self.run("compare", str(self.state), str(other.state), *more)


class Log:
    """A log in memory that signs whatever it is told to."""

    def __init__(self, leaves: list[bytes]) -> None:
        self.leaves = leaves
        self.cosigned: list[str] = []

    def note(self, size: int) -> str:
        root = tree.root(self.leaves[:size])
        return notes.sign_note(
            notes.Checkpoint("log.test", size, root).text(), [SIGNER]
        ).serialize()

    def path(self, old: int, new: int) -> list[bytes]:
        def read(level: int, index: int) -> bytes:
            return tree.root(self.leaves[index << level : (index + 1) << level])

        return tree.consistency_proof(old, new, read)


@contextmanager
def served(log: Log) -> Iterator[str]:
    """An exchange that shows the log, for as long as the block lasts."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if parts.path == "/v1/log/checkpoint":
                self.reply(log.note(len(log.leaves)).encode())
                return
            given = {name: int(values[0]) for name, values in parse_qs(parts.query).items()}
            path = log.path(given["old"], min(given["new"], len(log.leaves)))
            self.reply(json.dumps({"consistency_path": [encode(one) for one in path]}).encode())

        def do_POST(self) -> None:
            log.cosigned.append(self.rfile.read(int(self.headers["content-length"])).decode())
            self.reply(b"{}")

        def reply(self, body: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Tell nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def leaves(count: int, kind: int = 0) -> list[bytes]:
    return [tree.leaf_hash(bytes([kind, one])) for one in range(count)]


KEYS = {"log_keys": [SIGNER.verifier.key_string()]}


class TestHonestExchange:
    @pytest.fixture
    def witness(self, exchange: Exchange, tmp_path: Path) -> Witness:
        ask(exchange)
        exchange.integrate()
        made = Witness(tmp_path / "w", exchange.client("full").read("/v1/keys"), tmp_path.name)
        now = datetime.now(UTC)  # noqa: TID251  the exchange of these tests lives today
        with exchange.databases.writing("exchange") as session:
            service.register(session, made.key, now)
        return made

    def test_is_cosigned_and_hands_the_cosignature_out(
        self, exchange: Exchange, witness: Witness, tmp_path: Path
    ) -> None:
        code, said = witness.look(exchange.address)
        assert code == 0, said
        answer = ask(exchange)
        exchange.integrate()
        assert witness.look(exchange.address)[0] == 0
        (tmp_path / "e").mkdir()
        evidence = Evidence(tmp_path / "e", exchange, answer)
        evidence.prove(f"/v1/log/entries/{entry_of(answer)}/proof?witnesses=1")
        (tmp_path / "e" / "w.txt").write_text(witness.key + "\n")

        witnessed = evidence.verify("--witness-keys", "w.txt", "--witnesses", "1")
        stranger = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
        other = notes.Verifier("other", stranger, notes.COSIGNATURE).key_string()
        (tmp_path / "e" / "w.txt").write_text(other + "\n")
        unwitnessed = evidence.verify("--witness-keys", "w.txt", "--witnesses", "1")

        assert witnessed["log entry"] == "ok"
        assert unwitnessed["log entry"] == "FAILED"

    def test_may_be_asked_twice_for_the_same(self, exchange: Exchange, witness: Witness) -> None:
        assert witness.look(exchange.address)[0] == 0
        assert witness.look(exchange.address)[0] == 0

    def test_refuses_a_witness_that_it_does_not_know(
        self, exchange: Exchange, witness: Witness, tmp_path: Path
    ) -> None:
        keys = exchange.client("full").read("/v1/keys")
        stranger = Witness(tmp_path / "s", keys, "stranger")

        code, said = stranger.look(exchange.address)

        assert code == 2
        assert "access_log.witness_unknown" in said

    @pytest.mark.parametrize(
        ("body", "status", "code"),
        [
            (b"nothing", 422, "journal.malformed_note"),
            (b"\xff\xfe", 422, "journal.malformed_note"),
            (b"log\n7\nAAAA\n\n\xe2\x80\x94 w AAAAAAAA\n", 422, "journal.malformed_note"),
        ],
    )
    def test_refuses_what_is_no_cosigned_checkpoint(
        self, exchange: Exchange, body: bytes, status: int, code: str
    ) -> None:
        response = exchange._http.post(f"{exchange.address}/v1/log/cosignatures", content=body)

        require_problem(response, status, code)

    def test_refuses_a_forged_cosignature(self, exchange: Exchange, witness: Witness) -> None:
        note = exchange.client("full").read("/v1/log/checkpoint").decode()
        witness_key = notes.parse_verifier_key(witness.key, notes.COSIGNATURE)
        forged = notes.Signature(witness_key.name, witness_key.key_id, bytes(72)).line()
        text = note[: note.rindex("\n\n") + 2]

        response = exchange._http.post(
            f"{exchange.address}/v1/log/cosignatures", content=(text + forged).encode()
        )

        require_problem(response, 403, "journal.note_not_verified")

    def test_has_no_checkpoint_of_more_witnesses_than_there_are(self, exchange: Exchange) -> None:
        require_problem(exchange.get("/v1/log/checkpoint?witnesses=16"), 404)


class TestLyingExchange:
    def test_that_rewrote_is_refused_and_evidence_kept(self, tmp_path: Path) -> None:
        witness = Witness(tmp_path / "w", KEYS)
        log = Log(leaves(7))
        with served(log) as address:
            assert witness.look(address)[0] == 0
            log.leaves = [*leaves(3), tree.leaf_hash(b"x"), *leaves(9)[4:]]

            code, said = witness.look(address)

        assert code == 1
        assert "does not continue" in said
        assert len(log.cosigned) == 1
        (kept,) = (witness.state / "refused").iterdir()
        evidence = json.loads(kept.read_text())
        assert notes.open_checkpoint(evidence["refused"], SIGNER.verifier).tree_size == 9
        assert notes.open_checkpoint(evidence["known"], SIGNER.verifier).tree_size == 7

    def test_that_shrank_is_refused(self, tmp_path: Path) -> None:
        witness = Witness(tmp_path / "w", KEYS)
        log = Log(leaves(7))
        with served(log) as address:
            assert witness.look(address)[0] == 0
            log.leaves = leaves(6)

            code, said = witness.look(address)

        assert code == 1
        assert "shrank" in said
        assert len(log.cosigned) == 1

    def test_that_has_another_tree_of_the_same_size_is_refused(self, tmp_path: Path) -> None:
        witness = Witness(tmp_path / "w", KEYS)
        log = Log(leaves(7))
        with served(log) as address:
            assert witness.look(address)[0] == 0
            log.leaves = leaves(7, kind=1)

            assert witness.look(address)[0] == 1

    def test_that_signs_with_another_key_is_refused(self, tmp_path: Path) -> None:
        stranger = notes.Signer("log.test", Ed25519PrivateKey.generate())
        witness = Witness(tmp_path / "w", {"log_keys": [stranger.verifier.key_string()]})
        with served(Log(leaves(7))) as address:
            assert witness.look(address)[0] == 1

    def test_that_shows_two_logs_is_found_by_two_witnesses(self, tmp_path: Path) -> None:
        first, second = Witness(tmp_path / "a", KEYS), Witness(tmp_path / "b", KEYS)
        for witness, kind in ((first, 0), (second, 1)):
            log = Log([*leaves(5), *leaves(9, kind)[5:]])
            with served(log) as address:
                assert witness.look(address)[0] == 0  # each sees a log that only grows

        code, said = first.compare(second)

        assert code == 1
        assert "two trees of one size" in said
        assert said.count("log.test\n9\n") == 2  # both signed checkpoints are the proof

    def test_that_shows_two_logs_of_two_sizes_is_found(self, tmp_path: Path) -> None:
        first, second = Witness(tmp_path / "a", KEYS), Witness(tmp_path / "b", KEYS)
        with served(Log(leaves(6))) as address:
            assert first.look(address)[0] == 0
        with served(Log([*leaves(3), *leaves(9, 1)[3:]])) as address:
            assert second.look(address)[0] == 0

            code, said = first.compare(second, "--exchange", address)

        assert code == 1
        assert "cannot show that one continues the other" in said

    def test_that_is_honest_is_found_consistent(self, tmp_path: Path) -> None:
        first, second = Witness(tmp_path / "a", KEYS), Witness(tmp_path / "b", KEYS)
        log = Log(leaves(6))
        with served(log) as address:
            assert first.look(address)[0] == 0
            log.leaves = leaves(9)
            assert second.look(address)[0] == 0

            assert first.compare(second, "--exchange", address)[0] == 0
            assert first.compare(second)[0] == 2
            assert first.look(address)[0] == 0
        assert first.compare(second)[0] == 0


class TestChangeOfTheLogKey:
    def test_leaves_old_checkpoints_valid_and_signs_the_overlap_twice(
        self, exchange: Exchange, tmp_path: Path
    ) -> None:
        """Keys are files: a copy of the site's keys changes, the running exchange keeps its own."""
        site = exchange.site
        shutil.copytree(site.keys, tmp_path / "keys")
        settings = type(exchange.settings)(type(site)(tmp_path, site.values))
        name = settings.log_name
        old = keys_module.load(settings)
        before = notes.sign_note(
            notes.Checkpoint(name, 5, bytes(32)).text(), [old.log_signer(name)]
        ).serialize()

        keys_module.change_log_key(settings, tree_size=5)
        between = keys_module.load(settings)
        signers = [between.log_signer(name), *between.earlier_log_signers(name)]
        text = notes.Checkpoint(name, 8, bytes(32)).text()
        overlap = notes.sign_note(text, signers).serialize()
        keys_module.retire_log_key(settings, tree_size=8)
        after = keys_module.load(settings)
        late = notes.sign_note(
            notes.Checkpoint(name, 9, bytes(32)).text(), [old.log_signer(name)]
        ).serialize()

        periods = after.log_keys(name)
        assert len(signers) == 2
        assert notes.open_checkpoint(before, *periods).tree_size == 5
        assert notes.open_checkpoint(overlap, *periods).tree_size == 8
        assert notes.open_checkpoint(overlap, old.log_signer(name).verifier).tree_size == 8
        assert after.earlier_log_signers(name) == []
        with pytest.raises(notes.errors.NoteNotVerified):
            notes.open_checkpoint(late, *periods)
        with pytest.raises(keys_module.KeyChangeUnderWay):
            keys_module.retire_log_key(settings, tree_size=9)

    def test_is_read_by_all_verifiers(self, tmp_path: Path) -> None:
        import verify_receipt
        import witness
        from log_checker import notes as checker_notes

        new = notes.Signer("log.test", Ed25519PrivateKey.generate())
        periods = [notes.KeyPeriod(new.verifier, 6), notes.KeyPeriod(SIGNER.verifier, 0, 8)]
        published = {
            "keys": [],
            "log_keys": [one.verifier.key_string() for one in periods],
            "log_key_periods": keys_module.write_periods(periods),
        }

        def accepted(size: int, *signers: notes.Signer) -> list[bool]:
            text = notes.Checkpoint("log.test", size, bytes(32)).text()
            note = notes.sign_note(text, signers).serialize()
            readers = (
                lambda: verify_receipt.read_checkpoint(
                    note, "log.test", verify_receipt.read_keys(json.dumps(published).encode())
                ),
                lambda: witness.read_checkpoint(note, witness.read_keys(published)),
                lambda: checker_notes.read_checkpoint(note, checker_notes.read_keys(published)),
                lambda: notes.open_checkpoint(note, *periods),
            )
            found = []
            for read in readers:
                try:
                    read()
                    found.append(True)
                except (
                    verify_receipt.Failure,
                    witness.Refused,
                    checker_notes.NotSigned,
                    notes.errors.NoteNotVerified,
                ):
                    found.append(False)
            return found

        assert accepted(5, SIGNER) == [True] * 4
        assert accepted(8, SIGNER, new) == [True] * 4
        assert accepted(9, new) == [True] * 4
        assert accepted(9, SIGNER) == [False] * 4
        assert accepted(5, new) == [False] * 4

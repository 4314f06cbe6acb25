import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

import verify_receipt
from databases.journal import notes
from tests.unit.verify_receipt.evidence import (
    ANSWER,
    KEY,
    LEAVES,
    LOG,
    ORIGIN,
    REQUEST,
    Capture,
    Evidence,
    encode,
    make_claims,
    make_keys,
    sign,
)

AFTER_RECEIPT = ["answer", "request", "log entry", "log history"]


class TestMain:
    def test_accepts_evidence_that_is_right(self, evidence: Evidence, capsys: Capture) -> None:
        assert evidence.failed(capsys) == []

    def test_prints_one_line_per_check(self, evidence: Evidence, capsys: Capture) -> None:
        assert verify_receipt.main(evidence.arguments()) == 0

        lines = capsys.readouterr().out.splitlines()
        assert [line.split()[0] for line in lines] == [
            "keys:", "receipt:", "answer:", "request:", "log", "log", "VERIFIED",
        ]  # fmt: skip

    def test_says_what_was_not_checked(self, evidence: Evidence, capsys: Capture) -> None:
        evidence.request = evidence.proof = evidence.consistency = None

        assert verify_receipt.main(evidence.arguments()) == 0

        assert capsys.readouterr().out.count("not checked") == 3

    def test_accepts_the_saved_header(self, evidence: Evidence, capsys: Capture) -> None:
        evidence.receipt = f"Exchange-Receipt: {evidence.receipt!s}\r\n"

        assert evidence.failed(capsys) == []

    def test_accepts_the_older_name_of_the_algorithm(
        self, evidence: Evidence, capsys: Capture
    ) -> None:
        evidence.receipt = sign(make_claims(5), {"alg": "EdDSA"})

        assert evidence.failed(capsys) == []

    def test_runs_alone_as_a_program(self, evidence: Evidence, tmp_path: Path) -> None:
        program = tmp_path / "alone" / "verify.py"
        program.parent.mkdir()
        program.write_bytes(Path(verify_receipt.__file__).read_bytes())

        done = subprocess.run(
            [sys.executable, "-I", str(program), *evidence.arguments()],
            capture_output=True,
            cwd=program.parent,
            check=False,
        )

        assert (done.returncode, done.stdout.splitlines()[-1]) == (0, b"VERIFIED")

    def test_fails_for_a_file_that_is_missing(self, evidence: Evidence, capsys: Capture) -> None:
        arguments = evidence.arguments()
        (evidence.directory / "answer").unlink()

        assert verify_receipt.main(arguments) == 1
        assert "cannot be read" in capsys.readouterr().out


class TestAnswer:
    def test_fails_for_every_changed_byte(self, evidence: Evidence, capsys: Capture) -> None:
        for position in range(len(ANSWER)):
            changed = bytearray(ANSWER)
            changed[position] ^= 1
            evidence.answer = bytes(changed)

            assert evidence.failed(capsys) == ["answer"]

    @pytest.mark.parametrize("answer", [b"", ANSWER[:-1], ANSWER + b"\n"])
    def test_fails_for_bytes_lost_or_added(
        self, evidence: Evidence, capsys: Capture, answer: bytes
    ) -> None:
        evidence.answer = answer

        assert evidence.failed(capsys) == ["answer"]

    def test_fails_for_another_request(self, evidence: Evidence, capsys: Capture) -> None:
        evidence.request = REQUEST + b" "

        assert evidence.failed(capsys) == ["request"]


class TestReceipt:
    def test_fails_for_changed_characters_everywhere(
        self, evidence: Evidence, capsys: Capture
    ) -> None:
        right = str(evidence.receipt)
        evidence.proof = evidence.consistency = evidence.request = None
        for position in range(0, len(right), 3):
            changed = "A" if right[position] != "A" else "B"
            evidence.receipt = right[:position] + changed + right[position + 1 :]

            assert evidence.failed(capsys) == ["receipt", "answer"]

    def test_fails_together_with_all_that_rests_on_it(
        self, evidence: Evidence, capsys: Capture
    ) -> None:
        evidence.receipt = sign(make_claims(5), key=LOG.private_key)

        assert evidence.failed(capsys) == ["receipt", *AFTER_RECEIPT]

    @pytest.mark.parametrize(
        "header",
        [
            {"alg": "none"},
            {"alg": "HS256"},
            {"alg": None},
            {"kid": "2026-b"},
            {"kid": "other"},
            {"kid": ["2026-a"]},
            {"typ": "JWT"},
            {"crit": ["b64"]},
            {"jwk": {"kty": "OKP"}},
        ],
        ids=str,
    )
    def test_fails_for_another_header(
        self, evidence: Evidence, capsys: Capture, header: dict[str, Any]
    ) -> None:
        evidence.receipt = sign(make_claims(5), header)

        assert "receipt" in evidence.failed(capsys)

    @pytest.mark.parametrize(
        "bent",
        ["{0}.", "{0}=", " {0}", "{0}\n\n", "{0}x\n", "{0}.{0}", "{0}\x00", "\ufeff{0}", ""],
    )
    def test_fails_for_anything_around_it(
        self, evidence: Evidence, capsys: Capture, bent: str
    ) -> None:
        evidence.receipt = bent.format(evidence.receipt)

        assert "receipt" in evidence.failed(capsys)

    def test_fails_for_a_second_spelling_of_the_same_bytes(
        self, evidence: Evidence, capsys: Capture
    ) -> None:
        # 64 bytes leave four unused bits in the last character: 16 spellings, one canonical.
        right = str(evidence.receipt)
        alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        evidence.receipt = right[:-1] + alphabet[alphabet.index(right[-1]) + 1]

        assert "receipt" in evidence.failed(capsys)

    @pytest.mark.parametrize(
        "payload",
        [
            b"[]",
            b"{}",
            b"not json",
            b"[" * 100_000,
            json.dumps(make_claims(5)).encode() + b"{}",
            json.dumps(make_claims(5)).encode()[:-1] + b',"iss":"exchange.example"}',
            json.dumps(make_claims(5)).encode()[:-1] + b',"more":NaN}',
            json.dumps(make_claims(5)).encode()[:-1] + b',"more":"\\ud800"}',
            json.dumps(make_claims(5)).encode("utf-16"),
        ],
        ids=range(9),
    )
    def test_fails_for_signed_bytes_that_are_not_strict_json(
        self, evidence: Evidence, capsys: Capture, payload: bytes
    ) -> None:
        evidence.receipt = sign(payload)

        assert "receipt" in evidence.failed(capsys)

    @pytest.mark.parametrize("name", sorted(make_claims(5)))
    def test_fails_without_one_of_its_claims(
        self, evidence: Evidence, capsys: Capture, name: str
    ) -> None:
        claims = make_claims(5)
        del claims[name]
        evidence.receipt = sign(claims)

        assert "receipt" in evidence.failed(capsys)

    @pytest.mark.parametrize(
        "change",
        [
            {"iat": True},
            {"iat": -1},
            {"change": "17"},
            {"agreement": "ab"},
            {"fields": [1]},
            {"entry_id": "00000000000000000000000000000006"},
            {"answer_hash": encode(b"short")},
            {"entries": 1, "entries_root": encode(LEAVES[5])},
        ],
        ids=str,
    )
    def test_fails_for_a_claim_of_another_form(
        self, evidence: Evidence, capsys: Capture, change: dict[str, Any]
    ) -> None:
        evidence.receipt = sign({**make_claims(5), **change})

        assert "receipt" in evidence.failed(capsys)


class TestKeys:
    def test_fails_for_a_changed_receipt_key(self, evidence: Evidence, capsys: Capture) -> None:
        evidence.keys["keys"][1]["x"] = encode(LOG.verifier.public_key)

        assert evidence.failed(capsys) == ["receipt", *AFTER_RECEIPT]

    def test_fails_for_a_changed_log_key(self, evidence: Evidence, capsys: Capture) -> None:
        other = notes.Signer(ORIGIN, KEY)
        evidence.keys["log_keys"] = [other.verifier.key_string()]

        assert evidence.failed(capsys) == ["log entry", "log history"]

    @pytest.mark.parametrize(
        "spoil",
        [
            lambda keys: keys["keys"].append(keys["keys"][1]),
            lambda keys: keys["keys"][1].update(d="secret"),
            lambda keys: keys["keys"][1].update(alg="ES256"),
            lambda keys: keys["keys"][1].update(x="AAAA"),
            lambda keys: keys["keys"].append("text"),
            lambda keys: keys.update(keys=None),
            lambda keys: keys.update(log_keys="text"),
            lambda keys: keys.update(log_keys=[keys["log_keys"][0][:-1]]),
            lambda keys: keys.update(log_keys=[keys["log_keys"][0].replace("log+", "lag+")]),
        ],
        ids=range(9),
    )
    def test_fails_for_a_key_file_that_is_not_clean(
        self, evidence: Evidence, capsys: Capture, spoil: Any
    ) -> None:
        spoil(evidence.keys)

        assert evidence.failed(capsys) == ["keys", "receipt", *AFTER_RECEIPT]

    def test_leaves_keys_of_another_use_aside(self, evidence: Evidence, capsys: Capture) -> None:
        evidence.keys["keys"][1]["use"] = "enc"

        assert evidence.failed(capsys) == ["receipt", *AFTER_RECEIPT]


class TestReadKeys:
    def test_leaves_keys_of_other_kinds_aside(self) -> None:
        numbers = ec.generate_private_key(ec.SECP256R1()).public_key().public_numbers()
        jwk = {"kty": "EC", "crv": "P-256", "kid": "2026-a", "x": encode(numbers.x.to_bytes(32))}
        keys = make_keys()
        keys["keys"].append(jwk)

        read_keys = verify_receipt.read_keys(json.dumps(keys).encode())

        assert read_keys.receipt == {"2026-a": KEY.public_key().public_bytes_raw()}

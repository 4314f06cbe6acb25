import copy
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519

import verify_receipt
from databases.journal import notes, tree
from tests.unit.verify_receipt.evidence import (
    KEY,
    LEAVES,
    LOG,
    ORIGIN,
    Capture,
    Evidence,
    encode,
    entry_id,
    make_claims,
    make_note,
    make_proof,
    read,
    sign,
)


class TestLogEntry:
    @pytest.mark.parametrize("place", range(len(make_proof(5)["inclusion_path"])))
    def test_fails_for_a_changed_hash_of_the_path(
        self, evidence: Evidence, capsys: Capture, place: int
    ) -> None:
        for byte in (0, 31):
            evidence.proof = make_proof(5)
            changed = bytearray(
                verify_receipt.read_base64url(evidence.proof["inclusion_path"][place])
            )
            changed[byte] ^= 1
            evidence.proof["inclusion_path"][place] = encode(bytes(changed))

            assert evidence.failed(capsys) == ["log entry", "log history"]

    @pytest.mark.parametrize(
        "spoil",
        [
            lambda proof: proof.update(leaf_index=4),
            lambda proof: proof.update(leaf_index=300),
            lambda proof: proof.update(leaf_index=-1),
            lambda proof: proof.update(leaf_index="5"),
            lambda proof: proof.update(leaf_index=True),
            lambda proof: proof.update(tree_size=299),
            lambda proof: proof.update(leaf_hash=encode(LEAVES[6])),
            lambda proof: proof.update(entry_id=entry_id(6)),
            lambda proof: proof["inclusion_path"].pop(),
            lambda proof: proof["inclusion_path"].append(encode(LEAVES[0])),
            lambda proof: proof["inclusion_path"].reverse(),
            lambda proof: proof.update(inclusion_path=["AAAA"]),
            lambda proof: proof.update(checkpoint=make_note(299), tree_size=299),
            lambda proof: proof.update(checkpoint=make_note(300, origin="other.example/log")),
            lambda proof: proof.update(checkpoint=make_note(300, notes.Signer(ORIGIN, KEY))),
            lambda proof: proof.update(checkpoint=""),
            lambda proof: proof.pop("checkpoint"),
        ],
        ids=range(17),
    )
    def test_fails_for_a_changed_part(
        self, evidence: Evidence, capsys: Capture, spoil: Any
    ) -> None:
        spoil(evidence.proof)

        assert evidence.failed(capsys) == ["log entry", "log history"]

    def test_fails_for_every_changed_character_of_the_checkpoint(
        self, evidence: Evidence, capsys: Capture
    ) -> None:
        right = make_note(300)
        evidence.consistency = evidence.request = None
        for position, character in enumerate(right):
            changed = "A" if character != "A" else "B"
            evidence.proof["checkpoint"] = right[:position] + changed + right[position + 1 :]

            assert evidence.failed(capsys) == ["log entry"]

    def test_fails_for_a_member_named_twice(self, evidence: Evidence, capsys: Capture) -> None:
        evidence.proof = json.dumps(make_proof(5))[:-1] + ',"leaf_index":5}'

        assert evidence.failed(capsys) == ["log entry", "log history"]

    def test_ignores_the_signature_of_an_unknown_witness(
        self, evidence: Evidence, capsys: Capture
    ) -> None:
        witness = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(32))
        note = notes.parse_note(make_note(300))
        evidence.proof["checkpoint"] = notes.sign_note(
            note.text, [notes.Signer("witness.example", witness)], earlier=note.signatures
        ).serialize()

        assert evidence.failed(capsys) == []


class TestBatch:
    @pytest.fixture
    def batch(self, evidence: Evidence) -> Evidence:
        evidence.receipt = sign(make_claims(5, 260, 17))
        evidence.proof = {"proofs": [make_proof(one) for one in (5, 260, 17)]}
        return evidence

    def test_accepts_a_proof_for_every_entry(self, batch: Evidence, capsys: Capture) -> None:
        assert batch.failed(capsys) == []

    def test_fails_when_an_entry_has_no_proof(self, batch: Evidence, capsys: Capture) -> None:
        batch.proof["proofs"].pop()

        assert batch.failed(capsys) == ["log entry", "log history"]

    def test_fails_when_a_proof_is_given_twice(self, batch: Evidence, capsys: Capture) -> None:
        batch.proof["proofs"][1] = copy.deepcopy(batch.proof["proofs"][0])

        assert batch.failed(capsys) == ["log entry", "log history"]

    def test_fails_for_a_proof_of_another_entry(self, batch: Evidence, capsys: Capture) -> None:
        batch.proof["proofs"].append(make_proof(18))

        assert batch.failed(capsys) == ["log entry", "log history"]

    def test_fails_for_proofs_in_another_order(self, batch: Evidence, capsys: Capture) -> None:
        batch.proof["proofs"].reverse()

        assert batch.failed(capsys) == ["log entry", "log history"]


class TestLogHistory:
    @pytest.mark.parametrize("old", [0, 1, 255, 256, 299, 300])
    def test_accepts_every_earlier_checkpoint(
        self, evidence: Evidence, capsys: Capture, old: int
    ) -> None:
        path = tree.consistency_proof(old, 300, read)
        evidence.consistency = {
            "old_checkpoint": make_note(old),
            "consistency_path": [encode(one) for one in path],
        }

        assert evidence.failed(capsys) == []

    def test_fails_for_every_changed_hash(self, evidence: Evidence, capsys: Capture) -> None:
        right = evidence.consistency["consistency_path"]
        for place in range(len(right)):
            bent = [*right[:place], encode(LEAVES[0]), *right[place + 1 :]]
            evidence.consistency["consistency_path"] = bent

            assert evidence.failed(capsys) == ["log history"]

    @pytest.mark.parametrize(
        "spoil",
        [
            lambda file: file["consistency_path"].pop(),
            lambda file: file["consistency_path"].append(encode(LEAVES[0])),
            lambda file: file.update(consistency_path=[]),
            lambda file: file.update(old_checkpoint=make_note(36)),
            lambda file: file.update(old_checkpoint=make_note(37, notes.Signer(ORIGIN, KEY))),
            lambda file: file.pop("old_checkpoint"),
        ],
        ids=range(6),
    )
    def test_fails_for_a_changed_part(
        self, evidence: Evidence, capsys: Capture, spoil: Any
    ) -> None:
        spoil(evidence.consistency)

        assert evidence.failed(capsys) == ["log history"]

    def test_fails_when_the_log_was_rewritten(self, evidence: Evidence, capsys: Capture) -> None:
        forged = notes.Checkpoint(ORIGIN, 300, LEAVES[0]).text()
        evidence.consistency = {
            "old_checkpoint": notes.sign_note(forged, [LOG]).serialize(),
            "consistency_path": [],
        }

        assert evidence.failed(capsys) == ["log history"]

    def test_fails_without_a_proof(self, evidence: Evidence, capsys: Capture) -> None:
        evidence.proof = None

        assert evidence.failed(capsys) == ["log history"]

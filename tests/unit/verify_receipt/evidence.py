"""Invented evidence of one answer, right in every part until a test changes it."""

import base64
import hashlib
import json
import uuid
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519

import verify_receipt
from databases.journal import notes, store, tree

ORIGIN = "exchange.example/log"
KEY = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
LOG = notes.Signer(ORIGIN, ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32, 64))))
LEAVES = [tree.leaf_hash(f"entry {number}".encode()) for number in range(300)]
ANSWER = '{"status":"hoạt động"}\n'.encode()
REQUEST = b'{"key":"000000000000"}'


def encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def entry_id(index: int) -> str:
    return str(uuid.UUID(int=index + 1))


def read(level: int, index: int) -> bytes:
    return tree.root(LEAVES[index << level : (index + 1) << level])


def make_note(size: int, signer: notes.Signer = LOG, origin: str = ORIGIN) -> str:
    head = notes.Checkpoint(origin, size, tree.root(LEAVES[:size]))
    return notes.sign_note(head.text(), [signer]).serialize()


def make_claims(*indexes: int) -> dict[str, Any]:
    leaves = [LEAVES[one] for one in indexes]
    promise: dict[str, Any] = {"entries": len(leaves), "entries_root": encode(tree.root(leaves))}
    if len(leaves) == 1:
        promise = {"leaf_hash": encode(leaves[0])}
    return {
        "iss": "exchange.example",
        "iat": 1772440200,
        "entry_id": entry_id(indexes[0]),
        **promise,
        "agreement": hashlib.sha256(b"agreement").hexdigest(),
        "decision": "permit",
        "fields": ["full_name"],
        "request_hash": encode(hashlib.sha256(REQUEST).digest()),
        "answer_hash": encode(hashlib.sha256(ANSWER).digest()),
        "register": "population",
        "change": 17,
        "log": ORIGIN,
    }


def sign(
    claims: Any, header: dict[str, Any] | None = None, key: ed25519.Ed25519PrivateKey = KEY
) -> str:
    head = {"alg": "Ed25519", "kid": "2026-a", "typ": "exchange-receipt+jwt", **(header or {})}
    payload = claims if isinstance(claims, bytes) else json.dumps(claims).encode()
    message = f"{encode(json.dumps(head).encode())}.{encode(payload)}"
    return f"{message}.{encode(key.sign(message.encode()))}"


def make_proof(index: int, size: int = 300) -> dict[str, Any]:
    path = tuple(tree.inclusion_proof(index, size, read))
    return {
        "leaf_index": index,
        "tree_size": size,
        "leaf_hash": store.encode_hash(LEAVES[index]),
        "inclusion_path": [store.encode_hash(one) for one in path],
        "checkpoint": make_note(size),
    }


def make_keys() -> dict[str, Any]:
    public = encode(KEY.public_key().public_bytes_raw())
    return {
        "keys": [
            {"kty": "EC", "crv": "P-256", "kid": "other"},
            {"kty": "OKP", "crv": "Ed25519", "kid": "2026-a", "alg": "EdDSA", "x": public},
        ],
        "log_keys": [LOG.verifier.key_string()],
    }


class Evidence:
    """The files a citizen holds; a test changes one of them and looks at the report."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.receipt: str | bytes = sign(make_claims(5))
        self.answer = ANSWER
        self.request: bytes | None = REQUEST
        self.keys: Any = make_keys()
        self.proof: Any = make_proof(5)
        self.consistency: Any = {
            "old_checkpoint": make_note(37),
            "consistency_path": [encode(one) for one in tree.consistency_proof(37, 300, read)],
        }

    def arguments(self) -> list[str]:
        arguments = []
        for name in ("receipt", "answer", "request", "keys", "proof", "consistency"):
            value = getattr(self, name)
            if value is None:
                continue
            if isinstance(value, dict):
                value = json.dumps(value)
            path = self.directory / name
            path.write_bytes(value.encode() if isinstance(value, str) else value)
            arguments += [f"--{name}", str(path)]
        return arguments

    def failed(self, capsys: pytest.CaptureFixture[str]) -> list[str]:
        """Run the verifier and name the checks that failed."""
        status = verify_receipt.main([*self.arguments(), "--json"])
        report = json.loads(capsys.readouterr().out)
        failed = [one["what"] for one in report["checks"] if one["status"] == "FAILED"]
        assert report["verified"] is not bool(failed)
        assert status == (1 if failed else 0)
        return failed


Capture = pytest.CaptureFixture[str]

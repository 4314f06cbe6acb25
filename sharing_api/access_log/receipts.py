"""Receipts: the exchange's signed promise that the entries of an answer stand in the log."""

import base64
import hashlib
from collections.abc import Sequence

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from databases.journal import tree
from sharing_api.access_log import entries
from sharing_api.access_log.entries import Entry

TYPE = "exchange-receipt+jwt"


def encode(data: bytes) -> str:
    """Encode bytes in base64url without padding (RFC 7515)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class ReceiptSigner:
    """Signs receipts with the exchange's receipt key (compact JWS, Ed25519, RFC 9864)."""

    def __init__(self, key: Ed25519PrivateKey, *, key_id: str, issuer: str, log_name: str) -> None:
        header = {"alg": "Ed25519", "kid": key_id, "typ": TYPE}
        self._header = encode(orjson.dumps(header)).encode()
        self._key = key
        self._issuer = issuer
        self._log_name = log_name

    def sign(self, written: Sequence[Entry], leaf_hashes: Sequence[bytes]) -> str:
        """Sign the receipt of one answer.

        Args:
            written: entries of the answer, at least one, in order.
            leaf_hashes: of these entries. Of several, the receipt carries the Merkle root: it fits
                into a header however large the batch.
        """
        first = written[0]
        payload = {
            "iss": self._issuer,
            "iat": int(first.logged_at.timestamp()),
            "log": self._log_name,
            "entry_id": str(first.entry_id),
            **_promise(leaf_hashes),
            "agreement": first.agreement_hash,
            "decision": first.decision,
            # The log keeps what came of a permitted question; told to the caller it would tell
            # a person outside the territory from an unknown one.
            "rule": first.rule if first.decision == entries.REFUSED else "",
            "fields": first.fields,
            "request_hash": encode(first.request_hash),
            "answer_hash": encode(first.answer_hash),
            "register": first.dataset.partition("/")[0],
            "change": first.register_change,
        }
        signed = self._header + b"." + encode(orjson.dumps(payload)).encode()
        return f"{signed.decode()}.{encode(self._key.sign(signed))}"


def _promise(leaf_hashes: Sequence[bytes]) -> dict[str, int | str]:
    if len(leaf_hashes) == 1:
        return {"leaf_hash": encode(leaf_hashes[0])}
    return {"entries": len(leaf_hashes), "entries_root": encode(tree.root(leaf_hashes))}


def sha256(data: bytes) -> bytes:
    """Hash the exact bytes of a question or an answer."""
    return hashlib.sha256(data).digest()

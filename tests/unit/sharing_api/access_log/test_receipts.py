"""Receipts, read by a second implementation of signatures and checked against their schema."""

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jws
from joserfc.errors import BadSignatureError
from joserfc.jwk import OKPKey
from joserfc.util import urlsafe_b64decode, urlsafe_b64encode

from databases.journal import tree
from sharing_api import keys
from sharing_api.access_log import entries, receipts
from sharing_api.standards import validate
from tests.factories.exchange import make_entry

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
JWK = keys.to_jwk(KEY)


@pytest.fixture
def signer() -> receipts.ReceiptSigner:
    return receipts.ReceiptSigner(
        KEY, key_id=JWK.thumbprint(), issuer="https://exchange.example", log_name="exchange.example"
    )


def sign(signer: receipts.ReceiptSigner, *written: entries.Entry) -> str:
    return signer.sign(written, [entries.leaf_hash(one) for one in written])


def read(receipt: str, key: OKPKey = JWK) -> tuple[dict[str, Any], dict[str, Any]]:
    found = jws.deserialize_compact(receipt, key, algorithms=["Ed25519"])
    return dict(found.headers()), json.loads(found.payload)


class TestSign:
    def test_is_read_by_another_implementation(self, signer: receipts.ReceiptSigner) -> None:
        entry = make_entry()

        header, payload = read(sign(signer, entry))

        assert header == {
            "alg": "Ed25519",
            "kid": JWK.thumbprint(),
            "typ": "exchange-receipt+jwt",
        }
        assert payload["entry_id"] == str(entry.entry_id)
        assert urlsafe_b64decode(payload["leaf_hash"].encode()) == entries.leaf_hash(entry)
        assert urlsafe_b64decode(payload["request_hash"].encode()) == entry.request_hash
        assert urlsafe_b64decode(payload["answer_hash"].encode()) == entry.answer_hash
        assert (payload["register"], payload["change"]) == ("population", 7)

    @pytest.mark.parametrize("count", [1, 2, 1000])
    def test_conforms_to_its_published_schema(
        self, signer: receipts.ReceiptSigner, count: int
    ) -> None:
        _, payload = read(sign(signer, *(make_entry(number) for number in range(count))))

        assert validate.find_problems("receipt", "1.0", payload) == ()

    def test_carries_the_root_of_many_entries(self, signer: receipts.ReceiptSigner) -> None:
        written = [make_entry(number) for number in range(5)]

        receipt = sign(signer, *written)
        _, payload = read(receipt)

        root = tree.root([entries.leaf_hash(one) for one in written])
        assert payload["entries"] == 5
        assert urlsafe_b64decode(payload["entries_root"].encode()) == root
        assert len(receipt) < 2_000

    def test_says_which_rule_refused(self, signer: receipts.ReceiptSigner) -> None:
        refused = make_entry(decision="refused", rule="field.not_granted", fields=())

        _, payload = read(sign(signer, refused))

        assert (payload["decision"], payload["rule"]) == ("refused", "field.not_granted")

    @pytest.mark.parametrize("outcome", ["not_found", "outside_territory", "claims_disagree"])
    def test_does_not_tell_why_nothing_was_found(
        self, signer: receipts.ReceiptSigner, outcome: str
    ) -> None:
        _, payload = read(sign(signer, make_entry(rule=outcome, fields=())))

        assert payload["rule"] == ""

    def test_does_not_hold_under_another_key_or_text(self, signer: receipts.ReceiptSigner) -> None:
        header, payload, signature = sign(signer, make_entry()).split(".")
        other = keys.to_jwk(Ed25519PrivateKey.from_private_bytes(bytes(32)))
        altered = json.loads(urlsafe_b64decode(payload.encode())) | {"change": 8}
        forged = urlsafe_b64encode(json.dumps(altered).encode()).decode()

        with pytest.raises(BadSignatureError):
            read(f"{header}.{payload}.{signature}", other)
        with pytest.raises(BadSignatureError):
            read(f"{header}.{forged}.{signature}")

"""A receipt says no more about a person who was not disclosed than the answer itself."""

import base64
import json
import uuid
from datetime import UTC, date, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sharing_api.access_log import entries, receipts
from sharing_api.disclosure import minimise

_KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))


def _payload(*, decision: str, rule: str) -> dict[str, object]:
    entry = entries.Entry(
        entry_id=uuid.UUID(int=1 << 100),
        answer_id=uuid.UUID(int=1 << 100),
        logged_at=datetime(2026, 3, 2, tzinfo=UTC),
        agency="G15",
        client="moj-civil-status",
        officer="invented",
        subject_tag=bytes(32),
        dataset="population/citizen",
        operation="look-up",
        purpose="birth registration",
        legal_basis="invented",
        procedure="",
        case_reference="",
        agreement_hash="a" * 64,
        decision=decision,
        rule=rule,
        fields=(),
        request_hash=bytes(32),
        answer_hash=bytes(32),
        register_change=7,
        valid_on=date(2026, 3, 2),
        transport={},
    )
    signer = receipts.ReceiptSigner(_KEY, key_id="k", issuer="i", log_name="l")
    compact = signer.sign([entry], [bytes(32)])
    middle = compact.split(".")[1]
    read: dict[str, object] = json.loads(
        base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4))
    )
    return read


class TestSign:
    @pytest.mark.parametrize(
        "outcome",
        [minimise.FOUND, minimise.NOT_FOUND, minimise.OUTSIDE, minimise.DISAGREES],
    )
    def test_tells_no_outcome_of_a_permitted_question(self, outcome: str) -> None:
        assert _payload(decision=entries.PERMITTED, rule=outcome)["rule"] == ""

    def test_tells_the_rule_of_a_refusal(self) -> None:
        payload = _payload(decision=entries.REFUSED, rule="purpose.not_granted")

        assert payload["rule"] == "purpose.not_granted"

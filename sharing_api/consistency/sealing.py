"""Keeps what is compared unreadable for who has the database but not the key.

Subjects and records are named by keyed hashes, what is said of them is encrypted. Both keys follow
from the key of the access log's subject tags: when that is destroyed, nothing here names anybody.
"""

import hmac
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from sharing_api.consistency import errors
from sharing_api.consistency.values import Kind, Mention, Record, Subject

_TAG_BYTES = 16


class Sealer:
    """Makes tags, seals and opens.

    Args:
        secret: key of the subject tags of the access log.
    """

    def __init__(self, secret: bytes) -> None:
        self._tags = hmac.digest(secret, b"consistency tags", "sha256")
        self._cipher = AESSIV(hmac.digest(secret, b"consistency facts", "sha512"))

    def subject_tag(self, subject: Subject) -> bytes:
        """Name a subject without naming it."""
        return self.tag("subject", subject.kind.value, subject.key)

    def record_tag(self, dataset: str, key: str) -> bytes:
        """Name a record without naming it."""
        return self.tag("record", dataset, key)

    def tag(self, *parts: str) -> bytes:
        """Hash some texts, which hold no separator of their own, under the key."""
        return hmac.digest(self._tags, "\x1f".join(parts).encode(), "sha256")[:_TAG_BYTES]

    def seal(self, text: str) -> bytes:
        """Encrypt a text; equal texts give equal bytes."""
        return self._cipher.encrypt(text.encode(), None) if text else b""

    def open(self, sealed: bytes) -> str:
        """Decrypt a text.

        Raises:
            WorkingSetUnreadable: it was sealed with another key.
        """
        try:
            return self._cipher.decrypt(bytes(sealed), None).decode() if sealed else ""
        except InvalidTag as error:
            raise errors.WorkingSetUnreadable(
                "The worklist was kept under another key of the exchange."
            ) from error

    def seal_mention(self, mention: Mention) -> bytes:
        """Encrypt what a record says of a subject."""
        record, subject = mention.record, mention.subject
        ties: list[Any] = [[one.kind.value, one.key] for one in mention.leads_to]
        parts = [subject.kind, subject.key, record.dataset, record.key, record.change]
        return self.seal(orjson.dumps([*parts, mention.says, ties]).decode())

    def open_mention(self, sealed: bytes) -> Mention:
        """Give back what was sealed.

        Raises:
            WorkingSetUnreadable: it was sealed with another key.
        """
        kind, key, dataset, record, change, says, ties = orjson.loads(self.open(sealed))
        return Mention(
            Subject(Kind(kind), key),
            Record(dataset, record, change),
            says,
            tuple(Subject(Kind(other), name) for other, name in ties),
        )

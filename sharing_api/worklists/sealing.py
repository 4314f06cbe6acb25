"""Keeps what a worklist holds unreadable for who has the database but not the key.

Both keys follow from the key of the access log's subject tags: when that is destroyed, nothing
that was sealed names anybody.
"""

import hmac

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from sharing_api.worklists import errors

_TAG_BYTES = 16


class Sealer:
    """Makes tags, seals and opens.

    Args:
        secret: key of the subject tags of the access log.
        room: what is kept; what one room sealed no other one opens.
    """

    def __init__(self, secret: bytes, room: str) -> None:
        self._tags = hmac.digest(secret, f"{room} tags".encode(), "sha256")
        self._cipher = AESSIV(hmac.digest(secret, f"{room} facts".encode(), "sha512"))

    def tag(self, *parts: str) -> bytes:
        """Hash some texts, which hold no separator of their own, under the key."""
        return hmac.digest(self._tags, "\x1f".join(parts).encode(), "sha256")[:_TAG_BYTES]

    def record_tag(self, dataset: str, key: str) -> bytes:
        """Name a record without naming it."""
        return self.tag("record", dataset, key)

    def seal(self, text: str) -> bytes:
        """Encrypt a text; equal texts give equal bytes."""
        return self.seal_bytes(text.encode())

    def seal_bytes(self, content: bytes) -> bytes:
        """Encrypt; equal content gives equal bytes, and none gives none."""
        return self._cipher.encrypt(content, None) if content else b""

    def open(self, sealed: bytes) -> str:
        """Decrypt a text.

        Raises:
            SealedByAnotherKey: it was sealed with another key.
        """
        return self.open_bytes(sealed).decode()

    def open_bytes(self, sealed: bytes) -> bytes:
        """Decrypt what `seal_bytes` gave.

        Raises:
            SealedByAnotherKey: it was sealed with another key.
        """
        try:
            return self._cipher.decrypt(bytes(sealed), None) if sealed else b""
        except InvalidTag as error:
            raise errors.SealedByAnotherKey(
                "This was kept under another key of the exchange."
            ) from error

"""Keeps what is compared unreadable for who has the database but not the key.

Subjects and records are named by keyed hashes, what is said of them is encrypted. Both keys follow
from the key of the access log's subject tags: when that is destroyed, nothing here names anybody.
"""

import hmac

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from sharing_api.following import errors

_TAG_BYTES = 16


class Sealer:
    """Makes tags, seals and opens.

    Args:
        secret: key of the subject tags of the access log.
        work: name of the work; what one has sealed or tagged says nothing to another.
    """

    def __init__(self, secret: bytes, work: str) -> None:
        self._tags = hmac.digest(secret, f"{work} tags".encode(), "sha256")
        self._cipher = AESSIV(hmac.digest(secret, f"{work} facts".encode(), "sha512"))

    def record_tag(self, dataset: str, key: str) -> bytes:
        """Name a record without naming it."""
        return self.tag("record", dataset, key)

    def tag(self, *parts: str) -> bytes:
        """Hash some texts, which hold no separator of their own, under the key."""
        return hmac.digest(self._tags, "\x1f".join(parts).encode(), "sha256")[:_TAG_BYTES]

    def seal(self, text: str) -> bytes:
        """Encrypt a text; equal texts give equal bytes."""
        return self.seal_bytes(text.encode())

    def open(self, sealed: bytes) -> str:
        """Decrypt a text.

        Raises:
            WorkingSetUnreadable: it was sealed with another key.
        """
        return self.open_bytes(sealed).decode()

    def seal_bytes(self, content: bytes) -> bytes:
        """Encrypt bytes; none stay none."""
        return self._cipher.encrypt(content, None) if content else b""

    def open_bytes(self, sealed: bytes) -> bytes:
        """Decrypt bytes.

        Raises:
            WorkingSetUnreadable: they were sealed with another key.
        """
        try:
            return self._cipher.decrypt(bytes(sealed), None) if sealed else b""
        except InvalidTag as error:
            raise errors.WorkingSetUnreadable(
                "What was kept of the registers is under another key of the exchange."
            ) from error

"""Keeps what is worked with unreadable for who has the database but not the key.

Things are named by keyed hashes, what is said of them is encrypted. Both keys follow from the key
of the access log's subject tags: when that is destroyed, nothing names anybody. Source: RFC 5297
(AES-SIV: equal texts give equal bytes, and no nonce can be used twice).
"""

import hmac

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from databases import errors

_TAG_BYTES = 16


class SealedOtherwise(errors.Unavailable):
    """What was kept was sealed with another key of the exchange."""

    code = "exchange.sealed_otherwise"


class Sealer:
    """Makes tags, seals and opens.

    Args:
        secret: key of the subject tags of the access log.
        purpose: what is kept: no other purpose has the same keys.
    """

    def __init__(self, secret: bytes, purpose: str) -> None:
        self._tags = hmac.digest(secret, f"{purpose} tags".encode(), "sha256")
        self._cipher = AESSIV(hmac.digest(secret, f"{purpose} facts".encode(), "sha512"))

    def tag(self, *parts: str) -> bytes:
        """Hash some texts, which hold no separator of their own, under the key."""
        return hmac.digest(self._tags, "\x1f".join(parts).encode(), "sha256")[:_TAG_BYTES]

    def seal_bytes(self, content: bytes) -> bytes:
        """Encrypt; equal content gives equal bytes, and none gives none."""
        return self._cipher.encrypt(content, None) if content else b""

    def open_bytes(self, sealed: bytes) -> bytes:
        """Decrypt.

        Raises:
            SealedOtherwise: it was sealed with another key.
        """
        try:
            return self._cipher.decrypt(bytes(sealed), None) if sealed else b""
        except InvalidTag as error:
            raise SealedOtherwise("This was sealed with another key of the exchange.") from error

    def seal(self, text: str) -> bytes:
        """Encrypt a text; equal texts give equal bytes."""
        return self.seal_bytes(text.encode())

    def open(self, sealed: bytes) -> str:
        """Decrypt a text.

        Raises:
            SealedOtherwise: it was sealed with another key.
        """
        return self.open_bytes(sealed).decode()

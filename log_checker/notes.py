"""Signed checkpoints: this program's own reading of C2SP signed-note and tlog-checkpoint."""

import base64
import binascii
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

_ED25519 = b"\x01"


class NotSigned(Exception):
    """A text is no checkpoint, or no key of the log that speaks for its size signed it."""


@dataclass(frozen=True)
class LogKey:
    """A public key of the log and the sizes of trees that it speaks for."""

    name: str
    key_id: bytes
    public: Ed25519PublicKey
    from_size: int
    until_size: int | None


def read_keys(document: Mapping[str, Any]) -> list[LogKey]:
    """Read the keys of the log out of the published document of `/v1/keys`.

    Raises:
        NotSigned: a key is not of the published form.
    """
    periods = document.get("log_key_periods") or [
        {"key": text, "from_size": 0, "until_size": None} for text in document["log_keys"]
    ]
    return [_read_key(one["key"], one["from_size"], one["until_size"]) for one in periods]


def _read_key(text: str, from_size: int, until_size: int | None) -> LogKey:
    name, hexadecimal, encoded = text.split("+", 2)
    raw = _decode(encoded)
    key_id = hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4]
    if len(raw) != 33 or raw[:1] != _ED25519 or hexadecimal != key_id.hex():
        raise NotSigned(f"The key of {name} is not an Ed25519 key of a log.")
    public = Ed25519PublicKey.from_public_bytes(raw[1:])
    return LogKey(name, key_id, public, from_size, until_size)


def read_checkpoint(note: str, keys: Sequence[LogKey]) -> tuple[int, bytes]:
    """Verify a checkpoint; gives its size and its root.

    Raises:
        NotSigned: it is malformed, a signature of a known key is wrong, or none of them speaks.
    """
    text, separator, tail = note.rpartition("\n\n")
    if not separator or not note.endswith("\n"):
        raise NotSigned("It is no signed note.")
    text += "\n"
    lines = text.split("\n")
    if len(lines) < 4 or not lines[1].isascii() or not lines[1].isdigit():
        raise NotSigned("It is no checkpoint.")
    size, root = int(lines[1]), _decode(lines[2])
    if str(size) != lines[1] or len(root) != 32:
        raise NotSigned("It is no checkpoint.")
    speaks = False
    for line in tail[:-1].split("\n"):
        dash, name, encoded = line.split(" ") if line.count(" ") == 2 else ("", "", "")
        raw = _decode(encoded)
        if dash != "\u2014" or len(raw) < 5:
            raise NotSigned("A signature line is malformed.")
        for key in keys:
            if (key.name, key.key_id) == (name, raw[:4]):
                _require_signature(key, raw[4:], text)
                end = size if key.until_size is None else key.until_size
                speaks = speaks or (name == lines[0] and key.from_size <= size <= end)
    if not speaks:
        raise NotSigned("No known key that speaks for this size signed it.")
    return size, root


def _require_signature(key: LogKey, signature: bytes, text: str) -> None:
    try:
        key.public.verify(signature, text.encode())
    except InvalidSignature:
        raise NotSigned(f"The signature of {key.name} is wrong.") from None


def _decode(text: str) -> bytes:
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NotSigned("A value is not base64.") from None
    if base64.b64encode(raw).decode() != text:
        raise NotSigned("A value is not canonical base64.")
    return raw

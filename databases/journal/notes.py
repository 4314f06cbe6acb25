"""Signed notes and the checkpoint text they carry; strict in what it reads.

Source:
    C2SP signed-note (c2sp.org/signed-note) and tlog-checkpoint (c2sp.org/tlog-checkpoint);
    Ed25519 is RFC 8032.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography import exceptions as crypto_exceptions
from cryptography.hazmat.primitives.asymmetric import ed25519

from databases.journal import errors, tree

ED25519 = 0x01
COSIGNATURE = 0x04  # C2SP tlog-cosignature: a witness's Ed25519 key, its signatures carry a time
MAX_NOTE_BYTES = 1 << 20
MAX_SIGNATURES = 64
_KEY_ID_LENGTH = 4
_DASH = "\u2014 "
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_DECIMAL = re.compile(r"0|[1-9][0-9]{0,18}")


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line: who says to have signed, with which key, and the bytes."""

    name: str
    key_id: bytes
    signature: bytes

    def line(self) -> str:
        """Write the signature line, with its newline."""
        return f"{_DASH}{self.name} {_encode(self.key_id + self.signature)}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A signed text; `text` ends in a newline. Nothing is verified yet."""

    text: str
    signatures: tuple[Signature, ...]

    def serialize(self) -> str:
        """Write the note as it is published."""
        return self.text + "\n" + "".join(one.line() for one in self.signatures)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of a log: its name, its size, its root; `extensions` are further lines."""

    origin: str
    tree_size: int
    root_hash: bytes
    extensions: tuple[str, ...] = ()

    def text(self) -> str:
        """Write the text that is signed."""
        lines = [self.origin, str(self.tree_size), _encode(self.root_hash), *self.extensions]
        return "".join(f"{line}\n" for line in lines)


@dataclass(frozen=True, slots=True)
class Verifier:
    """A known key: the name of its holder and the 32 bytes of an Ed25519 public key."""

    name: str
    public_key: bytes
    kind: int = ED25519

    @property
    def key_id(self) -> bytes:
        """Four bytes that name the key in a signature line."""
        return key_id(self.name, self.public_key, self.kind)

    def key_string(self) -> str:
        """Write the verifier key in its published form, name+hash+base64."""
        return f"{self.name}+{self.key_id.hex()}+{_encode(bytes([self.kind]) + self.public_key)}"


@dataclass(frozen=True, slots=True)
class KeyPeriod:
    """For which checkpoints of a log a key speaks; periods overlap while keys are changed over.

    Args:
        from_size: smallest tree that it signs.
        until_size: largest tree that it signs; None while it is in use.
    """

    verifier: Verifier
    from_size: int = 0
    until_size: int | None = None

    def covers(self, tree_size: int) -> bool:
        """Tell whether the key speaks for a tree of a size."""
        end = tree_size if self.until_size is None else self.until_size
        return self.from_size <= tree_size <= end


@dataclass(frozen=True)
class Signer:
    """A key that signs notes under a name."""

    name: str
    private_key: ed25519.Ed25519PrivateKey

    def __post_init__(self) -> None:
        """Refuse a name that no signature line can carry."""
        _require_name(self.name)

    @property
    def verifier(self) -> Verifier:
        """The public side of the key."""
        return Verifier(self.name, self.private_key.public_key().public_bytes_raw())


def key_id(name: str, public_key: bytes, kind: int = ED25519) -> bytes:
    """Compute the key id: the first four bytes of SHA-256 over name, newline, type and key."""
    preimage = name.encode() + b"\n" + bytes([kind]) + public_key
    return hashlib.sha256(preimage).digest()[:_KEY_ID_LENGTH]


def parse_verifier_key(text: str, kind: int = ED25519) -> Verifier:
    """Read a verifier key of the form name+hash+base64.

    Args:
        kind: ED25519 for logs, COSIGNATURE for witnesses.

    Raises:
        MalformedVerifierKey: the form, the hash or the length is wrong, or the key is not Ed25519.
    """
    parts = text.split("+", 2)
    problem = "A verifier key has the form name+hash+base64 of an Ed25519 key."
    try:
        name, hexadecimal, encoded = parts
        _require_name(name)
        raw = _decode(encoded)
    except (ValueError, errors.MalformedNote) as refused:
        raise errors.MalformedVerifierKey(problem) from refused
    if len(raw) != 1 + 32 or raw[0] != kind:
        raise errors.MalformedVerifierKey(problem)
    verifier = Verifier(name, raw[1:], kind)
    if hexadecimal != verifier.key_id.hex():
        raise errors.MalformedVerifierKey("The hash of the verifier key does not fit name and key.")
    return verifier


def sign_note(text: str, signers: Sequence[Signer], *, earlier: Sequence[Signature] = ()) -> Note:
    """Sign a text; signatures made before, for example by a witness, are kept in front.

    Raises:
        MalformedNote: the text is empty, does not end in a newline, or holds control characters.
    """
    _require_text(text)
    made = [
        Signature(one.name, one.verifier.key_id, one.private_key.sign(text.encode()))
        for one in signers
    ]
    return Note(text, (*earlier, *made))


def parse_note(data: str | bytes) -> Note:
    """Split a note into its text and its signature lines, without verifying them.

    Raises:
        MalformedNote: the bytes are not a signed note.
    """
    text = _read_text(data)
    end = text.rfind("\n\n")
    if end < 0 or not text.endswith("\n"):
        raise errors.MalformedNote("A note is a text, an empty line and signature lines.")
    body, tail = text[: end + 1], text[end + 2 :]
    lines = tail.split("\n")[:-1]
    if not 1 <= len(lines) <= MAX_SIGNATURES:
        raise errors.MalformedNote(f"A note carries 1 to {MAX_SIGNATURES} signature lines.")
    _require_text(body)
    return Note(body, tuple(_parse_signature(line) for line in lines))


def verify_note(note: Note, verifiers: Sequence[Verifier]) -> list[Verifier]:
    """Verify the signatures of known keys; signatures of others are ignored, as the standard asks.

    Returns:
        The known keys that signed, each once, in the order of the note; never empty.

    Raises:
        NoteNotVerified: a known key's signature is wrong, or no known key signed.
    """
    known = {(one.name, one.key_id): one for one in verifiers}
    verified: list[Verifier] = []
    for signature in note.signatures:
        verifier = known.get((signature.name, signature.key_id))
        if verifier is None:
            continue
        key = ed25519.Ed25519PublicKey.from_public_bytes(verifier.public_key)
        try:
            key.verify(signature.signature, note.text.encode())
        except crypto_exceptions.InvalidSignature as refused:
            raise errors.NoteNotVerified(f"The signature of {verifier.name} is wrong.") from refused
        if verifier not in verified:
            verified.append(verifier)
    if not verified:
        raise errors.NoteNotVerified("None of the known keys signed the note.")
    return verified


def verify_cosignature(text: str, signature: Signature, witness: Verifier) -> int:
    """Verify what a witness signed of a checkpoint; gives the moment that it names.

    Args:
        text: text of the checkpoint, with its last newline.
        signature: eight bytes of time, then the signature (C2SP tlog-cosignature, cosignature/v1).

    Returns:
        Unix time in seconds.

    Raises:
        NoteNotVerified: it is not by this witness, or not of this checkpoint.
    """
    moment = int.from_bytes(signature.signature[:8], "big")
    message = f"cosignature/v1\ntime {moment}\n{text}".encode()
    named = (signature.name, signature.key_id) == (witness.name, witness.key_id)
    key = ed25519.Ed25519PublicKey.from_public_bytes(witness.public_key)
    try:
        key.verify(signature.signature[8:], message)
    except crypto_exceptions.InvalidSignature as refused:
        raise errors.NoteNotVerified(f"The cosignature of {witness.name} is wrong.") from refused
    if not named or moment >= 1 << 62:
        raise errors.NoteNotVerified(f"The cosignature is not one of {witness.name}.")
    return moment


def parse_checkpoint(text: str) -> Checkpoint:
    """Read the text of a note as a checkpoint.

    Raises:
        MalformedNote: the text is no checkpoint.
    """
    if not text.endswith("\n"):
        raise errors.MalformedNote("A checkpoint ends in a newline.")
    lines = text[:-1].split("\n")
    if len(lines) < 3 or not all(lines):
        raise errors.MalformedNote("A checkpoint has at least three lines, none of them empty.")
    if not _DECIMAL.fullmatch(lines[1]):
        raise errors.MalformedNote("The tree size is a decimal number without leading zeros.")
    root_hash = _decode(lines[2])
    if len(root_hash) != tree.HASH_LENGTH:
        raise errors.MalformedNote("The root hash is 32 bytes long.")
    return Checkpoint(lines[0], int(lines[1]), root_hash, tuple(lines[3:]))


def open_checkpoint(data: str | bytes, *logs: Verifier | KeyPeriod) -> Checkpoint:
    """Read a checkpoint that a known log signed under its own name.

    Args:
        logs: its keys; one with a period speaks for trees of these sizes only.

    Raises:
        MalformedNote: the bytes are no signed checkpoint, or it speaks for another log.
        NoteNotVerified: no key of the log that speaks for this size signed it.
    """
    note = parse_note(data)
    periods = [KeyPeriod(one) if isinstance(one, Verifier) else one for one in logs]
    signed = verify_note(note, [one.verifier for one in periods])
    checkpoint = parse_checkpoint(note.text)
    if any(one.name != checkpoint.origin for one in signed):
        raise errors.MalformedNote("The checkpoint names another log than its signer.")
    if not any(one.verifier in signed and one.covers(checkpoint.tree_size) for one in periods):
        raise errors.NoteNotVerified("The key that signed did not speak for a tree of this size.")
    return checkpoint


def _parse_signature(line: str) -> Signature:
    name, _, encoded = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH):
        raise errors.MalformedNote("A signature line starts with an em dash and a space.")
    _require_name(name)
    raw = _decode(encoded)
    if len(raw) <= _KEY_ID_LENGTH:
        raise errors.MalformedNote("A signature is longer than its key id.")
    return Signature(name, raw[:_KEY_ID_LENGTH], raw[_KEY_ID_LENGTH:])


def _read_text(data: str | bytes) -> str:
    try:
        raw = data.encode() if isinstance(data, str) else data
        text = raw.decode()
    except UnicodeError as refused:
        raise errors.MalformedNote("A note is valid UTF-8.") from refused
    if len(raw) > MAX_NOTE_BYTES:
        raise errors.MalformedNote(f"A note is at most {MAX_NOTE_BYTES} bytes long.")
    return text


def _require_text(text: str) -> None:
    if not text.endswith("\n") or text == "\n" or _CONTROL.search(text):
        raise errors.MalformedNote(
            "A note's text ends in a newline and holds no control characters."
        )


def _require_name(name: str) -> None:
    if not name or "+" in name or any(one.isspace() or _CONTROL.match(one) for one in name):
        raise errors.MalformedNote(
            "A key name is not empty and holds neither spaces nor plus signs."
        )


def _encode(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _decode(text: str) -> bytes:
    """Decode base64; only the one canonical spelling of a value is accepted."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as refused:
        raise errors.MalformedNote("Hashes and signatures are written in base64.") from refused
    if _encode(raw) != text:
        raise errors.MalformedNote("Hashes and signatures are written in canonical base64.")
    return raw

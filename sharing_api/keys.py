"""The exchange's own keys: files that only its user can read, made once."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc.jwk import OKPKey

from databases import errors
from databases.journal import notes
from sharing_api.settings import ExchangeSettings


class KeyMissing(errors.Unavailable):
    """A private key of the exchange is not where it should be."""

    code = "exchange.key_missing"


@dataclass(frozen=True)
class ExchangeKeys:
    """All secrets of one site.

    Args:
        token: signs access tokens.
        receipt: signs receipts.
        log: signs checkpoints of the access log.
        subject: keys the tags of data subjects in the log.
        pseudonym: root of the pairwise pseudonyms of agreements.
    """

    token: OKPKey
    receipt: Ed25519PrivateKey
    log: Ed25519PrivateKey
    subject: bytes
    pseudonym: bytes

    @property
    def receipt_key_id(self) -> str:
        """RFC 7638 thumbprint of the receipt key."""
        return to_jwk(self.receipt).thumbprint()

    def log_signer(self, name: str) -> notes.Signer:
        """The signer of the log's checkpoints."""
        return notes.Signer(name, self.log)


def to_jwk(key: Ed25519PrivateKey) -> OKPKey:
    """Wrap a private key as a JWK."""
    return OKPKey.import_key(_pem(key))


def load(settings: ExchangeSettings) -> ExchangeKeys:
    """Read the keys of the site.

    Raises:
        KeyMissing: a file is not there; it says how keys are made.
    """
    return ExchangeKeys(
        token=to_jwk(_read_private(settings.key_path("token"))),
        receipt=_read_private(settings.key_path("receipt")),
        log=_read_private(settings.key_path("log")),
        subject=_read(settings.key_path("subject")),
        pseudonym=_read(settings.key_path("pseudonym")),
    )


def make_missing(settings: ExchangeSettings) -> None:
    """Make the keys that are not there yet; existing ones are never touched."""
    for name in ("token", "receipt", "log"):
        make_private(settings.key_path(name))
    for name in ("subject", "pseudonym"):
        _write_once(settings.key_path(name), secrets.token_bytes(32))


def make_private(path: Path) -> Ed25519PrivateKey:
    """Make an Ed25519 key file unless it exists, and read it."""
    _write_once(path, _pem(Ed25519PrivateKey.generate()))
    return _read_private(path)


def _pem(key: Ed25519PrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _read_private(path: Path) -> Ed25519PrivateKey:
    key = serialization.load_pem_private_key(_read(path), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyMissing(f"The key file {path.name} holds no Ed25519 key.")
    return key


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise KeyMissing(f"The key file {path.name} is missing: run ./natdb demo.") from error


def _write_once(path: Path, data: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "wb") as file:
        file.write(data)

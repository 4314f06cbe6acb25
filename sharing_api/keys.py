"""The exchange's own keys: files that only its user can read, made once."""

import json
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc.jwk import OKPKey

from databases import errors
from databases.journal import notes
from sharing_api.settings import ExchangeSettings


class KeyChangeUnderWay(errors.Conflict):
    """A key of the log cannot be changed in this state."""

    code = "exchange.key_change_under_way"


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
        log_earlier: keys of the log that sign along while keys are changed over.
        log_periods: written verifier keys of the log and the trees that each speaks for; empty
            while it never had another key.
    """

    token: OKPKey
    receipt: Ed25519PrivateKey
    log: Ed25519PrivateKey
    subject: bytes
    pseudonym: bytes
    log_earlier: tuple[Ed25519PrivateKey, ...] = ()
    log_periods: tuple[notes.KeyPeriod, ...] = ()

    @property
    def receipt_key_id(self) -> str:
        """RFC 7638 thumbprint of the receipt key."""
        return to_jwk(self.receipt).thumbprint()

    def log_signer(self, name: str) -> notes.Signer:
        """The signer of the log's checkpoints."""
        return notes.Signer(name, self.log)

    def earlier_log_signers(self, name: str) -> list[notes.Signer]:
        """The signers that sign along while keys are changed over."""
        return [notes.Signer(name, key) for key in self.log_earlier]

    def log_keys(self, name: str) -> tuple[notes.KeyPeriod, ...]:
        """All keys that the log ever had, the newest first, and what each speaks for."""
        return self.log_periods or (notes.KeyPeriod(self.log_signer(name).verifier),)


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
        log_earlier=_read_earlier(settings),
        log_periods=_read_periods(settings),
    )


def change_log_key(settings: ExchangeSettings, *, tree_size: int) -> notes.Verifier:
    """Begin to change the log's key: from now on the old and a new one sign together.

    Args:
        tree_size: of the newest checkpoint; the new key speaks for larger trees.

    Raises:
        KeyChangeUnderWay: the last change is not finished yet.
    """
    earlier = settings.key_path("log_earlier")
    if earlier.exists():
        raise KeyChangeUnderWay("Finish the last change of the key first.")
    periods = load(settings).log_keys(settings.log_name)
    current = settings.key_path("log")
    key = Ed25519PrivateKey.generate()
    fresh = notes.Signer(settings.log_name, key).verifier
    _write_periods(settings, [notes.KeyPeriod(fresh, tree_size + 1), *periods])
    _write_once(earlier, _read(current))
    _write_private(current, _pem(key))
    return fresh


def retire_log_key(settings: ExchangeSettings, *, tree_size: int) -> notes.Verifier:
    """Finish the change: the old key signs no more, and its private half is removed.

    Args:
        tree_size: of the newest checkpoint; it is the last that the old key speaks for.

    Raises:
        KeyChangeUnderWay: no change was begun.
    """
    earlier = settings.key_path("log_earlier")
    periods = load(settings).log_keys(settings.log_name)
    if not earlier.exists() or len(periods) < 2:
        raise KeyChangeUnderWay("No change of the log's key is under way.")
    newest, old, *rest = periods
    retired = notes.KeyPeriod(old.verifier, old.from_size, tree_size)
    _write_periods(settings, [newest, retired, *rest])
    earlier.unlink()
    return old.verifier


def _read_earlier(settings: ExchangeSettings) -> tuple[Ed25519PrivateKey, ...]:
    path = settings.key_path("log_earlier")
    return (_read_private(path),) if path.exists() else ()


def _read_periods(settings: ExchangeSettings) -> tuple[notes.KeyPeriod, ...]:
    path = settings.key_path("log_periods")
    if not path.exists():
        return ()
    return tuple(
        notes.KeyPeriod(notes.parse_verifier_key(one["key"]), one["from_size"], one["until_size"])
        for one in json.loads(path.read_bytes())
    )


def _write_periods(settings: ExchangeSettings, periods: Sequence[notes.KeyPeriod]) -> None:
    _write_private(settings.key_path("log_periods"), json.dumps(write_periods(periods)).encode())


def write_periods(periods: Sequence[notes.KeyPeriod]) -> list[dict[str, Any]]:
    """Write the keys of the log and what each speaks for, as they are published."""
    return [
        {
            "key": one.verifier.key_string(),
            "from_size": one.from_size,
            "until_size": one.until_size,
        }
        for one in periods
    ]


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


def _write_private(path: Path, data: bytes) -> None:
    """Write a file that only its user can read, whole or not at all."""
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    _write_once(fresh, data)
    fresh.replace(path)

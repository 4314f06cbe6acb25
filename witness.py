#!/usr/bin/env python3
"""A witness of the exchange's access log: it cosigns only what continues what it has seen.

Another agency runs it. It fetches the newest checkpoint and the proof that this continues the last
one that it cosigned, keeps the new one on disk, and only then signs. What does not continue is
refused and kept as evidence. Whoever asks for a checkpoint with cosignatures knows that the log
shows everybody the same. This file stands alone: Python 3.11, its standard library and the package
`cryptography`.

    python witness.py init --name witness.example --folder DIR --keys keys.json
    python witness.py run --exchange http://… --folder DIR [--once] [--interval 5]
    python witness.py compare DIR_A DIR_B [--exchange http://…]

`keys.json` is the document of /v1/keys, got by a way that the exchange does not control. Formats:
C2SP signed-note, tlog-checkpoint, tlog-cosignature (cosignature/v1); docs/log-format.md. Exit
status of `run --once` and `compare`: 0 consistent, 1 not consistent, 2 it could not be found out.
"""

import argparse
import base64
import binascii
import hashlib
import json
import os
import re
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = b"\x01"
COSIGNATURE = b"\x04"
EMPTY_ROOT = hashlib.sha256(b"").digest()
MOST_BYTES = 1 << 20
SECONDS = 20


class Refused(Exception):
    """The log does not continue what was seen of it; the message says why."""


class Unreachable(Exception):
    """It could not be found out: nobody answers, or there is nothing to witness yet."""


@dataclass(frozen=True)
class Checkpoint:
    """A checkpoint that the log signed; `text` is what was signed."""

    origin: str
    size: int
    root: bytes
    text: str
    note: str


@dataclass(frozen=True)
class LogKey:
    """A key of the log and the sizes of trees that it speaks for."""

    name: str
    key_id: bytes
    public: bytes
    from_size: int
    until_size: int | None


def key_id(name: str, kind: bytes, public: bytes) -> bytes:
    """Name a key in a signature line."""
    return hashlib.sha256(name.encode() + b"\n" + kind + public).digest()[:4]


def decode(text: Any) -> bytes:
    """Decode base64 in its one canonical spelling."""
    try:
        raw = base64.b64decode(str(text), validate=True)
    except (binascii.Error, ValueError):
        raise Refused("a value is not base64") from None
    if base64.b64encode(raw).decode() != text:
        raise Refused("a value is not canonical base64")
    return raw


def read_keys(document: dict[str, Any]) -> list[LogKey]:
    """Read the keys of the log out of the document of /v1/keys."""
    periods = document.get("log_key_periods") or [
        {"key": text, "from_size": 0, "until_size": None} for text in document.get("log_keys", [])
    ]
    keys = []
    for one in periods:
        name, _, rest = str(one["key"]).partition("+")
        raw = decode(rest.partition("+")[2])
        if len(raw) != 33 or raw[:1] != ED25519 or rest[:8] != key_id(name, ED25519, raw[1:]).hex():
            raise Refused(f"the key of log {name} is malformed")
        found = key_id(name, ED25519, raw[1:])
        keys.append(LogKey(name, found, raw[1:], one["from_size"], one["until_size"]))
    if not keys:
        raise Refused("the document holds no key of a log")
    return keys


def read_checkpoint(note: str, keys: Sequence[LogKey]) -> Checkpoint:
    """Verify that a known key of the log signed a checkpoint."""
    body, separator, tail = note.rpartition("\n\n")
    lines = body.split("\n")
    if not separator or not note.endswith("\n") or len(lines) < 3 or not all(lines):
        raise Refused("the checkpoint is no signed note")
    if re.search(r"[\x00-\x09\x0b-\x1f]", note) or not re.fullmatch(r"0|[1-9]\d{0,18}", lines[1]):
        raise Refused("the checkpoint is malformed")
    text, size, root = body + "\n", int(lines[1]), decode(lines[2])
    signed = False
    for line in tail[:-1].split("\n"):
        parts = line.split(" ")
        if len(parts) != 3 or parts[0] != "\u2014":
            raise Refused("a signature line is malformed")
        raw = decode(parts[2])
        for key in keys:
            if (key.name, key.key_id) == (parts[1], raw[:4]):
                require_signature(key.public, raw[4:], text.encode())
                end = size if key.until_size is None else key.until_size
                signed = signed or (key.name == lines[0] and key.from_size <= size <= end)
    if not signed or len(root) != 32:
        raise Refused("no known key that speaks for this size signed the checkpoint")
    return Checkpoint(lines[0], size, root, text, note)


def require_signature(public: bytes, signature: bytes, message: bytes) -> None:
    """Check an Ed25519 signature."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        raise Refused("a signature of the log is wrong") from None


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two subtrees into their parent (RFC 9162, section 2.1.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def require_consistent(old: Checkpoint, new: Checkpoint, path: Sequence[bytes]) -> None:
    """Check a consistency proof (RFC 9162, section 2.1.4.2)."""
    if old.origin != new.origin:
        raise Refused("the checkpoints are of different logs")
    if new.size < old.size:
        raise Refused(f"the log shrank from {old.size} to {new.size} entries")
    if old.size in (0, new.size):
        expected = EMPTY_ROOT if old.size == 0 else new.root
        if old.root != expected:
            raise Refused(f"the log has two different trees of {old.size} entries")
        return
    if roots_of(old, new, path) != (old.root, new.root):
        raise Refused(f"the log of {new.size} entries does not continue that of {old.size}")


def roots_of(old: Checkpoint, new: Checkpoint, path: Sequence[bytes]) -> tuple[bytes, bytes] | None:
    """Compute both roots that a proof leads to; None when its length does not fit."""
    hashes = [old.root, *path] if old.size & (old.size - 1) == 0 else list(path)
    position, last = old.size - 1, new.size - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    if not hashes:
        return None
    old_root = new_root = hashes[0]
    for sibling in hashes[1:]:
        if last == 0:
            return None
        if position & 1 or position == last:
            old_root, new_root = node_hash(sibling, old_root), node_hash(sibling, new_root)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            new_root = node_hash(new_root, sibling)
        position, last = position >> 1, last >> 1
    return None if last else (old_root, new_root)


class Exchange:
    """What is asked of the exchange."""

    def __init__(self, address: str) -> None:
        parts = urllib.parse.urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise Unreachable("the address of the exchange must begin with http:// or https://")
        self._address = address.rstrip("/")

    def checkpoint(self) -> str:
        """Fetch the newest checkpoint."""
        return self._send("/v1/log/checkpoint").decode("utf-8", "replace")

    def path(self, old: int, new: int) -> list[bytes]:
        """Fetch the proof that the tree of a size continues that of another."""
        raw = self._send(f"/v1/log/consistency?old={old}&new={new}")
        try:
            hashes = json.loads(raw)["consistency_path"]
            return [base64.urlsafe_b64decode(one + "=") for one in hashes]
        except (ValueError, KeyError, TypeError):
            raise Refused("the consistency proof cannot be read") from None

    def cosign(self, note: str) -> None:
        """Hand a cosigned checkpoint over."""
        self._send("/v1/log/cosignatures", note.encode())

    def _send(self, path: str, body: bytes | None = None) -> bytes:
        request = urllib.request.Request(  # noqa: S310  http and https only, see above
            self._address + path, data=body, headers={"Content-Type": "text/plain; charset=utf-8"}
        )
        try:
            with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310  as above
                return bytes(answer.read(MOST_BYTES))
        except urllib.error.HTTPError as problem:
            text = problem.read(MOST_BYTES).decode("utf-8", "replace")
            raise Unreachable(f"{path}: {problem.code} {text[:500]}") from None
        except OSError as problem:
            raise Unreachable(f"{path}: {problem}") from None


class Folder:
    """Key and memory of a witness: what it cosigned, the newest last, and what it refused."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, name: str, data: bytes) -> None:
        """Write a file whole or not at all, and durably, readable by its user only."""
        target = self.path / name
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = target.with_name(target.name + ".new")
        fresh.unlink(missing_ok=True)
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(target)
        place = os.open(target.parent, os.O_RDONLY)
        os.fsync(place)
        os.close(place)

    def read(self, name: str) -> bytes:
        """Read a file of the folder."""
        try:
            return (self.path / name).read_bytes()
        except FileNotFoundError:
            raise Unreachable(f"{self.path} has no {name}: run init first") from None

    def keys(self) -> list[LogKey]:
        """Read the keys of the log that this witness was given."""
        return read_keys(json.loads(self.read("log_keys.json")))

    def state(self) -> str:
        """Give the last checkpoint that was cosigned, empty before the first."""
        path = self.path / "checkpoint"
        return path.read_text(encoding="utf-8") if path.exists() else ""

    def history(self) -> list[str]:
        """Give all checkpoints that were cosigned, the oldest first."""
        found = (self.path / "cosigned").glob("*")
        return [one.read_text(encoding="utf-8") for one in sorted(found) if one.suffix != ".new"]

    def signer(self) -> tuple[str, Ed25519PrivateKey]:
        """Read name and key of the witness."""
        document = json.loads(self.read("witness.json"))
        key = Ed25519PrivateKey.from_private_bytes(decode(document["key"]))
        return str(document["name"]), key


def verifier_key(name: str, key: Ed25519PrivateKey) -> str:
    """Write the public key of a witness as others are given it."""
    public = key.public_key().public_bytes_raw()
    encoded = base64.b64encode(COSIGNATURE + public).decode()
    return f"{name}+{key_id(name, COSIGNATURE, public).hex()}+{encoded}"


def cosign(checkpoint: Checkpoint, name: str, key: Ed25519PrivateKey, moment: int) -> str:
    """Sign a checkpoint as of a moment: its text with the witness's one signature line."""
    message = f"cosignature/v1\ntime {moment}\n{checkpoint.text}".encode()
    named = key_id(name, COSIGNATURE, key.public_key().public_bytes_raw())
    signature = base64.b64encode(named + moment.to_bytes(8, "big") + key.sign(message)).decode()
    return f"{checkpoint.text}\n\u2014 {name} {signature}\n"


def witness_once(exchange: Exchange, folder: Folder) -> str:
    """Look at the newest checkpoint once: cosign it, or refuse it and keep why."""
    keys = folder.keys()
    known = folder.state()
    note, path = exchange.checkpoint(), []
    try:
        new = read_checkpoint(note, keys)
        if known:
            old = read_checkpoint(known, keys)
            if 0 < old.size < new.size:
                path = exchange.path(old.size, new.size)
            require_consistent(old, new, path)
            if old.size == new.size:
                note = known
        name, key = folder.signer()
        moment = int(time.time())
        # Durable before it is signed: whoever is cut off here remembers more than it signed.
        folder.write(f"cosigned/{new.size:020d}", note.encode())
        folder.write("checkpoint", note.encode())
        exchange.cosign(cosign(new, name, key, moment))
    except Refused as why:
        evidence = {
            "why": str(why),
            "at": int(time.time()),
            "known": known,
            "refused": note,
            "path": [base64.b64encode(one).decode() for one in path],
        }
        named = hashlib.sha256(note.encode()).hexdigest()[:16]
        folder.write(f"refused/{named}.json", json.dumps(evidence, indent=2).encode())
        raise Refused(f"{why}; kept as {folder.path / 'refused' / named}.json") from None
    return f"cosigned the log of {new.size} entries"


def compare(first: Folder, second: Folder, exchange: Exchange | None) -> str:
    """Hold what two witnesses saw against each other.

    Raises:
        Refused: the log showed them different trees; the message ends with both signed checkpoints.
    """
    keys = first.keys()
    seen = {one.size: one for one in (read_checkpoint(note, keys) for note in first.history())}
    others = [read_checkpoint(note, keys) for note in second.history()]
    if not seen or not others:
        raise Unreachable("one of the witnesses has seen nothing yet")
    for other in others:
        one = seen.get(other.size)
        if one is not None and one.root != other.root:
            raise Refused(_proof("one key of the log signed two trees of one size", one, other))
    one, other = max(seen.values(), key=lambda each: each.size), others[-1]
    common = len(seen.keys() & {each.size for each in others})
    if one.size == other.size:
        return f"both saw the same log of {one.size} entries ({common} checkpoints in common)"
    if exchange is None:
        raise Unreachable(
            "their last checkpoints differ in size: name the --exchange for the proof"
        )
    old, new = sorted((one, other), key=lambda each: each.size)
    try:
        require_consistent(old, new, exchange.path(old.size, new.size) if old.size else [])
    except (Refused, Unreachable) as why:
        if isinstance(why, Unreachable) and ": 404" not in str(why):
            raise
        sentence = f"the log cannot show that one continues the other: {why}"
        raise Refused(_proof(sentence, old, new)) from None
    return f"the log of {new.size} entries continues that of {old.size}"


def _proof(sentence: str, one: Checkpoint, other: Checkpoint) -> str:
    return f"{sentence}\n\n{one.note}\n{other.note}"


def run(exchange: Exchange, folder: Folder, interval: float) -> None:
    """Witness until stopped; a refusal is told each time, and nothing is cosigned meanwhile."""
    while True:
        try:
            print(witness_once(exchange, folder), flush=True)
        except Refused as why:
            print(f"REFUSED: {why}", file=sys.stderr, flush=True)
        except Unreachable as why:
            print(f"not now: {why}", file=sys.stderr, flush=True)
        time.sleep(interval)


def init(folder: Folder, name: str, keys: Path) -> str:
    """Make the key of a witness and let it know the keys of the log; gives its public key."""
    if not re.fullmatch(r"[^\s+]+", name):
        raise Unreachable("a name holds neither spaces nor plus signs")
    if (folder.path / "witness.json").exists():
        raise Unreachable(f"{folder.path} is a witness already")
    document = json.loads(keys.read_bytes())
    read_keys(document)
    key = Ed25519PrivateKey.generate()
    folder.write("log_keys.json", json.dumps(document).encode())
    secret = base64.b64encode(key.private_bytes_raw()).decode()
    folder.write("witness.json", json.dumps({"name": name, "key": secret}).encode())
    return verifier_key(name, key)


def main(argv: Sequence[str] | None = None) -> int:
    """Read the command, do it, and give the exit status."""
    parser = argparse.ArgumentParser(description="Witness the exchange's log.", allow_abbrev=False)
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("init", help="make a witness")
    command.add_argument("--name", required=True)
    command.add_argument("--folder", type=Path, required=True)
    command.add_argument("--keys", type=Path, required=True, help="document of /v1/keys")
    command = commands.add_parser("run", help="witness the log")
    command.add_argument("--exchange", required=True)
    command.add_argument("--folder", type=Path, required=True)
    command.add_argument("--once", action="store_true")
    command.add_argument("--interval", type=float, default=5.0, help="seconds")
    command = commands.add_parser("compare", help="hold two witnesses against each other")
    command.add_argument("folders", type=Path, nargs=2)
    command.add_argument("--exchange")
    given = parser.parse_args(argv)
    try:
        if given.command == "init":
            print(init(Folder(given.folder), given.name, given.keys))
        elif given.command == "compare":
            exchange = Exchange(given.exchange) if given.exchange else None
            print(f"CONSISTENT: {compare(*map(Folder, given.folders), exchange)}")
        elif given.once:
            print(witness_once(Exchange(given.exchange), Folder(given.folder)))
        else:
            run(Exchange(given.exchange), Folder(given.folder), given.interval)
    except Refused as why:
        print(f"NOT CONSISTENT: {why}")
        return 1
    except (Unreachable, OSError, ValueError, KeyError) as why:
        print(f"It could not be found out: {why}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())

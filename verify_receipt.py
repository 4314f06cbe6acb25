#!/usr/bin/env python3
"""Check offline what the exchange promised: a receipt with its answer, or a report about a person.

This file stands alone: Python 3.11, its standard library and the package `cryptography`. It shares
no code with the exchange, opens no connection, and trusts only the public keys it is given.

    python verify_receipt.py --receipt receipt.txt --answer answer.json --keys keys.json \
        [--request request.json] [--proof proof.json [--consistency consistency.json]] [--json]
    python verify_receipt.py --subject-report report.json --keys keys.json [--json]

Receipt: a compact JWS (RFC 7515) signed with Ed25519, as the header `Exchange-Receipt` carries it.
Keys: a JWK set; its member `log_keys` lists the log's verifier keys (C2SP signed-note).
Proof: leaf_index, tree_size, leaf_hash, inclusion_path and checkpoint; or `proofs`, a list of such.
Consistency: old_checkpoint and consistency_path, from an earlier checkpoint to that of the proof.
Report: every log entry about one person, with the proof that none is missing (docs/log-format.md).
Witnesses: a file with a verifier key a line; with --witnesses K, K of them must have cosigned.
Hashes are base64url without padding. Exit status 0 means that every part that was given is right.
"""

import argparse
import base64
import binascii
import functools
import hashlib
import json
import re
import sys
import uuid
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ALGORITHMS = ("Ed25519", "EdDSA")
RECEIPT_TYPE = "exchange-receipt+jwt"
HEADER_NAME = b"exchange-receipt:"
REPORT_STANDARD = "subject_report/1.0"
EMPTY_ROOT = hashlib.sha256(b"").digest()
ED25519 = 0x01  # kinds of keys in signed notes (C2SP signed-note, tlog-cosignature)
COSIGNATURE = 0x04
DIGITS = "0123456789abcdef"


class Failure(Exception):
    """A part of the evidence is not right; the message says why."""


@dataclass(frozen=True)
class Check:
    """One line of the report; `status` is ok, FAILED or not checked."""

    what: str
    status: str
    why: str


@dataclass(frozen=True)
class LogKey:
    """A key of a log, and the sizes of the trees that it speaks for; None: still in use."""

    public: bytes
    from_size: int = 0
    until_size: int | None = None

    def covers(self, size: int) -> bool:
        """Tell whether the key speaks for a tree of a size."""
        return self.from_size <= size <= (size if self.until_size is None else self.until_size)


@dataclass(frozen=True)
class Keys:
    """The public keys: those of receipts by key id, those of logs and witnesses by name and id.

    `quorum`: how many of the witnesses must have cosigned a checkpoint.
    """

    receipt: dict[str, bytes]
    log: dict[tuple[str, bytes], LogKey]
    witness: dict[tuple[str, bytes], bytes]
    quorum: int


@dataclass(frozen=True)
class Receipt:
    """The claims of a receipt whose signature is right; `promise`: first entry, count, root."""

    kid: str
    issuer: str
    request_hash: bytes
    answer_hash: bytes
    log: str
    promise: tuple[str, int, bytes]


@dataclass(frozen=True)
class Head:
    """A checkpoint whose signature is right."""

    size: int
    root: bytes
    witnesses: int = 0


def require(condition: bool, why: str) -> None:
    """Fail with a reason unless the condition holds."""
    if not condition:
        raise Failure(why)


def read_base64url(text: Any, length: int | None = None) -> bytes:
    """Decode base64url without padding; only the canonical spelling of a value is accepted."""
    require(isinstance(text, str), "a base64url value is missing or not text")
    require(re.fullmatch(r"[A-Za-z0-9_-]*", text) is not None, "a value is not base64url")
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error:
        raise Failure("a value is not base64url") from None
    canonical = base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
    require(canonical == text, "a base64url value is not in its canonical form")
    require(length in (None, len(raw)), f"a value must be {length} bytes long")
    return raw


def read_base64(text: str) -> bytes:
    """Decode base64 with padding; only the canonical spelling of a value is accepted."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Failure("a value is not base64") from None
    require(base64.b64encode(raw).decode() == text, "a base64 value is not in its canonical form")
    return raw


def read_object(raw: bytes) -> dict[str, Any]:
    """Read a JSON object; a member named twice, a NaN or anything after the object is refused."""

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        members = dict(pairs)
        require(len(members) == len(pairs), "a JSON member is named twice")
        return members

    def no_constant(name: str) -> Any:
        raise Failure(f"{name} is not JSON")

    try:
        value = json.loads(
            raw.decode("utf-8"), object_pairs_hook=unique, parse_constant=no_constant
        )
        # Escapes can spell half a character, which no UTF-8 text holds and no message could print.
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise Failure("it is not one well-formed JSON document in UTF-8") from None
    require(isinstance(value, dict), "it is not a JSON object")
    return dict(value)


def read_text(members: dict[str, Any], name: str) -> str:
    """Read a member that is a text and not empty."""
    value = members.get(name)
    require(isinstance(value, str) and value != "", f"the member {name} must be a text")
    return str(value)


def read_number(members: dict[str, Any], name: str) -> int:
    """Read a member that is a whole number from zero."""
    value = members.get(name)
    whole = isinstance(value, int) and not isinstance(value, bool)
    require(
        whole and value is not None and value >= 0, f"the member {name} must be a number from 0"
    )
    return int(str(value))


def read_list(members: dict[str, Any], name: str) -> list[Any]:
    """Read a member that is a list."""
    value = members.get(name)
    require(isinstance(value, list), f"the member {name} must be a list")
    return list(value or [])


def read_file(path: Path) -> bytes:
    """Read the exact bytes of a file."""
    try:
        return path.read_bytes()
    except OSError as problem:
        raise Failure(f"the file cannot be read: {problem.strerror}") from None


def read_keys(raw: bytes, witnesses: bytes = b"", quorum: int = 0) -> Keys:
    """Read the JWK set; keys of other kinds are left aside, a private key is refused."""
    document = read_object(raw)
    receipt: dict[str, bytes] = {}
    for jwk in read_list(document, "keys"):
        require(isinstance(jwk, dict), "a key is not a JSON object")
        require("d" not in jwk, "the key file holds a private key; use the public key set")
        if jwk.get("kty") != "OKP" or jwk.get("crv") != "Ed25519" or jwk.get("use", "sig") != "sig":
            continue
        kid = read_text(jwk, "kid")
        require(jwk.get("alg", "EdDSA") in ALGORITHMS, f"key {kid} is for another algorithm")
        require(kid not in receipt, f"two keys are named {kid}")
        receipt[kid] = read_base64url(jwk.get("x"), 32)
    logs = read_log_keys(document)
    lines = [line for line in witnesses.decode("utf-8", "replace").splitlines() if line]
    known = dict(read_verifier_key(line, COSIGNATURE) for line in lines)
    require(quorum <= len(known), f"{quorum} witnesses are asked for, {len(known)} keys are given")
    return Keys(receipt, logs, known, quorum)


def read_log_keys(document: dict[str, Any]) -> dict[tuple[str, bytes], LogKey]:
    """Read the keys of the log, with their periods where it ever changed its key."""
    texts = read_list({"log_keys": [], **document}, "log_keys")
    keys = {name: LogKey(public) for name, public in map(read_verifier_key, texts)}
    for one in read_list({"log_key_periods": [], **document}, "log_key_periods"):
        require(isinstance(one, dict), "a period of a log key is not a JSON object")
        name, public = read_verifier_key(one.get("key"))
        until = None if one.get("until_size") is None else read_number(one, "until_size")
        keys[name] = LogKey(public, read_number(one, "from_size"), until)
    return keys


def read_verifier_key(text: Any, kind: int = ED25519) -> tuple[tuple[str, bytes], bytes]:
    """Read a verifier key of the form name+hash+base64 of its kind and an Ed25519 key."""
    parts = text.split("+", 2) if isinstance(text, str) else []
    require(len(parts) == 3 and parts[0] != "", "a log key has the form name+hash+base64")
    name, hexadecimal, encoded = parts
    raw = read_base64(encoded)
    right = len(raw) == 33 and raw[0] == kind
    require(right, f"the key of {name} is not an Ed25519 key of its kind")
    key_id = hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4]
    require(hexadecimal == key_id.hex(), f"the hash in the key of {name} is wrong")
    return (name, key_id), raw[1:]


def signed_by(key: bytes, signature: bytes, message: bytes) -> bool:
    """Test an Ed25519 signature."""
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def read_receipt(raw: bytes, keys: Keys) -> Receipt:
    """Verify the signature of a receipt, then read its claims."""
    if raw[: len(HEADER_NAME)].lower() == HEADER_NAME:
        raw = raw[len(HEADER_NAME) :].lstrip(b" \t")
    compact = raw.removesuffix(b"\n").removesuffix(b"\r")
    shape = re.fullmatch(rb"([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)", compact)
    if shape is None:
        raise Failure("it is not a compact JWS: three base64url parts and nothing else")
    head, body, tail = (part.decode() for part in shape.groups())
    header = read_object(read_base64url(head))
    require(set(header) == {"alg", "kid", "typ"}, "its header must hold alg, kid and typ, no more")
    require(header["alg"] in ALGORITHMS, "its algorithm is not Ed25519")
    require(header["typ"] == RECEIPT_TYPE, "it is not of the type of a receipt")
    kid = read_text(header, "kid")
    require(kid in keys.receipt, "it names a key that is not among the keys given")
    signature = read_base64url(tail, 64)
    signed = signed_by(keys.receipt[kid], signature, f"{head}.{body}".encode())
    require(signed, "its signature is wrong: the receipt was changed or is not by this key")
    return read_claims(kid, read_object(read_base64url(body)))


def read_claims(kid: str, claims: dict[str, Any]) -> Receipt:
    """Read the claims of a receipt and refuse one that is not complete."""
    agreement = claims.get("agreement")
    # Empty where no agreement spoke of the question: the receipt of such a refusal.
    right = isinstance(agreement, str) and re.fullmatch(r"([0-9a-f]{64})?", agreement) is not None
    require(right, "agreement must be a SHA-256 or empty")
    for name in ("decision", "register"):
        read_text(claims, name)
    for name in ("iat", "change"):
        read_number(claims, name)
    named = all(isinstance(field, str) for field in read_list(claims, "fields"))
    require(named, "the member fields must list names")
    return Receipt(
        kid=kid,
        issuer=read_text(claims, "iss"),
        request_hash=read_base64url(claims.get("request_hash"), 32),
        answer_hash=read_base64url(claims.get("answer_hash"), 32),
        log=read_text(claims, "log"),
        promise=read_promise(claims),
    )


def read_promise(claims: dict[str, Any]) -> tuple[str, int, bytes]:
    """Read which log entries a receipt promises: the first id, how many, the root over them.

    One entry: `leaf_hash`. Several: `entries` and `entries_root`, the Merkle root of their leaf
    hashes in order (of one leaf the root is the leaf itself).
    """
    entry_id = read_text(claims, "entry_id")
    try:
        canonical = str(uuid.UUID(entry_id))
    except ValueError:
        canonical = ""
    require(entry_id == canonical, "an entry id is not a UUID in its canonical form")
    single = "leaf_hash" in claims
    several = "entries" in claims and "entries_root" in claims
    require(single != several, "it must promise one entry or the root of several")
    if single:
        return entry_id, 1, read_base64url(claims["leaf_hash"], 32)
    count = read_number(claims, "entries")
    require(count > 1, "several entries must be more than one")
    return entry_id, count, read_base64url(claims["entries_root"], 32)


def merkle_root(hashes: Sequence[bytes]) -> bytes:
    """Compute the root over leaf hashes, at least one (RFC 9162, section 2.1.1)."""
    if len(hashes) == 1:
        return hashes[0]
    split = 1 << ((len(hashes) - 1).bit_length() - 1)
    return node_hash(merkle_root(hashes[:split]), merkle_root(hashes[split:]))


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two subtrees into their parent (RFC 9162, section 2.1.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """Compute the root an inclusion proof leads to (RFC 9162, section 2.1.3.2)."""
    require(index < size, "the leaf index lies outside the tree")
    position, last, root = index, size - 1, leaf
    for sibling in path:
        require(last > 0, "the path is longer than the tree is high")
        if position % 2 == 1 or position == last:
            root = node_hash(sibling, root)
            while position % 2 == 0 and position > 0:
                position, last = position // 2, last // 2
        else:
            root = node_hash(root, sibling)
        position, last = position // 2, last // 2
    require(last == 0, "the path is shorter than the tree is high")
    return root


def require_consistent(old: Head, new: Head, path: Sequence[bytes]) -> None:
    """Check a consistency proof (RFC 9162, section 2.1.4.2)."""
    require(old.size <= new.size, "the earlier checkpoint covers more entries than the later one")
    if old.size in (0, new.size):
        same = old.root == (new.root if old.size else EMPTY_ROOT)
        require(same and not path, "the two checkpoints contradict each other")
        return
    hashes = [old.root, *path] if old.size & (old.size - 1) == 0 else list(path)
    require(hashes != [], "the path is too short")
    position, last = old.size - 1, new.size - 1
    while position % 2 == 1:
        position, last = position // 2, last // 2
    old_root = new_root = hashes[0]
    for sibling in hashes[1:]:
        require(last > 0, "the path is too long")
        if position % 2 == 1 or position == last:
            old_root, new_root = node_hash(sibling, old_root), node_hash(sibling, new_root)
            while position % 2 == 0 and position > 0:
                position, last = position // 2, last // 2
        else:
            new_root = node_hash(new_root, sibling)
        position, last = position // 2, last // 2
    right = last == 0 and old_root == old.root and new_root == new.root
    require(right, "the later checkpoint does not continue the earlier one")


def read_checkpoint(note: str, origin: str, keys: Keys, quorum: int = 0) -> Head:
    """Verify a checkpoint: signed note of the named log, with size and root.

    `quorum`: how many of the known witnesses must have cosigned it.
    """
    end = note.rfind("\n\n")
    require(end > 0 and note.endswith("\n"), "the checkpoint is not a signed note")
    text, lines = note[: end + 1], note[end + 2 : -1].split("\n")
    require(
        re.search(r"[\x00-\x09\x0b-\x1f]", note) is None,
        "the checkpoint holds control characters",
    )
    signed: list[LogKey] = []
    witnessed: set[str] = set()
    for line in lines:
        parts = line.split(" ")
        require(len(parts) == 3 and parts[0] == "\u2014", "a signature line is malformed")
        raw = read_base64(parts[2])
        require(len(raw) > 4, "a signature line is too short")
        key = keys.log.get((parts[1], raw[:4]))
        if key is not None:
            right = signed_by(key.public, raw[4:], text.encode())
            require(right, f"the checkpoint's signature by {parts[1]} is wrong")
            signed += [key] if parts[1] == origin else []
        elif (parts[1], raw[:4]) in keys.witness:
            right = is_cosigned(keys.witness[parts[1], raw[:4]], raw[4:], text)
            require(right, f"the cosignature of witness {parts[1]} is wrong")
            witnessed.add(parts[1])
    require(
        signed != [],
        "the checkpoint is not signed by a known key of the log that the receipt names",
    )
    body = text[:-1].split("\n")
    require(len(body) >= 3 and all(body), "the checkpoint must have at least three lines")
    require(body[0] == origin, "the checkpoint speaks for another log than the receipt")
    require(re.fullmatch(r"0|[1-9][0-9]{0,18}", body[1]) is not None, "its size is malformed")
    root = read_base64(body[2])
    require(len(root) == 32, "the root of the checkpoint must be 32 bytes long")
    size = int(body[1])
    spoke = any(key.covers(size) for key in signed)
    require(spoke, "the key that signed the checkpoint did not speak for a tree of this size")
    few = f"{len(witnessed)} of the known witnesses cosigned the checkpoint, not {quorum}"
    require(len(witnessed) >= quorum, few)
    return Head(size, root, len(witnessed))


def is_cosigned(key: bytes, raw: bytes, text: str) -> bool:
    """Test a cosignature: eight bytes of time, then the signature (C2SP tlog-cosignature)."""
    if len(raw) != 72:
        return False
    moment = int.from_bytes(raw[:8], "big")
    return signed_by(key, raw[8:], f"cosignature/v1\ntime {moment}\n{text}".encode())


def read_path(document: dict[str, Any], name: str) -> list[bytes]:
    """Read the hashes of a proof."""
    hashes = read_list(document, name)
    require(len(hashes) <= 128, "the path is longer than any tree is high")
    return [read_base64url(one, 32) for one in hashes]


class Report:
    """The checks made so far, in order."""

    def __init__(self) -> None:
        self.checks: list[Check] = []

    def check(self, what: str, make: Callable[[], str]) -> bool:
        """Make one check; `make` gives the sentence of success or raises the failure."""
        try:
            self.checks.append(Check(what, "ok", make()))
        except Failure as failure:
            self.checks.append(Check(what, "FAILED", str(failure)))
            return False
        return True

    @property
    def verified(self) -> bool:
        """Whether nothing failed."""
        return all(one.status != "FAILED" for one in self.checks)


def verify(arguments: argparse.Namespace) -> Report:
    """Make every check for which evidence was given."""
    report = Report()
    found: dict[str, Any] = {}

    def keys() -> str:
        witnesses = read_file(arguments.witness_keys) if arguments.witness_keys else b""
        found["keys"] = one = read_keys(read_file(arguments.keys), witnesses, arguments.witnesses)
        told = f"{len(one.receipt)} receipt keys, {len(one.log)} log keys"
        return f"{told}, {len(one.witness)} witnesses" if one.witness else told

    def receipt() -> str:
        require("keys" in found, "it cannot be checked without the keys")
        found["receipt"] = one = read_receipt(read_file(arguments.receipt), found["keys"])
        return f"signed by {one.issuer} with key {one.kid}, {one.promise[1]} log entries"

    report.check("keys", keys)
    if arguments.subject_report is not None:
        make = functools.partial(check_subject_report, arguments.subject_report, found, report)
        report.check("report", make)
        return report
    report.check("receipt", receipt)
    for what, name, make in (
        ("answer", "answer", lambda path: same_bytes("answer", path, found)),
        ("request", "request", lambda path: same_bytes("request", path, found)),
        ("log entry", "proof", lambda path: check_inclusion(path, found)),
        ("log history", "consistency", lambda path: check_consistency(path, found)),
    ):
        path = getattr(arguments, name)
        if path is None:
            report.checks.append(Check(what, "not checked", f"no --{name} was given"))
        else:
            report.check(what, functools.partial(make, path))
    return report


def same_bytes(what: str, path: Path, found: dict[str, Any]) -> str:
    """Check that a file holds the very bytes whose hash the receipt signs."""
    require("receipt" in found, "it cannot be checked without a verified receipt")
    promised = getattr(found["receipt"], f"{what}_hash")
    actual = hashlib.sha256(read_file(path)).digest()
    require(actual == promised, f"these are not the bytes of the {what} the receipt was given for")
    return f"these are the bytes of the {what} the receipt was given for"


def check_inclusion(path: Path, found: dict[str, Any]) -> str:
    """Check the proof of every entry of the receipt."""
    require("receipt" in found, "it cannot be checked without a verified receipt")
    receipt: Receipt = found["receipt"]
    document = read_object(read_file(path))
    proofs = read_list(document, "proofs") if "proofs" in document else [document]
    entry_id, count, promised = receipt.promise
    require(len(proofs) == count, f"the receipt promises {count} entries, not {len(proofs)}")
    leaves: list[bytes] = []
    heads: dict[str, Head] = {}
    for proof in proofs:
        require(isinstance(proof, dict), "a proof is not a JSON object")
        leaf = read_base64url(proof.get("leaf_hash"), 32)
        leaves.append(leaf)
        if count == 1:
            require(proof.get("entry_id", entry_id) == entry_id, "the proof names another entry")
        note = read_text(proof, "checkpoint")
        if note not in heads:
            heads[note] = read_checkpoint(note, receipt.log, found["keys"], found["keys"].quorum)
        head = heads[note]
        require(read_number(proof, "tree_size") == head.size, "proof and checkpoint differ in size")
        index, hashes = read_number(proof, "leaf_index"), read_path(proof, "inclusion_path")
        root = root_of_inclusion(leaf, index, head.size, hashes)
        require(root == head.root, f"leaf {index} does not lead to the root of the checkpoint")
    require(merkle_root(leaves) == promised, f"these are not the entries from {entry_id} on")
    found["heads"] = list(heads.values())
    sizes = ", ".join(str(head.size) for head in found["heads"])
    return f"{len(proofs)} entries stand in {receipt.log} under the checkpoint of size {sizes}"


def check_consistency(path: Path, found: dict[str, Any]) -> str:
    """Check that every checkpoint of the proof continues the earlier checkpoint."""
    require("heads" in found, "it cannot be checked without a verified --proof")
    document = read_object(read_file(path))
    note = read_text(document, "old_checkpoint")
    old = read_checkpoint(note, found["receipt"].log, found["keys"])
    hashes = read_path(document, "consistency_path")
    for head in found["heads"]:
        require_consistent(old, head, hashes)
    return f"the log continues its checkpoint of size {old.size}; nothing was changed or taken out"


def check_subject_report(path: Path, found: dict[str, Any], report: Report) -> str:
    """Check that a report holds every entry about its subjects up to its commitment."""
    require("keys" in found, "it cannot be checked without the keys")
    document = read_object(read_file(path))
    require(document.get("standard") == REPORT_STANDARD, f"it is no {REPORT_STANDARD}")
    keys: Keys = found["keys"]
    head = read_checkpoint(
        read_text(document, "checkpoint"), read_text(document, "log"), keys, keys.quorum
    )
    covered = read_number(document, "covers")
    commitment = document.get("commitment")
    require(isinstance(commitment, dict), "the member commitment must be an object")
    root, moment = read_commitment(dict(commitment or {}), covered, head)
    hashes = [read_base64url(one, 32) for one in read_list(document, "hashes")]
    chains = read_list(document, "chains")
    require(chains != [] and all(isinstance(one, dict) for one in chains), "it names no subject")
    require(len({str(one.get("subject_tag")) for one in chains}) == len(chains), "a tag twice")
    for chain in chains:
        make = functools.partial(check_chain, chain, covered, root, head, hashes)
        report.check(f"subject in {chain.get('register')}", make)
    told = f"; {head.witnesses} witnesses cosigned it" if head.witnesses else ""
    walks = len(read_list(document, "walks"))
    return (
        f"complete for the first {covered} entries of the log, up to {moment}, under the "
        f"checkpoint of size {head.size}{told}; {walks} walks over all are named without proof"
    )


def read_commitment(commitment: dict[str, Any], covered: int, head: Head) -> tuple[bytes, str]:
    """Check the entry that put the root over all subjects into the log; give root and time."""
    entry = commitment.get("entry")
    require(isinstance(entry, dict), "the commitment has no entry")
    members = dict(entry or {})
    right = members.get("operation") == "commitment" and members.get("agency") == "exchange"
    require(right, "its entry is no commitment of the exchange")
    require(members.get("register_change") == covered, "the commitment covers another size")
    index, path = read_number(commitment, "leaf_index"), read_path(commitment, "inclusion_path")
    require(index >= covered, "the commitment stands before what it covers")
    root = root_of_inclusion(entry_leaf(members), index, head.size, path)
    require(root == head.root, "the commitment does not stand in the log")
    return read_hex(members.get("answer_hash")), read_text(members, "logged_at")


def read_hex(text: Any) -> bytes:
    """Read a SHA-256 in lower-case hexadecimal digits."""
    right = isinstance(text, str) and re.fullmatch(r"[0-9a-f]{64}", text) is not None
    require(right, "a hash must be 64 hexadecimal digits")
    return bytes.fromhex(str(text))


def entry_leaf(entry: dict[str, Any]) -> bytes:
    """Hash an entry as a leaf: JSON with sorted members (RFC 8785) after the byte 0x00."""
    text = json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(b"\x00" + text.encode()).digest()


def check_chain(
    chain: dict[str, Any], covered: int, root: bytes, head: Head, hashes: list[bytes]
) -> str:
    """Check the entries of one subject: each in the log, and together all that were committed."""
    tag = read_hex(chain.get("subject_tag"))
    count, committed = read_number(chain, "count"), read_base64url(chain.get("head"), 32)
    last, link, withheld = -1, bytes(32), 0
    told = read_list(chain, "entries")
    for one in told:
        index, leaf, hidden = read_told(one, tag, head, hashes)
        require(last < index < covered, "its entries are not in the order of the log")
        link = hashlib.sha256(b"\x05" + link + index.to_bytes(8, "big") + leaf).digest()
        last, withheld = index, withheld + hidden
    require(len(told) == count, f"the log counts {count} entries, {len(told)} are told")
    require(link == committed, "its entries are not those that the log counts")
    state = find_state(tag, root, [read_base64url(one) for one in read_list(chain, "tree_path")])
    number = count.to_bytes(8, "big")
    expected = hashlib.sha256(b"\x04" + number + committed).digest() if count else None
    require(state == expected, "count and hash are not those that were committed")
    later = read_list(chain, "later")
    for one in later:
        index, _, hidden = read_told(one, tag, head, hashes)
        require(max(last, covered - 1) < index, "its later entries are not in the order of the log")
        last, withheld = index, withheld + hidden
    return (
        f"{count} entries, none is missing; {len(later)} later ones, of which the next commitment "
        f"proves that they are all; {withheld} withheld for now"
    )


def read_told(one: Any, tag: bytes, head: Head, hashes: list[bytes]) -> tuple[int, bytes, bool]:
    """Check that one entry stands in the log and is about the subject; give place and hash."""
    require(isinstance(one, dict), "an entry is not a JSON object")
    entry = one.get("entry")
    if entry is None:
        leaf = read_base64url(one.get("leaf_hash"), 32)
        read_text(one, "withheld_until")
    else:
        require(isinstance(entry, dict), "an entry is not a JSON object")
        require(entry.get("subject_tag") == tag.hex(), "an entry is about somebody else")
        leaf = entry_leaf(entry)
    index, places = read_number(one, "leaf_index"), read_list(one, "path")
    known = all(isinstance(place, int) and 0 <= place < len(hashes) for place in places)
    require(known and len(places) <= 128, "the path of an entry is malformed")
    reached = root_of_inclusion(leaf, index, head.size, [hashes[place] for place in places])
    require(reached == head.root, f"entry {index} does not stand in the log")
    return index, leaf, entry is None


def find_state(tag: bytes, root: bytes, path: list[bytes]) -> bytes | None:
    """Follow the way to a subject through the tree over all subjects.

    A node is the byte 0x02 and pairs of tag and state, sorted; or the byte 0x03, sixteen bits for
    the digits that have a child, and the hashes of the children. None: the subject is not there.
    """
    expected: bytes | None = root
    for depth, node in enumerate(path):
        right = expected is not None and hashlib.sha256(node).digest() == expected
        require(right, "the way through the tree over the subjects is wrong")
        if node[:1] == b"\x02":
            require(depth == len(path) - 1 and len(node) % 64 == 1, "a node is malformed")
            pairs = [node[at : at + 64] for at in range(1, len(node), 64)]
            right = [pair[:32] for pair in pairs] == sorted({pair[:32] for pair in pairs})
            require(right, "a node is not sorted")
            return {pair[:32]: pair[32:] for pair in pairs}.get(tag)
        require(node[:1] == b"\x03" and depth < 64, "a node is malformed")
        present = int.from_bytes(node[1:3], "big")
        require(len(node) == 3 + 32 * present.bit_count(), "a node is malformed")
        digit = DIGITS.index(tag.hex()[depth])
        place = 3 + 32 * (present & ((1 << digit) - 1)).bit_count()
        expected = node[place : place + 32] if present >> digit & 1 else None
    require(
        path != [] and expected is None, "the way through the tree over the subjects breaks off"
    )
    return None


def main(argv: Sequence[str] | None = None) -> int:
    """Run the checks, print one line for each, and give the exit status."""
    parser = argparse.ArgumentParser(
        description="Check a receipt of the exchange offline.", allow_abbrev=False
    )
    for name, required, text in (
        ("receipt", False, "the receipt: compact JWS, or the saved Exchange-Receipt header"),
        ("answer", False, "the exact bytes of the answer's body"),
        ("keys", True, "the public keys of the exchange: JWK set with log_keys"),
        ("request", False, "the exact bytes of the request's body"),
        ("proof", False, "the inclusion proof of the log entry or entries"),
        ("consistency", False, "an earlier checkpoint and the path from it"),
        ("subject-report", False, "the report about a person, instead of a receipt"),
        ("witness-keys", False, "verifier keys of witnesses, one a line"),
    ):
        parser.add_argument(f"--{name}", type=Path, required=required, metavar="FILE", help=text)
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    parser.add_argument("--witnesses", type=int, default=0, help="how many must have cosigned")
    arguments = parser.parse_args(argv)
    if arguments.subject_report is None and not (arguments.receipt and arguments.answer):
        parser.error("give --receipt and --answer, or --subject-report")
    report = verify(arguments)
    if arguments.json:
        checks = [asdict(one) for one in report.checks]
        print(json.dumps({"verified": report.verified, "checks": checks}, ensure_ascii=False))
    else:
        for one in report.checks:
            print(f"{one.what + ':':<22}{one.status:<12}{one.why}")
        print("VERIFIED" if report.verified else "NOT VERIFIED")
    return 0 if report.verified else 1


if __name__ == "__main__":
    sys.exit(main())

"""An entry of the access log and the bytes of it that the Merkle log covers. Pure."""

import functools
import hashlib
import hmac
import secrets
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import orjson

PERMITTED = "permitted"
REFUSED = "refused"
_LEAF_PREFIX = b"\x00"
_SUBJECT_BITS = 16


@dataclass(frozen=True, slots=True)
class Entry:
    """Who asked what about whom, what was decided and what left; no names, no values.

    Args:
        subject_tag: keyed hash of register and subject, or None where nobody was named or found.
        fields: delivered, sorted; empty when nothing was disclosed.
        register_change: state of the register that was read; 0 when it was not read.
        transport: X-Road headers as received, sorted by name.
    """

    entry_id: uuid.UUID
    answer_id: uuid.UUID
    logged_at: datetime
    agency: str
    client: str
    officer: str
    subject_tag: bytes | None
    dataset: str
    operation: str
    purpose: str
    legal_basis: str
    procedure: str
    case_reference: str
    agreement_hash: str
    decision: str
    rule: str
    fields: tuple[str, ...]
    request_hash: bytes
    answer_hash: bytes
    register_change: int
    valid_on: date
    transport: dict[str, str]


COLUMNS = (*Entry.__slots__, "leaf_hash")


def canonical(entry: Entry) -> bytes:
    """Write an entry in the form that is hashed: JSON with sorted members (RFC 8785)."""
    return _Shared(entry).canonical(entry)


def leaf_hash(entry: Entry) -> bytes:
    """Hash an entry as a leaf of the log (RFC 6962 section 2.1)."""
    return hashlib.sha256(_LEAF_PREFIX + canonical(entry)).digest()


def leaf_hashes(of_one_answer: Sequence[Entry]) -> list[bytes]:
    """Hash the entries of one answer; what they share is written once.

    The integrator hashes every entry again by itself, so that entries wrongly thought to share
    something would be found before a checkpoint covers them.
    """
    shared = _Shared(of_one_answer[0])
    return [
        hashlib.sha256(_LEAF_PREFIX + shared.canonical(entry)).digest() for entry in of_one_answer
    ]


class _Shared:
    """What all entries of one answer have in common, as pieces of the canonical form.

    All members are strings, integers, lists or objects of strings with ASCII names, for which
    orjson's sorted output is the canonical form (a test compares both). In the order of names the
    members of a single entry (entry_id, fields, rule, subject_tag) stand between the pieces.
    """

    __slots__ = ("_after_fields", "_before_entry_id", "_from_transport")

    def __init__(self, entry: Entry) -> None:
        before: dict[str, Any] = {
            "agency": entry.agency,
            "agreement_hash": entry.agreement_hash,
            "answer_hash": entry.answer_hash.hex(),
            "answer_id": str(entry.answer_id),
            "case_reference": entry.case_reference,
            "client": entry.client,
            "dataset": entry.dataset,
            "decision": entry.decision,
        }
        after: dict[str, Any] = {
            "legal_basis": entry.legal_basis,
            "logged_at": moment(entry.logged_at),
            "officer": entry.officer,
            "operation": entry.operation,
            "procedure": entry.procedure,
            "purpose": entry.purpose,
            "register_change": entry.register_change,
            "request_hash": entry.request_hash.hex(),
        }
        last = {"transport": entry.transport, "valid_on": entry.valid_on.isoformat()}
        self._before_entry_id = orjson.dumps(before)[:-1]
        self._after_fields = orjson.dumps(after)[1:-1]
        self._from_transport = orjson.dumps(last, option=orjson.OPT_SORT_KEYS)[1:]

    def canonical(self, entry: Entry) -> bytes:
        """Put the pieces around the members of a single entry."""
        tag = b"" if entry.subject_tag is None else entry.subject_tag.hex().encode()
        return b"".join(
            (
                self._before_entry_id,
                b',"entry_id":"',
                str(entry.entry_id).encode(),
                b'","fields":',
                orjson.dumps(entry.fields),
                b",",
                self._after_fields,
                b',"rule":',
                orjson.dumps(entry.rule),
                b',"subject_tag":"',
                tag,
                b'",',
                self._from_transport,
            )
        )


@functools.lru_cache(maxsize=4096)
def moment(at: datetime) -> str:
    """Write a moment in UTC with microseconds, always of one form (RFC 3339).

    >>> moment(datetime(2026, 3, 2, 8, tzinfo=UTC))
    '2026-03-02T08:00:00.000000Z'
    """
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def subject_tag(key: bytes, register: str, subject: str) -> bytes:
    """Name a data subject without naming it; without the key the tag says nothing."""
    return hmac.digest(key, f"{register}\x1f{subject}".encode(), "sha256")


def _random_numbers() -> Iterator[int]:
    """Give random numbers of 58 bits; the system is asked for many at a time."""
    while True:
        block = secrets.token_bytes(8 * 512)
        for start in range(0, len(block), 8):
            yield int.from_bytes(block[start : start + 8], "big") >> (_SUBJECT_BITS - 10)


_RANDOM = _random_numbers()


def new_answer_id(at: datetime) -> uuid.UUID:
    """Make a time-ordered id (RFC 9562 version 7) with room for the subjects of one answer."""
    milliseconds = int(at.timestamp() * 1000) & ((1 << 48) - 1)
    random = next(_RANDOM) << _SUBJECT_BITS
    high, low = random >> 62, random & ((1 << 62) - 1)
    value = (milliseconds << 80) | (7 << 76) | (high << 64) | (2 << 62) | low
    return uuid.UUID(int=value)


def entry_id(answer_id: uuid.UUID, number: int) -> uuid.UUID:
    """Give the id of the entry for the subject of that number (from 0) in an answer."""
    return uuid.UUID(int=answer_id.int + number)

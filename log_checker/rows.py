"""From rows of the access log to leaf hashes: this program's own reading of the entry's form.

Rows are streamed by COPY. A row without a quote, a backslash or a control character, which is
nearly every one, becomes its canonical JSON by filling a template; the others are taken apart and
written by the JSON library.
"""

import functools
import hashlib
import json
from collections.abc import Sequence
from typing import Any

# In the order of their names, as the canonical form has them (RFC 8785): name, and how it is read.
# `fields`, `register_change` and `transport` are JSON already.
_COLUMNS = {
    "agency": "agency",
    "agreement_hash": "agreement_hash",
    "answer_hash": "encode(answer_hash, 'hex')",
    "answer_id": "answer_id",
    "case_reference": "case_reference",
    "client": "client",
    "dataset": "dataset",
    "decision": "decision",
    "entry_id": "entry_id",
    "fields": "array_to_json(fields)",
    "legal_basis": "legal_basis",
    "logged_at": "logged_at",
    "officer": "officer",
    "operation": "operation",
    "procedure": "procedure",
    "purpose": "purpose",
    "register_change": "register_change",
    "request_hash": "encode(request_hash, 'hex')",
    "rule": "rule",
    "subject_tag": "coalesce(encode(subject_tag, 'hex'), '')",
    "transport": "transport",
    "valid_on": "valid_on",
}
# What is kept beside the entry; not part of its form.
_BESIDE = ("encode(leaf_hash, 'hex')", "position")
_NAMES = tuple(_COLUMNS)
_CLIENT = _NAMES.index("client")
_ENTRY_ID = _NAMES.index("entry_id")
_FIELDS = _NAMES.index("fields")
_LOGGED_AT = _NAMES.index("logged_at")
_OPERATION = _NAMES.index("operation")
_DATASET = _NAMES.index("dataset")
_TAG = _NAMES.index("subject_tag")
_TRANSPORT = _NAMES.index("transport")
_ANSWER_HASH = _NAMES.index("answer_hash")
_CHANGE = _NAMES.index("register_change")
_JSON = frozenset(("fields", "register_change", "transport"))
_LEAF = b"\x00"
# Characters that no text may have and still be its own JSON, but for quotes and backslashes: those
# that have to be escaped. COPY writes them as they are, or by a backslash.
_CONTROLS = bytes([*range(0x09), *range(0x0B, 0x20)])
_MARKED = bytes(0 if one in _CONTROLS else one for one in range(256))
_TOGETHER = 256  # rows whose plainness is tested at once
_WHOLE_MOMENT = len("2026-03-02 08:00:00.123456+00")
_UNESCAPED = {b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"v": b"\v"}
_WALK = b"linkage"
_COMMITMENT = b"commitment"
_WALKS = b"\x06"


def copy_statement(first_position: int, count: int) -> str:
    """Write the statement that streams a number of rows from a position on, in order."""
    columns = ", ".join((*_COLUMNS.values(), *_BESIDE))
    return (
        f"COPY (SELECT {columns} FROM exchange.access_entry "  # noqa: S608  constants and numbers
        f"WHERE position >= {int(first_position)} ORDER BY position LIMIT {int(count)}) TO STDOUT"
    )


def _literals() -> list[bytes]:
    """List what stands before, between and behind the values; the first has a leaf's prefix."""
    marks = ["" if name in _JSON else '"' for name in _NAMES]
    pieces = [f'{{"{_NAMES[0]}":{marks[0]}']
    for before, mark, name in zip(marks, marks[1:], _NAMES[1:], strict=False):
        pieces.append(f'{before},"{name}":{mark}')
    pieces.append(marks[-1] + "}")
    return [_LEAF + pieces[0].encode(), *(one.encode() for one in pieces[1:])]


class Rows:
    """Takes rows as COPY writes them and keeps what the verification needs of each.

    Args:
        with_subjects: keep of each row whose chain it belongs to.
    """

    def __init__(self, *, with_subjects: bool) -> None:
        self.hashes: list[bytes] = []
        self.stored_hashes: list[bytes] = []
        self.entry_ids: list[bytes] = []
        self.tags: list[bytes] = []
        self.commitments: list[tuple[int, int, bytes]] = []
        self.last_position: int | None = None
        self._with_subjects = with_subjects
        self._waiting: list[bytes] = []
        literals = _literals()
        self._pieces = [one for literal in literals for one in (literal, b"")][:-1]

    def write(self, line: bytes) -> None:
        """Take one row; what it says is there after `finish`."""
        self._waiting.append(line)
        if len(self._waiting) == _TOGETHER:
            self.finish()

    def finish(self) -> None:
        """Hash the rows that wait."""
        rows = [line[:-1].split(b"\t") for line in self._waiting]
        if rows:
            plain = _are_plain(b"".join(self._waiting), rows)
            self._hash(rows, plain=plain)
            self.last_position = int(rows[-1][-1])
            if self._with_subjects:
                self._keep_subjects(rows)
        self._waiting.clear()

    def _hash(self, rows: Sequence[list[bytes]], *, plain: bool) -> None:
        """Write each row in the canonical form and hash it as a leaf."""
        sha256, pieces, join = hashlib.sha256, self._pieces, b"".join
        for row in rows:
            position, stored = row.pop(), row.pop()
            self.stored_hashes.append(stored)
            self.entry_ids.append(row[_ENTRY_ID])
            if plain or _is_plain(row):
                at, transport = row[_LOGGED_AT], row[_TRANSPORT]
                row[_LOGGED_AT] = moment(at)
                if transport != b"{}":
                    row[_TRANSPORT] = _compact(transport)
                pieces[1::2] = row
                leaf = join(pieces)
            else:
                leaf = _LEAF + _write_with_care(row)
            self.hashes.append(sha256(leaf).digest())
            row.append(position)

    def _keep_subjects(self, rows: Sequence[Sequence[bytes]]) -> None:
        first = len(self.hashes) - len(rows)
        for place, row in enumerate(rows, start=first):
            if tag := row[_TAG]:
                self.tags.append(tag)
                continue
            operation = row[_OPERATION]
            self.tags.append(_walks_tag(row[_DATASET]) if operation == _WALK else b"")
            if operation == _COMMITMENT and row[_CLIENT] == b"committer":
                root = bytes.fromhex(row[_ANSWER_HASH].decode())
                self.commitments.append((place, int(row[_CHANGE]), root))


def _are_plain(text: bytes, rows: Sequence[Sequence[bytes]]) -> bool:
    """Test whether rows can be written as they are: only JSON has quotes, nothing is escaped."""
    if b"\\" in text or b"\x00" in text.translate(_MARKED):
        return False
    of_json = sum([_count_quotes(row[_FIELDS]) for row in rows])
    of_json += sum([row[_TRANSPORT].count(b'"') for row in rows if row[_TRANSPORT] != b"{}"])
    return text.count(b'"') == of_json


@functools.lru_cache(maxsize=1024)
def _count_quotes(fields: bytes) -> int:
    return fields.count(b'"')


def _is_plain(row: Sequence[bytes]) -> bool:
    return _are_plain(b"\t".join(row), (row,))


def moment(text: bytes) -> bytes:
    """Write a moment as PostgreSQL shows it, in UTC, with microseconds (RFC 3339).

    >>> moment(b"2026-03-02 08:00:00.12+00")
    b'2026-03-02T08:00:00.120000Z'

    What is no moment of that form comes back as it is, and leads to no signed hash.
    """
    if len(text) == _WHOLE_MOMENT and text.endswith(b"+00"):
        return text.replace(b" ", b"T", 1).replace(b"+00", b"Z")
    seconds, dot, fraction = text.removesuffix(b"+00").partition(b".")
    if len(seconds) != 19 or not text.endswith(b"+00"):
        return text
    digits = fraction.ljust(6, b"0") if dot else b"000000"
    return seconds[:10] + b"T" + seconds[11:] + b"." + digits + b"Z"


@functools.lru_cache(maxsize=256)
def _walks_tag(dataset: bytes) -> bytes:
    return hashlib.sha256(_WALKS + dataset).hexdigest().encode()


@functools.lru_cache(maxsize=256)
def _compact(transport: bytes) -> bytes:
    return _canonical(json.loads(transport))


def _canonical(value: Any) -> bytes:
    """Write canonical JSON: all names here are ASCII, all numbers small and whole."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode("utf-8", "surrogatepass")


def _write_with_care(row: Sequence[bytes]) -> bytes:
    members: dict[str, Any] = {
        name: _unescape(text).decode() for name, text in zip(_NAMES, row, strict=True)
    }
    members["logged_at"] = moment(row[_LOGGED_AT]).decode()
    for name in _JSON:
        members[name] = json.loads(members[name])
    return _canonical(members)


def _unescape(text: bytes) -> bytes:
    """Undo the escapes of COPY's text form."""
    if b"\\" not in text:
        return text
    whole, *pieces = text.replace(b"\\\\", b"\\\x00").split(b"\\")
    for piece in pieces:
        first, rest = piece[:1], piece[1:]
        whole += (b"\\" if first == b"\x00" else _UNESCAPED.get(first, first)) + rest
    return whole

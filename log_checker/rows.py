"""From rows of the access log to leaf hashes: this program's own reading of the entry's form.

Rows are streamed by COPY. A row without a quote, a backslash or a control character, which is
nearly every one, becomes its canonical JSON by filling a template; the others are taken apart and
written by the JSON library.
"""

import functools
import hashlib
import json
from typing import Any

# In the order of their names, as the canonical form has them (RFC 8785); `fields` and `transport`
# are JSON already and come last.
_TEXTS = (
    "agency",
    "agreement_hash",
    "encode(answer_hash, 'hex')",
    "answer_id",
    "case_reference",
    "client",
    "dataset",
    "decision",
    "entry_id",
    "legal_basis",
    "logged_at",
    "officer",
    "operation",
    "procedure",
    "purpose",
    "register_change",
    "encode(request_hash, 'hex')",
    "rule",
    "coalesce(encode(subject_tag, 'hex'), '')",
    "valid_on",
)
_NAMES = (
    "agency",
    "agreement_hash",
    "answer_hash",
    "answer_id",
    "case_reference",
    "client",
    "dataset",
    "decision",
    "entry_id",
    "legal_basis",
    "logged_at",
    "officer",
    "operation",
    "procedure",
    "purpose",
    "register_change",
    "request_hash",
    "rule",
    "subject_tag",
    "valid_on",
)
_CLIENT = _NAMES.index("client")
_ENTRY_ID = _NAMES.index("entry_id")
_LOGGED_AT = _NAMES.index("logged_at")
_OPERATION = _NAMES.index("operation")
_DATASET = _NAMES.index("dataset")
_TAG = _NAMES.index("subject_tag")
_ANSWER_HASH = _NAMES.index("answer_hash")
_CHANGE = _NAMES.index("register_change")
_TEMPLATE = (
    b'{"agency":"%b","agreement_hash":"%b","answer_hash":"%b","answer_id":"%b",'
    b'"case_reference":"%b","client":"%b","dataset":"%b","decision":"%b","entry_id":"%b",'
    b'"fields":%b,"legal_basis":"%b","logged_at":"%b","officer":"%b","operation":"%b",'
    b'"procedure":"%b","purpose":"%b","register_change":%b,"request_hash":"%b","rule":"%b",'
    b'"subject_tag":"%b","transport":%b,"valid_on":"%b"}'
)
# What a text cannot hold and still be its own JSON: quotes and control characters but the tab,
# which parts columns. Backslashes are looked for in the whole row: COPY writes its escapes by them.
_NOT_PLAIN = bytes([*range(0x09), *range(0x0A, 0x20), 0x22])
_WHOLE_MOMENT = len("2026-03-02 08:00:00.123456+00")
_UNESCAPED = {b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"v": b"\v"}
_WALK = b"linkage"
_COMMITMENT = b"commitment"
_WALKS = b"\x06"


def copy_statement(first_position: int, count: int) -> str:
    """Write the statement that streams a number of rows from a position on, in order."""
    columns = ", ".join((*_TEXTS, "array_to_json(fields)", "transport"))
    return (
        f"COPY (SELECT {columns} FROM exchange.access_entry "  # noqa: S608  constants and numbers
        f"WHERE position >= {int(first_position)} ORDER BY position LIMIT {int(count)}) TO STDOUT"
    )


class Rows:
    """Takes rows as COPY writes them and keeps what the verification needs of each.

    Args:
        with_subjects: keep of each row whose chain it belongs to.
    """

    def __init__(self, *, with_subjects: bool) -> None:
        self.hashes: list[bytes] = []
        self.entry_ids: list[bytes] = []
        self.tags: list[bytes] = []
        self.commitments: list[tuple[int, int, bytes]] = []
        self._with_subjects = with_subjects

    def write(self, line: bytes) -> None:
        """Take one row."""
        head, fields, transport = line[:-1].rsplit(b"\t", 2)
        texts = head.split(b"\t")
        if b"\\" in line or len(head.translate(None, _NOT_PLAIN)) != len(head):
            canonical = _write_with_care(texts, fields, transport)
        else:
            texts[_LOGGED_AT] = moment(texts[_LOGGED_AT])
            if transport != b"{}":
                transport = _compact(transport)
            canonical = _TEMPLATE % (
                *texts[: _ENTRY_ID + 1],
                fields,
                *texts[_ENTRY_ID + 1 : -1],
                transport,
                texts[-1],
            )
        leaf = hashlib.sha256(b"\x00" + canonical).digest()
        self.hashes.append(leaf)
        self.entry_ids.append(texts[_ENTRY_ID])
        if self._with_subjects:
            self._keep_subject(texts)

    def _keep_subject(self, texts: list[bytes]) -> None:
        tag = texts[_TAG]
        if tag:
            self.tags.append(bytes.fromhex(tag.decode()))
            return
        operation = texts[_OPERATION]
        self.tags.append(_walks_tag(texts[_DATASET]) if operation == _WALK else b"")
        if operation == _COMMITMENT and texts[_CLIENT] == b"committer":
            root = bytes.fromhex(texts[_ANSWER_HASH].decode())
            self.commitments.append((len(self.hashes) - 1, int(texts[_CHANGE]), root))


@functools.lru_cache(maxsize=4096)
def moment(text: bytes) -> bytes:
    """Write a moment as PostgreSQL shows it, in UTC, with microseconds (RFC 3339).

    >>> moment(b"2026-03-02 08:00:00.12+00")
    b'2026-03-02T08:00:00.120000Z'

    What is no moment of that form comes back as it is, and leads to no signed hash.
    """
    if len(text) == _WHOLE_MOMENT and text.endswith(b"+00"):
        return text[:10] + b"T" + text[11:26] + b"Z"
    seconds, dot, fraction = text.removesuffix(b"+00").partition(b".")
    if len(seconds) != 19 or not text.endswith(b"+00"):
        return text
    digits = fraction.ljust(6, b"0") if dot else b"000000"
    return seconds[:10] + b"T" + seconds[11:] + b"." + digits + b"Z"


@functools.lru_cache(maxsize=256)
def _walks_tag(dataset: bytes) -> bytes:
    return hashlib.sha256(_WALKS + dataset).digest()


@functools.lru_cache(maxsize=256)
def _compact(transport: bytes) -> bytes:
    return _canonical(json.loads(transport))


def _canonical(value: Any) -> bytes:
    """Write canonical JSON: all names here are ASCII, all numbers small and whole."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode("utf-8", "surrogatepass")


def _write_with_care(texts: list[bytes], fields: bytes, transport: bytes) -> bytes:
    members: dict[str, Any] = {
        name: _unescape(text).decode() for name, text in zip(_NAMES, texts, strict=True)
    }
    members["logged_at"] = moment(texts[_LOGGED_AT]).decode()
    members["register_change"] = int(members["register_change"])
    members["fields"] = json.loads(_unescape(fields))
    members["transport"] = json.loads(_unescape(transport))
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

"""The question behind an entry, sealed, so that its answer can be made again.

The log holds no values, and questions hold some: numbers of people, what is claimed of them, names
that are searched for. So the message is kept as it came, encrypted under a key that follows from
the key of the log's subject tags: when that is destroyed, no question can be read any more. That a
message is the one that was logged shows in its hash, which is part of the entry; answers are not
kept, only a check sum of each of their parts, which tells what differs when they are made again.
"""

import hmac
import os
import uuid
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from databases import errors

_NONCE = 12
_FORM = b"\x01"
# Both sides of the compression know these words; a question of its own takes a sixth of its bytes
# then. They are part of form 1: other words are another form.
_WORDS = (
    b'{"key":"0010","keys":["0011","predicates":{"claims":{"date_of_birth":"19","full_name":"","as_'
    b'of":,"valid_on":"20","limit":,"agreement":"","fields":["pin","full_name","date_of_birth","sex'
    b'","ethnicity","nationality","place_of_birth","hometown","permanent_residence","temporary_resi'
    b'dence","marital_status","relations","tax_code","name","status","legal_area"],"purpose":"publi'
    b'c_service.residence","legal_basis":"Decree 194/2025/N\xc4\x90-CP art. 16","procedure":"","off'
    b'icer":"","case":""}["DESK","GET","POST","/v1/land/parcel/search","/v1/enterprise/enterprise/b'
    b'atch","/v1/population/citizen/verify","/v1/population/citizen/look-up","",0,{"accept":"applic'
    b'ation/json","content-type":"application/json"},["citizen/1.0",{"":'
)


class QuestionUnreadable(errors.Unavailable):
    """A kept question cannot be opened: it was altered, or its key was destroyed."""

    code = "exchange.question_unreadable"


@dataclass(frozen=True, slots=True)
class Message:
    """A question as it came in.

    Args:
        method: of HTTP; `DESK` for the exchange's own work.
        path, query: where it was asked; of own work the registers joined with.
        headers: those that its reader reads and that the entry does not hold.
        part: which question of a message that is several, from 0; of own work the page of a walk.
        body: exact bytes.
    """

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    part: int = 0


@dataclass(frozen=True, slots=True)
class Kept:
    """A question, and of its answer what helps to say why another one differs.

    Args:
        standard: of the records, name and version; empty where nobody publishes the dataset.
        marks: part of the answer → check sum; see `sharing_api.disclosure.marks`.
    """

    message: Message
    standard: str = ""
    marks: Mapping[str, int] = field(default_factory=dict)


class QuestionSealer:
    """Seals questions and opens them.

    Args:
        secret: key of the subject tags of the access log.
    """

    def __init__(self, secret: bytes) -> None:
        self._cipher = AESGCM(hmac.digest(secret, b"questions", "sha256"))

    def seal(self, answer_id: uuid.UUID, kept: Kept) -> bytes:
        """Encrypt what is kept of a question; it opens for this answer only."""
        one = kept.message
        head = [one.method, one.path, one.query, one.part, one.headers, kept.standard, kept.marks]
        packer = zlib.compressobj(1, zlib.DEFLATED, -12, 5, zlib.Z_DEFAULT_STRATEGY, _WORDS)
        packed = packer.compress(orjson.dumps(head) + b"\n" + one.body) + packer.flush()
        nonce = os.urandom(_NONCE)
        return nonce + self._cipher.encrypt(nonce, _FORM + packed, answer_id.bytes)

    def open(self, answer_id: uuid.UUID, sealed: bytes) -> Kept:
        """Decrypt what `seal` gave for the same answer.

        Raises:
            QuestionUnreadable: it was altered, is another answer's, or its key was destroyed.
        """
        nonce, rest = sealed[:_NONCE], sealed[_NONCE:]
        try:
            content = self._cipher.decrypt(nonce, rest, answer_id.bytes)
            if content[:1] != _FORM:
                raise QuestionUnreadable("The question is kept in a form that is not known.")
            unpacker = zlib.decompressobj(-12, _WORDS)
            head, _, body = unpacker.decompress(content[1:]).partition(b"\n")
            method, path, query, part, headers, standard, marks = orjson.loads(head)
        except (InvalidTag, ValueError, zlib.error) as error:
            raise QuestionUnreadable("The kept question cannot be opened.") from error
        return Kept(Message(method, path, query, headers, body, part), standard, marks)

"""Check sums of the parts of an answer, to say later which of them is not what it was.

They are kept sealed (`sharing_api.access_log.questions`) and bind nothing: that an answer is the
one that was given shows in the hash of its bytes, which is in the log.
"""

import zlib
from collections.abc import Iterator
from typing import Any

import orjson

from sharing_api.disclosure.inquiry import Inquiry

RECORDS = ""  # which records there are, in their order
EVENTS, NOTICES, LIKENESS, MODEL = ".events", ".notices", ".likeness", ".model"
INDEX = ".index"  # no check sum but the state of the index itself, which an answer names


def mark(inquiry: Inquiry) -> dict[str, int]:
    """Give a check sum of each part of an answer: its records, each field of all of them, others.

    A refusal has none: of what it says, its code is in the log.
    """
    if not inquiry.is_open:
        return {}
    found = {name: zlib.crc32(orjson.dumps(said, default=str)) for name, said in _parts(inquiry)}
    return {**found, INDEX: inquiry.index_change} if inquiry.given else found


def _parts(inquiry: Inquiry) -> Iterator[tuple[str, Any]]:
    records = inquiry.records.values()
    yield RECORDS, list(inquiry.records)
    for name in next(iter(records), {}):
        yield name, [record.get(name) for record in records]
    if inquiry.feed is not None:
        yield EVENTS, [(one.change, one.key, one.fields) for one in inquiry.events]
        yield NOTICES, [(one.notice_id, one.entries, one.fields) for one in inquiry.notices]
    if inquiry.given:
        yield MODEL, inquiry.model
        yield LIKENESS, [(key, one.weight) for key, one in inquiry.evidence.items()]

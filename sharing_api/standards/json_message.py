"""The JSON form of messages: written as bytes that are always the same.

The hash of an answer depends on its bytes, and the answer is derived again when it is replayed: so
members are sorted, text is in Unicode normal form C, and nothing depends on the order of a fetch.
"""

import unicodedata
from collections.abc import Mapping
from typing import Any

import orjson


def render(message: Mapping[str, Any]) -> bytes:
    """Write a message: equal messages give equal bytes.

    Letters and tones stay as they are: normal form C joins what decomposed input had parted.

    >>> render({"b": 1, "a": "Hoa\u0300"}).decode()
    '{"a":"Hoà","b":1}'
    """
    content = orjson.dumps(message, option=orjson.OPT_SORT_KEYS)
    if content.isascii():
        return content
    text = content.decode()
    if unicodedata.is_normalized("NFC", text):
        return content
    return unicodedata.normalize("NFC", text).encode()

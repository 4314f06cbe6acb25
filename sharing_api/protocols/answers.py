"""How open endpoints answer: documents, and in time although the database may stand still."""

from collections.abc import Callable
from typing import Any, TypeVar

import anyio
import anyio.to_thread
import orjson
from fastapi import Response

from sharing_api.disclosure import coalescing

Result = TypeVar("Result")


def document(value: Any) -> Response:
    """Answer with a JSON document."""
    return Response(orjson.dumps(value), 200, media_type="application/json")


def is_plain(text: str, most: int) -> bool:
    """Tell whether a text can be kept and printed: not too long, no controls, whole characters."""
    is_whole = not any("\ud800" <= one <= "\udfff" for one in text)
    return len(text) <= most and text.isprintable() and is_whole


async def in_time(work: Callable[[], Result]) -> Result:
    """Do what may block, and wait for it no longer than a caller of the corridor would.

    Raises:
        TimeoutError: it takes too long. It goes on by itself until its connection is free again,
            and nobody hears of what comes of it.
    """
    with anyio.fail_after(coalescing.PATIENCE_SECONDS):
        return await anyio.to_thread.run_sync(work, abandon_on_cancel=True)

"""How OGC API writes a refusal: a problem document, with 400 for every wrong parameter."""

import orjson

from databases.errors import RegisterError
from sharing_api.standards import problems


def write(error: RegisterError, *, instance: str) -> tuple[int, str, bytes]:
    """Write a refusal as status, content type and body (OGC 17-069r4, 7.5.1; RFC 9457)."""
    document = problems.document(error, instance=instance)
    if document["status"] == 422:
        document["status"] = 400
    return document["status"], problems.PROBLEM_JSON, orjson.dumps(document)

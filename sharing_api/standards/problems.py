"""Problem documents (RFC 9457): the only place where kinds of errors become status codes."""

from collections.abc import Mapping
from typing import Any

import orjson

from databases import errors as kinds
from sharing_api import errors
from sharing_api.standards import xml_message

PROBLEM_JSON = "application/problem+json"
PROBLEM_XML = "application/problem+xml"

# Looked up along the class hierarchy: a new error of a register needs no line here.
STATUS: Mapping[type[kinds.RegisterError], tuple[int, str]] = {
    errors.Malformed: (400, "The message cannot be read"),
    errors.Unauthenticated: (401, "Say who you are"),
    errors.MethodNotAllowed: (405, "Ask with another method"),
    errors.NotAcceptable: (406, "No such form of answer"),
    errors.TooLarge: (413, "The message is too large"),
    errors.UnsupportedMedia: (415, "This form of message is not read here"),
    errors.TooMany: (429, "The quota is used up"),
    kinds.Refused: (403, "Refused"),
    kinds.NotFound: (404, "Not found"),
    kinds.Conflict: (409, "Conflict"),
    kinds.Invalid: (422, "The input breaks a rule"),
    kinds.Unavailable: (503, "Not available now"),
}


def status_of(error: kinds.RegisterError) -> tuple[int, str]:
    """Give status and title of an error."""
    return status_of_kind(type(error))


def status_of_kind(named: type[kinds.RegisterError]) -> tuple[int, str]:
    """Give status and title of a class of errors by the nearest kind in its hierarchy."""
    for kind in named.__mro__:
        if kind in STATUS:
            return STATUS[kind]
    return 500, "The exchange failed"


def document(error: kinds.RegisterError, *, instance: str) -> dict[str, Any]:
    """Write an error as the members of a problem document."""
    status, title = status_of(error)
    members: dict[str, Any] = {
        "type": f"urn:natdb:problem:{error.code}",
        "title": title,
        "status": status,
        "detail": error.message,
        "instance": instance,
        "code": error.code,
    }
    if error.fields:
        members["fields"] = [
            {"field": one.field, "rule": one.rule, "message": one.message} for one in error.fields
        ]
    return members


def render(
    error: kinds.RegisterError, *, instance: str, xml: bool = False
) -> tuple[int, str, bytes]:
    """Render an error as status, media type and body."""
    members = document(error, instance=instance)
    if xml:
        return members["status"], PROBLEM_XML, xml_message.render_problem(members)
    return members["status"], PROBLEM_JSON, orjson.dumps(members)

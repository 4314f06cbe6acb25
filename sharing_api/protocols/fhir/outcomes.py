"""Refusals as FHIR says them: OperationOutcome, one issue for each part that is at fault."""

from collections.abc import Mapping
from typing import Any

import orjson

from databases.errors import FieldProblem, Invalid, RegisterError
from sharing_api import errors
from sharing_api.protocols.fhir import systems
from sharing_api.standards import problems

CONTENT_TYPE = "application/fhir+json; fhirVersion=4.0"
# Source: FHIR 4.0.1, value set issue-type.
_ISSUE_TYPES: Mapping[int, str] = {
    400: "structure",
    401: "login",
    403: "forbidden",
    404: "not-found",
    405: "not-supported",
    406: "not-supported",
    413: "too-long",
    415: "not-supported",
    422: "invalid",
    429: "throttled",
    503: "transient",
}
_KEY = ("key", "keys/")


class SearchNotSupported(errors.Malformed):
    """A search parameter is unknown, repeated, or not combined as the door can answer it."""

    code = "fhir.search_not_supported"


class ResourceInvalid(Invalid):
    """A resource that was sent breaks FHIR or asks what is not answered; `fields` says where."""

    code = "fhir.resource_invalid"


def document(error: RegisterError, *, instance: str, key_at: str = "") -> dict[str, Any]:
    """Write a refusal as an OperationOutcome.

    Args:
        key_at: what of the request the key of the question was taken from.
    """
    status, _ = problems.status_of(error)
    places = error.fields or (FieldProblem("", error.code, error.message),)
    return {
        "resourceType": "OperationOutcome",
        "issue": [
            {
                "severity": "error",
                "code": _ISSUE_TYPES.get(status, "exception"),
                "details": {
                    "coding": [{"system": systems.PROBLEM, "code": error.code}],
                    "text": one.message,
                },
                "diagnostics": f"{error.message} ({one.rule}; {instance})",
                **_expression(one.field, key_at),
            }
            for one in places
        ],
    }


class Refusals:
    """The form of refusals that no interaction has taken up: the path or method is no good."""

    def write_problem(self, error: RegisterError, *, instance: str) -> tuple[int, str, bytes]:
        """Write a refusal as status, content type and body."""
        return render(error, instance=instance)


def _expression(field: str, key_at: str) -> dict[str, Any]:
    if key_at and field.startswith(_KEY):
        field = key_at
    return {"expression": [field]} if field else {}


def render(error: RegisterError, *, instance: str, key_at: str = "") -> tuple[int, str, bytes]:
    """Write a refusal as status, content type and body."""
    body = orjson.dumps(document(error, instance=instance, key_at=key_at))
    return problems.status_of(error)[0], CONTENT_TYPE, body

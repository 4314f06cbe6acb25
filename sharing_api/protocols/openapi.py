"""How the operations are described in the API reference (OpenAPI 3.1)."""

from collections.abc import Iterable, Iterator
from typing import Any

from databases.datasets import Dataset
from sharing_api.standards import catalogue as standards

Responses = dict[int | str, dict[str, Any]]
# Of a route that needs no token.
OPEN: dict[str, Any] = {"openapi_extra": {"security": []}, "response_model": None}
PROBLEMS = {
    400: "the message cannot be read",
    401: "the caller has not shown who it is",
    403: "the agreement refuses; `fields` names what",
    404: "no such record within the agreement",
    406: "the answer has no such form",
    413: "the message is too large",
    415: "this form of message is not read here",
    422: "the question breaks a rule; `fields` names which",
    429: "the quota of the day is used up",
    503: "nothing was disclosed: the log or the register is not available",
}
# Of those that change something; questions do not.
_OF_ACTS = {409: "what stands already does not let it"}
_SUMMARY = {
    "look-up": "Look up a record by its key",
    "verify": "Confirm attributes of a record: yes or no",
    "batch": "Look up to a thousand records by their keys",
    "search": "Search records by authorised predicates",
}
_WITHOUT = {"batch": (404,), "search": (404,)}


def describe_api(registers: Iterable[str]) -> dict[str, Any]:
    """Describe the API as a whole, with a group of operations for each register."""
    groups = {name: f"Questions to the {name} register" for name in registers} | _TAGS
    return {
        "title": "National reference databases: sharing API",
        "version": "1.0.0",
        "description": "The only way out of the registers. Every answer is decided under an "
        "agreement, cut down to what it grants, logged before it leaves, and comes with a signed "
        "receipt.",
        "servers": [{"url": "/"}],
        "contact": {"name": "Operator of the exchange", "email": "operator@exchange.example"},
        "openapi_tags": [{"name": name, "description": text} for name, text in groups.items()],
    }


def describe(dataset: Dataset, operation: str) -> dict[str, Any]:
    """Describe one operation on one dataset."""
    answer = {
        "verify": "verification",
        "batch": "batch",
        "search": "search",
        "look-up": dataset.standard,
    }[operation]
    media = {"application/json": {"schema": schema_of(answer)}}
    if operation != "verify":
        media["application/xml"] = {"schema": {"type": "string"}}
    receipt = {
        "description": "Signed promise that the answer's entries stand in the log (compact JWS).",
        "schema": {"type": "string"},
    }
    statuses = [status for status in PROBLEMS if status not in _WITHOUT.get(operation, ())]
    return {
        "summary": _SUMMARY[operation],
        "description": f"{_SUMMARY[operation]} ({dataset.register}/{dataset.name}). "
        "Only fields that the agreement grants are given; every answer leaves an entry in the "
        "access log before it is sent.",
        "operation_id": f"{dataset.register}_{dataset.name}_{operation.replace('-', '_')}",
        "tags": [dataset.register],
        "response_model": None,
        "response_description": "the answer, in the published standard",
        "responses": {
            200: {"content": media, "headers": {"Exchange-Receipt": receipt}},
            **problems(*statuses),
        },
        "openapi_extra": {
            "security": [{"exchange": []}],
            "requestBody": {
                "required": True,
                "content": {"application/json": {"schema": question_schema(operation)}},
            },
        },
    }


def found(schema: dict[str, Any], media_type: str = "application/json") -> Responses:
    """Describe the answer of a document."""
    return {200: {"description": "what was asked for", "content": {media_type: {"schema": schema}}}}


def problems(*statuses: int) -> Responses:
    """Describe the problems that an operation may answer with."""
    return {status: problem(status) for status in statuses}


def problem(status: int) -> dict[str, Any]:
    """Describe a problem answer."""
    content = {"application/problem+json": {"schema": schema_of("problem")}}
    return {"description": (PROBLEMS | _OF_ACTS)[status], "content": content}


def schema_of(standard: str) -> dict[str, Any]:
    """Refer to a published schema among the components of the reference."""
    return {"$ref": f"#/components/schemas/{standard}"}


def question_schema(operation: str) -> dict[str, Any]:
    """Refer to the schema of a question among the components of the reference."""
    return {"$ref": f"#/components/schemas/question_{operation.replace('-', '_')}"}


_TAGS = {
    "access": "Access tokens for registered systems",
    "agreements": "The life of agreements, for the systems of both agencies",
    "notices": "What agencies must know of, and acknowledge",
    "evidence": "The access log as everybody may check it",
    "catalogue": "Published datasets and standards",
    "operation": "For the operator",
    "fhir": "Insurance cover as FHIR 4.0",
    "sdmx": "Statistics as SDMX 2.1 and 3.0",
    "matching": "Who may be meant: records found by likeness",
    "dossiers": "Forms of public services, filled in from several registers",
}


def components(paths: Any) -> dict[str, Any]:
    """Give the published schemas that the paths refer to, each with its definitions.

    Inside a component, `#/$defs/x` would point outside it: definitions become components of their
    own, and references follow.
    """
    schemas: dict[str, Any] = {}
    for standard in standards.list_standards():
        if "json" not in standard.representations:
            continue
        schema = standards.get_json_schema(standard.name, standard.version)
        prefix = standard.name
        definitions = schema.get("$defs", {})
        for name, definition in definitions.items():
            schemas[f"{prefix}_{name}"] = _rewrite(definition, prefix)
        whole = {k: v for k, v in schema.items() if k not in ("$defs", "$schema", "$id")}
        schemas[prefix] = _rewrite(whole, prefix)
    used: dict[str, Any] = {}
    waiting = list(_references(paths))
    while waiting:
        name = waiting.pop()
        if name in schemas and name not in used:
            used[name] = schemas[name]
            waiting += _references(schemas[name])
    return used


def _references(part: Any) -> Iterator[str]:
    """Name the components that a part of the reference refers to."""
    if isinstance(part, dict):
        reference = part.get("$ref")
        if isinstance(reference, str):
            yield reference.removeprefix("#/components/schemas/")
        part = list(part.values())
    if isinstance(part, list):
        for one in part:
            yield from _references(one)


def _rewrite(part: Any, prefix: str) -> Any:
    if isinstance(part, dict):
        reference = part.get("$ref")
        if isinstance(reference, str) and reference.startswith("#/$defs/"):
            name = reference.removeprefix("#/$defs/")
            return {**part, "$ref": f"#/components/schemas/{prefix}_{name}"}
        return {name: _rewrite(value, prefix) for name, value in part.items()}
    if isinstance(part, list):
        return [_rewrite(one, prefix) for one in part]
    return part

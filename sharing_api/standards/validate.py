"""Validation of messages: JSON Schema and XSD, compiled once per process, nothing fetched."""

import functools
import itertools
import re
import threading
from collections.abc import Iterable, Mapping
from typing import Any, NoReturn

import jsonschema_rs
from lxml import etree

from databases.errors import FieldProblem
from sharing_api.standards import catalogue, errors

QUESTION_VERSION = "1.0"
_QUESTIONS: Mapping[str, str] = {
    "look-up": "#/$defs/look_up",
    "verify": "#/$defs/verify",
    "search": "#/$defs/search",
    "batch": "#/$defs/batch",
}
MAX_PROBLEMS = 50

# A member's name that a caller invents is repeated only if it cannot be a number or an address.
_HARMLESS_NAME = re.compile(r"[a-z][a-z_]{0,39}[0-9]?", re.ASCII)

_MESSAGES: Mapping[str, str] = {
    "required": "This member is missing.",
    "additionalProperties": "There is no such member here.",
    "type": "The value has the wrong type.",
    "maxLength": "The text is too long.",
    "minLength": "The text is too short.",
    "maxItems": "There are too many items.",
    "minItems": "There are too few items.",
    "maxProperties": "There are too many members.",
    "minProperties": "There are too few members.",
    "uniqueItems": "An item stands here twice.",
    "pattern": "The text does not have the form that the schema gives.",
    "format": "The text does not have the form that the schema gives (such as a day, 2026-03-02).",
    "enum": "The value is none of those allowed.",
    "const": "The value is not the one expected.",
    "minimum": "The number is too small.",
    "maximum": "The number is too large.",
    "propertyNames": "A member's name does not have the form of a field name.",
}
_OTHER = "The value does not have any of the forms that the schema gives."


def validate_message(name: str, version: str, message: Mapping[str, Any]) -> None:
    """Check an answer of ours before it leaves.

    Records of a search or batch answer are checked against the standard named for them.

    Args:
        name, version: standard that the answer claims.
        message: parsed JSON.

    Raises:
        UnknownStandard: there is no such standard.
        NonconformingMessage: it does not conform; `fields` says where, never the value.
    """
    validator = _validator(name, version, "")
    if not validator.is_valid(message):
        _nonconforming(name, _problems(validator, message))
    counted = 0
    of_records = None
    if "record_standard" in message:
        record_standard = catalogue.parse_reference(message["record_standard"])
        of_records = _validator(*record_standard, "#/$defs/record")
    for record in _records(message):
        counted += 1
        if of_records is not None and not of_records.is_valid(record):
            _nonconforming(message["record_standard"], _problems(of_records, record))
    if message.get("count", counted) != counted:
        wrong = FieldProblem("/count", "count", "Not the number of records.")
        _nonconforming(name, (wrong,))


def find_problems_of_any_version(name: str, message: Mapping[str, Any]) -> tuple[FieldProblem, ...]:
    """Find what breaks the version of a standard that a message itself names.

    Args:
        name: standard that the message must be of, in any published version.
        message: parsed JSON.
    """
    versions = {
        one.reference: one.version for one in catalogue.list_standards() if one.name == name
    }
    version = versions.get(str(message.get("standard")))
    if version is None:
        allowed = " or ".join(versions)
        return (FieldProblem("/standard", "enum", f"The message must be of {allowed}."),)
    return find_problems(name, version, dict(message))


def find_problems(name: str, version: str, message: object) -> tuple[FieldProblem, ...]:
    """Say what is wrong with a message that came in, such as an agreement; empty when nothing.

    Args:
        name, version: standard that it must conform to.
        message: parsed JSON.

    Returns:
        At most 50 problems: JSON pointer, keyword of the schema, sentence without the value.

    Raises:
        UnknownStandard: there is no such standard.
    """
    return _problems(_validator(name, version, ""), message)


def validate_question(kind: str, body: object) -> tuple[FieldProblem, ...]:
    """Say what is wrong with the body of a question; empty when nothing.

    Args:
        kind: operation asked for: look-up, verify, search or batch.
        body: parsed JSON.

    Returns:
        At most 50 problems: JSON pointer, keyword of the schema, sentence without the value.

    Raises:
        UnknownStandard: there is no such operation.
    """
    if kind not in _QUESTIONS:
        raise errors.UnknownStandard("Ask by look-up, verify, search or batch.")
    return _problems(_validator("question", QUESTION_VERSION, _QUESTIONS[kind]), body)


def validate_xml(name: str, version: str, root: etree._Element) -> None:
    """Check an XML message of ours before it leaves.

    Raises:
        UnknownStandard: there is no such standard, or it has no XML form.
        NonconformingMessage: it does not conform.
    """
    problems = find_xml_problems(name, version, root)
    if problems:
        _nonconforming(name, problems)


def find_xml_problems(name: str, version: str, root: etree._Element) -> tuple[FieldProblem, ...]:
    """Say what is wrong with an XML message; empty when nothing.

    Returns:
        Line in place of a pointer, type of the violation, sentence without the value.

    Raises:
        UnknownStandard: there is no such standard, or it has no XML form.
    """
    schema = _xml_schema(name, version)
    with _XML_LOCK:  # a schema keeps one error log for all threads
        if schema.validate(root):
            return ()
        log: Any = schema.error_log
        return tuple(
            FieldProblem(f"line {entry.line}", f"xsd.{entry.type_name.lower()}", _OTHER)
            for entry in itertools.islice(log, MAX_PROBLEMS)
        )


_XML_LOCK = threading.Lock()


def compile_schema(schema: Mapping[str, Any]) -> jsonschema_rs.Draft202012Validator:
    """Compile a JSON Schema that may not point outside itself.

    Raises:
        UnsoundStandard: it is no valid schema, or refers to something outside itself.
    """
    try:
        return jsonschema_rs.Draft202012Validator(
            dict(schema), validate_formats=True, retriever=_refuse_to_fetch
        )
    except (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError, ValueError) as error:
        message = "The schema is not sound, or refers to something outside itself."
        raise errors.UnsoundStandard(message) from error


def _refuse_to_fetch(uri: str) -> NoReturn:
    raise ValueError("schemas are never fetched")


@functools.cache
def _validator(name: str, version: str, pointer: str) -> jsonschema_rs.Draft202012Validator:
    schema = catalogue.get_json_schema(name, version)
    if pointer:
        schema = {
            "$schema": schema["$schema"],
            "$id": schema["$id"],
            "$defs": schema["$defs"],
            "$ref": pointer,
        }
    return compile_schema(schema)


@functools.cache
def _xml_schema(name: str, version: str) -> etree.XMLSchema:
    catalogue.get_file(name, version, "schema.xsd")  # the named error, if there is none
    path = catalogue.ROOT / name / version / "schema.xsd"
    # Read from its path: parts of it are imported from beside it.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return etree.XMLSchema(etree.parse(path, parser))


def _records(message: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    yield from message.get("records", ())
    for answer in (*message.get("answers", ()), *message.get("candidates", ())):
        if "record" in answer:
            yield answer["record"]


def _nonconforming(name: str, problems: Iterable[FieldProblem]) -> NoReturn:
    raise errors.NonconformingMessage(
        f"The answer does not conform to the standard {name}; nothing was sent.",
        fields=tuple(problems),
    )


def _problems(
    validator: jsonschema_rs.Draft202012Validator, message: object
) -> tuple[FieldProblem, ...]:
    found: dict[tuple[str, str], FieldProblem] = {}
    if not validator.is_valid(message):
        for error in validator.iter_errors(message):
            for problem in _describe(error):
                found.setdefault((problem.field, problem.rule), problem)
            if len(found) >= MAX_PROBLEMS:
                break
    return tuple(found.values())[:MAX_PROBLEMS]


def _describe(error: jsonschema_rs.ValidationError) -> Iterable[FieldProblem]:
    keyword = error.kind.name
    pointer = "".join(f"/{_harmless(part)}" for part in error.instance_path)
    sentence = _MESSAGES.get(keyword, _OTHER)
    match error.kind:
        case jsonschema_rs.ValidationErrorKind.Required(property=missing):
            yield FieldProblem(f"{pointer}/{missing}", keyword, sentence)
        case jsonschema_rs.ValidationErrorKind.AdditionalProperties(unexpected=names):
            for name in names[:MAX_PROBLEMS]:
                yield FieldProblem(f"{pointer}/{_harmless(name)}", keyword, sentence)
        case _:
            yield FieldProblem(pointer, keyword, sentence)


def _harmless(part: str | int) -> str:
    if isinstance(part, int) or _HARMLESS_NAME.fullmatch(part):
        return str(part)
    return "?"

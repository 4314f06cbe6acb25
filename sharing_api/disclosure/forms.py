"""The forms of the exchange's own protocol: messages of its standards in JSON or XML."""

from collections.abc import Mapping
from typing import Any

from databases.datasets import Dataset
from databases.errors import RegisterError
from sharing_api import errors
from sharing_api.access_log.entries import moment
from sharing_api.disclosure.inquiry import Form, Inquiry
from sharing_api.standards import catalogue as standards
from sharing_api.standards import json_message, problems, validate, xml_message

JSON_TYPE = "application/json"
XML_TYPE = "application/xml"
_JSON_ONLY = ("verify", "candidates")


class JsonForm:
    """Answers as JSON messages; problems as problem documents (RFC 9457)."""

    def write(self, inquiry: Inquiry) -> tuple[str, bytes]:
        """Write the message of the question's operation and check it against its schema."""
        operation = inquiry.question.operation
        standard = _record_standard(inquiry)
        message: Mapping[str, Any]
        if operation == "look-up":
            message = {
                **_envelope(inquiry, standard),
                "count": 1,
                "records": list(inquiry.records.values()),
            }
        else:
            standard = _STANDARDS[operation]
            message = {
                **_envelope(inquiry, standard),
                "dataset": inquiry.question.dataset,
                **_MEMBERS[operation](inquiry),
            }
        validate.validate_message(*standards.parse_reference(standard), message)
        return f'{JSON_TYPE}; profile="{standard}"', json_message.render(message)

    def write_problem(self, error: RegisterError, *, instance: str) -> tuple[int, str, bytes]:
        """Write a refusal: status, content type and body."""
        return problems.render(error, instance=instance)


class XmlForm:
    """Answers as XML of the dataset's standard, valid against its XSD; no verification."""

    def write(self, inquiry: Inquiry) -> tuple[str, bytes]:
        """Write the records; those that were not found are left out."""
        standard = _record_standard(inquiry)
        body = xml_message.render(
            *standards.parse_reference(standard),
            _envelope(inquiry, standard),
            list(inquiry.records.values()),
        )
        return f'{XML_TYPE}; profile="{standard}"', body

    def write_problem(self, error: RegisterError, *, instance: str) -> tuple[int, str, bytes]:
        """Write a refusal: status, content type and body."""
        return problems.render(error, instance=instance, xml=True)


JSON: Form = JsonForm()
XML: Form = XmlForm()


def choose(accept: str, operation: str, dataset: Dataset | None) -> Form:
    """Choose the form of the answer: JSON unless XML alone is accepted.

    Raises:
        NotAcceptable: neither is, or XML alone and the dataset's standard has no XML form.
    """
    accepted = {part.partition(";")[0].strip().lower() for part in accept.split(",")}
    if accepted & {"*/*", "application/*", JSON_TYPE, "application/problem+json", ""}:
        return JSON
    has_form = operation not in _JSON_ONLY and _has_xml(dataset)
    if accepted & {XML_TYPE, "text/xml"} and has_form:
        return XML
    raise errors.NotAcceptable(
        "Answers are given as application/json, some as application/xml: see the standard."
    )


def _has_xml(dataset: Dataset | None) -> bool:
    if dataset is None:  # there will be a refusal
        return True
    standard = standards.get_standard(dataset.standard, dataset.standard_version)
    return "xml" in standard.representations


def of_problem(accept: str) -> Form:
    """Choose the form of a refusal: as many readers as possible can read it."""
    return XML if "xml" in accept else JSON


def _record_standard(inquiry: Inquiry) -> str:
    dataset = inquiry.published
    return f"{dataset.standard}/{dataset.standard_version}"


def _envelope(inquiry: Inquiry, standard: str) -> dict[str, Any]:
    return {
        "standard": standard,
        "time": moment(inquiry.received_at),
        "register": inquiry.published.register,
        "change": inquiry.change,
        "valid_on": inquiry.valid_on.isoformat(),
    }


def _verified(inquiry: Inquiry) -> dict[str, object]:
    return {"results": next(iter(inquiry.records.values()))}


def _batched(inquiry: Inquiry) -> dict[str, object]:
    answers = [
        {"key": key, "status": "found", "record": inquiry.records[key]}
        if key in inquiry.records
        else {"key": key, "status": "not_found"}
        for key in inquiry.keys
    ]
    return {
        "record_standard": _record_standard(inquiry),
        "count": len(inquiry.records),
        "answers": answers,
    }


def _found(inquiry: Inquiry) -> dict[str, object]:
    return {
        "record_standard": _record_standard(inquiry),
        "count": len(inquiry.records),
        "records": list(inquiry.records.values()),
        "limit": inquiry.limit,
        "truncated": len(inquiry.records) >= inquiry.limit,
    }


def _alike(inquiry: Inquiry) -> dict[str, object]:
    candidates = [
        {
            "weight": round(evidence.weight, 2),
            "probability": round(evidence.probability, 6),
            "prior": round(evidence.prior, 2),
            "dependence": round(evidence.dependence, 2),
            "likeness": [
                {"field": one.field, "level": one.level, "bits": round(one.bits, 2)}
                for one in evidence.fields
            ],
            "record": inquiry.records[key],
        }
        for key, evidence in inquiry.evidence.items()
        if key in inquiry.records
    ]
    return {
        "record_standard": _record_standard(inquiry),
        "model": inquiry.model,
        "index_change": inquiry.index_change,
        "count": len(candidates),
        "candidates": candidates,
    }


_STANDARDS = {
    "verify": "verification/1.0",
    "batch": "batch/1.0",
    "search": "search/1.0",
    "candidates": "candidates/1.0",
}
_MEMBERS = {"verify": _verified, "batch": _batched, "search": _found, "candidates": _alike}

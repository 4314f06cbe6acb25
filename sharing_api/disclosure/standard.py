"""Station 6: write the answer in the published standard and check it against that standard."""

import logging
from collections.abc import Sequence
from typing import Any

from databases.errors import RegisterError
from sharing_api import errors
from sharing_api.access_log.entries import moment
from sharing_api.disclosure.inquiry import JSON, Inquiry
from sharing_api.standards import catalogue as standards
from sharing_api.standards import json_message, problems, validate, xml_message

log = logging.getLogger(__name__)


def write_all(inquiries: Sequence[Inquiry]) -> None:
    """Write the body of every answer; one that breaks its own standard does not leave."""
    for inquiry in inquiries:
        if inquiry.is_open:
            try:
                _write_answer(inquiry)
            except RegisterError as error:
                log.exception("answer %s breaks its standard", inquiry.answer_id)
                inquiry.problem = error
            except Exception:
                log.exception("answer %s cannot be written", inquiry.answer_id)
                inquiry.problem = errors.RegisterUnavailable("The answer cannot be written now.")
        if inquiry.problem is not None:
            write_problem(inquiry)


def write_problem(inquiry: Inquiry) -> None:
    """Write a refusal; its length tells nothing about the subject."""
    if inquiry.problem is not None:
        inquiry.status, inquiry.content_type, inquiry.body = problems.render(
            inquiry.problem,
            instance=f"urn:uuid:{inquiry.answer_id}",
            xml=inquiry.media_type != JSON,
        )


def _write_answer(inquiry: Inquiry) -> None:
    dataset = inquiry.dataset
    if dataset is None:
        raise errors.RegisterUnavailable("Nobody publishes this dataset.")
    operation = inquiry.question.operation
    record_standard = f"{dataset.standard}/{dataset.standard_version}"
    envelope: dict[str, Any] = {
        "standard": record_standard,
        "time": moment(inquiry.received_at),
        "register": dataset.register,
        "change": inquiry.change,
        "valid_on": inquiry.valid_on.isoformat(),
    }
    if inquiry.media_type != JSON:
        inquiry.body = xml_message.render(
            dataset.standard, dataset.standard_version, envelope, list(inquiry.records.values())
        )
        inquiry.content_type = f'{inquiry.media_type}; profile="{record_standard}"'
        return
    if operation == "look-up":
        message = {**envelope, "count": 1, "records": list(inquiry.records.values())}
    else:
        message = {
            **envelope,
            "standard": _STANDARDS[operation],
            "dataset": inquiry.question.dataset,
            **_MEMBERS[operation](inquiry, record_standard),
        }
    validate.validate_message(*standards.parse_reference(message["standard"]), message)
    inquiry.body = json_message.render(message)
    inquiry.content_type = f'{JSON}; profile="{message["standard"]}"'


def _verified(inquiry: Inquiry, _: str) -> dict[str, object]:
    return {"results": next(iter(inquiry.records.values()))}


def _batched(inquiry: Inquiry, record_standard: str) -> dict[str, object]:
    answers = [
        {"key": key, "status": "found", "record": inquiry.records[key]}
        if key in inquiry.records
        else {"key": key, "status": "not_found"}
        for key in inquiry.keys
    ]
    return {
        "record_standard": record_standard,
        "count": len(inquiry.records),
        "answers": answers,
    }


def _found(inquiry: Inquiry, record_standard: str) -> dict[str, object]:
    return {
        "record_standard": record_standard,
        "count": len(inquiry.records),
        "records": list(inquiry.records.values()),
        "limit": inquiry.limit,
        "truncated": len(inquiry.records) >= inquiry.limit,
    }


_STANDARDS = {"verify": "verification/1.0", "batch": "batch/1.0", "search": "search/1.0"}
_MEMBERS = {"verify": _verified, "batch": _batched, "search": _found}

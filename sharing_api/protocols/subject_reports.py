"""Reports about one person, asked for in that person's name by an agency that has identified them.

The exchange knows agencies and no persons: who the person is, is established by the agency, under
an agreement with the purpose of subject access. The question passes the corridor as a look-up of
the person's own number for that purpose, so it is decided, counted, logged and receipted like any;
the person finds it in the next report.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from sqlalchemy.exc import SQLAlchemyError

from databases.errors import FieldProblem, Invalid
from databases.sessions import Databases
from sharing_api import errors
from sharing_api.access_log import entries, repository
from sharing_api.access_log.subjects import report
from sharing_api.disclosure import catalogue, forms, request
from sharing_api.disclosure.inquiry import Form, Inquiry
from sharing_api.disclosure.request import Asked
from sharing_api.protocols import openapi
from sharing_api.protocols.dialects import DialectDoor, Incoming
from sharing_api.settings import ExchangeSettings

PATH: Final = "/v1/log/subject-reports"
PURPOSE: Final = "subject.access"
_MOST_KEYS = 8
_TEXTS = ("legal_basis", "procedure", "officer", "case")
_QUESTION: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {
        "keys": {
            "type": "object",
            "description": "dataset → the number that the person has there",
            "additionalProperties": {"type": "string", "maxLength": 64},
            "minProperties": 1,
            "maxProperties": _MOST_KEYS,
        },
        **{name: {"type": "string", "maxLength": 500} for name in _TEXTS},
    },
    "required": ["keys", "legal_basis"],
    "additionalProperties": False,
}


class InvalidReportQuestion(Invalid):
    """The question for a report breaks rules; `fields` says which."""

    code = "exchange.invalid_report_question"


class SubjectReport:
    """One report, from its question to the document.

    Args:
        build: makes the document about subjects on a day.
    """

    def __init__(self, subject_key: bytes, build: Callable[[Sequence[Any], date], bytes]) -> None:
        self._subject_key = subject_key
        self._build = build

    def read(self, incoming: Incoming) -> Sequence[tuple[Asked, Form]]:
        """Make a look-up of each number that the person has.

        Raises:
            UnsupportedMedia, Malformed: the message cannot be read.
            InvalidReportQuestion: it breaks rules.
        """
        media = incoming.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media != forms.JSON_TYPE:
            raise errors.UnsupportedMedia("Send the question as application/json.")
        message = _read(request.read_json(incoming.body))
        return [
            (self._ask(dataset, key, message), forms.JSON)
            for dataset, key in sorted(message["keys"].items())
        ]

    def write(self, answered: Sequence[Inquiry]) -> tuple[str, bytes]:
        """Write the report.

        Raises:
            EntryNotInLog: the newest commitment is not under a checkpoint yet.
            LogUnavailable: the log cannot be read.
        """
        subjects = []
        for inquiry in answered:
            register = inquiry.question.dataset.partition("/")[0]
            (key,) = inquiry.keys
            tag = entries.subject_tag(self._subject_key, register, inquiry.subjects[key])
            subjects.append(report.Subject(register, tag))
        try:
            body = self._build(list(dict.fromkeys(subjects)), answered[0].received_at.date())
        except SQLAlchemyError as error:
            raise errors.LogUnavailable("The log cannot be read now.") from error
        return f'{forms.JSON_TYPE}; profile="{report.STANDARD}"', body

    @staticmethod
    def _ask(dataset: str, key: str, message: Mapping[str, Any]) -> Asked:
        return Asked(
            dataset=dataset,
            operation="look-up",
            fields=(catalogue.DATASETS[dataset].key,),
            purpose=PURPOSE,
            legal_basis=message["legal_basis"],
            keys=(key,),
            procedure=message["procedure"],
            officer=message["officer"],
            case_reference=message["case"],
        )


def _read(message: Any) -> dict[str, Any]:
    """Check the members of the question; texts that may be left out become empty."""
    if not isinstance(message, dict):
        raise _invalid("", "type", "Send a JSON object.")
    if message.keys() - {"keys", *_TEXTS}:
        raise _invalid("/", "additionalProperties", "The question has a member that is not known.")
    texts = {name: message.get(name, "") for name in _TEXTS}
    for name, text in texts.items():
        if not isinstance(text, str) or len(text) > _QUESTION["properties"][name]["maxLength"]:
            raise _invalid(f"/{name}", "type", "Send a text of at most 500 letters.")
        try:
            request.require_loggable(name, text)
        except errors.Malformed as error:
            raise _invalid(f"/{name}", "printable", "The log cannot keep this text.") from error
    if not texts["legal_basis"]:
        raise _invalid("/legal_basis", "required", "Name the legal basis.")
    return {**texts, "keys": _read_keys(message.get("keys"))}


def _read_keys(keys: Any) -> dict[str, str]:
    if not isinstance(keys, dict) or not 1 <= len(keys) <= _MOST_KEYS:
        raise _invalid(
            "/keys", "type", f"Name one to {_MOST_KEYS} datasets and the number in each."
        )
    for dataset, key in keys.items():
        if dataset not in catalogue.DATASETS or not catalogue.DATASETS[dataset].is_personal:
            raise _invalid("/keys", "dataset", "Name datasets that are about persons.")
        if not isinstance(key, str) or not key:
            raise _invalid(f"/keys/{dataset.replace('/', '~1')}", "type", "Send a number as text.")
    return keys


def _invalid(field: str, rule: str, sentence: str) -> InvalidReportQuestion:
    problem = FieldProblem(field, rule, sentence)
    return InvalidReportQuestion("The question breaks the rules.", fields=[problem])


def builder(
    databases: Databases, settings: ExchangeSettings
) -> Callable[[Sequence[Any], date], bytes]:
    """Give what makes a report out of one snapshot of the log."""

    def build(subjects: Sequence[Any], on: date) -> bytes:
        with databases.reading("exchange") as session:
            repository.read_one_snapshot(session)
            return report.build(session, settings.log_name, subjects, on)

    return build


def router(
    door: DialectDoor, databases: Databases, settings: ExchangeSettings, subject_key: bytes
) -> APIRouter:
    """Make the route."""
    api = APIRouter()
    build = builder(databases, settings)

    @api.post(
        PATH,
        tags=["evidence"],
        summary="Every log entry about one person, with the proof that none is missing",
        operation_id="subject_report",
        response_model=None,
        responses={
            **openapi.found(openapi.schema_of("subject_report")),
            **openapi.problems(*(one for one in openapi.PROBLEMS if one != 406)),
        },
        openapi_extra={
            "security": [{"exchange": []}],
            "requestBody": {
                "required": True,
                "content": {forms.JSON_TYPE: {"schema": _QUESTION}},
            },
        },
    )
    async def report_subject(http: Request) -> Response:
        """The agency has identified the person; its agreement grants the purpose subject.access."""
        return await door.ask_together(http, SubjectReport(subject_key, build))

    return api

"""Dossiers: one call fills the form of a public service from several registers, or nothing of it.

To combine registers is itself a permission: one agreement must name the procedure and cover all of
its datasets. Every part is a question of its own, with its entry and its receipt. Where one part is
refused nothing is given; the log then also holds the parts that were read in vain, so that it says
too much rather than too little.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

import orjson
from fastapi import APIRouter, Request, Response

from databases.errors import FieldProblem, Invalid, RegisterError
from sharing_api import errors
from sharing_api.access_log.entries import moment
from sharing_api.agreements.values import Terms
from sharing_api.disclosure import forms, request
from sharing_api.disclosure.inquiry import Form, Inquiry
from sharing_api.disclosure.request import Asked
from sharing_api.protocols import openapi, procedures
from sharing_api.protocols.dialects import DialectDoor, Incoming
from sharing_api.protocols.procedures import Part, Procedure
from sharing_api.standards import json_message, problems, validate

STANDARD: Final = ("dossier", "1.0")
QUESTION: Final = ("dossier_question", "1.0")
PATH: Final = "/v1/dossiers"
# Names no agreement: the corridor refuses, and logs that it was asked.
_NO_AGREEMENT = "none combines these registers"


class InvalidDossier(Invalid):
    """The question for a dossier breaks rules; `fields` says which."""

    code = "exchange.invalid_dossier"


class _PartForm:
    """The answer to one part is a message of its dataset; a refusal says whose part it was."""

    def __init__(self, role: str) -> None:
        self._role = role

    def write(self, inquiry: Inquiry) -> tuple[str, bytes]:
        """Write the record as a look-up would."""
        return forms.JSON.write(inquiry)

    def write_problem(self, error: RegisterError, *, instance: str) -> tuple[int, str, bytes]:
        """Write a problem document that names the role first."""
        members = problems.document(error, instance=instance)
        place = {"field": f"/keys/{self._role}", "rule": error.code, "message": error.message}
        members["fields"] = [place, *members.get("fields", ())]
        return members["status"], problems.PROBLEM_JSON, orjson.dumps(members)


class Dossier:
    """One dossier, from its question to the filled form."""

    def __init__(self) -> None:
        self._message: Mapping[str, Any] = {}
        self._parts: tuple[Part, ...] = ()

    def read(self, incoming: Incoming) -> Sequence[tuple[Asked, Form]]:
        """Make a question for each part.

        Raises:
            UnsupportedMedia, Malformed, TooLarge: the message cannot be read.
            InvalidDossier: it breaks rules, or names no procedure or not its roles.
            InvalidKey: a key does not have its legal form.
        """
        self._message = _read_message(incoming)
        procedure = _procedure(self._message)
        self._parts = procedure.parts(self._message["keys"])
        agreement = find_agreement(incoming.agreements, procedure)
        return [(self._ask(part, agreement), _PartForm(part.role)) for part in self._parts]

    def write(self, answered: Sequence[Inquiry]) -> tuple[str, bytes]:
        """Fill the form.

        Raises:
            NonconformingMessage: the dossier breaks its standard.
        """
        places = {(part.role, part.dataset): position for position, part in enumerate(self._parts)}
        message = {
            "standard": "/".join(STANDARD),
            "time": moment(answered[0].received_at),
            "procedure": self._message["procedure"],
            "case": self._message.get("case", ""),
            "agreement": answered[0].granted.agreement_hash,
            "form": [
                _field(one, answered[places[one.role, one.dataset]], places[one.role, one.dataset])
                for one in _procedure(self._message).form
                if (one.role, one.dataset) in places
            ],
            "sources": [
                _source(part, inquiry) for part, inquiry in zip(self._parts, answered, strict=True)
            ],
        }
        validate.validate_message(*STANDARD, message)
        media = f'{forms.JSON_TYPE}; profile="{"/".join(STANDARD)}"'
        return media, json_message.render(message)

    def _ask(self, part: Part, agreement: str) -> Asked:
        message = self._message
        return Asked(
            dataset=part.dataset,
            operation="look-up",
            fields=part.fields,
            purpose=message["purpose"],
            legal_basis=message["legal_basis"],
            keys=(message["keys"][part.role],),
            procedure=message["procedure"],
            agreement=agreement,
            officer=message.get("officer", ""),
            case_reference=message.get("case", ""),
            valid_on=_day(message.get("valid_on")),
        )


def find_agreement(agreements: Sequence[Terms], procedure: Procedure) -> str:
    """Find the one agreement that allows the combination; a hash that none has, if none does."""
    for terms in agreements:
        if procedure.name in terms.procedures and procedure.datasets <= terms.datasets.keys():
            return terms.agreement_hash
    return _NO_AGREEMENT


def _read_message(incoming: Incoming) -> Mapping[str, Any]:
    media = incoming.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media != forms.JSON_TYPE:
        raise errors.UnsupportedMedia("Send the question as application/json.")
    message = request.read_json(incoming.body)
    try:
        found = validate.find_problems(*QUESTION, message)
    except ValueError as error:  # deeper than the validator goes, or half of a surrogate pair
        raise errors.Malformed("The body is nested too deep or is not Unicode.") from error
    if found:
        raise InvalidDossier("The question breaks the published rules.", fields=found)
    return dict(message)


def _procedure(message: Mapping[str, Any]) -> Procedure:
    procedure = procedures.load().get(message["procedure"])
    if procedure is None:
        known = ", ".join(procedures.load())
        raise _invalid("/procedure", f"Name one of: {known}.")
    given = set(message["keys"])
    for role in sorted(procedure.required - given):
        raise _invalid(f"/keys/{role}", "The procedure needs this key.")
    roles = procedure.required | procedure.optional
    if not given <= roles:
        raise _invalid("/keys", f"The procedure knows these roles: {', '.join(sorted(roles))}.")
    return procedure


def _day(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError as error:  # the schema's format has days that the calendar lacks
        raise _invalid("/valid_on", "The calendar has no such day.") from error


def _invalid(field: str, sentence: str) -> InvalidDossier:
    problem = FieldProblem(field, "procedure", sentence)
    return InvalidDossier("The question does not fit its procedure.", fields=[problem])


def _field(one: procedures.FormField, inquiry: Inquiry, position: int) -> dict[str, Any]:
    (record,) = inquiry.records.values()
    return {
        "name": one.name,
        "title_vi": one.title_vi,
        "value": record[one.field],
        "role": one.role,
        "register": inquiry.published.register,
        "change": inquiry.change,
        "source": position,
    }


def _source(part: Part, inquiry: Inquiry) -> dict[str, Any]:
    return {
        "role": part.role,
        "dataset": part.dataset,
        "change": inquiry.change,
        "valid_on": inquiry.valid_on.isoformat(),
        "receipt": inquiry.receipt,
        "answer": inquiry.body.decode(),
    }


def router(door: DialectDoor) -> APIRouter:
    """Make the route."""
    api = APIRouter()

    @api.post(
        PATH,
        tags=["dossiers"],
        summary="Fill the form of a public service from several registers",
        operation_id="dossiers_fill",
        response_model=None,
        responses={
            **openapi.found(openapi.schema_of(STANDARD[0])),
            **openapi.problems(*(one for one in openapi.PROBLEMS if one != 406)),
        },
        openapi_extra={
            "security": [{"exchange": []}],
            "requestBody": {
                "required": True,
                "content": {forms.JSON_TYPE: {"schema": openapi.schema_of(QUESTION[0])}},
            },
        },
    )
    async def fill_dossier(http: Request) -> Response:
        """All parts under one agreement that names the procedure, or none."""
        return await door.ask_together(http, Dossier())

    return api

"""Who may be meant: POST /v1/matching/candidates, records found by likeness of what is given."""

import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from fastapi import APIRouter, Request, Response

from databases.datasets import Dataset
from databases.errors import FieldProblem, Invalid
from sharing_api import errors
from sharing_api.agreements.credentials import Caller
from sharing_api.disclosure import catalogue, forms, request
from sharing_api.disclosure.inquiry import Inquiry
from sharing_api.disclosure.request import Asked
from sharing_api.matching.index.finder import IndexFinder
from sharing_api.protocols import openapi
from sharing_api.protocols.exchange import Door
from sharing_api.standards import validate

QUESTION: Final = ("candidates_question", "1.0")
PATH: Final = "/v1/matching/candidates"
_MAIN = {"person": "population/citizen", "enterprise": "enterprise/enterprise"}
_MOST = 20


class InvalidCandidatesQuestion(Invalid):
    """The question for candidates breaks rules; `fields` says which."""

    code = "matching.invalid_question"


class Candidates:
    """Reads questions for candidates.

    Args:
        finder: knows what a text says as a field.
    """

    def __init__(self, finder: IndexFinder) -> None:
        self._finder = finder

    def read(
        self, caller: Caller, body: bytes, headers: Mapping[str, str], now: datetime
    ) -> Inquiry:
        """Make an inquiry out of a message.

        Raises:
            Malformed, TooLarge, NotAcceptable: the message itself is not fit.
            InvalidCandidatesQuestion: it breaks rules, each named with its field.
        """
        message = _read_message(body)
        name = message.get("dataset") or _MAIN[message["subject"]]
        dataset = catalogue.DATASETS.get(name)
        given = {
            field: unicodedata.normalize("NFC", text) for field, text in message["given"].items()
        }
        if dataset is not None:  # else the agreement refuses: nobody is told which datasets are
            self._require_sayings(dataset, given)
        asked = Asked(
            dataset=name,
            operation="candidates",
            fields=tuple(message["fields"]),
            purpose=message["purpose"],
            legal_basis=message["legal_basis"],
            given=given,
            procedure=message.get("procedure", ""),
            agreement=message.get("agreement"),
            officer=message.get("officer", ""),
            case_reference=message.get("case", ""),
            limit=message.get("limit", _MOST),
        )
        form = forms.choose(headers.get("accept", "*/*"), "candidates", dataset)
        return request.make_inquiry(
            caller, asked, request=body, headers=headers, form=form, now=now
        )

    def _require_sayings(self, dataset: Dataset, given: Mapping[str, str]) -> None:
        known = ", ".join(dataset.matched) or "none"
        problems = [
            FieldProblem(f"/given/{name}", "match_field.unknown", f"Known are: {known}.")
            for name in given
            if name not in dataset.matched
        ]
        if not problems:
            problems = [
                FieldProblem(f"/given/{name}", "match_field.says_nothing", _NOTHING)
                for name in self._finder.find_empty(dataset.subject, given)
            ]
        if problems:
            raise InvalidCandidatesQuestion("Nobody can be found by this.", fields=problems)


_NOTHING = "This cannot be read as such a field; leave out what is not known."


def _read_message(body: bytes) -> Mapping[str, Any]:
    message = request.read_json(body)
    try:
        found = validate.find_problems(*QUESTION, message)
    except ValueError as error:  # deeper than the validator goes, or half of a surrogate pair
        raise errors.Malformed("The body is nested too deep or is not Unicode.") from error
    if found:
        raise InvalidCandidatesQuestion("The question breaks the published rules.", fields=found)
    return dict(message)


def router(door: Door, finder: IndexFinder) -> APIRouter:
    """Make the route."""
    api = APIRouter()
    candidates = Candidates(finder)

    @api.post(
        PATH,
        tags=["matching"],
        summary="Find who may be meant by what is known",
        operation_id="matching_candidates",
        response_model=None,
        responses={
            **openapi.found(openapi.schema_of("candidates")),
            **openapi.problems(*(one for one in openapi.PROBLEMS if one != 404)),
        },
        openapi_extra={
            "security": [{"exchange": []}],
            "requestBody": {
                "required": True,
                "content": {forms.JSON_TYPE: {"schema": openapi.schema_of(QUESTION[0])}},
            },
        },
    )
    async def find_candidates(http: Request) -> Response:
        """Ranked candidates with weight and reasons; each leaves an entry in the log."""
        return await door.answer(http, candidates.read)

    return api

"""Emergencies: POST /v1/{register}/{dataset}/emergency, their review, and public counts."""

import uuid
from datetime import UTC, datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Request, Response
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from databases.errors import FieldProblem, Invalid, RegisterError
from databases.sessions import Databases
from sharing_api import errors
from sharing_api.access_log.entries import moment
from sharing_api.agreements.values import EMERGENCY
from sharing_api.disclosure import catalogue, forms, request
from sharing_api.disclosure.caller import CallerStation
from sharing_api.disclosure.coalescing import Answerer
from sharing_api.disclosure.inquiry import Inquiry
from sharing_api.disclosure.request import Asked
from sharing_api.emergencies import repository, service
from sharing_api.emergencies.values import Count, Emergency
from sharing_api.protocols import answers, exchange, openapi
from sharing_api.standards import validate

QUESTION: Final = ("emergency_question", "1.0")
_REVIEW = {"officer": 100, "outcome": 1_000}
AnswerId = Annotated[uuid.UUID, Path(description="the answer, as its notice names its entry")]


class InvalidEmergency(Invalid):
    """The question or its review breaks rules; `fields` says which."""

    code = "exchange.invalid_emergency"


class EmergencyEndpoints:
    """Answers questions in emergencies, and what is asked about them afterwards."""

    def __init__(self, callers: CallerStation, coalescer: Answerer, databases: Databases) -> None:
        self._callers = callers
        self._coalescer = coalescer
        self._databases = databases

    async def ask(self, http: Request, dataset: str) -> Response:
        """Answer a question in an emergency: through the corridor like any other."""
        now = _now()
        try:
            inquiry = await self._read(http, dataset, now)
        except RegisterError as error:
            return exchange.refuse(error, now)
        return exchange.respond(await self._coalescer.answer(inquiry))

    async def _read(self, http: Request, dataset: str, now: datetime) -> Inquiry:
        headers = {name.lower(): value for name, value in http.headers.items()}
        caller = self._callers.recognise(headers.get("authorization", ""), int(now.timestamp()))
        exchange.require_json(headers)
        body = await exchange.read_body(http)
        message = request.read_json(body)
        try:
            problems = validate.find_problems(*QUESTION, message)
        except ValueError as error:  # deeper than the validator goes, or half of a pair
            raise errors.Malformed("The body is nested too deep or is not Unicode.") from error
        if problems:
            raise InvalidEmergency("The question breaks the published rules.", fields=problems)
        if not message["emergency"]["reason"].strip():
            raise _invalid("/emergency/reason", "Say what has happened.")
        asked = Asked(
            dataset=dataset,
            operation="look-up",
            fields=tuple(message["fields"]),
            purpose=EMERGENCY,
            legal_basis=message["emergency"]["legal_basis"],
            keys=(message["key"],),
            procedure=message.get("procedure", ""),
            agreement=message.get("agreement"),
            officer=message["officer"],
            case_reference=message["case"],
            emergency_reason=message["emergency"]["reason"],
        )
        inquiry = request.make_inquiry(
            caller, asked, request=body, headers=headers, form=forms.JSON, now=now
        )
        inquiry.message = exchange.keep(http, headers, body)
        return inquiry

    async def count(self) -> Response:
        """How many emergencies there were, month by month, and what became of them."""
        counted = await self._do(repository.count)
        return answers.document([_count(one) for one in counted])

    async def review(self, answer_id: AnswerId, http: Request) -> Response:
        """Review an emergency: for the owner of the data and the authority."""
        now = _now()
        header = http.headers.get("authorization", "")
        caller = self._callers.recognise(header, int(now.timestamp()))
        message = request.read_json(await exchange.read_body(http))
        officer, outcome, is_justified = _read_review(message)

        def review(session: Session) -> Emergency:
            return service.review(
                session,
                answer_id,
                agency=caller.agency,
                by=f"{caller.client}, {officer}",
                is_justified=is_justified,
                outcome=outcome,
                at=now,
            )

        done = await self._do(review)
        return answers.document(
            {
                "answer": str(done.answer_id),
                "state": done.state.value,
                "reviewed_at": moment(now),
                "reviewer": done.reviewer,
            }
        )

    async def _do(self, work: Any) -> Any:
        def run() -> Any:
            with self._databases.writing("exchange") as session:
                return work(session)

        try:
            return await answers.in_time(run)
        except (SQLAlchemyError, TimeoutError) as error:
            raise errors.RegisterUnavailable("Emergencies cannot be read now.") from error


def _read_review(message: Any) -> tuple[str, str, bool]:
    if not isinstance(message, dict):
        raise errors.Malformed("Send an object with officer, justified and outcome.")
    problems = [
        FieldProblem(f"/{name}", "unknown", "Send officer, justified and outcome.")
        for name in message
        if name not in (*_REVIEW, "justified")
    ]
    for name, most in _REVIEW.items():
        value = message.get(name)
        if not isinstance(value, str) or not value.strip() or not answers.is_plain(value, most):
            text = f"Send 1 to {most} printable characters."
            problems.append(FieldProblem(f"/{name}", "text", text))
    if not isinstance(message.get("justified"), bool):
        problems.append(FieldProblem("/justified", "boolean", "Say true or false."))
    if problems:
        raise InvalidEmergency("The review breaks rules.", fields=problems)
    return message["officer"], message["outcome"], message["justified"]


def _count(one: Count) -> dict[str, Any]:
    return {
        "month": one.month.isoformat()[:7],
        "provider": one.provider,
        "consumer": one.consumer,
        "dataset": one.dataset,
        "state": one.state.value,
        "answers": one.answers,
    }


def _invalid(field: str, message: str) -> InvalidEmergency:
    return InvalidEmergency(message, fields=[FieldProblem(field, "required", message)])


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251  the edge


def router(endpoints: EmergencyEndpoints) -> APIRouter:
    """Make the routes: one for each dataset that is about somebody, and those about emergencies."""
    api = APIRouter(prefix="/v1")
    for name, dataset in catalogue.DATASETS.items():
        if dataset.is_personal:
            api.add_api_route(
                f"/{name}/emergency",
                _route(endpoints, name),
                methods=["POST"],
                **_describe(dataset.register, name, dataset.standard),
            )
    found = openapi.found({"type": "array", "items": {"type": "object"}})
    api.add_api_route(
        "/emergencies",
        endpoints.count,
        methods=["GET"],
        tags=["notices"],
        summary="How many emergencies there were, and what became of them",
        responses={**found, **openapi.problems(503)},
        **openapi.OPEN,
    )
    api.add_api_route(
        "/emergencies/{answer_id}/review",
        endpoints.review,
        methods=["POST"],
        tags=["notices"],
        summary="Review an emergency",
        responses={
            **openapi.found({"type": "object"}),
            **openapi.problems(400, 401, 404, 413, 422, 503),
            409: {"description": "it has been reviewed"},
        },
        response_model=None,
        openapi_extra={"security": [{"exchange": []}], "requestBody": _review_body()},
    )
    return api


def _review_body() -> dict[str, Any]:
    properties: dict[str, Any] = {
        name: {"type": "string", "minLength": 1, "maxLength": most}
        for name, most in _REVIEW.items()
    }
    schema = {
        "type": "object",
        "properties": {**properties, "justified": {"type": "boolean"}},
        "required": ["officer", "outcome", "justified"],
        "additionalProperties": False,
    }
    return {"required": True, "content": {"application/json": {"schema": schema}}}


def _route(endpoints: EmergencyEndpoints, dataset: str) -> Any:
    async def ask_in_emergency(http: Request) -> Response:
        return await endpoints.ask(http, dataset)

    return ask_in_emergency


def _describe(register: str, name: str, standard: str) -> dict[str, Any]:
    schema = openapi.schema_of(QUESTION[0])
    return {
        "summary": "Look up a record in an emergency",
        "description": f"One record of {name} under an agreement for emergencies. Owner and "
        "authority are told before the answer leaves; the agreement is suspended when nobody "
        "reviews it in time.",
        "operation_id": f"{name.replace('/', '_')}_emergency",
        "tags": [register],
        "response_model": None,
        "responses": {
            **openapi.found(openapi.schema_of(standard)),
            **openapi.problems(400, 401, 403, 404, 413, 415, 422, 429, 503),
        },
        "openapi_extra": {
            "security": [{"exchange": []}],
            "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
        },
    }

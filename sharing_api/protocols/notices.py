"""Notices: GET /v1/notices, POST /v1/notices/{id}/acknowledgement."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from databases.errors import FieldProblem, Invalid
from databases.sessions import Databases
from sharing_api import errors
from sharing_api.access_log.entries import moment
from sharing_api.agreements.credentials import Caller
from sharing_api.disclosure import request
from sharing_api.disclosure.caller import CallerStation
from sharing_api.notices import repository
from sharing_api.notices.errors import NoticeNotFound
from sharing_api.protocols import answers, exchange, feed, openapi

_LARGEST = 2**53 - 1
_LONGEST = {"officer": 100, "remark": 1_000}
NoticeId = Annotated[int, Path(ge=1, le=_LARGEST, description="number of the notice")]


class InvalidAcknowledgement(Invalid):
    """The acknowledgement is not written as it should be; `fields` says what."""

    code = "notices.invalid_acknowledgement"


class NoticeEndpoints:
    """Answers an agency about its own notices; they name no data subject."""

    def __init__(self, callers: CallerStation, databases: Databases) -> None:
        self._callers = callers
        self._databases = databases

    async def list_notices(self, http: Request) -> Response:
        """Notices that the caller's agency has not acknowledged."""
        caller = self._recognise(http, _now())
        notices = await self._do(
            lambda session: repository.list_open(session, recipient=caller.agency)
        )
        return answers.document([feed.notice_event(one) for one in notices])

    async def acknowledge(self, notice_id: NoticeId, http: Request) -> Response:
        """Acknowledge a notice; the first acknowledgement counts."""
        now = _now()
        caller = self._recognise(http, now)
        officer, remark = _read(request.read_json(await exchange.read_body(http)))
        by = f"{caller.client}, {officer}" if officer else caller.client
        notice = await self._do(
            lambda session: repository.acknowledge(
                session, notice_id, recipient=caller.agency, by=by, remark=remark, at=now
            )
        )
        if notice is None or notice.acknowledged_at is None:
            raise NoticeNotFound("No notice of that number is addressed to your agency.")
        return answers.document(
            {
                "notice": notice.notice_id,
                "acknowledged_at": moment(notice.acknowledged_at),
                "acknowledged_by": notice.acknowledged_by,
            }
        )

    def _recognise(self, http: Request, now: datetime) -> Caller:
        header = http.headers.get("authorization", "")
        return self._callers.recognise(header, int(now.timestamp()))

    async def _do(self, work: Callable[[Session], answers.Result]) -> answers.Result:
        def run() -> answers.Result:
            with self._databases.writing("exchange") as session:
                return work(session)

        try:
            return await answers.in_time(run)
        except (SQLAlchemyError, TimeoutError) as error:
            raise errors.RegisterUnavailable("Notices cannot be read now.") from error


def _read(message: Any) -> tuple[str, str]:
    if not isinstance(message, dict):
        raise errors.Malformed("Send an object, such as {}.")
    problems = [
        FieldProblem(f"/{name}", "unknown", "Send officer and remark, or neither.")
        for name in message
        if name not in _LONGEST
    ]
    for name, longest in _LONGEST.items():
        value = message.get(name, "")
        if not isinstance(value, str) or not answers.is_plain(value, longest):
            text = f"Send at most {longest} printable characters."
            problems.append(FieldProblem(f"/{name}", "text", text))
    if problems:
        raise InvalidAcknowledgement("The acknowledgement breaks rules.", fields=problems)
    return message.get("officer", ""), message.get("remark", "")


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251  the edge


def router(endpoints: NoticeEndpoints) -> APIRouter:
    """Make the routes."""
    api = APIRouter(prefix="/v1/notices", tags=["notices"])
    security: dict[str, Any] = {"security": [{"exchange": []}]}
    api.add_api_route(
        "",
        endpoints.list_notices,
        methods=["GET"],
        summary="Notices that your agency has not acknowledged",
        responses={
            **openapi.found({"type": "array", "items": {"type": "object"}}),
            **openapi.problems(401, 503),
        },
        response_model=None,
        openapi_extra=security,
    )
    properties = {name: {"type": "string", "maxLength": most} for name, most in _LONGEST.items()}
    schema = {"type": "object", "properties": properties, "additionalProperties": False}
    api.add_api_route(
        "/{notice_id}/acknowledgement",
        endpoints.acknowledge,
        methods=["POST"],
        summary="Acknowledge a notice",
        responses={
            **openapi.found({"type": "object"}),
            **openapi.problems(400, 401, 404, 413, 422, 503),
        },
        response_model=None,
        openapi_extra={
            **security,
            "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
        },
    )
    return api

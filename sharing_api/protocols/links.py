"""Links between registers: GET /v1/matching/links, POST …/{link_id}/look-up and …/decision.

Whoever looks or decides is a caller like any: what is shown of a register has passed the corridor
under their agreement, and left an entry for each record.
"""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from sqlalchemy.exc import SQLAlchemyError

from databases import periods
from databases.errors import FieldProblem, Invalid, Refused
from sharing_api import errors
from sharing_api.access_log.entries import moment
from sharing_api.agreements.credentials import Caller
from sharing_api.disclosure import request
from sharing_api.disclosure.caller import CallerStation
from sharing_api.disclosure.corridor import Corridor
from sharing_api.disclosure.in_house import Errand
from sharing_api.links.differences import list_stretches
from sharing_api.links.repository.links import Wanted
from sharing_api.links.reviewing import Reviewer
from sharing_api.links.values import Link, Shown, State, Verdict
from sharing_api.protocols import answers, exchange, openapi

_PURPOSE, _OPERATION = "registers.linkage", "linkage"
_LARGEST = 2**53 - 1
_WHO = {"officer": 100, "purpose": 200, "legal_basis": 500, "case": 200}
_DECIDED = {**_WHO, "decision": 20, "reason": 1_000}
LinkId = Annotated[int, Path(ge=1, le=_LARGEST, description="number of the link")]
Comparison = Annotated[str, Query(max_length=100, description="such as land.person")]
Standing = Annotated[State | None, Query(description="where they stand")]
After = Annotated[int, Query(ge=0, le=_LARGEST, description="number to go on behind")]
Limit = Annotated[int, Query(ge=1, le=500, description="most links")]


class InvalidReview(Invalid):
    """A look at a link, or a decision about it, is not written as it should be."""

    code = "links.invalid_review"


class LinksNotGranted(Refused):
    """No agreement of the agency is about linking registers."""

    code = "links.not_granted"


class LinkEndpoints:
    """Answers about links; whose they are is asked of the registers."""

    def __init__(self, callers: CallerStation, corridor: Corridor) -> None:
        self._callers = callers
        self._corridor = corridor

    async def list_links(
        self,
        http: Request,
        comparison: Comparison = "",
        state: Standing = None,
        after: After = 0,
        limit: Limit = 50,
    ) -> Response:
        """Links with weights and evidence, the oldest first; nothing says whose they are."""
        now = _now()
        caller = self._recognise(http, now)
        self._require_linkage(caller, now)
        reviewer = self._reviewer(caller, {}, now)
        wanted = Wanted(comparison or None, state)
        found = await self._do(lambda: reviewer.list(wanted, after=after, limit=limit))
        return answers.document([_link(one) for one in found])

    async def show(self, link_id: LinkId, http: Request) -> Response:
        """A link side by side, with what both records say now."""
        now = _now()
        caller = self._recognise(http, now)
        said = _read(request.read_json(await exchange.read_body(http)), _WHO)
        reviewer = self._reviewer(caller, said, now)
        return answers.document(_shown(await self._do(lambda: reviewer.show(link_id))))

    async def decide(self, link_id: LinkId, http: Request) -> Response:
        """Accept or reject a link, or take a decision back."""
        now = _now()
        caller = self._recognise(http, now)
        said = _read(request.read_json(await exchange.read_body(http)), _DECIDED)
        try:
            verdict = Verdict(said["decision"])
        except ValueError as error:
            known = ", ".join(one.value for one in Verdict)
            raise InvalidReview.of_field(
                "/decision", "decision.unknown", f"Decide one of: {known}."
            ) from error
        reviewer = self._reviewer(caller, said, now)
        decided = await self._do(lambda: reviewer.decide(link_id, verdict, said["reason"]))
        return answers.document(_shown(decided))

    def _recognise(self, http: Request, now: datetime) -> Caller:
        header = http.headers.get("authorization", "")
        return self._callers.recognise(header, int(now.timestamp()))

    def _require_linkage(self, caller: Caller, now: datetime) -> None:
        """Refuse who has no agreement about linking registers: weights are for those who link."""
        agreed = self._corridor.registry.rights.agreements.get(caller.agency, ())
        on = periods.day_in_vietnam(now)
        if not any(
            one.in_force
            and one.valid_from <= on
            and (one.valid_to is None or on < one.valid_to)
            and _PURPOSE in one.purposes
            and any(_OPERATION in terms.operations for terms in one.datasets.values())
            for one in agreed
        ):
            raise LinksNotGranted("No agreement of your agency is about linking registers.")

    def _reviewer(self, caller: Caller, said: Mapping[str, str], now: datetime) -> Reviewer:
        errand = Errand(
            client=caller.client,
            officer=said.get("officer", ""),
            purpose=said.get("purpose", ""),
            legal_basis=said.get("legal_basis", ""),
            case_reference=said.get("case", ""),
        )
        return Reviewer(self._corridor, errand, lambda: now)

    async def _do(self, work: Any) -> Any:
        try:
            return await answers.in_time(work)
        except (SQLAlchemyError, TimeoutError) as error:
            raise errors.RegisterUnavailable("Links cannot be read now.") from error


def _read(message: Any, longest: Mapping[str, int]) -> dict[str, str]:
    if not isinstance(message, dict):
        raise errors.Malformed("Send an object.")
    problems = [
        FieldProblem(f"/{name}", "unknown", f"Send {', '.join(longest)}.")
        for name in message
        if name not in longest
    ]
    for name, most in longest.items():
        value = message.get(name)
        if not isinstance(value, str) or not value.strip() or not answers.is_plain(value, most):
            text = f"Send 1 to {most} printable characters."
            problems.append(FieldProblem(f"/{name}", "text", text))
    if problems:
        raise InvalidReview("The message breaks rules.", fields=problems)
    return dict(message)


def _link(one: Link) -> dict[str, Any]:
    return {
        "link": one.link_id,
        "comparison": one.comparison,
        "subject": one.subject,
        "state": one.state.value,
        "weight": round(one.weight, 3),
        "probability": round(one.probability, 6),
        "model": one.model_version,
        "evidence": [asdict(each) for each in one.evidence],
        "datasets": [one.left.dataset, one.right.dataset],
        "changes": [one.left.change, one.right.change],
        "first_reviewer": one.first_reviewer,
        "reason": one.reason,
    }


def _shown(shown: Shown) -> dict[str, Any]:
    left, right = shown.fields
    names = dict.fromkeys((*left, *right))
    return {
        **_link(shown.link),
        "keys": list(shown.keys),
        "parts": list(shown.parts),
        "fields": {
            name: {
                "left": list(left.get(name, ())),
                "right": list(right.get(name, ())),
                "stretches": _stretches(left.get(name, ()), right.get(name, ())),
            }
            for name in names
        },
        "kin": [dict(one) for one in shown.kin],
        "changed": [None if one is None else sorted(one) for one in shown.changed],
        "gone": list(shown.gone),
        "history": [
            {
                "at": moment(one.at),
                "officer": one.officer,
                "from": one.from_state,
                "to": one.to_state,
                "reason": one.reason,
                "weight": round(one.weight, 3),
                "changes": [one.left_change, one.right_change],
                "entity": one.entity_id,
                "former_entity": one.former_entity_id,
            }
            for one in shown.history
        ],
    }


def _stretches(left: tuple[str, ...], right: tuple[str, ...]) -> list[dict[str, Any]]:
    """Cut the first values, which tell most, into what is the same and what is not."""
    if not left or not right:
        return []
    return [
        {"left": one.left, "right": one.right, "same": one.is_same}
        for one in list_stretches(left[0], right[0])
    ]


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251  the edge


def router(endpoints: LinkEndpoints) -> APIRouter:
    """Make the routes."""
    api = APIRouter(prefix="/v1/matching/links", tags=["matching"])
    security: dict[str, Any] = {"security": [{"exchange": []}]}
    api.add_api_route(
        "",
        endpoints.list_links,
        methods=["GET"],
        summary="Links between registers, with what speaks for them",
        responses={
            **openapi.found({"type": "array", "items": {"type": "object"}}),
            **openapi.problems(401, 403, 422, 503),
        },
        response_model=None,
        openapi_extra=security,
    )
    for path, endpoint, longest, summary in (
        ("look-up", endpoints.show, _WHO, "A link with what its records say now"),
        ("decision", endpoints.decide, _DECIDED, "Decide a link"),
    ):
        schema = {
            "type": "object",
            "properties": {
                name: {"type": "string", "minLength": 1, "maxLength": most}
                for name, most in longest.items()
            },
            "required": list(longest),
            "additionalProperties": False,
        }
        body = {"required": True, "content": {"application/json": {"schema": schema}}}
        api.add_api_route(
            f"/{{link_id}}/{path}",
            endpoint,
            methods=["POST"],
            summary=summary,
            responses={
                **openapi.found({"type": "object"}),
                **openapi.problems(400, 401, 403, 404, 409, 413, 422, 429, 503),
            },
            response_model=None,
            openapi_extra={**security, "requestBody": body},
        )
    return api

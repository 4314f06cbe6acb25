"""The feed of changes: GET /v1/{register}/{dataset}/changes?after=N, a CloudEvents batch.

In order of commit, from any change on, without an end of keeping: it is read from the register's
own ledger. A page says which records became others and in which of the granted fields; values are
asked for. Notices to the caller's agency that nobody has acknowledged stand at its end each time.
"""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

import orjson
from fastapi import APIRouter, Request, Response

from databases.errors import FieldProblem, Invalid, RegisterError
from sharing_api.access_log.entries import moment
from sharing_api.disclosure import catalogue, fetch
from sharing_api.disclosure.inquiry import Event, FeedPage, Inquiry
from sharing_api.disclosure.request import Asked
from sharing_api.notices.values import Notice
from sharing_api.protocols import openapi
from sharing_api.protocols.dialects import DialectDoor, Incoming
from sharing_api.standards import problems
from sharing_api.worklists.errors import SealedByAnotherKey
from sharing_api.worklists.sealing import Sealer

MEDIA_TYPE = "application/cloudevents-batch+json"
USUAL_LIMIT, MOST = 100, 200
_LARGEST = 2**53 - 1
_TYPE = "vn.natdb.record."
_PAGE = "Take the address of the next page from the header Link."
_NAMES = frozenset({"after", "limit", "page"})


class InvalidPage(Invalid):
    """The page of the feed is not written as it should be."""

    code = "exchange.invalid_page"


class _Batch:
    """Writes a page as a CloudEvents batch (CloudEvents 1.0, JSON format section 4)."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def write(self, inquiry: Inquiry) -> tuple[str, bytes]:
        """Write what changed, then the notices; the header Link leads to what follows."""
        page = inquiry.feed
        after, key = inquiry.feed_ends
        following = {"after": str(after), "limit": str(page.limit if page else USUAL_LIMIT)}
        if key:
            following["page"] = urlsafe_b64encode(self._sealer.seal(key)).decode()
        path = f"/v1/{inquiry.question.dataset}/changes"
        relation = "next" if key or after < inquiry.change else "latest"
        inquiry.link = f'<{path}?{urlencode(following)}>; rel="{relation}"'
        events = [
            *(_event(inquiry, one) for one in inquiry.events),
            *(notice_event(one) for one in inquiry.notices),
        ]
        return MEDIA_TYPE, orjson.dumps(events)

    def write_problem(self, error: RegisterError, *, instance: str) -> tuple[int, str, bytes]:
        """Write a refusal."""
        return problems.render(error, instance=instance)


def notice_event(notice: Notice) -> dict[str, Any]:
    """Write a notice as an event."""
    return {
        "specversion": "1.0",
        "id": f"notice-{notice.notice_id}",
        "source": "/v1/notices",
        "type": f"vn.natdb.notice.{notice.kind.value}",
        "time": moment(notice.created_at),
        "datacontenttype": "application/json",
        "data": {
            "notice": notice.notice_id,
            "dataset": notice.dataset,
            "change": notice.register_change,
            "fields": list(notice.fields),
            "entries": [str(one) for one in notice.entries],
            "cases": list(notice.cases),
            "acknowledge_by": notice.due_on.isoformat(),
            "acknowledge_at": f"/v1/notices/{notice.notice_id}/acknowledgement",
        },
    }


def _event(inquiry: Inquiry, event: Event) -> dict[str, Any]:
    dataset = inquiry.published
    shown = inquiry.records[event.key]
    return {
        "specversion": "1.0",
        "id": f"{event.change}-{shown[dataset.key]}",
        "source": f"/v1/{inquiry.question.dataset}",
        "type": f"{_TYPE}{_what_happened(event)}",
        "time": moment(event.recorded_at),
        "datacontenttype": "application/json",
        "sequence": f"{event.change:020}",
        "data": {**shown, "change": event.change, "fields": list(event.fields)},
    }


def _what_happened(event: Event) -> str:
    if event.is_correction:
        return "corrected"
    if all(before is None for before, _ in event.states):
        return "registered"
    if all(after is None for _, after in event.states):
        return "ended"
    return "changed"


class FeedEndpoint:
    """Answers pages of feeds."""

    def __init__(self, door: DialectDoor, subject_key: bytes) -> None:
        self._door = door
        self._sealer = Sealer(subject_key, "feeds")
        self._form = _Batch(self._sealer)

    async def answer(self, http: Request, dataset: str) -> Response:
        """Answer one page."""

        def read(incoming: Incoming) -> Asked:
            return self._read(incoming, dataset)

        return await self._door.ask(http, self._form, read)

    def _read(self, incoming: Incoming, dataset: str) -> Asked:
        given = _parameters(incoming.http)
        limit = _number(given, "limit", USUAL_LIMIT, 1, MOST)
        page = FeedPage(_number(given, "after", 0, 0, _LARGEST), self._key(given), limit)
        # Who a record is about is always told; an agreement that hides it has no feed.
        key = catalogue.DATASETS[dataset].key
        fields = sorted({*incoming.granted_fields(dataset), key})
        return Asked(dataset, "feed", tuple(fields), "", "", feed=page)

    def _key(self, given: Mapping[str, str]) -> str:
        if "page" not in given:
            return ""
        try:
            key = self._sealer.open(urlsafe_b64decode(given["page"].encode("ascii")))
        except (binascii.Error, ValueError, SealedByAnotherKey) as error:
            raise _invalid("page", _PAGE) from error
        if not key:
            raise _invalid("page", _PAGE)
        return key


def _parameters(http: Request) -> dict[str, str]:
    query = http.scope["query_string"].decode("latin-1")
    pairs = parse_qsl(query, keep_blank_values=True)
    given = dict(pairs)
    for name, _ in pairs:
        if name not in _NAMES:
            raise _invalid(name, "A feed knows after, limit and page.")
    if len(given) != len(pairs):
        raise _invalid("after", "A parameter stands twice.")
    return given


def _number(given: Mapping[str, str], name: str, usual: int, least: int, most: int) -> int:
    text = given.get(name, str(usual))
    if not (text.isascii() and text.isdigit()) or len(text) > 16 or not least <= int(text) <= most:
        raise _invalid(name, f"Write a number from {least} to {most}.")
    return int(text)


def _invalid(name: str, message: str) -> InvalidPage:
    return InvalidPage(message, fields=[FieldProblem(name, "feed.parameter", message)])


def router(endpoint: FeedEndpoint) -> APIRouter:
    """Make the routes: one for each dataset that is read as a whole."""
    api = APIRouter(prefix="/v1")
    for name, dataset in catalogue.DATASETS.items():
        if fetch.has_feed(dataset):
            api.add_api_route(
                f"/{name}/changes",
                _route(endpoint, name),
                methods=["GET"],
                **_describe(dataset.register, name),
            )
    return api


def _route(endpoint: FeedEndpoint, dataset: str) -> Any:
    async def read_changes(http: Request) -> Response:
        return await endpoint.answer(http, dataset)

    return read_changes


def _describe(register: str, name: str) -> dict[str, Any]:
    numbers = (
        ("after", "number of the last change that is known", 0, 0, _LARGEST),
        ("limit", "most records of the page", USUAL_LIMIT, 1, MOST),
    )
    parameters: list[dict[str, Any]] = [
        {
            "name": one,
            "in": "query",
            "description": text,
            "schema": {"type": "integer", "default": usual, "minimum": least, "maximum": most},
        }
        for one, text, usual, least, most in numbers
    ]
    page = "page inside of a change, as the header Link of the one before gives it"
    parameters.append(
        {"name": "page", "in": "query", "description": page, "schema": {"type": "string"}}
    )
    batch = openapi.found({"type": "array", "items": {"type": "object"}}, MEDIA_TYPE)
    return {
        "summary": "What changed since a change",
        "description": f"Records of {name} that became others, in order of commit, and the "
        "notices to the caller's agency; needs the operation feed. Every record named leaves an "
        "entry in the access log.",
        "operation_id": f"{name.replace('/', '_')}_changes",
        "tags": [register],
        "response_model": None,
        "responses": {**batch, **openapi.problems(400, 401, 403, 404, 422, 429, 503)},
        "openapi_extra": {"security": [{"exchange": []}], "parameters": parameters},
    }

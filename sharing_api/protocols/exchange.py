"""The exchange's own protocol: POST /v1/{register}/{dataset}/look-up | verify | batch | search."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, Request, Response

from databases.errors import RegisterError
from sharing_api import errors
from sharing_api.access_log import entries
from sharing_api.access_log.questions import Message
from sharing_api.agreements.credentials import Caller
from sharing_api.disclosure import catalogue, forms, request
from sharing_api.disclosure.caller import CallerStation
from sharing_api.disclosure.coalescing import Answerer
from sharing_api.disclosure.inquiry import Inquiry, RefusalForm
from sharing_api.protocols import openapi
from sharing_api.settings import MAX_BODY_BYTES
from sharing_api.standards import problems

RECEIPT_HEADER = "Exchange-Receipt"
_READ = frozenset(
    name.encode()
    for name in ("authorization", "content-type", "accept", *request.TRANSPORT_HEADERS)
)
KEPT = ("content-type", "accept")
_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


Reader = Callable[[Caller, bytes, Mapping[str, str], datetime], Inquiry]


class Door:
    """Stations 1 and 2 for each request as it arrives, then the corridor."""

    def __init__(self, callers: CallerStation, coalescer: Answerer) -> None:
        self._callers = callers
        self._coalescer = coalescer

    async def ask(self, dataset: str, operation: str, http: Request) -> Response:
        """Answer one request about a dataset."""

        def read(caller: Caller, body: bytes, headers: Mapping[str, str], now: datetime) -> Inquiry:
            return request.read(
                caller,
                dataset_name=dataset,
                operation=operation,
                body=body,
                headers=headers,
                now=now,
            )

        return await self.answer(http, read)

    async def answer(self, http: Request, read: Reader) -> Response:
        """Answer one request whose message is read by `read`."""
        now = datetime.now(UTC)  # noqa: TID251  the first station reads the clock, for all others
        headers = _lower(http)
        try:
            caller = self._callers.recognise(headers.get("authorization", ""), int(now.timestamp()))
            require_json(headers)
            body = await read_body(http)
            inquiry = read(caller, body, headers, now)
            inquiry.message = keep(http, headers, body)
        except RegisterError as error:
            return refuse(error, now, forms.of_problem(headers.get("accept", "")))
        return respond(await self._coalescer.answer(inquiry))


def keep(
    http: Request,
    headers: Mapping[str, str],
    body: bytes,
    kept: Sequence[str] = KEPT,
    part: int = 0,
) -> Message:
    """Keep a request as it came, to be answered again later.

    Args:
        kept: headers that its reader reads, beside those that stand in the log's entry.
        part: which of the questions that the request is.
    """
    scope = http.scope
    query = scope["query_string"].decode("latin-1")
    some = {name: headers[name] for name in kept if name in headers}
    return Message(scope["method"], scope["path"], query, some, body, part)


def _lower(http: Request) -> dict[str, str]:
    """Read the headers that matter here; the server gives their names in lower case."""
    return {
        name.decode("latin-1"): value.decode("latin-1")
        for name, value in http.scope["headers"]
        if name in _READ
    }


def require_json(headers: Mapping[str, str]) -> None:
    """Refuse a question that does not come as JSON.

    Raises:
        UnsupportedMedia: it comes as something else.
    """
    media = headers.get("content-type", "").partition(";")[0].strip().lower()
    if media != forms.JSON_TYPE:
        raise errors.UnsupportedMedia("Send the question as application/json.")


async def read_body(http: Request) -> bytes:
    """Read a body, stopping as soon as it is larger than allowed.

    Raises:
        TooLarge: more than 256 KiB.
    """
    body = b""
    more = True
    while more:
        message = await http.receive()
        body += message.get("body", b"")
        if len(body) > MAX_BODY_BYTES:
            raise errors.TooLarge(f"A question has at most {MAX_BODY_BYTES} bytes.")
        more = message.get("more_body", False)
    return body


def refuse(error: RegisterError, now: datetime, form: RefusalForm = forms.JSON) -> Response:
    """Answer a request that did not reach the corridor."""
    instance = f"urn:uuid:{entries.new_answer_id(now)}"
    status, media_type, body = form.write_problem(error, instance=instance)
    return Response(body, status, {**_HEADERS, **_more(error)}, media_type)


def respond(inquiry: Inquiry) -> Response:
    """Make the response of an answered inquiry, with its receipt."""
    headers = dict(_HEADERS)
    if inquiry.receipt:
        headers[RECEIPT_HEADER] = inquiry.receipt
    if inquiry.link:
        headers["Link"] = inquiry.link
    if inquiry.problem is not None:
        headers.update(_more(inquiry.problem))
    return Response(inquiry.body, inquiry.status, headers, inquiry.content_type)


def release(content_type: str, body: bytes) -> Response:
    """Make the response of an answer that is made of several, each receipted in its body."""
    return Response(body, 200, _HEADERS, content_type)


def _more(error: RegisterError) -> dict[str, str]:
    if isinstance(error, errors.TooMany):
        return {"Retry-After": str(error.retry_after_seconds)}
    if isinstance(error, errors.Unauthenticated):
        return {"WWW-Authenticate": 'Bearer realm="exchange"'}
    if problems.status_of(error)[0] == 503:
        return {"Retry-After": "1"}
    return {}


def router(door: Door) -> APIRouter:
    """Make the routes: one for each dataset and operation, so that the reference names them all."""
    api = APIRouter(prefix="/v1")
    for name, dataset in catalogue.DATASETS.items():
        for operation in request.OPERATIONS:
            api.add_api_route(
                f"/{name}/{operation}",
                _endpoint(door, name, operation),
                methods=["POST"],
                **openapi.describe(dataset, operation),
            )
    return api


def _endpoint(door: Door, name: str, operation: str) -> Any:
    async def ask(http: Request) -> Response:
        return await door.ask(name, operation, http)

    return ask

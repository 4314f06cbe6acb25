"""The front door: refuses ambiguous paths, and finds the ways that are asked most by itself."""

import inspect
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import UTC, datetime

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.routing import APIRoute
from starlette.types import Receive, Scope, Send

from databases.errors import RegisterError
from sharing_api import errors
from sharing_api.disclosure import forms
from sharing_api.disclosure.inquiry import RefusalForm
from sharing_api.protocols import exchange

# Beginning of a path → how its dialect refuses; the longest beginning counts.
RefusalForms = Mapping[str, RefusalForm]
Way = Callable[[Request], Awaitable[Response]]

_NOT_PLAIN = re.compile(rb"%|;|\\|//|/\.{1,2}(?:/|$)")  # an SDMX key may begin with a dot


class SharingApi(FastAPI):
    """The application behind its front door."""

    front_door: "FrontDoor | None" = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let every request come in by the front door."""
        if self.front_door is None or not await self.front_door.takes(scope, receive, send):
            await super().__call__(scope, receive, send)


class FrontDoor:
    """Knows the ways of the routers, in their order.

    An access rule that sees one path while the router sees another has opened doors elsewhere:
    only paths that are written plainly are served. The framework's router tries one route after
    the other and prepares much for each request; endpoints that take the request alone, nearly all
    of the traffic, are found here. The framework still documents them and serves all others.

    Args:
        routers: those that the framework has, in the same order; it keeps what they hold hidden.
        refusals: how dialects refuse what does not reach them.
    """

    def __init__(self, routers: Iterable[APIRouter], refusals: RefusalForms) -> None:
        self._refusals = sorted(refusals.items(), key=lambda one: -len(one[0]))
        # Ways of the framework stand there too, as None: none of ours may go before them.
        self._fixed: dict[tuple[str, str], Way | None] = {}
        self._shaped: list[tuple[frozenset[str], re.Pattern[str], Way | None]] = []
        for route in (one for router in routers for one in router.routes):
            if isinstance(route, APIRoute):
                self._add(route)

    def _add(self, route: APIRoute) -> None:
        way = route.endpoint if _takes_request_alone(route) else None
        methods = frozenset(route.methods or ())
        if route.param_convertors:
            self._shaped.append((methods, route.path_regex, way))
        for method in () if route.param_convertors else methods:
            self._fixed.setdefault((method, route.path), way)

    def find(self, method: str, path: str) -> tuple[Way | None, dict[str, str]]:
        """Find the way of a request and the parts of its path; None where the framework serves."""
        if (method, path) in self._fixed:
            return self._fixed[method, path], {}
        for methods, shape, way in self._shaped:
            found = shape.match(path) if method in methods else None
            if found:
                return way, found.groupdict()
        return None, {}

    def refusal_form(self, path: str) -> RefusalForm:
        """Give the form of a refusal at a path: that of its dialect, else the exchange's own."""
        for beginning, form in self._refusals:
            if path.startswith(beginning):
                return form
        return forms.JSON

    async def takes(self, scope: Scope, receive: Receive, send: Send) -> bool:
        """Answer a request here, or leave it to the framework."""
        if scope["type"] != "http":
            return False
        raw: bytes = scope.get("raw_path") or scope["path"].encode()
        if _NOT_PLAIN.search(raw):
            error = errors.Malformed("Write the path plainly, without escapes.")
            response = exchange.refuse(error, _now(), self.refusal_form(raw.decode("latin-1")))
            await response(scope, receive, send)
            return True
        way, parts = self.find(scope["method"], scope["path"])
        if way is None:
            return False
        try:
            response = await way(Request({**scope, "path_params": parts}, receive))
        except RegisterError as error:
            response = exchange.refuse(error, _now(), self.refusal_form(scope["path"]))
        await response(scope, receive, send)
        return True


def _takes_request_alone(route: APIRoute) -> bool:
    parameters = list(inspect.signature(route.endpoint).parameters)
    return inspect.iscoroutinefunction(route.endpoint) and parameters == ["http"]


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251  the edge

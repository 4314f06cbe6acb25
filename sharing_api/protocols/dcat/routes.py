"""GET /catalogue: the catalogue as JSON-LD or Turtle, open to everybody."""

import functools
from typing import Final

from fastapi import APIRouter, Request, Response

from sharing_api import errors
from sharing_api.protocols import openapi
from sharing_api.protocols.dcat import graph

_JSON: Final = "application/ld+json"
_TURTLE: Final = "text/turtle"
_FORMATS: Final = {_JSON: "json-ld", _TURTLE: "turtle"}
_LOOSE: Final = {
    "": _JSON,
    "*/*": _JSON,
    "application/*": _JSON,
    "application/json": _JSON,
    "text/*": _TURTLE,
}
_REMEMBERED: Final = 4


def router() -> APIRouter:
    """Make the route."""
    api = APIRouter(tags=["catalogue"])
    described = openapi.found({"type": "array", "items": {"type": "object"}}, _JSON)
    described[200]["content"][_TURTLE] = {"schema": {"type": "string"}}

    @api.get(
        "/catalogue",
        summary="Catalogue of datasets, services, standards and code lists (DCAT-AP 3.0.1)",
        responses={**described, **openapi.problems(406)},
        **openapi.OPEN,
    )
    def get_catalogue(http: Request) -> Response:
        """What there is to ask for, in the words of DCAT; by Accept as JSON-LD or Turtle."""
        media_type = _choose(http.headers.get("accept", ""))
        address = str(http.base_url).rstrip("/")
        return Response(_write(address, media_type), 200, {"Vary": "Accept"}, media_type)

    return api


def _choose(accept: str) -> str:
    for part in accept.split(","):
        name = part.partition(";")[0].strip().lower()
        if name in _FORMATS:
            return name
        if name in _LOOSE:
            return _LOOSE[name]
    raise errors.NotAcceptable(f"The catalogue is given as {' or '.join(_FORMATS)}.")


@functools.lru_cache(maxsize=_REMEMBERED)
def _write(address: str, media_type: str) -> bytes:
    written = graph.build(address).serialize(format=_FORMATS[media_type], encoding="utf-8")
    return bytes(written)

"""The paths of the FHIR service: all but its statement go through the corridor."""

import functools
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response

from databases import errors as kinds
from sharing_api import errors
from sharing_api.disclosure.inquiry import Inquiry
from sharing_api.disclosure.request import Asked
from sharing_api.protocols import openapi
from sharing_api.protocols.dialects import DialectDoor, Incoming
from sharing_api.protocols.fhir import capability, forms, outcomes, parameters, resources
from sharing_api.protocols.fhir.eligibility import Eligibility
from sharing_api.protocols.fhir.reads import Read
from sharing_api.protocols.fhir.references import References
from sharing_api.protocols.fhir.searches import Search

_ELIGIBILITY = "CoverageEligibilityRequest"
_MEDIA = "application/fhir+json"
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_PROTECTED: dict[str, Any] = {
    "tags": ["fhir"],
    "response_model": None,
    "responses": {
        200: {"description": "a FHIR resource", "content": {_MEDIA: {"schema": {}}}},
        **{
            status: {
                "description": openapi.PROBLEMS[status],
                "content": {_MEDIA: {"schema": {"type": "object"}}},
            }
            for status in openapi.PROBLEMS
        },
    },
}


class ResourceTypeUnknown(kinds.NotFound):
    """The service has no resources of this type."""

    code = "fhir.resource_type_unknown"


class InteractionNotSupported(errors.MethodNotAllowed):
    """The service has such resources, but does not do this with them."""

    code = "fhir.interaction_not_supported"


class _Elsewhere(forms.Interaction):
    """A request that the service does not know: refused, to known callers only, as FHIR refuses."""

    def read(self, incoming: Incoming) -> Asked:
        """Refuse.

        Raises:
            ResourceTypeUnknown, InteractionNotSupported: as the path says.
        """
        resource_type = incoming.http.path_params["rest"].partition("/")[0]
        if resource_type in resources.SOURCES or resource_type == _ELIGIBILITY:
            raise InteractionNotSupported("See the CapabilityStatement for what can be asked.")
        raise ResourceTypeUnknown("There are no resources of this type here.")

    def write(self, inquiry: Inquiry) -> tuple[str, bytes]:
        """Refuse: nothing is ever asked here."""
        raise InteractionNotSupported("See the CapabilityStatement for what can be asked.")


Endpoint = Callable[[Request], Awaitable[Response]]


def router(door: DialectDoor, secret: bytes) -> APIRouter:
    """Make the routes.

    Args:
        secret: root of the exchange's pseudonyms; the ids of resources are made with it.
    """
    references = References(secret)
    api = APIRouter(prefix=forms.BASE_PATH)
    asking = _endpoint(door, functools.partial(Eligibility, references))
    _add(api, f"/{_ELIGIBILITY}", "POST", asking, f"create {_ELIGIBILITY}")
    _add(api, f"/{_ELIGIBILITY}/$submit", "POST", asking, f"submit {_ELIGIBILITY}")
    _add_statement(api)
    for kind in resources.SOURCES:
        for path, method, interaction, what in (
            (f"/{kind}", "GET", Search, "search"),
            (f"/{kind}/_search", "POST", Search, "search_by_body"),
            (f"/{kind}/{{resource_id}}", "GET", Read, "read"),
        ):
            begin = functools.partial(interaction, references, kind)
            _add(api, path, method, _endpoint(door, begin), f"{what} {kind}")
    elsewhere = _endpoint(door, functools.partial(_Elsewhere, references))
    api.add_api_route("/{rest:path}", elsewhere, methods=[*_METHODS], include_in_schema=False)
    return api


def _endpoint(door: DialectDoor, begin: Callable[[], forms.Interaction]) -> Endpoint:
    async def ask(http: Request) -> Response:
        interaction = begin()
        return await door.ask(http, interaction, interaction.read)

    return ask


def _add(api: APIRouter, path: str, method: str, endpoint: Endpoint, what: str) -> None:
    extra: dict[str, Any] = {"security": [{"exchange": []}]}
    if method == "POST":
        media = parameters.FORM_TYPE if path.endswith("/_search") else _MEDIA
        body = {"required": True, "content": {media: {"schema": {"type": "object"}}}}
        extra["requestBody"] = body
    if path.endswith("}"):
        place = {"name": "resource_id", "in": "path", "required": True}
        extra["parameters"] = [place | {"schema": {"type": "string"}}]
    api.add_api_route(
        path,
        endpoint,
        methods=[method],
        summary=f"FHIR: {what}",
        operation_id=f"fhir_{what}".replace(" ", "_"),
        openapi_extra=extra,
        **_PROTECTED,
    )


def _add_statement(api: APIRouter) -> None:
    @api.get(
        "/metadata",
        tags=["fhir"],
        summary="FHIR: what the service can do",
        operation_id="fhir_metadata",
        responses=openapi.found({"type": "object"}, _MEDIA),
        **openapi.OPEN,
    )
    def get_metadata(http: Request) -> Response:
        """The CapabilityStatement: resources, parameters, identifier systems, how to get in."""
        statement = capability.document(f"{str(http.base_url).rstrip('/')}{forms.BASE_PATH}")
        return Response(orjson.dumps(statement), 200, media_type=outcomes.CONTENT_TYPE)

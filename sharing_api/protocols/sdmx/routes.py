"""The paths of the SDMX services: data through the corridor, structures open to everybody."""

import uuid
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final

from fastapi import APIRouter, Request, Response

from databases.errors import RegisterError
from sharing_api.protocols import openapi
from sharing_api.protocols.dialects import DialectDoor, Incoming
from sharing_api.protocols.sdmx import (
    availability,
    errors,
    media,
    queries,
    structure_messages,
    structure_queries,
)
from sharing_api.protocols.sdmx.availability import AvailabilityExchange, AvailabilityQuery
from sharing_api.protocols.sdmx.data import DataExchange
from sharing_api.protocols.sdmx.queries import DataQuery

_CACHED: Final = {"Cache-Control": "public, max-age=3600", "X-Content-Type-Options": "nosniff"}
_DATA_21: Final = ("/data/{flow}/{key}", "/data/{flow}/{key}/{provider}", "/data/{flow}")
_DATA_30: Final = (
    "/data/{context}/{agency}/{flow}/{version}/{key}",
    "/data/{context}/{agency}/{flow}/{version}",
)
_AVAILABILITY_21: Final = (
    "/availableconstraint/{flow}/{key}/{provider}/{component}",
    "/availableconstraint/{flow}/{key}/{provider}",
    "/availableconstraint/{flow}/{key}",
    "/availableconstraint/{flow}",
)
_AVAILABILITY_30: Final = (
    "/availability/{context}/{agency}/{flow}/{version}/{key}/{component}",
    "/availability/{context}/{agency}/{flow}/{version}/{key}",
    "/availability/{context}/{agency}/{flow}/{version}",
)
_CONTEXTS: Final = ("*", "dataflow")
_PLACES: Final = ("resource", "agency", "name", "version")

Endpoint = Callable[[Request], Awaitable[Response]]
Parameters = Sequence[tuple[str, str]]
Reader = Callable[[Incoming, Parameters], DataQuery]


def router(door: DialectDoor) -> APIRouter:
    """Make the routes of both versions; the longest of each kind stands in the API reference."""
    api = APIRouter(prefix="/sdmx", tags=["sdmx"])
    for version, of_data, of_availability, read in (
        ("2.1", _DATA_21, _AVAILABILITY_21, _read_21),
        ("3.0", _DATA_30, _AVAILABILITY_30, _read_30),
    ):
        ask = _data_endpoint(door, version, read)
        for number, path in enumerate(of_data):
            _add_data(api, f"/{version}{path}", ask, version, is_described=number == 0)
        ask = _availability_endpoint(door, version, read)
        for number, path in enumerate(of_availability):
            _add_availability(api, f"/{version}{path}", ask, version, is_described=number == 0)
        _add_schemas(api, version)
        _add_structures(api, version)
        elsewhere = _elsewhere(version)
        api.add_api_route(f"/{version}/{{rest:path}}", elsewhere, include_in_schema=False)
    return api


def _read_21(incoming: Incoming, parameters: Parameters) -> DataQuery:
    path = incoming.http.path_params
    if path.get("provider", "all") != "all":
        raise errors.FeatureNotOffered.of_field(
            "provider", "sdmx.provider", "There is one provider; leave it out or write all."
        )
    flow = queries.read_flow_reference(path["flow"])
    return queries.read(flow, path.get("key", ""), parameters)


def _read_30(incoming: Incoming, parameters: Parameters) -> DataQuery:
    path = incoming.http.path_params
    if path["context"] not in _CONTEXTS:
        raise errors.FeatureNotOffered.of_field(
            "context", "sdmx.context", "Data are published by dataflow."
        )
    flow = queries.find_flow(path["agency"], path["flow"], path["version"])
    return queries.read(flow, path.get("key", ""), parameters)


def _data_endpoint(door: DialectDoor, version: str, read: Reader) -> Endpoint:
    def read_data(incoming: Incoming) -> DataQuery:
        return read(incoming, incoming.http.query_params.multi_items())

    async def ask(http: Request) -> Response:
        exchange = DataExchange(version, read_data)
        return await door.ask(http, exchange, exchange.read)

    return ask


def _availability_endpoint(door: DialectDoor, version: str, read: Reader) -> Endpoint:
    def read_availability(incoming: Incoming) -> AvailabilityQuery:
        given = incoming.http.query_params.multi_items()
        query = read(incoming, availability.take_parameters(given))
        component = incoming.http.path_params.get("component", "")
        return AvailabilityQuery(query, availability.read_components(query.flow, component))

    async def ask(http: Request) -> Response:
        exchange = AvailabilityExchange(version, read_availability)
        return await door.ask(http, exchange, exchange.read)

    return ask


def _add_data(
    api: APIRouter, path: str, ask: Endpoint, version: str, *, is_described: bool
) -> None:
    types = media.list_data_types(version)
    api.add_api_route(
        path,
        ask,
        operation_id=f"sdmx_{version.replace('.', '')}_data",
        summary=f"Observations of a dataflow (SDMX {version})",
        response_model=None,
        responses=_responses(types, openapi.PROBLEMS),
        openapi_extra={"security": [{"exchange": []}], "parameters": _parameters(path)},
        include_in_schema=is_described,
    )


def _add_availability(
    api: APIRouter, path: str, ask: Endpoint, version: str, *, is_described: bool
) -> None:
    api.add_api_route(
        path,
        ask,
        operation_id=f"sdmx_{version.replace('.', '')}_availability",
        summary=f"Codes and periods of which there are observations (SDMX {version})",
        response_model=None,
        responses=_responses((media.structure_type(version),), openapi.PROBLEMS),
        openapi_extra={"security": [{"exchange": []}], "parameters": _parameters(path)},
        include_in_schema=is_described,
    )


def _add_structures(api: APIRouter, version: str) -> None:
    start = f"/{version}/structure" if version == "3.0" else f"/{version}"
    types = (media.structure_type(version),)
    for length in range(len(_PLACES), 0, -1):
        path = "/".join([start, *(f"{{{place}}}" for place in _PLACES[:length])])
        api.add_api_route(
            path,
            _structure_endpoint(version),
            operation_id=f"sdmx_{version.replace('.', '')}_structures",
            summary=f"Dataflows, data structures, code lists and concepts (SDMX {version})",
            response_model=None,
            responses=_responses(types, (400, 404, 406)),
            openapi_extra={"security": [], "parameters": _parameters(path)},
            include_in_schema=length == len(_PLACES),
        )


def _add_schemas(api: APIRouter, version: str) -> None:
    for path in ("/{resource}/{agency}/{name}/{version}", "/{resource}/{agency}/{name}"):
        is_whole = path.endswith("{version}")
        api.add_api_route(
            f"/{version}/schema{path}",
            _structure_endpoint(version, is_schema=True),
            operation_id=f"sdmx_{version.replace('.', '')}_schemas",
            summary=f"All that data of a dataflow or data structure may hold (SDMX {version})",
            response_model=None,
            responses=_responses((media.structure_type(version),), (400, 404, 406)),
            openapi_extra={"security": [], "parameters": _parameters(path)},
            include_in_schema=is_whole,
        )


def _structure_endpoint(version: str, *, is_schema: bool = False) -> Callable[[Request], Response]:
    def get_structures(http: Request) -> Response:
        """Public metadata: it says nothing about anybody."""
        try:
            media_type = media.choose_structure(http.headers.get("accept", ""), version)
            path = [http.path_params[one] for one in _PLACES if one in http.path_params]
            parameters = http.query_params.multi_items()
            if is_schema:
                parameters = structure_queries.of_schema(path[0], parameters)
            body = structure_messages.answer(path, parameters, version=version)
        except RegisterError as error:
            return _refuse(error, version)
        return Response(body, 200, _CACHED, media_type)

    return get_structures


def _elsewhere(version: str) -> Callable[[Request], Response]:
    def refuse(_: Request) -> Response:
        error = errors.FeatureNotOffered(
            "Offered are queries of data, availability and structures."
        )
        return _refuse(error, version)

    return refuse


def _refuse(error: RegisterError, version: str) -> Response:
    instance = uuid.uuid4().urn
    status, media_type, body = errors.write(error, instance=instance, version=version)
    return Response(body, status, media_type=media_type)


def _responses(types: Any, statuses: Any) -> openapi.Responses:
    text = {"schema": {"type": "string"}}
    return {
        200: {"description": "an SDMX message", "content": dict.fromkeys(types, text)},
        **{
            status: {
                "description": "an SDMX error message",
                "content": {errors.ERROR_TYPE: text},
            }
            for status in {*statuses, 501}
        },
    }


def _parameters(path: str) -> list[dict[str, Any]]:
    names = [part[1:-1] for part in path.split("/") if part.startswith("{")]
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in names
    ]

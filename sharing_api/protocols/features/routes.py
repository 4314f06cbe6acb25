"""The routes of OGC API - Features and of the vector tiles."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response

from sharing_api.protocols import answers, openapi
from sharing_api.protocols.dialects import DialectDoor
from sharing_api.protocols.features import items, resources, tiles
from sharing_api.protocols.features.items import Features
from sharing_api.protocols.features.resources import Collection, Json
from sharing_api.protocols.features.tiles import Tile

ROOT = "/ogc"
_REFERENCE = "/openapi.json"
_OBJECT: Json = {"type": "object"}
_REFUSALS = (400, 401, 403, 404, 429, 503)
Name = Annotated[str, Path(description="name of a collection", max_length=64)]
# Those who take the request alone go past the framework: the names are described here.
_ITEMS_PATH = {"name": "name of a collection"}
_ITEM_PATH = {**_ITEMS_PATH, "key": "id of a feature"}
_TILE_PATH = {
    **_ITEMS_PATH,
    "zoom": "zoom of a tile",
    "row": "row of a tile, from the north",
    "column": "column of a tile, from the west",
}


def router(door: DialectDoor) -> APIRouter:
    """Make the routes."""
    api = APIRouter(prefix=ROOT, tags=["land"])
    _add_documents(api)
    _add_features(api, door)
    _add_tiles(api, door)
    return api


def _add_documents(api: APIRouter) -> None:
    """Add what is public: which collections there are, and how they may be asked for."""

    def described(path: str, summary: str, describe: Any) -> None:
        missing = (404,) if "{" in path else ()
        api.add_api_route(
            path,
            describe,
            methods=["GET"],
            summary=summary,
            responses={**openapi.found(_OBJECT), **openapi.problems(*missing)},
            operation_id=f"ogc_{describe.__name__}",
            **openapi.OPEN,
        )

    def landing(http: Request) -> Response:
        """What can be read here, as links."""
        base = _base(http)
        return answers.document(resources.describe_landing(base + ROOT, base + _REFERENCE))

    def conformance() -> Response:
        """Classes of requirements of the OGC API standards."""
        return answers.document(resources.describe_conformance())

    def collections(http: Request) -> Response:
        """All collections with their coordinate reference systems."""
        return answers.document(resources.describe_collections(_base(http) + ROOT))

    def collection(http: Request, name: Name) -> Response:
        """One collection with its coordinate reference systems."""
        found = resources.get_collection(name)
        return answers.document(resources.describe_collection(_base(http) + ROOT, found))

    def queryables(http: Request, name: Name) -> Response:
        """Properties that a filter may name, if the agreement grants it."""
        found = resources.get_collection(name)
        document = answers.document(resources.describe_queryables(_base(http) + ROOT, found))
        document.media_type = document.headers["content-type"] = "application/schema+json"
        return document

    def tilesets(http: Request, name: Name) -> Response:
        """The vector tiles of a collection."""
        found = resources.get_collection(name)
        return answers.document(resources.describe_tiles(_base(http) + ROOT, found))

    described("", "OGC API: landing page", landing)
    described("/conformance", "OGC API: what it conforms to", conformance)
    described("/collections", "OGC API: collections", collections)
    described("/collections/{name}", "OGC API: a collection", collection)
    described("/collections/{name}/queryables", "OGC API: what filters may name", queryables)
    described("/collections/{name}/tiles", "OGC API: vector tiles", tilesets)


def _add_features(api: APIRouter, door: DialectDoor) -> None:
    @api.get(
        "/collections/{name}/items",
        summary="OGC API: features",
        operation_id="ogc_items",
        response_model=None,
        responses={**openapi.found(_OBJECT, resources.GEOJSON), **openapi.problems(*_REFUSALS)},
        openapi_extra=_parameters(_ITEMS_PATH, items.ITEMS),
    )
    async def read_items(http: Request) -> Response:
        """A page of features within the agreement; the link `next` leads on."""
        form = Features(_collection(http), _address(http))
        return _with_system(await door.ask(http, form, form.read_items), form)

    @api.get(
        "/collections/{name}/items/{key}",
        summary="OGC API: a feature",
        operation_id="ogc_item",
        response_model=None,
        responses={**openapi.found(_OBJECT, resources.GEOJSON), **openapi.problems(*_REFUSALS)},
        openapi_extra=_parameters(_ITEM_PATH, items.ITEM),
    )
    async def read_item(http: Request) -> Response:
        """One feature by its id, within the agreement."""
        form = Features(_collection(http), _address(http))
        key = http.path_params["key"]
        response = await door.ask(http, form, lambda incoming: form.read_item(incoming, key))
        return _with_system(response, form)


def _add_tiles(api: APIRouter, door: DialectDoor) -> None:
    @api.get(
        "/collections/{name}/tiles/WebMercatorQuad/{zoom}/{row}/{column}",
        summary="OGC API: a vector tile",
        operation_id="ogc_tile",
        response_model=None,
        responses={
            **openapi.found({"type": "string", "format": "binary"}, resources.TILE),
            **openapi.problems(*_REFUSALS),
        },
        openapi_extra=_parameters(_TILE_PATH, tiles.PARAMETERS),
    )
    async def read_tile(http: Request) -> Response:
        """The granted layers of a tile, as of a day."""
        form = Tile(_collection(http))
        key = "/".join(http.path_params[part] for part in ("zoom", "row", "column"))
        return await door.ask(http, form, lambda incoming: form.read(incoming, key))


def _parameters(of_path: dict[str, str], of_query: dict[str, str]) -> Json:
    described = [
        {"name": name, "in": place, "description": text, "schema": {"type": "string"}}
        | ({"required": True} if place == "path" else {})
        for place, names in (("path", of_path), ("query", of_query))
        for name, text in names.items()
    ]
    return {"security": [{"exchange": []}], "parameters": described}


def _collection(http: Request) -> Collection:
    return resources.get_collection(http.path_params["name"])


def _with_system(response: Response, form: Features) -> Response:
    """Say in which system the coordinates are (OGC 18-058r1, 6.5)."""
    if response.status_code == 200:
        response.headers["Content-Crs"] = f"<{form.crs}>"
    return response


def _base(http: Request) -> str:
    return str(http.base_url).rstrip("/")


def _address(http: Request) -> str:
    return _base(http) + http.url.path

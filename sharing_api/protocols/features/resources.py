"""The collections: which dataset each one shows, and the documents that describe them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from databases.datasets import Dataset, Field
from databases.errors import NotFound
from sharing_api.disclosure import catalogue
from sharing_api.protocols.features import filters, references

Json = dict[str, Any]
GEOJSON = "application/geo+json"
TILE = "application/vnd.mapbox-vector-tile"
_JSON = "application/json"
_CLASSES = (
    "ogcapi-features-1/1.0/conf/core",
    "ogcapi-features-1/1.0/conf/geojson",
    "ogcapi-features-1/1.0/conf/oas30",
    "ogcapi-features-2/1.0/conf/crs",
    "ogcapi-features-3/1.0/conf/queryables",
    "ogcapi-tiles-1/1.0/conf/core",
    "ogcapi-tiles-1/1.0/conf/mvt",
)
# Mainland and archipelagos, degrees.
_EXTENT = [102.1, 6.3, 117.9, 23.5]
_TYPES = {"text": "string", "date": "string", "partial_date": "string", "boolean": "boolean"}
MATRIX_SET = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"


class NoSuchCollection(NotFound):
    """There is no collection of this name."""

    code = "exchange.no_such_collection"


@dataclass(frozen=True, slots=True)
class Collection:
    """Records of a dataset as features.

    Args:
        dataset: `register/dataset`; its key becomes the feature's id.
        shape: the field that becomes the geometry.
        tiles: `register/dataset` of its vector tiles.
    """

    name: str
    title: str
    description: str
    dataset: str
    shape: str
    tiles: str

    @property
    def published(self) -> Dataset:
        """Give the dataset."""
        return catalogue.DATASETS[self.dataset]


COLLECTIONS: Mapping[str, Collection] = {
    one.name: one
    for one in (
        Collection(
            name="parcels",
            title="Thửa đất",
            description="Parcels of the national land database, as surveyed.",
            dataset="land/parcel",
            shape="shape",
            tiles="land/parcel_tile",
        ),
    )
}


def get_collection(name: str) -> Collection:
    """Get a collection.

    Raises:
        NoSuchCollection: there is none of this name.
    """
    if name not in COLLECTIONS:
        raise NoSuchCollection("There is no such collection; /ogc/collections lists them.")
    return COLLECTIONS[name]


def link(href: str, rel: str, kind: str, title: str) -> Json:
    """Write a link."""
    return {"href": href, "rel": rel, "type": kind, "title": title}


def describe_landing(root: str, reference: str) -> Json:
    """Describe the API.

    Args:
        root: address of the landing page.
        reference: address of the API's reference.
    """
    openapi = "application/vnd.oai.openapi+json;version=3.1"
    return {
        "title": "National land database",
        "description": "Parcels through the exchange: answers are given under an agreement, and "
        "each is logged. A token is got at /v1/token.",
        "links": [
            link(root, "self", _JSON, "this document"),
            link(reference, "service-desc", openapi, "reference of the API"),
            link(f"{root}/conformance", "conformance", _JSON, "what it conforms to"),
            link(f"{root}/collections", "data", _JSON, "collections"),
        ],
    }


def describe_conformance() -> Json:
    """List the requirements that the API meets."""
    return {"conformsTo": [f"http://www.opengis.net/spec/{one}" for one in _CLASSES]}


def describe_collections(root: str) -> Json:
    """Describe all collections."""
    return {
        "links": [link(f"{root}/collections", "self", _JSON, "this document")],
        "collections": [describe_collection(root, one) for one in COLLECTIONS.values()],
        "crs": list(references.SUPPORTED),
    }


def describe_collection(root: str, collection: Collection) -> Json:
    """Describe a collection."""
    here = f"{root}/collections/{collection.name}"
    tiles = link(f"{here}/tiles", "", _JSON, "vector tiles")
    tiles["rel"] = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector"
    queryables = link(f"{here}/queryables", "", "application/schema+json", "queryables")
    queryables["rel"] = "http://www.opengis.net/def/rel/ogc/1.0/queryables"
    return {
        "id": collection.name,
        "title": collection.title,
        "description": collection.description,
        "itemType": "feature",
        "extent": {"spatial": {"bbox": [_EXTENT], "crs": references.CRS84}},
        "crs": list(references.SUPPORTED),
        "storageCrs": references.STORAGE,
        "links": [
            link(here, "self", _JSON, "this document"),
            link(f"{here}/items", "items", GEOJSON, "features"),
            queryables,
            tiles,
        ],
    }


def describe_queryables(root: str, collection: Collection) -> Json:
    """List by which properties features may be filtered, if the agreement grants it."""
    dataset = collection.published
    properties: dict[str, Json] = {
        collection.shape: {"$ref": "https://geojson.org/schema/MultiPolygon.json"}
    }
    for name in filters.list_properties(dataset):
        field = dataset.fields.get(name)
        properties[name] = _schema(field) if field else {"type": "string"}
        if dataset.predicates[name].type == "range":
            properties[name]["type"] = "number"
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{root}/collections/{collection.name}/queryables",
        "type": "object",
        "title": collection.title,
        "description": filters.OFFERED,
        "properties": properties,
        "additionalProperties": False,
    }


def _schema(field: Field) -> Json:
    kind = {"type": _TYPES.get(field.type, "string")}
    return {**kind, "title": field.title_vi, "description": field.description}


def describe_tiles(root: str, collection: Collection) -> Json:
    """Describe the vector tiles of a collection."""
    here = f"{root}/collections/{collection.name}/tiles"
    item = link(
        f"{here}/WebMercatorQuad/{{tileMatrix}}/{{tileRow}}/{{tileCol}}", "item", TILE, "tiles"
    )
    item["templated"] = True
    tileset = {
        "title": collection.title,
        "dataType": "vector",
        "crs": "http://www.opengis.net/def/crs/EPSG/0/3857",
        "tileMatrixSetURI": MATRIX_SET,
        "links": [link(here, "self", _JSON, "this document"), item],
    }
    return {"links": [link(here, "self", _JSON, "this document")], "tilesets": [tileset]}

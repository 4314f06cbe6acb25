"""Features: a request for items is a search, one for an item a look-up; the answer is GeoJSON."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import orjson

from databases.errors import RegisterError
from sharing_api.access_log.entries import moment
from sharing_api.disclosure.inquiry import Inquiry
from sharing_api.disclosure.request import Asked
from sharing_api.protocols.dialects import Incoming
from sharing_api.protocols.features import (
    boxes,
    filters,
    geojson,
    parameters,
    problems,
    references,
    resources,
)
from sharing_api.protocols.features.resources import Collection

USUAL_LIMIT = 100
_FIRST = "0"  # comes before every id
ITEM = {
    "crs": "system of the coordinates, as URI; CRS84 if left out",
    "datetime": "day for which the answer is to hold; today if left out",
}
ITEMS = {
    **ITEM,
    "after": "id after which the page begins, as in the link next",
    "bbox": "box that features meet, in bbox-crs",
    "bbox-crs": "system of bbox, as URI; CRS84 if left out",
    "filter": "conditions in filter-lang, joined by AND; the queryables say which are read",
    "filter-crs": "system of coordinates in filter, as URI; CRS84 if left out",
    "filter-lang": "cql2-text or cql2-json",
    "limit": "most features of a page",
}


class Features:
    """The form of an answer with features, and what reads the request for them.

    Args:
        collection: whose features.
        address: of the items or the item, without its query.
    """

    def __init__(self, collection: Collection, address: str) -> None:
        self.collection = collection
        self.address = address
        self.crs = references.CRS84
        self.query: Mapping[str, str] = {}

    def read_items(self, incoming: Incoming) -> Asked:
        """Read a request for a page of features.

        Raises:
            InvalidParameter: a parameter cannot be read.
        """
        query = self._read_query(incoming, ITEMS)
        dataset = self.collection.published
        limit = parameters.read_limit(
            query.get("limit"), usual=USUAL_LIMIT, most=dataset.search_limit
        )
        return self._ask(
            incoming, operation="search", predicates=self._predicates(query), limit=limit
        )

    def read_item(self, incoming: Incoming, key: str) -> Asked:
        """Read a request for one feature.

        Raises:
            InvalidParameter: a parameter cannot be read.
        """
        self._read_query(incoming, ITEM)
        return self._ask(incoming, operation="look-up", keys=(key,))

    def write(self, inquiry: Inquiry) -> tuple[str, bytes]:
        """Write a feature, or a page of features with the link to the next one."""
        features = self._features(inquiry)
        if inquiry.question.operation == "look-up":
            document = {**features[0], "links": [self._link("self", self.query)]}
        else:
            document = {
                "type": "FeatureCollection",
                "timeStamp": moment(inquiry.received_at),
                "numberReturned": len(features),
                "links": self._page_links(inquiry),
                "features": features,
            }
        return resources.GEOJSON, orjson.dumps(document, option=orjson.OPT_SERIALIZE_NUMPY)

    def write_problem(self, error: RegisterError, *, instance: str) -> tuple[int, str, bytes]:
        """Write a refusal as OGC API does."""
        return problems.write(error, instance=instance)

    def _read_query(self, incoming: Incoming, known: Mapping[str, str]) -> Mapping[str, str]:
        query = parameters.read_query(incoming.http, known)
        self.crs = references.require_supported("crs", query.get("crs", references.CRS84))
        self.query = query
        return query

    def _predicates(self, query: Mapping[str, str]) -> dict[str, Any]:
        predicates: dict[str, Any] = {}
        if "filter" in query:
            uri = references.require_supported(
                "filter-crs", query.get("filter-crs", references.CRS84)
            )
            language = query.get("filter-lang", filters.LANGUAGES[0])
            predicates |= filters.read_filter(
                query["filter"],
                language,
                uri,
                shape=self.collection.shape,
                published=self.collection.published,
            )
        if "bbox" in query:
            uri = references.require_supported("bbox-crs", query.get("bbox-crs", references.CRS84))
            if filters.BOX in predicates:
                raise parameters.invalid("bbox", "The filter names a box already.")
            predicates[filters.BOX] = list(boxes.read_box(query["bbox"], uri))
        if "after" in query or not predicates:
            predicates[filters.AFTER] = query.get("after", _FIRST)
        return predicates

    def _ask(self, incoming: Incoming, *, operation: str, **more: Any) -> Asked:
        dataset = self.collection.published
        granted = incoming.granted_fields(self.collection.dataset)
        return Asked(
            dataset=self.collection.dataset,
            operation=operation,
            fields=(dataset.key, *(name for name in granted if name != dataset.key)),
            purpose="",
            legal_basis="",
            valid_on=parameters.read_day(self.query.get("datetime")),
            **more,
        )

    def _features(self, inquiry: Inquiry) -> list[dict[str, Any]]:
        key, shape = self.collection.published.key, self.collection.shape
        records = list(inquiry.records.values())
        geometries = geojson.write_geometries([one.get(shape) for one in records], self.crs)
        return [
            {
                "type": "Feature",
                "id": record[key],
                "geometry": geometry,
                "properties": {
                    name: value for name, value in record.items() if name not in (key, shape)
                },
            }
            for record, geometry in zip(records, geometries, strict=True)
        ]

    def _page_links(self, inquiry: Inquiry) -> list[dict[str, Any]]:
        links = [self._link("self", self.query)]
        # Records outside the territory were looked at too: the next page comes after them.
        if inquiry.subjects and len(inquiry.subjects) >= inquiry.limit:
            following = {**self.query, "after": max(inquiry.subjects)}
            links.append(self._link("next", following))
        return links

    def _link(self, rel: str, query: Mapping[str, str]) -> dict[str, Any]:
        href = f"{self.address}?{urlencode(query)}" if query else self.address
        return resources.link(href, rel, resources.GEOJSON, "")

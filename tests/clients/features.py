"""OWSLib and GDAL's OAPIF driver, unchanged, read the parcels of the exchange.

Run it against a running demonstration:

    python -m tests.clients.features --url http://127.0.0.1:8714 --token "$TOKEN"
"""

import argparse
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pyogrio
import shapely
import shapely.geometry
from owslib.ogcapi.features import Features

COLLECTION = "parcels"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
Shapes = dict[str, shapely.Geometry]


def connect_owslib(url: str, token: str) -> Features:
    """Open OWSLib's client at the landing page; the token goes into its headers."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return Features(f"{url}/ogc", headers=headers)


def read_owslib(client: Features, **parameters: Any) -> Shapes:
    """Read one page of features by id; parameters are those of items."""
    page: Mapping[str, Any] = client.collection_items(COLLECTION, **parameters)
    return {one["id"]: shapely.geometry.shape(one["geometry"]) for one in page["features"]}


@contextmanager
def signed_in(token: str) -> Iterator[None]:
    """Let GDAL send the token with each of its requests."""
    given = {"GDAL_HTTP_AUTH": "BEARER", "GDAL_HTTP_BEARER": token}
    pyogrio.set_gdal_config_options(given)
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options(dict.fromkeys(given))


def read_gdal(url: str, token: str, **options: Any) -> tuple[str, Shapes]:
    """Read all features with GDAL, east before north as GDAL always gives them.

    Args:
        options: of the reading (bbox, where) and of opening the data set (CRS, PAGE_SIZE).

    Returns:
        the coordinate reference system that GDAL took, and shapes by id.
    """
    with signed_in(token):
        meta, _, shapes, columns = pyogrio.raw.read(f"OAPIF:{url}/ogc", layer=COLLECTION, **options)
    ids = columns[list(meta["fields"]).index("id")]
    return meta["crs"], dict(zip(ids, shapely.from_wkb(shapes), strict=True))


def main() -> None:
    """Show what both clients find in a box, in WGS 84 and in a zone of VN-2000."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="http://127.0.0.1:8714")
    parser.add_argument("--token", default="", help="access token of a system with an agreement")
    parser.add_argument("--bbox", default="102.1,6.3,117.9,23.5", help="west,south,east,north")
    parser.add_argument("--zone", type=int, default=9210, help="EPSG code of a zone of VN-2000")
    given = parser.parse_args()
    box = [float(side) for side in given.bbox.split(",")]
    client = connect_owslib(given.url, given.token)
    sys.stdout.write(f"OWSLib: collections {client.feature_collections()}\n")
    for crs in (CRS84, f"{EPSG}{given.zone}"):
        found = read_owslib(client, bbox=box, crs=crs, limit=10)
        show("OWSLib", crs, found)
    crs, found = read_gdal(given.url, given.token, bbox=tuple(box), max_features=50)
    show("GDAL", crs, found)
    crs, found = read_gdal(given.url, given.token, max_features=50, CRS=f"EPSG:{given.zone}")
    show("GDAL", crs, found)


def show(client: str, crs: str, found: Shapes) -> None:
    """Write how many parcels a client found, and the first ones."""
    sys.stdout.write(f"{client}, {crs}: {len(found)} parcels\n")
    for name, shape in list(found.items())[:3]:
        sys.stdout.write(f"  {name}: {shape.wkt[:90]}\n")


if __name__ == "__main__":
    main()

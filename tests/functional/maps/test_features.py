"""OGC API - Features at the door: named clients read it unchanged, to the centimetre."""

import multiprocessing
from concurrent import futures
from pathlib import Path
from typing import Any

import httpx2
import pyogrio
import pyproj
import pytest
import shapely

from tests.clients import features
from tests.functional import parcels
from tests.functional.conftest import Exchange

CENTIMETRE = 0.01
CENTIMETRE_IN_DEGREES = 9e-8
ZONE = f"{features.EPSG}{parcels.HAI_PHONG}"
HERE = {name: shape for name, (srid, shape) in parcels.SQUARES.items() if srid == 9210}


def get(live: Exchange, path: str, client: str | None = "full", **query: Any) -> httpx2.Response:
    """Ask for a resource below the landing page."""
    headers = {"authorization": f"Bearer {live.client(client).token()}"} if client else {}
    return httpx2.get(f"{live.address}/ogc{path}", params=query, headers=headers, timeout=20)


def items(live: Exchange, client: str | None = "full", **query: Any) -> httpx2.Response:
    """Ask for features."""
    return get(live, "/collections/parcels/items", client, **query)


def in_wgs_84(shape: shapely.Geometry, srid: int = 9210) -> shapely.Geometry:
    """Carry a shape to WGS 84 by the registry's operation, not by our code."""
    to_degrees = pyproj.Transformer.from_crs(srid, 4756, always_xy=True)
    shift = pyproj.Transformer.from_pipeline("urn:ogc:def:coordinateOperation:EPSG::6960")

    def carry(x: Any, y: Any) -> tuple[Any, Any]:
        lon, lat = to_degrees.transform(x, y)
        lat, lon = shift.transform(lat, lon)
        return lon, lat

    return shapely.transform(shape, carry, interleaved=False)


BOX = in_wgs_84(shapely.union_all(list(HERE.values()))).bounds


def read_gdal(live: Exchange, **options: Any) -> tuple[str, features.Shapes]:
    """Read with GDAL in a process of its own: it would keep this one's server from answering."""
    spawning = multiprocessing.get_context("spawn")
    with futures.ProcessPoolExecutor(1, mp_context=spawning) as apart:
        token = live.client("full").token()
        return apart.submit(features.read_gdal, live.address, token, **options).result(60)


def require_same(found: features.Shapes, expected: features.Shapes, tolerance: float) -> None:
    """Check ids and coordinates."""
    assert sorted(found) == sorted(expected)
    for name, shape in found.items():
        assert shapely.hausdorff_distance(shape, expected[name]) < tolerance


class TestOwslib:
    def test_finds_the_collection(self, live: Exchange) -> None:
        client = features.connect_owslib(live.address, live.client("full").token())

        assert client.feature_collections() == ["parcels"]
        assert "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs" in str(
            client.conformance()
        )

    def test_reads_wgs_84_to_a_centimetre(self, live: Exchange) -> None:
        client = features.connect_owslib(live.address, live.client("full").token())

        found = features.read_owslib(client, bbox=list(BOX), limit=100)

        expected = {name: in_wgs_84(shape) for name, shape in HERE.items()}
        require_same(found, expected, CENTIMETRE_IN_DEGREES)

    def test_reads_a_zone_of_vn_2000_as_surveyed(self, live: Exchange) -> None:
        client = features.connect_owslib(live.address, live.client("full").token())

        found = features.read_owslib(client, bbox=list(BOX), limit=100, crs=ZONE)

        require_same(found, HERE, CENTIMETRE / 100)


class TestGdal:
    def test_reads_the_common_system_to_a_centimetre(self, live: Exchange) -> None:
        crs, found = read_gdal(live)

        expected = {}
        for name, (srid, shape) in parcels.SQUARES.items():
            carry = pyproj.Transformer.from_crs(srid, 4756, always_xy=True).transform
            expected[name] = shapely.transform(shape, carry, interleaved=False)
        assert crs == "EPSG:4756"
        require_same(found, expected, CENTIMETRE_IN_DEGREES)

    @pytest.mark.parametrize("system", ["EPSG:4326", "OGC:CRS84"])
    def test_reads_wgs_84_to_a_centimetre(self, live: Exchange, system: str) -> None:
        _, found = read_gdal(live, CRS=system)

        expected = {name: in_wgs_84(shape, srid) for name, (srid, shape) in parcels.SQUARES.items()}
        require_same(found, expected, CENTIMETRE_IN_DEGREES)

    def test_reads_a_zone_of_vn_2000_as_surveyed(self, live: Exchange) -> None:
        bounds = shapely.union_all(list(HERE.values())).bounds

        crs, found = read_gdal(live, CRS="EPSG:9210", bbox=bounds)

        assert crs == "EPSG:9210"
        require_same(found, HERE, CENTIMETRE)

    def test_follows_the_pages(self, live: Exchange) -> None:
        _, found = read_gdal(live, PAGE_SIZE=3)

        assert sorted(found) == sorted(parcels.SQUARES)


def require_refusal(response: httpx2.Response, status: int, code: str) -> dict[str, Any]:
    """Check that a refusal is a problem document, and give it."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    document: dict[str, Any] = response.json()
    assert (document["status"], document["code"]) == (status, code)
    return document


def names(response: httpx2.Response) -> list[str]:
    """Give the ids of a page in order."""
    assert response.status_code == 200, response.text
    return [feature["id"] for feature in response.json()["features"]]


class TestDocuments:
    @pytest.mark.parametrize(
        "path",
        [
            "",
            "/conformance",
            "/collections",
            "/collections/parcels",
            "/collections/parcels/queryables",
            "/collections/parcels/tiles",
        ],
    )
    def test_are_public(self, live: Exchange, path: str) -> None:
        assert get(live, path, None).status_code == 200

    def test_say_which_part_of_cql2_is_read_and_claim_no_class_of_it(self, live: Exchange) -> None:
        queryables = get(live, "/collections/parcels/queryables", None).json()
        classes = get(live, "/conformance", None).json()["conformsTo"]

        assert "BETWEEN" in queryables["description"]
        assert not [one for one in classes if "cql2" in one or one.endswith("/filter")]

    def test_name_no_other_collection(self, live: Exchange) -> None:
        for path in ("/collections/people", "/collections/people/items"):
            require_refusal(get(live, path, "full"), 404, "exchange.no_such_collection")

    def test_list_every_zone_of_vn_2000(self, live: Exchange) -> None:
        listed = get(live, "/collections/parcels", None).json()["crs"]

        assert len([one for one in listed if one.startswith(features.EPSG)]) == 22


class TestItems:
    def test_give_pages_that_hold_everything_once(self, live: Exchange) -> None:
        found, following = [], f"{live.address}/ogc/collections/parcels/items?limit=7"
        headers = {"authorization": f"Bearer {live.client('full').token()}"}
        while following:
            page = httpx2.get(following, headers=headers).json()
            found += [feature["id"] for feature in page["features"]]
            following = next((x["href"] for x in page["links"] if x["rel"] == "next"), "")

        assert found == sorted(parcels.SQUARES)

    def test_say_in_which_system_they_are(self, live: Exchange) -> None:
        response = items(live, limit=1, crs=ZONE)

        assert response.headers["content-crs"] == f"<{ZONE}>"

    @pytest.mark.parametrize("system", [features.CRS84, f"{features.EPSG}4326", ZONE])
    def test_are_found_by_a_box_in_any_system(self, live: Exchange, system: str) -> None:
        square = HERE["9210C1R1"].buffer(-1)
        if system != ZONE:
            square = in_wgs_84(square)
        box = list(square.bounds)
        if system.endswith("4326"):
            box = [box[1], box[0], box[3], box[2]]

        found = items(live, bbox=",".join(str(side) for side in box), **{"bbox-crs": system})

        assert names(found) == ["9210C1R1"]

    @pytest.mark.parametrize(
        ("language", "written"),
        [
            ("cql2-text", "map_sheet_no = '7' AND S_INTERSECTS(shape, BBOX({}))"),
            (
                "cql2-json",
                '{{"op":"and","args":[{{"op":"=","args":[{{"property":"map_sheet_no"}},"7"]}},'
                '{{"op":"s_intersects","args":[{{"property":"shape"}},{{"bbox":[{}]}}]}}]}}',
            ),
        ],
    )
    def test_are_found_by_a_filter(self, live: Exchange, language: str, written: str) -> None:
        sides = ",".join(str(side) for side in in_wgs_84(HERE["9210C2R0"].buffer(-1)).bounds)

        found = items(live, filter=written.format(sides), **{"filter-lang": language})

        assert names(found) == ["9210C2R0"]

    @pytest.mark.parametrize(
        ("condition", "is_found"),
        [
            ("map_sheet_no IN ('6', '7')", True),
            ("(map_sheet_no = '6' OR map_sheet_no = '5')", False),
            ("legal_area BETWEEN 399.99 AND 400", True),
            ("legal_area > 399.99 AND legal_area < 400.01", True),
            ("legal_area = 400", True),
            ("400 < legal_area", False),
            ("legal_area < 400", False),
        ],
    )
    def test_are_found_by_lists_and_ranges(
        self, live: Exchange, condition: str, is_found: bool
    ) -> None:
        sides = ",".join(str(side) for side in in_wgs_84(HERE["9210C2R0"].buffer(-1)).bounds)

        found = items(live, filter=f"S_INTERSECTS(shape, BBOX({sides})) AND {condition}")

        assert names(found) == (["9210C2R0"] if is_found else [])

    def test_need_the_grant_of_a_range(self, live: Exchange) -> None:
        response = items(
            live, "mapper", filter="S_INTERSECTS(shape, BBOX(105, 20, 106, 21)) AND legal_area > 1"
        )

        assert response.status_code == 403

    def test_hold_for_the_day_asked_for(self, live: Exchange) -> None:
        assert names(items(live, datetime="2025-07-31")) == []
        assert len(names(items(live, datetime="2025-08-01"))) == len(parcels.SQUARES)

    def test_leave_one_entry_in_the_log(self, live: Exchange) -> None:
        with live.logged() as entries:
            response = items(live, limit=5)

        assert [entry["subject_tag"] for entry in entries] == [None]
        assert entries[0]["dataset"] == "land/parcel"
        assert response.headers["exchange-receipt"]

    def test_need_a_token(self, live: Exchange) -> None:
        require_refusal(items(live, None), 401, "exchange.unauthenticated")

    @pytest.mark.parametrize(
        "query",
        [
            {"foo": "1"},
            {"limit": "0"},
            {"limit": "x"},
            {"bbox": "1,2,3"},
            {"bbox": "nan,20,106,21"},
            {"bbox": "106,21,105,20"},
            {"bbox": "105,20,106,210"},
            {"crs": "http://www.opengis.net/def/crs/EPSG/0/3857"},
            {"bbox": "105,20,106,21", "bbox-crs": "EPSG:4326"},
            {"datetime": "yesterday"},
            {"datetime": "2025-01-01/2026-01-01"},
            {"filter": "map_sheet_no = "},
            {"filter": "map_sheet_no = '7' OR parcel_no = '1'"},
            {"filter": "map_sheet_no > '7'"},
            {"filter": "map_sheet_no <> '7'"},
            {"filter": "NOT map_sheet_no = '7'"},
            {"filter": "map_sheet_no NOT IN ('7', '8')"},
            {"filter": "map_sheet_no LIKE '7%'"},
            {"filter": "legal_area NOT BETWEEN 1 AND 2"},
            {"filter": "legal_area > 400"},
            {"filter": "legal_area > 1e300 AND S_INTERSECTS(shape, BBOX(105, 20, 106, 21))"},
            {"filter": "map_sheet_no = '7' AND map_sheet_no = '8'"},
            {"filter": "S_INTERSECTS(shape, POLYGON((0 0,1 0,1 1,0 0)))"},
            {"filter": "[[[[", "filter-lang": "cql2-json"},
            {"filter": "map_sheet_no = '7'", "filter-lang": "sql"},
            {"after": ""},
        ],
    )
    def test_refuse_what_they_cannot_read(self, live: Exchange, query: dict[str, str]) -> None:
        response = items(live, **query)

        assert response.status_code == 400, response.text
        assert response.headers["content-type"] == "application/problem+json"


class TestItem:
    def test_is_one_feature(self, live: Exchange) -> None:
        feature = get(live, "/collections/parcels/items/9210C0R0", crs=ZONE).json()

        assert feature["id"] == "9210C0R0"
        assert shapely.geometry.shape(feature["geometry"]).equals(HERE["9210C0R0"])

    def test_leaves_an_entry_about_the_parcel(self, live: Exchange) -> None:
        with live.logged() as entries:
            get(live, "/collections/parcels/items/9210C0R0")

        assert [entry["subject_tag"] is not None for entry in entries] == [True]

    def test_is_refused_when_there_is_none(self, live: Exchange) -> None:
        response = get(live, "/collections/parcels/items/NOWHERE")

        require_refusal(response, 404, "exchange.record_not_found")

    def test_is_refused_when_the_id_has_no_form(self, live: Exchange) -> None:
        response = get(live, "/collections/parcels/items/lower-case")

        require_refusal(response, 400, "exchange.invalid_key")


class TestAgreement:
    def test_gives_granted_properties_only(self, live: Exchange) -> None:
        page = items(live, "mapper", limit=1).json()

        assert list(page["features"][0]["properties"]) == ["map_sheet_no"]

    def test_refuses_a_filter_by_a_property_that_is_not_granted(self, live: Exchange) -> None:
        response = items(live, "mapper", filter="parcel_no = '1' AND map_sheet_no = '7'")

        refusal = require_refusal(response, 403, "exchange.refused")
        assert [one["field"] for one in refusal["fields"]] == ["predicates.parcel_no"]

    def test_refuses_a_filter_by_a_property_that_there_is_not(self, live: Exchange) -> None:
        response = items(live, "mapper", filter="owner = 'somebody'")

        refusal = require_refusal(response, 403, "exchange.refused")
        assert [one["field"] for one in refusal["fields"]] == ["predicates.owner"]

    def test_reaches_its_territory_and_no_farther(self, live: Exchange) -> None:
        found = names(items(live, "ca-mau"))

        assert found == sorted(name for name, (srid, _) in parcels.SQUARES.items() if srid == 9207)

    def test_reads_on_past_what_lies_outside_its_territory(self, live: Exchange) -> None:
        """No page is empty because of parcels that the agreement does not reach."""
        first = items(live, "ca-mau", limit=1).json()
        behind = items(live, "ca-mau", limit=10, after="9210C0R0").json()

        assert len(first["features"]) == 1
        assert [one["rel"] for one in first["links"]] == ["self", "next"]
        assert behind["features"] == []
        assert [one["rel"] for one in behind["links"]] == ["self"]

    def test_may_be_about_something_else(self, live: Exchange) -> None:
        response = items(live, "by-key")

        require_refusal(response, 403, "exchange.refused")


def tile_of(name: str, zoom: int = 17) -> str:
    """Give the path of the tile in which a square lies."""
    lon, lat = in_wgs_84(HERE[name].centroid).coords[0]
    x, y = pyproj.Transformer.from_crs(4326, 3857, always_xy=True).transform(lon, lat)
    half = 20_037_508.342789244
    column, row = ((x + half) / (2 * half), (half - y) / (2 * half))
    size = 2**zoom
    return (
        f"/collections/parcels/tiles/WebMercatorQuad/{zoom}/{int(row * size)}/{int(column * size)}"
    )


class TestTile:
    def test_holds_the_parcels_that_gdal_reads(self, live: Exchange, tmp_path: Path) -> None:
        response = get(live, tile_of("9210C1R1"))

        file = tmp_path / "tile.mvt"
        file.write_bytes(response.content)
        assert response.headers["content-type"] == "application/vnd.mapbox-vector-tile"
        assert [name for name, _ in pyogrio.list_layers(file)] == ["numbers", "parcels"]
        _, _, _, columns = pyogrio.raw.read(file, layer="parcels", columns=["parcel_id"])
        assert "9210C1R1" in columns[0]

    def test_holds_the_granted_layers_only(self, live: Exchange, tmp_path: Path) -> None:
        file = tmp_path / "tile.mvt"
        file.write_bytes(get(live, tile_of("9210C1R1"), "mapper").content)

        assert [name for name, _ in pyogrio.list_layers(file)] == ["parcels"]

    def test_is_empty_where_nothing_lies(self, live: Exchange) -> None:
        response = get(live, "/collections/parcels/tiles/WebMercatorQuad/17/1/1")

        assert (response.status_code, response.content) == (200, b"")

    def test_is_refused_when_it_shows_too_much(self, live: Exchange) -> None:
        response = get(live, "/collections/parcels/tiles/WebMercatorQuad/5/14/25")

        require_refusal(response, 400, "exchange.invalid_key")

    def test_leaves_an_entry_in_the_log(self, live: Exchange) -> None:
        with live.logged() as entries:
            get(live, tile_of("9210C1R1"))

        assert [entry["dataset"] for entry in entries] == ["land/parcel_tile"]

    def test_needs_an_agreement_about_the_whole_country(self, live: Exchange) -> None:
        response = get(live, tile_of("9210C1R1"), "ca-mau")

        require_refusal(response, 404, "exchange.record_not_found")

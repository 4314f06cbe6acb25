"""Parcels as files: what the exchange gave page by page, to the centimetre, with its receipts."""

from pathlib import Path

import pyogrio
import pytest
import shapely

from command_line.exporter import pages
from command_line.exporter import parcels as exporter
from sharing_api.client import ExchangeRefused
from tests.factories.exchange import LAW, PURPOSE
from tests.functional import parcels
from tests.functional.conftest import Exchange

QUESTION = {
    "fields": ["parcel_id", "map_sheet_no", "location", "shape"],
    "purpose": PURPOSE,
    "legal_basis": LAW,
    "officer": "cb-01",
    "case": "H-7",
}


class TestExportParcels:
    @pytest.mark.parametrize("form", list(exporter.Form))
    def test_writes_what_gdal_reads_back(
        self, live: Exchange, tmp_path: Path, form: exporter.Form
    ) -> None:
        file = tmp_path / f"parcels.{form}"

        count = exporter.export_parcels(live.client("full"), QUESTION, {}, file, 9210)

        meta, _, shapes, columns = pyogrio.raw.read(file)
        assert count == len(shapes) == len(parcels.SQUARES)
        assert meta["crs"] == "EPSG:9210"
        names = columns[list(meta["fields"]).index("parcel_id")]
        found = dict(zip(names, shapely.from_wkb(shapes), strict=True))
        assert shapely.hausdorff_distance(found["9210C2R1"], parcels.outline(9210, 2, 1)) < 0.01

    def test_keeps_the_receipts_of_its_answers(self, live: Exchange, tmp_path: Path) -> None:
        file = tmp_path / "parcels.gpkg"

        exporter.export_parcels(live.client("full"), QUESTION, {}, file, 4756)

        kept = sorted(one.name for one in (tmp_path / "receipts" / "0001").iterdir())
        assert kept == ["answer.json", "question.json", "receipt.jws"]

    def test_asks_for_all_pages_of_one_state(self, live: Exchange) -> None:
        asked = {**QUESTION, "limit": 7, "fields": ["parcel_id"]}

        read = list(
            pages.read_pages(live.client("full"), "land/parcel", asked, {"after": "0"}, "parcel_id")
        )

        found = [one["parcel_id"] for page in read for one in page.document["records"]]
        assert found == sorted(parcels.SQUARES)
        assert len({page.document["change"] for page in read}) == 1

    def test_is_refused_like_any_question(self, live: Exchange, tmp_path: Path) -> None:
        with pytest.raises(ExchangeRefused):
            exporter.export_parcels(
                live.client("by-key"), QUESTION, {}, tmp_path / "parcels.gml", 4756
            )

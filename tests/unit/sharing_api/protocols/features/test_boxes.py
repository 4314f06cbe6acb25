"""Boxes of any system become boxes of WGS 84 that hold them."""

import numpy as np
import pytest

from databases import reference_systems
from sharing_api.protocols.features import boxes, parameters, references

EPSG = "http://www.opengis.net/def/crs/EPSG/0/"


class TestReadBox:
    def test_takes_heights_and_passes_them_over(self) -> None:
        assert boxes.read_box("105,20,-5,106,21,5", references.CRS84) == (105, 20, 106, 21)

    def test_turns_axes(self) -> None:
        assert boxes.read_box("20,105,21,106", f"{EPSG}4326") == (105, 20, 106, 21)

    @pytest.mark.parametrize(
        ("text", "system"),
        [
            ("500000,2300000,510000,2310000", f"{EPSG}9210"),
            ("20.5,105.5,20.6,105.6", f"{EPSG}4756"),
        ],
    )
    def test_holds_all_corners(self, text: str, system: str) -> None:
        west, south, east, north = boxes.read_box(text, system)

        x_1, y_1, x_2, y_2 = (float(side) for side in text.split(","))
        corners = np.array([(x_1, y_1), (x_2, y_1), (x_2, y_2), (x_1, y_2)])
        if references.is_latitude_first(system):
            corners = corners[:, ::-1]
        carried = reference_systems.transform_points(
            corners, source=references.srid_of(system), target=4326
        )
        assert (carried >= (west, south)).all()
        assert (carried <= (east, north)).all()

    @pytest.mark.parametrize(
        ("text", "system"),
        [
            ("1,2,3", references.CRS84),
            ("1,2,3,x", references.CRS84),
            ("106,20,105,21", references.CRS84),
            ("105,20,106,120", references.CRS84),
            ("105,20,106,21", f"{EPSG}4326"),
            ("nan,20,106,21", references.CRS84),
            ("inf,20,106,21", references.CRS84),
            ("1e9,1e9,1e9,1e9", f"{EPSG}9210"),
        ],
    )
    def test_refuses_what_is_none(self, text: str, system: str) -> None:
        with pytest.raises(parameters.InvalidParameter) as refused:
            boxes.read_box(text, system)

        assert refused.value.fields[0].field == "bbox"

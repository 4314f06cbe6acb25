"""CQL2: what is read of it, and that the rest is refused rather than half answered."""

import json
from typing import Any

import pytest

from land.datasets import PARCEL
from sharing_api.protocols.features import filters, parameters, references

BOX = [105.0, 20.0, 106.0, 21.0]
SQUARE = "POLYGON((105 20, 106 20, 106 21, 105 21, 105 20))"


def read(text: str, language: str = "cql2-text", uri: str = references.CRS84) -> dict[str, Any]:
    """Read a filter of parcels."""
    return dict(filters.read_filter(text, language, uri, shape="shape", published=PARCEL))


def node(operator: str, *arguments: Any) -> dict[str, Any]:
    """Give a node of CQL2 in JSON."""
    return {"op": operator, "args": list(arguments)}


class TestReadFilter:
    @pytest.mark.parametrize(
        "text",
        [
            "map_sheet_no = '7' AND S_INTERSECTS(shape, BBOX(105, 20, 106, 21))",
            f"map_sheet_no = '7' AND S_INTERSECTS(shape, {SQUARE})",
        ],
    )
    def test_takes_conditions_that_must_all_hold(self, text: str) -> None:
        assert read(text) == {"map_sheet_no": "7", "bbox": BOX}

    @pytest.mark.parametrize(
        ("text", "wanted"),
        [
            ("map_sheet_no IN ('7', '8')", ["7", "8"]),
            ("map_sheet_no = '7' OR map_sheet_no = '8'", ["7", "8"]),
            ("map_sheet_no = '7' OR map_sheet_no IN ('8', '9')", ["7", "8", "9"]),
            ("'7' = map_sheet_no", "7"),
        ],
    )
    def test_takes_one_of_several_texts(self, text: str, wanted: Any) -> None:
        assert read(text) == {"map_sheet_no": wanted}

    @pytest.mark.parametrize(
        ("text", "wanted"),
        [
            ("legal_area >= 100.5", {"least": 100.5}),
            ("legal_area > 100", {"above": 100}),
            ("100 < legal_area", {"above": 100}),
            ("legal_area > 100 AND legal_area <= 200", {"above": 100, "most": 200}),
            ("legal_area < 200", {"below": 200}),
            ("legal_area = 150", {"least": 150, "most": 150}),
            ("legal_area BETWEEN 100 AND 200", {"least": 100, "most": 200}),
        ],
    )
    def test_takes_a_range_of_numbers(self, text: str, wanted: dict[str, float]) -> None:
        assert read(text) == {"legal_area": wanted}

    @pytest.mark.parametrize("limits", [[100, 200], [[100, 200]]])
    def test_takes_a_range_in_json(self, limits: list[Any]) -> None:
        between = node("between", {"property": "legal_area"}, *limits)

        assert read(json.dumps(between), "cql2-json") == {"legal_area": {"least": 100, "most": 200}}

    def test_takes_a_point(self) -> None:
        assert read("S_INTERSECTS(shape, POINT(105 20))") == {"bbox": [105, 20, 105, 20]}

    def test_takes_json(self) -> None:
        equal = node("=", {"property": "map_sheet_no"}, "7")
        place = node("s_intersects", {"property": "shape"}, {"bbox": BOX})

        assert read(json.dumps(node("and", equal, place)), "cql2-json") == {
            "map_sheet_no": "7",
            "bbox": BOX,
        }

    def test_follows_the_axes_of_the_system(self) -> None:
        text = "S_INTERSECTS(shape, BBOX(20, 105, 21, 106))"

        assert read(text, uri="http://www.opengis.net/def/crs/EPSG/0/4326") == {"bbox": BOX}

    def test_lets_the_corridor_refuse_an_unknown_property(self) -> None:
        assert read("owner = 'somebody'") == {"owner": "somebody"}

    @pytest.mark.parametrize(
        "text",
        [
            "map_sheet_no = '7' OR parcel_no = '1'",
            "NOT map_sheet_no = '7'",
            "map_sheet_no <> '7'",
            "map_sheet_no < '7'",
            "map_sheet_no LIKE '7%'",
            "map_sheet_no NOT IN ('7', '8')",
            "map_sheet_no = '7' OR (map_sheet_no = '8' AND parcel_no = '1')",
            "map_sheet_no IN ('7', '8') AND map_sheet_no = '7'",
            "map_sheet_no BETWEEN '1' AND '2'",
            "map_sheet_no IN ('7', parcel_no)",
            "legal_area = 1 OR legal_area = 2",
            "legal_area IN (1, 2)",
            "legal_area <> 1",
            "legal_area > '1'",
            "legal_area > TRUE",
            "legal_area > parcel_no",
            "legal_area NOT BETWEEN 1 AND 2",
            "legal_area > 1 AND legal_area > 2",
            "legal_area BETWEEN 1 AND 2 AND legal_area < 2 AND legal_area = 1",
            "legal_area IS NULL",
            "map_sheet_no = '7' OR S_INTERSECTS(shape, BBOX(105, 20, 106, 21))",
            "map_sheet_no = parcel_no",
            "map_sheet_no = '7' AND map_sheet_no = '8'",
            "parcel_id = '9210C0R0'",
            "S_INTERSECTS(survey, BBOX(105, 20, 106, 21))",
            "S_INTERSECTS(shape, POLYGON((105 20, 106 20, 106 21, 105 20)))",
            "S_INTERSECTS(shape, BBOX(106, 21, 105, 20))",
            "S_INTERSECTS(shape, BBOX(105, 20))",
            "S_INTERSECTS(shape, BBOX('a', 20, 106, 21))",
            "S_INTERSECTS(shape, map_sheet_no)",
            "S_INTERSECTS(shape, POINT EMPTY)",
            "S_WITHIN(shape, BBOX(105, 20, 106, 21))",
            "map_sheet_no",
            "map_sheet_no =",
            "",
            "((((" * 500,
            "x" * 5_000,
        ],
    )
    def test_refuses_the_rest(self, text: str) -> None:
        with pytest.raises(parameters.InvalidParameter) as refused:
            read(text)

        assert refused.value.fields[0].field == "filter"

    @pytest.mark.parametrize(
        "text",
        [
            '{"op":"s_intersects","args":[{"property":"shape"},{"bbox":["a",1,2,3]}]}',
            '{"op":"s_intersects","args":[{"property":"shape"},{"bbox":[1,2,3]}]}',
            "[",
            "[]",
            "1",
            "null",
            '"x"',
            "{}",
            '{"op":"="}',
            '{"op":"between","args":[{"property":"legal_area"},1]}',
            '{"op":"between","args":[{"property":"legal_area"}]}',
            '{"op":"in","args":[{"property":"map_sheet_no"},"78"]}',
            '{"op":"=","args":[]}',
            "[" * 3_000,
        ],
    )
    def test_refuses_other_json(self, text: str) -> None:
        with pytest.raises(parameters.InvalidParameter):
            read(text, "cql2-json")

    def test_refuses_other_languages(self) -> None:
        with pytest.raises(parameters.InvalidParameter) as refused:
            read("map_sheet_no = '7'", "sql")

        assert refused.value.fields[0].field == "filter-lang"

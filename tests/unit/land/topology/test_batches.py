"""Boundaries looked at together: nothing passes that would be refused alone, nothing is altered."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import shapely

from databases.errors import RegisterError
from land.rules.topology import batches, shapes
from land.rules.topology.measured import Measured
from land.values import Shape

ZONE, OTHER_ZONE = 5897, 9209
WEST, SOUTH = 525_000.0, 2_325_000.0
HOLE = shapely.box(WEST + 5, SOUTH + 5, WEST + 10, SOUTH + 10)
BOW_TIE = shapely.Polygon(
    [(WEST, SOUTH), (WEST + 20, SOUTH + 20), (WEST + 20, SOUTH), (WEST, SOUTH + 20)]
)


def square(column: float = 0, *, east: float = WEST, side: float = 20) -> shapely.Polygon:
    west = east + column * side
    return shapely.box(west, SOUTH, west + side, SOUTH + side)


def read(geometry: Any, srid: int = ZONE) -> Shape:
    return shapes.read_shape(json.loads(shapely.to_geojson(geometry)), srid=srid)


def measured(shape: Shape, srid: int = ZONE) -> Measured:
    return Measured("P1", shape, srid, 0.05)


class TestReadPlaced:
    @pytest.mark.parametrize(
        "geometry",
        [
            square(1 / 3),
            shapely.difference(square(), HOLE),
            shapely.MultiPolygon([square(), square(2.1)]),
        ],
    )
    def test_reads_what_is_read_alone(self, geometry: Any) -> None:
        assert batches.read_placed([square(5), geometry], srid=ZONE)[1] == read(geometry)

    @pytest.mark.parametrize(
        "geometry",
        [
            BOW_TIE,
            shapely.Point(WEST, SOUTH),
            shapely.MultiPolygon(),
            square(side=0.01),
            square(east=WEST + 9e6),
            shapely.box(SOUTH, WEST, SOUTH + 20, WEST + 20),
            shapely.box(105, 21, 105.1, 21.1),
        ],
    )
    def test_leaves_what_is_no_boundary(self, geometry: Any) -> None:
        with pytest.raises(RegisterError):
            read(geometry)

        first, bad, last = batches.read_placed([square(), geometry, square(1)], srid=ZONE)

        assert bad is None
        assert (first, last) == (read(square()), read(square(1)))

    def test_leaves_degrees(self) -> None:
        assert batches.read_placed([shapely.box(105, 21, 107, 23)], srid=4756) == [None]


class TestLookAt:
    def test_tells_zones_apart(self) -> None:
        batch = batches.look_at(
            [measured(read(square())), None, measured(read(square(), OTHER_ZONE), OTHER_ZONE)]
        )

        assert batch.is_sound.tolist() == [True, False, True]

    @pytest.mark.parametrize(
        "changes",
        [
            {"survey_wkb": b"\x01"},
            {"common_wkb": b"\x01"},
            {"common_wkb": read(square(1)).common_wkb},
            {"survey_wkb": shapely.to_wkb(square())},
            {"survey_wkb": shapely.to_wkb(shapely.MultiPolygon([BOW_TIE]))},
            {
                "survey_wkb": shapely.to_wkb(
                    shapely.set_srid(shapely.MultiPolygon([square()]), ZONE), include_srid=True
                )
            },
        ],
    )
    def test_finds_nothing_sound_that_is_refused_alone(self, changes: dict[str, bytes]) -> None:
        bad = replace(read(square()), **changes)
        with pytest.raises(RegisterError):
            shapes.require_shape(bad, srid=ZONE)

        batch = batches.look_at([measured(bad), measured(read(square()))])

        assert batch.is_sound.tolist() == [False, True]


class TestConfirmArea:
    @pytest.mark.parametrize(("legal_m2", "is_certain"), [(400, True), (403, True), (405, False)])
    def test_confirms_within_the_error_of_the_survey(self, legal_m2: int, is_certain: bool) -> None:
        given = [measured(read(square()))]  # 80 m of boundary, 0.05 m: 4 m²

        found = batches.confirm_area(batches.look_at(given), 0.05, [legal_m2])

        assert found.tolist() == [is_certain]


class TestListMeeting:
    def test_lists_those_whose_insides_meet(self) -> None:
        given = [measured(read(square(column))) for column in (0, 1, 0.5, 9)]
        outlines = np.array([shapely.from_wkb(one.shape.common_wkb) for one in given])

        found = batches.list_meeting(batches.look_at(given), outlines, own=3)

        assert found == {0: [2], 1: [2], 2: [0, 1]}

    def test_lists_neighbours_that_cannot_be_compared(self) -> None:
        given = [measured(read(square())), measured(read(square(1), OTHER_ZONE), OTHER_ZONE)]
        outlines = np.array([shapely.from_wkb(given[0].shape.common_wkb)] * 2)

        found = batches.list_meeting(batches.look_at(given), outlines, own=1)

        assert found == {0: [1]}

    def test_finds_in_two_halves_what_it_finds_in_one(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Pairs that meet lie in both halves, and across where they are parted."""
        shifts = np.where(np.arange(60) % 7 == 0, 3.0, 0.0)
        placed = np.array(
            [square(place, east=WEST + shift) for place, shift in enumerate(shifts)], dtype=object
        )
        batch, outlines = batches.place(np.append(placed, square(29.5)), srid=ZONE)

        in_one = batches.list_meeting(batch, outlines, own=len(outlines))
        monkeypatch.setattr(batches, "_WORTH_HALVING", 1)
        in_two = batches.list_meeting(batch, outlines, own=len(outlines))

        assert in_two == in_one
        assert {0, 7, 29, 30, 56, 60} <= set(in_one)
        assert 3 not in in_one

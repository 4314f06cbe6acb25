"""A sheet is recorded as its parcels one after the other would be, in their order."""

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
import shapely
from sqlalchemy.orm import Session

from databases.changes import ledger, versions
from databases.changes.ledger import Act
from databases.errors import RegisterError
from land import service, tables, values
from land.service.loading import Loaded

ON = date(2026, 1, 1)
ZONE = 5897
WEST, SOUTH = 560_000.0, 2_290_000.0


def square(column: float, row: float = 0, *, side: float = 20) -> Any:
    west, south = WEST + 20 * column, SOUTH + 20 * row
    return shapely.box(west, south, west + side, south + side)


BOW_TIE = shapely.Polygon(
    [(WEST, SOUTH), (WEST + 20, SOUTH + 20), (WEST + 20, SOUTH), (WEST, SOUTH + 20)]
)
# Read only one by one: it is larger than what is seen to be a parcel at once.
VAST = shapely.box(WEST, SOUTH, WEST + 79_000, SOUTH + 79_000)


def make_sheet(
    *shapes: Any, names: list[str] | None = None, accuracy: str = "0.05"
) -> values.Sheet:
    placed = np.empty(len(shapes), dtype=object)
    placed[:] = shapes
    return values.Sheet(
        commune_code="00004",
        commune_version="19/2025",
        province_code="01",
        survey=values.Survey(srid=ZONE, accuracy_m=Decimal(accuracy)),
        parcel_ids=names or [f"S{number}" for number in range(len(shapes))],
        areas_m2=[Decimal(f"{shapely.area(shape):.2f}") for shape in shapes],
        placed=placed,
        given=[
            None if shape is None else json.loads(shapely.to_geojson(shape)) for shape in shapes
        ],
    )


def load_one_by_one(session: Session, act: Act, sheet: values.Sheet) -> list[Loaded]:
    read = service.read_shapes(sheet.placed, srid=ZONE, given=sheet.given)
    parcels = [
        sheet.make_parcel(place, shape)
        for place, shape in enumerate(read)
        if not isinstance(shape, RegisterError)
    ]
    loaded = iter(service.load_parcels(session, act=act, parcels=parcels, on=ON))
    return [
        Loaded("refused", shape) if isinstance(shape, RegisterError) else next(loaded)
        for shape in read
    ]


def load_sheet(session: Session, act: Act, sheet: values.Sheet) -> list[Loaded]:
    return service.load_sheet(session, act=act, sheet=sheet, on=ON)


def say(loaded: list[Loaded]) -> list[tuple[str, Any]]:
    return [
        (one.outcome, one.refusal and [(p.rule, p.message) for p in one.refusal.fields])
        for one in loaded
    ]


def list_held(session: Session, sheet: values.Sheet) -> list[dict[str, Any]]:
    found = [
        row
        for name in sorted(set(sheet.parcel_ids))
        for row in versions.list_current(session, tables.parcel, {"parcel_id": name})
    ]
    return [
        {**row, "shape": str(row["shape"]), "shape_4756": str(row["shape_4756"])} for row in found
    ]


SHEETS = {
    "neighbours": make_sheet(*(square(i, j) for j in range(3) for i in range(3))),
    "overlaps": make_sheet(square(0), square(0.5), square(1), square(5), square(5)),
    "within": make_sheet(square(0), square(0.2, 0.2, side=2), square(3)),
    "a name twice": make_sheet(square(0), square(1), square(2), names=["S1", "S1", "S2"]),
    "no boundary": make_sheet(square(0), BOW_TIE, shapely.Point(WEST, SOUTH), square(9, side=0.01)),
    "a vast one": make_sheet(square(3), VAST, square(4)),
    "a vast one first": make_sheet(VAST, square(4)),
    "wrong names": make_sheet(square(0), square(1), names=["s-0", "S1"]),
    "a wrong survey": make_sheet(square(0), square(1), accuracy="0"),
    "corners on a side": make_sheet(square(0, side=40), square(2), square(2, 1)),
}


class TestLoadSheet:
    @pytest.mark.parametrize("name", SHEETS)
    def test_records_what_parcels_one_by_one_would(
        self, name: str, land_session: Session, act: Act
    ) -> None:
        sheet = SHEETS[name]
        found = {}
        loaders: list[Callable[[Session, Act, values.Sheet], list[Loaded]]]
        loaders = [load_one_by_one, load_sheet]
        for load in loaders:
            with land_session.begin_nested() as savepoint:
                loaded = say(load(land_session, act, sheet))
                found[load] = loaded, list_held(land_session, sheet)
                savepoint.rollback()

        assert found[load_sheet] == found[load_one_by_one]

    @pytest.mark.parametrize("name", SHEETS)
    def test_changes_nothing_the_second_time(
        self, name: str, land_session: Session, act: Act
    ) -> None:
        first = load_sheet(land_session, act, SHEETS[name])
        change = ledger.last_change(land_session, tables.ledger)

        again = load_sheet(land_session, act, SHEETS[name])

        assert [one.outcome for one in again] == [
            "unchanged" if one.outcome == "inserted" else "refused" for one in first
        ] or name == "a name twice"
        assert ledger.last_change(land_session, tables.ledger) == change

    def test_looks_at_what_the_register_holds(self, land_session: Session, act: Act) -> None:
        load_sheet(land_session, act, make_sheet(square(0), square(1), names=["S8", "S9"]))

        loaded = load_sheet(land_session, act, make_sheet(square(0.5), square(2), square(7)))

        assert [one.outcome for one in loaded] == ["refused", "inserted", "inserted"]

    def test_refuses_a_name_that_is_held_with_other_values(
        self, land_session: Session, act: Act
    ) -> None:
        load_sheet(land_session, act, make_sheet(square(0)))

        (loaded,) = load_sheet(land_session, act, make_sheet(square(7)))

        assert say([loaded])[0][1][0][0] == "register.holds_other_values"

    def test_of_nothing_records_nothing(self, land_session: Session, act: Act) -> None:
        before = ledger.last_change(land_session, tables.ledger)

        assert load_sheet(land_session, act, make_sheet()) == []
        assert ledger.last_change(land_session, tables.ledger) == before

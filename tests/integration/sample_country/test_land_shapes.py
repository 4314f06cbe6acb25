"""Shapes of a test zone: registered where they stand free, refused with the land they claim."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import NullPool, create_engine
from sqlalchemy.orm import Session

from command_line import land_features, land_layout, land_shapes
from databases.changes import ledger
from databases.changes.ledger import Act
from databases.loading.errors import UnreadableFile
from databases.settings import Settings
from land import service, tables

TODAY = date(2026, 3, 2)
GROUND = land_layout.Ground(5897, (646_000, 2_201_000), "00008", 0.05)
MOVED = land_layout.Ground(5897, (646_500, 2_201_000), "00008", 0.05)
STEP = 0.0002  # about 20 m


def square(name: str, east: float, size: float = STEP) -> dict[str, Any]:
    west, south = 20.0 + east, 47.0
    ring = [
        [west, south],
        [west + size, south],
        [west + size, south + size],
        [west, south + size],
        [west, south],
    ]
    return {"id": name, "geometry": {"type": "Polygon", "coordinates": [ring]}}


def bow_tie(name: str) -> dict[str, Any]:
    ring = [[20.01, 47.0], [20.0102, 47.0002], [20.0102, 47.0], [20.01, 47.0002], [20.01, 47.0]]
    return {"id": name, "geometry": {"type": "Polygon", "coordinates": [ring]}}


OPEN = {"type": "Polygon", "coordinates": [[[20, 47], [20.1, 47], [20.1, 47.1], [20, 47.1]]]}


@pytest.fixture
def session(settings: Settings) -> Iterator[Session]:
    engine = create_engine(settings.url("land", "service"), poolclass=NullPool)
    with Session(engine) as opened:
        yield opened
        opened.rollback()
    engine.dispose()


def load(session: Session, act: Act, *features: dict[str, Any]) -> list[land_shapes.Outcome]:
    laid = land_layout.lay_out(features, GROUND)
    return land_shapes.register(session, act, laid, GROUND, on=TODAY)


class TestRegister:
    def test_takes_neighbours_that_share_a_boundary(self, session: Session, act: Act) -> None:
        outcomes = load(session, act, square("a", 0), square("b", STEP))

        assert [one.problems for one in outcomes] == [(), ()]

    def test_refuses_an_overlap_and_shows_its_land(self, session: Session, act: Act) -> None:
        first, second = load(session, act, square("a", 0), square("b", STEP / 2))

        assert not first.problems
        assert [rule for rule, _ in second.problems]
        (shape,) = second.shapes
        assert shape["type"] in ("Polygon", "MultiPolygon")

    def test_refuses_a_shape_that_crosses_itself_alone(self, session: Session, act: Act) -> None:
        first, second = load(session, act, bow_tie("a"), square("b", 0))

        assert first.problems
        assert not second.problems

    def test_changes_nothing_the_second_time(self, session: Session, act: Act) -> None:
        features = [square("a", 0), square("b", STEP / 2), bow_tie("c"), square("d", 2 * STEP)]
        first = load(session, act, *features)
        change = ledger.last_change(session, tables.ledger)

        again = load(session, act, *features)

        assert [one.is_new for one in again if not one.problems] == [False, False]
        assert [one.problems for one in again] == [one.problems for one in first]
        assert ledger.last_change(session, tables.ledger) == change

    def test_takes_what_is_new_beside_what_is_held(self, session: Session, act: Act) -> None:
        load(session, act, square("a", 0), square("c", 2 * STEP))

        again = load(session, act, square("a", 0), square("b", STEP), square("c", 2 * STEP))

        assert [(one.is_new, one.problems) for one in again] == [
            (False, ()),
            (True, ()),
            (False, ()),
        ]

    def test_refuses_a_held_shape_that_is_laid_elsewhere(self, session: Session, act: Act) -> None:
        load(session, act, square("a", 0))

        laid = land_layout.lay_out([square("a", 0)], MOVED)
        (again,) = land_shapes.register(session, act, laid, MOVED, on=TODAY)

        assert [rule for rule, _ in again.problems] == ["register.holds_other_values"]

    def test_refuses_the_name_of_a_parcel_that_was_annulled(
        self, session: Session, act: Act
    ) -> None:
        load(session, act, square("a", 0))
        change = ledger.last_change(session, tables.ledger)
        service.annul_change(session, act=act, annulled=change)

        (again,) = load(session, act, square("a", 0))

        assert [rule for rule, _ in again.problems] == ["name.given"]

    @pytest.mark.parametrize(
        ("geometry", "rule"),
        [
            (None, "shape.type"),
            ({"type": "Polygon"}, "shape.not_a_list"),
            ({"type": "Polygon", "coordinates": []}, "shape.empty"),
            (OPEN, "shape.not_closed"),
            ({"type": "Polygon", "coordinates": [[["a", 47]] * 4]}, "shape.not_a_position"),
            ({"type": "LineString", "coordinates": [[20, 47], [20.1, 47]]}, "shape.type"),
            (
                {"type": "Polygon", "coordinates": [[[200, 47], [0, 0], [9, 9], [200, 47]]]},
                "shape.not_metres",
            ),
        ],
    )
    def test_refuses_what_is_no_boundary_alone(
        self, session: Session, act: Act, geometry: Any, rule: str
    ) -> None:
        bad = {"id": "bad", "geometry": geometry}

        first, refused, last = load(session, act, square("a", 0), bad, square("b", STEP))

        assert [found for found, _ in refused.problems] == [rule]
        assert not first.problems
        assert not last.problems

    def test_keeps_form_and_size(self) -> None:
        (laid,) = land_layout.lay_out([square("a", 0)], GROUND)

        assert 330 < laid.area_m2 < 345


class TestLayOut:
    def test_names_a_parcel_as_earlier_loads_did(self) -> None:
        ring = [[20.0, 47.0], [20.1, 47], [20.1, 47.1], [20.0, 47.0]]
        feature = {"id": "a", "geometry": {"type": "Polygon", "coordinates": [ring]}}

        (laid,) = land_layout.lay_out([feature], GROUND)

        assert laid.parcel_id == "TZ27FB659CB5467DE3600D0006"

    def test_reads_polygons_beside_others_as_if_alone(self) -> None:
        hole = square("a", STEP / 4, STEP / 2)["geometry"]["coordinates"][0]
        holed = square("b", 0)
        holed["geometry"]["coordinates"].append(hole)
        many = {"type": "MultiPolygon", "coordinates": [holed["geometry"]["coordinates"]]}

        first, second, empty = land_layout.lay_out(
            [holed, {"id": "c", "geometry": many}, {"id": "d"}], GROUND
        )

        assert first.area_m2 == second.area_m2
        assert 240 < first.area_m2 < 260
        assert empty.geometry is None


class TestLayOutFile:
    @pytest.mark.parametrize("workers", [0, 2])
    def test_reads_in_parts_what_is_read_at_once(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workers: int
    ) -> None:
        features = [square(str(place), place * STEP) for place in range(40)]
        features[7] = bow_tie("7")
        features[11]["geometry"] = OPEN
        features[23]["geometry"] = None
        file = tmp_path / "shapes.jsonl"
        file.write_text("\n\n".join(map(json.dumps, features)), encoding="utf-8")
        monkeypatch.setattr(land_features, "_BYTES", 1_000)

        assert len(land_features.cut(file)) > 5
        in_parts = land_layout.lay_out_file(file, GROUND, workers)
        # Compared as written: an area that is none equals nothing.
        assert list(map(repr, in_parts)) == list(map(repr, land_layout.lay_out(features, GROUND)))

    def test_lays_out_nothing_of_an_empty_file(self, tmp_path: Path) -> None:
        file = tmp_path / "shapes.jsonl"
        file.touch()
        assert land_layout.lay_out_file(file, GROUND, 2) == []

    @pytest.mark.parametrize("line", ["{", "[1]", "7", "\xff"])
    def test_names_the_line_that_is_no_feature(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str
    ) -> None:
        file = tmp_path / "shapes.jsonl"
        file.write_text(f'{{"id": 1}}\n\n{line}\n', encoding="latin-1")

        monkeypatch.setattr(land_features, "_BYTES", 4)

        with pytest.raises(UnreadableFile, match="Line 3"):
            land_layout.lay_out_file(file, GROUND, workers=2)


class TestListOverlaps:
    def test_finds_pairs_that_the_register_never_saw_together(self) -> None:
        features = [square("a", 0), square("b", STEP / 2), square("c", STEP), bow_tie("d")]
        laid = land_layout.lay_out(features, GROUND)

        found = land_shapes.list_overlaps(laid, GROUND)

        names = [one.parcel_id for one in laid]
        pairs = [(one.parcel_id, one.other_id) for one in found]
        assert pairs == [(names[0], names[1]), (names[1], names[2])]
        assert all(160 < one.area_m2 < 175 for one in found)

    def test_lets_a_survey_err(self) -> None:
        laid = land_layout.lay_out([square("a", 0), square("b", STEP * 0.999)], GROUND)

        assert land_shapes.list_overlaps(laid, GROUND) == ()

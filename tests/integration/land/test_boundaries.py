"""No act lets a shape into the register that is no boundary, whoever made it."""

import struct
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
import shapely
from sqlalchemy.orm import Session

from databases import reference_systems
from databases.changes.ledger import Act
from land import errors, service, values
from land.rules.topology import shapes
from tests.factories import land as factory

ON = date(2026, 1, 1)
EAST, NORTH, SIDE = 525_000.0, 2_325_000.0, 20.0
Corners = list[tuple[float, float]]


def ring(east: float, north: float, side: float = SIDE) -> Corners:
    return [
        (east, north), (east + side, north), (east + side, north + side), (east, north + side),
        (east, north),
    ]  # fmt: skip


def wkb(corners: Corners) -> bytes:
    """Write a multipolygon byte by byte: the library itself refuses to write an open ring."""
    points = b"".join(struct.pack("<dd", *corner) for corner in corners)
    return struct.pack("<bIIbIII", 1, 6, 1, 1, 3, 1, len(corners)) + points


def handmade(corners: Corners) -> values.Shape:
    """Make a shape without asking anybody whether it is one."""
    written = wkb(corners)
    if corners[0] != corners[-1]:
        return values.Shape(written, factory.make_shape().common_wkb)
    shape = shapely.from_wkb(written)
    common = reference_systems.transform(shape, source=factory.ZONE, target=values.COMMON_SRID)
    return values.Shape(written, shapely.to_wkb(common))


SQUARE = ring(EAST, NORTH)
CROSSED = [SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3], SQUARE[0]]
TURNED = [(north, east) for east, north in SQUARE]
EMPTY = values.Shape(*[shapely.to_wkb(shapely.MultiPolygon())] * 2)
LINE = values.Shape(*[shapely.to_wkb(shapely.LineString(SQUARE))] * 2)
HIGH = values.Shape(*[shapely.to_wkb(shapely.force_3d(shapely.from_wkb(wkb(SQUARE))))] * 2)
NAMED = values.Shape(
    shapely.to_wkb(shapely.set_srid(shapely.from_wkb(wkb(SQUARE)), 3405), include_srid=True), b""
)
ELSEWHERE = values.Shape(wkb(SQUARE), factory.make_shape(5).common_wkb)
MANY = handmade([(EAST, NORTH)] * (shapes.MOST_VERTICES + 1))

BAD = {
    "shape.self_intersection": (handmade(CROSSED), "/coordinates/0/0/0"),
    "shape.not_closed": (handmade(SQUARE[:-1]), "/coordinates"),
    "shape.unreadable": (values.Shape(b"\1\6", b""), "/coordinates"),
    "shape.axes_swapped": (handmade(TURNED), "/coordinates/0/0/0"),
    "shape.wrong_zone": (handmade(ring(EAST + 300_000, NORTH - 900_000)), "/coordinates/0/0/0"),
    "shape.outside_country": (handmade(ring(50_000, 1_000_000)), "/coordinates/0/0/0"),
    "shape.empty": (EMPTY, "/coordinates"),
    "shape.type": (LINE, "/type"),
    "shape.not_a_position": (HIGH, "/coordinates"),
    "shape.zone_within": (NAMED, "/crs"),
    "shape.no_area": (handmade(ring(EAST, NORTH, 0.01)), "/coordinates"),
    "shape.too_large": (handmade(ring(EAST, NORTH, 110_000)), "/coordinates"),
    "shape.too_many_vertices": (MANY, "/coordinates"),
    "shape.not_alike": (ELSEWHERE, "/coordinates"),
}


def register(session: Session, act: Act, shape: values.Shape) -> None:
    parcel = factory.make_parcel("P5", shape=shape)
    registration = values.FirstRegistration(parcel=parcel)
    service.register_parcel(session, act=act, registration=registration, on=ON)


def split(session: Session, act: Act, shape: values.Shape) -> None:
    factory.register(session, act)
    half = Decimal(200)
    parts = [
        values.Part(
            factory.make_parcel(name, legal_area_m2=half, shape=one, uses=()), {"R1": f"R{name}"}
        )
        for name, one in (("P11", factory.make_shape(0, width=0.5)), ("P12", shape))
    ]
    service.register_split(session, act=act, parcel_id="P1", parts=parts, on=ON)


def merge(session: Session, act: Act, shape: values.Shape) -> None:
    factory.register_another(session, act, 1)
    factory.register_another(session, act, 2)
    parcel = factory.make_parcel("P9", legal_area_m2=Decimal(800), shape=shape, uses=())
    merged = values.Part(parcel, {"R1": "R9", "R2": "R9"})
    service.register_merger(session, act=act, parcel_ids=["P1", "P2"], merged=merged, on=ON)


def correct(session: Session, act: Act, shape: values.Shape) -> None:
    factory.register(session, act)
    survey = values.Survey(factory.ZONE, Decimal("0.05"))
    service.correct_boundary(
        session, act=act, parcel_id="P1", survey=survey, shape=shape, valid_from=ON
    )


class TestEveryActThatWritesAShape:
    @pytest.mark.parametrize("rule", BAD)
    @pytest.mark.parametrize("do", [register, split, merge, correct])
    def test_refuses_what_is_no_boundary_and_names_the_place(
        self,
        land_session: Session,
        act: Act,
        do: Callable[[Session, Act, values.Shape], None],
        rule: str,
    ) -> None:
        shape, place = BAD[rule]

        with pytest.raises((errors.InvalidShape, errors.MisplacedShape)) as refused:
            do(land_session, act, shape)

        assert [(one.rule, one.field) for one in refused.value.fields] == [(rule, place)]

    @pytest.mark.parametrize("do", [register, split, merge, correct])
    def test_refuses_land_of_a_parcel_that_stands_on_later_days_only(
        self, land_session: Session, act: Act, do: Callable[[Session, Act, values.Shape], None]
    ) -> None:
        later = factory.make_parcel("P7", shape=factory.make_shape(2.2))
        registration = values.FirstRegistration(parcel=later)
        service.register_parcel(
            land_session, act=act, registration=registration, on=date(2026, 6, 1)
        )

        with pytest.raises(errors.OverlappingParcels) as refused:
            do(land_session, act, factory.make_shape(0.5, width=2))

        assert "P7" in refused.value.fields[0].message

    def test_knows_no_zone_but_those_of_the_country(self, land_session: Session, act: Act) -> None:
        survey = values.Survey(32648, Decimal("0.05"))
        parcel = factory.make_parcel(survey=survey)

        with pytest.raises(errors.UnknownZone):
            service.register_parcel(
                land_session,
                act=act,
                registration=values.FirstRegistration(parcel=parcel),
                on=ON,
            )


class TestRegisterParcel:
    def test_lets_a_parcel_lie_under_a_road(self, land_session: Session, act: Act) -> None:
        road = factory.make_parcel("P2", is_parcel=False)
        registration = values.FirstRegistration(parcel=road)
        service.register_parcel(land_session, act=act, registration=registration, on=ON)

        register(land_session, act, factory.make_shape(0))

    def test_refuses_a_road_that_is_no_boundary(self, land_session: Session, act: Act) -> None:
        road = factory.make_parcel("P2", is_parcel=False, shape=handmade(CROSSED))
        registration = values.FirstRegistration(parcel=road)

        with pytest.raises(errors.InvalidShape):
            service.register_parcel(land_session, act=act, registration=registration, on=ON)


class TestCorrectBoundary:
    def test_of_a_parcel_that_was_split_since_is_not_held_against_its_parts(
        self, land_session: Session, act: Act
    ) -> None:
        split(land_session, act, factory.make_shape(0.5, width=0.5))

        recorded = service.correct_boundary(
            land_session,
            act=act,
            parcel_id="P1",
            survey=values.Survey(factory.ZONE, Decimal("0.03")),
            shape=factory.make_shape(0, width=1.01),
            valid_from=factory.REGISTERED,
        )

        assert recorded.change


class TestAnnulChange:
    def test_gives_no_land_back_that_others_got_since(
        self, land_session: Session, act: Act
    ) -> None:
        factory.register(land_session, act)
        smaller = service.correct_boundary(
            land_session,
            act=act,
            parcel_id="P1",
            survey=values.Survey(factory.ZONE, Decimal("0.05")),
            shape=factory.make_shape(0, width=0.5),
            valid_from=ON,
        )
        register(land_session, act, factory.make_shape(0.5, width=0.5))

        with pytest.raises(errors.OverlappingParcels):
            service.annul_change(land_session, act=act, annulled=smaller.change)

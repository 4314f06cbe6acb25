"""The parcels: who holds them, where they lie, and the frames that tell it."""

import numpy as np
import pytest
import shapely

from databases import reference_systems
from land.rules import certificates, coordinates
from land.values.kinds import NumberForm
from sample_country import draws, estates, extents, firms, land_frames, parcel_shapes
from sample_country.columns import Frame
from sample_country.country import Country, Topic
from sample_country.extents import CELL_M, Extents
from sample_country.lives import ALIVE
from sample_country.parcel_shapes import Shapes


@pytest.fixture(scope="module")
def laid_out(drawn: Country) -> Extents:
    return extents.build(drawn.places)


@pytest.fixture(scope="module")
def shapes(drawn: Country, laid_out: Extents) -> Shapes:
    rng = drawn.randomness(Topic.LAND_FRAMES)
    return parcel_shapes.draw(rng, drawn.all_estates, drawn.places, laid_out)


@pytest.fixture(scope="module")
def frames(drawn: Country) -> dict[str, Frame]:
    return dict(land_frames.build(drawn))


def polygons(shapes: Shapes) -> np.ndarray:
    return shapely.polygons(shapes.corners / 100)


class TestEstates:
    def test_are_about_one_for_two_persons(self, drawn: Country) -> None:
        assert 0.4 * drawn.size < drawn.all_estates.count < 0.6 * drawn.size

    def test_belong_to_the_living_but_for_what_is_listed(self, drawn: Country) -> None:
        own = drawn.all_estates
        held = np.flatnonzero(own.holder >= 0)
        dead = held[drawn.events.loss[own.holder[held]] != ALIVE]
        listed = {
            case.record
            for case in drawn.planted
            if case.kind in ("land.holder_dead", "land.inheritance_open")
        }

        assert {estates.parcel_id(row) for row in dead.tolist()} == listed

    def test_belong_to_firms_that_operate_but_for_what_is_listed(self, drawn: Country) -> None:
        own = drawn.all_estates
        held = np.flatnonzero(own.firm >= 0)
        gone = held[drawn.all_firms.status[own.firm[held]] == firms.ENDED]
        listed = {case.record for case in drawn.planted if case.kind == "land.firm_ended"}

        assert listed
        assert {estates.parcel_id(row) for row in gone.tolist()} == listed

    def test_bear_numbers_of_the_population_but_for_what_is_listed(self, drawn: Country) -> None:
        own = drawn.all_estates
        held = np.flatnonzero(own.holder >= 0)
        unknown = held[~np.isin(own.holder_number[held], drawn.persons.pin)]
        listed = {case.record for case in drawn.planted if case.kind == "land.number_mistyped"}

        assert {estates.parcel_id(row) for row in unknown.tolist()} == listed

    def test_are_held_by_adults(self, drawn: Country) -> None:
        own = drawn.all_estates
        held = np.flatnonzero(own.holder >= 0)
        grown = draws.same_day(drawn.persons.born[own.holder[held]], 18)

        assert (grown <= own.since[held]).all()


class TestExtents:
    def test_lie_in_the_zone_of_their_province(self, drawn: Country, laid_out: Extents) -> None:
        for position, province in enumerate(drawn.places.province_code.tolist()):
            rows = drawn.places.commune_province == position

            (srid,) = set(laid_out.srid[rows].tolist())
            assert coordinates.find_zone_doubt(srid=srid, old_province_code=province) is None

    def test_do_not_touch_across_provinces(self, drawn: Country, laid_out: Extents) -> None:
        boxes = []
        for province in range(len(drawn.places.province_code)):
            rows = drawn.places.commune_province == province
            east, north = laid_out.east[rows], laid_out.north[rows]
            box = shapely.box(east.min(), north.min(), east.max() + CELL_M, north.max() + CELL_M)
            srid = int(laid_out.srid[rows][0])
            boxes.append(reference_systems.transform(box, source=srid, target=4756))
        tree = shapely.STRtree(boxes)
        left, right = tree.query(boxes, predicate="intersects")

        assert (left == right).all()


class TestShapes:
    def test_are_valid_and_counter_clockwise(self, shapes: Shapes) -> None:
        found = polygons(shapes)

        assert shapely.is_valid(found).all()
        assert shapely.is_ccw(shapely.get_exterior_ring(found)).all()

    def test_have_the_area_that_is_measured(self, shapes: Shapes) -> None:
        assert np.allclose(shapely.area(polygons(shapes)), shapes.area_cm2 / 10_000, atol=1e-3)

    def test_tessellate_without_overlap(self, drawn: Country, shapes: Shapes) -> None:
        found = polygons(shapes)
        communes, counts = np.unique(drawn.all_estates.commune, return_counts=True)
        fullest = communes[counts.argmax()]
        block = found[drawn.all_estates.commune == fullest]

        assert len(block) > 3
        assert shapely.area(shapely.union_all(block)) == pytest.approx(
            shapely.area(block).sum(), abs=1e-6
        )

    def test_stay_inside_their_extent(
        self, drawn: Country, laid_out: Extents, shapes: Shapes
    ) -> None:
        corner = np.stack([laid_out.east, laid_out.north], axis=-1)[drawn.all_estates.commune]
        inside = shapes.corners / 100 - corner[:, None, :]

        assert inside.min() >= 0
        assert inside.max() <= CELL_M


class TestLandFrames:
    def test_shares_of_each_right_sum_to_one(self, frames: dict[str, Frame]) -> None:
        rows = frames["right_holder"].to_pandas()
        total = (rows.share_numerator / rows.share_denominator).groupby(rows.right_id).sum()

        assert np.allclose(total, 1)

    def test_uses_do_not_exceed_the_parcel(self, frames: dict[str, Frame]) -> None:
        parcels = frames["parcel"].to_pandas().drop_duplicates("parcel_id")
        used = frames["land_use"].to_pandas().groupby("parcel_id").area_m2.sum()
        legal = parcels.set_index("parcel_id").legal_area_m2

        assert (used.round(1) <= legal[used.index] + 1e-6).all()

    def test_certificates_have_the_form_of_their_time(self, frames: dict[str, Frame]) -> None:
        rows = frames["certificate"].to_pylist()

        assert {row["number_form"] for row in rows} == {
            form.value for form in NumberForm if form is not NumberForm.OTHER
        }
        assert len({row["issue_number"] for row in rows}) == len(rows)
        for row in rows:
            read = certificates.read_number(row["number_as_written"])
            assert (read.number, read.form) == (row["issue_number"], row["number_form"])

"""PostGIS and our own transformations agree; neighbours are found."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Engine, NullPool, create_engine, make_url, text
from sqlalchemy.orm import Session

from databases import periods, reference_systems
from databases.changes.ledger import Act
from databases.reference_systems import Points
from databases.settings import Settings
from land import service, values
from land.repository import geometry
from tests.functional import parcels

ROOT = Path(__file__).resolve().parents[3]
ON = date(2026, 1, 1)
CENTIMETRE = 9e-8  # degrees


@pytest.fixture(scope="module")
def with_zones(settings: Settings, cluster_url: str) -> Engine:
    """The land database, its zones entered by hand as an administrator would."""
    name = settings.url("land", "owner").database
    engine = create_engine(make_url(cluster_url).set(database=name), poolclass=NullPool)
    sql = (ROOT / "migrations" / "assets" / "land_zones_0001.sql").read_text(encoding="utf-8")
    with engine.begin() as connection:
        connection.exec_driver_sql(sql)
    return engine


def _carry(engine: Engine, points: Points, expression: str, *, srid: int) -> Points:
    """Carry points with PostGIS, one by one."""
    statement = text(
        f"SELECT st_x(p), st_y(p) FROM (SELECT {expression} AS p FROM"
        " (SELECT st_setsrid(st_makepoint(:x, :y), :srid) AS surveyed) AS given) AS carried"
    )
    with engine.connect() as connection:
        carried = [
            connection.execute(statement, {"x": x, "y": y, "srid": srid}).one()
            for x, y in points.tolist()
        ]
    return np.array([tuple(one) for one in carried])


class TestZones:
    @pytest.mark.parametrize("srid", sorted(reference_systems.ZONES))
    def test_agree_in_postgis_to_a_centimetre(self, with_zones: Engine, srid: int) -> None:
        west, south, east, north = reference_systems.ZONES[srid].area
        degrees = np.array([[west, south], [east, north], [(west + east) / 2, (south + north) / 2]])
        points = reference_systems.transform_points(degrees, source=4756, target=srid)

        theirs = _carry(with_zones, points, "st_transform(surveyed, 4756)", srid=srid)

        assert np.abs(degrees - theirs).max() < CENTIMETRE


class TestListNeighbours:
    def test_lists_those_whose_box_meets(self, land_session: Session, act: Act) -> None:
        for name in ("9210C0R0", "9210C1R0", "9210C4R3"):
            srid, outline = parcels.SQUARES[name]
            parcel = parcels.make_parcel(name, srid, outline)
            registration = values.FirstRegistration(parcel=parcel)
            service.register_parcel(land_session, act=act, registration=registration, on=ON)
        shape = parcels.make_parcel("NEW", *parcels.SQUARES["9210C0R0"]).shape
        assert shape is not None

        found = geometry.list_neighbours(land_session, shape, valid=periods.period(ON))

        assert sorted(one.parcel_id for one in found) == ["9210C0R0", "9210C1R0"]
        assert found[0].accuracy_m == 0.07

    def test_lists_one_that_stands_on_later_days_only(
        self, land_session: Session, act: Act
    ) -> None:
        parcel = parcels.make_parcel("9210C0R0", *parcels.SQUARES["9210C0R0"])
        registration = values.FirstRegistration(parcel=parcel)
        service.register_parcel(land_session, act=act, registration=registration, on=ON)
        assert parcel.shape is not None

        before = periods.period(date(2025, 1, 1), ON)
        across = periods.period(date(2025, 1, 1))
        assert geometry.list_neighbours(land_session, parcel.shape, valid=before) == []
        assert len(geometry.list_neighbours(land_session, parcel.shape, valid=across)) == 1

    def test_leaves_out_what_is_no_parcel(self, land_session: Session, act: Act) -> None:
        road = replace(
            parcels.make_parcel("9210C0R0", *parcels.SQUARES["9210C0R0"]), is_parcel=False
        )
        registration = values.FirstRegistration(parcel=road)
        service.register_parcel(land_session, act=act, registration=registration, on=ON)
        assert road.shape is not None

        valid = periods.period(ON)
        assert geometry.list_neighbours(land_session, road.shape, valid=valid) == []

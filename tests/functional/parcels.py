"""Invented parcels: a sheet of them in Hải Phòng, and a few in Cà Mau."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import shapely
import shapely.geometry

from databases.changes.ledger import Act
from databases.sessions import Databases
from land import service as land_service
from land import values as land_values
from land.rules.topology import shapes
from sharing_api import bootstrap, keys
from sharing_api.agreements import repository
from tests.factories.exchange import make_agreement
from tests.functional import world
from tests.functional.conftest import Exchange

HAI_PHONG, CA_MAU = 9210, 9207
COLUMNS, ROWS, SIDE = 5, 4, 20.0
CORNERS = {HAI_PHONG: (595_000.0, 2_307_000.0), CA_MAU: (570_000.0, 1_015_000.0)}
_PLACES = {HAI_PHONG: ("11311", "31"), CA_MAU: ("31999", "96")}
_ON = date(2025, 8, 1)


def outline(srid: int, column: int, row: int) -> shapely.Polygon:
    """Give a square of the sheet, in its zone."""
    west, south = CORNERS[srid]
    west, south = west + column * SIDE, south + row * SIDE
    return shapely.box(west, south, west + SIDE, south + SIDE)


def name_of(srid: int, column: int, row: int) -> str:
    """Give the register's name of a square."""
    return f"{srid}C{column}R{row}"


SQUARES = {
    name_of(srid, column, row): (srid, outline(srid, column, row))
    for srid, columns in ((HAI_PHONG, COLUMNS), (CA_MAU, 2))
    for column in range(columns)
    for row in range(ROWS)
}


def make_parcel(name: str, srid: int, shape: shapely.Polygon, **changes: Any) -> land_values.Parcel:
    """Make a parcel with a survey."""
    commune, province = _PLACES[srid]
    content = {
        "parcel_id": name,
        "commune_code": commune,
        "commune_version": "19/2025",
        "province_code": province,
        "legal_area_m2": Decimal("400"),
        "measured_area_m2": Decimal("400"),
        "map_sheet_no": "7",
        "parcel_no": name[-1],
        "survey": land_values.Survey(srid, Decimal("0.07"), _ON, "TL-1"),
        "shape": shapes.read_shape(shapely.geometry.mapping(shape), srid=srid),
    }
    return land_values.Parcel(**{**content, **changes})


def enter_mapper(running: Exchange, **terms: Any) -> None:
    """Let a system named `mapper` ask for little: outlines and the number of the sheet."""
    at = datetime.now(UTC)  # noqa: TID251  as below
    folder = running.site.keys
    names = ("agency_G10", "agency_H70", "mapper")
    private = {one: keys.to_jwk(keys.make_private(folder / f"{one}.key")) for one in names}
    agencies = {one.removeprefix("agency_"): private[one] for one in names[:2]}
    few = {
        "fields": dict.fromkeys(("parcel_id", "shape", "map_sheet_no"), "full"),
        "predicates": ["after", "bbox", "map_sheet_no", "parcel_no"],
        "operations": ["search", "look-up"],
    }
    tiles = {"fields": {"parcels": "full"}, "predicates": [], "operations": ["look-up"]}
    content = make_agreement(
        agreement="G10-H70",
        provider="G10",
        consumer="H70",
        datasets={"land/parcel": {**few, **terms}, "land/parcel_tile": tiles},
    )
    with running.databases.writing("exchange") as session:
        for code, key in agencies.items():
            repository.save_agency(
                session, agency_code=code, name_vi=f"Cơ quan {code}", jwks=world.jwks(key), at=at
            )
        repository.save_client(
            session,
            client_id="mapper",
            agency_code="H70",
            jwks=world.jwks(private["mapper"]),
            at=at,
        )
        bootstrap.enter_agreement(session, content, agencies, at)
        repository.announce(session)
    running.client_keys = {**running.client_keys, "mapper": private["mapper"]}


def enter(databases: Databases) -> None:
    """Register all squares."""
    at = datetime.now(UTC)  # noqa: TID251  records of a test are made now
    act = Act("test.recorded", at, "tester", "a test", "none", "invented")
    with databases.writing("land") as session:
        for name, (srid, shape) in SQUARES.items():
            registration = land_values.FirstRegistration(parcel=make_parcel(name, srid, shape))
            land_service.register_parcel(session, act=act, registration=registration, on=_ON)

"""Smallest valid land: square parcels side by side near a meridian of VN-2000, with one holder."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy.orm import Session

from databases.changes.ledger import Act
from land import service, values
from land.rules.topology import shapes

REGISTERED = date(2025, 9, 1)
ZONE = 5897
SIDE_M = 20
OWNER = values.Party("pin:001084000999")
BUYER = values.Party("pin:001185001234")
BANK = values.Party("enterprise:0100233488")
_EAST, _NORTH = 525_000.0, 2_325_000.0


def make_shape(column: float = 0, *, width: float = 1, row: int = 0) -> values.Shape:
    """Make a rectangle in the test's grid, `width` columns wide."""
    west, south = _EAST + column * SIDE_M, _NORTH + row * SIDE_M
    east, north = west + width * SIDE_M, south + SIDE_M
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return shapes.read_shape({"type": "Polygon", "coordinates": [ring]}, srid=ZONE)


def make_parcel(name: str = "P1", column: int = 0, **changes: Any) -> values.Parcel:
    """Make a parcel of one cell of the grid."""
    parcel = values.Parcel(
        parcel_id=name,
        commune_code="00004",
        commune_version="19/2025",
        province_code="01",
        legal_area_m2=Decimal(400),
        map_sheet_no="12",
        parcel_no="34",
        old_commune_code="00001",
        old_commune_version="124/2004",
        measured_area_m2=Decimal(400),
        address_text="Phường Ba Đình",
        survey=values.Survey(ZONE, Decimal("0.05"), date(2024, 5, 1), "TĐ 1/2024"),
        shape=make_shape(column),
        uses=(values.LandUse("08/2024", "ODT", "Đất ở tại đô thị", Decimal(400)),),
    )
    return replace(parcel, **changes)


def make_holder(
    party: values.Party = OWNER, share: Fraction = Fraction(1), **changes: Any
) -> values.Holder:
    """Make somebody who holds a share."""
    holder = values.Holder(party, "Nguyễn Văn An", share, birth_date="1984", nationality_code="VN")
    return replace(holder, **changes)


def make_right(name: str = "R1", parcel: str = "P1", **changes: Any) -> values.Right:
    """Make a right to use land with one holder."""
    right = values.Right(
        right_id=name,
        parcel_id=parcel,
        kind=values.RightKind.LAND_USE,
        legal_form=values.LegalForm.SINGLE,
        holders=(make_holder(),),
    )
    return replace(right, **changes)


def make_certificate(name: str = "C1", right: str = "R1", **changes: Any) -> values.Certificate:
    """Make a certificate of one right."""
    certificate = values.Certificate(
        certificate_id=name,
        number_as_written="CB 246904",
        right_ids=(right,),
        register_number="CH 00123",
        issued_on=date(2020, 3, 1),
        issued_by="Sở Tài nguyên và Môi trường",
    )
    return replace(certificate, **changes)


def make_registration(**changes: Any) -> values.FirstRegistration:
    """Make the first registration of a parcel with one right and its certificate."""
    registration = values.FirstRegistration(
        parcel=make_parcel(), rights=(make_right(),), certificates=(make_certificate(),)
    )
    return replace(registration, **changes)


def register(session: Session, act: Act, **changes: Any) -> int:
    """Register a parcel; gives the number of the change."""
    registration = make_registration(**changes)
    recorded = service.register_parcel(session, act=act, registration=registration, on=REGISTERED)
    return recorded.change


def register_another(session: Session, act: Act, number: int, **changes: Any) -> int:
    """Register a further parcel in its own column, with a right and a certificate of its own."""
    registration = values.FirstRegistration(
        parcel=make_parcel(f"P{number}", column=number - 1, parcel_no=str(30 + number)),
        rights=(make_right(f"R{number}", f"P{number}"),),
        certificates=(
            make_certificate(f"C{number}", f"R{number}", number_as_written=f"CB {200000 + number}"),
        ),
    )
    recorded = service.register_parcel(
        session, act=act, registration=replace(registration, **changes), on=REGISTERED
    )
    return recorded.change

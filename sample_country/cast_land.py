"""The cast and their land: a home with a mortgage, a field that was split, two open questions.

`CITIZEN` and `HUSBAND` hold a home together and pledged it to `MIDDLE_FIRM`. `CORRECTED` held a
field, split it and sold one half to `MOVED`. The home of `DEAD` waits for its heirs, and that of
Võ Minh Tâm still bears `FORMER_NUMBER`: that one is planted.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction

import shapely
from sqlalchemy.orm import Session

from databases import reference_systems
from databases.changes.ledger import Act
from land import service, values
from sample_country import cast_numbers, cast_people

FIELD, NEAR_HALF, FAR_HALF = "TDMAU2", "TDMAU3", "TDMAU4"
UNINHERITED = "TDMAU5"
HOME_RIGHT, FAR_RIGHT = "QDMAU1", "QDMAU4"
HOME_ON, FIELD_ON, PLEDGED_ON = date(2016, 3, 7), date(2017, 5, 15), date(2022, 9, 5)
SPLIT_ON, SOLD_ON, OTHERS_ON = date(2022, 4, 11), date(2023, 2, 20), date(2015, 10, 12)

_LAW_2013, _LAW_2024 = "Law on Land 45/2013/QH13", "Law on Land 31/2024/QH15"
_WORDS = {"ODT": "Đất ở tại đô thị", "CLN": "Đất trồng cây lâu năm"}
_OLD = "124/2004"
_ONE, _HALF = Fraction(1), Fraction(1, 2)


@dataclass(frozen=True)
class _Plot:
    """A rectangle on the ground: commune and province, zone, lower left corner, size in metres."""

    commune: str
    province: str
    srid: int
    east: int
    north: int
    width: int
    depth: int


# Beside the extents that the other parcels of the province lie in.
_HOME_PLOT = _Plot("00007", "01", 5897, 592_000, 2_326_000, 6, 20)
_FIELD_PLOT = _Plot("27139", "79", 9210, 619_100, 1_194_500, 40, 20)
_NAMDINH = _Plot("14215", "36", 9209, 586_100, 2_239_900, 10, 25)
_CANTHO = _Plot("31144", "92", 5897, 563_900, 1_119_000, 8, 20)


def enact(session: Session) -> int:
    """Write the story of the land, act by act.

    Returns:
        number of the last change.
    """
    _register_homes(session)
    _split_field(session)
    service.register_mortgage(
        session,
        act=_act(PLEDGED_ON, "a home is pledged", _LAW_2013 + " art. 167"),
        mortgage=values.Mortgage(
            mortgage_id="TCMAU1",
            right_id=HOME_RIGHT,
            mortgagee=values.Party.parse(f"enterprise:{cast_numbers.MIDDLE_FIRM}"),
            mortgagee_name="CÔNG TY TNHH THƯƠNG MẠI MẪU BẢO MAI",
            contract_no="01/2022/HĐTC",
            secured_amount=Decimal(2_000_000_000),
        ),
        mortgagors=[f"pin:{cast_numbers.CITIZEN}", f"pin:{cast_numbers.HUSBAND}"],
        on=PLEDGED_ON,
    )
    opened_on = cast_people.DIED_ON + timedelta(days=30)
    return service.register_restriction(
        session,
        act=_act(opened_on, "an inheritance is open", "Civil Code 91/2015/QH13 art. 611"),
        restriction=values.Restriction(
            restriction_id="HCMAU5",
            parcel_id=UNINHERITED,
            kind=values.RestrictionKind.OTHER,
            decided_by="Tổ chức hành nghề công chứng",
            decision_no="05/2024",
            note="Thừa kế đang mở",
        ),
        on=opened_on,
    ).change


def _act(on: date, reason: str, legal_basis: str) -> Act:
    """Describe an act recorded on the morning after its day."""
    return Act(
        name="land.sample_country.cast",  # the service gives the act its own name
        recorded_at=datetime.combine(on + timedelta(days=1), time(2), tzinfo=UTC),
        recorded_by="sample country",
        reason=reason,
        legal_basis=legal_basis,
        source_document="invented file of the cast",
    )


def _register_homes(session: Session) -> None:
    citizen = _holder(cast_numbers.CITIZEN, "Nguyễn Thị Mai", _HALF, values.HolderRole.WIFE)
    husband = _holder(cast_numbers.HUSBAND, "Trần Quốc Bảo", _HALF, values.HolderRole.HUSBAND)
    dead = _holder(cast_numbers.DEAD, "Phạm Văn Tư")
    cancelled = _holder(cast_numbers.FORMER_NUMBER, "Võ Minh Tâm")
    home = _parcel(cast_numbers.HOME, "1", _HOME_PLOT, "ODT")
    number = cast_numbers.HOME_CERTIFICATE
    _register(session, home, (citizen, husband), HOME_ON, number)
    for parcel_id, plot, holder, number in (
        (UNINHERITED, _NAMDINH, dead, "CA 990005"),
        (cast_numbers.UNTRUE_TITLE, _CANTHO, cancelled, "CA 990006"),
    ):
        parcel = _parcel(parcel_id, "1", plot, "ODT")
        _register(session, parcel, (holder,), OTHERS_ON, number)


def _split_field(session: Session) -> None:
    seller = _holder(cast_numbers.CORRECTED, "Lê Văn Hậu")
    field = _parcel(FIELD, "2", _FIELD_PLOT, "CLN")
    _register(session, field, (seller,), FIELD_ON, "CĐ 990002")
    near = replace(_FIELD_PLOT, width=20)
    halves = (
        _parcel(NEAR_HALF, "3", near, "CLN"),
        _parcel(FAR_HALF, "4", replace(near, east=near.east + 20), "CLN"),
    )
    service.register_split(
        session,
        act=_act(SPLIT_ON, "a field is split", _LAW_2013 + " art. 95"),
        parcel_id=FIELD,
        parts=[
            values.Part(
                parcel=half,
                right_ids={_right_id(FIELD): _right_id(half.parcel_id)},
                certificates=(_certificate(half.parcel_id, number, SPLIT_ON),),
            )
            for half, number in zip(halves, ("DA 990003", "DA 990004"), strict=True)
        ],
        on=SPLIT_ON,
    )
    buyer = _holder(cast_numbers.MOVED, "Huỳnh Ngọc Lan")
    service.register_transfer(
        session,
        act=_act(SOLD_ON, "half of the field is sold", _LAW_2013 + " art. 188"),
        disposal=values.Disposal(
            right_id=FAR_RIGHT, given={seller.party.ref: _ONE}, received=(buyer,)
        ),
        on=SOLD_ON,
    )


def _register(
    session: Session,
    parcel: values.Parcel,
    holders: tuple[values.Holder, ...],
    on: date,
    number: str,
) -> None:
    is_couple = len(holders) > 1
    right = values.Right(
        right_id=_right_id(parcel.parcel_id),
        parcel_id=parcel.parcel_id,
        kind=values.RightKind.LAND_USE,
        legal_form=values.LegalForm.SPOUSES if is_couple else values.LegalForm.SINGLE,
        holders=holders,
    )
    registration = values.FirstRegistration(
        parcel=parcel,
        rights=(right,),
        certificates=(_certificate(parcel.parcel_id, number, on),),
    )
    act = _act(on, "a parcel is registered", _LAW_2013 + " art. 95")
    service.register_parcel(session, act=act, registration=registration, on=on)


def _right_id(parcel_id: str) -> str:
    return parcel_id.replace("TD", "QD")


def _holder(
    pin: str,
    name: str,
    share: Fraction = _ONE,
    role: values.HolderRole = values.HolderRole.INDIVIDUAL,
) -> values.Holder:
    party = values.Party.parse(f"pin:{pin}")
    return values.Holder(party=party, name=name, share=share, role=role, nationality_code="VN")


def _certificate(parcel_id: str, number: str, on: date) -> values.Certificate:
    return values.Certificate(
        certificate_id=parcel_id.replace("TD", "GCN"),
        number_as_written=number,
        right_ids=(_right_id(parcel_id),),
        issued_on=on,
        issued_by="Ủy ban nhân dân cấp huyện",
    )


def _parcel(parcel_id: str, number: str, plot: _Plot, use: str) -> values.Parcel:
    area = Decimal(plot.width * plot.depth)
    return values.Parcel(
        parcel_id=parcel_id,
        commune_code=plot.commune,
        commune_version=_OLD,
        province_code=plot.province,
        legal_area_m2=area,
        measured_area_m2=area,
        map_sheet_no="99",
        parcel_no=number,
        old_commune_code=plot.commune,
        old_commune_version=_OLD,
        survey=values.Survey(srid=plot.srid, accuracy_m=Decimal("0.07")),
        shape=_shape(plot),
        uses=(values.LandUse("25/2014", use, _WORDS[use], area),),
    )


def _shape(plot: _Plot) -> values.Shape:
    box = shapely.box(plot.east, plot.north, plot.east + plot.width, plot.north + plot.depth)
    area = shapely.multipolygons([box])
    vn_2000 = reference_systems.VN_2000
    common = reference_systems.transform(area, source=plot.srid, target=vn_2000)
    return values.Shape(shapely.to_wkb(area), shapely.to_wkb(common))

"""Parcels, how they were measured, what they are used for, what stands on them."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from land.values.kinds import LandOrigin, SpaceKind

# Zones of VN-2000 that surveys are kept in: geographic, UTM 48N and 49N, the 3-degree zones.
SURVEY_SRIDS = (4756, 3405, 3406, 5896, 5897, 5898, 5899, *range(9205, 9219))
COMMON_SRID = 4756


@dataclass(frozen=True, slots=True)
class Survey:
    """How a parcel was measured.

    Args:
        srid: EPSG code of the VN-2000 zone that the shape is kept in.
        accuracy_m: mean error of a boundary point, metres.
        document: number of the survey paper.
    """

    srid: int
    accuracy_m: Decimal
    surveyed_on: date | None = None
    document: str | None = None


@dataclass(frozen=True, slots=True)
class Shape:
    """The boundary of a parcel as well-known binary, in its survey's zone and in EPSG:4756.

    Args:
        survey_wkb: multipolygon in the zone of the survey, metres, east before north.
        common_wkb: the same in EPSG:4756, degrees, longitude before latitude.
    """

    survey_wkb: bytes
    common_wkb: bytes


@dataclass(frozen=True, slots=True)
class Overlap:
    """Land that two parcels claim.

    Args:
        parcel_id, other_id: the two; the first is the one that was looked at.
        srid: zone of the shape.
        shape: what both claim, as GeoJSON in that zone, metres.
        area_m2: its area.
        tolerance_m: width up to which it would have been tolerated.
    """

    parcel_id: str
    other_id: str
    srid: int
    shape: str
    area_m2: Decimal
    tolerance_m: float


@dataclass(frozen=True, slots=True)
class LandUse:
    """A line of land use: one parcel may have several.

    Args:
        regime: version of the list of land uses that the code is of, such as 08/2024.
        code: code in that list; None where the paper has only words.
        text_as_written: the words of the paper, never altered.
        term_until: first day on which the use no longer holds; None: long-term.
    """

    regime: str
    code: str | None
    text_as_written: str
    area_m2: Decimal | None
    origin: LandOrigin = LandOrigin.UNKNOWN
    is_common: bool = False
    term_until: date | None = None


@dataclass(frozen=True, slots=True)
class Parcel:
    """A parcel, or an object that occupies land without being a parcel (a road, a river).

    Args:
        parcel_id: the register's own name of it, opaque.
        parcel_identifier: the twelve signs given by the national database, if it has them.
        old_commune_code: commune that the map sheet was numbered in.
        legal_area_m2: area that the certificate or decision states.
        measured_area_m2: area of the survey.
    """

    parcel_id: str
    commune_code: str
    commune_version: str
    province_code: str
    legal_area_m2: Decimal
    map_sheet_no: str | None = None
    parcel_no: str | None = None
    old_commune_code: str | None = None
    old_commune_version: str | None = None
    parcel_identifier: str | None = None
    measured_area_m2: Decimal | None = None
    address_text: str | None = None
    is_parcel: bool = True
    survey: Survey | None = None
    shape: Shape | None = None
    uses: tuple[LandUse, ...] = ()


@dataclass(frozen=True, slots=True)
class LegalSpace:
    """A house, a flat, other works, or a common part, on a parcel."""

    legal_space_id: str
    parcel_id: str
    kind: SpaceKind
    name: str
    flat_no: str | None = None
    storeys: int | None = None
    built_area_m2: Decimal | None = None
    floor_area_m2: Decimal | None = None
    ownership_form: str | None = None
    grade: str | None = None
    ends_on: date | None = None

"""The frames of the land register: parcels with shapes, uses, rights, certificates, burdens."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from databases import reference_systems, vietnamese
from databases.code_lists import values as lists
from sample_country import (
    certificate_frames,
    columns,
    draws,
    estates,
    extents,
    parcel_shapes,
)
from sample_country.columns import Column, Frame
from sample_country.country import Country, Topic
from sample_country.draws import Flags, Numbers
from sample_country.names import MALE
from sample_country.parcel_shapes import Shapes

# Circular 25/2014/TT-BTNMT, and Circular 08/2024/TT-BTNMT since the Law on Land 2024 is in force.
_REGIMES: list[str | None] = ["25/2014", "08/2024"]
_LAW_2024_SINCE = draws.day_number(date(2024, 8, 1))
_HAS_IDENTIFIER, _HAS_HOUSE, _HAS_GARDEN = 0.6, 0.8, 0.3
_ACCURACIES = (0.05, 0.07, 0.15, 0.3)
_LEGAL_AREA_OFF = 0.02  # share by which an old certificate's area may differ from the survey
_FARM_YEARS, _BUSINESS_YEARS = 50, 50
_FIELDS: list[str | None] = ["LUC", "LUK", "HNK", "CLN", "NTS", "RSX"]
_FIELD_WEIGHTS = (8, 1, 4, 4, 1.5, 2)
_BUSINESS: list[str | None] = ["SKC", "TMD"]
_PUBLIC: list[str | None] = ["DGD", "DVH", "TSC"]
_ORIGINS: list[str | None] = [
    "recognised_for_fee",
    "transferred",
    "given",
    "inherited",
    "leased_annual",
    "allocated_free",
]
_BURDENS: list[str | None] = [None, "dispute", "attachment", "planning", "other"]
_DECIDERS: list[str | None] = [
    None,
    "Ủy ban nhân dân cấp xã",
    "Cơ quan thi hành án dân sự",
    "Ủy ban nhân dân cấp tỉnh",
    "Tổ chức hành nghề công chứng",
]
_NOTES: list[str | None] = [None, None, None, "Quy hoạch mở rộng đường", "Thừa kế đang mở"]
_WORDS = {
    "ONT": "Đất ở tại nông thôn",
    "ODT": "Đất ở tại đô thị",
    "CLN": "Đất trồng cây lâu năm",
    "LUC": "Đất chuyên trồng lúa",
    "LUK": "Đất trồng lúa còn lại",
    "HNK": "Đất trồng cây hằng năm khác",
    "NTS": "Đất nuôi trồng thủy sản",
    "RSX": "Đất rừng sản xuất",
    "SKC": "Đất cơ sở sản xuất phi nông nghiệp",
    "TMD": "Đất thương mại, dịch vụ",
    "DGD": "Đất xây dựng cơ sở giáo dục và đào tạo",
    "DVH": "Đất xây dựng cơ sở văn hóa",
    "TSC": "Đất xây dựng trụ sở cơ quan",
}
_MILLION = 1_000_000
# Steps coprime to the number of identifiers: none is given twice.
_IDENTIFIERS_FROM, _IDENTIFIER_STEP = 100_000_000_000, 7_919_417


@dataclass(frozen=True)
class _Land:
    """What several frames share."""

    drawn: Country
    shapes: Shapes
    parcel: Column
    right: Column
    legal_area_m2: draws.Shares
    has_house: Flags


def build(drawn: Country) -> Mapping[str, Frame]:
    """Make the frames of the land register, by name of the table."""
    rng = drawn.randomness(Topic.LAND_FRAMES)
    own = drawn.all_estates
    laid_out = extents.build(drawn.places)
    shapes = parcel_shapes.draw(rng, own, drawn.places, laid_out)
    land = _Land(
        drawn=drawn,
        shapes=shapes,
        parcel=_numbered("TD", own.count),
        right=_numbered("QD", own.count),
        legal_area_m2=_legal_areas(rng, shapes),
        has_house=(own.kind == estates.HOME) & (rng.random(own.count) < _HAS_HOUSE),
    )
    return {
        "parcel": _parcels(rng, land),
        "land_use": _uses(rng, land),
        "legal_space": _houses(rng, land),
        "land_right": _rights(land),
        "right_holder": _holders(land),
        "mortgage": _mortgages(rng, land),
        "restriction": _restrictions(rng, land),
        **certificate_frames.build(rng, own, shapes, land.right),
    }


def _numbered(prefix: str, count: int) -> Column:
    """Name rows by a prefix and their number; of parcels as `estates.parcel_id` does."""
    number = columns.digits(np.arange(count) + 1, 10)
    return pc.binary_join_element_wise(columns.same(prefix, count), number, "")


def _legal_areas(rng: np.random.Generator, shapes: Shapes) -> draws.Shares:
    """Take the survey's area for most; old papers are a little off."""
    count = len(shapes.srid)
    off = np.where(rng.random(count) < 0.2, rng.uniform(-1, 1, count) * _LEGAL_AREA_OFF, 0)
    areas: draws.Shares = np.round(shapes.area_cm2 / 10_000 * (1 + off), 1)
    return areas


def _always(frame: Frame, since: Numbers) -> Frame:
    return columns.with_period(frame, since, since, np.ones(len(since), dtype=np.bool_))


def _parcels(rng: np.random.Generator, land: _Land) -> Frame:
    """Make the parcels, those from before the reform in a version for each vintage."""
    own, places, shapes = land.drawn.all_estates, land.drawn.places, land.shapes
    survey, common = _written_shapes(shapes)
    words = pc.binary_join_element_wise(
        "thửa số",
        pa.array(shapes.number).cast(pa.string()),
        columns.words(places.commune_text, own.commune),
        " ",
    )
    identifier = columns.digits(
        _IDENTIFIERS_FROM + rng.permutation(own.count) * _IDENTIFIER_STEP % _IDENTIFIERS_FROM,
        12,
        missing=rng.random(own.count) >= _HAS_IDENTIFIER,
    )
    base = columns.pick_frame(
        {
            "parcel_id": land.parcel,
            "parcel_identifier": identifier,
            "old_commune_code": columns.words(places.commune_code, own.commune),
            "old_commune_version": columns.same(lists.BEFORE_REFORM, own.count),
            "map_sheet_no": pa.array(shapes.sheet).cast(pa.string()),
            "parcel_no": pa.array(shapes.number).cast(pa.string()),
            "legal_area_m2": pa.array(land.legal_area_m2),
            "measured_area_m2": pa.array(np.round(shapes.area_cm2 / 10_000, 2)),
            "survey_srid": pa.array(shapes.srid),
            "survey_accuracy_m": pa.array(rng.choice(_ACCURACIES, own.count)),
            "surveyed_on": columns.days(own.since - rng.integers(20, 400, own.count)),
            "address_text": words,
            "is_parcel": pa.array(np.ones(own.count, dtype=np.bool_)),
            "shape": survey,
            "shape_4756": common,
        }
    )
    return columns.across_reform(
        base,
        places,
        old=own.commune,
        new=own.new_commune,
        start=own.since,
        end=np.full(own.count, columns.OPEN),
    )


def _written_shapes(shapes: Shapes) -> tuple[Column, Column]:
    """Write multipolygons as PostGIS reads them, in the zone of the survey and in EPSG:4756."""
    rings = np.concatenate([shapes.corners, shapes.corners[:, :1]], axis=1) / 100
    common = np.empty_like(rings)
    for srid in np.unique(shapes.srid).tolist():
        rows = np.flatnonzero(shapes.srid == srid)
        placed = reference_systems.transform_points(
            rings[rows].reshape(-1, 2), source=srid, target=reference_systems.VN_2000
        )
        common[rows] = placed.reshape(rings[rows].shape)
    everywhere = np.full(len(shapes.srid), reference_systems.VN_2000)
    return _written(rings, shapes.srid), _written(common, everywhere)


def _written(rings: draws.Shares, srid: Numbers) -> Column:
    areas: Any = shapely.multipolygons(shapely.polygons(rings)[:, None])
    written = shapely.to_wkb(shapely.set_srid(areas, srid), hex=True, include_srid=True)
    return pa.array(written, type=pa.string())


def _uses(rng: np.random.Generator, land: _Land) -> Frame:
    """Make a line of use for each parcel, a second one for homes with a garden."""
    own, places = land.drawn.all_estates, land.drawn.places
    vocabulary: list[str | None] = ["ONT", "ODT", *_FIELDS, *_BUSINESS, *_PUBLIC]
    first = np.select(
        [own.kind == estates.HOME, own.kind == estates.FIELD, own.kind == estates.BUSINESS],
        [
            places.is_town[own.commune].astype(np.int64),
            2 + draws.pick(rng, _FIELD_WEIGHTS, own.count),
            2 + len(_FIELDS) + rng.integers(0, len(_BUSINESS), own.count),
        ],
        2 + len(_FIELDS) + len(_BUSINESS) + rng.integers(0, len(_PUBLIC), own.count),
    )
    is_rural_home = (own.kind == estates.HOME) & ~places.is_town[own.commune]
    gardens = np.flatnonzero(is_rural_home & (rng.random(own.count) < _HAS_GARDEN))
    garden_m2 = np.round(land.legal_area_m2[gardens] * rng.uniform(0.3, 0.7, len(gardens)), 1)
    home_m2 = land.legal_area_m2.copy()
    home_m2[gardens] -= garden_m2
    row = np.concatenate([np.arange(own.count), gardens])
    code = columns.words(
        vocabulary, np.concatenate([first, np.full(len(gardens), vocabulary.index("CLN"))])
    )
    years = np.select([own.kind == estates.FIELD, own.kind == estates.BUSINESS], [1, 1], 0)[row]
    years[own.count :] = 1
    until = draws.same_day(own.since[row], _FARM_YEARS)
    frame = columns.pick_frame(
        {
            "parcel_id": land.parcel.take(pa.array(row)),
            "line_no": pa.array(np.repeat([1, 2], [own.count, len(gardens)])),
            "regime": columns.words(_REGIMES, (own.since[row] >= _LAW_2024_SINCE).astype(np.int64)),
            "code": code,
            "text_as_written": pa.array([_WORDS[c] for c in code.to_pylist()], type=pa.string()),
            "area_m2": pa.array(np.round(np.concatenate([home_m2, garden_m2]), 1)),
            "origin": columns.words(_ORIGINS, own.origin[row]),
            "is_common": pa.array(own.second_holder[row] >= 0),
            "term_until": columns.days(until, missing=years == 0),
        }
    )
    return _always(frame, own.since[row])


def _house_ids(land: _Land) -> tuple[Numbers, Column]:
    rows = np.flatnonzero(land.has_house)
    return rows, _numbered("NO", len(land.has_house)).take(pa.array(rows))


def _houses(rng: np.random.Generator, land: _Land) -> Frame:
    rows, house = _house_ids(land)
    storeys = 1 + draws.pick(rng, (5, 3, 2, 1), len(rows))
    built = np.round(land.legal_area_m2[rows] * rng.uniform(0.2, 0.7, len(rows)), 1)
    frame = columns.pick_frame(
        {
            "legal_space_id": house,
            "parcel_id": land.parcel.take(pa.array(rows)),
            "kind": columns.same("house", len(rows)),
            "name": columns.same("Nhà ở riêng lẻ", len(rows)),
            "storeys": pa.array(storeys),
            "built_area_m2": pa.array(built),
            "floor_area_m2": pa.array(np.round(built * storeys, 1)),
            "grade": columns.same("Cấp IV", len(rows)),
        }
    )
    return _always(frame, land.drawn.all_estates.since[rows])


def _rights(land: _Land) -> Frame:
    """Make the right to each parcel, and the ownership of each house, held alike."""
    own = land.drawn.all_estates
    houses, house = _house_ids(land)
    row = np.concatenate([np.arange(own.count), houses])
    none = pa.nulls(own.count, pa.string())
    years = np.where(own.kind == estates.BUSINESS, _BUSINESS_YEARS, 0)[row]
    ends = draws.same_day(own.since[row], _BUSINESS_YEARS)
    forms: list[str | None] = ["single", "spouses"]
    frame = columns.pick_frame(
        {
            "right_id": pa.concat_arrays([land.right, _of_house(land.right, houses)]),
            "parcel_id": land.parcel.take(pa.array(row)),
            "legal_space_id": pa.concat_arrays([none, house]),
            "kind": columns.words(
                ["land_use", "asset_ownership"],
                np.repeat([0, 1], [own.count, len(houses)]),
            ),
            "legal_form": columns.words(forms, (own.second_holder[row] >= 0).astype(np.int64)),
            "ends_on": columns.days(ends, missing=years == 0),
        }
    )
    return _always(frame, own.since[row])


def _of_house(right: Column, houses: Numbers) -> Column:
    return pc.replace_substring(right.take(pa.array(houses)), "QD", "SH")


def _holders(land: _Land) -> Frame:
    """Make the holders: one, or husband and wife with a half each."""
    own, persons = land.drawn.all_estates, land.drawn.persons
    houses = np.flatnonzero(land.has_house)
    rights = pa.concat_arrays([land.right, _of_house(land.right, houses)])
    parcel = np.concatenate([np.arange(own.count), houses])
    second = np.flatnonzero(own.second_holder[parcel] >= 0)
    right = np.concatenate([np.arange(len(parcel)), second])
    is_second = np.arange(len(right)) >= len(parcel)
    parcel = parcel[right]
    person = np.where(is_second, own.second_holder[parcel], own.holder[parcel])
    number = np.where(is_second, persons.pin[own.second_holder[parcel]], own.holder_number[parcel])
    is_couple = own.second_holder[parcel] >= 0
    sex = np.where(person >= 0, persons.structure.sex[person], MALE)
    roles: list[str | None] = ["husband", "wife", "individual", "organisation"]
    role = np.select([is_couple, person >= 0], [(sex != MALE).astype(np.int64), 2], 3)
    is_day_known = (person >= 0) & (persons.precision[person] == 0)
    born = pa.array(persons.born[person].astype(np.int32)).cast(pa.date32()).cast(pa.string())
    birth = pc.if_else(pa.array(is_day_known), born, pc.utf8_slice_codeunits(born, 0, 4))
    frame = columns.pick_frame(
        {
            "right_id": rights.take(pa.array(right)),
            **_parties(land, parcel, person, number),
            "share_numerator": pa.array(np.ones(len(right), dtype=np.int64)),
            "share_denominator": pa.array(np.where(is_couple, 2, 1)),
            "role": columns.words(roles, role),
            "birth_date": pc.if_else(pa.array(person >= 0), birth, None),
            "nationality_code": pc.if_else(pa.array(person >= 0), columns.COUNTRY, None),
        }
    )
    return _always(frame, own.since[parcel])


def _parties(land: _Land, parcel: Numbers, person: Numbers, number: Numbers) -> dict[str, Column]:
    """Refer to persons, firms and provinces, with the name that the paper writes."""
    own, drawn = land.drawn.all_estates, land.drawn
    firm = own.firm[parcel]
    province = drawn.places.commune_province[own.commune[parcel]]
    agency = {row["code"]: row["agency"] for row in draws.read_rows("province_land.csv")}
    agencies: list[str | None] = [agency[code] for code in drawn.places.province_code.tolist()]
    names = drawn.persons.name.full[person]
    folded = own.is_unaccented[parcel]
    names[folded] = [vietnamese.fold(name) for name in names[folded].tolist()]
    choose = pa.array(np.select([person >= 0, firm >= 0], [0, 1], 2))
    office = pc.binary_join_element_wise("state", columns.words(agencies, province), ":")
    return {
        "party_ref": pc.choose(
            choose,
            pc.binary_join_element_wise("pin", columns.digits(number, 12), ":"),
            pc.binary_join_element_wise(
                "enterprise", columns.digits(drawn.all_firms.code[firm], 10), ":"
            ),
            office,
        ),
        "party_name": pc.choose(
            choose,
            pa.array(names, type=pa.string()),
            drawn.firm_names.take(pa.array(np.maximum(firm, 0))),
            "Ủy ban nhân dân cấp tỉnh",
        ),
    }


def _mortgages(rng: np.random.Generator, land: _Land) -> Frame:
    own, drawn = land.drawn.all_estates, land.drawn
    rows = np.flatnonzero(own.lender >= 0)
    lender = own.lender[rows]
    amount = rng.integers(2, 60, len(rows)) * 50 * _MILLION
    number = columns.digits(np.arange(len(rows)) + 1, 6)
    frame = columns.pick_frame(
        {
            "mortgage_id": pc.replace_substring(land.right.take(pa.array(rows)), "QD", "TC"),
            "right_id": land.right.take(pa.array(rows)),
            "party_ref": pc.binary_join_element_wise(
                "enterprise", columns.digits(drawn.all_firms.code[lender], 10), ":"
            ),
            "party_name": drawn.firm_names.take(pa.array(lender)),
            "contract_no": pc.binary_join_element_wise(number, "HĐTC", "/"),
            "secured_amount": pa.array(amount),
            "currency": columns.same("VND", len(rows)),
            "rank": pa.array(np.ones(len(rows), dtype=np.int64)),
        }
    )
    return _always(frame, own.lent_on[rows])


def _restrictions(rng: np.random.Generator, land: _Land) -> Frame:
    own = land.drawn.all_estates
    rows = np.flatnonzero(own.burden != estates.UNBURDENED)
    burden = own.burden[rows]
    number = pa.array(rng.integers(1, 2000, len(rows))).cast(pa.string())
    year = pa.array(draws.years_of(own.burdened_on[rows])).cast(pa.string())
    frame = columns.pick_frame(
        {
            "restriction_id": pc.replace_substring(land.parcel.take(pa.array(rows)), "TD", "HC"),
            "parcel_id": land.parcel.take(pa.array(rows)),
            "kind": columns.words(_BURDENS, burden),
            "decided_by": columns.words(_DECIDERS, burden),
            "decision_no": pc.binary_join_element_wise(number, year, "/"),
            "note": columns.words(_NOTES, burden),
        }
    )
    return _always(frame, own.burdened_on[rows])

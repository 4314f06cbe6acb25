"""The frames of what burdens and holds land: rights, holders, mortgages, restrictions."""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from databases import vietnamese
from sample_country import columns, draws, estates, land_drawn
from sample_country.columns import Column, Frame
from sample_country.draws import Numbers
from sample_country.land_drawn import Land
from sample_country.names import MALE

_BUSINESS_YEARS = 50
_BURDENS: list[str | None] = [None, "dispute", "attachment", "planning", "other"]
_DECIDERS: list[str | None] = [
    None,
    "Ủy ban nhân dân cấp xã",
    "Cơ quan thi hành án dân sự",
    "Ủy ban nhân dân cấp tỉnh",
    "Tổ chức hành nghề công chứng",
]
_NOTES: list[str | None] = [None, None, None, "Quy hoạch mở rộng đường", "Thừa kế đang mở"]
_MILLION = 1_000_000


def build(rng: np.random.Generator, land: Land) -> Mapping[str, Frame]:
    """Make the frames, by name of the table."""
    return {
        "land_right": _rights(land),
        "right_holder": _holders(land),
        "mortgage": _mortgages(rng, land),
        "restriction": _restrictions(rng, land),
    }


def _rights(land: Land) -> Frame:
    """Make the right to each parcel, and the ownership of each house, held alike."""
    own = land.drawn.all_estates
    houses, house = land.with_house, land.house
    row = np.concatenate([np.arange(own.count), houses])
    none = pa.nulls(own.count, pa.string())
    years = np.where(own.kind == estates.BUSINESS, _BUSINESS_YEARS, 0)[row]
    ends = draws.same_day(own.since[row], _BUSINESS_YEARS)
    forms: list[str | None] = ["single", "spouses"]
    frame = columns.pick_frame(
        {
            "right_id": pa.concat_arrays([land.right, land.house_right]),
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
    return land_drawn.always(frame, own.since[row])


def _holders(land: Land) -> Frame:
    """Make the holders: one, or husband and wife with a half each."""
    own, persons = land.drawn.all_estates, land.drawn.persons
    houses = land.with_house
    rights = pa.concat_arrays([land.right, land.house_right])
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
    return land_drawn.always(frame, own.since[parcel])


def _parties(land: Land, parcel: Numbers, person: Numbers, number: Numbers) -> dict[str, Column]:
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


def _mortgages(rng: np.random.Generator, land: Land) -> Frame:
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
    return land_drawn.always(frame, own.lent_on[rows])


def _restrictions(rng: np.random.Generator, land: Land) -> Frame:
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
    return land_drawn.always(frame, own.burdened_on[rows])

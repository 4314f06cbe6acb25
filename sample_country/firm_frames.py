"""The frames of the enterprise register: firms, units, lines, owners, statuses, successions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from databases import vietnamese
from sample_country import columns, draws, firms
from sample_country.columns import Column, Frame
from sample_country.country import Country, Topic
from sample_country.draws import Numbers
from sample_country.firms import Firms
from sample_country.geography import REFORM, Geography
from sample_country.households import REFERENCE_DAY
from sample_country.names import MALE
from sample_country.people import Persons

VSIC_2018, VSIC_2025 = "27/2018", "36/2025"
VSIC_2025_SINCE = date(2025, 11, 15)  # Decision 36/2025/QĐ-TTg

_TODAY = draws.day_number(REFERENCE_DAY)
_REFORM_DAY = draws.day_number(REFORM)
_NEW_LINES_DAY = draws.day_number(VSIC_2025_SINCE)
_TYPES: list[str | None] = ["LLC1", "LLC2", "JSC", "PRIV", "PART"]
_KINDS: list[str | None] = ["owner", "member", "shareholder", "owner", "partner"]
_TITLES: list[str | None] = [
    "Giám đốc",
    "Giám đốc",
    "Tổng giám đốc",
    "Chủ doanh nghiệp",
    "Giám đốc",
]
_SEXES: list[str | None] = ["male", "female"]
_UNIT_KINDS: list[str | None] = ["BRANCH", "REP", "LOC"]
_UNIT_WORDS: list[str | None] = ["CHI NHÁNH", "VĂN PHÒNG ĐẠI DIỆN", "ĐỊA ĐIỂM KINH DOANH"]
_HAS_UNIT, _MOST_LINES, _RELISTED = 0.07, 4, 0.1
_PHONE_STEM = 500_000_000  # no operator has numbers that start with 050
_MILLION = 1_000_000
_REASONS: dict[int, tuple[str, str]] = {
    firms.SUSPENDED: ("Thông báo tạm ngừng kinh doanh", "Doanh nghiệp"),
    firms.NOT_AT_ADDRESS: ("Không hoạt động tại địa chỉ đã đăng ký", "Cơ quan thuế"),
    firms.REVOKED: ("Cưỡng chế về quản lý thuế", "Cơ quan đăng ký kinh doanh"),
    firms.WINDING_UP: ("Nghị quyết, quyết định giải thể", "Doanh nghiệp"),
    firms.BANKRUPTCY: ("Quyết định mở thủ tục phá sản", "Tòa án nhân dân"),
    firms.ENDED: ("Chấm dứt tồn tại", "Cơ quan đăng ký kinh doanh"),
}


@dataclass(frozen=True)
class Business:
    """What the frames are made from: the country and the texts that several frames share."""

    all_firms: Firms
    persons: Persons
    places: Geography
    code: Column
    name: Column
    words: dict[str, Any]


def build(drawn: Country) -> Mapping[str, Frame]:
    """Make the frames of the enterprise register, by name of the table."""
    rng = drawn.randomness(Topic.FIRM_FRAMES)
    all_firms, persons, places = drawn.all_firms, drawn.persons, drawn.places
    words = draws.read_words("firm_words.toml")
    code = columns.digits(all_firms.code, 10)
    business = Business(all_firms, persons, places, code, drawn.firm_names, words)
    return {
        "enterprise": _enterprises(rng, business),
        "dependent_unit": _units(rng, business),
        "industry_line": _lines(rng, business),
        "legal_representative": _representatives(business),
        "ownership": _ownership(business),
        "status_period": _statuses(rng, business),
        "succession": _successions(business),
    }


def _offices(
    rng: np.random.Generator, places: Geography, old: Numbers, new: Numbers, is_new: draws.Flags
) -> dict[str, Column]:
    """Make addresses as firms write them, with the commune in the words of its vintage."""
    count = len(old)
    region = places.region[places.commune_province[old]]
    street, village = columns.local_addresses(rng, region, places.is_town[old])
    before = pc.if_else(pc.is_valid(street), pc.binary_join_element_wise("Số", street, " "), None)
    local = pc.coalesce(before, village)
    commune = pc.if_else(
        pa.array(is_new),
        columns.words(places.new_text, new),
        columns.words(places.commune_text, old),
    )
    written = pc.binary_join_element_wise(local, commune, "Việt Nam", ", ")
    return {
        "address_as_written": written,
        "street": local,
        **columns.either_place(places, old, new, is_new),
        "address_status": columns.same("exact", count),
    }


def _enterprises(rng: np.random.Generator, business: Business) -> Frame:
    """Make the firms; those that re-registered their office after the reform in two versions."""
    own = business.all_firms
    count = own.count
    name = business.name
    keys = {text: vietnamese.name_key(text) for text in dict.fromkeys(name.to_pylist())}
    capital = np.round(np.exp(rng.normal(7.3, 1.3, count)) / 100 + 1).astype(np.int64) * 100
    base = columns.pick_frame(
        {
            "enterprise_code": business.code,
            "name_vi": name,
            "name_key": pa.array([keys[text] for text in name.to_pylist()]),
            "legal_type": columns.words(_TYPES, own.legal_type),
            "phone": columns.digits(_PHONE_STEM + rng.integers(0, 10**7, count), 10),
            "charter_capital_amount": pa.array(capital * _MILLION),
            "charter_capital_currency": columns.same("VND", count),
            "employees": pa.array(1 + np.floor(np.exp(rng.normal(2, 1.1, count))).astype(int)),
            "tax_office_code": columns.digits(own.code // 10**8, 2),
            "registered_on": columns.days(own.registered_on),
        }
    )
    is_new = own.registered_on >= _REFORM_DAY
    again = np.flatnonzero(own.updated_on > 0)
    row = np.concatenate([np.arange(count), again])
    since = np.concatenate([own.registered_on, own.updated_on[again]])
    number = np.repeat([0, 1], [count, len(again)])
    until = np.where(number == 0, own.updated_on[row], 0)
    frame = base.take(pa.array(row))
    frame = frame.append_column("registration_change_no", pa.array(number))
    office = _offices(rng, business.places, own.office, own.new_office, is_new)
    moved = _offices(
        rng, business.places, own.office[again], own.new_office[again], np.ones(len(again), bool)
    )
    # Re-registered is the name of the commune; the house stays where it is.
    moved["street"] = office["street"].take(pa.array(again))
    moved["address_as_written"] = pc.binary_join_element_wise(
        moved["street"],
        columns.words(business.places.new_text, own.new_office[again]),
        "Việt Nam",
        ", ",
    )
    for title, column in office.items():
        frame = frame.append_column(title, pa.concat_arrays([_flat(column), _flat(moved[title])]))
    return columns.with_period(frame, since, until, until == 0)


def _flat(column: Column) -> Column:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _units(rng: np.random.Generator, business: Business) -> Frame:
    own, places = business.all_firms, business.places
    many = np.where(rng.random(own.count) < _HAS_UNIT, rng.integers(1, 4, own.count), 0)
    firm = np.repeat(np.arange(own.count), many)
    place = np.arange(len(firm)) - np.repeat(np.cumsum(many) - many, many) + 1
    kind = draws.pick(rng, (6, 1, 3), len(firm))
    code = business.code.take(pa.array(firm))
    suffixed = pc.binary_join_element_wise(code, columns.digits(place, 3), "-")
    office = places.draw_communes(rng, draws.pick(rng, places.people, len(firm)))
    since = draws.between(rng, own.registered_on[firm], np.full(len(firm), _TODAY - 2))
    is_new = since >= _REFORM_DAY
    frame = columns.pick_frame(
        {
            "enterprise_code": code,
            "unit_code": pc.if_else(pa.array(kind == 2), columns.digits(place, 5), suffixed),
            "kind": columns.words(_UNIT_KINDS, kind),
            "name_vi": pc.binary_join_element_wise(
                columns.words(_UNIT_WORDS, kind),
                pa.array(place).cast(pa.string()),
                "-",
                business.name.take(pa.array(firm)),
                " ",
            ),
            **_offices(rng, places, office, places.draw_successors(rng, office), is_new),
            "registered_on": columns.days(since),
        }
    )
    ended = own.status[firm] == firms.ENDED
    end = np.where(ended, np.maximum(own.status_from[firm], since + 1), 0)
    return columns.with_period(frame, since, end, ~ended)


def _lines(rng: np.random.Generator, business: Business) -> Frame:
    """Make the lines of business; new and some re-listed firms use the classes of 2025."""
    own, trades = business.all_firms, business.words["trades"]
    many = rng.integers(0, _MOST_LINES + 1, own.count)
    extra = np.repeat(np.arange(own.count), many)
    firm = np.concatenate([np.arange(own.count), extra])
    trade = np.concatenate([own.trade, rng.integers(0, len(trades), len(extra))])
    is_principal = np.arange(len(firm)) < own.count
    relisted_on = np.where(
        rng.random(own.count) < _RELISTED,
        draws.between(rng, np.full(own.count, _NEW_LINES_DAY), np.full(own.count, _TODAY - 3)),
        0,
    )
    since, change = own.registered_on[firm], relisted_on[firm]
    starts_new = since >= _NEW_LINES_DAY
    change = np.where(starts_new, since, change)
    parts = []
    for version, key, rows in (
        (VSIC_2018, "line_2018", np.flatnonzero(~starts_new)),
        (VSIC_2025, "line_2025", np.flatnonzero(change > 0)),
    ):
        is_old = version == VSIC_2018
        classes = np.array([int(entry[key]) for entry in trades])[trade[rows]]
        # Two trades may share a class: the first row wins, and that is the principal one.
        _, keep = np.unique(firm[rows] * 10_000 + classes, return_index=True)
        keep.sort()
        rows, classes = rows[keep], classes[keep]
        frame = columns.pick_frame(
            {
                "enterprise_code": business.code.take(pa.array(firm[rows])),
                "vsic_version": columns.same(version, len(rows)),
                "vsic_code": columns.digits(classes, 4),
                "is_principal": pa.array(is_principal[rows]),
            }
        )
        start = since[rows] if is_old else change[rows]
        end = change[rows] if is_old else np.zeros(len(rows), dtype=np.int64)
        parts.append(columns.with_period(frame, start, end, end == 0))
    return pa.concat_tables(parts).combine_chunks()


def _person_parties(persons: Persons, rows: Numbers) -> dict[str, Column]:
    pin = columns.digits(persons.pin[rows], 12)
    known = persons.precision[rows] == 0
    return {
        "party_ref": pc.binary_join_element_wise("pin", pin, ":"),
        "party_name": pa.array(persons.name.full[rows], type=pa.string()),
        "birth_date": columns.days(persons.born[rows], missing=~known),
        "nationality_code": columns.same(columns.COUNTRY, len(rows)),
    }


def _representatives(business: Business) -> Frame:
    own, persons = business.all_firms, business.persons
    second = np.flatnonzero(own.second_representative >= 0)
    firm = np.concatenate([np.arange(own.count), second])
    person = np.concatenate([own.representative, own.second_representative[second]])
    frame = columns.pick_frame(
        {
            "enterprise_code": business.code.take(pa.array(firm)),
            **_person_parties(persons, person),
            "sex": columns.words(_SEXES, (persons.structure.sex[person] != MALE).astype(int)),
            "title": columns.words(_TITLES, own.legal_type[firm]),
        }
    )
    return columns.with_period(
        frame, own.registered_on[firm], own.registered_on[firm], np.ones(len(firm), bool)
    )


def _ownership(business: Business) -> Frame:
    own, held = business.all_firms, business.all_firms.holdings
    by_person = np.flatnonzero(held.person >= 0)
    by_firm = np.flatnonzero(held.owner_firm >= 0)
    owner = pa.array(held.owner_firm[by_firm])
    none = np.ones(len(by_firm), dtype=np.bool_)
    parties = pa.concat_tables(
        [
            columns.pick_frame(_person_parties(business.persons, held.person[by_person])),
            columns.pick_frame(
                {
                    "party_ref": pc.binary_join_element_wise(
                        "enterprise", business.code.take(owner), ":"
                    ),
                    "party_name": business.name.take(owner),
                    "birth_date": columns.days(held.since[by_firm], missing=none),
                    "nationality_code": columns.same(columns.COUNTRY, len(by_firm)),
                }
            ),
        ]
    ).combine_chunks()
    row = np.concatenate([by_person, by_firm])
    firm, percent = held.firm[row], held.percent[row]
    frame = parties.append_column("enterprise_code", business.code.take(pa.array(firm)))
    frame = frame.append_column("kind", columns.words(_KINDS, own.legal_type[firm]))
    share = pd.Series(percent).map({p: f"{p / 100:.2f}" for p in range(1, 101)})
    frame = frame.append_column("capital_share", pa.array(share, type=pa.string()))
    since = held.since[row]
    return columns.with_period(frame, since, since, np.ones(len(row), bool))


def _statuses(rng: np.random.Generator, business: Business) -> Frame:
    """Make the facts that bear on the status; what ended was wound up before."""
    own = business.all_firms
    rows = np.flatnonzero(own.status > 1)
    code, start = own.status[rows], own.status_from[rows]
    limited = code == firms.SUSPENDED
    end = np.where(limited, draws.same_day(start, 1), 0)
    ended = np.flatnonzero(own.status == firms.ENDED)
    before = np.maximum(own.status_from[ended] - 120, own.registered_on[ended] + 1)
    rested = np.flatnonzero(
        (own.status == 1) & (own.registered_on < _TODAY - 1500) & (rng.random(own.count) < 0.05)
    )
    rest = draws.between(rng, own.registered_on[rested] + 90, np.full(len(rested), _TODAY - 500))
    back = rest + rng.integers(60, 366, len(rested))
    row = np.concatenate([rows, ended, rested])
    kind = np.concatenate(
        [code, np.full(len(ended), firms.WINDING_UP), np.full(len(rested), firms.SUSPENDED)]
    )
    start = np.concatenate([start, before, rest])
    end = np.concatenate([end, own.status_from[ended], back])
    reasons: list[str | None] = [None, None, *(_REASONS[number][0] for number in range(2, 8))]
    deciders: list[str | None] = [None, None, *(_REASONS[number][1] for number in range(2, 8))]
    frame = columns.pick_frame(
        {
            "enterprise_code": business.code.take(pa.array(row)),
            "status_code": pa.array(kind),
            "reason": columns.words(reasons, kind),
            "decided_by": columns.words(deciders, kind),
        }
    )
    return columns.with_period(frame, start, end, end == 0)


def _successions(business: Business) -> Frame:
    own = business.all_firms
    rows = np.flatnonzero(own.merged_into >= 0)
    frame = columns.pick_frame(
        {
            "enterprise_code": business.code.take(pa.array(rows)),
            "successor_code": business.code.take(pa.array(own.merged_into[rows])),
            "kind": columns.same("merge", len(rows)),
        }
    )
    since = own.status_from[rows]
    return columns.with_period(frame, since, since, np.ones(len(rows), dtype=np.bool_))

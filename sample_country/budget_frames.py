"""The frames of budgets: units with their lives, what they were given, what they spent.

Provincial offices of all old provinces, those of provinces that were merged away closed at the
reform; the district offices that ended with it; the communes' offices that began with it.
"""

from collections.abc import Mapping
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from databases import vietnamese
from databases.code_lists import values as lists
from sample_country import columns, draws
from sample_country.columns import Column, Frame
from sample_country.draws import Numbers
from sample_country.geography import REFORM, Districts, Geography

_OPENED = draws.day_number(date(2017, 1, 1))
_REFORM_DAY = draws.day_number(REFORM)
_YEAR = 2025
_NOMENCLATURE = "324/2016"  # Circular 324/2016/TT-BTC, up to budget year 2025
# Chapters: Circular 324/2016/TT-BTC annex I (recalled; the register checks their bands).
_PROVINCIAL = (
    ("405", "Văn phòng Ủy ban nhân dân tỉnh"),
    ("418", "Sở Tài chính"),
    ("422", "Sở Giáo dục và Đào tạo"),
    ("423", "Sở Y tế"),
)
_DISTRICT_CHAPTER, _COMMUNE_CHAPTER = "605", "805"
_CATEGORY, _ITEM, _SUB_ITEM, _SOURCE = "341", "6000", "6001", "13"
_FIRST_PROVINCIAL, _FIRST_DISTRICT, _FIRST_COMMUNE = 1_010_000, 1_030_000, 1_050_000
_QUARTERS = (date(2025, 9, 25), date(2025, 12, 20))
_LOCKED_MONTHS = tuple(range(1, 12))
_MILLION = 1_000_000
_SPENT_EACH = 0.45


def build(rng: np.random.Generator, places: Geography, districts: Districts) -> Mapping[str, Frame]:
    """Make the frames of budgets, by name of the table."""
    communes = np.arange(len(places.new_code))
    given = rng.integers(2_000, 9_000, len(communes)) * _MILLION
    return {
        "budget_unit": _units(places, districts),
        "unit_budget": _budgets(communes),
        "budget_amount": _amounts(communes, given),
        **_entries(places, communes, given),
        "period_lock": _locks(),
    }


def commune_units(communes: Numbers) -> Column:
    """Give the unit codes of the offices of new communes (positions)."""
    return columns.digits(_FIRST_COMMUNE + communes, 7)


def _units(places: Geography, districts: Districts) -> Frame:
    parts = [
        _provincial_units(places),
        _district_units(districts),
        _commune_units(places),
    ]
    order = parts[0].column_names
    frame = pa.concat_tables([part.select(order) for part in parts]).combine_chunks()
    names = frame["name_vi"].to_pylist()
    key = pa.array([vietnamese.name_key(name) for name in names], type=pa.string())
    opened = np.concatenate(
        [
            np.full(len(parts[0]) + len(parts[1]), _OPENED),
            np.full(len(parts[2]), _REFORM_DAY),
        ]
    )
    frame = frame.append_column("name_key", key)
    frame = frame.append_column("kind", columns.same("estimate_unit", len(names)))
    frame = frame.append_column("opened_on", columns.days(opened))
    return columns.with_period(frame, opened, opened, np.ones(len(names), dtype=np.bool_))


def _provincial_units(places: Geography) -> Frame:
    province = np.repeat(np.arange(len(places.province_code)), len(_PROVINCIAL))
    office = np.tile(np.arange(len(_PROVINCIAL)), len(places.province_code))
    codes = places.province_code[province]
    stays = np.isin(codes, places.new_province)
    return columns.pick_frame(
        {
            "unit_code": columns.digits(_FIRST_PROVINCIAL + np.arange(len(province)), 7),
            "name_vi": pc.binary_join_element_wise(
                columns.words([name for _, name in _PROVINCIAL], office),
                columns.words(places.province_code, province),
                " ",
            ),
            "level_code": columns.same("2", len(province)),
            "chapter_code": columns.words([chapter for chapter, _ in _PROVINCIAL], office),
            "province_code": columns.words(places.province_code, province),
            "commune_code": pa.nulls(len(province), pa.string()),
            "commune_version": columns.same(lists.BEFORE_REFORM, len(province)),
            "closed_on": columns.days(np.full(len(province), _REFORM_DAY), missing=stays),
            "closing_reason": columns.words(
                ["Sắp xếp đơn vị hành chính cấp tỉnh"], np.where(stays, -1, 0)
            ),
        }
    )


def _district_units(districts: Districts) -> Frame:
    count = len(districts.code)
    return columns.pick_frame(
        {
            "unit_code": columns.digits(_FIRST_DISTRICT + np.arange(count), 7),
            "name_vi": pc.binary_join_element_wise(
                "Văn phòng Ủy ban nhân dân", pa.array(districts.name, type=pa.string()), " "
            ),
            "level_code": columns.same("3", count),
            "chapter_code": columns.same(_DISTRICT_CHAPTER, count),
            "province_code": pa.array(districts.province, type=pa.string()),
            "commune_code": pa.nulls(count, pa.string()),
            "commune_version": columns.same(lists.BEFORE_REFORM, count),
            "closed_on": columns.days(np.full(count, _REFORM_DAY)),
            "closing_reason": columns.same("Kết thúc hoạt động cấp huyện", count),
        }
    )


def _commune_units(places: Geography) -> Frame:
    communes = np.arange(len(places.new_code))
    return columns.pick_frame(
        {
            "unit_code": commune_units(communes),
            "name_vi": pc.binary_join_element_wise(
                "Văn phòng Ủy ban nhân dân", columns.words(places.new_text, communes), " "
            ),
            "level_code": columns.same("4", len(communes)),
            "chapter_code": columns.same(_COMMUNE_CHAPTER, len(communes)),
            **columns.new_place(places, communes),
            "closed_on": pa.nulls(len(communes), pa.date32()),
            "closing_reason": pa.nulls(len(communes), pa.string()),
        }
    )


def _budget_ids(communes: Numbers) -> Column:
    return pc.binary_join_element_wise(commune_units(communes), str(_YEAR), "-")


def _budgets(communes: Numbers) -> Frame:
    count = len(communes)
    since = np.full(count, _REFORM_DAY)
    frame = columns.pick_frame(
        {
            "budget_id": _budget_ids(communes),
            "unit_code": commune_units(communes),
            "budget_year": pa.array(np.full(count, _YEAR)),
            "nomenclature_version": columns.same(_NOMENCLATURE, count),
            "chapter_code": columns.same(_COMMUNE_CHAPTER, count),
            "level_code": columns.same("4", count),
        }
    )
    return columns.with_period(frame, since, since, np.ones(count, dtype=np.bool_))


def _line(count: int, *, item: str) -> dict[str, Column]:
    return {
        "category_code": columns.same(_CATEGORY, count),
        "item_code": columns.same(item, count),
        "programme_code": columns.same("00000", count),
        "source_code": columns.same(_SOURCE, count),
    }


def _amounts(communes: Numbers, given: Numbers) -> Frame:
    """Make an estimate, and an allocation of the same amount, for each commune's office."""
    parts = []
    for stage in ("estimate", "allocation"):
        count = len(communes)
        frame = columns.pick_frame(
            {
                "budget_id": _budget_ids(communes),
                "stage": columns.same(stage, count),
                **_line(count, item=_ITEM),
                "amount": pa.array(given),
                "revision_no": pa.array(np.zeros(count, dtype=np.int64)),
                "decision_no": columns.same("01/2025/QĐ-UBND", count),
            }
        )
        since = np.full(count, _REFORM_DAY)
        parts.append(columns.with_period(frame, since, since, np.ones(count, dtype=np.bool_)))
    return pa.concat_tables(parts).combine_chunks()


def _entries(places: Geography, communes: Numbers, given: Numbers) -> Mapping[str, Frame]:
    """Make an entry of wages for each quarter: expenditure against the account of the treasury."""
    entries, lines = [], []
    for quarter, day in enumerate(_QUARTERS, start=1):
        number = pc.binary_join_element_wise(commune_units(communes), f"{_YEAR}{quarter}", "-")
        entries.append(_entry_frame(number, day))
        spent = (given * _SPENT_EACH).astype(np.int64)
        for place, (account, item, side, effect) in enumerate(
            (("8113", _SUB_ITEM, "debit", "expenditure"), ("1112", "0000", "credit", "balance")),
            start=1,
        ):
            key = _budget_keys(places, communes, account, item)
            frame = columns.pick_frame(
                {
                    "budget_id": _budget_ids(communes),
                    "line_id": pc.binary_join_element_wise(number, str(place), "/"),
                    "entry_no": number,
                    "period_code": columns.same(f"{day:%Y-%m}", len(communes)),
                    "budget_key": key,
                    "side": columns.same(side, len(communes)),
                    "effect": columns.same(effect, len(communes)),
                    "amount": pa.array(spent),
                    **_line(len(communes), item=item),
                }
            )
            lines.append(_since(frame, day))
    return {
        "journal_entry": pa.concat_tables(entries).combine_chunks(),
        "journal_line": pa.concat_tables(lines).combine_chunks(),
    }


def _since(frame: Frame, day: date) -> Frame:
    since = np.full(frame.num_rows, draws.day_number(day))
    return columns.with_period(frame, since, since, np.ones(len(since), dtype=np.bool_))


def _entry_frame(number: Column, day: date) -> Frame:
    count = len(number)
    frame = columns.pick_frame(
        {
            "entry_no": number,
            "budget_year": pa.array(np.full(count, _YEAR)),
            "posted_on": columns.days(np.full(count, draws.day_number(day))),
            "period_code": columns.same(f"{day:%Y-%m}", count),
            "description": columns.same("Chi lương", count),
        }
    )
    return _since(frame, day)


def _budget_keys(places: Geography, communes: Numbers, account: str, item: str) -> Column:
    """Write the accounting key, 43 characters (Circular 132/2025/TT-BTC)."""
    return pc.binary_join_element_wise(
        f"01{account}{item}4",
        commune_units(communes),
        columns.words(places.new_code, communes),
        f"{_COMMUNE_CHAPTER}{_CATEGORY}00000" + "0111" + _SOURCE + "000",
        "",
    )


def _locks() -> Frame:
    """Make the months that are closed, each since the tenth of the next one."""
    frame = columns.pick_frame(
        {
            "period_code": pa.array([f"{_YEAR}-{month:02d}" for month in _LOCKED_MONTHS]),
            "decision_no": columns.same("QĐ-KBNN", len(_LOCKED_MONTHS)),
        }
    )
    since = np.array([draws.day_number(date(_YEAR, month + 1, 10)) for month in _LOCKED_MONTHS])
    return columns.with_period(frame, since, since, np.ones(len(since), dtype=np.bool_))

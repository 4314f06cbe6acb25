"""The frame of land uses: a line for each parcel, a second one for homes with a garden."""

from datetime import date

import numpy as np
import pyarrow as pa

from sample_country import columns, draws, estates, land_drawn
from sample_country.columns import Frame
from sample_country.land_drawn import Land

# Circular 25/2014/TT-BTNMT, and Circular 08/2024/TT-BTNMT since the Law on Land 2024 is in force.
_REGIMES: list[str | None] = ["25/2014", "08/2024"]
_LAW_2024_SINCE = draws.day_number(date(2024, 8, 1))
_HAS_GARDEN = 0.3
_FARM_YEARS = 50
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


def build(rng: np.random.Generator, land: Land) -> Frame:
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
    return land_drawn.always(frame, own.since[row])

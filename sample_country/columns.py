"""Columns of frames: from numbers to the texts, days and addresses that the registers hold.

A frame is an Arrow table with the columns of a register's table, and `valid_from`, `valid_to` in
place of its version columns.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from databases.code_lists import values as lists
from sample_country import draws
from sample_country.draws import Flags, Numbers, Texts
from sample_country.geography import REFORM, Geography

Column = Any  # pyarrow is not typed
Frame = Any

COUNTRY = "VN"
OPEN = 10**6  # the end of a fact that goes on
_REFORM_DAY = draws.day_number(REFORM)


def digits(numbers: Numbers, width: int, *, missing: Flags | None = None) -> Column:
    """Write numbers with leading zeros; null where `missing`."""
    text = pc.utf8_lpad(pa.array(numbers).cast(pa.string()), width=width, padding="0")
    return text if missing is None else pc.if_else(pa.array(missing), None, text)


def days(numbers: Numbers, *, missing: Flags | None = None) -> Column:
    """Make days from their numbers; null where `missing`."""
    column = pa.array(numbers.astype(np.int32), mask=missing)
    return column.cast(pa.date32())


def words(vocabulary: list[str | None] | Texts, positions: Numbers) -> Column:
    """Take a word of a small vocabulary for each row; null at a position of -1."""
    return pa.array(list(vocabulary), type=pa.string()).take(
        pa.array(positions, mask=positions < 0)
    )


def same(value: str, count: int) -> Column:
    """Repeat a text."""
    return pa.repeat(pa.scalar(value), count)


def pick_frame(columns: Mapping[str, Column]) -> Frame:
    """Make a frame."""
    return pa.table(dict(columns))


def old_place(places: Geography, communes: Numbers, prefix: str = "") -> dict[str, Column]:
    """Make the coded part of an address with communes before the reform."""
    return {
        f"{prefix}commune_code": words(places.commune_code, communes),
        f"{prefix}commune_version": same(lists.BEFORE_REFORM, len(communes)),
        f"{prefix}province_code": words(places.province_code, places.commune_province[communes]),
    }


def new_place(places: Geography, communes: Numbers, prefix: str = "") -> dict[str, Column]:
    """Make the coded part of an address with communes since the reform."""
    return {
        f"{prefix}commune_code": words(places.new_code, communes),
        f"{prefix}commune_version": same(lists.SINCE_REFORM, len(communes)),
        f"{prefix}province_code": words(places.new_province, communes),
    }


def either_place(
    places: Geography, old: Numbers, new: Numbers, is_new: Flags, prefix: str = ""
) -> dict[str, Column]:
    """Make the coded part of addresses of both vintages."""
    mask = pa.array(is_new)
    before, since = old_place(places, old, prefix), new_place(places, new, prefix)
    return {name: pc.if_else(mask, since[name], before[name]) for name in before}


def across_reform(
    base: Frame,
    places: Geography,
    *,
    old: Numbers,
    new: Numbers,
    start: Numbers,
    end: Numbers,
) -> Frame:
    """Split facts with a place at the day of the reform, each part with the communes of its time.

    Args:
        base: the columns that both parts share.
        places: provinces and communes.
        old: commune before the reform, as a position.
        new: commune since the reform, as a position.
        start: first day.
        end: first day on which it no longer holds; `OPEN` where it goes on.
    """
    before = np.flatnonzero(start < _REFORM_DAY)
    since = np.flatnonzero(end > _REFORM_DAY)
    parts = []
    for rows, place in (
        (before, old_place(places, old[before])),
        (since, new_place(places, new[since])),
    ):
        is_before = rows is before
        upper = np.minimum(end[rows], _REFORM_DAY) if is_before else end[rows]
        lower = start[rows] if is_before else np.maximum(start[rows], _REFORM_DAY)
        part = base.take(pa.array(rows))
        for name, column in place.items():
            part = part.append_column(name, column)
        parts.append(with_period(part, lower, upper, upper == OPEN))
    return pa.concat_tables(parts).combine_chunks()


def with_period(frame: Frame, start: Numbers, end: Numbers, is_open: Flags) -> Frame:
    """Add `valid_from` and `valid_to` (null where open)."""
    frame = frame.append_column("valid_from", days(start))
    return frame.append_column("valid_to", days(end, missing=is_open))


def local_addresses(
    rng: np.random.Generator, region: Numbers, is_town: Flags
) -> tuple[Column, Column]:
    """Draw house and street in towns, and the village or residential group everywhere.

    Returns:
        street (null in the country) and village.
    """
    count = len(region)
    table = draws.read_words("places.toml")
    streets: list[str | None] = list(table["streets"])
    numbers = pa.array(rng.integers(1, 400, count)).cast(pa.string())
    street = words(streets, rng.integers(0, len(streets), count))
    street = pc.binary_join_element_wise(numbers, street, " ")
    village = _villages(rng, table, region)
    group = pa.array(rng.integers(1, table["residential_groups"] + 1, count)).cast(pa.string())
    group = pc.binary_join_element_wise(same("Tổ dân phố", count), group, " ")
    mask = pa.array(is_town)
    return pc.if_else(mask, street, None), pc.if_else(mask, group, village)


def _villages(rng: np.random.Generator, table: dict[str, Any], region: Numbers) -> Column:
    vocabulary: list[str | None] = []
    bounds = [0]
    own = [*table["village_names"], *map(str, range(1, table["numbered_villages"] + 1))]
    for name in ("north", "centre", "south"):
        vocabulary += [
            f"{word} {place}" for word in table[f"village_words_{name}"] for place in own
        ]
        bounds.append(len(vocabulary))
    low, high = np.array(bounds[:-1])[region], np.array(bounds[1:])[region]
    return words(vocabulary, low + np.floor(rng.random(len(region)) * (high - low)).astype(int))

"""Drawing with weights, reading the authored tables of `data/`, and days as whole numbers."""

import csv
import io
import tomllib
from collections.abc import Sequence
from datetime import date
from importlib import resources
from typing import Any

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Shares = npt.NDArray[np.float64]
Texts = npt.NDArray[np.object_]

_EPOCH = date(1970, 1, 1)


def day_number(day: date) -> int:
    """Count the days since 1 January 1970.

    >>> day_number(date(2025, 7, 1))
    20270
    """
    return (day - _EPOCH).days


def years_of(days: Numbers) -> Numbers:
    """Give the calendar year of each day."""
    years: Numbers = days.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    return years


def first_days(years: Numbers) -> Numbers:
    """Give the number of 1 January of each year."""
    days: Numbers = (years - 1970).astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64)
    return days


def same_day(days: Numbers, after_years: int) -> Numbers:
    """Give the same day some years later; a 29 February gives 1 March where there is none."""
    day = days.astype("datetime64[D]")
    month = day.astype("datetime64[M]")
    later = (month + np.timedelta64(12 * after_years, "M")).astype("datetime64[D]")
    moved: Numbers = (later + (day - month.astype("datetime64[D]"))).astype(np.int64)
    return moved


def pick(rng: np.random.Generator, weights: Sequence[float] | Shares, count: int) -> Numbers:
    """Draw positions in proportion to their weights."""
    bounds = np.cumsum(np.asarray(weights, dtype=np.float64))
    drawn = np.searchsorted(bounds, rng.random(count) * bounds[-1], side="right")
    positions: Numbers = np.minimum(drawn, len(bounds) - 1).astype(np.int64)
    return positions


def texts(values: Sequence[str | None]) -> Texts:
    """Make an array of texts."""
    array: Texts = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def between(rng: np.random.Generator, low: Numbers, high: Numbers) -> Numbers:
    """Draw a whole number from low to high, both included; low where high is below it."""
    width = np.maximum(high - low, 0) + 1
    drawn: Numbers = low + np.floor(rng.random(len(low)) * width).astype(np.int64)
    return drawn


def read_rows(name: str) -> list[dict[str, str]]:
    """Read a CSV file of `data/`; lines that start with # are remarks."""
    content = resources.files("sample_country").joinpath("data", name).read_text(encoding="utf-8")
    lines = [line for line in content.splitlines() if not line.startswith("#")]
    return list(csv.DictReader(io.StringIO("\n".join(lines))))


def read_words(name: str) -> dict[str, Any]:
    """Read a TOML file of `data/`."""
    content = resources.files("sample_country").joinpath("data", name).read_text(encoding="utf-8")
    return tomllib.loads(content)

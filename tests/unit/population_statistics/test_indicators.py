"""Indicators out of sums, and that none is given where a sum in it is not."""

from decimal import Decimal

import pytest

from population_statistics.rules import indicators
from population_statistics.rules.indicators import Key, Published

TABLES = (
    "persons_by_age",
    "persons_by_age_before",
    "persons_by_place",
    "births",
    "deaths",
    "marriages",
)
TOTAL: Key = ("VN", "_T", "_T", "_T", "_T", "_T")


def compute(hidden: str = "", **totals: int) -> dict[str, str | None]:
    tables = {
        name: Published(
            {TOTAL: totals.get(name, 0)}, frozenset({TOTAL}) if name == hidden else frozenset()
        )
        for name in TABLES
    }
    return {one.indicator: one.value for one in indicators.compute(tables)}


class TestCompute:
    def test_gives_growth_by_the_average_of_both_ends_of_the_year(self) -> None:
        found = compute(persons_by_age=1030, persons_by_age_before=970)

        assert found["POPULATION_GROWTH_RATE"] == str(Decimal("6.00"))

    def test_gives_natural_increase_by_mille(self) -> None:
        found = compute(persons_by_age=1000, persons_by_age_before=1000, births=15, deaths=6)

        assert found["NATURAL_INCREASE_RATE"] == "9.00"

    @pytest.mark.parametrize("hidden", ["persons_by_age", "persons_by_age_before"])
    def test_gives_nothing_where_a_sum_in_it_is_not_published(self, hidden: str) -> None:
        found = compute(hidden, persons_by_age=1030, persons_by_age_before=970)

        assert found["POPULATION_GROWTH_RATE"] is None

    def test_gives_nothing_where_nobody_lives(self) -> None:
        assert compute()["POPULATION_GROWTH_RATE"] is None

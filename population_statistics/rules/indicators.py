"""Indicators: ratios of published sums. Pure.

An indicator is published only where every sum in it is, so it tells nothing that they do not.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from population_statistics.rules import ages
from population_statistics.values import ALL, INDICATORS, NATION, Figure

Key = tuple[str, str, str, str, str, str]
_MOTHERS = ages.list_five_years(15, 45)
_MARRIAGE_AGES = ages.list_five_years(15, 50)
_WIDTH = 5
_AREA_VERSIONS = {"2025": "19/2025", "2004": "124/2004"}
_HUNDRED, _THOUSAND = Decimal(100), Decimal(1000)


class Suppressed(Exception):
    """A sum that an indicator needs is not published."""


@dataclass(frozen=True)
class Published:
    """The sums of a table and which of them are not published."""

    sums: Mapping[Key, int]
    suppressed: frozenset[Key]


@dataclass(frozen=True)
class _Area:
    """The published sums of one area."""

    name: str
    tables: Mapping[str, Published]

    def sum(
        self,
        table: str,
        *,
        sex: str = ALL,
        age: str = ALL,
        urbanisation: str = ALL,
        marital: str = ALL,
    ) -> Decimal:
        """Give a sum.

        Raises:
            Suppressed: it is not published.
        """
        key = (self.name, sex, age, urbanisation, marital, ALL)
        source = self.tables[table]
        if key in source.suppressed:
            raise Suppressed
        return Decimal(source.sums.get(key, 0))

    def average(self, *, sex: str = ALL, age: str = ALL) -> Decimal:
        """Give the average of the populations at both ends of the year."""
        start = self.sum("persons_by_age_before", sex=sex, age=age)
        return (start + self.sum("persons_by_age", sex=sex, age=age)) / 2

    def persons(self, **keys: str) -> Decimal:
        """Give persons at the end of the year."""
        return self.sum("persons_by_age", **keys)


Formula = Callable[[_Area], Decimal | None]


def _ratio(part: Decimal, whole: Decimal, factor: Decimal) -> Decimal | None:
    return None if whole == 0 else part / whole * factor


def _dependency(area: _Area, *names: str) -> Decimal | None:
    part = sum((area.persons(age=name) for name in names), Decimal(0))
    return _ratio(part, area.persons(age="Y15T64"), _HUNDRED)


def _natural_increase(area: _Area) -> Decimal | None:
    more = area.sum("births") - area.sum("deaths")
    return _ratio(more, area.average(), _THOUSAND)


def _growth(area: _Area) -> Decimal | None:
    more = area.persons() - area.sum("persons_by_age_before")
    return _ratio(more, area.average(), _HUNDRED)


def _total_fertility(area: _Area) -> Decimal | None:
    rates = [
        _ratio(area.sum("births", age=age), area.average(sex="F", age=age), Decimal(1))
        for age in _MOTHERS
    ]
    known = [rate for rate in rates if rate is not None]
    return sum(known, Decimal(0)) * _WIDTH if len(known) == len(rates) else None


def _mean_age_at_marriage(area: _Area, sex: str) -> Decimal | None:
    """Hajnal's singulate mean age at marriage, of those who marry before fifty."""
    shares = []
    for age in _MARRIAGE_AGES:
        persons = area.persons(sex=sex, age=age)
        if persons == 0:
            return None
        shares.append(area.persons(sex=sex, age=age, marital="S") / persons)
    never = (shares[-1] + shares[-2]) / 2
    if never == 1:
        return None
    lived_single = Decimal(15) + _WIDTH * sum(shares[:-1], Decimal(0))
    return (lived_single - 50 * never) / (1 - never)


def _urban_share(area: _Area) -> Decimal | None:
    urban = area.sum("persons_by_place", urbanisation="U")
    return _ratio(urban, area.persons(), _HUNDRED)


# Indicator → unit and formula. Decree 94/2022/NĐ-CP, contents of indicators 0102 to 0112.
_FORMULAS: Mapping[str, tuple[str, Formula]] = {
    "SEX_RATIO": (
        "MALES_PER_100_FEMALES",
        lambda a: _ratio(a.persons(sex="M"), a.persons(sex="F"), _HUNDRED),
    ),
    "SEX_RATIO_AT_BIRTH": (
        "BOYS_PER_100_GIRLS",
        lambda a: _ratio(a.sum("births", sex="M"), a.sum("births", sex="F"), _HUNDRED),
    ),
    "CRUDE_BIRTH_RATE": ("PM", lambda a: _ratio(a.sum("births"), a.average(), _THOUSAND)),
    "CRUDE_DEATH_RATE": ("PM", lambda a: _ratio(a.sum("deaths"), a.average(), _THOUSAND)),
    "NATURAL_INCREASE_RATE": ("PM", _natural_increase),
    "POPULATION_GROWTH_RATE": ("PT", _growth),
    "TOTAL_FERTILITY_RATE": ("CHILDREN_PER_WOMAN", _total_fertility),
    "DEPENDENCY_RATIO": ("PT", lambda a: _dependency(a, "Y0T14", "Y_GE65")),
    "CHILD_DEPENDENCY_RATIO": ("PT", lambda a: _dependency(a, "Y0T14")),
    "OLD_AGE_DEPENDENCY_RATIO": ("PT", lambda a: _dependency(a, "Y_GE65")),
    "AGEING_INDEX": (
        "PT",
        lambda a: _ratio(a.persons(age="Y_GE60"), a.persons(age="Y0T14"), _HUNDRED),
    ),
    "URBAN_SHARE": ("PT", _urban_share),
    "MEAN_AGE_AT_FIRST_MARRIAGE_M": ("YR", lambda a: _mean_age_at_marriage(a, "M")),
    "MEAN_AGE_AT_FIRST_MARRIAGE_F": ("YR", lambda a: _mean_age_at_marriage(a, "F")),
}
_DECIMALS = 2
_SMALLEST = Decimal(1).scaleb(-_DECIMALS)


def compute(tables: Mapping[str, Published]) -> Sequence[Figure]:
    """Compute all indicators of all areas; rounded half up to two digits.

    Source:
        Decree 94/2022/NĐ-CP, contents of indicators 0102 to 0112; the mean age at first marriage is
        Hajnal's singulate mean.
    """
    figures: list[Figure] = []
    for name in _areas(tables["persons_by_age"]):
        area = _Area(name, tables)
        for indicator, (unit, formula) in _FORMULAS.items():
            figures.append(_figure(area, indicator, unit, ALL, formula))
        figures.extend(
            _figure(area, "AGE_SPECIFIC_FERTILITY_RATE", "PM", age, _fertility_at(age))
            for age in _MOTHERS
        )
    return figures


def _fertility_at(age: str) -> Formula:
    return lambda area: _ratio(
        area.sum("births", age=age), area.average(sex="F", age=age), _THOUSAND
    )


def _areas(persons: Published) -> Iterable[str]:
    return sorted({key[0] for key in persons.sums})


def _figure(area: _Area, indicator: str, unit: str, age: str, formula: Formula) -> Figure:
    value, status = None, "Q"
    try:
        computed = formula(area)
        value = None if computed is None else str(computed.quantize(_SMALLEST, ROUND_HALF_UP))
        status = "M" if computed is None else "A"
    except Suppressed:
        pass
    is_broken = indicator == "URBAN_SHARE" and area.name == NATION and status == "A"
    return Figure(
        flow=INDICATORS,
        ref_area=area.name,
        area_version=_AREA_VERSIONS.get(area.name.partition("-")[0], "19/2025"),
        indicator=indicator,
        sex=ALL,
        age=age,
        urbanisation=ALL,
        marital_status=ALL,
        ethnicity=ALL,
        unit=unit,
        decimals=_DECIMALS,
        value=value,
        status="B" if is_broken else status,
    )

"""Which tables of counts there are, how cells are hidden, which figures they give. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from population_statistics.rules import ages
from population_statistics.rules.protection import Design
from population_statistics.values import ALL, NATION, UNKNOWN, Cell, CountTable, Kept

# Area, sex, age, urbanisation, marital status, ethnicity.
Key = tuple[str, str, str, str, str, str]
SEXES = {"male": "M", "female": "F"}
_MARITAL = {"single": "S", "married": "M", "widowed": "W", "divorced": "D"}
_JOINED = "*"
_COUNTRY = f"{_JOINED}/{_JOINED}"
_OLD_AREA, _NEW_AREA = "2004-", "2025-"


@dataclass(frozen=True)
class Table:
    """A table of counts.

    Args:
        columns: as the population register gives them.
        cell: makes a cell of a row of that register; areas become one code, `old/new`.
        design: how cells are hidden.
        figures: the figures that a cell is counted in, without the indicator.
        indicator: what is counted.
    """

    columns: tuple[str, ...]
    cell: Callable[[Cell], Cell]
    design: Design
    figures: Callable[[Cell], Iterable[Key]]
    indicator: str


def _new_province(area: str) -> str:
    return area.partition("/")[2]


def _areas(area: str) -> tuple[str, ...]:
    """Name the published areas that an area of both vintages lies in.

    >>> _areas("75/79")
    ('VN', '2025-79', '2004-75')
    """
    old, _, new = area.partition("/")
    named = ((_NEW_AREA, new), (_OLD_AREA, old))
    return (NATION, *(prefix + code for prefix, code in named if code not in ("", _JOINED)))


def _sexes(sex: str) -> tuple[str, ...]:
    return (ALL, SEXES.get(sex, UNKNOWN))


def _by_age(cell: Cell) -> Iterable[Key]:
    area, sex, age, marital = cell
    groups = ages.groups_of_five_years(age)
    for place in _areas(area):
        for sex_code in _sexes(sex):
            for group in groups:
                yield place, sex_code, group, ALL, ALL, ALL
                yield place, sex_code, group, ALL, _MARITAL.get(marital, UNKNOWN), ALL


def _by_single_age(cell: Cell) -> Iterable[Key]:
    _, sex, age = cell
    if age != ages.five_years(ages.OPEN_AGE):
        for sex_code in _sexes(sex):
            yield NATION, sex_code, age, ALL, ALL, ALL


def _by_place(cell: Cell) -> Iterable[Key]:
    area, place, sex = cell
    commune, was_urban, is_urban = place.split("/")
    old, _, new = area.partition("/")
    for sex_code in _sexes(sex):
        yield NATION, sex_code, ALL, is_urban or UNKNOWN, ALL, ALL
        if new not in ("", _JOINED):
            yield _NEW_AREA + new, sex_code, ALL, is_urban or UNKNOWN, ALL, ALL
        if old not in ("", _JOINED):
            yield _OLD_AREA + old, sex_code, ALL, was_urban or UNKNOWN, ALL, ALL
        if commune:
            yield _NEW_AREA + commune, sex_code, ALL, ALL, ALL, ALL


def _by_ethnicity(cell: Cell) -> Iterable[Key]:
    area, sex, ethnicity = cell
    for place in _areas(area):
        for sex_code in _sexes(sex):
            yield place, sex_code, ALL, ALL, ALL, ethnicity or UNKNOWN


def _by_age_of_event(cell: Cell) -> Iterable[Key]:
    area, sex, age = cell
    group = ages.five_years(int(age)) if age else UNKNOWN
    for place in _areas(area):
        for sex_code in _sexes(sex):
            yield place, sex_code, ALL, ALL, ALL, ALL
            yield place, sex_code, group, ALL, ALL, ALL


def _joined_area(row: Cell) -> Cell:
    return (f"{row[0]}/{row[1]}", *row[2:])


def _in_five_years(row: Cell) -> Cell:
    old, new, sex, age, marital = row
    return f"{old}/{new}", sex, ages.five_years(int(age)), marital


def _in_single_years(row: Cell) -> Cell:
    _, _, sex, age, _ = row
    return _COUNTRY, sex, ages.single(int(age))


def _joined_place(row: Cell) -> Cell:
    old, new, commune, was_urban, is_urban, sex = row
    return f"{old}/{new}", f"{commune}/{was_urban}/{is_urban}", sex


def _is_joined(cell: Cell) -> bool:
    return cell[0].startswith(_JOINED)


def _always(_: Cell) -> bool:
    return True


def _kind_of_place(place: str) -> str:
    return place.partition("/")[2]


_AREA = ("old_province", "new_province")
_AGE_COLUMNS = (*_AREA, "sex", "age", "marital_status")
_BY_AGE = Table(
    _AGE_COLUMNS,
    _in_five_years,
    Design(
        ("area", "sex", "age", "marital_status"),
        # Each holds age or marital status: what other tables say of an area and sex stays true.
        (
            ("area", "age", "marital_status"),
            ("age", "marital_status"),
            ("area", "marital_status"),
            ("area", "age"),
            ("marital_status",),
        ),
        (("age",),),
        _is_joined,
        ("area", "sex"),
        {"area": _new_province},
    ),
    _by_age,
    "POP",
)
_EVENT_EXCHANGES = (("area", "age"), ("age",), ("area",), ("sex",))


def _events(age: str, indicator: str) -> Table:
    design = Design(
        ("area", "sex", "age"), _EVENT_EXCHANGES, (), _always, (), {"area": _new_province}
    )
    return Table((*_AREA, "sex", age), _joined_area, design, _by_age_of_event, indicator)


SINGLE_AGES = "persons_by_single_age"
TABLES: Mapping[str, Table] = {
    "persons_by_age": _BY_AGE,
    SINGLE_AGES: Table(
        _AGE_COLUMNS,
        _in_single_years,
        # Protected together with the groups of five years, see `single_ages`.
        Design(("area", "sex", "age"), (), (), _always, ("area", "sex"), {}),
        _by_single_age,
        "POP",
    ),
    "persons_by_place": Table(
        (*_AREA, "commune", "was_urban", "is_urban", "sex"),
        _joined_place,
        Design(
            ("area", "place", "sex"),
            (("place", "sex"), ("place",)),
            (),
            _always,
            ("area", "sex"),
            {"place": _kind_of_place},
        ),
        _by_place,
        "POP",
    ),
    "persons_by_ethnicity": Table(
        (*_AREA, "sex", "ethnicity"),
        _joined_area,
        Design(
            ("area", "sex", "ethnicity"),
            (("area", "ethnicity"), ("sex", "ethnicity"), ("ethnicity",)),
            (),
            _always,
            ("area", "sex"),
            {"area": _new_province},
        ),
        _by_ethnicity,
        "POP",
    ),
    "births": _events("mother_age", "BIRTHS"),
    "deaths": _events("age", "DEATHS"),
    "marriages": _events("age", "MARRIED_IN_YEAR"),
}
PERSON_TABLES = ("persons_by_age", SINGLE_AGES, "persons_by_place", "persons_by_ethnicity")
EVENT_TABLES = ("births", "deaths", "marriages")


@dataclass(frozen=True)
class JoinedAreas:
    """Areas that are too small to be told apart.

    Args:
        provinces: provinces since 1 July 2025 whose parts by former province are joined.
        country: those of them that are joined with each other.
    """

    provinces: frozenset[str] = frozenset()
    country: frozenset[str] = frozenset()

    @classmethod
    def of_kept(cls, kept: Iterable[Kept]) -> "JoinedAreas":
        """Give the areas that earlier vintages joined to hide cells: they stay joined.

        Source:
            Law on Statistics 89/2015/QH13 art. 57; the method is ours, see docs/adr/0016.
        """
        given = tuple(kept)
        return cls(
            frozenset().union(*(one.provinces for one in given)),
            frozenset().union(*(one.country for one in given)),
        )

    def area(self, area: str) -> str:
        """Give the area that an area became part of.

        Source:
            Law on Statistics 89/2015/QH13 art. 57; the method is ours, see docs/adr/0016.
        """
        new = _new_province(area)
        if new in self.country:
            return _COUNTRY
        return f"{_JOINED}/{new}" if new in self.provinces else area

    def joining(self, areas: Sequence[str], provinces: Iterable[str]) -> "JoinedAreas | None":
        """Join areas that are too small with their neighbours; None if one is the whole country.

        Parts of a province are joined before provinces are, and all that are too small at once.

        Args:
            areas: as `area` gives them, at least one.
            provinces: all provinces, those first that another one is joined with first.

        Source:
            Law on Statistics 89/2015/QH13 art. 57; the method is ours, see docs/adr/0016.
        """
        parts = {_new_province(area) for area in areas if area != _COUNTRY} - self.provinces
        if parts:
            return JoinedAreas(self.provinces | parts, self.country)
        return self._joining_provinces(areas[0], provinces)

    def _joining_provinces(self, area: str, provinces: Iterable[str]) -> "JoinedAreas | None":
        new = _new_province(area)
        apart = [one for one in provinces if one not in self.country and one != new]
        if area == _COUNTRY and not apart:
            return None
        more = {new} if area != _COUNTRY else set()
        if not self.country or area == _COUNTRY:
            more.update(apart[:1])
        return JoinedAreas(self.provinces, self.country | more)


def with_areas(table: CountTable, joined: JoinedAreas) -> CountTable:
    """Join areas of a table whose first dimension is the area.

    Source:
        Law on Statistics 89/2015/QH13 art. 57; the method is ours, see docs/adr/0016.
    """
    counts: dict[Cell, int] = {}
    for cell, count in table.counts.items():
        there = (joined.area(cell[0]), *cell[1:])
        counts[there] = counts.get(there, 0) + count
    return CountTable(table.columns, counts)


def list_provinces(table: CountTable) -> list[str]:
    """List the provinces since 1 July 2025 in a table, the largest first.

    Source:
        Decision 19/2025/QĐ-TTg (list of provinces).
    """
    totals: dict[str, int] = {}
    for cell, count in table.counts.items():
        province = _new_province(cell[0])
        totals[province] = totals.get(province, 0) + count
    return sorted(totals, key=lambda province: (-totals[province], province))

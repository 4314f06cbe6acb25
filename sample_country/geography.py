"""Where people live: provinces with their weights, communes before and after the reform."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from databases.code_lists import catalogue as catalogues
from databases.code_lists import values as lists
from sample_country import draws
from sample_country.draws import Flags, Numbers, Shares, Texts

REFORM = date(2025, 7, 1)
NORTH, CENTRE, SOUTH = 0, 1, 2
_REGION_LETTERS = "NCS"
_STAYS_AT_HOME = 0.93
_STAYS_WHERE_WORK_IS = 0.68
_RECEIVES_BELOW = 0.35  # a province that sends fewer receives migrants
_TOWN_WEIGHT = 2.2
_NO_CHOICE = -1


@dataclass(frozen=True)
class Geography:
    """Provinces and communes as columns.

    Args:
        province_code: the 63 provinces before the reform.
        region: north, centre or south, by province.
        people: rough weight of each province.
        senders: weight of each province as the origin of people who moved.
        minorities: numbers and shares of ethnic groups by province; the rest is Kinh.
        commune_code, commune_province, commune_weight, is_town: communes before the reform, grouped
            by province; the province is a position.
        commune_text: commune, district and province in words.
        new_code, new_province, new_text: communes since the reform.
        candidates: positions of new communes that an old one went into; -1 fills the rows.
    """

    province_code: Texts
    region: Numbers
    people: Shares
    senders: Shares
    minorities: tuple[tuple[tuple[int, float], ...], ...]
    commune_code: Texts
    commune_province: Numbers
    commune_weight: Shares
    is_town: Flags
    commune_text: Texts
    new_code: Texts
    new_province: Texts
    new_text: Texts
    candidates: Numbers

    def draw_communes(self, rng: np.random.Generator, province: Numbers) -> Numbers:
        """Draw an old commune (a position) in each of the given provinces."""
        drawn: Numbers = np.empty(len(province), dtype=np.int64)
        starts = np.searchsorted(self.commune_province, np.arange(len(self.province_code) + 1))
        for place in np.unique(province):
            rows = np.flatnonzero(province == place)
            start, end = int(starts[place]), int(starts[place + 1])
            drawn[rows] = start + draws.pick(rng, self.commune_weight[start:end], len(rows))
        return drawn

    def draw_successors(self, rng: np.random.Generator, communes: Numbers) -> Numbers:
        """Choose the new commune of each old one; of a divided one, one of its candidates."""
        options = self.candidates[communes]
        count = (options != _NO_CHOICE).sum(axis=1)
        place = np.floor(rng.random(len(communes)) * count).astype(np.int64)
        chosen: Numbers = options[np.arange(len(communes)), place]
        return chosen

    def draw_origins(self, rng: np.random.Generator, province: Numbers) -> Numbers:
        """Draw the province that each person comes from, by the province of residence."""
        receives = self.senders[province] < _RECEIVES_BELOW * self.people[province]
        stays = rng.random(len(province)) < np.where(receives, _STAYS_WHERE_WORK_IS, _STAYS_AT_HOME)
        origins: Numbers = np.where(stays, province, draws.pick(rng, self.senders, len(province)))
        return origins

    def draw_ethnicities(self, rng: np.random.Generator, province: Numbers) -> Numbers:
        """Draw an ethnic group (its number) by province of origin."""
        groups: Numbers = np.ones(len(province), dtype=np.int64)
        for place in np.unique(province):
            rows = np.flatnonzero(province == place)
            listed = self.minorities[int(place)]
            shares = [share for _, share in listed]
            codes = np.array([1, *(code for code, _ in listed)], dtype=np.int64)
            groups[rows] = codes[draws.pick(rng, [1.0 - sum(shares), *shares], len(rows))]
        return groups


@dataclass(frozen=True)
class Districts:
    """The districts, which ended with the reform: code, name, and code of the province."""

    code: list[str]
    name: list[str]
    province: list[str]


def list_districts(catalogue: catalogues.Catalogue) -> Districts:
    """List the districts in the order of their codes."""
    listed = sorted(
        catalogue.list_codes(lists.DISTRICT, lists.BEFORE_REFORM), key=lambda one: one.code
    )
    placed = [(one, catalogue.find_parent(one)) for one in listed]
    return Districts(
        code=[one.code for one, parent in placed if parent],
        name=[one.name for one, parent in placed if parent],
        province=[parent.code for _, parent in placed if parent],
    )


def build(catalogue: catalogues.Catalogue) -> Geography:
    """Lay the authored weights over the real lists of provinces and communes."""
    rows = draws.read_rows("provinces.csv")
    codes = [row["code"] for row in rows]
    people = np.array([float(row["thousands"]) for row in rows])
    old = sorted(
        (commune for commune in catalogue.list_codes(lists.COMMUNE, lists.BEFORE_REFORM)),
        key=lambda commune: commune.code,
    )
    new = catalogue.list_codes(lists.COMMUNE, lists.SINCE_REFORM)
    position = {commune.code: number for number, commune in enumerate(new)}
    placed = []
    for commune in old:
        options = [
            position[candidate.code.code]
            for candidate in catalogue.convert(
                lists.COMMUNE, commune.code, lists.BEFORE_REFORM, lists.SINCE_REFORM
            )
        ]
        district = catalogue.find_parent(commune)
        province = catalogue.find_parent(district) if district else None
        if options and district and province:
            words = ", ".join((commune.name, district.name, province.name))
            placed.append((codes.index(province.code), commune, words, options))
    placed.sort(key=lambda entry: (entry[0], entry[1].code))
    is_town = np.array([not entry[1].name.startswith("Xã") for entry in placed])
    new_provinces = [catalogue.find_parent(commune) for commune in new]
    return Geography(
        province_code=draws.texts(codes),
        region=np.array([_REGION_LETTERS.index(row["region"]) for row in rows]),
        people=people,
        senders=people * np.array([float(row["sends"]) for row in rows]),
        minorities=tuple(_minorities(row["minorities"]) for row in rows),
        commune_code=draws.texts([entry[1].code for entry in placed]),
        commune_province=np.array([entry[0] for entry in placed], dtype=np.int64),
        commune_weight=np.where(is_town, _TOWN_WEIGHT, 1.0),
        is_town=is_town,
        commune_text=draws.texts([entry[2] for entry in placed]),
        new_code=draws.texts([commune.code for commune in new]),
        new_province=draws.texts([parent.code if parent else None for parent in new_provinces]),
        new_text=draws.texts(
            [
                f"{commune.name}, {parent.name}" if parent else commune.name
                for commune, parent in zip(new, new_provinces, strict=True)
            ]
        ),
        candidates=_matrix([entry[3] for entry in placed]),
    )


def _minorities(written: str) -> tuple[tuple[int, float], ...]:
    pairs = (entry.split(":") for entry in written.split())
    return tuple((int(code), float(share)) for code, share in pairs)


def _matrix(options: list[list[int]]) -> Numbers:
    width = max((len(row) for row in options), default=1)
    matrix = np.full((len(options), width), _NO_CHOICE, dtype=np.int64)
    for number, row in enumerate(options):
        matrix[number, : len(row)] = row
    return matrix

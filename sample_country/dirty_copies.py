"""Persons written down twice, the second time by an erring hand: a file whose truth is known.

For tests and for measuring record matching. The rates of the errors, each with its source, stand
in `data/error_rates.toml`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from databases.code_lists import catalogue as catalogues
from sample_country import columns, dirt, draws, geography, households, people
from sample_country.columns import Column, Frame
from sample_country.country import Topic, randomness
from sample_country.draws import Flags, Numbers
from sample_country.geography import Geography
from sample_country.people import YEAR, Persons

_PHONE_STEM = 500_000_000
_PER_HOUSEHOLD = 0.15  # of the telephones are shared within a household
_DATE = "%d/%m/%Y"
Texts = npt.NDArray[np.object_]


@dataclass(frozen=True)
class Rates:
    """Shares of copies that bear each error, from 0 to 1."""

    of: Mapping[str, float]

    def hits(self, rng: np.random.Generator, name: str, count: int) -> Flags:
        """Draw which of the copies bear an error."""
        flags: Flags = rng.random(count) < self.of[name]
        return flags


def read_rates() -> Rates:
    """Read the rates that ship with the sample country."""
    return Rates(
        {name: entry["rate"] for name, entry in draws.read_words("error_rates.toml").items()}
    )


def build(
    catalogue: catalogues.Catalogue,
    *,
    persons: int,
    copies: int,
    seed: int,
    rates: Rates | None = None,
    homes: bool = False,
) -> Frame:
    """Write persons down once, and some of them a second time with errors, in random order.

    Args:
        catalogue: code lists with provinces and communes of both vintages.
        persons: how many people there are.
        copies: how many of them are written down twice.
        seed: any whole number from 0 on.
        rates: of the errors; those that ship if left out.
        homes: whether addresses name house and street or the village, the same for those who live
            together; without it they name the commune.

    Returns:
        columns record_id, person (the truth), full_name, birth_date, sex, address, telephone,
        personal_number, all text, empty where unknown; and the file's rows in random order.
    """
    rng = randomness(persons, seed, Topic.DIRTY_COPIES)
    clean, copied = _write_twice(rng, catalogue, persons, copies, rates, homes=homes)
    rows = pa.concat_tables([clean, copied])
    order = rng.permutation(persons + copies)
    numbered = rows.take(pa.array(order))
    return numbered.add_column(0, "record_id", columns.digits(np.arange(len(order)) + 1, 9))


def build_apart(
    catalogue: catalogues.Catalogue, *, persons: int, copies: int, seed: int
) -> tuple[Frame, Frame]:
    """Write the same down apart: a register that holds each person once, and the erring copies.

    Args:
        catalogue, persons, copies, seed: as for `build`.

    Returns:
        the columns of `build` without record_id, the persons in their order.
    """
    rng = randomness(persons, seed, Topic.DIRTY_COPIES)
    return _write_twice(rng, catalogue, persons, copies, None, homes=False)


def _write_twice(
    rng: np.random.Generator,
    catalogue: catalogues.Catalogue,
    persons: int,
    copies: int,
    rates: Rates | None,
    *,
    homes: bool,
) -> tuple[Frame, Frame]:
    places = geography.build(catalogue)
    drawn = people.draw(rng, households.build(rng, persons), places)
    local = _local_addresses(rng, drawn, places) if homes else None
    clean = _clean(rng, drawn, places, local)
    chosen = np.sort(rng.choice(persons, size=copies, replace=False))
    return clean, _Hand(rng, rates or read_rates(), drawn, places, chosen, local).copy(clean)


def _local_addresses(rng: np.random.Generator, persons: Persons, places: Geography) -> Texts:
    """Give house and street, or the village, of each household, with a comma behind."""
    communes = persons.home
    region = places.region[places.commune_province[communes]]
    street, village = columns.local_addresses(rng, region, places.is_town[communes])
    local: Texts = pc.binary_join_element_wise(pc.coalesce(street, village), "", ", ").to_numpy(
        zero_copy_only=False
    )
    return local


def write(table: Frame, path: Path) -> None:
    """Write the records as Parquet or, by any other ending, as CSV."""
    if path.suffix == ".parquet":
        pq.write_table(table, path)
    else:
        pacsv.write_csv(table, path)


def _clean(
    rng: np.random.Generator, persons: Persons, places: Geography, local: Texts | None
) -> Frame:
    count, household = persons.structure.count, persons.structure.household
    shared = rng.random(count) < _PER_HOUSEHOLD
    own = _PHONE_STEM + rng.integers(0, 10_000_000, count)
    of_home = _PHONE_STEM + rng.integers(0, 10_000_000, int(household[-1]) + 1)
    phone = np.where(shared, of_home[household], own)
    return pa.table(
        {
            "person": columns.digits(np.arange(count), 9),
            "full_name": pa.array(persons.name.full),
            "birth_date": _dates(persons.born, persons.precision == YEAR),
            "sex": columns.words(["Nam", "Nữ"], persons.structure.sex),
            "address": pa.array(
                _with_homes(local, household, places.new_text[persons.new_home[household]])
            ),
            "telephone": columns.digits(phone, 10),
            "personal_number": columns.digits(persons.pin, 12),
        }
    )


def _with_homes(local: Texts | None, household: Numbers, communes: Texts) -> Texts:
    return communes if local is None else local[household] + communes


def _dates(days: Numbers, year_only: Flags) -> Column:
    column = columns.days(days)
    return pc.if_else(pa.array(year_only), pc.strftime(column, "%Y"), pc.strftime(column, _DATE))


@dataclass(frozen=True)
class _Hand:
    """Whoever writes the chosen persons down once more."""

    rng: np.random.Generator
    rates: Rates
    persons: Persons
    places: Geography
    chosen: Numbers
    local: Texts | None

    def copy(self, clean: Frame) -> Frame:
        rows = clean.take(pa.array(self.chosen))
        written = {
            "full_name": self._names(rows["full_name"].to_pylist()),
            "birth_date": self._birth_dates(),
            "sex": self._sexes(rows["sex"].to_pylist()),
            "address": self._addresses(),
            "telephone": self._telephones(rows["telephone"].to_pylist()),
            "personal_number": self._numbers(rows["personal_number"].to_pylist()),
        }
        return pa.table(
            {"person": rows["person"], **{name: pa.array(some) for name, some in written.items()}}
        )

    def _hits(self, name: str) -> list[int]:
        return np.flatnonzero(self.rates.hits(self.rng, name, len(self.chosen))).tolist()

    def _names(self, names: list[str]) -> list[str]:
        for error, make in dirt.NAME_ERRORS.items():
            for row in self._hits(error):
                names[row] = make(names[row], self.rng)
        for row in self._hits("mojibake"):
            names[row] = dirt.write_in_old_letters(names[row], self.rng)
        return names

    def _birth_dates(self) -> list[str]:
        born = self.persons.born[self.chosen].copy()
        wrong = self._hits("birth_year_wrong")
        shift = self.rng.choice([-10, -1, 1, 10], size=len(wrong))
        moved = draws.same_day(born[wrong], 0)
        born[wrong] = moved + np.round(shift * 365.25).astype(np.int64)
        for row in self._hits("birth_day_wrong"):
            born[row] += int(self.rng.choice([-30, -20, -10, -1, 1, 10, 20, 30]))
        only = self.persons.precision[self.chosen] == YEAR
        only[self._hits("birth_year_only")] = True
        texts: list[str] = _dates(born, only).to_pylist()
        for row in self._hits("birth_swapped"):
            day, _, rest = texts[row].partition("/")
            month, _, year = rest.partition("/")
            if year and int(day) <= 12:
                texts[row] = f"{month}/{day}/{year}"
        return texts

    def _sexes(self, sexes: list[str]) -> list[str]:
        for row in self._hits("sex_wrong"):
            sexes[row] = "Nữ" if sexes[row] == "Nam" else "Nam"
        return sexes

    def _addresses(self) -> list[str]:
        household = self.persons.structure.household[self.chosen]
        old, new = self.persons.home[household].copy(), self.persons.new_home[household].copy()
        moved = np.array(self._hits("address_moved"), dtype=np.int64)
        province = draws.pick(self.rng, self.places.people, len(moved))
        old[moved] = self.places.draw_communes(self.rng, province)
        new[moved] = self.places.draw_successors(self.rng, old[moved])
        is_old = self.rates.hits(self.rng, "address_old_form", len(household))
        written = np.where(is_old, self.places.commune_text[old], self.places.new_text[new])
        texts: list[str] = self._at_homes(household, moved, written).tolist()
        for row in self._hits("address_abbreviated"):
            texts[row] = dirt.shorten_address(texts[row], self.rng)
        for row in self._hits("address_missing"):
            texts[row] = ""
        return texts

    def _at_homes(self, household: Numbers, moved: Numbers, communes: Texts) -> Texts:
        """Write house and street before the commune; who moved lives where another one lived."""
        if self.local is None:
            return communes
        home = household.copy()
        home[moved] = self.rng.integers(0, len(self.local), len(moved))
        local = self.local[home]
        local[self._hits("street_missing")] = ""
        at_homes: Texts = local + communes
        return at_homes

    def _telephones(self, numbers: list[str]) -> list[str]:
        for row in self._hits("telephone_other"):
            numbers[row] = f"{_PHONE_STEM + int(self.rng.integers(0, 10_000_000)):010d}"
        for row in self._hits("telephone_missing"):
            numbers[row] = ""
        return numbers

    def _numbers(self, numbers: list[str]) -> list[str]:
        for row in self._hits("number_one_digit"):
            numbers[row] = dirt.err_in_digit(numbers[row], self.rng)
        for row in self._hits("number_transposed"):
            numbers[row] = dirt.swap_digits(numbers[row], self.rng)
        for row in self._hits("number_missing"):
            numbers[row] = ""
        return numbers

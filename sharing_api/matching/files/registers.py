"""A register as the right side of a matching: read whole through the corridor, page by page.

Reading leaves one entry for each page (docs/adr/0030). Whoever's record then stands in what is
written for the steward is disclosed: each of them gets an entry of their own, before it is written.
"""

import dataclasses
import functools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa

from databases.code_lists import reading, values
from databases.code_lists.catalogue import Catalogue
from sharing_api.disclosure import catalogue
from sharing_api.disclosure.in_house import Desk, Errand, Scope
from sharing_api.matching import errors
from sharing_api.matching.fields.kinds import Column
from sharing_api.matching.files.tables import Table
from sharing_api.matching.linkage import Progress

_SEXES = {"1": "male", "2": "female"}
_FILES = ("file",)  # what the records are joined with, in the words of the agreement


@dataclass(frozen=True)
class Reading:
    """How a published field is read as a field of a matching.

    Args:
        published: name of the field in the dataset.
        write: writes its value, or each value of its list, as text; empty where unknown.
        is_list: whether the dataset gives a list: a record then has several values.
    """

    published: str
    write: Callable[[Any], str]
    is_list: bool

    def read(self, record: Mapping[str, Any]) -> str | list[str]:
        """Write what a record says: a text, or the texts of a list; empty where unknown."""
        value = record.get(self.published)
        if not self.is_list:
            return self.write(value)
        return [text for one in value or () if (text := self.write(one))]

    def column(self, records: Iterable[Mapping[str, Any]]) -> Column:
        """Write what records say as an Arrow array of texts, or of lists of texts."""
        kind = pa.list_(pa.string()) if self.is_list else pa.string()
        return pa.array([self.read(record) for record in records], kind)


@dataclass(frozen=True)
class Source:
    """How the records of a dataset are read as fields of a matching.

    Args:
        dataset: `register/dataset`.
        key: field that names a record.
        subject: ``person`` or ``enterprise``.
        fields: field of a matching → how it is read.
    """

    dataset: str
    key: str
    subject: str
    fields: Mapping[str, Reading]


def write_text(value: Any) -> str:
    """Write a value as it is; empty where there is none."""
    return str(value) if value else ""


def write_sex(value: Any) -> str:
    """Write a code of sex as ``male`` or ``female``; empty where it is not known."""
    return _SEXES.get((value or {}).get("code", ""), "")


@functools.cache
def _lists() -> Catalogue:
    return reading.load_catalogue()


def write_address(value: Any) -> str:
    """Write an address as people do: street, village, commune and what lies above it."""
    value = value or {}
    if value.get("as_written"):
        return str(value["as_written"])
    parts = [value.get("street") or "", value.get("village") or ""]
    commune = value.get("commune") or {}
    if commune:
        parts += _units(commune["version"], commune["code"])
    return ", ".join(part for part in parts if part)


@functools.lru_cache(maxsize=65_536)
def _units(version: str, code: str) -> tuple[str, ...]:
    unit = _lists().find(values.COMMUNE, version, code)
    names = []
    while unit is not None:
        names.append(unit.name)
        unit = _lists().find_parent(unit)
    return tuple(names)


_WRITTEN: Mapping[str, Callable[[Any], str]] = {"sex": write_sex, "address": write_address}


@functools.cache
def make_source(name: str) -> Source:
    """Say how the records of a dataset are read, by what its register publishes for matching."""
    dataset = catalogue.DATASETS[name]
    fields = {
        own: Reading(one, _WRITTEN.get(own, write_text), dataset.fields[one].type == "list")
        for own, one in dataset.matched.items()
    }
    return Source(name, dataset.key, dataset.subject, fields)


SOURCES: Mapping[str, Source] = {
    "population": make_source("population/identity_history"),
    "enterprise": make_source("enterprise/enterprise"),
}


@dataclass(frozen=True)
class Register:
    """A register that a file is matched against.

    Args:
        name: of the register.
        desk: asks the corridor.
        errand: who asks, and why.
        on: day that the records hold on.
    """

    name: str
    desk: Desk
    errand: Errand
    on: date

    @property
    def source(self) -> Source:
        """How its records are read."""
        return SOURCES[self.name]

    def read(self, wanted: Sequence[str], progress: Progress) -> Table:
        """Read the fields of all records that the file has too.

        Args:
            wanted: fields of the file.
            progress: is told how many records were read.

        Raises:
            NothingToCompare: the file has none of its fields; nothing is read.
            Unauthenticated, AgreementRefuses, LogUnavailable: nothing is handed over.
        """
        shared = {name: own for name, own in self.source.fields.items() if name in wanted}
        if not shared:
            known = ", ".join(self.source.fields)
            raise errors.NothingToCompare(f"The file has no field of the register: {known}.")
        names: list[str] = []
        parts: dict[str, list[Column]] = {name: [] for name in shared}
        state = 0
        for records, change in self._pages({own.published for own in shared.values()}):
            state = change
            names += records
            for name, own in shared.items():
                parts[name].append(own.column(records.values()))
            progress("register", len(names), 0)
        return Table(
            title=f"{self.name} at change {state}",
            digest=f"{self.source.dataset} {state} {self.on}",
            columns={name: pa.concat_arrays(pages) for name, pages in parts.items()},
            names=pa.array(names, pa.string()),
            truth=None,
            broken=(),
        )

    def _pages(self, published: set[str]) -> Iterator[tuple[Mapping[str, Mapping[str, Any]], int]]:
        fields = tuple(sorted(published | {self.source.key}))
        scope = Scope(self.source.dataset, fields, _FILES, self.on)
        first = next(self.desk.read_all(self.errand, scope))
        yield first.records, first.change
        if first.last:  # the others as of the same change, so that all are of one state
            same = dataclasses.replace(scope, as_of=first.change)
            for page in self.desk.read_all(self.errand, same, after=first.last):
                yield page.records, page.change

    def disclose(self, names: Sequence[str], fields: Sequence[str]) -> None:
        """Log that these records are shown to the steward, with the fields that were compared.

        Raises:
            LogUnavailable: it could not be logged; nothing may be written.
        """
        known = self.source.fields
        published = {known[name].published for name in fields if name in known}
        wanted = tuple(sorted(published | {self.source.key}))
        self.desk.ask(self.errand, self.source.dataset, names, wanted)

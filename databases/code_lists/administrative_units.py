"""Reads provinces, districts and communes before and since 1 July 2025, and their succession.

The data files of the package `vietnamadminunits` are opened as files. The package itself is never
imported: its code would send addresses to an outside service.
"""

import importlib.metadata
import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from databases.code_lists import package_files, values

_PACKAGE = "vietnamadminunits"
_UNITS_FILE = "vietnamadminunits/data/dataset.db"
_MAPPING_FILE = "vietnamadminunits/data/converter_2025.json"
_FORMER_KINDS = ("phuong", "thitran", "xa")
_UNITS, _MAPPING = "dataset.db", "converter_2025.json"
_REFORM = date(2025, 7, 1)
_PROVINCE_ATTRIBUTES = ("pin_prefix", "agency_code", "cadastral_meridian", "cadastral_epsg")

Amendments = Mapping[tuple[str, str, str], tuple[values.Amendment, ...]]
OtherCodes = Mapping[tuple[str, str, str], str]
_Mapping = dict[str, dict[str, dict[str, Any]]]
Provinces = Sequence[Mapping[str, str]]


@dataclass(frozen=True)
class Units:
    """All administrative codes, their succession, and the files they were read from."""

    codes: tuple[values.Code, ...]
    successions: tuple[values.Succession, ...]
    sources: tuple[values.SourceFile, ...]


class _OldRow(NamedTuple):
    province_code: str
    province: str
    district_code: str
    district: str
    commune_code: str | None
    commune: str | None
    former_names: str | None
    key: str


class _NewRow(NamedTuple):
    province_code: str
    province: str
    commune_code: str
    commune: str
    province_key: str
    key: str


@dataclass(frozen=True)
class _Reader:
    """What every row needs while it becomes a code."""

    amendments: Amendments
    other_codes: OtherCodes

    def code(
        self,
        key: tuple[str, str, str],
        name: str,
        *,
        level: int,
        parent: str | None = None,
        attributes: Mapping[str, str] | None = None,
    ) -> values.Code:
        """Make a code, with the name the version began with and its later amendments."""
        list_code, version, code = key
        kind, short_name = values.split_kind(name)
        start = _REFORM if version == values.SINCE_REFORM else date(2004, 7, 8)
        amendments = self.amendments.get(key, ())
        if amendments and amendments[0].since <= start:
            name, kind = amendments[0].name, amendments[0].kind
            amendments = amendments[1:]
            _, short_name = values.split_kind(name)
        extra = {"short_name": short_name, **(attributes or {})}
        if key in self.other_codes:
            extra["other_published_code"] = self.other_codes[key]
        return values.Code(
            list_code,
            version,
            code,
            name,
            level=level,
            kind=kind,
            parent_code=parent,
            source_name=_UNITS,
            attributes=extra,
            amendments=amendments,
        )


def code_text(raw: object, width: int) -> str:
    """Write a code as the fixed-width string it is, even if a table once took it for a number.

    >>> code_text(4.0, 5), code_text("4.0", 5), code_text("00004", 5), code_text(1, 2)
    ('00004', '00004', '00004', '01')
    """
    return (raw if isinstance(raw, str) else str(raw)).removesuffix(".0").zfill(width)


def read_units(provinces: Provinces, amendments: Amendments, other_codes: OtherCodes) -> Units:
    """Read every unit of both versions and which old unit went into which new one.

    Args:
        provinces: rows of the project's own table of the 63 provinces before the reform.
        amendments: later names and kinds by list, version and code, oldest first.
        other_codes: codes that another publisher gives to the same unit.

    Raises:
        PackageDataMissing: the package with the data is not installed.
    """
    units_path = package_files.locate(_PACKAGE, _UNITS_FILE)
    mapping_path = package_files.locate(_PACKAGE, _MAPPING_FILE)
    reader = _Reader(amendments, other_codes)
    old_rows, new_rows = _select_rows(units_path)
    mapping = json.loads(mapping_path.read_text(encoding="utf-8"))
    extra = {row["code"]: row for row in provinces}
    codes = (*_old_units(reader, old_rows, extra), *_new_units(reader, new_rows, old_rows, mapping))
    package_version = importlib.metadata.version(_PACKAGE)
    return Units(
        codes=codes,
        successions=(*_province_steps(provinces), *_commune_steps(old_rows, new_rows, mapping)),
        sources=(
            package_files.describe(_PACKAGE, package_version, units_path),
            package_files.describe(_PACKAGE, package_version, mapping_path),
        ),
    )


def _select_rows(path: Path) -> tuple[list[_OldRow], list[_NewRow]]:
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        old = connection.execute(
            "select provinceCode, province, districtCode, district, wardCode, ward,"
            " wardAlias, provinceKey || '_' || districtKey || '_' || coalesce(wardKey, '')"
            " from admin_units_legacy"
        )
        new = connection.execute(
            "select provinceCode, province, wardCode, ward, provinceKey, wardKey from admin_units"
        )
        return [_OldRow(*row) for row in old], [_NewRow(*row) for row in new]
    finally:
        connection.close()


def _old_units(
    reader: _Reader, rows: list[_OldRow], extra: Mapping[str, Mapping[str, str]]
) -> Iterator[values.Code]:
    version = values.BEFORE_REFORM
    for code, name in sorted({(row.province_code, row.province) for row in rows}):
        attributes = {key: extra[code][key] for key in _PROVINCE_ATTRIBUTES}
        key = (values.PROVINCE, version, code_text(code, 2))
        yield reader.code(key, name, level=1, attributes=attributes)
    for code, name, parent in sorted(
        {(r.district_code, r.district, r.province_code) for r in rows}
    ):
        key = (values.DISTRICT, version, code_text(code, 3))
        yield reader.code(key, name, level=2, parent=parent)
    for row in rows:
        # Five island districts had no communes: their row ends at the district.
        if row.commune_code and row.commune:
            key = (values.COMMUNE, version, code_text(row.commune_code, 5))
            former = _former_names(row.former_names)
            yield reader.code(
                key, row.commune, level=3, parent=row.district_code, attributes=former
            )


def _former_names(raw: str | None) -> dict[str, str]:
    """Keep the folded names, with their kind, of communes merged into this one before 2025."""
    if raw is None or raw == "[]":
        return {}
    names = [name for name in json.loads(raw) if name.startswith(_FORMER_KINDS)]
    return {"former_names": " ".join(names)} if names else {}


def _new_units(
    reader: _Reader, rows: list[_NewRow], old_rows: list[_OldRow], mapping: _Mapping
) -> Iterator[values.Code]:
    version = values.SINCE_REFORM
    for code, name in sorted({(row.province_code, row.province) for row in rows}):
        yield reader.code((values.PROVINCE, version, code_text(code, 2)), name, level=1)
    islands = {row.key: row.district_code for row in old_rows if not row.commune_code}
    for row in rows:
        olds = mapping["DICT_PROVINCE_WARD_NO_DIVIDED"].get(row.province_key, {}).get(row.key, [])
        districts = [islands[old] for old in olds if old in islands]
        attributes = {"formed_from_district": districts[0]} if districts else None
        key = (values.COMMUNE, version, code_text(row.commune_code, 5))
        yield reader.code(
            key, row.commune, level=2, parent=row.province_code, attributes=attributes
        )


def _province_steps(provinces: Provinces) -> Iterator[values.Succession]:
    for row in provinces:
        yield values.Succession(
            list_code=values.PROVINCE,
            old_version=values.BEFORE_REFORM,
            old_code=row["code"],
            new_version=values.SINCE_REFORM,
            new_code=row["new_code"],
            relation=values.Relation.WHOLE,
            since=_REFORM,
            source_name="provinces.csv",
        )


def _commune_steps(
    old_rows: list[_OldRow], new_rows: list[_NewRow], mapping: _Mapping
) -> Iterator[values.Succession]:
    old_codes = {row.key: row.commune_code for row in old_rows}
    new_codes = {(row.province_key, row.key): row.commune_code for row in new_rows}
    for province, communes in mapping["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for new_key, old_keys in communes.items():
            for old_key in old_keys:
                old_code = old_codes[old_key]
                if old_code:
                    new_code = new_codes[province, new_key]
                    yield _commune_step(old_code, new_code, values.Relation.WHOLE)
    for province, divided in mapping["DICT_PROVINCE_WARD_DIVIDED"].items():
        for old_key, parts in divided.items():
            for part in parts:
                new_code = new_codes[province, part["newWardKey"]]
                yield _commune_step(old_codes[old_key] or "", new_code, values.Relation.PART)


def _commune_step(old_code: str, new_code: str, relation: values.Relation) -> values.Succession:
    return values.Succession(
        list_code=values.COMMUNE,
        old_version=values.BEFORE_REFORM,
        old_code=code_text(old_code, 5),
        new_version=values.SINCE_REFORM,
        new_code=code_text(new_code, 5),
        relation=relation,
        since=_REFORM,
        source_name=_MAPPING,
    )

"""Reads the code lists from the data of installed packages and from the files beside this one."""

import csv
import functools
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from databases.code_lists import (
    administrative_units,
    catalogue,
    countries,
    errors,
    package_files,
    values,
)

_DATA = Path(__file__).parent / "data"
_PUBLISHER = "natdb"
_OWN_LISTS = (
    "ethnic_groups.csv",
    "citizen_message.csv",
    "agencies.csv",
    "vsic.csv",
    "budget_nomenclature.csv",
    "health_insurance.csv",
    "land_uses.csv",
)


def load_catalogue() -> catalogue.Catalogue:
    """Build the catalogue of every list the suite knows; the caller keeps it.

    Raises:
        PackageDataMissing: a package that carries a list's data is not installed.
    """
    provinces = tuple(_rows("provinces.csv"))
    amendments = _read_amendments()
    units = administrative_units.read_units(provinces, amendments, _read_other_codes())
    codes = [
        *units.codes,
        *_read_pin_prefixes(provinces),
        *countries.read_countries(),
        *(code for name in _OWN_LISTS for code in _read_own_list(name)),
    ]
    sources = {source.file_name: source for source in (*units.sources, countries.read_source())}
    successions = (*units.successions, *_read_agency_succession())
    versions = _read_versions(codes, successions, sources)
    return catalogue.Catalogue(versions, codes, successions)


def read_code_file(path: Path, list_code: str, version: str) -> tuple[values.Code, ...]:
    """Read further codes of a list from a steward's CSV file.

    Args:
        path: UTF-8 file with the columns code and name, and optionally level and parent. Without
            them a code of letters or of two digits has the level that VSIC gives it, and a longer
            one stands below the code that is one digit shorter.
        list_code: list the codes belong to.
        version: version the codes belong to.

    Raises:
        UnreadableCodeFile: the file is not UTF-8, lacks a column, or a row has no code or name.
    """
    codes = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            missing = {"code", "name"} - set(reader.fieldnames or ())
            if missing:
                raise _unreadable(1, f"the column {sorted(missing)[0]} is missing")
            for row in reader:
                codes.append(_steward_code(row, reader.line_num, (list_code, version, path.name)))
    except UnicodeDecodeError as problem:
        raise errors.UnreadableCodeFile("Save the file as UTF-8 and read it again.") from problem
    return tuple(codes)


def describe_code_file(path: Path) -> values.SourceFile:
    """Describe a steward's file for `Catalogue.with_codes`, so that the database names it."""
    return package_files.describe(values.STEWARD, "", path)


def _steward_code(
    row: dict[str, str | None], line: int, target: tuple[str, str, str]
) -> values.Code:
    list_code, version, source_name = target
    code, name = (row["code"] or "").strip(), (row["name"] or "").strip()
    level, parent = (row.get("level") or "").strip(), (row.get("parent") or "").strip()
    if not code or not name:
        raise _unreadable(line, "code and name must both be filled")
    if level and not level.isdecimal():
        raise _unreadable(line, "level must be a whole number")
    if not parent and code.isdecimal() and len(code) > 2:
        parent = code[:-1]
    return values.Code(
        list_code,
        version,
        code,
        name,
        level=int(level) if level else len(code),
        parent_code=parent or None,
        source_name=source_name,
    )


def _unreadable(line: int, message: str) -> errors.UnreadableCodeFile:
    return errors.UnreadableCodeFile(f"Line {line}: {message}. Correct the file and read it again.")


def _rows(file_name: str) -> Iterator[dict[str, str]]:
    with (_DATA / file_name).open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _read_versions(
    codes: list[values.Code],
    successions: tuple[values.Succession, ...],
    sources: dict[str, values.SourceFile],
) -> Iterator[values.CodeListVersion]:
    files: dict[tuple[str, str], set[str]] = {}
    for code in codes:
        files.setdefault((code.list_code, code.version), set()).add(code.source_name)
        if code.amendments:
            files[code.list_code, code.version].add("amendments.csv")
    for step in successions:
        files[step.list_code, step.new_version].add(step.source_name)
    own = functools.cache(lambda name: package_files.describe(_PUBLISHER, "", _DATA / name))
    for row in _rows("lists.csv"):
        names = sorted(files[row["list_code"], row["version"]])
        yield values.CodeListVersion(
            list_code=row["list_code"],
            version=row["version"],
            title_vi=row["title_vi"],
            title_en=row["title_en"],
            instrument=row["instrument"],
            confidence=values.Confidence(row["confidence"]),
            valid_from=_day(row["valid_from"]),
            valid_to=_day(row["valid_to"]),
            parent_list=row["parent_list"] or None,
            parent_version=row["parent_version"] or None,
            sources=tuple(sources[name] if name in sources else own(name) for name in names),
        )


def _read_amendments() -> dict[tuple[str, str, str], tuple[values.Amendment, ...]]:
    found: dict[tuple[str, str, str], list[values.Amendment]] = {}
    for row in _rows("amendments.csv"):
        amendment = values.Amendment(
            since=date.fromisoformat(row["since"]),
            name=row["name"],
            kind=row["kind"],
            source=row["source"],
            confidence=values.Confidence(row["confidence"]),
        )
        found.setdefault((row["list_code"], row["version"], row["code"]), []).append(amendment)
    return {key: tuple(sorted(rows, key=lambda row: row.since)) for key, rows in found.items()}


def _read_other_codes() -> dict[tuple[str, str, str], str]:
    rows = _rows("code_differences.csv")
    return {(row["list_code"], row["version"], row["code"]): row["other_code"] for row in rows}


def _read_pin_prefixes(provinces: tuple[dict[str, str], ...]) -> Iterator[values.Code]:
    for row in provinces:
        attributes = {"province_code": row["code"], "province_version": values.BEFORE_REFORM}
        yield values.Code(
            "pin_prefix",
            "07/2016",
            row["pin_prefix"],
            row["name"],
            kind="province",
            source_name="provinces.csv",
            attributes=attributes,
        )


def _read_own_list(file_name: str) -> Iterator[values.Code]:
    for row in _rows(file_name):
        attributes = {key: row[key] for key in ("name_en", "note") if row[key]}
        yield values.Code(
            list_code=row["list_code"],
            version=row["version"],
            code=row["code"],
            name=row["name"],
            level=int(row["level"]),
            kind=row["kind"],
            parent_code=row["parent_code"] or None,
            valid_from=_day(row["valid_from"]),
            valid_to=_day(row["valid_to"]),
            confidence=values.Confidence(row["confidence"]),
            source_name=file_name,
            attributes=attributes,
        )


def _read_agency_succession() -> Iterator[values.Succession]:
    for row in _rows("agency_succession.csv"):
        yield values.Succession(
            list_code=row["list_code"],
            old_version=row["old_version"],
            old_code=row["old_code"],
            new_version=row["new_version"],
            new_code=row["new_code"],
            relation=values.Relation(row["relation"]),
            since=date.fromisoformat(row["since"]),
            confidence=values.Confidence(row["confidence"]),
            source_name="agency_succession.csv",
        )

"""In which province of both vintages, in which commune and of which kind each coded place lies."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from databases.code_lists import values
from population import tables

_OLD, _NEW = values.BEFORE_REFORM, values.SINCE_REFORM
_URBAN = {_OLD: ("phuong", "thi_tran"), _NEW: ("phuong",)}


class Place(NamedTuple):
    """A coded place; what cannot be told is empty.

    Args:
        version, code: of the commune or province, as registered.
        old_province, new_province: province before and since 1 July 2025.
        commune: commune of the present list.
        was_urban, is_urban: U or R by the kinds of communes of either list.
    """

    version: str
    code: str
    old_province: str
    new_province: str
    commune: str
    was_urban: str
    is_urban: str


AREA = ("old_province", "new_province")
SPOT = ("commune", "was_urban", "is_urban")
_PROVINCE = ("new_province",)


@dataclass(frozen=True, slots=True)
class NumberedPlaces:
    """All places, with numbers in the place of names; number 0 is what cannot be told.

    Args:
        columns: version and code of each place, and its numbers of `area`, `province` and `spot`.
        names: what the numbers of a column stand for.
    """

    columns: Mapping[str, Sequence[str | int]]
    names: Mapping[str, Sequence[tuple[str, ...]]]


def number_places(session: Session, on: date) -> NumberedPlaces:
    """List all places, as `list_places`, by columns of numbers.

    Args:
        session: reading session.
        on: day whose kinds of communes count.
    """
    places = list_places(session, on)
    columns: dict[str, Sequence[str | int]] = {
        "version": [one.version for one in places],
        "code": [one.code for one in places],
    }
    names = {}
    for column, parts in (("area", AREA), ("province", _PROVINCE), ("spot", SPOT)):
        numbers: dict[tuple[str, ...], int] = {("",) * len(parts): 0}
        columns[column] = [
            numbers.setdefault(tuple(getattr(one, part) for part in parts), len(numbers))
            for one in places
        ]
        names[column] = tuple(numbers)
    provinces = names.pop("province")
    return NumberedPlaces(columns, {**names, "from_province": provinces, "to_province": provinces})


def list_places(session: Session, on: date) -> list[Place]:
    """List all communes and provinces of both vintages.

    Args:
        session: reading session.
        on: day whose kinds of communes count.
    """
    codes = _codes(session)
    province_of_district = {
        code: parent for (kind, _, code), (_, parent, _) in codes.items() if kind == values.DISTRICT
    }
    steps = _steps(session)
    new_province = {old: news[0] for old, news in steps[values.PROVINCE].items()}
    kinds = {
        (version, code): _urban(version, kind, amendments, on)
        for (name, version, code), (kind, _, amendments) in codes.items()
        if name == values.COMMUNE
    }
    places = [
        Place(_OLD, old, old, new, commune="", was_urban="", is_urban="")
        for old, new in new_province.items()
    ]
    sources: dict[str, list[Place]] = defaultdict(list)
    for (name, version, code), (_, parent, _) in codes.items():
        if name == values.COMMUNE and version == _OLD:
            province = province_of_district.get(parent, "")
            news = steps[values.COMMUNE].get(code, ())
            commune = news[0] if len(news) == 1 else ""
            urban = kinds.get((_NEW, commune), "")
            place = Place(
                _OLD,
                code,
                province,
                new_province.get(province, ""),
                commune,
                kinds[_OLD, code],
                urban,
            )
            places.append(place)
            for new in news:
                sources[new].append(place)
    for (name, version, code), (_, parent, _) in codes.items():
        if name == values.COMMUNE and version == _NEW:
            old = _only(one.old_province for one in sources[code])
            was = _only(one.was_urban for one in sources[code])
            places.append(Place(_NEW, code, old, parent, code, was, kinds[_NEW, code]))
    for new in sorted(set(new_province.values())):
        old = _only(one for one, into in new_province.items() if into == new)
        places.append(Place(_NEW, new, old, new, commune="", was_urban="", is_urban=""))
    return places


def _only(found: Iterable[str]) -> str:
    """Give what all agree on, else nothing."""
    different = set(found)
    return different.pop() if len(different) == 1 else ""


def _urban(version: str, kind: str, amendments: Iterable[Mapping[str, Any]], on: date) -> str:
    for amendment in amendments:
        if date.fromisoformat(amendment["since"]) <= on:
            kind = amendment["kind"]
    return "U" if kind in _URBAN[version] else "R"


def _codes(session: Session) -> dict[tuple[str, str, str], tuple[str, str, list[Any]]]:
    code: Table = tables.code_lists.code
    rows = session.execute(
        select(
            code.c.list_code,
            code.c.version,
            code.c.code,
            code.c.kind,
            code.c.parent_code,
            code.c.amendments,
        ).where(
            code.c.list_code.in_((values.DISTRICT, values.COMMUNE)),
            code.c.version.in_((_OLD, _NEW)),
        )
    )
    return {(row[0], row[1], row[2]): (row[3], row[4] or "", row[5]) for row in rows}


def _steps(session: Session) -> dict[str, dict[str, list[str]]]:
    step: Table = tables.code_lists.code_succession
    rows = session.execute(
        select(step.c.list_code, step.c.old_code, step.c.new_code).where(
            step.c.old_version == _OLD, step.c.new_version == _NEW
        )
    )
    found: dict[str, dict[str, list[str]]] = {values.PROVINCE: {}, values.COMMUNE: {}}
    for name, old, new in rows:
        found.setdefault(name, {}).setdefault(old, []).append(new)
    return found

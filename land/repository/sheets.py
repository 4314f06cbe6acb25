"""Writes parcels of a sheet as columns, and compares them with what is held."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, overload

import shapely
from sqlalchemy import Text, cast, exists, select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from databases import statements
from databases.changes import copying, versions
from databases.changes.versions import AsOf
from land import tables
from land.repository import rows
from land.values import COMMON_SRID, Sheet

_OWN = ("parcel_id", "legal_area_m2", "measured_area_m2", "shape", "shape_4756")
_SHAPES = ("shape", "shape_4756")
_p = tables.parcel


@dataclass(frozen=True)
class Boundaries(Sequence[str]):
    """Shapes as PostGIS writes them, each written when it is asked for.

    Args:
        shapes: an array of geometries of shapely.
        srid: reference system, which stands in each of them.
    """

    shapes: Any
    srid: int

    def __len__(self) -> int:
        """Count the shapes."""
        return len(self.shapes)

    @overload
    def __getitem__(self, place: int) -> str: ...

    @overload
    def __getitem__(self, place: slice) -> list[str]: ...

    def __getitem__(self, place: int | slice) -> str | list[str]:
        """Write a shape, or some."""
        named = shapely.set_srid(self.shapes[place], self.srid)
        written: Any = shapely.to_wkb(named, hex=True, include_srid=True)
        return str(written) if isinstance(place, int) else list(written)


def list_columns(
    sheet: Sheet, surveyed: Any, common: Any, places: Sequence[int]
) -> dict[str, Sequence[Any]]:
    """Give the columns in which the parcels of a sheet differ, of those at some places.

    Args:
        surveyed: boundaries of all in the zone of the survey, multipolygons.
        common: the same in EPSG:4756.
    """
    areas_m2 = [sheet.areas_m2[place] for place in places]
    columns = (
        [sheet.parcel_ids[place] for place in places],
        areas_m2,
        areas_m2,
        Boundaries(surveyed[places], sheet.survey.srid),
        Boundaries(common[places], COMMON_SRID),
    )
    return dict(zip(_OWN, columns, strict=True))


def add(
    session: Session,
    sheet: Sheet,
    columns: Mapping[str, Sequence[Any]],
    *,
    valid: Range[date],
    change: int,
) -> None:
    """Add parcels of a sheet that stand free under new names.

    Args:
        columns: see `list_columns`.
    """
    copying.add_columns(session, _p, columns, {**_alike(sheet), "valid": valid}, change=change)


def list_same(
    session: Session, sheet: Sheet, columns: Mapping[str, Sequence[Any]], *, on: date
) -> set[str]:
    """List the parcels of a sheet of which the register holds on a day what the sheet says.

    Args:
        columns: see `list_columns`.
    """
    names = columns["parcel_id"]
    if not names:
        return set()
    said = set(zip(*(columns[name][:] for name in _OWN), strict=True))
    use = tables.land_use
    has_uses = exists().where(use.c.parcel_id == _p.c.parcel_id, versions.is_as_of(use, AsOf(on)))
    own = [_p.c[name] if name not in _SHAPES else cast(_p.c[name], Text) for name in _OWN]
    held = select(*own).where(
        statements.is_one_of(_p.c.parcel_id, names),
        versions.is_as_of(_p, AsOf(on)),
        ~has_uses,
        *(_p.c[name].is_not_distinct_from(value) for name, value in _alike(sheet).items()),
    )
    return {row[0] for row in session.execute(held) if tuple(row) in said}


def _alike(sheet: Sheet) -> rows.Columns:
    row = rows.parcel_columns(sheet.make_parcel(0, None))
    return {name: value for name, value in row.items() if name not in _OWN}

"""The SQL of shapes: neighbours of a parcel, parcels in a box, vector tiles."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from geoalchemy2 import Geometry
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Float,
    FromClause,
    LargeBinary,
    Select,
    and_,
    bindparam,
    func,
    literal,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import DATERANGE, Range
from sqlalchemy.orm import Session

from databases import statements
from land import tables
from land.rules.topology.measured import Measured
from land.values import parcels

_SRID = parcels.COMMON_SRID
_p = tables.parcel
BOX = ("box_west", "box_south", "box_east", "box_north")


@dataclass(frozen=True, slots=True)
class Written:
    """A shape that a change recorded, and the days on which it holds."""

    parcel: Measured
    valid: Range[date]


def list_neighbours(
    session: Session, shape: parcels.Shape, *, valid: Range[date]
) -> list[Measured]:
    """List the parcels whose box meets that of a shape on any day of a period.

    A parcel that was measured anew on one of these days is listed with each of its shapes; what
    occupies land without being a parcel is not listed.

    Args:
        session: of the register.
        shape: of the parcel that is looked at; it may be among the parcels listed.
        valid: days in the world.
    """
    given = {"common_wkb": shape.common_wkb, "days": valid}
    return _measured(session.execute(_NEIGHBOURS, given))


def list_around(session: Session, boxes: Sequence[Sequence[float]]) -> list[tuple[Any, Written]]:
    """List the parcels that stand, on whichever days, and whose box meets one of some boxes.

    Args:
        boxes: west, south, east, north in EPSG:4756.

    Returns:
        what tells a version from others, and the version; a parcel may come more than once.
    """
    columns = dict(zip(BOX, map(list, zip(*boxes, strict=True)), strict=True))
    found = session.execute(_AROUND, columns).all() if boxes else []
    shapes = _measured(tuple(row)[2:] for row in found)
    return [
        ((row.parcel_id, row.valid.lower), Written(shape, row.valid))
        for row, shape in zip(found, shapes, strict=True)
    ]


def is_held_within(session: Session, box: Sequence[float]) -> bool:
    """Tell whether the box of any parcel that stands, on whichever days, meets a box.

    Args:
        box: west, south, east, north in EPSG:4756.
    """
    return bool(session.execute(_WITHIN, dict(zip(BOX, box, strict=True))).scalar_one())


def list_written(session: Session, change: int) -> list[Written]:
    """List the shapes of parcels that a change recorded and that stand."""
    rows = session.execute(_WRITTEN, {"change": change}).all()
    shapes = _measured(row[:-1] for row in rows)
    return [Written(shape, row[-1]) for shape, row in zip(shapes, rows, strict=True)]


def list_measured(session: Session, parcel_ids: Sequence[str], *, on: date) -> list[Measured]:
    """List those of the parcels that stand on a day and were surveyed, in order of names."""
    given = {"keys": list(parcel_ids), "valid_on": on}
    return _measured(session.execute(_NAMED, given))


def _measured(rows: Iterable[Any]) -> list[Measured]:
    return [
        Measured(name, parcels.Shape(bytes(survey), bytes(common)), srid, float(accuracy))
        for name, survey, common, srid, accuracy in rows
    ]


def _select_measured(*conditions: ColumnElement[bool]) -> Select[Any]:
    return (
        select(
            _p.c.parcel_id,
            func.st_asbinary(_p.c.shape),
            func.st_asbinary(_p.c.shape_4756),
            _p.c.survey_srid,
            _p.c.survey_accuracy_m,
        )
        .where(*conditions, _p.c.shape.is_not(None), _p.c.to_change.is_(None))
        .order_by(_p.c.parcel_id)
    )


# Built once: to build them takes longer than to run them.
_NEIGHBOURS = _select_measured(
    _p.c.shape_4756.op("&&")(
        func.st_geomfromwkb(bindparam("common_wkb", type_=LargeBinary), _SRID)
    ),
    _p.c.valid.overlaps(bindparam("days", type_=DATERANGE)),
    _p.c.is_parcel,
).distinct()  # versions that differ in something else have the same shape
_NAMED = _select_measured(
    _p.c.parcel_id == func.any(statements.asked_keys()),
    statements.is_held(_p, at_change=False),
)
_AROUND = text(
    """
    SELECT p.from_change, p.valid, p.parcel_id, st_asbinary(p.shape), st_asbinary(p.shape_4756),
        p.survey_srid, p.survey_accuracy_m
    FROM unnest(:box_west, :box_south, :box_east, :box_north) AS box (west, south, east, north)
        JOIN land.parcel p ON p.shape_4756 && st_makeenvelope(west, south, east, north, 4756)
    WHERE p.is_parcel AND p.shape IS NOT NULL AND p.to_change IS NULL
    """
).columns(valid=DATERANGE)
_WITHIN = text(
    """
    SELECT EXISTS (
        SELECT FROM land.parcel p
        WHERE p.shape_4756 && st_makeenvelope(:box_west, :box_south, :box_east, :box_north, 4756)
            AND p.is_parcel AND p.to_change IS NULL
    )
    """
)
_WRITTEN = _select_measured(
    _p.c.from_change == bindparam("change", type_=BigInteger), _p.c.is_parcel
).add_columns(_p.c.valid)


def in_box(source: FromClause) -> ColumnElement[bool]:
    """Select the parcels that meet the box bound as `BOX`, degrees in EPSG:4756."""
    corners = [bindparam(name, type_=Float) for name in BOX]
    box = func.st_makeenvelope(*corners, _SRID, type_=Geometry)
    column = source.c.shape_4756
    return and_(column.op("&&")(box), func.st_intersects(column, box))


def survey_shape(source: FromClause) -> ColumnElement[Any]:
    """Read the boundary as surveyed, as the text of a GeoJSON geometry to a tenth of a mm."""
    without_system = literal(0)  # the system is told beside it
    return func.st_asgeojson(source.c.shape, literal(4), without_system)

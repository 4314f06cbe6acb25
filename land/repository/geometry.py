"""The SQL of shapes: neighbours of a parcel, parcels in a box, vector tiles."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from geoalchemy2 import Geometry
from sqlalchemy import (
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
)
from sqlalchemy.orm import Session

from databases import statements
from land import tables
from land.rules.topology.measured import Measured
from land.values import parcels

_SRID = parcels.COMMON_SRID
_p = tables.parcel
BOX = ("box_west", "box_south", "box_east", "box_north")


def list_neighbours(session: Session, shape: parcels.Shape, *, on: date) -> list[Measured]:
    """List the parcels that stand on a day and whose box meets that of a shape.

    Args:
        session: of the register.
        shape: of the parcel that is looked at; it may be among the parcels listed.
        on: day in the world.
    """
    given = {"common_wkb": shape.common_wkb, "valid_on": on}
    return _measured(session.execute(_NEIGHBOURS, given))


def list_measured(session: Session, parcel_ids: Sequence[str], *, on: date) -> list[Measured]:
    """List those of the parcels that stand on a day and were surveyed, in order of names."""
    given = {"keys": list(parcel_ids), "valid_on": on}
    return _measured(session.execute(_NAMED, given))


def _measured(rows: Iterable[Any]) -> list[Measured]:
    return [
        Measured(name, parcels.Shape(bytes(survey), bytes(common)), srid, float(accuracy))
        for name, survey, common, srid, accuracy in rows
    ]


def _select_measured(condition: ColumnElement[bool]) -> Select[Any]:
    return (
        select(
            _p.c.parcel_id,
            func.st_asbinary(_p.c.shape),
            func.st_asbinary(_p.c.shape_4756),
            _p.c.survey_srid,
            _p.c.survey_accuracy_m,
        )
        .where(condition, _p.c.shape.is_not(None), statements.is_held(_p, at_change=False))
        .order_by(_p.c.parcel_id)
    )


# Built once: to build them takes longer than to run them.
_NEIGHBOURS = _select_measured(
    _p.c.shape_4756.op("&&")(func.st_geomfromwkb(bindparam("common_wkb", type_=LargeBinary), _SRID))
)
_NAMED = _select_measured(_p.c.parcel_id == func.any(statements.asked_keys()))


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

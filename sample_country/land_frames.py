"""The frames of the land register: parcels with shapes and houses; the rest is put beside them."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from databases import reference_systems
from databases.code_lists import values as lists
from sample_country import (
    certificate_frames,
    columns,
    draws,
    estates,
    extents,
    land_drawn,
    land_right_frames,
    land_use_frames,
    parcel_shapes,
)
from sample_country.columns import Column, Frame
from sample_country.country import Country, Topic
from sample_country.draws import Numbers
from sample_country.land_drawn import Land
from sample_country.parcel_shapes import Shapes

_HAS_IDENTIFIER, _HAS_HOUSE = 0.6, 0.8
_ACCURACIES = (0.05, 0.07, 0.15, 0.3)
_LEGAL_AREA_OFF = 0.02  # share by which an old certificate's area may differ from the survey
# Steps coprime to the number of identifiers: none is given twice.
_IDENTIFIERS_FROM, _IDENTIFIER_STEP = 100_000_000_000, 7_919_417


def build(drawn: Country) -> Mapping[str, Frame]:
    """Make the frames of the land register, by name of the table."""
    rng = drawn.randomness(Topic.LAND_FRAMES)
    own = drawn.all_estates
    laid_out = extents.build(drawn.places)
    shapes = parcel_shapes.draw(rng, own, drawn.places, laid_out)
    land = Land(
        drawn=drawn,
        shapes=shapes,
        parcel=land_drawn.numbered("TD", own.count),
        right=land_drawn.numbered("QD", own.count),
        legal_area_m2=_legal_areas(rng, shapes),
        has_house=(own.kind == estates.HOME) & (rng.random(own.count) < _HAS_HOUSE),
    )
    return {
        "parcel": _parcels(rng, land),
        "land_use": land_use_frames.build(rng, land),
        "legal_space": _houses(rng, land),
        **land_right_frames.build(rng, land),
        **certificate_frames.build(rng, own, shapes, land.right),
    }


def _legal_areas(rng: np.random.Generator, shapes: Shapes) -> draws.Shares:
    """Take the survey's area for most; old papers are a little off."""
    count = len(shapes.srid)
    off = np.where(rng.random(count) < 0.2, rng.uniform(-1, 1, count) * _LEGAL_AREA_OFF, 0)
    areas: draws.Shares = np.round(shapes.area_cm2 / 10_000 * (1 + off), 1)
    return areas


def _parcels(rng: np.random.Generator, land: Land) -> Frame:
    """Make the parcels, those from before the reform in a version for each vintage."""
    own, places, shapes = land.drawn.all_estates, land.drawn.places, land.shapes
    survey, common = _written_shapes(shapes)
    words = pc.binary_join_element_wise(
        "thửa số",
        pa.array(shapes.number).cast(pa.string()),
        columns.words(places.commune_text, own.commune),
        " ",
    )
    identifier = columns.digits(
        _IDENTIFIERS_FROM + rng.permutation(own.count) * _IDENTIFIER_STEP % _IDENTIFIERS_FROM,
        12,
        missing=rng.random(own.count) >= _HAS_IDENTIFIER,
    )
    base = columns.pick_frame(
        {
            "parcel_id": land.parcel,
            "parcel_identifier": identifier,
            "old_commune_code": columns.words(places.commune_code, own.commune),
            "old_commune_version": columns.same(lists.BEFORE_REFORM, own.count),
            "map_sheet_no": pa.array(shapes.sheet).cast(pa.string()),
            "parcel_no": pa.array(shapes.number).cast(pa.string()),
            "legal_area_m2": pa.array(land.legal_area_m2),
            "measured_area_m2": pa.array(np.round(shapes.area_cm2 / 10_000, 2)),
            "survey_srid": pa.array(shapes.srid),
            "survey_accuracy_m": pa.array(rng.choice(_ACCURACIES, own.count)),
            "surveyed_on": columns.days(own.since - rng.integers(20, 400, own.count)),
            "address_text": words,
            "is_parcel": pa.array(np.ones(own.count, dtype=np.bool_)),
            "shape": survey,
            "shape_4756": common,
        }
    )
    return columns.across_reform(
        base,
        places,
        old=own.commune,
        new=own.new_commune,
        start=own.since,
        end=np.full(own.count, columns.OPEN),
    )


def _written_shapes(shapes: Shapes) -> tuple[Column, Column]:
    """Write multipolygons as PostGIS reads them, in the zone of the survey and in EPSG:4756."""
    rings = np.concatenate([shapes.corners, shapes.corners[:, :1]], axis=1) / 100
    common = np.empty_like(rings)
    for srid in np.unique(shapes.srid).tolist():
        rows = np.flatnonzero(shapes.srid == srid)
        placed = reference_systems.transform_points(
            rings[rows].reshape(-1, 2), source=srid, target=reference_systems.VN_2000
        )
        common[rows] = placed.reshape(rings[rows].shape)
    everywhere = np.full(len(shapes.srid), reference_systems.VN_2000)
    return _written(rings, shapes.srid), _written(common, everywhere)


def _written(rings: draws.Shares, srid: Numbers) -> Column:
    areas: Any = shapely.multipolygons(shapely.polygons(rings)[:, None])
    written = shapely.to_wkb(shapely.set_srid(areas, srid), hex=True, include_srid=True)
    return pa.array(written, type=pa.string())


def _houses(rng: np.random.Generator, land: Land) -> Frame:
    rows, house = land.with_house, land.house
    storeys = 1 + draws.pick(rng, (5, 3, 2, 1), len(rows))
    built = np.round(land.legal_area_m2[rows] * rng.uniform(0.2, 0.7, len(rows)), 1)
    frame = columns.pick_frame(
        {
            "legal_space_id": house,
            "parcel_id": land.parcel.take(pa.array(rows)),
            "kind": columns.same("house", len(rows)),
            "name": columns.same("Nhà ở riêng lẻ", len(rows)),
            "storeys": pa.array(storeys),
            "built_area_m2": pa.array(built),
            "floor_area_m2": pa.array(np.round(built * storeys, 1)),
            "grade": columns.same("Cấp IV", len(rows)),
        }
    )
    return land_drawn.always(frame, land.drawn.all_estates.since[rows])

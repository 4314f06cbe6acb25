"""Parcels that one survey brings together, as columns: what they have alike is said once."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from land.values.parcels import Parcel, Shape, Survey


@dataclass(frozen=True)
class Sheet:
    """Parcels of one commune that were surveyed together; the columns are of one length.

    Args:
        survey: of all of them.
        parcel_ids: the register's own names.
        areas_m2: as measured, and stated so.
        placed: boundaries in the zone of the survey, an array of geometries of shapely; None where
            what was given is none.
        given: GeoJSON that each boundary was made of, to say what is wrong with one that is none.
    """

    commune_code: str
    commune_version: str
    province_code: str
    survey: Survey
    parcel_ids: Sequence[str]
    areas_m2: Sequence[Decimal]
    placed: Any
    given: Sequence[Any]

    def make_parcel(self, place: int, shape: Shape | None) -> Parcel:
        """Make the parcel at a place of the columns."""
        return Parcel(
            parcel_id=self.parcel_ids[place],
            commune_code=self.commune_code,
            commune_version=self.commune_version,
            province_code=self.province_code,
            legal_area_m2=self.areas_m2[place],
            measured_area_m2=self.areas_m2[place],
            survey=self.survey,
            shape=shape,
        )

"""A parcel with its survey, as the checks of topology see it."""

from dataclasses import dataclass

import shapely

from databases import reference_systems
from land.rules import coordinates
from land.values import parcels


@dataclass(frozen=True, slots=True)
class Measured:
    """A shape with its zone and accuracy.

    Args:
        parcel_id: whose shape it is.
        shape: in the survey's zone and in EPSG:4756.
        srid: zone of the survey.
        accuracy_m: mean error of a boundary point, metres.
    """

    parcel_id: str
    shape: parcels.Shape
    srid: int
    accuracy_m: float

    @property
    def metric_srid(self) -> int:
        """Name the zone in which the shape is measured.

        Source:
            as for `coordinates.metric_zone`.
        """
        if self.srid != parcels.COMMON_SRID:
            return self.srid
        point = shapely.from_wkb(self.shape.common_wkb).centroid
        return coordinates.metric_zone(self.srid, longitude=point.x)

    def in_zone(self, srid: int) -> shapely.Geometry:
        """Give the shape in a zone; as surveyed where it is the survey's own.

        Source:
            Circular 26/2024/TT-BTNMT (zones of VN-2000; clause not verified); within VN-2000 a
            zone is another projection of the same land (EPSG registry).
        """
        if srid == self.srid:
            return shapely.from_wkb(self.shape.survey_wkb)
        return reference_systems.transform(
            shapely.from_wkb(self.shape.common_wkb), source=parcels.COMMON_SRID, target=srid
        )

"""Areas of shapes, and what their surveys can say about them."""

from decimal import ROUND_HALF_EVEN, Decimal

from databases.errors import FieldProblem
from land.rules.topology.measured import Measured

_STEP = Decimal("0.1")


def round_m2(area: float | Decimal) -> Decimal:
    """Round an area as cadastral papers write it: to a tenth of a square metre.

    Source:
        Circular 25/2014/TT-BTNMT art. 8 (areas to 0.1 m²; clause not verified).
    """
    return Decimal(area).quantize(_STEP, ROUND_HALF_EVEN)


def measure_m2(parcel: Measured) -> Decimal:
    """Measure the area of a shape in the plane of its zone, square metres.

    Source:
        Circular 25/2014/TT-BTNMT art. 8 (areas are computed from the coordinates of the boundary
        points; clause not verified).
    """
    return round_m2(parcel.in_zone(parcel.metric_srid).area)


def tolerance_m2(parcel: Measured) -> Decimal:
    """Give how much of an area a survey leaves open: a strip of its error along the boundary.

    Source:
        first-order bound of the error of an area by coordinates; no source in law found.
    """
    length = parcel.in_zone(parcel.metric_srid).length
    return max(_STEP, round_m2(length * parcel.accuracy_m))


def find_area_doubt(parcel: Measured, *, legal_area_m2: Decimal) -> FieldProblem | None:
    """Say that a survey does not confirm the area that the certificate states.

    Returns:
        a warning; the law keeps the registration where the boundary has not changed.

    Source:
        Law on Land 31/2024/QH15 art. 135 cl. 6 (the measured area is taken where boundaries have
        not changed; clause not verified).
    """
    difference = abs(measure_m2(parcel) - legal_area_m2)
    if difference <= tolerance_m2(parcel):
        return None
    return FieldProblem(
        "legal_area_m2",
        "legal_area.differs",
        f"The survey differs from the area stated by {difference} m², more than it can err.",
    )

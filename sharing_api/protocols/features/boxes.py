"""Boxes in any supported system as boxes in WGS 84, which is what the register is asked by."""

import math
from collections.abc import Sequence

from databases import reference_systems
from databases.reference_systems import Box
from sharing_api.protocols.features import parameters, references


def read_box(text: str, uri: str) -> Box:
    """Read the parameter `bbox`.

    Args:
        text: four numbers, or six with heights, which mean nothing here.
        uri: system that they are in.

    Raises:
        InvalidParameter: it is no box.
    """
    numbers = parameters.read_numbers("bbox", text, (4, 6))
    if len(numbers) == 6:
        numbers = [*numbers[:2], *numbers[3:5]]
    return in_wgs_84(numbers, uri, name="bbox")


def in_wgs_84(corners: Sequence[float], uri: str, *, name: str) -> Box:
    """Carry a box to WGS 84.

    Args:
        corners: the lower and the upper corner in the axis order of the system.
        uri: a supported system.
        name: of the parameter that it came in.

    Returns:
        west, south, east, north in degrees.

    Raises:
        InvalidParameter: the corners are not in order or lie where the system has no meaning.
    """
    if len(corners) != 4 or not all(map(math.isfinite, corners)):
        raise parameters.invalid(name, "A box has four numbers.")
    west, south, east, north = corners
    if references.is_latitude_first(uri):
        west, south, east, north = south, west, north, east
    if west > east or south > north:
        raise parameters.invalid(name, "Write the lower corner before the upper one.")
    if references.is_geographic(uri) and max(abs(south), abs(north)) > 90:
        raise parameters.invalid(name, "Latitudes are -90 to 90 degrees; look at the axis order.")
    carried = reference_systems.transform_box(
        (west, south, east, north),
        source=references.srid_of(uri),
        target=reference_systems.WGS_84,
    )
    if not all(abs(side) <= 360 for side in carried):
        raise parameters.invalid(name, "The box lies where its system has no meaning.")
    return carried

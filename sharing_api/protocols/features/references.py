"""Names of coordinate reference systems as OGC writes them, and the order of their axes."""

from databases import reference_systems
from databases.reference_systems import VN_2000, WGS_84
from sharing_api.protocols.features import parameters

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
_EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
_SRIDS = (WGS_84, VN_2000, *sorted(reference_systems.ZONES))
# The registry writes latitude first in these; CRS84 is WGS 84 with longitude first.
_LATITUDE_FIRST = frozenset(f"{_EPSG}{srid}" for srid in (WGS_84, VN_2000))
_SRID_OF = {CRS84: WGS_84} | {f"{_EPSG}{srid}": srid for srid in _SRIDS}
SUPPORTED = tuple(_SRID_OF)
STORAGE = f"{_EPSG}{VN_2000}"


def require_supported(name: str, uri: str) -> str:
    """Give the URI of a system if answers can be given in it.

    Args:
        name: of the parameter.

    Raises:
        InvalidParameter: it is none of `SUPPORTED`.
    """
    if uri not in _SRID_OF:
        raise parameters.invalid(name, "Name a system that the collection lists under crs.")
    return uri


def srid_of(uri: str) -> int:
    """Give the EPSG code of a supported system; CRS84 is WGS 84."""
    return _SRID_OF[uri]


def is_latitude_first(uri: str) -> bool:
    """Tell whether coordinates are written latitude before longitude."""
    return uri in _LATITUDE_FIRST


def is_geographic(uri: str) -> bool:
    """Tell whether coordinates are degrees."""
    return uri == CRS84 or uri in _LATITUDE_FIRST

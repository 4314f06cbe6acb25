"""Media types of SDMX, and which one a caller gets. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sharing_api import errors
from sharing_api.protocols.sdmx import data_csv, data_xml
from sharing_api.protocols.sdmx.messages import DataMessage

_BASE: Final = "application/vnd.sdmx."


@dataclass(frozen=True, slots=True)
class DataType:
    """A form of data messages."""

    media_type: str
    write: Callable[[DataMessage], bytes]


_GENERIC = DataType(f"{_BASE}genericdata+xml;version=2.1", data_xml.write_generic)
_SPECIFIC_21 = DataType(
    f"{_BASE}structurespecificdata+xml;version=2.1",
    lambda message: data_xml.write_specific(message, "2.1"),
)
_SPECIFIC_30 = DataType(
    f"{_BASE}data+xml;version=3.0.0", lambda message: data_xml.write_specific(message, "3.0")
)
_CSV_1 = DataType(f"{_BASE}data+csv;version=1.0.0", lambda message: data_csv.write(message, "1.0"))
_CSV_2 = DataType(f"{_BASE}data+csv;version=2.0.0", lambda message: data_csv.write(message, "2.0"))

# Version of SDMX → its forms of data, the usual one first.
_DATA: Mapping[str, Sequence[DataType]] = {
    "2.1": (_GENERIC, _SPECIFIC_21, _CSV_1),
    "3.0": (_SPECIFIC_30, _CSV_2, _CSV_1),
}
_STRUCTURES: Mapping[str, str] = {
    "2.1": f"{_BASE}structure+xml;version=2.1",
    "3.0": f"{_BASE}structure+xml;version=3.0.0",
}
# What tools write that do not know the names of the standard.
_LOOSE: Final = {"text/csv": "data+csv", "application/xml": "+xml", "text/xml": "+xml"}


def list_data_types(version: str) -> tuple[str, ...]:
    """List the media types of data, the usual one first."""
    return tuple(one.media_type for one in _DATA[version])


def structure_type(version: str) -> str:
    """Give the media type of structures."""
    return _STRUCTURES[version]


def choose_data(accept: str, version: str) -> DataType:
    """Choose the form of data: the best that the caller accepts.

    Raises:
        NotAcceptable: there is none.
    """
    offered = {one.media_type: one for one in _DATA[version]}
    return offered[_choose(accept, tuple(offered))]


def choose_structure(accept: str, version: str) -> str:
    """Choose the form of structures.

    Raises:
        NotAcceptable: the caller accepts none that is offered.
    """
    return _choose(accept, (_STRUCTURES[version],))


def _choose(accept: str, offered: Sequence[str]) -> str:
    for wanted in _by_preference(accept):
        for media_type in offered:
            if _fits(wanted, media_type):
                return media_type
    raise errors.NotAcceptable(f"Answers are given as {' or '.join(offered)}.")


def _by_preference(accept: str) -> Sequence[str]:
    ranked = []
    for part in (accept or "*/*").split(","):
        name, *facts = (one.strip().lower() for one in part.split(";"))
        version = "".join(one for one in facts if one.startswith("version="))
        quality = next((one[2:] for one in facts if one.startswith("q=")), "1")
        rank = float(quality) if quality.replace(".", "", 1).isdigit() else 1.0
        if rank > 0:
            ranked.append((rank, f"{name};{version}" if version else name))
    return [name for _, name in sorted(ranked, key=lambda one: -one[0])]


def _fits(wanted: str, media_type: str) -> bool:
    if wanted in ("", "*/*", "application/*", media_type):
        return True
    name = media_type.partition(";")[0]
    return wanted == name or (wanted in _LOOSE and name.endswith(_LOOSE[wanted]))

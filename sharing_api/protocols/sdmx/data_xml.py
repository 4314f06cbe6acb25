"""Data messages in SDMX-ML: Generic 2.1, structure-specific 2.1 and 3.0.

Written here, as text, because a national table holds up everybody behind it: the writers of
pysdmx 1.21 take seconds for it and do not escape quotes inside values, a tree takes five times as
long as text.
"""

import functools
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Final
from xml.sax import saxutils

from sharing_api.protocols.sdmx.messages import (
    ALL_DIMENSIONS,
    TIME,
    DataMessage,
    DataSet,
    Observation,
)
from sharing_api.protocols.sdmx.structures import AGENCY, VERSION

_DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SCHEMAS: Final = "http://www.sdmx.org/resources/sdmxml/schemas"
_STRUCTURE: Final = "urn:sdmx:org.sdmx.infomodel.datastructure.DataStructure"
_REMEMBERED: Final = 16_384

Pairs = Iterable[tuple[str, str]]


def write_generic(message: DataMessage) -> bytes:
    """Write Generic 2.1: component names are values, so that any reader reads it."""
    names = _names("2.1") | {"gen": f"{_SCHEMAS}/v2_1/data/generic"}
    parts = [_DECLARATION, _start("mes:GenericData", _declared(names))]
    parts += _header(message, (), _reference_21(message))
    for data in message.sets:
        parts.append(_start("mes:DataSet", _facts(message, data)))
        parts += _generic_flat(message, data) if _is_flat(message) else _generic(message, data)
        parts.append("</mes:DataSet>")
    parts.append("</mes:GenericData>")
    return "".join(parts).encode()


def write_specific(message: DataMessage, version: str) -> bytes:
    """Write structure-specific data: components are attributes of XML.

    Args:
        version: of SDMX-ML, 2.1 or 3.0.
    """
    own = f"{_STRUCTURE}={AGENCY}:{message.flow.structure.id}({VERSION})"
    typed = f"{own}:ObsLevelDim:{message.layout}"
    names = _names(version)
    names["ss"] = f"{_SCHEMAS}/v{version.replace('.', '_')}/data/structurespecific"
    names |= {"xsi": "http://www.w3.org/2001/XMLSchema-instance", "own": typed}
    is_21 = version == "2.1"
    reference = _reference_21(message) if is_21 else f"<com:Structure>{own}</com:Structure>"
    scope = (("dataScope", "DataStructure"),) if is_21 else ()
    parts = [_DECLARATION, _start("mes:StructureSpecificData", _declared(names))]
    parts += _header(message, (("namespace", typed),), reference)
    for data in message.sets:
        facts = ((f"ss:{name}", value) for name, value in (*_facts(message, data), *scope))
        parts.append(_start("mes:DataSet", (("xsi:type", "own:DataSetType"), *facts)))
        parts += _specific_flat(message, data) if _is_flat(message) else _specific(message, data)
        parts.append("</mes:DataSet>")
    parts.append("</mes:StructureSpecificData>")
    return "".join(parts).encode()


def _generic(message: DataMessage, data: DataSet) -> Iterator[str]:
    for key, observations in message.series_of(data):
        yield f"<gen:Series><gen:SeriesKey>{_values(key.items())}</gen:SeriesKey>"
        for one in observations:
            yield f"<gen:Obs><gen:ObsDimension value={_quoted(one[TIME])}/>"
            yield f"{_generic_value(message, one)}</gen:Obs>"
        yield "</gen:Series>"


def _generic_flat(message: DataMessage, data: DataSet) -> Iterator[str]:
    for one in data.observations:
        key = ((name, one[name]) for name in message.flow.structure.dimensions)
        yield f"<gen:Obs><gen:ObsKey>{_values(key)}</gen:ObsKey>"
        yield f"{_generic_value(message, one)}</gen:Obs>"


def _generic_value(message: DataMessage, observation: Observation) -> str:
    figure = observation.get(message.flow.structure.measure)
    value = "" if figure is None else f"<gen:ObsValue value={_quoted(figure)}/>"
    attributes = _values(message.attributes_of(observation))
    return f"{value}<gen:Attributes>{attributes}</gen:Attributes>" if attributes else value


def _values(pairs: Pairs) -> str:
    return "".join(_value(name, value) for name, value in pairs)


@functools.lru_cache(maxsize=_REMEMBERED)
def _value(name: str, value: str) -> str:
    return f'<gen:Value id="{name}" value={saxutils.quoteattr(value)}/>'


def _specific(message: DataMessage, data: DataSet) -> Iterator[str]:
    for key, observations in message.series_of(data):
        yield _start("Series", key.items())
        for one in observations:
            yield f"<Obs {TIME}={_quoted(one[TIME])}{_specific_value(message, one)}/>"
        yield "</Series>"


def _specific_flat(message: DataMessage, data: DataSet) -> Iterator[str]:
    for one in data.observations:
        key = ((name, one[name]) for name in message.flow.structure.dimensions)
        yield f"<Obs{_attributes(key)}{_specific_value(message, one)}/>"


def _specific_value(message: DataMessage, observation: Observation) -> str:
    measure = message.flow.structure.measure
    value = ((measure, observation[measure]),) if measure in observation else ()
    return _attributes((*value, *message.attributes_of(observation)))


def _header(message: DataMessage, facts: Pairs, reference: str) -> Iterator[str]:
    at = message.prepared.astimezone(UTC)
    yield f"<mes:Header><mes:ID>{message.message_id}</mes:ID><mes:Test>false</mes:Test>"
    yield f"<mes:Prepared>{_moment(at)}</mes:Prepared>"
    yield f'<mes:Sender id="{AGENCY}"/>'
    layout = (("structureID", message.flow.id), ("dimensionAtObservation", message.layout))
    yield f"{_start('mes:Structure', (*layout, *facts))}{reference}</mes:Structure></mes:Header>"


def _reference_21(message: DataMessage) -> str:
    name = message.flow.structure.id
    reference = (("agencyID", AGENCY), ("id", name), ("version", VERSION))
    return f"<com:Structure><Ref{_attributes(reference)}/></com:Structure>"


def _facts(message: DataMessage, data: DataSet) -> tuple[tuple[str, str], ...]:
    publication = (("setID", data.set_id),) if data.set_id else ()
    return (("structureRef", message.flow.id), ("action", "Information"), *publication)


def _is_flat(message: DataMessage) -> bool:
    return message.layout == ALL_DIMENSIONS


def _names(version: str) -> dict[str, str]:
    root = f"{_SCHEMAS}/v{version.replace('.', '_')}"
    return {"mes": f"{root}/message", "com": f"{root}/common"}


def _declared(names: dict[str, str]) -> Pairs:
    return ((f"xmlns:{prefix}", name) for prefix, name in names.items())


def _start(element: str, pairs: Pairs) -> str:
    return f"<{element}{_attributes(pairs)}>"


def _attributes(pairs: Pairs) -> str:
    return "".join(f" {name}={_quoted(value)}" for name, value in pairs)


@functools.lru_cache(maxsize=_REMEMBERED)
def _quoted(value: str) -> str:
    return saxutils.quoteattr(value)


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")

"""Records of the register as the data sets of a message, held against their structure. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from itertools import groupby
from typing import Any, Final

from sharing_api.protocols.sdmx import definitions, errors
from sharing_api.protocols.sdmx.messages import TIME, DataSet, Observation
from sharing_api.protocols.sdmx.queries import DataQuery
from sharing_api.protocols.sdmx.structures import DataStructure

_VINTAGE: Final = "VINTAGE"
_FIELDS: Final = (
    *definitions.DIMENSIONS,
    definitions.TIME_DIMENSION,
    definitions.MEASURE,
    *definitions.ATTRIBUTES,
)


def collect(query: DataQuery, records: Iterable[Mapping[str, Any]]) -> Sequence[DataSet]:
    """Collect records into data sets: one, or with history one for each publication.

    Raises:
        ObservationNotConforming: a record breaks the structure that the message claims.
    """
    structure = query.flow.structure
    observations = [_observation(record) for record in records]
    for one in observations:
        _require_conforming(structure, one)
    names = (*structure.series_dimensions, TIME)
    observations.sort(key=lambda one: [one[name] for name in names])
    if not query.has_history:
        return [DataSet(list(_ends(query, observations)))]
    observations.sort(key=_vintage)
    return [
        DataSet(list(_ends(query, list(found))), f"V{number}")
        for number, found in groupby(observations, _vintage)
    ]


def _observation(record: Mapping[str, Any]) -> Observation:
    return {
        definitions.component_of(name): str(record[name])
        for name in _FIELDS
        if record.get(name) is not None
    }


def _vintage(observation: Observation) -> int:
    return int(observation[_VINTAGE])


def _ends(query: DataQuery, observations: Sequence[Observation]) -> Iterator[Observation]:
    """Keep the first and the last observations of each series, if so many were asked for."""
    if query.first is None and query.last is None:
        yield from observations
        return
    names = query.flow.structure.series_dimensions
    for _, found in groupby(observations, lambda one: [one[name] for name in names]):
        series = list(found)
        from_end = len(series) - (query.last or 0)
        for number, one in enumerate(series):
            if number < (query.first or 0) or number >= from_end:
                yield one


def _require_conforming(structure: DataStructure, observation: Observation) -> None:
    """Hold an observation against its structure: what is required, codes, numbers.

    Raises:
        ObservationNotConforming: it breaks it; the component is named.
    """
    for component in structure.components:
        value = observation.get(component.id)
        if value is None:
            is_wrong = component.is_required
        elif not value.isprintable():
            is_wrong = True
        elif component.codes is not None:
            is_wrong = value not in component.codes.ids
        else:
            is_wrong = component.text_type in ("Double", "Integer") and not _is_number(value)
        if is_wrong:
            raise errors.ObservationNotConforming(
                f"An observation breaks its structure at {component.id}; nothing is sent."
            )


def _is_number(value: str) -> bool:
    try:
        return Decimal(value).is_finite()
    except InvalidOperation:
        return False

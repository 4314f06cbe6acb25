"""Availability queries: of which codes and periods there are observations under some conditions.

They go through the corridor as data queries do: it is asked for the dimensions alone.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from databases.errors import RegisterError
from sharing_api.disclosure.inquiry import Inquiry
from sharing_api.disclosure.request import Asked
from sharing_api.protocols.dialects import Incoming
from sharing_api.protocols.sdmx import data, definitions, errors, media, structures_xml
from sharing_api.protocols.sdmx.keys import EVERYTHING
from sharing_api.protocols.sdmx.messages import TIME
from sharing_api.protocols.sdmx.queries import DataQuery
from sharing_api.protocols.sdmx.structures import Constraint, Flow

# Parameters that data queries do not have, and the value that is offered.
_ONLY: Final[Mapping[str, str]] = {"mode": "exact", "references": "none"}


@dataclass(frozen=True, slots=True)
class AvailabilityQuery:
    """What is asked about.

    Args:
        data: the data query whose conditions hold.
        components: dimensions to tell of, the time among them.
    """

    data: DataQuery
    components: tuple[str, ...]


QueryReader = Callable[[Incoming], AvailabilityQuery]


def read_components(flow: Flow, text: str) -> tuple[str, ...]:
    """Read the dimensions that an availability query names, joined by `+` or commas.

    Raises:
        QueryNotUnderstood: the structure has no such dimension.
    """
    names = flow.structure.dimensions
    if text in EVERYTHING:
        return names
    wanted = text.replace("+", ",").split(",")
    if set(wanted) - set(names):
        raise errors.QueryNotUnderstood.of_field(
            "component", "sdmx.component", f"The dimensions are {', '.join(names)}."
        )
    return tuple(name for name in names if name in wanted)


def take_parameters(parameters: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Take the parameters of availability out of those of a query; the others are left.

    Raises:
        FeatureNotOffered: a value that is not offered.
    """
    left = []
    for name, value in parameters:
        if name not in _ONLY:
            left.append((name, value))
        elif value != _ONLY[name]:
            raise errors.FeatureNotOffered.of_field(
                name, "sdmx.parameter", f"Offered is {_ONLY[name]}."
            )
    return left


class AvailabilityExchange:
    """One availability query: reads it for the door, and writes its answer (a `Form`).

    Args:
        version: of SDMX, 2.1 or 3.0.
        read_query: makes the description of the query out of the request.
    """

    def __init__(self, version: str, read_query: QueryReader) -> None:
        self._version = version
        self._read_query = read_query
        self._query: AvailabilityQuery | None = None

    def read(self, incoming: Incoming) -> Asked:
        """Make a question out of the request.

        Raises:
            RegisterError: the query is refused before any decision; see `queries.read`.
        """
        media.choose_structure(incoming.headers.get("accept", ""), self._version)
        self._query = query = self._read_query(incoming)
        return Asked(
            dataset=definitions.DATASET,
            operation="search",
            fields=(*definitions.DIMENSIONS, definitions.TIME_DIMENSION),
            purpose="",
            legal_basis="",
            predicates=data.predicates_of(query.data),
            as_of=query.data.as_of,
        )

    def write(self, inquiry: Inquiry) -> tuple[str, bytes]:
        """Write the codes and periods found; none is the standard's error 100.

        Raises:
            AnswerTooLarge: there may be more than the dataset gives at once.
        """
        if self._query is None:
            raise RuntimeError("a question that was not read cannot be answered")
        if not inquiry.records:
            nothing = errors.NoResults("Nothing is published that fits the query.")
            inquiry.status, content_type, body = self.write_problem(nothing, instance=inquiry.urn)
            return content_type, body
        data.require_whole(inquiry)
        body = structures_xml.write(
            [_constraint(self._query, tuple(inquiry.records.values()))],
            version=self._version,
            message_id=f"A{inquiry.answer_id}",
            prepared=inquiry.received_at,
        )
        return media.structure_type(self._version), body

    def write_problem(self, error: RegisterError, *, instance: str) -> tuple[int, str, bytes]:
        """Write a refusal as an error message: status, content type and body."""
        return errors.write(error, instance=instance, version=self._version)


def _constraint(query: AvailabilityQuery, records: Sequence[Mapping[str, Any]]) -> Constraint:
    found = {
        definitions.component_of(name): sorted({str(one[name]) for one in records})
        for name in (*definitions.DIMENSIONS, definitions.TIME_DIMENSION)
    }
    return Constraint(
        id=f"AVAILABLE_{query.data.flow.id}",
        name="Codes and periods of which there are observations",
        name_vi="Mã và kỳ có số liệu",
        flow=query.data.flow,
        codes={name: found[name] for name in query.components if name != TIME},
        periods=found[TIME] if TIME in query.components else (),
    )

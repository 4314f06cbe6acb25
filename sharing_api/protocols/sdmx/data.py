"""A data query on its way: it becomes a question of the exchange, and the answer a message."""

from collections.abc import Callable, Mapping
from typing import Any

from databases.errors import RegisterError
from sharing_api.disclosure.inquiry import Inquiry
from sharing_api.disclosure.request import Asked
from sharing_api.protocols.dialects import Incoming
from sharing_api.protocols.sdmx import definitions, errors, media, observations
from sharing_api.protocols.sdmx.messages import DataMessage
from sharing_api.protocols.sdmx.queries import DataQuery

QueryReader = Callable[[Incoming], DataQuery]


class DataExchange:
    """One data query: reads it for the door, and writes its answer (a `Form`).

    Args:
        version: of SDMX, 2.1 or 3.0.
        read_query: makes the description of the query out of the request.
    """

    def __init__(self, version: str, read_query: QueryReader) -> None:
        self._version = version
        self._read_query = read_query
        self._query: DataQuery | None = None
        self._type: media.DataType | None = None

    def read(self, incoming: Incoming) -> Asked:
        """Make a question out of the request.

        Asked for are the fields that make an observation, whether granted or not, so that the
        agreement can say no by name; and of the others those that it grants.

        Raises:
            RegisterError: the query is refused before any decision; see `queries.read`.
        """
        self._type = media.choose_data(incoming.headers.get("accept", ""), self._version)
        self._query = query = self._read_query(incoming)
        granted = set(incoming.granted_fields(definitions.DATASET))
        optional = [
            name for name in (definitions.MEASURE, *definitions.ATTRIBUTES) if name in granted
        ]
        return Asked(
            dataset=definitions.DATASET,
            operation="search",
            fields=tuple(dict.fromkeys((*definitions.REQUIRED, *_wanted(query), *optional))),
            purpose="",
            legal_basis="",
            predicates=predicates_of(query),
            as_of=query.as_of,
        )

    def write(self, inquiry: Inquiry) -> tuple[str, bytes]:
        """Write the observations found; none is the standard's error 100.

        Raises:
            AnswerTooLarge: there may be more than the dataset gives at once.
            ObservationNotConforming: one breaks the structure.
        """
        if self._query is None or self._type is None:
            raise RuntimeError("a question that was not read cannot be answered")
        if not inquiry.records:
            nothing = errors.NoResults("Nothing is published that fits the query.")
            inquiry.status, content_type, body = self.write_problem(nothing, instance=inquiry.urn)
            return content_type, body
        require_whole(inquiry)
        message = DataMessage(
            flow=self._query.flow,
            message_id=f"A{inquiry.answer_id}",
            prepared=inquiry.received_at,
            sets=observations.collect(self._query, inquiry.records.values()),
            layout=self._query.layout,
            detail=self._query.detail,
        )
        return self._type.media_type, self._type.write(message)

    def write_problem(self, error: RegisterError, *, instance: str) -> tuple[int, str, bytes]:
        """Write a refusal as an error message: status, content type and body."""
        return errors.write(error, instance=instance, version=self._version)


def _wanted(query: DataQuery) -> tuple[str, ...]:
    return ("vintage",) if query.has_history else ()


def require_whole(inquiry: Inquiry) -> None:
    """Refuse an answer that may lack observations.

    Raises:
        AnswerTooLarge: as many were found as are given at once.
    """
    if len(inquiry.records) >= inquiry.limit:
        raise errors.AnswerTooLarge(
            f"Narrow the query: {inquiry.limit} observations or more are not given at once."
        )


def predicates_of(query: DataQuery) -> Mapping[str, Any]:
    """Say what is asked for as predicates of the dataset."""
    predicates: dict[str, Any] = {"flow": query.flow.id}
    for name in definitions.DIMENSIONS:
        codes = query.conditions.get(definitions.component_of(name))
        if codes:
            predicates[name] = list(codes)
    if query.first_day is not None:
        predicates["period_from"] = query.first_day.isoformat()
    if query.last_day is not None:
        predicates["period_to"] = query.last_day.isoformat()
    if query.has_history:
        predicates["has_history"] = True
    return predicates

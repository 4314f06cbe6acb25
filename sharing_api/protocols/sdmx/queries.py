"""Data queries: path and parameters of SDMX-REST, as one description. Pure."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Final, get_args

from sharing_api.protocols.sdmx import definitions, errors, keys, periods
from sharing_api.protocols.sdmx.keys import Conditions
from sharing_api.protocols.sdmx.messages import ALL_DIMENSIONS, TIME, Detail, Layout
from sharing_api.protocols.sdmx.structures import AGENCY, VERSION, Flow

_LATEST: Final = frozenset({"latest", "+", "~", "*", "all", "", VERSION})
_FILTER: Final = "c["


@dataclass(frozen=True, slots=True)
class DataQuery:
    """What data are asked for.

    Args:
        conditions: dimension → codes of which one must hold.
        first_day, last_day: time periods must touch these days; None: without limit.
        has_history: whether earlier publications are wanted beside the newest.
        as_of: state of the register; None: the newest.
        first, last: how many observations of each series, from its beginning or end.
    """

    flow: Flow
    conditions: Conditions = field(default_factory=dict)
    first_day: date | None = None
    last_day: date | None = None
    layout: Layout = "TIME_PERIOD"
    detail: Detail = "full"
    has_history: bool = False
    as_of: datetime | None = None
    first: int | None = None
    last: int | None = None


def find_flow(agency: str, flow: str, version: str) -> Flow:
    """Find a flow by its reference.

    Raises:
        NoResults: there is none of that agency, name and version.
    """
    found = definitions.flows().get(flow)
    if found is None or agency not in (AGENCY, "all", "*") or version not in _LATEST:
        raise errors.NoResults("There is no such dataflow; the list of dataflows names them.")
    return found


def read_flow_reference(reference: str) -> Flow:
    """Find a flow by the reference of a 2.1 path: `FLOW`, `AGENCY,FLOW` or `AGENCY,FLOW,VERSION`.

    Raises:
        QueryNotParsed: it has more than three parts.
        NoResults: there is no such flow.
    """
    parts = reference.split(",")
    if len(parts) > 3:
        raise errors.QueryNotParsed.of_field(
            "flow", "sdmx.reference", "Name a flow as FLOW, AGENCY,FLOW or AGENCY,FLOW,VERSION."
        )
    if len(parts) == 1:
        parts = ["all", *parts]
    agency, flow, version = (*parts, "latest")[:3]
    return find_flow(agency, flow, version)


def read(flow: Flow, key: str, parameters: Sequence[tuple[str, str]]) -> DataQuery:
    """Read the key and the parameters of a data query.

    Args:
        parameters: names and values, decoded.

    Raises:
        QueryNotParsed, QueryNotUnderstood: a part of it is wrong; the refusal names the part.
        FeatureNotOffered: the standard knows it, the service does not.
        NoResults: its conditions exclude one another.
    """
    dimensions = {
        one.id: one.codes.ids if one.codes else frozenset()
        for one in flow.structure.of_role("dimension")
    }
    conditions = [keys.read_key(key, dimensions)]
    query = DataQuery(flow)
    seen: set[str] = set()
    for name, value in parameters:
        if name in seen:
            raise errors.QueryNotParsed.of_field(name, "sdmx.twice", "Give a parameter once.")
        seen.add(name)
        if name == f"{_FILTER}{TIME}]":
            query = _read_time_filter(query, name, value)
        elif name.startswith(_FILTER) and name.endswith("]"):
            conditions.append(keys.read_filter(name[len(_FILTER) : -1], value, dimensions))
        elif name in _PARAMETERS:
            query = _PARAMETERS[name](query, name, value)
        elif name in _NOT_OFFERED:
            raise errors.FeatureNotOffered.of_field(
                name, "sdmx.parameter", "This parameter is not offered."
            )
        else:
            raise errors.QueryNotParsed.of_field(
                name, "sdmx.parameter", "The standard has no such parameter."
            )
    return replace(query, conditions=keys.join(conditions))


def _read_time_filter(query: DataQuery, name: str, value: str) -> DataQuery:
    """Read `c[TIME_PERIOD]`: comparisons joined by `+`, which a query string turns into a space."""
    for part in value.replace("+", " ").split():
        operator, colon, period = part.partition(":")
        first, last = periods.read(period if colon else operator, name)
        match operator if colon else "eq":
            case "eq":
                query = _narrow(query, first, last)
            case "ge":
                query = _narrow(query, first, None)
            case "gt":
                query = _narrow(query, periods.day_after(last), None)
            case "le":
                query = _narrow(query, None, last)
            case "lt":
                query = _narrow(query, None, periods.day_before(first))
            case _:
                raise errors.FeatureNotOffered.of_field(
                    name, "sdmx.operator", "Periods are compared by eq, ge, gt, le or lt."
                )
    return query


def _narrow(query: DataQuery, first: date | None, last: date | None) -> DataQuery:
    begins = [day for day in (query.first_day, first) if day is not None]
    ends = [day for day in (query.last_day, last) if day is not None]
    return replace(query, first_day=max(begins, default=None), last_day=min(ends, default=None))


def _start(query: DataQuery, name: str, value: str) -> DataQuery:
    return _narrow(query, periods.read(value, name)[0], None)


def _end(query: DataQuery, name: str, value: str) -> DataQuery:
    return _narrow(query, None, periods.read(value, name)[1])


def _layout(query: DataQuery, name: str, value: str) -> DataQuery:
    layouts: dict[str, Layout] = {TIME: "TIME_PERIOD", ALL_DIMENSIONS: "AllDimensions"}
    if value in layouts:
        return replace(query, layout=layouts[value])
    if value in query.flow.structure.dimensions:
        raise errors.FeatureNotOffered.of_field(
            name, "sdmx.layout", f"Offered are {' and '.join(layouts)}."
        )
    raise errors.QueryNotUnderstood.of_field(
        name, "sdmx.component", "The structure has no such dimension."
    )


def _detail(query: DataQuery, name: str, value: str) -> DataQuery:
    details: Mapping[str, Detail] = {one: one for one in get_args(Detail)}
    if value not in details:
        raise errors.QueryNotParsed.of_field(
            name, "sdmx.detail", f"Write one of {', '.join(details)}."
        )
    return replace(query, detail=details[value])


def _history(query: DataQuery, name: str, value: str) -> DataQuery:
    if value.lower() not in ("true", "false"):  # tools written in Python send True
        raise errors.QueryNotParsed.of_field(name, "sdmx.boolean", "Write true or false.")
    return replace(query, has_history=value.lower() == "true")


def _as_of(query: DataQuery, name: str, value: str) -> DataQuery:
    """Read a moment; a `+` of its zone reaches us as a space, and without a zone it is in UTC."""
    try:
        moment = datetime.fromisoformat(value.replace(" ", "+").upper())
    except ValueError:
        raise errors.QueryNotParsed.of_field(
            name, "sdmx.moment", "Write a moment like 2026-03-02T08:00:00Z."
        ) from None
    return replace(query, as_of=moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def _first(query: DataQuery, name: str, value: str) -> DataQuery:
    return replace(query, first=_count(name, value))


def _last(query: DataQuery, name: str, value: str) -> DataQuery:
    return replace(query, last=_count(name, value))


def _count(name: str, value: str) -> int:
    if not re.fullmatch("[1-9][0-9]{0,5}", value):
        raise errors.QueryNotParsed.of_field(name, "sdmx.count", "Write a number from 1 on.")
    return int(value)


_PARAMETERS: Mapping[str, Callable[[DataQuery, str, str], DataQuery]] = {
    "startPeriod": _start,
    "endPeriod": _end,
    "dimensionAtObservation": _layout,
    "detail": _detail,
    "includeHistory": _history,
    "asOf": _as_of,
    "firstNObservations": _first,
    "lastNObservations": _last,
}
_NOT_OFFERED: Final = frozenset({"updatedAfter", "attributes", "measures", "references", "mode"})

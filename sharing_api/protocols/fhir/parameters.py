"""Reads what a search asks: one criterion, the values it names, and how many of them at once."""

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final
from urllib.parse import parse_qsl

from databases.errors import FieldProblem
from sharing_api import errors
from sharing_api.protocols.dialects import Incoming
from sharing_api.protocols.fhir import outcomes
from sharing_api.protocols.fhir.resources import Source

MOST_VALUES: Final = 50
BY_NUMBER = "identifier"
BY_ID = "_id"
OF_PATIENT = frozenset({"beneficiary", "patient"})
OF_PATIENT_BY_NUMBER = frozenset(f"{one}{joint}identifier" for one in OF_PATIENT for joint in ":.")
CRITERIA: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "Coverage": frozenset({BY_NUMBER, BY_ID}) | OF_PATIENT | OF_PATIENT_BY_NUMBER,
        "Patient": frozenset({BY_NUMBER, BY_ID}),
        "Organization": frozenset({BY_NUMBER, BY_ID}),
    }
)
FORM_TYPE = "application/x-www-form-urlencoded"
_CONTROLS = frozenset({"_count", "_format", "_pretty", "_total", "_totalMethod"})


def read(incoming: Incoming) -> dict[str, str]:
    """Read the parameters of the address and, of a `_search`, those of the body.

    Raises:
        UnsupportedMedia: the body is no form.
        SearchNotSupported: a parameter stands twice, or there are too many.
    """
    text = incoming.http.url.query
    if incoming.http.method == "POST":
        media = incoming.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media != FORM_TYPE:
            raise errors.UnsupportedMedia(f"Send the parameters as {FORM_TYPE}.")
        text = "&".join(filter(None, (text, incoming.body.decode("utf-8", "replace"))))
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=20)
    except ValueError as error:
        raise outcomes.SearchNotSupported("There are too many parameters.") from error
    given = dict(pairs)
    if len(given) != len(pairs):
        raise outcomes.SearchNotSupported("A parameter stands twice; join values by commas.")
    return given


def read_criterion(resource_type: str, given: Mapping[str, str]) -> tuple[str, list[str]]:
    """Find the one parameter that says what is searched for, and its values.

    Raises:
        SearchNotSupported: there is none or another one too, or it names too many.
    """
    known = CRITERIA[resource_type]
    unknown = sorted(set(given) - known - _CONTROLS)
    if unknown:
        raise _refusal(resource_type, unknown, "This parameter is not answered here.")
    names = sorted(set(given) & known)
    if len(names) != 1:
        sentence = f"Search by exactly one of {', '.join(sorted(known))}."
        raise _refusal(resource_type, names or [BY_NUMBER], sentence)
    values = list(dict.fromkeys(given[names[0]].split(",")))
    if len(values) > MOST_VALUES:
        raise _refusal(resource_type, names, f"Name at most {MOST_VALUES} values at once.")
    return names[0], values


def read_count(resource_type: str, given: Mapping[str, str]) -> int:
    """Read how many resources a page holds; 0 asks for their number alone.

    Raises:
        SearchNotSupported: `_count` is no whole number.
    """
    count = given.get("_count", str(MOST_VALUES))
    if not re.fullmatch(r"[0-9]{1,4}", count):
        raise _refusal(resource_type, ["_count"], "Give a whole number of resources.")
    return int(count)


def read_numbers(
    sources: Sequence[Source], values: Sequence[str], *, at: str
) -> tuple[Source, list[str]]:
    """Read tokens `system|value`, all of one dataset.

    Args:
        at: where they stand, for refusals.

    Raises:
        SearchNotSupported: a token without a system, of an unknown one, or of several datasets.
    """
    systems, numbers = zip(*(_split(value) for value in values), strict=True)
    for source in sources:
        if set(systems) <= {one.uri for one in source.systems} and all(numbers):
            return source, list(numbers)
    known = " or ".join(one.uri for source in sources for one in source.systems)
    raise outcomes.SearchNotSupported(
        "An identifier is not written as it must be.",
        fields=[FieldProblem(at, "identifier", f"Write system|value; systems: {known}.")],
    )


def _split(token: str) -> tuple[str, str]:
    system, _, number = token.partition("|")
    return system, number


def _refusal(
    resource_type: str, names: Sequence[str], sentence: str
) -> outcomes.SearchNotSupported:
    problems = [FieldProblem(f"{resource_type}?{name}", "search", sentence) for name in names]
    return outcomes.SearchNotSupported(sentence, fields=problems)

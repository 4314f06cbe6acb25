"""Reads a CoverageEligibilityRequest, and refuses whatever in it would go unheard. Pure."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from fhir.resources.R4B.coverageeligibilityrequest import CoverageEligibilityRequest
from pydantic import ValidationError

from databases.errors import FieldProblem
from sharing_api import errors
from sharing_api.disclosure import request
from sharing_api.protocols.fhir import forms, outcomes, profile

RESOURCE_TYPE = "CoverageEligibilityRequest"
# What each purpose asks of the register.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "validation": ("is_valid",),
    "benefits": ("is_valid", "benefit_level", "benefit_percentage"),
}
# Elements that say what is asked, or who asks.
_HEARD = frozenset(
    (
        *("resourceType", "id", "meta", "language", "text", "identifier", "status", "priority"),
        *("purpose", "patient", "servicedDate", "created", "enterer", "provider", "insurer"),
        *("facility", "insurance"),
    )
)
_UNHEARD = "The exchange does not answer to this element."


def read(body: bytes) -> Mapping[str, Any]:
    """Read the resource as it was written, once nothing in it can surprise its reader.

    Raises:
        Malformed, TooLarge: it cannot be read.
        ResourceInvalid: it breaks FHIR, or asks what is not answered; `fields` says where.
    """
    document = request.read_json(body)
    if not isinstance(document, dict) or document.get("resourceType") != RESOURCE_TYPE:
        raise refusal("resourceType", f"Send one {RESOURCE_TYPE}.")
    try:
        if profile.is_spoken(document):
            return document
        problems = [
            *(_problem(f".{name}", _UNHEARD) for name in sorted(set(document) - _HEARD)),
            *_iterate_oddities(document, ""),
        ]
        if problems:
            raise _invalid(problems)
        CoverageEligibilityRequest.model_validate(document)
    except ValidationError as error:
        raise _invalid(forms.find_problems(error, RESOURCE_TYPE)) from error
    except RecursionError as error:
        raise errors.Malformed("The body is nested too deep.") from error
    if document["status"] != "active":
        raise refusal("status", "Only an active request is answered.")
    for number, purpose in enumerate(document["purpose"]):
        if purpose not in FIELDS:
            raise refusal(f"purpose[{number}]", "Ask for validation or benefits.")
    if len(document.get("insurance", ())) > 1:
        raise refusal("insurance[1]", "Ask about one card at once.")
    return document


def read_day(document: Mapping[str, Any]) -> date | None:
    """Read the day for which the answer is to hold; None where none is named.

    Raises:
        ResourceInvalid: a month or a year is named instead.
    """
    text = document.get("servicedDate")
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError as error:
        raise refusal("servicedDate", "Give a day of the calendar.") from error


def refusal(element: str, sentence: str) -> outcomes.ResourceInvalid:
    """Make the refusal that names one element."""
    return _invalid([_problem(f".{element}", sentence)])


def _iterate_oddities(value: Any, path: str) -> Iterator[FieldProblem]:
    """Find what FHIR forbids everywhere and its models let pass, and what they stumble over."""
    if value in (None, "", [], {}):
        yield _problem(path, "FHIR has no empty values: leave the element out.")
    elif isinstance(value, dict):
        for name, one in value.items():
            if name.startswith("_") or name == "modifierExtension" or "__" in name:
                yield _problem(f"{path}.{name}", _UNHEARD)
            else:
                yield from _iterate_oddities(one, f"{path}.{name}")
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from _iterate_oddities(one, f"{path}[{number}]")


def _problem(path: str, sentence: str) -> FieldProblem:
    return FieldProblem(f"{RESOURCE_TYPE}{path}", "element", sentence)


def _invalid(problems: Any) -> outcomes.ResourceInvalid:
    return outcomes.ResourceInvalid("The resource cannot be answered as it is.", fields=problems)

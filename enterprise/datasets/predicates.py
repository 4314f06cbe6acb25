"""The conditions that a search of enterprises may use, and how what is asked is read."""

from collections.abc import Mapping
from typing import Any

from databases import identifiers, predicate_values, vietnamese
from databases.datasets import Predicate
from databases.predicate_values import Parameters, Reader
from enterprise import values

_NARROW = ("name", "legal_representative_pin")
_SHORTEST_PART = 3

PREDICATES: Mapping[str, Predicate] = {
    predicate.name: predicate
    for predicate in (
        Predicate(
            "name",
            "text",
            "Whole Vietnamese name, compared without case, diacritics, tone placement and i/y.",
            ("name_vi",),
        ),
        Predicate(
            "name_contains",
            "text",
            "Part of the Vietnamese name, at least three letters, compared in the same way.",
            ("name_vi",),
            ("province", "commune", *_NARROW),
        ),
        Predicate(
            "legal_representative_pin",
            "text",
            "Personal number of a legal representative.",
            ("legal_representatives",),
        ),
        Predicate(
            "province",
            "code",
            "Province of the head office, as code and version.",
            ("head_office",),
            (*_NARROW, "name_contains"),
        ),
        Predicate(
            "commune",
            "code",
            "Commune of the head office, as code and version.",
            ("head_office",),
            (*_NARROW, "name_contains", "vsic"),
        ),
        Predicate(
            "vsic",
            "code",
            "A line of business, as code and version of the classification.",
            ("industry_lines",),
            (*_NARROW, "commune"),
        ),
        Predicate(
            "legal_type",
            "text",
            "Legal type.",
            ("legal_type",),
            (*_NARROW, "name_contains", "commune"),
        ),
    )
}


def _part(name: str, value: Any) -> Parameters:
    key = vietnamese.name_key(predicate_values.require_text(name, value))
    if len(key) < _SHORTEST_PART:
        raise predicate_values.malformed(name, "Give at least three letters of the name.")
    for sign in "\\%_":
        key = key.replace(sign, "\\" + sign)
    return {name: key}


def _pin(name: str, value: Any) -> Parameters:
    text = predicate_values.require_text(name, value)
    try:
        return {name: identifiers.Pin.parse(text, field=name).number}
    except identifiers.MalformedIdentifier as error:
        raise predicate_values.malformed(name, error.message) from error


def _legal_type(name: str, value: Any) -> Parameters:
    text = predicate_values.require_text(name, value)
    try:
        return {name: values.LegalType(text).value}
    except ValueError as error:
        message = "Give one of the legal types of the registry."
        raise predicate_values.malformed(name, message) from error


_READERS: Mapping[str, Reader] = {
    "name": predicate_values.read_name,
    "name_contains": _part,
    "legal_representative_pin": _pin,
    "province": predicate_values.read_coded,
    "commune": predicate_values.read_coded,
    "vsic": predicate_values.read_coded,
    "legal_type": _legal_type,
}


def parameters(predicates: Mapping[str, Any]) -> Parameters:
    """Read the values asked for into the parameters of the search.

    Raises:
        PredicateMalformed: a value does not have the shape of its predicate.
    """
    return predicate_values.read(_READERS, predicates)

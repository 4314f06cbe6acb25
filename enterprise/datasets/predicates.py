"""The conditions that a search of enterprises may use, and how what is asked is read."""

from collections.abc import Mapping
from typing import Any

from databases import identifiers, predicate_values, vietnamese
from databases.datasets import Parameters, Predicate
from enterprise import values

_NARROW = ("name", "legal_representative_pin")
_SHORTEST_PART = 3


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


PREDICATES: Mapping[str, Predicate] = {
    predicate.name: predicate
    for predicate in (
        Predicate(
            "name",
            "text",
            "Whole Vietnamese name, compared without case, diacritics, tone placement and i/y.",
            predicate_values.read_name,
            ("name_vi",),
        ),
        Predicate(
            "name_contains",
            "text",
            "Part of the Vietnamese name, at least three letters, compared in the same way.",
            _part,
            ("name_vi",),
            ("province", "commune", *_NARROW),
        ),
        Predicate(
            "legal_representative_pin",
            "text",
            "Personal number of a legal representative.",
            _pin,
            ("legal_representatives",),
        ),
        Predicate(
            "province",
            "code",
            "Province of the head office, as code and version.",
            predicate_values.read_coded,
            ("head_office",),
            (*_NARROW, "name_contains"),
        ),
        Predicate(
            "commune",
            "code",
            "Commune of the head office, as code and version.",
            predicate_values.read_coded,
            ("head_office",),
            (*_NARROW, "name_contains", "vsic"),
        ),
        Predicate(
            "vsic",
            "code",
            "A line of business, as code and version of the classification.",
            predicate_values.read_coded,
            ("industry_lines",),
            (*_NARROW, "commune"),
        ),
        Predicate(
            "legal_type",
            "text",
            "Legal type.",
            _legal_type,
            ("legal_type",),
            (*_NARROW, "name_contains", "commune"),
        ),
    )
}

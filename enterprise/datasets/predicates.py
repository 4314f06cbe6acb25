"""The conditions that a search of enterprises may use, and how what is asked is read."""

from collections.abc import Callable, Mapping
from typing import Any

from databases import identifiers, vietnamese
from databases.datasets import Predicate
from databases.errors import FieldProblem
from enterprise import errors, values

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


def _malformed(name: str, message: str) -> errors.PredicateMalformed:
    problem = FieldProblem(name, "predicate.malformed", message)
    return errors.PredicateMalformed("A value asked for has the wrong shape.", fields=[problem])


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str) or not value.strip() or "\x00" in value:
        raise _malformed(name, "Give a text that is not empty.")
    return value


def _name(name: str, value: Any) -> dict[str, Any]:
    return {name: vietnamese.name_key(_text(name, value))}


def _part(name: str, value: Any) -> dict[str, Any]:
    key = vietnamese.name_key(_text(name, value))
    if len(key) < _SHORTEST_PART:
        raise _malformed(name, "Give at least three letters of the name.")
    for sign in "\\%_":
        key = key.replace(sign, "\\" + sign)
    return {name: key}


def _pin(name: str, value: Any) -> dict[str, Any]:
    try:
        return {name: identifiers.Pin.parse(_text(name, value), field=name).number}
    except identifiers.MalformedIdentifier as error:
        raise _malformed(name, error.message) from error


def _coded(name: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise _malformed(name, "Give code and version.")
    return {
        name: _text(name, value.get("code")),
        f"{name}_version": _text(name, value.get("version")),
    }


def _legal_type(name: str, value: Any) -> dict[str, Any]:
    try:
        return {name: values.LegalType(_text(name, value)).value}
    except ValueError as error:
        raise _malformed(name, "Give one of the legal types of the registry.") from error


_READERS: Mapping[str, Callable[[str, Any], dict[str, Any]]] = {
    "name": _name,
    "name_contains": _part,
    "legal_representative_pin": _pin,
    "province": _coded,
    "commune": _coded,
    "vsic": _coded,
    "legal_type": _legal_type,
}


def parameters(predicates: Mapping[str, Any]) -> dict[str, Any]:
    """Read the values asked for into the parameters of the search.

    Raises:
        PredicateMalformed: a value does not have the shape of its predicate.
    """
    read: dict[str, Any] = {}
    for name, value in predicates.items():
        read.update(_READERS[name](name, value))
    return read

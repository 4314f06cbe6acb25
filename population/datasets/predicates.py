"""The conditions by which citizens may be searched, and how their values are read."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from databases import identifiers, vietnamese
from databases.datasets import Predicate, PredicateMalformed
from databases.errors import FieldProblem
from databases.identifiers import MalformedIdentifier, Sex
from databases.periods import ImpossibleDate, PartialDate

_NARROWING = ("name", "old_id_9")

PREDICATES: Mapping[str, Predicate] = {
    predicate.name: predicate
    for predicate in (
        Predicate(
            "name",
            "text",
            "Full name, compared without regard to case, diacritics, tone placement and i/y.",
            ("birth_full_name",),
        ),
        Predicate(
            "name_similar",
            "text",
            "Full name, compared by shared groups of three letters of the same comparison key.",
            ("birth_full_name",),
            ("date_of_birth", "commune", "province"),
        ),
        Predicate(
            "date_of_birth",
            "partial_date",
            "Day, month or year; finds persons whose recorded date could be the same.",
            ("date_of_birth",),
            (*_NARROWING, "name_similar"),
        ),
        Predicate("sex", "text", "male, female or unknown.", ("sex",), _NARROWING),
        Predicate(
            "old_id_9", "text", "Nine-digit card number; several persons may match.", ("old_id_9",)
        ),
        Predicate(
            "commune",
            "code",
            "Commune of permanent residence, as code and version.",
            ("permanent_residence",),
            (*_NARROWING, "name_similar"),
        ),
        Predicate(
            "province",
            "code",
            "Province of permanent residence, as code and version.",
            ("permanent_residence",),
            (*_NARROWING, "name_similar"),
        ),
    )
}


def _malformed(name: str, message: str) -> PredicateMalformed:
    problem = FieldProblem(name, "predicate.malformed", message)
    return PredicateMalformed("A value asked for has the wrong shape.", fields=[problem])


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str) or not value.strip() or "\x00" in value:
        raise _malformed(name, "Give a text that is not empty.")
    return value


def _name(name: str, value: Any) -> dict[str, Any]:
    return {name: vietnamese.name_key(_text(name, value))}


def _date(name: str, value: Any) -> dict[str, Any]:
    try:
        asked = PartialDate.parse(_text(name, value))
    except ImpossibleDate as error:
        raise _malformed(name, error.message) from error
    return {
        # A date recorded as a year stands on 1 January: the scan starts there.
        "birth_from": date(asked.earliest.year, 1, 1),
        "birth_earliest": asked.earliest,
        "birth_latest": asked.latest,
    }


def _sex(name: str, value: Any) -> dict[str, Any]:
    try:
        return {name: Sex(_text(name, value)).value}
    except ValueError as error:
        raise _malformed(name, "Sex is male, female or unknown.") from error


def _old_id(name: str, value: Any) -> dict[str, Any]:
    try:
        return {name: identifiers.require_old_id(_text(name, value))}
    except MalformedIdentifier as error:
        raise _malformed(name, error.message) from error


def _unit(name: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise _malformed(name, "Give code and version of the administrative unit.")
    return {
        f"{name}_code": _text(name, value.get("code")),
        f"{name}_code_version": _text(name, value.get("version")),
    }


_READERS: Mapping[str, Callable[[str, Any], dict[str, Any]]] = {
    "name": _name,
    "name_similar": _name,
    "date_of_birth": _date,
    "sex": _sex,
    "old_id_9": _old_id,
    "commune": _unit,
    "province": _unit,
}


def parameters(name: str, value: Any) -> dict[str, Any]:
    """Read the value asked for into the parameters of the search.

    Raises:
        PredicateMalformed: the value does not have the shape of its predicate.
    """
    return _READERS[name](name, value)

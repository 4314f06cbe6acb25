"""The conditions by which citizens may be searched, and how what is asked is read."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from databases import identifiers, predicate_values
from databases.datasets import Parameters, Predicate
from databases.identifiers import MalformedIdentifier, Sex
from databases.periods import ImpossibleDate, PartialDate


def _date(name: str, value: Any) -> Parameters:
    text = predicate_values.require_text(name, value)
    try:
        asked = PartialDate.parse(text)
    except ImpossibleDate as error:
        raise predicate_values.malformed(name, error.message) from error
    return {
        # A date recorded as a year stands on 1 January: the scan starts there.
        "birth_from": date(asked.earliest.year, 1, 1),
        "birth_earliest": asked.earliest,
        "birth_latest": asked.latest,
    }


def _sex(name: str, value: Any) -> Parameters:
    text = predicate_values.require_text(name, value)
    try:
        return {name: Sex(text).value}
    except ValueError as error:
        raise predicate_values.malformed(name, "Sex is male, female or unknown.") from error


def _old_id(name: str, value: Any) -> Parameters:
    text = predicate_values.require_text(name, value)
    try:
        return {name: identifiers.require_old_id(text)}
    except MalformedIdentifier as error:
        raise predicate_values.malformed(name, error.message) from error


_NARROWING = ("name", "old_id_9")

PREDICATES: Mapping[str, Predicate] = {
    predicate.name: predicate
    for predicate in (
        Predicate(
            "name",
            "text",
            "Full name, compared without regard to case, diacritics, tone placement and i/y.",
            predicate_values.read_name,
            ("birth_full_name",),
        ),
        Predicate(
            "name_similar",
            "text",
            "Full name, compared by shared groups of three letters of the same comparison key.",
            predicate_values.read_name,
            ("birth_full_name",),
            ("date_of_birth", "commune", "province"),
        ),
        Predicate(
            "date_of_birth",
            "partial_date",
            "Day, month or year; finds persons whose recorded date could be the same.",
            _date,
            ("date_of_birth",),
            (*_NARROWING, "name_similar"),
        ),
        Predicate("sex", "text", "male, female or unknown.", _sex, ("sex",), _NARROWING),
        Predicate(
            "old_id_9",
            "text",
            "Nine-digit card number; several persons may match.",
            _old_id,
            ("old_id_9",),
        ),
        Predicate(
            "commune",
            "code",
            "Commune of permanent residence, as code and version.",
            predicate_values.read_coded,
            ("permanent_residence",),
            (*_NARROWING, "name_similar"),
        ),
        Predicate(
            "province",
            "code",
            "Province of permanent residence, as code and version.",
            predicate_values.read_coded,
            ("permanent_residence",),
            (*_NARROWING, "name_similar"),
        ),
    )
}

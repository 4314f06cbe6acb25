"""The conditions by which observations may be searched."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from databases import predicate_values
from databases.datasets import FieldType, Parameters, Predicate
from population_statistics.datasets import fields

_HAS_HISTORY = "has_history"
_MOST_CODES = 1000


def _codes(name: str, value: Any) -> Parameters:
    given = value if isinstance(value, list) else [value]
    if not 0 < len(given) <= _MOST_CODES:
        raise predicate_values.malformed(name, f"Give from one to {_MOST_CODES} codes.")
    return {name: [predicate_values.require_text(name, one) for one in given]}


def _day(name: str, value: Any) -> Parameters:
    text = predicate_values.require_text(name, value)
    try:
        return {name: date.fromisoformat(text)}
    except ValueError as error:
        raise predicate_values.malformed(name, "Give a day as YYYY-MM-DD.") from error


def _history(name: str, value: Any) -> Parameters:
    if value is not True:
        raise predicate_values.malformed(name, "Give true, or leave it out.")
    return {}


def _dimension(name: str, kind: FieldType = "list") -> Predicate:
    return Predicate(name, kind, "One of these codes.", _codes, (name,))


PREDICATES: Mapping[str, Predicate] = {
    predicate.name: predicate
    for predicate in (
        *(_dimension(name) for name in ("flow", *fields.DIMENSIONS, "area_version")),
        Predicate(
            "period_from",
            "date",
            "Counted on this day or later.",
            _day,
            (fields.TIME_DIMENSION,),
        ),
        Predicate(
            "period_to",
            "date",
            "Counted on this day or earlier.",
            _day,
            (fields.TIME_DIMENSION,),
        ),
        Predicate(
            _HAS_HISTORY,
            "boolean",
            "True: every vintage, each under a key of its own, not only the last.",
            _history,
            ("vintage",),
            ("flow",),
        ),
    )
}

"""The conditions that a search of participants or employers may use, and how they are read."""

from collections.abc import Mapping
from typing import Any

from databases import predicate_values
from databases.datasets import Parameters, Predicate
from databases.identifiers import EnterpriseCode, MalformedIdentifier
from databases.periods import ImpossibleDate, PartialDate


def _birth(name: str, value: Any) -> Parameters:
    text = predicate_values.require_text(name, value)
    try:
        asked = PartialDate.parse(text)
    except ImpossibleDate as error:
        raise predicate_values.malformed(name, error.message) from error
    return {"birth_date": asked.earliest, "birth_precision": asked.precision.value}


def _enterprise(name: str, value: Any) -> Parameters:
    text = predicate_values.require_text(name, value)
    try:
        return {name: EnterpriseCode.parse(text, field=name).base}
    except MalformedIdentifier as error:
        raise predicate_values.malformed(name, error.message) from error


PREDICATES: Mapping[str, Predicate] = {
    predicate.name: predicate
    for predicate in (
        Predicate(
            "name",
            "text",
            "Full name, compared without regard to case, diacritics, tone placement and i/y.",
            predicate_values.read_name,
            ("full_name",),
            ("date_of_birth",),
        ),
        Predicate(
            "date_of_birth",
            "partial_date",
            "Date of birth exactly as recorded: to the day, the month or the year.",
            _birth,
            ("date_of_birth",),
            ("name",),
        ),
    )
}
EMPLOYER_PREDICATES: Mapping[str, Predicate] = {
    "enterprise_code": Predicate(
        "enterprise_code",
        "text",
        "Enterprise code of ten digits that the employer is linked to.",
        _enterprise,
        ("enterprise_code",),
    )
}

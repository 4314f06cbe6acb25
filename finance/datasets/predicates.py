"""The conditions that searches of the register may use, and how what is asked is read."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from databases import predicate_values
from databases.datasets import Parameters, Predicate
from databases.errors import RegisterError
from finance import values
from finance.rules import accounting, taxes, units

_YEAR = re.compile(r"[0-9]{4}", re.ASCII)
_BUDGET = re.compile(r"[0-9]{7}-[0-9]{4}", re.ASCII)
_CHAPTER = re.compile(r"[0-9]{3}", re.ASCII)


def _canonical(name: str, value: Any, rule: Callable[[str], str]) -> Parameters:
    text = predicate_values.require_text(name, value)
    try:
        return {name: rule(text)}
    except RegisterError as error:
        raise predicate_values.malformed(name, error.message) from error


def _unit(name: str, value: Any) -> Parameters:
    return _canonical(name, value, units.require_unit_code)


def _period(name: str, value: Any) -> Parameters:
    return _canonical(name, value, accounting.require_period)


def _taxpayer(name: str, value: Any) -> Parameters:
    return _canonical(name, value, taxes.canonical_code)


def _text(name: str, value: Any) -> Parameters:
    return {name: predicate_values.require_text(name, value)}


def _matching(pattern: re.Pattern[str], message: str) -> Callable[[str, Any], Parameters]:
    def read(name: str, value: Any) -> Parameters:
        text = predicate_values.require_text(name, value)
        if not pattern.fullmatch(text):
            raise predicate_values.malformed(name, message)
        return {name: text}

    return read


def _year(name: str, value: Any) -> Parameters:
    text = str(value) if isinstance(value, int) else predicate_values.require_text(name, value)
    if not _YEAR.fullmatch(text):
        raise predicate_values.malformed(name, "Give a budget year of four digits.")
    return {name: int(text)}


def _kind(name: str, value: Any) -> Parameters:
    text = predicate_values.require_text(name, value)
    if text not in {kind.value for kind in values.DeclarationKind}:
        raise predicate_values.malformed(name, "Give import or export.")
    return {name: text}


def _by_name(*predicates: Predicate) -> Mapping[str, Predicate]:
    return {predicate.name: predicate for predicate in predicates}


UNIT_PREDICATES = _by_name(
    Predicate("name", "text", "Whole name, compared without case and diacritics.",
              predicate_values.read_name, ("name_vi",)),
    Predicate("chapter", "text", "Chapter, three digits, as the unit bears it on the day.",
              _matching(_CHAPTER, "A chapter has three digits."), ("chapter",)),
    Predicate("parent_unit_code", "text", "Unit above it.", _unit, ("parent_unit_code",)),
    Predicate("province", "code", "Province, as code and version.",
              predicate_values.read_coded, ("place",)),
    Predicate("commune", "code", "Commune, as code and version.",
              predicate_values.read_coded, ("place",)),
)  # fmt: skip
BUDGET_PREDICATES = _by_name(
    Predicate("unit_code", "text", "Unit that spends.", _unit, ("unit_code",)),
    Predicate("year", "integer", "Budget year.", _year, ("budget_year",)),
    Predicate("chapter", "code", "Chapter, as code and version of the nomenclature.",
              predicate_values.read_coded, ("chapter",), ("year", "unit_code")),
    Predicate("period", "text", "Accounting period, YYYY-MM, in which something was recorded.",
              _period, ("periods",)),
    Predicate("after", "text", "Records after this budget_id: for reading a year in pages.",
              _matching(_BUDGET, "Give unit code, hyphen, year."), ("budget_id",),
              ("year", "chapter", "period")),
)  # fmt: skip
TAXPAYER_PREDICATES = _by_name(
    Predicate("name", "text", "Whole name, compared without case and diacritics.",
              predicate_values.read_name, ("name",)),
    Predicate("tax_office", "text", "Tax office in charge.", _text, ("tax_office",), ("name",)),
)  # fmt: skip
DECLARATION_PREDICATES = _by_name(
    Predicate("taxpayer_code", "text", "Importer or exporter.", _taxpayer, ("taxpayer_code",)),
    Predicate("kind", "text", "import or export.", _kind, ("kind",), ("taxpayer_code",)),
)  # fmt: skip
ASSET_PREDICATES = _by_name(
    Predicate("unit_code", "text", "Budget unit that holds it.", _unit, ("unit_code",)),
    Predicate("parcel_id", "text", "Parcel of the land register.", _text, ("parcel_id",)),
    Predicate("province", "code", "Province, as code and version.",
              predicate_values.read_coded, ("place",)),
)  # fmt: skip

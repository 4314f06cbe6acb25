"""Turns values into rows of the tables and back."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

from databases import vietnamese
from databases.periods import PartialDate, Precision
from insurance.values import (
    Address,
    Benefit,
    Card,
    CardCode,
    Contribution,
    Days,
    Participant,
    Scheme,
    Terms,
)

Columns = dict[str, Any]
_ADDRESS = tuple(field.name for field in fields(Address))
_TERMS = tuple(field.name for field in fields(Terms))


def address_columns(address: Address) -> Columns:
    """Make the columns of an address."""
    return {part: getattr(address, part) for part in _ADDRESS}


def _name_columns(full_name: str) -> Columns:
    written = vietnamese.nfc(full_name)
    return {"full_name": written, "name_key": vietnamese.name_key(written)}


def _birth_columns(birth: PartialDate) -> Columns:
    return {"birth_date": birth.earliest, "birth_precision": birth.precision.value}


# Details of a participant that are amended or corrected, with what makes their columns; numbers
# have acts of their own.
DETAILS: Mapping[str, Callable[[Any], Columns]] = {
    "full_name": _name_columns,
    "birth": _birth_columns,
    "sex": lambda value: {"sex": value.value},
    "nationality_code": lambda value: {"nationality_code": value},
    "address": address_columns,
    "phone": lambda value: {"phone": value},
}


def participant_columns(participant: Participant) -> Columns:
    """Make the columns of a participant, its key included."""
    columns: Columns = {
        "participant_no": participant.social_insurance_no or participant.pin,
        "social_insurance_no": participant.social_insurance_no,
        "pin": participant.pin,
    }
    for name, make in DETAILS.items():
        columns |= make(getattr(participant, name))
    return columns


def birth_of(row: Mapping[str, Any]) -> PartialDate:
    """Read the date of birth of a row."""
    return PartialDate(row["birth_date"], Precision(row["birth_precision"]))


def days_of(row: Mapping[str, Any]) -> Days:
    """Read the days of a version whose start is known."""
    return Days(row["valid"].lower, row["valid"].upper)


def terms_columns(terms: Terms) -> Columns:
    """Make the columns of the terms of a spell."""
    return {name: getattr(terms, name) for name in _TERMS}


def terms_of(row: Mapping[str, Any]) -> Terms:
    """Read the terms of a spell."""
    return Terms(**{name: row[name] for name in _TERMS})


def contribution_columns(contribution: Contribution) -> Columns:
    """Make the columns of whole months paid."""
    return {
        "participant_no": contribution.participant_no,
        "scheme": contribution.scheme.value,
        "unit_code": contribution.unit_code,
        "salary_amount": contribution.salary_amount,
    }


def contribution_of(row: Mapping[str, Any]) -> Contribution:
    """Read whole months paid."""
    return Contribution(
        row["participant_no"],
        Scheme(row["scheme"]),
        row["unit_code"],
        row["valid"].lower,
        row["valid"].upper,
        row["salary_amount"],
    )


def card_columns(code: CardCode, card: Card) -> Columns:
    """Make the columns of a card, without its holder."""
    return {
        "card_code": code.text,
        "object_code": card.object_code,
        "issued_on": card.issued_on,
        "facility_code": card.facility_code,
        "five_years_on": card.five_years_on,
    }


def benefit_columns(benefit: Benefit) -> Columns:
    """Make the columns of a benefit decision, without who benefits."""
    return {
        "decision_no": benefit.decision_no,
        "kind": benefit.kind.value,
        "amount": benefit.amount,
        "payer": benefit.payer,
        "account": benefit.account,
    }

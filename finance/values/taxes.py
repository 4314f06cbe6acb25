"""Taxpayers, their duties and payments."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class TaxpayerKind(StrEnum):
    """Who pays tax."""

    ORGANISATION = "organisation"
    INDIVIDUAL = "individual"


@dataclass(frozen=True, slots=True)
class Taxpayer:
    """A taxpayer.

    Args:
        taxpayer_code: enterprise code (ten digits, with suffix if dependent), or personal number.
        former_codes: ten-digit personal tax codes that the personal number replaced.
    """

    taxpayer_code: str
    kind: TaxpayerKind
    name: str
    tax_office_code: str
    registered_on: date
    former_codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Duty:
    """An assessed duty: item of revenue, tax period (2026, 2026-Q1 or 2026-05), dong."""

    taxpayer_code: str
    item_code: str
    tax_period: str
    amount: Decimal
    assessed_on: date
    due_on: date
    assessment_no: str


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment towards a duty, in dong."""

    payment_no: str
    taxpayer_code: str
    item_code: str
    tax_period: str
    amount: Decimal
    paid_on: date
    treasury_code: str

"""Rights with their holders, mortgages, restrictions, responsibilities."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from land.values.kinds import (
    HolderRole,
    LegalForm,
    ResponsibilityKind,
    RestrictionKind,
    RightKind,
)
from land.values.parties import Party


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who holds a share of a right, as the paper names them.

    Args:
        share: exact part of the right; the shares of a right sum to one.
        birth_date: year, or day, as YYYY or YYYY-MM-DD.
        nationality_code: ISO 3166-1 alpha-2, where it is known.
    """

    party: Party
    name: str
    share: Fraction = Fraction(1)
    role: HolderRole = HolderRole.INDIVIDUAL
    birth_date: str | None = None
    nationality_code: str | None = None
    contact_address: str | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a holder is said to be; the fields are those of `Holder`."""

    party: Party
    name: str
    birth_date: str | None = None
    nationality_code: str | None = None
    contact_address: str | None = None


@dataclass(frozen=True, slots=True)
class Right:
    """A right over a parcel or over a legal space on it.

    Args:
        derived_from: the right that a lease was granted out of.
        ends_on: first day on which it no longer holds; None: without a term.
    """

    right_id: str
    parcel_id: str
    kind: RightKind
    legal_form: LegalForm
    holders: tuple[Holder, ...]
    legal_space_id: str | None = None
    derived_from: str | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class Mortgage:
    """A registered security over a right.

    Args:
        rank: order of registration, 1 first.
        secured_amount: in whole units of the currency.
    """

    mortgage_id: str
    right_id: str
    mortgagee: Party
    mortgagee_name: str
    contract_no: str | None = None
    secured_amount: Decimal | None = None
    currency: str = "VND"
    rank: int = 1


@dataclass(frozen=True, slots=True)
class Restriction:
    """A limit on a parcel, by a decision."""

    restriction_id: str
    parcel_id: str
    kind: RestrictionKind
    decided_by: str
    decision_no: str
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Responsibility:
    """Something owed for a right.

    Args:
        amount: in whole units of the currency.
    """

    responsibility_id: str
    right_id: str
    kind: ResponsibilityKind
    amount: Decimal
    currency: str = "VND"
    due_on: date | None = None

"""What goes in and out of the insurance register's service: enumerations, details, results."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import IntEnum, StrEnum

from databases.identifiers import Sex
from databases.periods import PartialDate
from insurance import errors

_BOOK = re.compile(r"[0-9]{10}", re.ASCII)
_PERSONAL = re.compile(r"[0-9]{12}", re.ASCII)
_GROUPED = re.compile(r"([A-Z]{2})([1-5])([0-9]{2})([0-9]{10})", re.ASCII)
_OBJECT = re.compile(r"[A-Z]{2}", re.ASCII)
_UNIT = re.compile(r"[0-9A-Z-]{2,20}", re.ASCII)
_FACILITY = re.compile(r"[0-9]{5}", re.ASCII)


class Scheme(StrEnum):
    """Schemes of insurance that a person takes part in."""

    COMPULSORY = "compulsory"
    VOLUNTARY = "voluntary"
    HEALTH = "health"
    UNEMPLOYMENT = "unemployment"
    ACCIDENT = "accident"


class Payer(StrEnum):
    """Who pays the premium of health insurance (Law on Health Insurance art. 12)."""

    EMPLOYEE_AND_EMPLOYER = "employee_and_employer"
    INSURANCE_FUND = "insurance_fund"
    STATE_BUDGET = "state_budget"
    SUBSIDISED = "subsidised"
    HOUSEHOLD = "household"


class CardForm(IntEnum):
    """Forms of the health card's code, by their number of characters; all three are in use."""

    GROUPED = 15
    BOOK = 10
    PERSONAL = 12


@dataclass(frozen=True, slots=True)
class CardCode:
    """The code of a health card, taken apart.

    Args:
        text: as on the card, without blanks, in capitals.
        number: the social insurance number, or the personal number of the newest form.
        object_code: group that the first form names; None in the others.

    The digit of the benefit level that the first form bears is not kept: the level of a group
    changes by law while cards stay in pockets.
    """

    text: str
    form: CardForm
    number: str
    object_code: str | None = None

    @classmethod
    def parse(cls, text: str, *, field: str = "card_code") -> "CardCode":
        """Read a code in one of the three forms.

        Raises:
            MalformedNumber: another form.

        >>> CardCode.parse("hn2 01 0123456789").number
        '0123456789'
        >>> CardCode.parse("001190000001").form
        <CardForm.PERSONAL: 12>
        """
        code = "".join(text.split()).upper()
        if match := _GROUPED.fullmatch(code):
            return cls(code, CardForm.GROUPED, match[4], match[1])
        if _BOOK.fullmatch(code):
            return cls(code, CardForm.BOOK, code)
        if _PERSONAL.fullmatch(code):
            return cls(code, CardForm.PERSONAL, code)
        message = "A card code has 15 characters (XX5 and digits), or 10 or 12 digits."
        raise errors.MalformedNumber.of_field(field, "card_code.shape", message)


def require_participant_no(text: str, *, field: str = "participant_no") -> str:
    """Check the shape of a social insurance number or a personal number.

    Raises:
        MalformedNumber: neither ten nor twelve digits.
    """
    if not (_BOOK.fullmatch(text) or _PERSONAL.fullmatch(text)):
        message = "Give a social insurance number of 10 digits or a personal number of 12."
        raise errors.MalformedNumber.of_field(field, "participant_no.shape", message)
    return text


def require_social_insurance_no(text: str, *, field: str = "social_insurance_no") -> str:
    """Check the shape of a social insurance number (no check digit is published).

    Raises:
        MalformedNumber: not ten digits.
    """
    if not _BOOK.fullmatch(text):
        message = "A social insurance number has exactly 10 digits 0-9."
        raise errors.MalformedNumber.of_field(field, "social_insurance_no.shape", message)
    return text


def is_object_code(text: str) -> bool:
    """Tell whether a text has the form of a group of health insurance.

    >>> is_object_code("HT"), is_object_code("ht")
    (True, False)
    """
    return _OBJECT.fullmatch(text) is not None


def require_facility_code(text: str, *, field: str = "facility_code") -> str:
    """Check the shape of a facility's code.

    Raises:
        MalformedNumber: not five digits.
    """
    if not _FACILITY.fullmatch(text):
        message = "A treatment facility has a code of exactly 5 digits 0-9."
        raise errors.MalformedNumber.of_field(field, "facility_code.shape", message)
    return text


def require_unit_code(text: str, *, field: str = "unit_code") -> str:
    """Check that a unit code can be one; its usual form is not certain and only warned of.

    Raises:
        MalformedNumber: not 2 to 20 capital letters, digits and hyphens.
    """
    if not _UNIT.fullmatch(text):
        message = "A unit code has 2 to 20 capital letters, digits and hyphens."
        raise errors.MalformedNumber.of_field(field, "unit_code.shape", message)
    return text


class BenefitKind(StrEnum):
    """Benefits that are decided on."""

    SICKNESS = "sickness"
    MATERNITY = "maternity"
    RETIREMENT = "retirement"
    SURVIVORS = "survivors"
    ACCIDENT = "accident"
    UNEMPLOYMENT = "unemployment"
    ONE_TIME = "one_time"
    MATERNITY_LUMP_SUM = "maternity_lump_sum"
    SOCIAL_PENSION = "social_pension"


# Benefits that others receive, or that are paid at once: a death does not end them.
TO_SURVIVORS = frozenset({BenefitKind.SURVIVORS, BenefitKind.ONE_TIME})


@dataclass(frozen=True, slots=True)
class Address:
    """A place: what stands before the commune, and the units in one version of the list."""

    street: str | None = None
    commune_code: str | None = None
    commune_version: str | None = None
    province_code: str | None = None


@dataclass(frozen=True, slots=True)
class Participant:
    """What the register holds of a participant.

    Args:
        social_insurance_no: ten digits; None for who was never given one.
        pin: personal number; None where it is not known. One of the two is there.
        nationality_code: ISO 3166-1 alpha-2.
    """

    full_name: str
    birth: PartialDate
    sex: Sex
    social_insurance_no: str | None = None
    pin: str | None = None
    nationality_code: str = "VN"
    address: Address = Address()
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class ParticipantState:
    """What the rules must know of a participant on a day.

    Args:
        participant_no: the number that stands.
        numbers: every number of ten digits that is or was the participant's.
        died_on: day of death, if it is known.
    """

    participant_no: str
    pin: str | None
    numbers: frozenset[str]
    birth: PartialDate
    died_on: date | None


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of a spell of participation.

    Args:
        object_code: group of health insurance, two letters; None in other schemes.
        salary_amount: monthly contribution salary or chosen income, VND.
        allowance_amount: monthly allowance that counts beside it, VND.
        rate: part of the salary that is paid in all; None: that of the law.
    """

    salary_amount: int | None = None
    allowance_amount: int | None = None
    rate: Decimal | None = None
    object_code: str | None = None
    place_of_work: str | None = None
    job: str | None = None


@dataclass(frozen=True, slots=True)
class Days:
    """Days from one to another; half-open, None: without end."""

    start: date
    end: date | None = None


@dataclass(frozen=True, slots=True)
class Contribution:
    """Whole months paid at one salary.

    Args:
        first_month: first day of the first month.
        end_month: first day of the month after the last one.
        salary_amount: monthly, VND.
    """

    participant_no: str
    scheme: Scheme
    unit_code: str
    first_month: date
    end_month: date
    salary_amount: int


@dataclass(frozen=True, slots=True)
class Card:
    """A health card.

    Args:
        code: 15 characters, 10 or 12 digits.
        facility_code: five digits of the facility of first registration.
        valid: days of validity.
        five_years_on: as printed; None: computed from the register's spells.
    """

    code: str
    object_code: str
    issued_on: date
    valid: Days
    facility_code: str | None = None
    five_years_on: date | None = None


@dataclass(frozen=True, slots=True)
class Benefit:
    """A benefit decision.

    Args:
        decision_no: number of the decision, unique in the register.
        amount: monthly, or at once for one-time benefits; VND.
        payer: body that pays.
        account: bank account that it is paid to.
    """

    decision_no: str
    kind: BenefitKind
    amount: int
    valid: Days
    payer: str | None = None
    account: str | None = None


class LoadedKind(StrEnum):
    """What files are loaded of, by the name of the table."""

    SPELL = "spell"
    CONTRIBUTION = "contribution"


@dataclass(frozen=True, slots=True)
class SalaryBound:
    """Between which salaries contributions are paid on some days, VND a month, both included."""

    days: Days
    lowest: int
    highest: int


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load left in the register.

    Args:
        change: number of the change; None when the file said nothing new.
        outcomes: outcome → number of rows.
    """

    change: int | None
    outcomes: Mapping[str, int]

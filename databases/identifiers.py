"""Identifiers that several registers use: the personal number and the enterprise code. Pure."""

import re
from dataclasses import dataclass
from enum import StrEnum

from databases import errors
from databases.errors import FieldProblem

_PIN = re.compile(r"[0-9]{12}", re.ASCII)
_OLD_ID = re.compile(r"[0-9]{9}", re.ASCII)
_ENTERPRISE = re.compile(r"[0-9]{10}(?:-?[0-9]{3})?", re.ASCII)
_AGENCY = re.compile(r"[A-Z][0-9]{2}(?:\.[0-9A-Z]{2,})*", re.ASCII)
_AGENCY_LENGTH = 35
CHECK_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)


class MalformedIdentifier(errors.Invalid):
    """An identifier that does not have its legal form."""

    code = "identifiers.malformed"


def _malformed(field: str, rule: str, message: str) -> MalformedIdentifier:
    return MalformedIdentifier(message, fields=[FieldProblem(field, rule, message)])


class Sex(StrEnum):
    """Sex as registered; `unknown` where the register has no information (QCVN 109: 0, 1, 2)."""

    UNKNOWN = "unknown"
    MALE = "male"
    FEMALE = "female"


@dataclass(frozen=True, slots=True)
class Pin:
    """A personal identification number, taken apart.

    Args:
        number: twelve digits; there is no check digit.
        origin_code: digits 1–3, where the birth was registered (not where the person lives).
        birth_year: read from digits 4–6.
        sex: read from digit 4.

    Source:
        Decree 137/2015/NĐ-CP art. 13; Circular 07/2016/TT-BCA art. 7.
    """

    number: str
    origin_code: str
    birth_year: int
    sex: Sex

    @classmethod
    def parse(cls, text: str, *, field: str = "pin") -> "Pin":
        """Read a number.

        Raises:
            MalformedIdentifier: not twelve ASCII digits.

        >>> Pin.parse("087084000999").birth_year, Pin.parse("087084000999").sex.value
        (1984, 'male')
        """
        if not _PIN.fullmatch(text):
            raise _malformed(field, "pin.shape", "A personal number has exactly 12 digits 0-9.")
        century = int(text[3])
        sex = Sex.FEMALE if century % 2 else Sex.MALE
        return cls(text, text[:3], 1900 + 100 * (century // 2) + int(text[4:6]), sex)


def require_old_id(text: str, *, field: str = "old_id_9") -> str:
    """Check the shape of a nine-digit identity card number (no check digit, not unique).

    Raises:
        MalformedIdentifier: not nine ASCII digits.
    """
    if not _OLD_ID.fullmatch(text):
        raise _malformed(field, "old_id_9.shape", "An old identity card number has 9 digits 0-9.")
    return text


@dataclass(frozen=True, slots=True)
class EnterpriseCode:
    """An enterprise code (also its tax code), with the suffix of a dependent unit if it has one.

    Args:
        base: ten digits, the last one a check digit.
        suffix: three digits 001–999 of a branch or representative office, or None.

    Source:
        Circular 105/2020/TT-BTC art. 5 and annex 1; Decree 168/2025/NĐ-CP.
    """

    base: str
    suffix: str | None = None

    @classmethod
    def parse(cls, text: str, *, field: str = "enterprise_code") -> "EnterpriseCode":
        """Read `NNNNNNNNNN` or `NNNNNNNNNN-NNN` (the hyphen may be missing).

        Raises:
            MalformedIdentifier: another shape, a wrong check digit or the suffix 000.

        >>> str(EnterpriseCode.parse("0314409058002"))
        '0314409058-002'
        """
        if not _ENTERPRISE.fullmatch(text):
            raise _malformed(
                field,
                "enterprise_code.shape",
                "An enterprise code has 10 digits, a dependent unit's 10 and 3.",
            )
        base, suffix = text[:10], text[10:].lstrip("-") or None
        if suffix == "000":
            raise _malformed(field, "enterprise_code.suffix", "Dependent units count from 001.")
        if check_digit(base[:9]) != int(base[9]):
            raise _malformed(
                field, "enterprise_code.check_digit", "The check digit of the code is wrong."
            )
        return cls(base, suffix)

    def __str__(self) -> str:
        """Write it as on the certificate."""
        return f"{self.base}-{self.suffix}" if self.suffix else self.base


def check_digit(first_nine: str) -> int | None:
    """Compute the tenth digit of an enterprise code; None where the number must not be issued.

    Source:
        Circular 105/2020/TT-BTC art. 5; weights as published by two independent validators.

    >>> check_digit("010023348")
    8
    """
    weighted = zip(CHECK_WEIGHTS, first_nine, strict=True)
    remainder = sum(weight * int(digit) for weight, digit in weighted) % 11
    return None if remainder == 0 else 10 - remainder


def require_agency_code(text: str, *, field: str = "agency") -> str:
    """Check the shape of an agency's electronic code, such as G01 or G12.18.

    Source:
        Decision 20/2020/QĐ-TTg art. 4 (at most 35 characters, groups parted by dots).

    Raises:
        MalformedIdentifier: another shape.
    """
    if len(text) > _AGENCY_LENGTH or not _AGENCY.fullmatch(text):
        raise _malformed(field, "agency.shape", "An agency code looks like G01 or G12.18.")
    return text
